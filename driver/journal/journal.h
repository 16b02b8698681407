/*
 * journal.h - the SQLite file that remembers sales, jobs, pieces, printers and touchpoints. The only room with sqlite3.
 *
 * WAL is kept between processes, nothing is checkpointed on close. A commit is durable (KW_DURABLE) or survives only
 * the death of the process, not of the machine (KW_SOON); a later durable commit makes the earlier ones durable too.
 */
#ifndef KW_JOURNAL_JOURNAL_H
#define KW_JOURNAL_JOURNAL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_JOURNAL_SECRET_BYTES = 32, KW_JOURNAL_UUID_SIZE = 40, KW_JOURNAL_CHECKPOINT_BYTES = 256 * 1024 };

struct kw_journal;

struct kw_journal_options {
    const char *path;               /* of the database file, made 0660 whatever the umask */
    bool in_memory;                 /* nothing is kept: for printing on although the disk fails */
    bool create;                    /* make it where it does not exist; else NOT_FOUND */
    bool read_only;
    bool untouched;                 /* read_only, and a file of an older version stays so: a private copy is migrated */
    bool alone;                     /* nobody else in this program uses SQLite: it need not count its memory */
    bool one_thread;                /* and this program has no more than one */
    bool anew;                      /* one that is founded now follows one that was lost, and remembers when */
    int busy_ms;                    /* how long another writer is waited for; 0: five seconds */
    int64_t until_ms;               /* and not beyond this moment of kw_clock_boot_ms, but for a grace; 0: none */
    const char *erase_key;          /* file of the key for what is erased; NULL: such things are not known here */
    const char *vfs;                /* NULL: the system's own (tests put a failing disk here) */
};

/* PERMISSION, STATE_DAMAGED, DISK_FULL, IO, BUSY; CONFIG when a newer kwit made it. Migrates an older one. */
int kw_journal_open(const struct kw_journal_options *options, struct kw_journal **journal, struct kw_error *error);
void kw_journal_close(struct kw_journal *journal);
/* An open one is used again, by a call with such an end; false: its path leads to another file now, or to none, or
 * another process opened it. */
bool kw_journal_resume(struct kw_journal *journal, int64_t until_ms);
const char *kw_journal_path(const struct kw_journal *journal);

/* Counts on whenever this connection finds the file changed: between two equal ones nobody wrote. 0: not known. */
int64_t kw_journal_version(const struct kw_journal *journal);

/* Whether answers or other journals ever came here: it has the tables for them (late.h). */
bool kw_journal_receives(struct kw_journal *journal);
/* They are about to come: from now on it has them. */
int kw_journal_receive(struct kw_journal *journal, struct kw_error *error);

/* BEGIN IMMEDIATE, waiting for other writers. Every change in this room stands between begin and commit. */
enum kw_durability { KW_SOON, KW_DURABLE };
int kw_journal_begin(struct kw_journal *journal, enum kw_durability durability, struct kw_error *error);
/* When it fails, the transaction was rolled back. */
int kw_journal_commit(struct kw_journal *journal, struct kw_error *error);
void kw_journal_rollback(struct kw_journal *journal);
/* Commits when code is 0, else rolls back; returns code or the commit's. */
int kw_journal_end(struct kw_journal *journal, int code, struct kw_error *error);
/*
 * Between the transactions of a long work that began at a moment of kw_clock_boot_ms: rests as long as the last one
 * took, so that a sale that waits for the journal finds it free at least half of the time.
 */
void kw_journal_make_way(int64_t began_boot_ms);

/* Whether the last transaction left the WAL longer than that; then is the time to keep house. */
bool kw_journal_is_long(struct kw_journal *journal);
/* After an outcome: when the WAL holds more than 256 KiB of pages, it is copied back and cut if nobody is by. */
int kw_journal_checkpoint(struct kw_journal *journal, struct kw_error *error);
/*
 * For who stays: of a WAL that was cut the first transaction writes and syncs its head before its own pages. That is
 * done now, with a transaction that says nothing, so that the next sale does not wait for it.
 */
int kw_journal_begin_wal(struct kw_journal *journal, struct kw_error *error);

int kw_journal_uuid(struct kw_journal *journal, char out[KW_JOURNAL_UUID_SIZE], struct kw_error *error);
/* When it was begun where another was lost; 0: it was not. */
int kw_journal_anew(struct kw_journal *journal, int64_t *wall_ms, struct kw_error *error);
/* K_jrnl, made with the journal. */
int kw_journal_secret(struct kw_journal *journal, const uint8_t **secret, struct kw_error *error);

#endif
