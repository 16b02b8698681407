/* store.c - statements, transactions and the write-ahead log of an open journal. Knows no table but `meta`. */
#include "journal/internal.h"

#include "base/clock.h"
#include "journal/late.h"

#include <stdio.h>
#include <string.h>

/* Another writer is done in a millisecond, as a rule. GRACE_MS: for the outcome of what went to paper in time. */
enum { QUICK_TRIES = 20, QUICK_MS = 1, SLOW_MS = 10, GRACE_MS = 200 };

static enum kwit_error meaning_of(int sqlite_code, int system_errno)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_FULL:
        return KWIT_E_DISK_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return KWIT_E_STATE_DAMAGED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return KWIT_E_PERMISSION;
    case SQLITE_NOMEM:
        return KWIT_E_NO_MEMORY;
    case SQLITE_BUSY:
        return KWIT_E_BUSY;
    case SQLITE_MISUSE:
    case SQLITE_ERROR:
    case SQLITE_RANGE:
        return KWIT_E_INTERNAL;
    default:
        return system_errno ? kw_error_from_errno(system_errno) : KWIT_E_IO;
    }
}

const char *kw_journal_mend(enum kwit_error code)
{
    switch (code) {
    case KWIT_E_DISK_FULL:
        return "make room on this disk";
    case KWIT_E_STATE_DAMAGED:
        return "move the file away and call again; a new journal is made";
    case KWIT_E_PERMISSION:
        return "kwit doctor has the command that lets this user use it; or choose another directory with --state";
    case KWIT_E_BUSY:
        return "another kwit is at work on it; call again";
    default:
        return "call again; when it stays so, look at the disk";
    }
}

void kw_journal_forget(struct kw_journal *journal)
{
    for (size_t i = 0; i < journal->prepared_count; i++)
        sqlite3_finalize(journal->prepared[i].statement);
    journal->prepared_count = 0;
}

int kw_journal_pause(void *data, int tries)
{
    const struct kw_journal *journal = data;
    int pause_ms = tries < QUICK_TRIES ? QUICK_MS : SLOW_MS;
    int waited_ms = tries < QUICK_TRIES ? tries * QUICK_MS : QUICK_TRIES * QUICK_MS + (tries - QUICK_TRIES) * SLOW_MS;
    bool over = journal->until_ms ? kw_clock_left_ms(journal->until_ms + GRACE_MS) == 0 : waited_ms >= journal->busy_ms;
    if (!over)
        sqlite3_sleep(pause_ms);
    return !over;
}

bool kw_journal_was_busy(const struct kw_journal *journal)
{
    return (sqlite3_errcode(journal->db) & 0xff) == SQLITE_BUSY;
}

int kw_journal_fail(struct kw_journal *journal, const char *what, struct kw_error *error)
{
    int sqlite_code = journal->db ? sqlite3_extended_errcode(journal->db) : SQLITE_NOMEM;
    int system_errno = journal->db ? sqlite3_system_errno(journal->db) : 0;
    enum kwit_error code = meaning_of(sqlite_code, system_errno);
    return kw_fail(error, code, journal->path, "%s the journal failed: %s%s%s; %s", what,
                   journal->db ? sqlite3_errmsg(journal->db) : "out of memory", system_errno ? ", " : "",
                   system_errno ? strerror(system_errno) : "",
                   code == KWIT_E_STATE_DAMAGED && journal->untouched ? "it is damaged, or no journal"
                                                                      : kw_journal_mend(code));
}

static sqlite3_stmt *remembered(struct kw_journal *journal, const char *sql)
{
    for (size_t i = 0; i < journal->prepared_count; i++)
        if (journal->prepared[i].sql == sql)
            return journal->prepared[i].statement;
    return NULL;
}

bool kw_journal_receives(struct kw_journal *journal)
{
    return kw_late_is_in(journal->db, NULL);
}

int kw_journal_receive(struct kw_journal *journal, struct kw_error *error)
{
    if (kw_journal_receives(journal) || kw_late_make(journal->db, journal->writable) == SQLITE_OK)
        return 0;
    int code = kw_journal_fail(journal, "writing", error);
    kw_journal_rollback(journal);
    return code;
}

