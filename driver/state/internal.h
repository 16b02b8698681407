/* internal.h - what the files of this room share. */
#ifndef KW_STATE_INTERNAL_H
#define KW_STATE_INTERNAL_H

#include "state/state.h"

enum { KW_STATE_PATH_MAX = 4096 };

struct kw_state {
    char *dir;
    bool of_group;
};

/* Whether it is the directory that everybody on this machine uses who was told of no other. */
bool kw_state_is_of_system(const struct kw_state *state);
/* A failure of one system call on a path, with what to do about it. */
int kw_state_fail(struct kw_error *error, int number, const char *path, const char *what);
/* fsync of the directory, so that names made or changed in it are durable. */
int kw_state_sync(struct kw_state *state, struct kw_error *error);

#endif
