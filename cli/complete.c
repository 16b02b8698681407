/*
 * complete.c - what may stand where a shell's cursor is: `kwit --complete WORD…` prints one word a line.
 *
 * It asks the same tables that run the command, so that completion knows every option the moment it exists. Names that
 * only a machine knows (printers, models, ids of sales) are asked of the library. Nothing printed: files may stand
 * there.
 */
#include "complete.h"

#include <stdio.h>
#include <string.h>

enum { WORD_SIZE = 256, PLACES = 8 };

/* The line so far; the last word is the one to be completed. One process completes one line. */
static struct { char **words; int count; kwit_context *context; } asked;

static void offer(const char *word, size_t length)
{
    const char *begun = asked.words[asked.count - 1];
    if (length >= strlen(begun) && strncmp(word, begun, strlen(begun)) == 0)
        printf("%.*s\n", (int)length, word);
}

/* The word at `place` (0: first) of each line of a text that begins as `begins` says. */
static void offer_lines(const char *text, const char *begins, int place)
{
    for (; *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n')) {
        const char *word = text;
        if (*text == ' ' || !strchr(begins, *text))
            continue;
        for (int i = 0; i < place; i++) {
            word += strcspn(word, " \n");
            word += strspn(word, " ");
        }
        offer(word, strcspn(word, " \n]"));
    }
}

static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz", DIGITS[] = "0123456789";

static void offer_profiles(void)
{
    kwit_result *result = NULL;
    kwit_profiles_list(asked.context, &result);
    offer_lines(kwit_result_text(result), LOWER, 0);
    kwit_result_free(result);
}

/* The named printers of the configuration, and what is plugged in. */
static void offer_printers(void)
{
    kwit_result *shown = NULL, *found = NULL;
    kwit_config_show(asked.context, 0, &shown);
    const char *text = kwit_result_text(shown), *heading;
    for (; (heading = strstr(text, "[printer ")) != NULL; text = heading + 1)
        offer(heading + 9, strcspn(heading + 9, "]\n"));
    kwit_devices_list(asked.context, &found);
    if (kwit_result_exit(found) == 0)
        for (text = kwit_result_text(found); (heading = strstr(text, "usb:")) != NULL; text = heading + 1)
            offer(heading, strcspn(heading, " \n"));
    kwit_result_free(shown);
    kwit_result_free(found);
}

/* Of what waits, or of all that is known of late. */
static void offer_sales(bool all)
{
    kwit_result *result = NULL;
    kwit_queue_list(asked.context, NULL, all, &result);
    if (kwit_result_exit(result) == 0)
        offer_lines(kwit_result_text(result), DIGITS, 1);
    kwit_result_free(result);
}

/* A map's name begins in the first column of its line. */
static void offer_maps(void)
{
    kwit_result *result = NULL;
    kwit_map_list(asked.context, &result);
    if (kwit_result_exit(result) == 0)
        offer_lines(kwit_result_text(result), LOWER, 0);
    kwit_result_free(result);
}

/* "check", "a|b|c", "ID", "[FILE]": literal words are offered, and names are looked up. */
static void offer_alternatives(const char *pattern, size_t length, bool all)
{
    for (size_t at = 0; at < length;) {
        while (at < length && strchr("[|", pattern[at]))
            at++;
        size_t size = 0;
        while (at + size < length && !strchr("[]|", pattern[at + size]))
            size++;
        const char *word = pattern + at;
        if (size >= 2 && strncmp(word + size - 2, "ID", 2) == 0 && (size == 2 || word[size - 3] == '-'))
            offer_sales(all);
        else if (size == 3 && strncmp(word, "MAP", 3) == 0)
            offer_maps();
        else if (size > 0 && (strchr(LOWER, *word) || strchr(DIGITS, *word)))
            offer(word, size);
        at += size + 1;
    }
}

static bool is_alternative(const char *pattern, size_t length, const char *word)
{
    for (size_t at = 0; at < length;) {
        size_t size = 0;
        while (at + size < length && pattern[at + size] != '|')
            size++;
        bool name = size > 0 && pattern[at] >= 'A' && pattern[at] <= 'Z';
        if (name || (strlen(word) == size && strncmp(pattern + at, word, size) == 0))
            return true;
        at += size + 1;
    }
    return false;
}

