/* state.h - the state directory: where it is, its rights, locks, key files and ballast. */
#ifndef KW_STATE_STATE_H
#define KW_STATE_STATE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct kw_state;

/*
 * Opens (and makes, where it is the user's own) the directory: `dir`, else $KWIT_STATE_DIR, /var/lib/kwit where
 * it exists, else $XDG_STATE_HOME/kwit or ~/.local/state/kwit. One that exists and cannot be written is PERMISSION.
 */
int kw_state_open(const char *dir, struct kw_state **state, struct kw_error *error);
/* For who only reads: makes nothing (one that is missing is empty), and it may lie on a medium that is read only. */
int kw_state_open_to_read(const char *dir, struct kw_state **state, struct kw_error *error);
/* For locks alone, where no state can be kept: this user's own directory, which a boot forgets. */
int kw_state_open_passing(struct kw_state **state, struct kw_error *error);
void kw_state_close(struct kw_state *state);
const char *kw_state_dir(const struct kw_state *state);
/* A file of that name which this user's calls left in a directory of their own, before the system's was there. */
bool kw_state_former(const struct kw_state *state, const char *name, char *out, size_t size);
bool kw_state_is_of_group(const struct kw_state *state);   /* its files are 0660 and its keys 0640 */
/* Whether a file lies there whose name begins so. */
bool kw_state_holds(const struct kw_state *state, const char *prefix);
/* dir/name into out; IO when it does not fit. */
int kw_state_path(const struct kw_state *state, const char *name, char *out, size_t size, struct kw_error *error);

/*
 * An exclusive lock by name (any text; it is hashed), held by this process until released or until it dies.
 * Lock files lie in /run/lock/kwit where that can be written, else in the state directory.
 * Waits until the moment until_ms of kw_clock_boot_ms; BUSY then. 0: do not wait.
 */
struct kw_lock;
int kw_state_lock(struct kw_state *state, const char *name, int64_t until_ms, struct kw_lock **lock,
                  struct kw_error *error);
void kw_state_unlock(struct kw_lock *lock);

/* As a line of the shell: what lets this user write there, who may not; false: a name that cannot be quoted. */
bool kw_state_mend(const char *path, char *out, size_t size);

/* Writes a whole file durably: temporary name, mode, fsync, rename, fsync of the directory. */
int kw_state_write(struct kw_state *state, const char *name, const void *bytes, size_t length, int mode,
                   struct kw_error *error);
/* The same for what can be made again at any time: the disk is not waited for, and who reads it may find half of it. */
int kw_state_leave(struct kw_state *state, const char *name, const void *bytes, size_t length, int mode,
                   struct kw_error *error);
/* Reads at most limit bytes into the arena; NOT_FOUND when it does not exist. */
int kw_state_read(struct kw_state *state, struct kw_arena *arena, const char *name, size_t limit, void **bytes,
                  size_t *length, struct kw_error *error);

/* The ballast: a file that is deleted when the disk is full, so that an outcome can still be written. */
int kw_state_ballast_keep(struct kw_state *state, struct kw_error *error);
bool kw_state_ballast_free(struct kw_state *state);         /* false: there was none */

#endif
