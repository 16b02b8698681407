/* cmd_status.c - kwit status: one look at the printer, or one line for each change. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What a person reads is one line with the time: 14:03:11 usb:…: ready; 0 waiting, 0 held, 0 unconfirmed. */
static void print_change(const char *text)
{
    char clock[16] = "";
    time_t now = time(NULL);
    struct tm parts;
    if (localtime_r(&now, &parts))
        strftime(clock, sizeof clock, "%H:%M:%S ", &parts);
    fputs(clock, stdout);
    for (; *text; text++) {
        if (*text != '\n')
            fputc(*text, stdout);
        else if (text[1])
            fputs("; ", stdout);
    }
    fputc('\n', stdout);
}

/* Looks once a second and lets go of the printer between; prints only what changed, until it is interrupted. */
static int watch(kwit_context *context, const char *printer, bool json)
{
    char *before = NULL;
    for (;;) {
        kwit_result *result;
        kwit_status(context, printer, &result);
        const char *now = json ? kwit_result_json(result) : kwit_result_text(result);
        if (!before || strcmp(before, now) != 0) {
            if (json)
                puts(now);
            else
                print_change(now);
            free(before);
            before = strdup(now);
        }
        kwit_result_free(result);
        if (!before || fflush(stdout) != 0)
            break;
        sleep(1);
    }
    free(before);
    return 74;
}

int cmd_status(kwit_context *context, int argc, char **argv)
{
    const char *printer = NULL;
    bool follow = false, json = false;
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &printer, "NAME|URI", "a printer of the configuration, or an address" },
        { "--watch", CLI_FLAG, &follow, NULL, "one line for each change, until interrupted" },
        { "--json", CLI_FLAG, &json, NULL, "JSON, one line a look" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("status", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count != 0)
        return cli_usage_error(json, "status takes no %s, only options; kwit status --help lists them", argv[1]);
    if (follow)
        return watch(context, printer, json);
    kwit_result *result;
    kwit_status(context, printer, &result);
    return cli_finish(result, json);
}
