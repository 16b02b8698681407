/*
 * cmd_learn.c - kwit learn: a printer that nobody knows prints a sheet; what a person reads on it becomes a line of the
 * configuration.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 200, AGAIN_MOST = 3, TABLE_LAST = 53, SHORTEST_MM = 40, LONGEST_MM = 60 };

/* One answer without its line end; false: there is none. */
static bool take_line(char line[LINE_MOST])
{
    if (!fgets(line, LINE_MOST, stdin))
        return false;
    line[strcspn(line, "\r\n")] = 0;
    return true;
}

/* Asks until one of the words is said, by its beginning; -1: nobody answers. */
static int ask_word(const char *question, const char *const *words)
{
    char line[LINE_MOST];
    for (int again = 0; again < AGAIN_MOST; again++) {
        printf("%s ", question);
        fflush(stdout);
        if (!take_line(line))
            return -1;
        for (int i = 0; words[i] && line[0]; i++)
            if (strncmp(words[i], line, strlen(line)) == 0)
                return i;
        puts("That is none of them.");
    }
    return -1;
}

/* The number of the line that reads so, -1 for none; -2: nobody answers. */
static int ask_table(const char *sample)
{
    char line[LINE_MOST], *end;
    for (int again = 0; again < AGAIN_MOST; again++) {
        printf("Which number stands before: %s (Enter: none)? ", sample);
        fflush(stdout);
        if (!take_line(line))
            return -2;
        if (!line[0])
            return -1;
        long n = strtol(line, &end, 10);
        if (!*end && n >= 0 && n <= TABLE_LAST)
            return (int)n;
        puts("That is no number of the sheet.");
    }
    return -2;
}

/* What tells the dots of an inch; whoever has no measure says nothing. */
static bool ask_length(int *mm)
{
    char line[LINE_MOST], *end;
    *mm = 0;
    for (int again = 0; again < AGAIN_MOST; again++) {
        printf("How many millimetres long is the line of letter A, with its block (Enter: not measured)? ");
        fflush(stdout);
        if (!take_line(line))
            return false;
        long n = strtol(line, &end, 10);
        if (!line[0] || (!*end && n >= SHORTEST_MM && n <= LONGEST_MM)) {
            *mm = line[0] ? (int)n : 0;
            return true;
        }
        puts("That is no such length.");
    }
    return false;
}

static bool ask_ruler(struct kwit_learnt *learnt)
{
    static const char *const letters[] = { "A", "B", "C", "D", "E", "F", NULL };
    int letter = ask_word("The last letter whose line ends in a black block (A to F)?", letters);
    learnt->width_dots = kwit_learn_width(letter);
    return letter >= 0;
}

static bool ask_tables(struct kwit_learnt *learnt)
{
    char sample[LINE_MOST];
    for (int i = 0; i < KWIT_LEARN_PAGES; i++)
        learnt->table[i] = -1;
    for (int i = 0; i < KWIT_LEARN_PAGES && kwit_learn_page(i); i++) {
        kwit_learn_sample(i, sample, sizeof sample);
        learnt->table[i] = ask_table(sample);
        if (learnt->table[i] == -2)
            return false;
    }
    return true;
}

static bool ask_all(struct kwit_learnt *learnt, bool pulsed)
{
    static const char *const yes_no[] = { "no", "yes", NULL }, *const cuts[] = { "none", "partial", "full", NULL };
    if (!ask_ruler(learnt) || !ask_tables(learnt))
        return false;
    learnt->qr = ask_word("Is there a QR code below the word QR (yes, no)?", yes_no);
    learnt->bars = ask_word("Are there bars below the word BARS, and no letters in their place (yes, no)?", yes_no);
    if (!ask_length(&learnt->line_mm))
        return false;
    learnt->cut = ask_word("Was the paper cut: none, partial (a bridge is left), full?", cuts);
    learnt->drawer = pulsed ? ask_word("Did the drawer open (yes, no)?", yes_no) : -1;
    return learnt->qr >= 0 && learnt->bars >= 0 && learnt->cut >= 0 && (!pulsed || learnt->drawer >= 0);
}

static int write_file(const char *output, const char *printer, const char *line)
{
    char text[2000];
    bool address = printer && (strchr(printer, ':') || printer[0] == '/');
    int length = snprintf(text, sizeof text,
                          "# Learnt with kwit learn. Put this file into /etc/kwit/conf.d, or the lines into your own.\n"
                          "[printer%s%s]\n%s%s%sprofile = %s\n", printer && !address ? " " : "",
                          printer && !address ? printer : "", address ? "uri = " : "", address ? printer : "",
                          address ? "\n" : "", line);
    return cli_write(output ? output : "-", text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
}

int cmd_learn(kwit_context *context, int argc, char **argv)
{
    struct kwit_learnt learnt = { 0 };
    const char *printer = NULL, *output = NULL;
    bool pulse = false;
    const struct cli_option table[] = {
        { "--printer", CLI_TEXT, &printer, "NAME|URI", "a printer of the configuration, or an address" },
        { "--drawer", CLI_FLAG, &pulse, NULL, "try the drawer too" },
        { "-o", CLI_TEXT, &output, "FILE", "where the lines for the configuration go" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("learn", table, argc, argv, &status);
    if (count < 0)
        return status;
    if (count != 0)
        return cli_usage_error(false, "learn takes no argument; name the printer with --printer");
    kwit_result *result;
    if (kwit_learn_print(context, printer, pulse, &result) != 0)
        return cli_finish(result, false);
    kwit_result_free(result);
    puts("The sheet is printed. Look at it, and answer.");
    if (!ask_all(&learnt, pulse))
        return cli_usage_error(false, "the answers ended before all was asked; nothing is written");
    kwit_learn_describe(&learnt, &result);
    status = write_file(output, printer, kwit_result_text(result));
    kwit_result_free(result);
    return status;
}
