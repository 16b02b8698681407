/* cmd_map.c - kwit map: how documents of other systems become sale documents, and what becomes of one. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_LIMIT = 5 * 1024 * 1024 };

static int check(kwit_context *context, const char *name, const char *path, const char *output, bool json)
{
    char *document;
    size_t length;
    kwit_result *result;
    int status = cli_read(path, DOCUMENT_LIMIT, json, &document, &length);
    if (status != 0)
        return status;
    kwit_map_check(context, name, document, length, &result);
    free(document);
    const void *bytes = kwit_result_data(result, &length);
    if (output && bytes && kwit_result_exit(result) == 0)
        status = cli_write_or_tell(output, bytes, length, json);
    if (status == 0 && (!output || strcmp(output, "-") != 0 || kwit_result_exit(result) != 0))
        return cli_finish(result, json);
    kwit_result_free(result);
    return status;
}

int cmd_map(kwit_context *context, int argc, char **argv)
{
    const char *output = NULL;
    bool json = false;
    const struct cli_option table[] = {
        { "list", CLI_NOTE, NULL, NULL, "the systems whose documents kwit knows" },
        { "show MAP", CLI_NOTE, NULL, NULL, "the rows of a map" },
        { "check MAP FILE|-", CLI_NOTE, NULL, NULL, "what sale a document is, and what does not add up in it" },
        { "-o", CLI_TEXT, &output, "FILE|-", "check: where the sale document goes" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    kwit_result *result;
    int status, count = cli_options("map", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (json && output && strcmp(output, "-") == 0)
        return cli_usage_error(true, "--json needs -o FILE: the document cannot go where the line goes");
    if (count == 3 && strcmp(argv[1], "check") == 0)
        return check(context, argv[2], argv[3], output, json);
    if (count == 1 && strcmp(argv[1], "list") == 0)
        kwit_map_list(context, &result);
    else if (count == 2 && strcmp(argv[1], "show") == 0)
        kwit_map_show(context, argv[2], &result);
    else
        return cli_usage_error(json, "say kwit map list, map show MAP or map check MAP FILE");
    return cli_finish(result, json);
}
