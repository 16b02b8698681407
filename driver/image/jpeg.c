/* jpeg.c - tells a JPEG, and loads what reads it. */
#include "image/jpeg.h"

#include "base/module.h"

#include <string.h>

bool kw_jpeg_is(const void *bytes, size_t length)
{
    return length > 3 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0;
}

int kw_jpeg_read(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                 struct kw_error *error)
{
    struct kw_module *module;
    struct kw_error why;
    const struct kw_jpeg_module *ops = NULL;
    if (kw_module_open(KW_JPEG_MODULE, &module, &why) < 0)
        return kw_fail(error, KWIT_E_UNSUPPORTED, name, "a JPEG cannot be read here (%s); convert it to PNG", why.text);
    ops = kw_module_table(module, KW_JPEG_SYMBOL, KW_JPEG_VERSION, error);
    int code = ops ? ops->read(arena, bytes, length, name, grey, error) : KWIT_E_UNSUPPORTED;
    kw_module_close(module);
    return code;
}
