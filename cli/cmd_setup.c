/* cmd_setup.c - kwit setup: asks at a terminal what no option says, and leaves the rest to the library. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_SIZE = 1024, QUESTIONS = 5 };

struct question {
    const char *text, *fallback;    /* fallback: shown in brackets, taken for an empty line; NULL: none */
    const char **target;
    char answer[ANSWER_SIZE];
};

/* "pl-PL" from the environment; NULL where it says nothing. */
static const char *own_language(char out[16])
{
    const char *language = getenv("LC_ALL") && *getenv("LC_ALL") ? getenv("LC_ALL") : getenv("LANG");
    size_t length = language ? strcspn(language, ".@") : 0;
    if (length < 2 || length > 15 || strncmp(language, "C", length) == 0 || strncmp(language, "POSIX", length) == 0)
        return NULL;
    snprintf(out, 16, "%.*s", (int)length, language);
    if (out[2] == '_')
        out[2] = '-';
    return out;
}

/* False: the input ended. */
static bool ask(struct question *question)
{
    printf("%s%s%s%s: ", question->text, question->fallback ? " [" : "", question->fallback ? question->fallback : "",
           question->fallback ? "]" : "");
    fflush(stdout);
    if (!fgets(question->answer, sizeof question->answer, stdin))
        return false;
    question->answer[strcspn(question->answer, "\r\n")] = 0;
    if (!*question->answer && question->fallback)
        snprintf(question->answer, sizeof question->answer, "%s", question->fallback);
    *question->target = *question->answer ? question->answer : NULL;
    return true;
}

static void show_printers(kwit_context *context)
{
    kwit_result *result = NULL;
    kwit_devices_list(context, &result);
    fputs(kwit_result_text(result), stdout);
    kwit_result_free(result);
}

/* What no option said. False: the input ended before the last answer. */
static bool ask_all(kwit_context *context, struct kwit_setup_options *options, struct question *questions)
{
    char language[16];
    const struct question all[QUESTIONS] = {
        { .text = "The shop's name, for the top of the receipt", .target = &options->name },
        { .text = "The language of the receipt (en-GB, pl-PL, fr, …)", .target = &options->locale,
          .fallback = own_language(language) ? language : "en-GB" },
        { .text = "The currency (EUR, PLN, …; empty: that of the country)", .target = &options->currency },
        { .text = "The survey's link, with {token} (empty: no invitation)", .target = &options->url },
        { .text = "The printer (usb:, tcp://HOST, serial:/dev/ttyUSB0, sim:paper)", .target = &options->printer,
          .fallback = "usb:" },
    };
    for (size_t i = 0; i < QUESTIONS; i++) {
        questions[i] = all[i];
        if (*all[i].target)
            continue;
        if (all[i].target == &options->printer)
            show_printers(context);
        if (!ask(&questions[i]))
            return false;
    }
    return true;
}

int cmd_setup(kwit_context *context, int argc, char **argv)
{
    static struct question questions[QUESTIONS];
    struct kwit_setup_options options = { 0 };
    bool json = false, yes = false, no_print = false;
    const struct cli_option table[] = {
        { "--name", CLI_TEXT, &options.name, "SHOP", "the shop's name, on top of every receipt" },
        { "--language", CLI_TEXT, &options.locale, "LANG", "the language of the receipt: en-GB, pl-PL, fr (en-GB)" },
        { "--currency", CLI_TEXT, &options.currency, "CODE", "ISO 4217: EUR (that of the language's country)" },
        { "--url", CLI_TEXT, &options.url, "LINK", "the survey's link, with {token}; without it no invitation" },
        { "--printer", CLI_TEXT, &options.printer, "URI", "the printer's address (the only one on USB)" },
        { "--profile", CLI_TEXT, &options.profile, "P", "the printer's model (devices --profiles lists them)" },
        { "--no-print", CLI_FLAG, &no_print, NULL, "no first receipt" },
        { "--yes", CLI_FLAG, &yes, NULL, "ask nothing: what no option says is as in this list" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line; asks nothing" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("setup", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count > 0)
        return cli_usage_error(json, "setup takes no argument; kwit setup --help lists its options");
    if (!yes && !json && isatty(STDIN_FILENO) && !ask_all(context, &options, questions))
        return cli_usage_error(false, "setup: the input ended before the last answer; nothing was written");
    options.no_print = no_print;
    kwit_result *result = NULL;
    kwit_setup(context, &options, &result);
    return cli_finish(result, json);
}
