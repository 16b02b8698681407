/* pdf.c - loads the module that writes PDF, for one document. */
#include "pdf/pdf.h"

#include "base/module.h"

static int write_with(struct kw_module *module, const struct kw_pdf_document *document, struct kw_buffer *out,
                      struct kw_error *error)
{
    const struct kw_pdf_module *ops = kw_module_table(module, KW_PDF_SYMBOL, KW_PDF_VERSION, error);
    return ops ? ops->write(document, out, error) : KWIT_E_UNSUPPORTED;
}

int kw_pdf_write(const struct kw_pdf_document *document, struct kw_buffer *out, struct kw_error *error)
{
    struct kw_module *module;
    int code = kw_module_open(KW_PDF_MODULE, &module, error);
    if (code < 0)
        return code;
    code = write_with(module, document, out, error);
    kw_module_close(module);
    return code;
}
