/* main.c - kwit [--config FILE] [--state DIR] COMMAND …: finds the command in the table and runs it. */
#include "complete.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAP_STEP_BYTES = 512 * 1024, HEAP_KEEP_BYTES = 64 * 1024 * 1024 };

const struct cli_command cli_commands[] = {
#define COMMAND(name, function, arguments, summary) { name, arguments, summary, function },
#include "commands.def"
#undef COMMAND
    { NULL, NULL, NULL, NULL }
};

static int print_help(void)
{
    puts("usage: kwit [--config FILE] [--state DIR] COMMAND [ARGUMENT…]\n");
    for (const struct cli_command *command = cli_commands; command->name; command++)
        cli_help_line(command->name, 9, command->summary);
    puts("\nkwit COMMAND --help tells more; kwit --version names the version.");
    return 0;
}

static const struct cli_command *find_command(const char *name)
{
    for (const struct cli_command *command = cli_commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int unknown_command(const char *word)
{
    const char *names[sizeof cli_commands / sizeof cli_commands[0]];
    size_t count = 0;
    while (cli_commands[count].name) {
        names[count] = cli_commands[count].name;
        count++;
    }
    if (strcmp(word, "help") == 0)
        return cli_usage_error(false, "kwit --help lists the commands, kwit COMMAND --help the options of one");
    return cli_usage_error(false, "there is no command %s%s; kwit --help lists them", word,
                           cli_meant(word, names, count));
}

/* The value of --name VALUE or --name=VALUE at argv[*at], which is moved to the value; NULL: another word. */
static const char *global_value(const char *name, int argc, char **argv, int *at)
{
    size_t length = strlen(name);
    const char *word = argv[*at];
    if (strncmp(word, name, length) != 0)
        return NULL;
    if (word[length] == '=')
        return word + length + 1;
    return word[length] == 0 && *at + 1 < argc ? argv[++*at] : NULL;
}

/* Reads the options before the command. Returns the command's place in argv, or -1 with *status to return. */
static int read_globals(int argc, char **argv, struct kwit_settings *settings, int *status)
{
    for (int at = 1; at < argc; at++) {
        const char *value;
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            *status = print_help();
            return -1;
        }
        if (strcmp(argv[at], "--version") == 0) {
            printf("kwit %s\n", kwit_version());
            *status = 0;
            return -1;
        }
        if ((value = global_value("--config", argc, argv, &at)) != NULL)
            settings->config_file = value;
        else if ((value = global_value("--state", argc, argv, &at)) != NULL)
            settings->state_dir = value;
        else if (strcmp(argv[at], "--config") == 0 || strcmp(argv[at], "--state") == 0) {
            *status = cli_usage_error(false, "%s needs a value: %s", argv[at], argv[at][2] == 'c' ? "FILE" : "DIR");
            return -1;
        } else if (argv[at][0] == '-') {
            *status = cli_usage_error(false, "%s is not an option of kwit itself; options of a command come behind it",
                                      argv[at]);
            return -1;
        } else
            return at;
    }
    *status = cli_usage_error(false, "a command is missing; kwit --help lists them");
    return -1;
}

/* What these did stands, whether or not anybody could be told: exit 74 would say that nothing was sent. */
static bool did_something(const struct cli_command *command)
{
    return command && (command->run == cmd_print || command->run == cmd_reprint || command->run == cmd_resolve
                       || command->run == cmd_drawer || command->run == cmd_queue);
}

static int end_output(const struct cli_command *command, int status)
{
    int told = cli_end_telling(status);
    if (told == status || !did_something(command))
        return told;
    fputs("kwit: it was done, but the result could not be written; call again with the same id to be told\n", stderr);
    return status;
}

int main(int argc, char **argv)
{
    struct kwit_settings settings = { 0 };
    int status = 0;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);       /* a file that may not grow ends in an outcome, not in a signal */
    /* A call is over in a moment: asking the kernel for memory in small steps and giving it back only costs time. */
    mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
    mallopt(M_TRIM_THRESHOLD, HEAP_KEEP_BYTES);
    if (argc > 1 && strcmp(argv[1], "--complete") == 0)
        return cli_complete(argc - 2, argv + 2);
    int at = read_globals(argc, argv, &settings, &status);
    if (at < 0)
        return end_output(NULL, status);
    const struct cli_command *command = find_command(argv[at]);
    if (!command)
        return unknown_command(argv[at]);
    settings.log = command->run == cmd_office ? cli_log : NULL;     /* it serves for months, and somebody reads that */
    static kwit_context *context;   /* never freed: with the process all of it goes at once */
    if (kwit_context_new(&settings, &context) < 0)
        return cli_usage_error(false, "out of memory");
    kwit_context_alone(context, command->run != cmd_office && command->run != cmd_tap);
    status = command->run(context, argc - at, argv + at);
    return end_output(command, status);
}
