/* test_simulator_past.c - killing the writer of a simulated printer at any system call changes nothing of its past. */
#include "base/clock.h"
#include "simulator/doors/folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char killed[] = "/tmp/kwit-past-XXXXXX", whole[] = "/tmp/kwit-past-XXXXXX";

/* What one opening does: faults, an order before and one behind the bytes. */
#define BYTES(text) text, sizeof text - 1
static const struct session { const char *faults, *bytes; size_t length; const char *before, *behind; } sessions[] = {
    { "paper-out@mm=12", BYTES("\x1b@one\ntwo\nthree\nfour\nfive\n\x1dV\x41\x05"), NULL, "paper load 80" },
    { NULL, BYTES("\x1b" "E\x01six\n\x1d(k\x06\x00\x31\x50\x30" "abc\x1d(k\x03\x00\x31\x51\x30\x1dV\x41\x05"),
      "cover open", "cover close" },
    { "cover@byte=9", BYTES("seven eight\nnine\n\x1dV\x41\x05left\n"), NULL, "cover close" },
};
enum { SESSIONS = sizeof sessions / sizeof sessions[0] };

static size_t wire_length(const char *path)
{
    char name[100];
    struct stat facts;
    snprintf(name, sizeof name, "%s/wire.bin", path);
    return stat(name, &facts) == 0 ? (size_t)facts.st_size : 0;
}

static void give(struct kw_sim_folder *folder, const char *order)
{
    struct kw_buffer answer;
    kw_buffer_init(&answer, 4096);
    if (order && kw_sim_folder_order(folder, order, &answer, NULL) != 0)
        _exit(3);
    kw_buffer_free(&answer);
}

/* `at`: where the bytes of this session begin on the wire; those that are there already are not sent again. */
static void run_session(const char *path, const struct session *session, size_t at)
{
    struct kw_sim_folder *folder;
    struct kw_error error;
    size_t there = wire_length(path), length = session->length;
    const struct kw_sim_options options = { .profile = kw_profile_find(KW_SIM_DEFAULT_PROFILE),
                                            .faults = session->faults };
    if (kw_sim_folder_open(path, &options, true, kw_clock_boot_ms() + 60000, &folder, &error) != 0)
        _exit(2);
    if (there <= at)
        give(folder, session->before);
    for (size_t done = there > at ? there - at : 0; done < length;) {
        ptrdiff_t part = kw_sim_write(kw_sim_folder_machine(folder), (const uint8_t *)session->bytes + done,
                                      length - done);
        if (part <= 0 || kw_sim_folder_flush(folder, &error) != 0)
            _exit(4);
        done += (size_t)part;
    }
    give(folder, session->behind);
    kw_sim_folder_close(folder, &error);
}

static size_t begin_of(size_t session)
{
    size_t at = 0;
    for (size_t i = 0; i < session; i++)
        at += sessions[i].length;
    return at;
}

static void run_from(const char *path, volatile size_t *now)
{
    for (; *now < SESSIONS; (*now)++)
        run_session(path, &sessions[*now], begin_of(*now));
}

/* Stops the child at each system call and kills it at the one that is asked for; false: it came to its end before. */
static bool run_and_kill(volatile size_t *now, int at)
{
    int status, calls = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        run_from(killed, now);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    while (!WIFEXITED(status)) {
        if (calls++ == at) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return true;
        }
        if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0)
            skip();                             /* nobody may be traced here */
        assert_int_equal(waitpid(child, &status, 0), child);
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return false;
}

static size_t read_named(const char *path, const char *name, char *out, size_t size)
{
    char file_name[200];
    snprintf(file_name, sizeof file_name, "%s/%s", path, name);
    FILE *file = fopen(file_name, "rb");
    size_t length = file ? fread(out, 1, size, file) : 0;
    if (file)
        fclose(file);
    return length;
}

static void same_files(int at)
{
    static const char *const names[] = { "wire.bin", "events.jsonl", "0001.txt", "0002.txt", "0003.txt", "0004.txt",
                                         "0005.txt", "0001.png", "0002.png", "0003.png", "0004.png", "0005.png" };
    static char one[65536], other[65536];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = read_named(whole, names[i], one, sizeof one);
        if (length == 0)
            fail_msg("%s is empty", names[i]);
        if (read_named(killed, names[i], other, sizeof other) != length || memcmp(one, other, length) != 0)
            fail_msg("killed at call %d: %s differs", at, names[i]);
    }
}

static void killed_at_every_system_call_it_goes_on_as_if_nothing_had_been(void **state)
{
    volatile size_t *now = mmap(NULL, sizeof *now, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_true(now != MAP_FAILED);
    *now = 0;
    run_from(whole, now);
    int at = 0;
    for (bool was_killed = true; was_killed; at++) {
        kw_sim_folder_clear(killed, NULL);
        *now = 0;
        was_killed = run_and_kill(now, at);
        run_from(killed, now);
        same_files(at);
    }
    assert_true(at > 100);
    munmap((void *)now, sizeof *now);
}

static void nobody_else_may_write_there(void **state)
{
    struct stat facts;
    char place[64];
    (void)state;
    mode_t before = umask(0);
    snprintf(place, sizeof place, "%s/deep", whole);
    run_session(place, &sessions[1], 0);
    umask(before);
    assert_int_equal(stat(place, &facts), 0);
    assert_int_equal(facts.st_mode & 0002, 0);
    snprintf(place, sizeof place, "%s/deep/wire.bin", whole);
    assert_int_equal(stat(place, &facts), 0);
    assert_int_equal(facts.st_mode & 0002, 0);
}

static void remove_all(const char *path)
{
    DIR *directory = opendir(path);
    for (const struct dirent *entry; directory && (entry = readdir(directory));) {
        char inner[400];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && unlink(inner) != 0)
            remove_all(inner);
    }
    if (directory)
        closedir(directory);
    rmdir(path);
}

static int make_folders(void **state)
{
    (void)state;
    return mkdtemp(killed) && mkdtemp(whole) ? 0 : -1;
}

static int remove_folders(void **state)
{
    (void)state;
    remove_all(killed);
    remove_all(whole);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_every_system_call_it_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(nobody_else_may_write_there),
    };
    return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
