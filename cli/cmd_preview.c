/* cmd_preview.c - kwit preview: the paper as a picture, without a printer and without a journal. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_LIMIT = 5 * 1024 * 1024 };

static const struct {
    const char *ending;
    enum kwit_preview_format format;
} formats[] = {
    { ".png", KWIT_PREVIEW_PNG }, { ".svg", KWIT_PREVIEW_SVG }, { ".txt", KWIT_PREVIEW_TEXT },
    { ".json", KWIT_PREVIEW_JSON }, { ".bin", KWIT_PREVIEW_BYTES },
};

static bool find_format(const char *path, enum kwit_preview_format *format)
{
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending && i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].ending, ending) == 0) {
            *format = formats[i].format;
            return true;
        }
    }
    return false;
}

static bool is_receipt(const char *format)
{
    return format && (strcmp(format, "escpos") == 0 || strcmp(format, "receiptline") == 0);
}

static void preview(kwit_context *context, const char *form, const char *document, size_t length,
                    const struct kwit_print_options *options, enum kwit_preview_format format, kwit_result **result)
{
    const struct kwit_stream_options stream = { .print = *options,
                                                .receiptline = form && strcmp(form, "receiptline") == 0 };
    if (is_receipt(form))
        kwit_preview_stream(context, document, length, &stream, format, result);
    else
        kwit_preview(context, document, length, options, format, result);
}

int cmd_preview(kwit_context *context, int argc, char **argv)
{
    struct kwit_print_options options = { 0 };
    const char *output = NULL, *form = NULL;
    bool json = false, strict = false;
    const struct cli_option table[] = {
        { "--format", CLI_TEXT, &form, "sale|escpos|receiptline", "what the file holds" },
        { "--from", CLI_TEXT, &options.from, "MAP", "a document of another system: kwit map list" },
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "as if for this printer" },
        { "--profile", CLI_TEXT, &options.profile, "P", "as if for this model" },
        { "--station", CLI_TEXT, &options.station, "NAME", "only the lines of this station" },
        { "--strict", CLI_FLAG, &strict, NULL, "warnings become errors" },
        { "-o", CLI_TEXT, &output, "FILE", "ending in .png, .svg, .txt, .json or .bin; without it: drawn here" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line beside the picture in FILE" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("preview", table, argc, argv, &status);
    if (count < 0)
        return status;
    enum kwit_preview_format format = KWIT_PREVIEW_TERMINAL;
    if (count > 1)
        return cli_usage_error(json, "preview takes one document");
    if (form && !is_receipt(form) && strcmp(form, "sale") != 0)
        return cli_usage_error(json, "--format %s is not sale, escpos or receiptline", form);
    if (options.from && is_receipt(form))
        return cli_usage_error(json, "--from and --format %s are two kinds of document", form);
    if (output && !find_format(output, &format))
        return cli_usage_error(json, "-o %s does not end in .png, .svg, .txt, .json or .bin; a printed receipt as PDF: "
                                     "kwit receipt ID -o FILE.pdf", output);
    if (json && !output)
        return cli_usage_error(json, "--json needs -o FILE: the picture cannot go where the line goes");
    options.strict = strict;
    char *document;
    size_t length;
    status = cli_read(count ? argv[1] : NULL, DOCUMENT_LIMIT, json, &document, &length);
    if (status != 0)
        return status;
    kwit_result *result;
    preview(context, form, document, length, &options, format, &result);
    free(document);
    return cli_show(result, output, json);
}
