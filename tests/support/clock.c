/* clock.c - the time of day that tests live in: linked into the unit programs, and loaded before the C library into the
 * real command (LD_PRELOAD), so that what is released reads no variable.
 *
 * TEST_CLOCK="WALL BOOT": it was WALL (milliseconds since 1970 UTC) when CLOCK_BOOTTIME read BOOT milliseconds. From then
 * it goes on as a clock does, for all processes alike. Without the variable it is the machine's.
 *
 * It can stand: then only who sleeps brings it on, no test depends on how fast the machine is, and a long wait takes no
 * time. In a unit program by clock_stands(); for all processes of a test with TEST_CLOCK_STANDS, a file of eight bytes
 * in which they add up how long they slept. */
#include "support/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The declarations promise that these are never null, but nothing holds a caller to that. */
int clock_gettime(clockid_t id, struct timespec *now);
time_t time(time_t *out);
int gettimeofday(struct timeval *restrict now, void *restrict zone);
int nanosleep(const struct timespec *time, struct timespec *left);

#define NS_PER_S 1000000000LL

/* For how many nanoseconds they slept beside a standing clock; NULL: the clock goes. */
static long long *slept;
static struct timespec stood_at[CLOCK_BOOTTIME + 1];

static int machine(clockid_t id, struct timespec *now)
{
    if (slept && id >= 0 && id <= CLOCK_BOOTTIME && stood_at[id].tv_sec) {
        long long ns = stood_at[id].tv_nsec + __atomic_load_n(slept, __ATOMIC_SEQ_CST);
        *now = (struct timespec){ stood_at[id].tv_sec + (time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S) };
        return 0;
    }
#ifdef SYS_clock_gettime64
    if (sizeof(time_t) > sizeof(long))
        return (int)syscall(SYS_clock_gettime64, id, now);
#endif
    return (int)syscall(SYS_clock_gettime, id, now);
}

void clock_stands(int stands)
{
    static const clockid_t of_the_day[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME };
    static long long here;
    slept = NULL;
    for (size_t i = 0; i < sizeof of_the_day / sizeof *of_the_day; i++)
        machine(of_the_day[i], &stood_at[of_the_day[i]]);
    here = 0;
    if (stands)
        slept = &here;
}

void clock_follows(const char *path, long long ms)
{
    static char at_first[64], set[64];
    const char *before = getenv("TEST_CLOCK");
    struct stat status;
    struct timespec boot;
    if (!*at_first)
        snprintf(at_first, sizeof at_first, "%s", before && *before ? before : "-");
    if (!path) {
        setenv("TEST_CLOCK", at_first, 1);
        return;
    }
    if (stat(path, &status) != 0 || machine(CLOCK_BOOTTIME, &boot) != 0)
        abort();
    snprintf(set, sizeof set, "%lld %lld", (long long)status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1000000 + ms,
             (long long)boot.tv_sec * 1000 + boot.tv_nsec / 1000000);
    setenv("TEST_CLOCK", set, 1);
}

/* All begin where TEST_CLOCK says that it was when it was set. */
__attribute__((constructor)) static void stand_with_others(void)
{
    const char *path = getenv("TEST_CLOCK_STANDS"), *set = getenv("TEST_CLOCK");
    int file = path && *path && set ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *shared = mmap(NULL, sizeof *slept, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared == MAP_FAILED)
        return;
    char *boot;
    strtoll(set, &boot, 10);
    long long ms = strtoll(boot, NULL, 10);
    struct timespec then = { (time_t)(ms / 1000), (long)(ms % 1000 * 1000000) };
    stood_at[CLOCK_REALTIME] = stood_at[CLOCK_MONOTONIC] = stood_at[CLOCK_BOOTTIME] = then;
    slept = shared;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    if (slept) {
        __atomic_add_fetch(slept, time->tv_sec * NS_PER_S + time->tv_nsec, __ATOMIC_SEQ_CST);
        return 0;
    }
    int code = clock_nanosleep(CLOCK_REALTIME, 0, time, left);
    errno = code ? code : errno;
    return code ? -1 : 0;
}

/* Milliseconds from the machine's CLOCK_BOOTTIME to the tests' wall clock; false when nobody set one. */
static int is_set(long long *ahead_ms)
{
    const char *text = getenv("TEST_CLOCK");
    char *boot, *end;
    if (!text || !*text)
        return 0;
    *ahead_ms = strtoll(text, &boot, 10);
    *ahead_ms -= strtoll(boot, &end, 10);
    return boot != text && end != boot;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
    long long ahead_ms;
    int wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
    if (!wall || !is_set(&ahead_ms))
        return machine(id, now);
    if (machine(CLOCK_BOOTTIME, now) != 0)
        return -1;
    long long ns = now->tv_nsec + ahead_ms % 1000 * 1000000;
    now->tv_sec += (time_t)(ahead_ms / 1000 + ns / 1000000000 - (ns < 0));
    now->tv_nsec = (long)(ns < 0 ? ns + 1000000000 : ns % 1000000000);
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec moment = { 0 };
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &moment) != 0)
        return -1;
    now->tv_sec = moment.tv_sec;
    now->tv_usec = moment.tv_nsec / 1000;
    return 0;
}
