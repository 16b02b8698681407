/*
 * cmd_learn.c - kwit learn: what a printer says of itself is put before a person; where its plate says otherwise it
 * prints a sheet, and what the person reads on that becomes a line of the configuration.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MOST = 200, AGAIN_MOST = 3, TABLE_LAST = 53, SHORTEST_MM = 40, LONGEST_MM = 60, BLADE_LAST = 12 };

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

/* A whole number of the range, `none` where a line is empty; NOBODY: nobody answers. */
enum { NOBODY = -2 };
static int ask_number(const char *question, int least, int most, int none)
{
    char line[LINE_MOST], *end;
    for (int again = 0; again < AGAIN_MOST; again++) {
        printf("%s ", question);
        fflush(stdout);
        if (!take_line(line))
            return NOBODY;
        if (!line[0])
            return none;
        long n = strtol(line, &end, 10);
        if (!*end && n >= least && n <= most)
            return (int)n;
        printf("That is no number from %d to %d.\n", least, most);
    }
    return NOBODY;
}

/* Three digits of the numbers on the sheet, by which a line tells how long it is. */
static int ask_columns(void)
{
    char line[LINE_MOST];
    for (int again = 0; again < AGAIN_MOST; again++) {
        printf("The last three digits of the first line below COUNT (Enter: not readable)? ");
        fflush(stdout);
        if (!take_line(line))
            return NOBODY;
        if (!line[0] || kwit_learn_columns(line) > 0)
            return line[0] ? kwit_learn_columns(line) : 0;
        puts("No line ends in them.");
    }
    return NOBODY;
}

/* 1: the plate says what the printer says; 0: it does not, or the printer said nothing; -1: nobody answers. */
static int ask_plate(const struct kwit_learn_said *said)
{
    static const char *const yes_no[] = { "no", "yes", NULL };
    char question[2 * LINE_MOST];
    if (!said->profile[0])
        return 0;
    snprintf(question, sizeof question, "It says that it is %s (profile %s), as copies of it do too. Does its plate say "
             "the same (yes, no)?", said->words, said->profile);
    return ask_word(question, yes_no);
}

/* Before the sheet: what has needles would print its rulers as metres of letters. */
static bool ask_needles(struct kwit_learnt *learnt)
{
    static const char *const yes_no[] = { "no", "yes", NULL };
    learnt->needles = ask_word("Does it print with needles and a ribbon, as on a typewriter (yes, no)?", yes_no);
    return learnt->needles >= 0;
}

static bool ask_ruler(struct kwit_learnt *learnt)
{
    static const char *const letters[] = { "A", "B", "C", "D", "E", "F", "none", NULL };
    int letter = ask_word("The last letter whose line ends in a black block (A to F, none)?", letters);
    learnt->width_dots = kwit_learn_width(letter);
    learnt->columns = letter < 0 ? NOBODY : ask_columns();
    return learnt->columns != NOBODY;
}

