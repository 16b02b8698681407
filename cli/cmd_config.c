/* cmd_config.c - kwit config check | show: what the configuration says, and what is wrong with it. */
#include "cli.h"

#include <string.h>

int cmd_config(kwit_context *context, int argc, char **argv)
{
    bool json = false, origin = false;
    const struct cli_option table[] = {
        { "--origin", CLI_FLAG, &origin, NULL, "with show: where each value was said, and what its key means" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("config", table, argc, argv, &status);
    if (count < 0)
        return status;
    kwit_result *result;
    if (count == 1 && strcmp(argv[1], "check") == 0 && !origin)
        kwit_config_check(context, &result);
    else if (count == 1 && strcmp(argv[1], "show") == 0)
        kwit_config_show(context, origin, &result);
    else
        return cli_usage_error(json, "say kwit config check, or kwit config show [--origin]");
    return cli_finish(result, json);
}
