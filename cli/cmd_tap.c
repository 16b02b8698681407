/* cmd_tap.c - kwit tap: a door for programs that send finished bytes, and what becomes of such bytes. */
#include "cli.h"

#include <glob.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { STREAM_LIMIT = 16 * 1024 * 1024,         /* more than is looked at, so that too much passes through */
       RECEIPTS_MOST = 1000,
       BUFFER_BYTES = 2 * 1024 * 1024               /* stay with the process: the next receipt needs them too */ };

static int serve(kwit_context *context, struct kwit_tap_options *options)
{
    kwit_result *result;
    mallopt(M_MMAP_THRESHOLD, BUFFER_BYTES);
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

/* ---- learn ------------------------------------------------------------------------------------------------------ */

struct receipts {
    struct kwit_stream items[RECEIPTS_MOST];
    size_t count;
};

static int add_receipt(struct receipts *receipts, const char *path, bool json)
{
    char *bytes;
    size_t length;
    if (receipts->count == RECEIPTS_MOST)
        return cli_usage_error(json, "these are more than %d receipts", RECEIPTS_MOST);
    int status = cli_read(path, STREAM_LIMIT, json, &bytes, &length);
    if (status == 0)
        receipts->items[receipts->count++] = (struct kwit_stream){ bytes, length };
    return status;
}

/* A directory stands for the receipts that `--record` has put there, in their order. */
static int add_path(struct receipts *receipts, const char *path, bool json)
{
    char pattern[4096];
    glob_t found;
    struct stat facts;
    int status = 0;
    if (stat(path, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return add_receipt(receipts, path, json);
    snprintf(pattern, sizeof pattern, "%s/*.bin", path);
    if (glob(pattern, 0, NULL, &found) != 0)
        return cli_usage_error(json, "there are no receipts (*.bin) in %s", path);
    for (size_t i = 0; i < found.gl_pathc && status == 0; i++)
        status = add_receipt(receipts, found.gl_pathv[i], json);
    globfree(&found);
    return status;
}

static int learn(kwit_context *context, char **paths, int count, const struct kwit_append_options *options, bool json)
{
    struct receipts *receipts = calloc(1, sizeof *receipts);
    kwit_result *result;
    int status = receipts ? 0 : 70;
    for (int i = 0; i < count && status == 0; i++)
        status = add_path(receipts, paths[i], json);
    if (status == 0) {
        kwit_tap_learn(context, receipts->items, receipts->count, options, &result);
        status = cli_finish(result, json);
    }
    for (size_t i = 0; receipts && i < receipts->count; i++)
        free((void *)receipts->items[i].bytes);
    free(receipts);
    return status;
}

int cmd_tap(kwit_context *context, int argc, char **argv)
{
    struct kwit_append_options options = { 0 };
    struct kwit_tap_options serving = { 0 };
    bool json = false, cutless = false;
    const struct cli_option table[] = {
        { "explain FILE|-", CLI_NOTE, NULL, NULL, "pieces, words, place and verdict of a stream" },
        { "learn FILE|DIR…", CLI_NOTE, NULL, NULL, "propose number and total of [tap] from receipts of one till" },
        { "--listen", CLI_TEXT, &serving.listen, "HOST:PORT", "be a printer there; port 0 takes any" },
        { "--http", CLI_TEXT, &serving.http, "HOST:PORT", "the same for programs of the web: ePOS-Print, /kwit/print" },
        { "--tap", CLI_TEXT, &serving.tap, "NAME", "the section [tap NAME], which names the till" },
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "the printer that the bytes are meant for" },
        { "--record", CLI_TEXT, &serving.record, "DIR", "keep up to 500 receipts there for `learn`, for 14 days" },
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
    if (count >= 2 && strcmp(argv[1], "learn") == 0)
        return learn(context, argv + 2, count - 1, &options, json);
    if (count != 2 || strcmp(argv[1], "explain") != 0)
        return cli_usage_error(json, "say tap --listen HOST:PORT, tap explain FILE or tap learn DIR");
    return explain(context, argv[2], &options, json);
}
