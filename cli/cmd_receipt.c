/* cmd_receipt.c - kwit receipt: a sale of the journal as the receipt that is mailed. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static bool find_format(const char *path, enum kwit_receipt_format *format)
{
    const char *ending = path ? strrchr(path, '.') : NULL;
    *format = ending && strcmp(ending, ".pdf") == 0 ? KWIT_RECEIPT_PDF : KWIT_RECEIPT_HTML;
    return *format == KWIT_RECEIPT_PDF || (ending && strcmp(ending, ".html") == 0);
}

int cmd_receipt(kwit_context *context, int argc, char **argv)
{
    struct kwit_receipt_options options = { 0 };
    struct kwit_sale_name sale = { 0 };
    const char *output = NULL;
    bool last = false, survey = false, json = false;
    const struct cli_option table[] = {
        { "--last", CLI_FLAG, &last, NULL, "the last sale" },
        { "--till", CLI_TEXT, &sale.till, "NAME", "of this till, where several sales have the id" },
        { "--day", CLI_TEXT, &sale.day, "DAY", "of this day, where ids count a day" },
        { "-o", CLI_TEXT, &output, "FILE", "ending in .pdf or .html" },
        { "--survey", CLI_FLAG, &survey, NULL, "with the sale's invitation, where the customer agreed to be asked" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line beside the receipt in FILE" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("receipt", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (last ? count != 0 : count != 1)
        return cli_usage_error(json, "receipt takes the id of one sale, or --last");
    if (!find_format(output, &options.format))
        return cli_usage_error(json, "-o FILE is needed, ending in .pdf or .html");
    options.survey = survey;
    sale.id = argv[1];
    kwit_result *result;
    kwit_receipt(context, last ? NULL : &sale, &options, &result);
    return cli_show(result, output, json);
}
