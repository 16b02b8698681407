/*
 * ratio.c - ratio TITLE COUNT LIMIT FLOOR COMMAND [ARGUMENT…]: starts floor and command by turns, COUNT pairs, and
 * prints the medians and their ratio. `{n}` in an argument becomes the number of the pair. The command's output goes to
 * /dev/null; it must exit with 0. LIMIT is the largest ratio that is fine ("-": none); beyond it the exit status is 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { MOST_PAIRS = 10000, WARM_UP = 5, ARGUMENT_LIMIT = 64 };

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

/* Microseconds from before the start to behind the end of one process. */
static double run(char **arguments, posix_spawn_file_actions_t *actions)
{
    pid_t child;
    int status;
    double began = now_us();
    int error = posix_spawn(&child, arguments[0], actions, NULL, arguments, environ);
    if (error != 0 || waitpid(child, &status, 0) != child) {
        fprintf(stderr, "ratio: %s: %s\n", arguments[0], strerror(error ? error : errno));
        exit(2);
    }
    double took = now_us() - began;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "ratio: %s ended with %d\n", arguments[0], status);
        exit(2);
    }
    return took;
}

static char **numbered(char **arguments, int number)
{
    static char texts[ARGUMENT_LIMIT][4096];
    static char *made[ARGUMENT_LIMIT + 1];
    int i = 0;
    for (; arguments[i] && i < ARGUMENT_LIMIT; i++) {
        const char *mark = strstr(arguments[i], "{n}");
        if (mark)
            snprintf(texts[i], sizeof texts[i], "%.*s%d%s", (int)(mark - arguments[i]), arguments[i], number, mark + 3);
        made[i] = mark ? texts[i] : arguments[i];
    }
    made[i] = NULL;
    return made;
}

int main(int argc, char **argv)
{
    static double floors[MOST_PAIRS], commands[MOST_PAIRS];
    int count = argc > 5 ? atoi(argv[2]) : 0;
    if (count < 1 || count > MOST_PAIRS) {
        fprintf(stderr, "usage: ratio TITLE COUNT LIMIT FLOOR COMMAND [ARGUMENT...]\n");
        return 2;
    }
    char *floor_arguments[] = { argv[4], NULL };
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    for (int i = -WARM_UP; i < count; i++) {
        double floor_us = run(floor_arguments, &actions);
        double command_us = run(numbered(argv + 5, i + WARM_UP), &actions);
        if (i >= 0) {
            floors[i] = floor_us;
            commands[i] = command_us;
        }
    }
    double floor_us = median(floors, count), command_us = median(commands, count), ratio = command_us / floor_us;
    double limit = atof(argv[3]);
    int late = limit > 0 && ratio > limit;
    printf("%-58s %9.0f us  floor %6.0f us  %6.2fx%s", argv[1], command_us, floor_us, ratio, late ? "  above " : "");
    printf(late ? "%.2fx\n" : limit > 0 ? "  (at most %.2fx)\n" : "\n", limit);
    return late;
}
