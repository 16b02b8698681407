/* cmd_queue.c - kwit queue: list, show, flush, retry, cancel. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct words {
    const char *printer, *part;
    struct kwit_sale_name sale;
    bool all, background, until_empty, json;
};

/* The caller gets its answer at once; what waits is printed by a child of nobody. */
static int flush(kwit_context *context, const struct words *words, kwit_result **result)
{
    if (words->background) {
        pid_t child = fork();
        if (child != 0)
            _exit(child < 0 ? 70 : 0);
    }
    return kwit_queue_flush(context, words->printer, words->background || words->until_empty, result);
}

static int run(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    const char *verb = count > 0 ? argv[1] : "list";
    words->sale.id = count == 2 ? argv[2] : NULL;
    if (strcmp(verb, "list") == 0 && count <= 1)
        kwit_queue_list(context, words->printer, words->all, result);
    else if (strcmp(verb, "flush") == 0 && count == 1)
        flush(context, words, result);
    else if (strcmp(verb, "show") == 0 && count == 2)
        kwit_queue_show(context, &words->sale, words->part, result);
    else if (strcmp(verb, "retry") == 0 && count == 2)
        kwit_queue_retry(context, &words->sale, words->part, result);
    else if (strcmp(verb, "cancel") == 0 && count == 2)
        kwit_queue_cancel(context, &words->sale, words->part, result);
    else
        return cli_usage_error(words->json, "say queue list, show ID, flush, retry ID or cancel ID");
    return 0;
}

int cmd_queue(kwit_context *context, int argc, char **argv)
{
    struct words words = { 0 };
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &words.printer, "NAME|URI", "only this printer's jobs" },
        { "--all", CLI_FLAG, &words.all, NULL, "list: also what is done" },
        { "--until-empty", CLI_FLAG, &words.until_empty, NULL, "flush: stay until nothing is left that may print" },
        { "--background", CLI_FLAG, &words.background, NULL, "flush: the same, detached" },
        CLI_SALE_OPTIONS(words.sale, words.part),
        { "--json", CLI_FLAG, &words.json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("queue", table, argc, argv, &status);
    if (count < 0)
        return status;
    kwit_result *result = NULL;
    status = run(context, count, argv, &words, &result);
    if (!result)
        return status;
    bool tells = count == 0 || strcmp(argv[1], "list") == 0 || strcmp(argv[1], "show") == 0;
    status = cli_finish(result, words.json);
    return tells ? cli_end_telling(status) : status;
}
