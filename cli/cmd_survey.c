/* cmd_survey.c - kwit survey: keys, tokens, verdicts, the plan of a campaign, and answers coming in. */
#include "cli.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SALES_LIMIT = 512 * 1024 * 1024, UNSAID = INT_MAX };

struct words {
    struct kwit_key_options key;
    struct kwit_token_options token;
    struct kwit_import_options import;
    struct cli_list columns, values;
    struct kwit_plan_options plan;
    struct kwit_sale_name sale;
    const char *rate, *lift;
    long long epoch, handle, sales, answers;
    bool json, strict;
};

/* A key does not stay in memory that is given back. */
static void wipe(char *text, size_t length)
{
    volatile char *at = text;
    for (size_t i = 0; i < length; i++)
        at[i] = 0;
    free(text);
}

/* `file` holds the key that import brings in; NULL for the other actions. */
static int run_key(kwit_context *context, const char *action, const char *file, struct words *words,
                   kwit_result **result)
{
    enum { KEY_LIMIT = 4096 };
    char *text = NULL;
    size_t length = 0;
    static const struct { const char *name; enum kwit_key_action action; } rows[] = {
        { "new", KWIT_KEY_NEW }, { "list", KWIT_KEY_LIST }, { "rotate", KWIT_KEY_ROTATE },
        { "derive", KWIT_KEY_DERIVE }, { "import", KWIT_KEY_IMPORT }, { "export", KWIT_KEY_EXPORT }
    };
    words->key.has_epoch = words->epoch >= 0;
    words->key.has_handle = words->handle >= 0;
    words->key.epoch = words->epoch;
    words->key.handle = words->handle;
    int status = file ? cli_read(file, KEY_LIMIT, words->json, &text, &length) : 0;
    if (status != 0)
        return status;
    words->key.text = text;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, action) == 0) {
            kwit_survey_key(context, rows[i].action, &words->key, result);
            wipe(text, length);
            return 0;
        }
    }
    return cli_usage_error(words->json, "survey key %s: say new, list, rotate, derive, import or export", action);
}

static int run_token(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    if (count == 2 && strcmp(argv[2], "encode") == 0) {
        char *end = NULL;
        words->token.day = words->sale.day ? strtoll(words->sale.day, &end, 10) : 0;
        if (end && (end == words->sale.day || *end))
            return cli_usage_error(words->json, "--day %s: here it is a number from 0 to 2047", words->sale.day);
        words->token.epoch = words->epoch;
        words->token.handle = words->handle;
        kwit_survey_token_encode(context, &words->token, result);
        return 0;
    }
    if (count == 3 && strcmp(argv[2], "show") == 0) {
        words->sale.id = argv[3];
        kwit_survey_token_show(context, &words->sale, result);
        return 0;
    }
    return cli_usage_error(words->json, "say survey token encode --epoch N --handle N --day N --seq N, or survey token "
                                        "show SALE-ID");
}

/* A code may be typed in groups: they are one word again here. */
static int run_code(kwit_context *context, int count, char **argv, struct words *words,
                    int (*run)(kwit_context *, const char *, kwit_result **), kwit_result **result)
{
    char typed[256] = "";
    size_t length = 0;
    if (count < 2)
        return cli_usage_error(words->json, "say the code of a receipt");
    for (int i = 2; i <= count; i++) {
        size_t more = strlen(argv[i]);
        if (length + more + 2 > sizeof typed)
            return cli_usage_error(words->json, "a code has 20 letters and digits; this is longer");
        memcpy(typed + length, argv[i], more);
        length += more;
        typed[length++] = ' ';
        typed[length] = 0;
    }
    run(context, typed, result);
    return 0;
}

static int run_import(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    if (count != 2)
        return cli_usage_error(words->json, "survey import takes one file");
    words->import.columns = words->columns.items;
    words->import.column_count = words->columns.count;
    words->import.values = words->values.items;
    words->import.value_count = words->values.count;
    if (words->import.header_rows < 0 || words->import.header_rows > 9)
        return cli_usage_error(words->json, "--header-rows takes 1 to 9");
    if (words->import.header_at < 0)
        return cli_usage_error(words->json, "--header-at takes the number of a line");
    words->import.strict = words->strict;
    words->import.progress = cli_progress();
    kwit_survey_import(context, argv[2], &words->import, result);
    cli_progress_end();
    return 0;
}

static bool read_share(const char *text, double *share)
{
    char *end;
    if (!text)
        return true;
    *share = strtod(text, &end) / 100;
    return end != text && *end == 0 && *share > 0;
}

/* One document over many lines becomes one line: between the parts of JSON a line end is a blank. */
static void make_line(char *document, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (document[i] == '\n' || document[i] == '\r')
            document[i] = ' ';
}

static int is_document(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".json") == 0;
}

