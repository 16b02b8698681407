/* guard.c - a copy of the process that says one byte for each step that it has come through. */
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
    kw_guard_say();
    _exit(0);
}

void kw_guard_say(void)
{
    if (write(FIRST_FILE, "", 1) != 1)
        _exit(1);
}

/* Whether it said something; *late: the moment came first. */
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

/* What it died of, where nobody killed it. */
static int end_child(struct kw_guard *guard, bool kills)
{
    int status = 0;
    if (kills)
        kill(guard->child, SIGKILL);
    while (waitpid(guard->child, &status, 0) < 0 && errno == EINTR)
        ;
    guard->child = 0;
    close(guard->from);
    return status;
}

bool kw_guard_begin(struct kw_guard *guard, int64_t limit_ms, void (*work)(void *data), void *data)
{
    int ends[2];
    *guard = (struct kw_guard){ .survived = KW_SURVIVED };
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        try_here(limit_ms, ends[1], work, data);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return false;
    }
    guard->child = child;
    guard->from = ends[0];
    guard->until_ms = kw_clock_boot_ms() + BUSY_MACHINE * limit_ms;
    return true;
}

enum kw_survival kw_guard_hear(struct kw_guard *guard)
{
    bool late;
    if (guard->child == 0 || hear(guard->from, guard->until_ms, &late))
        return guard->survived;
    int status = end_child(guard, late);
    bool slow = late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF);
    guard->survived = slow ? KW_SURVIVED_TOO_LONG : KW_SURVIVED_NOT;
    return guard->survived;
}

void kw_guard_end(struct kw_guard *guard)
{
    if (guard->child != 0)
        end_child(guard, true);
}
