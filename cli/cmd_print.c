/* cmd_print.c - kwit print: one sale document in, one line out. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_LIMIT = 5 * 1024 * 1024 };     /* more than the format allows, so that the library says what is wrong */
enum { STREAM_LIMIT = 16 * 1024 * 1024 };      /* of what another program has laid out */
enum { PATIENCE_MS = 10000 };                  /* for the document, where the call names no time */

struct words {
    const char *survey, *output, *format, *id, *tap;
    long long copies;
    bool json, strict, no_wait, dry_run;
};

static bool read_survey(const char *word, enum kwit_survey_choice *choice)
{
    static const char *const words[] = { "auto", "never", "only" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            *choice = (enum kwit_survey_choice)i;
            return true;
        }
    }
    return false;
}

/* What the bytes are, when nobody says it: documents are JSON. */
static bool is_stream(const struct words *words, const char *bytes, size_t length)
{
    size_t at = 0;
    if (!words->format || strcmp(words->format, "sale") == 0)
        return false;
    while (strcmp(words->format, "auto") == 0 && at < length && strchr(" \t\r\n\xEF\xBB\xBF", bytes[at]) && bytes[at])
        at++;
    return strcmp(words->format, "escpos") == 0 || at == length || (bytes[at] != '{' && bytes[at] != '[');
}

static void print_any(kwit_context *context, const struct words *words, const char *bytes, size_t length,
                      const struct kwit_print_options *options, kwit_result **result)
{
    bool receiptline = words->format && strcmp(words->format, "receiptline") == 0;
    const struct kwit_stream_options stream = { .print = *options, .id = words->id, .tap = words->tap,
                                                .receiptline = receiptline };
    if (receiptline || is_stream(words, bytes, length))
        kwit_print_stream(context, bytes, length, &stream, result);
    else
        kwit_print(context, bytes, length, options, result);
}

static bool is_format(const char *word)
{
    static const char *const words[] = { "sale", "escpos", "receiptline", "auto" };
    for (size_t i = 0; word && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return !word;
}

static int check_words(const struct words *words, int count, struct kwit_print_options *options)
{
    if (count > 1)
        return cli_usage_error(words->json, "print takes one document; call it once for each sale");
    if (words->survey && !read_survey(words->survey, &options->survey))
        return cli_usage_error(words->json, "--survey %s is not auto, never or only", words->survey);
    if (words->output && !words->dry_run)
        return cli_usage_error(words->json, "-o goes with --dry-run; to keep a receipt's bytes print to file:PATH");
    if (words->output && words->json && strcmp(words->output, "-") == 0)
        return cli_usage_error(true, "--json needs -o FILE: the bytes cannot go where the line goes");
    if (!is_format(words->format))
        return cli_usage_error(words->json, "--format %s is not sale, escpos, receiptline or auto", words->format);
    if (options->from && words->format && strcmp(words->format, "sale") != 0)
        return cli_usage_error(words->json, "--from and --format %s are two kinds of document", words->format);
    if ((words->id || words->tap) && (!words->format || strcmp(words->format, "sale") == 0))
        return cli_usage_error(words->json, "%s is for finished bytes (--format escpos, receiptline or auto); a sale "
                               "document says such things itself", words->id ? "--id" : "--tap");
    if (words->copies < 1 || words->copies > 99)
        return cli_usage_error(words->json, "--copies takes 1 to 99");
    options->copies = (int)words->copies;
    options->strict = words->strict;
    options->no_wait = words->no_wait;
    options->dry_run = words->dry_run;
    return 0;
}

/* The bytes of a dry run. On standard output they stand alone: nothing else is said there. */
static int hand_out_bytes(kwit_result *result, const struct words *words)
{
    size_t length;
    const void *bytes = kwit_result_data(result, &length);
    int status = cli_write_or_tell(words->output, bytes ? bytes : "", length, words->json);
    if (status == 0 && strcmp(words->output, "-") != 0)
        return cli_finish(result, words->json);
    kwit_result_free(result);
    return status;
}

int cmd_print(kwit_context *context, int argc, char **argv)
{
    struct kwit_print_options options = { 0 };
    struct words words = { .copies = 1 };
    const struct cli_option table[] = {
        { "--from", CLI_TEXT, &options.from, "MAP", "a document of another system: kwit map list" },
        { "--format", CLI_TEXT, &words.format, "sale|escpos|receiptline|auto", "what the file holds" },
        { "--id", CLI_TEXT, &words.id, "ID", "names the sale of finished bytes; else their number or ink does" },
        { "--tap", CLI_TEXT, &words.tap, "NAME", "the section [tap NAME] for finished bytes" },
        { "--printer", CLI_TEXT, &options.printer, "NAME|URI", "a printer of the configuration, or an address" },
        { "--profile", CLI_TEXT, &options.profile, "P", "the printer's model (devices --profiles lists them)" },
        { "--part", CLI_TEXT, &options.part, "NAME", "merchant, …; else the station, or receipt" },
        { "--station", CLI_TEXT, &options.station, "NAME", "print only the lines of this station" },
        { "--copies", CLI_NUMBER, &words.copies, "N", "how many copies, 1 to 99" },
        { "--survey", CLI_TEXT, &words.survey, "auto|never|only", "whether to end with an invitation" },
        { "--no-wait", CLI_FLAG, &words.no_wait, NULL, "store it and come back at once" },
        { "--timeout", CLI_SECONDS, &options.timeout_ms, "S", "seconds that this call may take" },
        { "--deadline", CLI_SECONDS, &options.deadline_ms, "S", "seconds that the receipt is worth printing" },
        { "--strict", CLI_FLAG, &words.strict, NULL, "warnings become errors before paper" },
        { "--dry-run", CLI_FLAG, &words.dry_run, NULL, "only make the bytes; print and store nothing" },
        { "-o", CLI_TEXT, &words.output, "FILE", "with --dry-run: where the bytes go" },
        { "--json", CLI_FLAG, &words.json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("print", table, argc, argv, &status);
    if (count < 0)
        return status;
    status = check_words(&words, count, &options);
    if (status != 0)
        return status;
    char *document;
    size_t length;
    long long began_ms = cli_now_ms();
    status = cli_read_within(count ? argv[1] : NULL, words.format ? STREAM_LIMIT : DOCUMENT_LIMIT,
                             options.timeout_ms ? options.timeout_ms : PATIENCE_MS, words.json, &document, &length);
    if (status != 0)
        return status;
    /* What the document took is of the call's time. */
    long long left_ms = options.timeout_ms - (cli_now_ms() - began_ms);
    if (options.timeout_ms > 0)
        options.timeout_ms = left_ms > 1 ? left_ms : 1;
    kwit_result *result;
    print_any(context, &words, document, length, &options, &result);
    free(document);
    if (words.output && kwit_result_exit(result) == 0)
        return hand_out_bytes(result, &words);
    return cli_finish(result, words.json);
}