/* Adds one file of a directory as one line. */
static int add_document(const char *directory, const char *name, bool json, char **documents, size_t *length)
{
    char path[4096], *document, *grown;
    size_t more;
    snprintf(path, sizeof path, "%s/%s", directory, name);
    int status = cli_read(path, SALES_LIMIT, json, &document, &more);
    if (status != 0)
        return status;
    grown = more < SALES_LIMIT - *length ? realloc(*documents, *length + more + 1) : NULL;
    if (grown) {
        make_line(document, more);
        memcpy(grown + *length, document, more);
        *length += more;
        grown[(*length)++] = '\n';
        *documents = grown;
    }
    free(document);
    return grown ? 0 : cli_usage_error(json, "%s holds more than kwit plans with", directory);
}

static int read_directory(const char *path, bool json, char **documents, size_t *length)
{
    struct dirent **entries;
    int status = 0, count = scandir(path, &entries, is_document, alphasort);
    *documents = NULL;
    *length = 0;
    for (int i = 0; i < count; i++) {
        if (status == 0)
            status = add_document(path, entries[i]->d_name, json, documents, length);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return count > 0 ? status : cli_usage_error(json, "%s holds no sale documents (*.json)", path);
}

/* JSON Lines, a directory of documents, or a single document that takes many lines. */
static int read_sales(const char *path, bool json, char **documents, size_t *length)
{
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return read_directory(path, json, documents, length);
    int status = cli_read(path, SALES_LIMIT, json, documents, length);
    if (status != 0)
        return status;
    const char *end = memchr(*documents, '\n', *length);
    while (end && end > *documents && strchr(" \t\r", end[-1]))
        end--;
    if (end && end > *documents && end[-1] != '}')
        make_line(*documents, *length);
    return 0;
}

static int run_plan(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    char *documents = NULL;
    if (words->sales < 1 || words->answers < 1)
        return cli_usage_error(words->json, "--sales and --answers are numbers above 0");
    words->plan.sales_a_day = words->sales == UNSAID ? 0 : words->sales;
    words->plan.answers_a_month = words->answers == UNSAID ? 0 : words->answers;
    if (count > 2 || !read_share(words->rate, &words->plan.answer_rate) || !read_share(words->lift, &words->plan.lift))
        return cli_usage_error(words->json, "say survey plan [SALES.jsonl|DIRECTORY] [--sales N] [--rate PERCENT] "
                                            "[--lift PERCENT] [--answers N]");
    if (count == 2) {
        int status = read_sales(argv[2], words->json, &documents, &words->plan.documents_length);
        if (status != 0)
            return status;
        words->plan.documents = documents;
    }
    kwit_survey_plan(context, &words->plan, result);
    free(documents);
    return 0;
}

/* A file is a document; anything else is the id of a sale. */
static int run_explain(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    enum { LIMIT = 5 * 1024 * 1024 };
    char *document = NULL;
    size_t length = 0;
    if (count != 2)
        return cli_usage_error(words->json, "survey explain takes a sale's id, or its document");
    if (strcmp(argv[2], "-") == 0 || access(argv[2], R_OK) == 0) {
        int status = cli_read(argv[2], LIMIT, words->json, &document, &length);
        if (status != 0)
            return status;
    }
    words->sale.id = argv[2];
    kwit_survey_explain(context, document ? NULL : &words->sale, document, length, result);
    free(document);
    return 0;
}

static int dispatch(kwit_context *context, int count, char **argv, struct words *words, kwit_result **result)
{
    const char *what = count > 0 ? argv[1] : "";
    if (strcmp(what, "key") == 0 && (count == 2 || (count == 3 && strcmp(argv[2], "import") == 0)))
        return run_key(context, argv[2], count == 3 ? argv[3] : NULL, words, result);
    if (strcmp(what, "token") == 0)
        return run_token(context, count, argv, words, result);
    if (strcmp(what, "verify") == 0)
        return run_code(context, count, argv, words, kwit_survey_verify, result);
    if (strcmp(what, "redeem") == 0)
        return run_code(context, count, argv, words, kwit_survey_redeem, result);
    if (strcmp(what, "find") == 0)
        return run_code(context, count, argv, words, kwit_survey_find, result);
    if (strcmp(what, "plan") == 0)
        return run_plan(context, count, argv, words, result);
    if (strcmp(what, "explain") == 0)
        return run_explain(context, count, argv, words, result);
    if (strcmp(what, "import") == 0)
        return run_import(context, count, argv, words, result);
    if (strcmp(what, "key") == 0)
        return cli_usage_error(words->json, "say survey key new, list, rotate, derive, export or import FILE; kwit survey "
                                            "--help lists the options");
    return cli_usage_error(words->json, "say survey key, token, verify, find, redeem, plan, explain or import; kwit survey --help "
                                        "lists the options");
}

int cmd_survey(kwit_context *context, int argc, char **argv)
{
    struct words words = { .epoch = -1, .handle = -1, .sales = UNSAID, .answers = UNSAID };
    const struct cli_option table[] = {
        { "key new", CLI_NOTE, NULL, NULL, "an epoch's key and this till's own; --epoch (0), --handle (1), -o" },
        { "key list", CLI_NOTE, NULL, NULL, "what is there, by fingerprint" },
        { "key rotate", CLI_NOTE, NULL, NULL, "the next epoch, at the office; codes already printed stay readable" },
        { "key derive", CLI_NOTE, NULL, NULL, "a till's key, at the office: --epoch, --handle and -o FILE" },
        { "key import", CLI_NOTE, NULL, NULL,
          "a key's file, - for standard input; digits need --epoch, a till's --handle too" },
        { "key export", CLI_NOTE, NULL, NULL, "an epoch's key to a file: --epoch and -o FILE" },
        { "token encode", CLI_NOTE, NULL, NULL, "the code of these fields: --epoch, --handle, --day, --seq" },
        { "token show", CLI_NOTE, NULL, NULL, "the code of a sale that was printed" },
        { "verify", CLI_NOTE, NULL, NULL, "what a code read out by a customer is worth" },
        { "find", CLI_NOTE, NULL, NULL, "the sale of this till that a code stands for" },
        { "redeem", CLI_NOTE, NULL, NULL, "a thank-you's code, once, where the survey page keeps its answers" },
        { "plan", CLI_NOTE, NULL, NULL, "what the configuration does to a day of sales, how long an experiment takes" },
        { "explain", CLI_NOTE, NULL, NULL, "why a sale was or would be invited" },
        { "import", CLI_NOTE, NULL, NULL, "answers, as their platform exports them" },
        { "--epoch", CLI_NUMBER, &words.epoch, "N", "key, token: the key epoch, 0 to 30" },
        { "--handle", CLI_NUMBER, &words.handle, "N", "key, token: the till's public number, given by the office" },
        { "--hex", CLI_TEXT, &words.key.hex, "HEX",
          "key import: the key as 64 digits, which others may see in ps; rather a file" },
        { "-o", CLI_TEXT, &words.key.output, "FILE", "key: the file for a key that leaves this machine" },
        { "--day", CLI_TEXT, &words.sale.day, "N|DAY",
          "token encode: the business day, 0 to 2047; token show, explain: which day" },
        { "--till", CLI_TEXT, &words.sale.till, "NAME",
          "token show, explain: of this till, where several sales have the id" },
        { "--seq", CLI_NUMBER, &words.token.seq, "N", "token encode: the number of the day" },
        { "--variant", CLI_NUMBER, &words.token.variant, "N", "token encode: the arm, 0 to 15" },
        { "--flag", CLI_NUMBER, &words.token.flag, "0|1", "token encode: 1 for a test, which never counts" },
        { "--sales", CLI_NUMBER, &words.sales, "N", "plan: sales a day" },
        { "--rate", CLI_TEXT, &words.rate, "PERCENT", "plan: invitations that are answered (1)" },
        { "--lift", CLI_TEXT, &words.lift, "PERCENT", "plan: the difference between arms that is looked for (20)" },
        { "--answers", CLI_NUMBER, &words.answers, "N",
          "plan: answers wanted a month, to be told the rate for them" },
        { "--platform", CLI_TEXT, &words.import.platform, "NAME",
          "import: own, qualtrics, limesurvey, typeform, google, …" },
        { "--column", CLI_LIST, &words.columns, "ROLE=HEADER", "import: what a column is called, such as nps=HEADER" },
        { "--value", CLI_LIST, &words.values, "LABEL=N", "import: what a label of a scale stands for" },
        { "--encoding", CLI_TEXT, &words.import.encoding, "NAME", "import: utf-8, utf-16le, cp1250, cp1251, cp1252" },
        { "--zone", CLI_TEXT, &words.import.zone, "NAME", "import: time zone of the times in the file" },
        { "--dates", CLI_TEXT, &words.import.dates, "dmy|mdy", "import: order of dates such as 03/04/2026" },
        { "--clock-change", CLI_TEXT, &words.import.clock_change, "first|second",
          "import: which one, where an hour was twice" },
        { "--header-rows", CLI_NUMBER, &words.import.header_rows, "N", "import: rows before the first answer" },
        { "--header-at", CLI_NUMBER, &words.import.header_at, "LINE", "import: where the header stands" },
        { "--sheet", CLI_TEXT, &words.import.sheet, "NAME|N", "import: the sheet of a workbook" },
        { "--strict", CLI_FLAG, &words.strict, NULL, "import: one row that cannot be read refuses the file" },
        { "--form", CLI_TEXT, &words.import.form, "NAME",
          "import: tells several forms of one platform apart, and chooses [import NAME]" },
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