static bool ask_distances(struct kwit_learnt *learnt)
{
    static const char *const letters[] = { "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N",
                                           "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "unclear", NULL };
    static const char *const gaps[] = { "none", "same", "half", "unclear", NULL };
    learnt->place = ask_word("The letter that the ^ stands below, under PLACES (A to Z, unclear)?", letters);
    if (learnt->place < 0)
        return false;
    learnt->feed = ask_word("The white between the two bars below FEED: as high as a bar (same), half as high (half), "
                            "none, unclear?", gaps);
    if (learnt->feed < 0)
        return false;
    learnt->place = letters[learnt->place][1] ? -1 : learnt->place;
    learnt->feed = gaps[learnt->feed][0] == 'u' ? -1 : learnt->feed;
    return true;
}

static bool ask_tables(struct kwit_learnt *learnt)
{
    char question[2 * LINE_MOST], sample[LINE_MOST];
    for (int i = 0; i < KWIT_LEARN_PAGES; i++)
        learnt->table[i] = -1;
    for (int i = 0; i < KWIT_LEARN_PAGES && kwit_learn_page(i); i++) {
        kwit_learn_sample(i, sample, sizeof sample);
        snprintf(question, sizeof question, "Which number stands before: %s (Enter: none)?", sample);
        learnt->table[i] = ask_number(question, 0, TABLE_LAST, -1);
        if (learnt->table[i] == NOBODY)
            return false;
    }
    return true;
}

static bool ask_codes(struct kwit_learnt *learnt)
{
    static const char *const yes_no[] = { "no", "yes", NULL }, *const drawn[] = { "none", "1", "2", "both", NULL };
    learnt->qr = ask_word("Is there a QR code below the word QR (yes, no)?", yes_no);
    learnt->bars = ask_word("Are there bars below the word BARS, and no letters in their place (yes, no)?", yes_no);
    int whole = ask_word("Which codes below DRAWN 1 and DRAWN 2 are whole (1, 2, both, none)?", drawn);
    learnt->raster = whole > 0 && whole & 1;
    learnt->column = whole > 0 && whole & 2;
    return learnt->qr >= 0 && learnt->bars >= 0 && whole >= 0;
}

static bool ask_length(struct kwit_learnt *learnt)
{
    learnt->line_mm = ask_number("How many millimetres long is the line of letter A, with its block (Enter: not "
                                 "measured)?", SHORTEST_MM, LONGEST_MM, 0);
    return learnt->line_mm != NOBODY;
}

static bool ask_ends(struct kwit_learnt *learnt, bool pulsed)
{
    static const char *const yes_no[] = { "no", "yes", NULL }, *const cuts[] = { "none", "partial", "full", NULL };
    learnt->cut = ask_word("Was the paper cut: none, partial (a bridge is left), full?", cuts);
    if (learnt->cut > 0 && !learnt->needles)
        learnt->below_blade = ask_number("The highest of the numbers below BLADE that is on the piece behind the cut, "
                                         "also in part (Enter: none)?", 1, BLADE_LAST, 0);
    learnt->drawer = pulsed ? ask_word("Did the drawer open (yes, no)?", yes_no) : -1;
    return learnt->cut >= 0 && learnt->below_blade != NOBODY && (!pulsed || learnt->drawer >= 0);
}

static bool ask_all(struct kwit_learnt *learnt, bool pulsed)
{
    if (!learnt->needles)
        return ask_ruler(learnt) && ask_distances(learnt) && ask_tables(learnt) && ask_codes(learnt) &&
               ask_length(learnt) && ask_ends(learnt, pulsed);
    learnt->columns = ask_columns();
    return learnt->columns != NOBODY && ask_tables(learnt) && ask_ends(learnt, pulsed);
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
    size_t size = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    int status = cli_write(output ? output : "-", text, size);
    if (status != 0 && output)
        cli_write("-", text, size);         /* nobody answers all of it twice */
    return status;
}

/* Before anything is asked: what comes of the answers can be written there, and replaces nothing. */
static int try_output(const char *output)
{
    struct stat about;
    if (!output || strcmp(output, "-") == 0)
        return 0;
    if (stat(output, &about) == 0)
        return !S_ISREG(about.st_mode) || about.st_size == 0 ? 0
            : cli_usage_error(false, "-o %s: there is a file already, which this would replace; name another one",
                              output);
    int status = cli_write(output, "", 0);
    if (status == 0)
        unlink(output);
    return status;
}

int cmd_learn(kwit_context *context, int argc, char **argv)
{
    static const char early[] = "the answers ended before all was asked; nothing is written";
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
    if ((status = try_output(output)) != 0)
        return status;
    struct kwit_learn_said said;
    kwit_result *result;
    if (kwit_learn_ask(context, printer, &said, &result) != 0)
        return cli_finish(result, false);
    kwit_result_free(result);
    int plate = ask_plate(&said);
    if (plate == 1)
        return write_file(output, printer, said.profile);
    if (plate < 0 || !ask_needles(&learnt))
        return cli_usage_error(false, early);
    if (kwit_learn_print(context, printer, learnt.needles, pulse, &result) != 0)
        return cli_finish(result, false);
    kwit_result_free(result);
    puts("The sheet is printed. Look at it, and answer.");
    if (!ask_all(&learnt, pulse))
        return cli_usage_error(false, early);
    kwit_learn_describe(&learnt, &result);
    status = write_file(output, printer, kwit_result_text(result));
    kwit_result_free(result);
    return status;
}
