/* flusher.c - detached processes: one per printer that prints what a caller had to leave; one that pushes sales. */
#include "api/call.h"

#include "base/module.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 16 };

static void add(const char **arguments, size_t *count, const char *option, const char *value)
{
    if (!value || !value[0])
        return;
    arguments[(*count)++] = option;
    arguments[(*count)++] = value;
}

/* Its own session, no stream of the caller's, so that nobody waits for it; and no signal that the caller keeps off. */
static int spawn_detached(const char *path, const char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return -1;
    }
    int failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    failed |= posix_spawn_file_actions_adddup2(&actions, 0, 1) | posix_spawn_file_actions_adddup2(&actions, 0, 2);
    failed |= posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    failed |= posix_spawn_file_actions_addchdir_np(&actions, "/");
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    failed |= posix_spawnattr_setsigmask(&attributes, &none) | posix_spawnattr_setsigdefault(&attributes, &all);
    failed |= posix_spawnattr_setflags(&attributes,
                                       POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!failed)
        failed = posix_spawnp(&child, path, &actions, &attributes, (char *const *)arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    /* The command forks once more and returns at once; only that first one is waited for. */
    if (!failed)
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
    return failed ? -1 : 0;
}

/*
 * The command with this call's configuration and state; `words` up to the first NULL. That of this library, wherever
 * PATH leads a program that uses it, else the one on PATH. False: there is none.
 */
static bool leave(const struct kw_call *call, const char *const *words)
{
    char path[PATH_MAX], config[PATH_MAX], state[PATH_MAX];
    const char *arguments[ARGUMENTS] = { "kwit" };
    size_t count = 1;
    if (call->context->config_file)
        add(arguments, &count, "--config", realpath(call->context->config_file, config));
    add(arguments, &count, "--state", realpath(kw_state_dir(call->state), state));
    while (*words)
        arguments[count++] = *words++;
    return (kw_module_command(path) && spawn_detached(path, arguments) == 0) || spawn_detached("kwit", arguments) == 0;
}

bool kw_call_leave_flusher(struct kw_call *call)
{
    const char *const words[] = { "queue", "flush", "--background", "--printer", call->delivery.uri, NULL };
    const bool wanted = call->state && !call->unjournalled && call->printer.drain == KW_DRAIN_SELF && call->delivery.uri
                        && call->delivery.uri[0];
    return !wanted || leave(call, words);
}

void kw_call_leave_pusher(struct kw_call *call)
{
    static const char *const words[] = { "journal", "push", "--background", NULL };
    if (call->state && !call->unjournalled && call->config.office.push && call->config.office.push_after_sale)
        leave(call, words);
}
