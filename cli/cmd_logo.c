/* cmd_logo.c - kwit logo store: the shop's logo into the printer's memory. */
#include "cli.h"

#include <string.h>

int cmd_logo(kwit_context *context, int argc, char **argv)
{
    struct kwit_logo_options options = { 0 };
    const char *output = NULL;
    bool json = false;
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "a printer of the configuration, or an address" },
        { "--profile", CLI_TEXT, &options.profile, "P", "the printer's model (devices --profiles lists them)" },
        { "--key", CLI_TEXT, &options.key, "XX", "two characters that name it in the printer; KL unless configured" },
        { "-o", CLI_TEXT, &output, "FILE", "only write the command to FILE; needs a profile" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status = 0, count = cli_options("logo", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count < 1 || count > 2 || strcmp(argv[1], "store") != 0)
        return cli_usage_error(json, "use `kwit logo store [FILE.png]`");
    options.file = count == 2 ? argv[2] : NULL;
    options.dry_run = output != NULL;
    kwit_result *result;
    kwit_logo_store(context, &options, &result);
    size_t length;
    const void *bytes = kwit_result_data(result, &length);
    if (output && bytes && kwit_result_exit(result) == 0)
        status = cli_write(output, bytes, length);
    if (output && bytes && status != 0) {
        kwit_result_free(result);
        return status;
    }
    return cli_finish(result, json);
}
