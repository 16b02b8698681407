/* cmd_devices.c - kwit devices: the receipt printers on USB, and the models that kwit knows. */
#include "cli.h"

int cmd_devices(kwit_context *context, int argc, char **argv)
{
    bool json = false, profiles = false;
    const struct cli_option table[] = {
        { "--profiles", CLI_FLAG, &profiles, NULL, "the models that kwit knows, instead of what is plugged in" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("devices", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0)
        return cli_usage_error(json, "devices takes no argument; it lists them all");
    kwit_result *result;
    if (profiles)
        kwit_profiles_list(context, &result);
    else
        kwit_devices_list(context, &result);
    return cli_finish(result, json);
}
