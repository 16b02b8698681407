/* cmd_office.c - kwit office: the survey page on this machine. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t asked_to_stop;

static void stop(int signal_number)
{
    (void)signal_number;
    asked_to_stop = 1;
}

static int go_on(void *data)
{
    (void)data;
    return !asked_to_stop;
}

static void say(void *data, const char *line)
{
    size_t length = strlen(line);
    (void)data;
    fputs(line, stdout);
    if (length == 0 || line[length - 1] != '\n')
        putchar('\n');
    fflush(stdout);
}

static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* Its line was said when it began to serve; in the end only what failed is told. */
static int finish(kwit_result *result, bool json)
{
    if (kwit_result_exit(result) != 0)
        return cli_finish(result, json);
    fputs(json ? "" : kwit_result_text(result), stderr);
    kwit_result_free(result);
    return 0;
}

int cmd_office(kwit_context *context, int argc, char **argv)
{
    struct kwit_office_options options = { .go_on = go_on, .say = say };
    bool json = false;
    const struct cli_option table[] = {
        { "serve", CLI_NOTE, NULL, NULL, "the survey page and its collector, until it is ended" },
        { "demo DIR", CLI_NOTE, NULL, NULL, "a simulated shop in an empty directory: codes to open in a browser" },
        { "--listen", CLI_TEXT, &options.listen, "PLACE", "127.0.0.1:PORT or unix:PATH; port 0 takes any" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line once it listens" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("office", table, argc, argv, &status);
    if (count < 0)
        return status;
    options.json = json;
    kwit_result *result;
    if (count == 1 && strcmp(argv[1], "serve") == 0) {
        catch_signals();
        kwit_office_serve(context, &options, &result);
    } else if (count == 2 && strcmp(argv[1], "demo") == 0) {
        catch_signals();
        kwit_office_demo(context, argv[2], &options, &result);
    } else
        return cli_usage_error(json, "say office serve, or office demo DIRECTORY");
    return finish(result, json);
}
