/* test_state.c - the state directory: rights, durable files, locks between processes, ballast. */
#include "base/clock.h"
#include "state/state.h"
#include "support/place.h"
#include "support/skip.h"

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct kw_state *open_in(const char *name)
{
    char path[200];
    struct kw_state *state;
    struct kw_error error;
    snprintf(path, sizeof path, "%s/%s", place, name);
    assert_int_equal(kw_state_open(path, &state, &error), 0);
    return state;
}

static void a_directory_is_made_with_its_parents_for_its_user_alone(void **unused)
{
    struct stat about;
    struct kw_state *state = open_in("one/two/three");
    (void)unused;
    assert_int_equal(stat(kw_state_dir(state), &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_false(kw_state_is_of_group(state));
    kw_state_close(state);
}

static void a_directory_of_a_group_is_shared(void **unused)
{
    char path[200];
    (void)unused;
    snprintf(path, sizeof path, "%s/group", place);
    assert_int_equal(mkdir(path, 0770), 0);
    assert_int_equal(chmod(path, 02770), 0);
    struct kw_state *state = open_in("group");
    assert_true(kw_state_is_of_group(state));
    kw_state_close(state);
}

/* What stands in the environment, in the order in which it counts. */
static void without_a_name_the_environment_says_where(void **unused)
{
    static const struct { const char *variable, *below; } rows[] = {
        { "HOME", "/.local/state/kwit" }, { "XDG_STATE_HOME", "/kwit" }, { "KWIT_STATE_DIR", "" },
    };
    (void)unused;
    if (access("/var/lib/kwit", F_OK) == 0)
        SKIP("/var/lib/kwit is there, and comes first");
    char *home = strdup(getenv("HOME") ? getenv("HOME") : "/root");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        unsetenv(rows[i].variable);
    struct kw_state *state;
    struct kw_error error;
    assert_int_equal(kw_state_open(NULL, &state, &error), KWIT_E_PERMISSION);
    assert_non_null(strstr(error.text, "--state DIR"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char base[100], wanted[200];
        snprintf(base, sizeof base, "%s/base-%zu", place, i);
        snprintf(wanted, sizeof wanted, "%s%s", base, rows[i].below);
        setenv(rows[i].variable, base, 1);
        assert_int_equal(kw_state_open(NULL, &state, &error), 0);
        assert_string_equal(kw_state_dir(state), wanted);
        assert_int_equal(access(wanted, W_OK), 0);
        kw_state_close(state);
    }
    unsetenv("KWIT_STATE_DIR");
    setenv("XDG_STATE_HOME", "relative/is/not/trusted", 1);
    assert_int_equal(kw_state_open(NULL, &state, &error), 0);
    assert_non_null(strstr(kw_state_dir(state), "/base-0/.local/state/kwit"));
    kw_state_close(state);
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", home, 1);
    free(home);
}

static void a_path_that_is_too_long_is_told(void **unused)
{
    static char path[PATH_MAX + 100], out[PATH_MAX];
    struct kw_state *state;
    struct kw_error error;
    (void)unused;
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    assert_int_equal(kw_state_open(path, &state, &error), KWIT_E_IO);
    state = open_in("long");
    assert_int_equal(kw_state_path(state, path, out, sizeof out, &error), KWIT_E_IO);
    kw_state_close(state);
}

static void what_cannot_be_replaced_leaves_nothing_behind(void **unused)
{
    struct kw_state *state = open_in("blocked");
    struct kw_error error;
    char path[200];
    (void)unused;
    snprintf(path, sizeof path, "%s/blocked/key", place);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(kw_state_write(state, "key", "one", 3, 0600, &error) < 0);
    assert_string_equal(error.where, path);
    assert_int_equal(rmdir(path), 0);
    snprintf(path, sizeof path, "%s/blocked", place);
    kw_state_close(state);
    assert_int_equal(rmdir(path), 0);
}

static void a_file_in_the_way_is_an_error_that_names_it(void **unused)
{
    char path[200];
    struct kw_state *state;
    struct kw_error error;
    (void)unused;
    snprintf(path, sizeof path, "%s/file", place);
    int handle = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(handle >= 0);
    close(handle);
    assert_true(kw_state_open(path, &state, &error) < 0);
    assert_string_equal(error.where, path);
    assert_null(state);
}

static void a_whole_file_is_replaced_and_keeps_its_rights(void **unused)
{
    struct kw_state *state = open_in("files");
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_error error;
    char path[200];
    struct stat about;
    void *bytes;
    size_t length;
    (void)unused;
    umask(077);
    assert_int_equal(kw_state_write(state, "key", "one", 3, 0640, &error), 0);
    assert_int_equal(kw_state_write(state, "key", "other", 5, 0640, &error), 0);
    umask(022);
    assert_int_equal(kw_state_read(state, arena, "key", 100, &bytes, &length, &error), 0);
    assert_int_equal(length, 5);
    assert_memory_equal(bytes, "other", 5);
    assert_int_equal(kw_state_path(state, "key", path, sizeof path, &error), 0);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(kw_state_read(state, arena, "key", 4, &bytes, &length, &error), KWIT_E_IO);
    assert_int_equal(kw_state_read(state, arena, "none", 4, &bytes, &length, &error), KWIT_E_NOT_FOUND);
    kw_arena_free(arena);
    kw_state_close(state);
}

/* A child that holds the lock until it is killed. */
static pid_t hold_in_child(struct kw_state *state, const char *name)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct kw_lock *lock;
        struct kw_error error;
        if (kw_state_lock(state, name, 0, &lock, &error) == 0 && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void a_lock_has_one_holder_and_dies_with_its_process(void **unused)
{
    struct kw_state *state = open_in("locks");
    struct kw_lock *lock, *other;
    struct kw_error error;
    (void)unused;
    pid_t child = hold_in_child(state, "printer");
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(kw_state_lock(state, "printer", began + 60, &lock, &error), KWIT_E_BUSY);
    assert_true(kw_clock_boot_ms() - began >= 60);
    assert_int_equal(kw_state_lock(state, "another", 0, &other, &error), 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(kw_state_lock(state, "printer", kw_clock_boot_ms() + 60000, &lock, &error), 0);
    kw_state_unlock(lock);
    assert_int_equal(kw_state_lock(state, "printer", 0, &lock, &error), 0);
    kw_state_unlock(lock);
    kw_state_unlock(other);
    kw_state_close(state);
}

static void the_ballast_is_kept_once_and_freed_once(void **unused)
{
    struct kw_state *state = open_in("ballast");
    struct kw_error error;
    struct stat about;
    char path[200];
    (void)unused;
    assert_int_equal(kw_state_ballast_keep(state, &error), 0);
    assert_int_equal(kw_state_ballast_keep(state, &error), 0);
    assert_int_equal(kw_state_path(state, "ballast", path, sizeof path, &error), 0);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_blocks * 512 >= 1024 * 1024);
    assert_true(kw_state_ballast_free(state));
    assert_false(kw_state_ballast_free(state));
    kw_state_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_is_made_with_its_parents_for_its_user_alone),
        cmocka_unit_test(a_directory_of_a_group_is_shared),
        cmocka_unit_test(without_a_name_the_environment_says_where),
        cmocka_unit_test(a_path_that_is_too_long_is_told),
        cmocka_unit_test(what_cannot_be_replaced_leaves_nothing_behind),
        cmocka_unit_test(a_file_in_the_way_is_an_error_that_names_it),
        cmocka_unit_test(a_whole_file_is_replaced_and_keeps_its_rights),
        cmocka_unit_test(a_lock_has_one_holder_and_dies_with_its_process),
        cmocka_unit_test(the_ballast_is_kept_once_and_freed_once),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
