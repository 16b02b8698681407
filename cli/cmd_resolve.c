/* cmd_resolve.c - kwit resolve: a person's word on what came out. */
#include "cli.h"

int cmd_resolve(kwit_context *context, int argc, char **argv)
{
    struct kwit_sale_name sale = { 0 };
    const char *part = NULL;
    bool seen = false, missing = false, json = false;
    const struct cli_option table[] = {
        { "--seen", CLI_FLAG, &seen, NULL, "the receipt came out whole" },
        { "--missing", CLI_FLAG, &missing, NULL, "it did not: print it again, marked as a possible duplicate" },
        CLI_SALE_OPTIONS(sale, part),
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("resolve", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count != 1 || seen == missing)
        return cli_usage_error(json, "resolve takes the id of one sale, and either --seen or --missing");
    kwit_result *result;
    sale.id = argv[1];
    kwit_resolve(context, &sale, part, seen, &result);
    return cli_finish(result, json);
}
