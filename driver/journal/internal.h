/* internal.h - what the files of this room share: the database handle, statements, errors. */
#ifndef KW_JOURNAL_INTERNAL_H
#define KW_JOURNAL_INTERNAL_H

#include "journal/journal.h"
#include "journal/tally.h"

#include <sqlite3.h>
#include <sys/types.h>

enum { KW_JOURNAL_STATEMENTS = 128 };

struct kw_journal {
    sqlite3 *db;
    bool writable, in_memory, untouched, anew;
    dev_t device;                   /* of its file, with the inode: whether the path still leads to it */
    ino_t inode;
    pid_t process;                  /* that opened it: SQLite's locks do not go with a fork */
    char *path, *erase_key;         /* erase_key: see erase_key.h; NULL: none was named */
    uint8_t secret[KW_JOURNAL_SECRET_BYTES];
    char uuid[KW_JOURNAL_UUID_SIZE];
    bool has_secret, has_uuid;      /* they were read once, and are for ever */
    /* Prepared statements, found again by the address of their constant text. */
    struct { const char *sql; sqlite3_stmt *statement; } prepared[KW_JOURNAL_STATEMENTS];
    size_t prepared_count;
    int64_t last_n;                 /* of a private copy: the last event that the file itself holds; else 0 */
    int64_t until_ms;
    int busy_ms, frames;            /* frames: in the WAL when the last transaction ended */
    int64_t page_bytes;             /* of the file; 0: not asked yet */
    enum kw_durability durability;  /* that `PRAGMA synchronous` stands for now */
    struct kw_arena *scratch;       /* strings of kw_touchpoint_get; NULL until it is needed, freed on close */
    /*
     * How the last transaction left the file: its version, the touchpoint that was added last (in the scratch arena;
     * NULL: none) and the last event (n 0: not known). Nothing of it holds once somebody else has written, which
     * kw_journal_begin finds.
     */
    struct {
        int64_t version;
        const struct kw_touchpoint *added;
        int64_t n;
        uint8_t hash[32];
    } left;
    /* The sale that kw_sale_add added last, and the seal of its row, for the touchpoint that follows. */
    int64_t sealed_sale;
    uint8_t sale_seal[16];
    /*
     * seal.c: what its digests are keyed with, made of the secret and the journal's name; whether it watches; how
     * sealed rows changed in this transaction, and what states that before the commit.
     */
    uint8_t row_secret[16];
    bool watched;
    struct kw_tally changes;
    int (*before_commit)(struct kw_journal *journal, struct kw_error *error);
};

/* In this room error is never NULL: callers inside it return error->code. */

/* Fills *error from SQLite's last error here (full, corrupt, read-only, busy told apart) and returns the code. */
int kw_journal_fail(struct kw_journal *journal, const char *what, struct kw_error *error);
/* Whether another writer is still waited for after that long; pauses when it is. */
int kw_journal_pause(void *journal, int tries);
/* Whether what failed last did so because other writers held the file too long. */
bool kw_journal_was_busy(const struct kw_journal *journal);

/*
 * A statement for constant text, prepared once for each journal and reset; NULL with *error filled. Do not finalize it;
 * reset it when done (kw_journal_reset) so that it holds no lock.
 */
sqlite3_stmt *kw_journal_prepare(struct kw_journal *journal, const char *sql, struct kw_error *error);
void kw_journal_reset(sqlite3_stmt *statement);

/* Resets a statement whose step came to `status`, what its row holds having been taken: 0, or the failure it was. */
int kw_journal_stepped(struct kw_journal *journal, sqlite3_stmt *statement, int status, struct kw_error *error);
/* The same behind a walk through its rows that ended with `code`, whose failure goes before its own. */
int kw_journal_walked(struct kw_journal *journal, sqlite3_stmt *statement, int code, int status,
                      struct kw_error *error);
/* Steps a statement that gives no rows and resets it: 0 or a failure. */
int kw_journal_done(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_error *error);
/*
 * Steps a statement through all its rows and resets it: *rows in the arena, NULL where there are none. `take` fills one
 * row of `size` bytes; false: no memory.
 */
typedef bool kw_journal_take(sqlite3_stmt *statement, struct kw_arena *arena, void *row);
int kw_journal_rows(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_arena *arena, size_t size,
                    kw_journal_take *take, void **rows, size_t *count, struct kw_error *error);
/* Runs constant text without parameters or rows. */
int kw_journal_run(struct kw_journal *journal, const char *sql, struct kw_error *error);

/* Runs constant text with these numbers as ?1, ?2, …; rows it gives are left. */
int kw_journal_run_with(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count,
                        struct kw_error *error);
/* The first column of its first row; a query without a row is a failure. */
int kw_journal_number(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count, int64_t *value,
                      struct kw_error *error);
/* One moment of a journal that a till may be using. *began: nobody held one, and kw_journal_rollback ends this one. */
int kw_journal_begin_reading(struct kw_journal *journal, bool *began, struct kw_error *error);

/* Of a row of `job`, as the index job_open has it. */
#define KW_JOB_IS_OPEN "finished_ms = 0"

/* A text column, never NULL; lives until the statement is stepped or reset. */
const char *kw_column_text(sqlite3_stmt *statement, int column);
/* Binds text that lives longer than the statement's next step; NULL binds "". */
int kw_bind_text(sqlite3_stmt *statement, int index, const char *text);

/* fsync of the directory that a file lies in. */
int kw_journal_sync_directory(const char *path, struct kw_error *error);
/* What a person can do about such a failure. */
const char *kw_journal_mend(enum kwit_error code);
/* What is known of how the last transaction left the file holds no longer. */
void kw_journal_unlearn(struct kw_journal *journal);
/* Finalizes all statements: the database is about to be closed or exchanged. */
void kw_journal_forget(struct kw_journal *journal);
/* From now on the length of the write-ahead log is known after each transaction. */
void kw_journal_watch_wal(struct kw_journal *journal);

/* The file layer that a journal is opened with; NULL: SQLite's default (vfs.c). */
const char *kw_journal_vfs(void);
/* Before SQLite is first used: its memory comes from a store for short lives and one thread (memory.c). */
void kw_journal_take_memory(void);
/* From now on a truncating checkpoint of this journal leaves no byte of the WAL behind: for what was erased. */
void kw_journal_wipe_wal(struct kw_journal *journal);
/* The write-ahead log holds pages as they were until it is copied back: now, so that what was erased is gone. */
int kw_journal_empty_wal(struct kw_journal *journal, struct kw_error *error);

#endif