sqlite3_stmt *kw_journal_prepare(struct kw_journal *journal, const char *sql, struct kw_error *error)
{
    sqlite3_stmt *statement = remembered(journal, sql);
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        return statement;
    }
    if (journal->prepared_count == KW_JOURNAL_STATEMENTS) {
        kw_fail(error, KWIT_E_INTERNAL, journal->path, "more than %d statements are prepared", KW_JOURNAL_STATEMENTS);
        return NULL;
    }
    int status = sqlite3_prepare_v3(journal->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (status == SQLITE_ERROR && !kw_journal_receives(journal)) {
        if (kw_journal_receive(journal, error) < 0)
            return NULL;
        status = sqlite3_prepare_v3(journal->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    }
    if (status != SQLITE_OK) {
        kw_journal_fail(journal, "reading", error);
        return NULL;
    }
    journal->prepared[journal->prepared_count].sql = sql;
    journal->prepared[journal->prepared_count++].statement = statement;
    return statement;
}

void kw_journal_reset(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

int kw_journal_stepped(struct kw_journal *journal, sqlite3_stmt *statement, int status, struct kw_error *error)
{
    int code = status == SQLITE_DONE || status == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(statement);
    return code;
}

int kw_journal_walked(struct kw_journal *journal, sqlite3_stmt *statement, int code, int status, struct kw_error *error)
{
    if (code < 0) {
        kw_journal_reset(statement);
        return code;
    }
    int ended = kw_journal_stepped(journal, statement, status, error);
    return ended < 0 ? ended : code;
}

int kw_journal_done(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_error *error)
{
    int status = sqlite3_step(statement);
    int code = status == SQLITE_DONE || status == SQLITE_ROW ? 0 : kw_journal_fail(journal, "writing", error);
    sqlite3_reset(statement);
    return code;
}

int kw_journal_rows(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_arena *arena, size_t size,
                    kw_journal_take *take, void **rows, size_t *count, struct kw_error *error)
{
    size_t capacity = 0;
    int status, code = 0;
    *rows = NULL, *count = 0;
    while (code == 0 && (status = sqlite3_step(statement)) == SQLITE_ROW) {
        uint8_t *grown = kw_arena_grow(arena, *rows, *count, &capacity, size);
        if (!grown || !take(statement, arena, grown + *count * size))
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
        else
            *rows = grown, ++*count;
    }
    return kw_journal_walked(journal, statement, code, status, error);
}

int kw_journal_run(struct kw_journal *journal, const char *sql, struct kw_error *error)
{
    if (sqlite3_exec(journal->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return kw_journal_fail(journal, "writing", error);
}

static sqlite3_stmt *prepare_with(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count,
                                  struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    for (int i = 0; statement && i < count && i < sqlite3_bind_parameter_count(statement); i++)
        sqlite3_bind_int64(statement, i + 1, numbers[i]);
    return statement;
}

int kw_journal_run_with(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count,
                        struct kw_error *error)
{
    sqlite3_stmt *statement = prepare_with(journal, sql, numbers, count, error);
    return statement ? kw_journal_done(journal, statement, error) : (int)error->code;
}

int kw_journal_number(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count, int64_t *value,
                      struct kw_error *error)
{
    sqlite3_stmt *statement = prepare_with(journal, sql, numbers, count, error);
    if (!statement)
        return error->code;
    int code = sqlite3_step(statement) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *value = code == 0 ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return code;
}

int kw_journal_end(struct kw_journal *journal, int code, struct kw_error *error)
{
    if (code == 0)
        return kw_journal_commit(journal, error);
    kw_journal_rollback(journal);
    return code;
}

const char *kw_column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text ? (const char *)text : "";
}

int kw_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    return sqlite3_bind_text(statement, index, text ? text : "", -1, SQLITE_STATIC);
}

int64_t kw_journal_version(const struct kw_journal *journal)
{
    unsigned version;
    return sqlite3_file_control(journal->db, "main", SQLITE_FCNTL_DATA_VERSION, &version) == SQLITE_OK
               ? version + INT64_C(1) : 0;
}

void kw_journal_unlearn(struct kw_journal *journal)
{
    journal->left.added = NULL;
    journal->left.n = 0;
}

int kw_journal_begin(struct kw_journal *journal, enum kw_durability durability, struct kw_error *error)
{
    if (journal->durability != durability) {
        const char *sql = durability == KW_DURABLE ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
        if (kw_journal_run(journal, sql, error) < 0)
            return error->code;
        journal->durability = durability;
    }
    sqlite3_stmt *begin = kw_journal_prepare(journal, "BEGIN IMMEDIATE", error);
    int code = begin ? kw_journal_done(journal, begin, error) : (int)error->code;
    if (code < 0 || kw_journal_version(journal) != journal->left.version)
        kw_journal_unlearn(journal);
    return code;
}

int kw_journal_begin_reading(struct kw_journal *journal, bool *began, struct kw_error *error)
{
    const bool held = !sqlite3_get_autocommit(journal->db);
    int code = held ? 0 : kw_journal_run(journal, "BEGIN", error);
    *began = !held && code == 0;
    return code;
}

/* The least that can be written: one page, as it is. */
static int write_head(struct kw_journal *journal, struct kw_error *error)
{
    int64_t version;
    char write[64];
    int code = kw_journal_number(journal, "PRAGMA user_version", NULL, 0, &version, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    snprintf(write, sizeof write, "PRAGMA user_version=%lld; COMMIT", (long long)version);
    code = kw_journal_run(journal, write, error);
    if (code < 0)
        kw_journal_rollback(journal);
    return code;
}

/*
 * What could not be synced stands whole in the log, where this process does not see it: whoever opens the journal next
 * would take it for done, and print what was called not kept. The next write goes over it.
 */
static void take_back(struct kw_journal *journal, struct kw_error *error)
{
    struct kw_error why = *error;
    kw_journal_rollback(journal);
    if (write_head(journal, error) < 0)
        kw_fail(error, why.code, journal->path, "%.300s; the next call tells whether it is kept", why.text);
    else
        *error = why;
}

int kw_journal_commit(struct kw_journal *journal, struct kw_error *error)
{
    int code = journal->changes.count > 0 ? journal->before_commit(journal, error) : 0;
    sqlite3_stmt *commit = code == 0 ? kw_journal_prepare(journal, "COMMIT", error) : NULL;
    code = commit ? kw_journal_done(journal, commit, error) : (int)error->code;
    if (code < 0 && commit)
        take_back(journal, error);
    else if (code < 0)
        kw_journal_rollback(journal);
    else
        journal->left.version = kw_journal_version(journal);
    return code;
}

void kw_journal_make_way(int64_t began_boot_ms)
{
    enum { LEAST_MS = 1, MOST_MS = 200 };
    int64_t took = kw_clock_boot_ms() - began_boot_ms;
    kw_clock_sleep_ms(took < LEAST_MS ? LEAST_MS : took > MOST_MS ? MOST_MS : took);
}

void kw_journal_rollback(struct kw_journal *journal)
{
    kw_tally_clear(&journal->changes);
    kw_journal_unlearn(journal);
    if (!sqlite3_get_autocommit(journal->db))
        sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
}

/* Frames in the WAL when the last transaction ended; told by SQLite itself, so that no file is asked. */
static int count_frames(void *data, sqlite3 *db, const char *name, int frames)
{
    (void)db, (void)name;
    ((struct kw_journal *)data)->frames = frames;
    return SQLITE_OK;
}

void kw_journal_watch_wal(struct kw_journal *journal)
{
    sqlite3_wal_hook(journal->db, count_frames, journal);
}

bool kw_journal_is_long(struct kw_journal *journal)
{
    enum { LARGEST_PAGE = 4096 };       /* of the journals that were ever made */
    struct kw_error ignored = { 0 };
    if (journal->frames * LARGEST_PAGE <= KW_JOURNAL_CHECKPOINT_BYTES)
        return false;
    if (journal->page_bytes == 0
        && kw_journal_number(journal, "PRAGMA page_size", NULL, 0, &journal->page_bytes, &ignored) < 0)
        journal->page_bytes = LARGEST_PAGE;
    return journal->frames * journal->page_bytes > KW_JOURNAL_CHECKPOINT_BYTES;
}

int kw_journal_checkpoint(struct kw_journal *journal, struct kw_error *error)
{
    if (!kw_journal_is_long(journal))
        return 0;
    sqlite3_busy_handler(journal->db, NULL, NULL);
    int status = sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_handler(journal->db, kw_journal_pause, journal);
    if (status == SQLITE_OK)
        journal->frames = 0;
    return status == SQLITE_OK || (status & 0xff) == SQLITE_BUSY ? 0 : kw_journal_fail(journal, "shortening", error);
}

int kw_journal_begin_wal(struct kw_journal *journal, struct kw_error *error)
{
    return journal->frames > 0 || journal->in_memory ? 0 : write_head(journal, error);
}

int kw_journal_empty_wal(struct kw_journal *journal, struct kw_error *error)
{
    kw_journal_wipe_wal(journal);
    if (sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        return kw_journal_fail(journal, "shortening", error);
    return 0;
}

const char *kw_journal_path(const struct kw_journal *journal)
{
    return journal->path;
}

static int get_meta(struct kw_journal *journal, const char *key, void *out, int length, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "SELECT value FROM meta WHERE key = ?", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, key);
    int code = 0;
    if (sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_bytes(statement, 0) != length)
        code = kw_fail(error, KWIT_E_STATE_DAMAGED, journal->path, "its %s is missing; %s", key,
                       kw_journal_mend(KWIT_E_STATE_DAMAGED));
    else
        memcpy(out, sqlite3_column_blob(statement, 0), (size_t)length);
    sqlite3_reset(statement);
    return code;
}

int kw_journal_uuid(struct kw_journal *journal, char out[KW_JOURNAL_UUID_SIZE], struct kw_error *error)
{
    int code = 0;
    if (!journal->has_uuid)
        code = get_meta(journal, "journal_uuid", journal->uuid, 36, error);
    journal->has_uuid = code == 0;
    memcpy(out, journal->uuid, KW_JOURNAL_UUID_SIZE);
    return code;
}

int kw_journal_secret(struct kw_journal *journal, const uint8_t **secret, struct kw_error *error)
{
    int code = 0;
    if (!journal->has_secret)
        code = get_meta(journal, "k_jrnl", journal->secret, KW_JOURNAL_SECRET_BYTES, error);
    journal->has_secret = code == 0;
    *secret = journal->secret;
    return code;
}
