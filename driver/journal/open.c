/* open.c - the journal's file: making, opening, founding, migrating, closing. */
#include "journal/internal.h"

#include "base/clock.h"
#include "journal/rows.h"
#include "journal/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium/core.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEFAULT_BUSY_MS = 5000, COUNTED_SINCE = 2, SEALED_SINCE = 4, LATE_SINCE = 16 };

struct migration {
    int version;
    const char *sql, *held;         /* held: what the rows that are there have in a new column; NULL: it is none */
    bool late;
};

static const struct migration migrations[] = {
#define MIGRATION(version, sql) { version, sql, NULL, false },
#define COLUMN(version, column, held) { version, "ALTER TABLE " column, held, false },
#define LATE(version, sql) { version, sql, NULL, true },
#include "journal/schema.def"
#undef MIGRATION
#undef COLUMN
#undef LATE
};
enum { MIGRATION_COUNT = sizeof migrations / sizeof migrations[0] };

static int newest_version(void)
{
    return migrations[MIGRATION_COUNT - 1].version;
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

static int put_anew(struct kw_journal *journal, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms();
    return kw_journal_run_with(journal, "INSERT INTO meta(key, value) VALUES('anew_ms', ?1)", &now_ms, 1, error);
}

int kw_journal_anew(struct kw_journal *journal, int64_t *wall_ms, struct kw_error *error)
{
    return kw_journal_number(journal, "SELECT coalesce(max(value), 0) FROM meta WHERE key = 'anew_ms'", NULL, 0,
                             wall_ms, error);
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
    if (code == 0 && journal->anew)
        code = put_anew(journal, error);
    return code < 0 ? code : put_meta(journal, "k_jrnl", random + 16, KW_JOURNAL_SECRET_BYTES, false, error);
}

static int apply(struct kw_journal *journal, const struct migration *migration, bool has_rows, struct kw_error *error)
{
    char column[128];
    if (!has_rows || !migration->held)
        return kw_journal_run(journal, migration->sql, error);
    snprintf(column, sizeof column, "%s DEFAULT %s", migration->sql, migration->held);
    return kw_journal_run(journal, column, error);
}

static int apply_migrations(struct kw_journal *journal, int version, struct kw_error *error)
{
    char pragma[64];
    const bool all = version > 0 && (version < LATE_SINCE || kw_journal_receives(journal));
    for (size_t i = 0; i < MIGRATION_COUNT; i++)
        if (migrations[i].version > version && (all || !migrations[i].late)
            && apply(journal, &migrations[i], version > 0, error) < 0)
            return error->code;
    int code = version == 0 ? found_journal(journal, error) : 0;
    if (code == 0 && version > 0 && version < COUNTED_SINCE)
        code = kw_touchpoint_adopt(journal, error);
    if (code == 0 && version > 0 && version < SEALED_SINCE)
        code = kw_seal_adopt(journal, error);
    if (code < 0)
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

/*
 * Whoever comes first makes the file a WAL database; the others may find it locked for that moment. A sale changes a
 * few bytes in each of two dozen pages, which are written whole: so they are small.
 */
static int choose_wal(struct kw_journal *journal, struct kw_error *error)
{
    if (kw_journal_run(journal, "PRAGMA page_size=1024", error) < 0)
        return error->code;
    const int64_t until_ms = kw_clock_boot_ms() + journal->busy_ms;     /* SQLite waits in each try, too, or in none */
    for (int tries = 0;; tries++) {
        int status = sqlite3_exec(journal->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
        if (status == SQLITE_OK)
            return 0;
        if ((status & 0xff) != SQLITE_BUSY || kw_clock_left_ms(until_ms) == 0 || !kw_journal_pause(journal, tries))
            return kw_journal_fail(journal, "making", error);
    }
}

int kw_journal_sync_directory(const char *path, struct kw_error *error)
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

/*
 * SQLite gives WAL and shared memory the rights of the database, so those are set before it ever sees the file. A file
 * that is there is looked at and never opened: closing it would let go of every lock that this process has on it by
 * another connection (fcntl(2)), and who closes the journal next would take the WAL away from under that one.
 */
static int make_file(const struct kw_journal_options *options, bool *made, struct kw_error *error)
{
    mode_t mode = 0660;
    *made = false;
    if (options->in_memory)
        return 0;
    const int access = options->read_only ? O_RDONLY : O_RDWR, needed = options->read_only ? R_OK : R_OK | W_OK;
    int handle = options->create ? open(options->path, access | O_CLOEXEC | O_CREAT | O_EXCL, mode)
                                 : faccessat(AT_FDCWD, options->path, needed, AT_EACCESS);
    if (handle < 0 ? errno == EEXIST : !options->create)
        return 0;
    if (handle < 0 && options->untouched && errno == EACCES)
        return kw_fail(error, KWIT_E_PERMISSION, options->path, "this user may not read that journal; run kwit as one"
                       " who may, or let its till push");
    if (handle < 0 && options->untouched && errno != EROFS)
        return kw_fail(error, KWIT_E_NO_INPUT, options->path, "it cannot be opened: %s", strerror(errno));
    if (handle < 0 && errno == ENOENT && !options->create)
        return kw_fail(error, KWIT_E_NOT_FOUND, options->path, "there is no journal yet; the first print makes it");
    if (handle < 0)
        return kw_fail(error, kw_error_from_errno(errno), options->path, "the journal cannot be made: %s; %s",
                       strerror(errno), errno == ENOENT ? "make its directory, or mount the disk where it is"
                                                        : kw_journal_mend(kw_error_from_errno(errno)));
    int code = 0;
    *made = true;
    if (fchmod(handle, mode) != 0)
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
    if (options->alone && options->one_thread)
        kw_journal_take_memory();
    if (options->alone)
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);     /* refused once SQLite is in use, and then of no matter */
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
    journal->until_ms = options->until_ms;
    sqlite3_busy_handler(journal->db, kw_journal_pause, journal);
    sqlite3_db_config(journal->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    kw_journal_watch_wal(journal);
    journal->writable = !options->read_only && sqlite3_db_readonly(journal->db, "main") == 0;
    if (!options->read_only && !journal->writable)
        return kw_fail(error, KWIT_E_PERMISSION, options->path, "the journal cannot be written; %s",
                       kw_journal_mend(KWIT_E_PERMISSION));
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
    if (version == 0 && journal->untouched)     /* somebody's file, which nobody makes a journal of */
        return kw_fail(error, KWIT_E_NO_INPUT, journal->path,
                       "no journal is in it; name a journal.db, or a file of kwit journal export --office -o FILE");
    *older = version < newest_version();
    if (!*older || !journal->writable)
        return 0;
    code = version == 0 && !journal->in_memory ? choose_wal(journal, error) : 0;
    if (code == 0)
        code = migrate(journal, error);
    if (code == 0 && (made || version == 0) && !journal->in_memory)
        code = kw_journal_sync_directory(journal->path, error);
    return code;
}

/* An older journal that may not be written is read from a private copy, which SQLite removes with the connection. */
static int migrate_copy(struct kw_journal *journal, struct kw_error *error)
{
    sqlite3 *older = journal->db, *copy = NULL;
    kw_journal_forget(journal);
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
    if (sodium_init() < 0)          /* which takes the fastest hash that this processor has */
        return kw_fail(error, KWIT_E_INTERNAL, options->path, "the hash cannot be made ready");
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
    journal->process = getpid();
    journal->erase_key = options->erase_key ? strdup(options->erase_key) : NULL;
    journal->durability = KW_DURABLE;
    journal->in_memory = options->in_memory;
    journal->untouched = options->untouched;
    journal->anew = options->anew;
    code = open_database(journal, options, error);
    if (code == 0)
        code = bring_up_to_date(journal, made, &older, error);
    if (code == 0 && older && options->read_only)
        code = read_older(journal, options, error);
    if (code < 0) {
        kw_journal_close(journal);
        return code;
    }
    struct stat about;
    if (!options->in_memory && stat(journal->path, &about) == 0)
        journal->device = about.st_dev, journal->inode = about.st_ino;
    *opened = journal;
    return 0;
}

bool kw_journal_resume(struct kw_journal *journal, int64_t until_ms)
{
    struct stat about;
    if (journal->process != getpid() || stat(journal->path, &about) != 0 || about.st_dev != journal->device ||
        about.st_ino != journal->inode)
        return false;
    journal->until_ms = until_ms;
    return true;
}

void kw_journal_close(struct kw_journal *journal)
{
    if (!journal)
        return;
    if (journal->process == getpid()) {             /* else it is the parent's, and goes with this process */
        kw_journal_forget(journal);
        sqlite3_close(journal->db);
    }
    kw_tally_free(&journal->changes);
    kw_arena_free(journal->scratch);
    free(journal->erase_key);
    free(journal->path);
    free(journal);
}
