/* cmd_tap.c - kwit tap: a door for programs that send finished bytes, and what becomes of such bytes. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { STREAM_LIMIT = 16 * 1024 * 1024 };      /* more than is looked at, so that too much passes through */

static int serve(kwit_context *context, struct kwit_tap_options *options)
{
    kwit_result *result;
    cli_end_by_signal();
    options->go_on = cli_go_on;
    options->say = cli_say;
    kwit_tap_serve(context, options, &result);
    if (kwit_result_exit(result) != 0)
        return cli_finish(result, options->json);
    kwit_result_free(result);
    return 0;
}

static int explain(kwit_context *context, const char *path, const struct kwit_append_options *options, bool json)
{
    char *bytes;
    size_t length;
    kwit_result *result;
    int status = cli_read(path, STREAM_LIMIT, json, &bytes, &length);
    if (status != 0)
        return status;
    kwit_tap_explain(context, bytes, length, options, &result);
    free(bytes);
    return cli_finish(result, json);
}

int cmd_tap(kwit_context *context, int argc, char **argv)
{
    struct kwit_append_options options = { 0 };
    struct kwit_tap_options serving = { 0 };
    bool json = false, cutless = false;
    const struct cli_option table[] = {
        { "explain FILE|-", CLI_NOTE, NULL, NULL, "pieces, words, place and verdict of a stream" },
        { "--listen", CLI_TEXT, &serving.listen, "HOST:PORT", "be a printer there; port 0 takes any" },
        { "--tap", CLI_TEXT, &serving.tap, "NAME", "the section [tap NAME], which names the till" },
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "the printer that the bytes are meant for" },
        { "--profile", CLI_TEXT, &options.profile, "P", "explain: its model (devices --profiles lists them)" },
        { "--cutless", CLI_FLAG, &cutless, NULL, "explain: without a cut the receipt ends where the bytes end" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line, or one for each receipt" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("tap", table, argc, argv, &status);
    if (count < 0)
        return status;
    options.cutless = cutless;
    options.tap = serving.tap;
    serving.json = json;
    serving.printer = options.printer;
    if (count == 0)
        return serve(context, &serving);
    if (count != 2 || strcmp(argv[1], "explain") != 0)
        return cli_usage_error(json, "say tap --listen HOST:PORT or tap explain FILE");
    return explain(context, argv[2], &options, json);
}
