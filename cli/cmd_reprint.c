/* cmd_reprint.c - kwit reprint: a sale once more, marked. */
#include "cli.h"

#include <limits.h>

int cmd_reprint(kwit_context *context, int argc, char **argv)
{
    struct kwit_reprint_options options = { 0 };
    struct kwit_sale_name sale = { 0 };
    static const long long next = LLONG_MIN;
    long long copy = next;
    bool last = false, json = false;
    const struct cli_option table[] = {
        { "--last", CLI_FLAG, &last, NULL, "the last sale" },
        { "--copy", CLI_NUMBER, &copy, "N", "number of the copy; the same number twice is a duplicate" },
        CLI_SALE_OPTIONS(sale, options.part),
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "another printer than the first time" },
        { "--profile", CLI_TEXT, &options.profile, "P", "that printer's model" },
        { "--timeout", CLI_SECONDS, &options.timeout_ms, "S", "seconds that this call may take" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("reprint", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (last ? count != 0 : count != 1)
        return cli_usage_error(json, "reprint takes the id of one sale, or --last");
    if (copy != next && (copy < 1 || copy > 9999))
        return cli_usage_error(json, "--copy takes 1 to 9999");
    options.copy = copy == next ? 0 : (int)copy;
    kwit_result *result;
    sale.id = argv[1];
    kwit_reprint(context, last ? NULL : &sale, &options, &result);
    return cli_finish(result, json);
}