/* One phrase such as "retry ID": offers the word behind those that were given, where these agree with it. */
static void offer_phrase(const char *phrase, size_t length, char *const *given, int count)
{
    size_t at = 0;
    for (int place = 0; at < length; place++) {
        while (at < length && strchr(" \n", phrase[at]))
            at++;
        size_t size = 0;
        while (at + size < length && !strchr(" \n", phrase[at + size]))
            size++;
        if (place == count && size > 0) {
            bool waiting = count > 0 && (strcmp(given[0], "retry") == 0 || strcmp(given[0], "cancel") == 0);
            offer_alternatives(phrase + at, size, !waiting);
            return;
        }
        if (place < count && !is_alternative(phrase + at, size, given[place]))
            return;
        at += size;
    }
}

/* The phrases of a command's row are parted by " | ". */
static void offer_arguments(const char *arguments, char *const *given, int count)
{
    while (*arguments) {
        const char *end = strstr(arguments, " |");
        while (end && end[2] && end[2] != ' ' && end[2] != '\n')
            end = strstr(end + 2, " |");
        size_t length = end ? (size_t)(end - arguments) : strlen(arguments);
        offer_phrase(arguments, length, given, count);
        arguments += length + (end ? 2 : 0);
    }
}

static void offer_value(const struct cli_option *option)
{
    if (strcmp(option->name, "--printer") == 0)
        offer_printers();
    else if (strcmp(option->name, "--profile") == 0)
        offer_profiles();
    else
        offer_alternatives(option->value, strlen(option->value), true);
}

static const struct cli_option *option_named(const struct cli_option *options, const char *word)
{
    for (; options->name; options++)
        if (options->kind != CLI_NOTE && strcmp(options->name, word) == 0)
            return options;
    return NULL;
}

void cli_complete_options(const char *arguments, const struct cli_option *options, int argc, char **argv)
{
    char *given[PLACES];
    int count = 0;
    for (int i = 1; i < argc - 1; i++) {
        const struct cli_option *option = option_named(options, argv[i]);
        bool valued = option && option->kind != CLI_FLAG;
        if (valued && i + 1 == argc - 1) {
            offer_value(option);
            return;
        }
        i += valued;
        if (argv[i][0] != '-' && !option && count < PLACES)
            given[count++] = argv[i];
    }
    if (argv[argc - 1][0] == '-') {
        for (const struct cli_option *option = options; option->name; option++)
            if (option->kind != CLI_NOTE)
                offer(option->name, strlen(option->name));
        offer("--help", 6);
    } else {
        offer_arguments(arguments, given, count);
    }
}

bool cli_completing(void)
{
    return asked.words != NULL;
}

static void offer_commands(void)
{
    static const char *const options[] = { "--config", "--state", "--help", "--version" };
    for (const struct cli_command *command = cli_commands; command->name; command++)
        offer(command->name, strlen(command->name));
    for (size_t i = 0; i < sizeof options / sizeof options[0] && asked.words[asked.count - 1][0] == '-'; i++)
        offer(options[i], strlen(options[i]));
}

int cli_complete(int argc, char **argv)
{
    struct kwit_settings settings = { 0 };
    const struct cli_command *command = cli_commands;
    int at = 0;
    if (argc < 1)
        return 64;
    asked.words = argv;
    asked.count = argc;
    for (; at + 1 < argc && argv[at][0] == '-'; at++) {
        const char **target = strcmp(argv[at], "--config") == 0 ? &settings.config_file
            : strcmp(argv[at], "--state") == 0 ? &settings.state_dir : NULL;
        if (target && at + 2 == argc)
            return 0;               /* a file */
        if (target)
            *target = argv[++at];
    }
    while (at + 1 < argc && command->name && strcmp(command->name, argv[at]) != 0)
        command++;
    if (at + 1 == argc) {
        offer_commands();
    } else if (command->name && kwit_context_new(&settings, &asked.context) == 0) {
        command->run(asked.context, argc - at, argv + at);
        kwit_context_free(asked.context);
    }
    return 0;
}
