/* store.c - the journal's file: opening, migrating, transactions, statements. Knows no table but `meta`. */
#include "journal/internal.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEFAULT_BUSY_MS = 5000, SEALED_SINCE = 4 };

struct migration {
    int version;
    const char *sql;
};

static const struct migration migrations[] = {
#define MIGRATION(version, sql) { version, sql },
#include "journal/schema.def"
#undef MIGRATION
};
enum { MIGRATION_COUNT = sizeof migrations / sizeof migrations[0] };

static int newest_version(void)
{
    return migrations[MIGRATION_COUNT - 1].version;
}

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
    case SQLITE_MISUSE:
    case SQLITE_ERROR:
    case SQLITE_RANGE:
        return KWIT_E_INTERNAL;
    default:
        return system_errno ? kw_error_from_errno(system_errno) : KWIT_E_IO;
    }
}

static const char *mend_for(enum kwit_error code)
{
    switch (code) {
    case KWIT_E_DISK_FULL:
        return "make room on this disk";
    case KWIT_E_STATE_DAMAGED:
        return "move the file away and call again; a new journal is made";
    case KWIT_E_PERMISSION:
        return "add this user to the group that owns the state directory, or choose another with --state";
    default:
        return "call again; when it stays so, look at the disk";
    }
}

static void forget_statements(struct kw_journal *journal)
{
    for (size_t i = 0; i < journal->prepared_count; i++)
        sqlite3_finalize(journal->prepared[i].statement);
    journal->prepared_count = 0;
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
                                                                      : mend_for(code));
}

