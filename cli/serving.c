/* serving.c - what the subcommands that serve until ended share: the signals that end them, and their lines. */
#include "cli.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* A signal sets it and threads read it: an atomic without a lock may be used in both. */
static atomic_int asked_to_stop;

static void stop(int signal_number)
{
    (void)signal_number;
    asked_to_stop = 1;
}

void cli_end_by_signal(void)
{
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int cli_go_on(void *data)
{
    (void)data;
    return !asked_to_stop;
}

void cli_say(void *data, const char *line)
{
    size_t length = strlen(line);
    (void)data;
    fputs(line, stdout);
    if (length == 0 || line[length - 1] != '\n')
        fputc('\n', stdout);
    fflush(stdout);
}

void cli_log(void *data, int level, const char *line)
{
    enum { DEBUG = 3 };
    (void)data;
    if (level < DEBUG)
        fprintf(stderr, "kwit: %s\n", line);
}
