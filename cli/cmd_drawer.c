/* cmd_drawer.c - kwit drawer: opens the cash drawer. */
#include "cli.h"

int cmd_drawer(kwit_context *context, int argc, char **argv)
{
    struct kwit_drawer_options options = { 0 };
    long long pin = 0;
    bool json = false;
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "the printer that the drawer hangs on" },
        { "--reason", CLI_TEXT, &options.reason, "TEXT", "why; it is journalled" },
        { "--cashier", CLI_TEXT, &options.cashier, "ID", "who; it is journalled" },
        { "--pin", CLI_NUMBER, &pin, "2|5", "the drawer's pin" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("drawer", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count != 0 || (pin != 0 && pin != 2 && pin != 5))
        return cli_usage_error(json, "drawer takes options only, and --pin is 2 or 5");
    options.pin = (int)pin;
    kwit_result *result;
    kwit_drawer_open(context, &options, &result);
    return cli_finish(result, json);
}
