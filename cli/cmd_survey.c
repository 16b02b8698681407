/* cmd_survey.c - kwit survey: keys, tokens, verdicts, the plan of a campaign, and answers coming in. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

struct words {
    struct kwit_key_options key;
    struct kwit_token_options token;
    long long epoch, handle;
    bool json;
};

static int run_key(kwit_context *context, const char *action, struct words *words, kwit_result **result)
{
    static const struct { const char *name; enum kwit_key_action action; } rows[] = {
        { "new", KWIT_KEY_NEW }, { "list", KWIT_KEY_LIST }, { "rotate", KWIT_KEY_ROTATE }, { "derive", KWIT_KEY_DERIVE },
        { "import", KWIT_KEY_IMPORT }, { "export", KWIT_KEY_EXPORT }
    };
    words->key.has_epoch = words->epoch >= 0;
    words->key.has_handle = words->handle >= 0;
    words->key.epoch = words->epoch;
    words->key.handle = words->handle;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, action) == 0) {
            kwit_survey_key(context, rows[i].action, &words->key, result);
            return 0;
        }
    }
    return cli_usage_error(words->json, "survey key %s: say new, list, rotate, derive, import or export", action);
}

static int run_token(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    if (count == 2 && strcmp(argv[2], "encode") == 0) {
        words->token.epoch = words->epoch;
        words->token.handle = words->handle;
        kwit_survey_token_encode(context, &words->token, result);
        return 0;
    }
    if (count == 3 && strcmp(argv[2], "show") == 0) {
        kwit_survey_token_show(context, argv[3], result);
        return 0;
    }
    return cli_usage_error(words->json, "say survey token encode --epoch N --handle N --day N --seq N, or survey token show SALE-ID");
}

/* A code may be typed in groups: they are one word again here. */
static int run_verify(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    char typed[256] = "";
    size_t length = 0;
    if (count < 2)
        return cli_usage_error(words->json, "survey verify takes the code of a receipt");
    for (int i = 2; i <= count; i++) {
        size_t more = strlen(argv[i]);
        if (length + more + 2 > sizeof typed)
            return cli_usage_error(words->json, "a code has 20 letters and digits; this is longer");
        memcpy(typed + length, argv[i], more);
        length += more;
        typed[length++] = ' ';
        typed[length] = 0;
    }
    kwit_survey_verify(context, typed, result);
    return 0;
}

static int dispatch(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    const char *what = count > 0 ? argv[1] : "";
    if (strcmp(what, "key") == 0 && count == 2)
        return run_key(context, argv[2], words, result);
    if (strcmp(what, "token") == 0)
        return run_token(context, count, argv, words, result);
    if (strcmp(what, "verify") == 0)
        return run_verify(context, count, argv, words, result);
    return cli_usage_error(words->json, "say survey key, token, verify, plan, explain or import; kwit survey --help lists the options");
}

int cmd_survey(kwit_context *context, int argc, char **argv)
{
    struct words words = { .epoch = -1, .handle = -1 };
    const struct cli_option table[] = {
        { "--epoch", CLI_NUMBER, &words.epoch, "N", "key, token: the key epoch, 0 to 30" },
        { "--handle", CLI_NUMBER, &words.handle, "N", "key, token: the till's public number, given by the office" },
        { "--hex", CLI_TEXT, &words.key.hex, "HEX", "key import: the key as 64 hexadecimal digits" },
        { "-o", CLI_TEXT, &words.key.output, "FILE", "key: the file for a key that leaves this machine" },
        { "--day", CLI_NUMBER, &words.token.day, "N", "token encode: the business day, 0 to 2047" },
        { "--seq", CLI_NUMBER, &words.token.seq, "N", "token encode: the number of the day" },
        { "--variant", CLI_NUMBER, &words.token.variant, "N", "token encode: the arm, 0 to 15" },
        { "--flag", CLI_NUMBER, &words.token.flag, "0|1", "token encode: 1 for a test, which never counts" },
        { "--json", CLI_FLAG, &words.json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("survey", table, argc, argv, &status);
    if (count < 0)
        return status;
    kwit_result *result = NULL;
    status = dispatch(context, count, argv, &words, &result);
    return result ? cli_finish(result, words.json) : status;
}
