/* cmd_devices.c - kwit devices: the receipt printers on USB. */
#include "cli.h"

int cmd_devices(kwit_context *context, int argc, char **argv)
{
    bool json = false;
    const struct cli_option table[] = {
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("devices", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0)
        return cli_usage_error(json, "devices takes no argument; it lists them all");
    kwit_result *result;
    kwit_devices_list(context, &result);
    return cli_finish(result, json);
}
