/* guard.c - a copy of the process that says one byte when it has come to the end. */
#include "api/tap/guard.h"

#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

enum { BUSY_MACHINE = 5, FIRST_FILE = 3, MS_PER_S = 1000, US_PER_MS = 1000 };

/* Never returns. What it crashes with is nobody's business: no message, no core. */
static void try_here(int64_t limit_ms, int told, void (*work)(void *data), void *data)
{
    const struct itimerval limit = { .it_value = { limit_ms / MS_PER_S, limit_ms % MS_PER_S * US_PER_MS } };
    const struct rlimit no_core = { 0, 0 };
    if (dup2(told, FIRST_FILE) != FIRST_FILE)
        _exit(1);
    close_range(FIRST_FILE + 1, UINT_MAX, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGPROF, SIG_DFL);
    setitimer(ITIMER_PROF, &limit, NULL);
    work(data);
    _exit(write(FIRST_FILE, "", 1) == 1 ? 0 : 1);
}

/* Whether it said that it is through; *late: the moment came first. */
static bool hear(int from, int64_t until_ms, bool *late)
{
    struct pollfd end = { .fd = from, .events = POLLIN };
    char byte;
    int ready;
    do
        ready = poll(&end, 1, kw_clock_left_ms(until_ms));
    while (ready < 0 && errno == EINTR);
    *late = ready == 0;
    return ready > 0 && read(from, &byte, 1) == 1;
}

static enum kw_survival end_child(pid_t child, bool through, bool late)
{
    int status = 0;
    if (late)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (through)
        return KW_SURVIVED;
    return late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) ? KW_SURVIVED_TOO_LONG : KW_SURVIVED_NOT;
}

enum kw_survival kw_guard_try(int64_t limit_ms, void (*work)(void *data), void *data)
{
    int ends[2];
    bool late = false;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return KW_SURVIVED;
    pid_t child = fork();
    if (child == 0)
        try_here(limit_ms, ends[1], work, data);
    close(ends[1]);
    bool through = child > 0 && hear(ends[0], kw_clock_boot_ms() + BUSY_MACHINE * limit_ms, &late);
    close(ends[0]);
    return child > 0 ? end_child(child, through, late) : KW_SURVIVED;
}
