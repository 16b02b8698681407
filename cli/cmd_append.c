/* cmd_append.c - kwit append: receipts that another program has laid out already. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM_LIMIT = 16 * 1024 * 1024 };      /* more than is looked at, so that too much passes through */

struct words {
    const char *input, *output, *format;
    bool json, strict, cutless;
};

static int hand_out(kwit_result *result, const struct words *words)
{
    size_t length;
    const void *bytes = kwit_result_data(result, &length);
    bool alone = strcmp(words->output, "-") == 0;
    int status = kwit_result_exit(result);
    if (status != 0)
        return cli_finish(result, words->json);
    status = cli_write_or_tell(words->output, bytes ? bytes : "", length, words->json);
    if (status == 0 && !alone)
        return cli_finish(result, words->json);
    kwit_result_free(result);
    return status;
}

int cmd_append(kwit_context *context, int argc, char **argv)
{
    struct kwit_append_options options = { 0 };
    struct words words = { .input = NULL };
    const struct cli_option table[] = {
        { "--in", CLI_TEXT, &words.input, "FILE|-", "the bytes that the other program would send to its printer" },
        { "-o", CLI_TEXT, &words.output, "FILE|-", "where the bytes with the invitation go" },
        { "--format", CLI_TEXT, &words.format, "escpos|receiptline", "what the file holds" },
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "the printer that they are meant for" },
        { "--profile", CLI_TEXT, &options.profile, "P", "its model (devices --profiles lists them)" },
        { "--tap", CLI_TEXT, &options.tap, "NAME", "the section [tap NAME] that knows the till's receipts" },
        { "--id", CLI_TEXT, &options.id, "ID", "names the sale" },
        { "--cutless", CLI_FLAG, &words.cutless, NULL, "without a cut the receipt ends where the bytes end" },
        { "--strict", CLI_FLAG, &words.strict, NULL, "passing it through unchanged is an error" },
        { "--json", CLI_FLAG, &words.json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("append", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0 || !words.input || !words.output)
        return cli_usage_error(words.json, "append takes --in FILE and -o FILE (- is standard input and output)");
    if (words.json && strcmp(words.output, "-") == 0)
        return cli_usage_error(true, "--json needs -o FILE: the bytes cannot go where the line goes");
    options.receiptline = words.format && strcmp(words.format, "receiptline") == 0;
    if (words.format && !options.receiptline && strcmp(words.format, "escpos") != 0)
        return cli_usage_error(words.json, "--format %s is not escpos or receiptline", words.format);
    options.strict = words.strict;
    options.cutless = words.cutless;
    char *bytes;
    size_t length;
    status = cli_read(words.input, STREAM_LIMIT, words.json, &bytes, &length);
    if (status != 0)
        return status;
    kwit_result *result;
    kwit_append(context, bytes, length, &options, &result);
    free(bytes);
    return hand_out(result, &words);
}
