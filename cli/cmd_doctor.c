/* cmd_doctor.c - kwit doctor: what is in the way of a sale, and what mends it. */
#include "cli.h"

int cmd_doctor(kwit_context *context, int argc, char **argv)
{
    const char *printer = NULL;
    bool json = false;
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &printer, "NAME|URI", "a printer of the configuration, or an address" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("doctor", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0)
        return cli_usage_error(json, "doctor takes no argument; name a printer with --printer");
    kwit_result *result;
    kwit_doctor_run(context, printer, &result);
    return cli_finish(result, json);
}