static sqlite3_stmt *remembered(struct kw_journal *journal, const char *sql)
{
    for (size_t i = 0; i < journal->prepared_count; i++)
        if (journal->prepared[i].sql == sql)
            return journal->prepared[i].statement;
    return NULL;
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
    if (sqlite3_prepare_v3(journal->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
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
    if (code == 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    sqlite3_reset(statement);
    return code;
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

int kw_journal_begin(struct kw_journal *journal, enum kw_durability durability, struct kw_error *error)
{
    if (journal->durability != (int)durability) {
        const char *sql = durability == KW_DURABLE ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
        if (kw_journal_run(journal, sql, error) < 0)
            return error->code;
        journal->durability = durability;
    }
    sqlite3_stmt *begin = kw_journal_prepare(journal, "BEGIN IMMEDIATE", error);
    return begin ? kw_journal_done(journal, begin, error) : (int)error->code;
}

int kw_journal_commit(struct kw_journal *journal, struct kw_error *error)
{
    int code = journal->changes.count > 0 ? journal->before_commit(journal, error) : 0;
    sqlite3_stmt *commit = code == 0 ? kw_journal_prepare(journal, "COMMIT", error) : NULL;
    code = commit ? kw_journal_done(journal, commit, error) : (int)error->code;
    if (code < 0)
        kw_journal_rollback(journal);
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

bool kw_journal_is_long(const struct kw_journal *journal)
{
    return journal->frames > KW_JOURNAL_CHECKPOINT_PAGES;
}

int kw_journal_checkpoint(struct kw_journal *journal, struct kw_error *error)
{
    if (!kw_journal_is_long(journal))
        return 0;
    sqlite3_busy_timeout(journal->db, 0);
    int status = sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(journal->db, journal->busy_ms);
    if (status == SQLITE_OK)
        journal->frames = 0;
    return status == SQLITE_OK || (status & 0xff) == SQLITE_BUSY ? 0 : kw_journal_fail(journal, "shortening", error);
}

int kw_journal_empty_wal(struct kw_journal *journal, struct kw_error *error)
{
    kw_journal_wipe_wal(journal);
    if (sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        return kw_journal_fail(journal, "shortening", error);
    return 0;
}

static int read_version(struct kw_journal *journal, int *version, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "PRAGMA user_version", error);
    if (!statement)
        return error->code;
    int status = sqlite3_step(statement);
    *version = status == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    int code = status == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    sqlite3_reset(statement);
    return code;
}

static int put_meta(struct kw_journal *journal, const char *key, const void *bytes, int length, bool text,
                    struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "INSERT OR IGNORE INTO meta(key, value) VALUES(?, ?)", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, key);
    if (text)
        sqlite3_bind_text(statement, 2, bytes, length, SQLITE_STATIC);
    else
        sqlite3_bind_blob(statement, 2, bytes, length, SQLITE_STATIC);
    return kw_journal_done(journal, statement, error);
}

/* What makes this journal another than every other: its uuid (RFC 4122, version 4) and the key of its chain. */
static int found_journal(struct kw_journal *journal, struct kw_error *error)
{
    uint8_t random[16 + KW_JOURNAL_SECRET_BYTES];
    char uuid[KW_JOURNAL_UUID_SIZE];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return kw_fail(error, KWIT_E_IO, journal->path, "the kernel gives no random numbers: %s", strerror(errno));
    random[6] = (uint8_t)((random[6] & 0x0f) | 0x40);
    random[8] = (uint8_t)((random[8] & 0x3f) | 0x80);
    for (size_t i = 0, at = 0; i < 16; i++) {
        bool dash = i == 4 || i == 6 || i == 8 || i == 10;
        at += (size_t)snprintf(uuid + at, sizeof uuid - at, "%s%02x", dash ? "-" : "", random[i]);
    }
    int code = put_meta(journal, "journal_uuid", uuid, (int)strlen(uuid), true, error);
    return code < 0 ? code : put_meta(journal, "k_jrnl", random + 16, KW_JOURNAL_SECRET_BYTES, false, error);
}

static int apply_migrations(struct kw_journal *journal, int version, struct kw_error *error)
{
    char pragma[64];
    for (size_t i = 0; i < MIGRATION_COUNT; i++)
        if (migrations[i].version > version && kw_journal_run(journal, migrations[i].sql, error) < 0)
            return error->code;
    if (version == 0 ? found_journal(journal, error) < 0 : version < SEALED_SINCE && kw_seal_adopt(journal, error) < 0)
        return error->code;
    snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d", newest_version());
    return kw_journal_run(journal, pragma, error);
}

static int migrate(struct kw_journal *journal, struct kw_error *error)
{
    int version, code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = read_version(journal, &version, error);
    if (code == 0 && version < newest_version())
        code = apply_migrations(journal, version, error);
    if (code < 0) {
        kw_journal_rollback(journal);
        return code;
    }
    return kw_journal_commit(journal, error);
}

/* Whoever comes first makes the file a WAL database; the others may find it locked for that moment. */
static int choose_wal(struct kw_journal *journal, struct kw_error *error)
{
    for (int waited = 0;; waited += 10) {
        int status = sqlite3_exec(journal->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
        if (status == SQLITE_OK)
            return 0;
        if ((status & 0xff) != SQLITE_BUSY || waited >= journal->busy_ms)
            return kw_journal_fail(journal, "making", error);
        sqlite3_sleep(10);
    }
}

static int sync_directory_of(const char *path, struct kw_error *error)
{
    char directory[4096];
    const char *slash = strrchr(path, '/');
    snprintf(directory, sizeof directory, "%.*s", slash ? (int)(slash - path) + (slash == path) : 1,
             slash ? path : ".");
    int handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = handle < 0 || fsync(handle) != 0;
    int number = errno;
    if (handle >= 0)
        close(handle);
    if (!failed)
        return 0;
    return kw_fail(error, kw_error_from_errno(number), directory, "the directory cannot be synced: %s",
                   strerror(number));
}

/* SQLite gives WAL and shared memory the rights of the database, so those are set before it ever sees the file. */
static int make_file(const struct kw_journal_options *options, bool *made, struct kw_error *error)
{
    mode_t mode = 0660;
    *made = false;
    if (options->in_memory)
        return 0;
    const int access = options->read_only ? O_RDONLY : O_RDWR;
    int handle = open(options->path, access | O_CLOEXEC | (options->create ? O_CREAT | O_EXCL : 0), mode);
    if (handle < 0 && errno == EEXIST)
        return 0;
    if (handle < 0 && options->untouched && errno != EACCES && errno != EROFS)
        return kw_fail(error, KWIT_E_NO_INPUT, options->path, "it cannot be opened: %s", strerror(errno));
    if (handle < 0 && errno == ENOENT && !options->create)
        return kw_fail(error, KWIT_E_NOT_FOUND, options->path, "there is no journal yet; the first print makes it");
    if (handle < 0)
        return kw_fail(error, kw_error_from_errno(errno), options->path, "the journal cannot be made: %s; %s",
                       strerror(errno), mend_for(kw_error_from_errno(errno)));
    int code = 0;
    *made = options->create;
    if (*made && fchmod(handle, mode) != 0)
        code = kw_fail(error, KWIT_E_IO, options->path, "its rights cannot be set: %s", strerror(errno));
    close(handle);
    return code;
}

/*
 * A file that nobody can write has nobody to share it with: SQLite, which would want to make its helpers beside it, is
 * told so. NULL: it is not such a file, or its name cannot stand in a URI as it is.
 */
static char *fixed_name(const char *path)
{
    char directory[4096], wal[4096];
    const char *slash = strrchr(path, '/');
    struct stat about;
    snprintf(directory, sizeof directory, "%.*s", slash ? (int)(slash - path) + (slash == path) : 1,
             slash ? path : ".");
    snprintf(wal, sizeof wal, "%s-wal", path);
    bool alone = stat(wal, &about) != 0 || about.st_size == 0;
    return alone && access(directory, W_OK) != 0 && !strpbrk(path, "?#%") ? sqlite3_mprintf("file:%s?immutable=1", path)
                                                                           : NULL;
}

static int open_database(struct kw_journal *journal, const struct kw_journal_options *options, struct kw_error *error)
{
    int flags = options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    char *fixed = options->read_only ? fixed_name(options->path) : NULL;
    const char *name = options->in_memory ? ":memory:" : fixed ? fixed : options->path;
    int status = sqlite3_open_v2(name, &journal->db, flags | (fixed ? SQLITE_OPEN_URI : 0),
                                 options->vfs ? options->vfs : kw_journal_vfs());
    sqlite3_free(fixed);
    if (status != SQLITE_OK)
        return kw_journal_fail(journal, "opening", error);
    journal->busy_ms = options->busy_ms ? options->busy_ms : DEFAULT_BUSY_MS;
    sqlite3_busy_timeout(journal->db, journal->busy_ms);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_wal_hook(journal->db, count_frames, journal);
    journal->writable = !options->read_only && sqlite3_db_readonly(journal->db, "main") == 0;
    if (!options->read_only && !journal->writable)
        return kw_fail(error, KWIT_E_PERMISSION, options->path, "the journal cannot be written; %s",
                       mend_for(KWIT_E_PERMISSION));
    return 0;
}

static int bring_up_to_date(struct kw_journal *journal, bool made, bool *older, struct kw_error *error)
{
    int version, code = read_version(journal, &version, error);
    if (code < 0)
        return code;
    if (version > newest_version())
        return kw_fail(error, KWIT_E_CONFIG, journal->path,
                       "a newer kwit made this journal (version %d, this one reads up to %d); install that one",
                       version, newest_version());
    *older = version < newest_version();
    if (!*older || !journal->writable)
        return 0;
    code = version == 0 && !journal->in_memory ? choose_wal(journal, error) : 0;
    if (code == 0)
        code = migrate(journal, error);
    if (code == 0 && (made || version == 0) && !journal->in_memory)
        code = sync_directory_of(journal->path, error);
    return code;
}

/* An older journal that may not be written is read from a private copy, which SQLite removes with the connection. */
static int migrate_copy(struct kw_journal *journal, struct kw_error *error)
{
    sqlite3 *older = journal->db, *copy = NULL;
    forget_statements(journal);
    int status = sqlite3_open_v2("", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, NULL);
    sqlite3_backup *backup = status == SQLITE_OK ? sqlite3_backup_init(copy, "main", older, "main") : NULL;
    if (backup)
        sqlite3_backup_step(backup, -1);
    journal->db = copy;
    journal->writable = true;
    int code = backup && sqlite3_backup_finish(backup) == SQLITE_OK ? 0 : kw_journal_fail(journal, "copying", error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT coalesce(max(n), 0) FROM event", NULL, 0, &journal->last_n, error);
    if (code == 0)
        code = migrate(journal, error);
    sqlite3_close(older);
    return code;
}

/* A reader of an older journal migrates it in passing, where it may. */
static int read_older(struct kw_journal *journal, const struct kw_journal_options *options, struct kw_error *error)
{
    struct kw_journal_options writing = *options;
    struct kw_journal *writer = NULL;
    writing.read_only = false;
    int code = options->untouched ? KWIT_E_PERMISSION : kw_journal_open(&writing, &writer, error);
    kw_journal_close(writer);
    return code == 0 ? 0 : migrate_copy(journal, error);
}

int kw_journal_open(const struct kw_journal_options *options, struct kw_journal **opened, struct kw_error *error)
{
    bool made, older = false;
    *opened = NULL;
    int code = make_file(options, &made, error);
    if (code < 0)
        return code;
    struct kw_journal *journal = calloc(1, sizeof *journal);
    char *path = strdup(options->path);
    if (!journal || !path) {
        free(journal);
        free(path);
        return kw_fail(error, KWIT_E_NO_MEMORY, options->path, "out of memory");
    }
    journal->path = path;
    journal->durability = KW_DURABLE;
    journal->in_memory = options->in_memory;
    journal->untouched = options->untouched;
    code = open_database(journal, options, error);
    if (code == 0)
        code = bring_up_to_date(journal, made, &older, error);
    if (code == 0 && older && options->read_only)
        code = read_older(journal, options, error);
    if (code < 0) {
        kw_journal_close(journal);
        return code;
    }
    *opened = journal;
    return 0;
}

void kw_journal_close(struct kw_journal *journal)
{
    if (!journal)
        return;
    forget_statements(journal);
    sqlite3_close(journal->db);
    kw_tally_free(&journal->changes);
    kw_arena_free(journal->scratch);
    free(journal->path);
    free(journal);
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
                       mend_for(KWIT_E_STATE_DAMAGED));
    else
        memcpy(out, sqlite3_column_blob(statement, 0), (size_t)length);
    sqlite3_reset(statement);
    return code;
}

int kw_journal_uuid(struct kw_journal *journal, char out[KW_JOURNAL_UUID_SIZE], struct kw_error *error)
{
    memset(out, 0, KW_JOURNAL_UUID_SIZE);
    return get_meta(journal, "journal_uuid", out, 36, error);
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
