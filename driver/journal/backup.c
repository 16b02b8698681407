/*
 * backup.c - a whole copy of a journal. The file alone is none: what was written last stands in the log beside it.
 */
#include "journal/backup.h"

#include "base/clock.h"
#include "journal/awaited.h"
#include "journal/late.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, STEP_PAGES = 1024 };

static int fail_file(const char *file, const char *what, struct kw_error *error)
{
    enum kwit_error code = errno == EEXIST ? KWIT_E_USAGE : kw_error_from_errno(errno);
    return kw_fail(error, code, file, "%s: %s%s", what, strerror(errno),
                   errno == EEXIST ? "; name a file that does not exist yet"
                   : errno == ENOENT ? "; make its directory first" : "");
}

/* ---- copying ------------------------------------------------------------------------------------------------ */

/* Waits for others as long as the journal itself would. */
static int copy_pages(struct kw_journal *journal, sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int status = SQLITE_OK, waits = 0;
    while (backup && (status == SQLITE_OK || ((status & 0xff) == SQLITE_BUSY && kw_journal_pause(journal, waits++))))
        status = sqlite3_backup_step(backup, STEP_PAGES);
    int end = backup ? sqlite3_backup_finish(backup) : sqlite3_errcode(to);
    return status == SQLITE_DONE ? end : status == SQLITE_OK ? SQLITE_ERROR : status;
}

/* One moment of the whole: a read transaction of a connection of its own holds it while others write on. */
static int copy_into(struct kw_journal *journal, const char *file, struct kw_error *error)
{
    sqlite3 *from = NULL, *to = NULL;
    int status = sqlite3_open_v2(journal->path, &from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, kw_journal_vfs());
    if (status == SQLITE_OK) {
        sqlite3_db_config(from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_busy_handler(from, kw_journal_pause, journal);
        status = sqlite3_exec(from, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    if (status == SQLITE_OK)
        status = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
    if (status == SQLITE_OK)
        status = copy_pages(journal, from, to);
    sqlite3_close(to);
    sqlite3_close(from);
    if (status == SQLITE_OK)
        return 0;
    enum kwit_error code = (status & 0xff) == SQLITE_FULL ? KWIT_E_DISK_FULL
        : (status & 0xff) == SQLITE_BUSY ? KWIT_E_BUSY
        : (status & 0xff) == SQLITE_CORRUPT || (status & 0xff) == SQLITE_NOTADB ? KWIT_E_STATE_DAMAGED : KWIT_E_IO;
    return kw_fail(error, code, file, "the journal cannot be copied: %s", sqlite3_errstr(status));
}

/* A new file of these rights whatever the umask; SQLite writes into it then. */
static int make_target(const char *file, struct kw_error *error)
{
    int handle = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (handle < 0)
        return fail_file(file, "the copy cannot be made", error);
    int code = fchmod(handle, 0660) == 0 ? 0 : fail_file(file, "its rights cannot be set", error);
    close(handle);
    return code;
}

/*
 * What the office has no use for: documents, bytes, printers, customers' rest and addresses, who was told of what, with
 * which key the till pushes; and the ids of sales, but of the last thirty days, which voids at another till may name.
 * The last sale stays.
 */
static const char stripped[] =
    "PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; BEGIN IMMEDIATE; DELETE FROM piece; DELETE FROM job;"
    " DELETE FROM printer; DELETE FROM cooldown; DELETE FROM meta WHERE key = 'push_seed'; %s"
    " UPDATE sale SET body = NULL;"
    " DELETE FROM sale WHERE id < (SELECT min(id) FROM (SELECT max(id) AS id FROM sale UNION ALL SELECT min(id) FROM sale"
    " WHERE accepted_ms >= %lld)); COMMIT; VACUUM";

static const char stripped_late[] = "DELETE FROM contact; DELETE FROM outbox; DELETE FROM withheld;";

/* What waits for its paper is found by its job, which goes. */
static int count_awaited(const char *file, struct kw_error *error)
{
    struct kw_journal *copy;
    int code = kw_journal_open(&(struct kw_journal_options){ .path = file }, &copy, error);
    if (code < 0)
        return code;
    code = kw_journal_begin(copy, KW_SOON, error);
    if (code == 0)
        code = kw_journal_end(copy, kw_awaited_count(copy, INT64_MAX, error), error);
    kw_journal_close(copy);
    return code;
}

static int strip(const char *file, struct kw_error *error)
{
    static const int64_t kept_ms = (int64_t)31 * 86400000;
    char sql[1024];
    sqlite3 *copy = NULL;
    int status = sqlite3_open_v2(file, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL);
    snprintf(sql, sizeof sql, stripped, kw_late_is_in(copy, "main") ? stripped_late : "",
             (long long)(kw_clock_wall_ms() - kept_ms));
    if (status == SQLITE_OK)
        status = sqlite3_exec(copy, sql, NULL, NULL, NULL);
    sqlite3_close(copy);
    return status == SQLITE_OK ? 0 : kw_fail(error, (status & 0xff) == SQLITE_FULL ? KWIT_E_DISK_FULL : KWIT_E_IO, file,
                                             "what the office needs cannot be written: %s", sqlite3_errstr(status));
}

/* With what SQLite left beside it, where something failed. */
static void remove_copy(const char *file)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    char path[PATH_SIZE + sizeof "-journal"];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", file, ends[i]);
        unlink(path);
    }
}

/* The copy appears under its name as a whole or not at all. */
static int copy_whole(struct kw_journal *journal, const char *file, bool for_office, struct kw_error *error)
{
    char fresh[PATH_SIZE];
    int length = snprintf(fresh, sizeof fresh, "%s.new-%ld", file, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof fresh)
        return kw_fail(error, KWIT_E_USAGE, file, "the path is too long");
    unlink(fresh);
    int code = make_target(fresh, error);
    if (code < 0)
        return code;
    code = copy_into(journal, fresh, error);
    if (code == 0 && for_office)
        code = count_awaited(fresh, error);
    if (code == 0 && for_office)
        code = strip(fresh, error);
    if (code == 0 && link(fresh, file) != 0) {
        bool no_links = errno != EEXIST && access(file, F_OK) != 0 && rename(fresh, file) == 0;
        code = no_links ? 0 : fail_file(file, "the copy cannot be put there", error);
    }
    remove_copy(fresh);
    return code < 0 ? code : kw_journal_sync_directory(file, error);
}

int kw_journal_backup(struct kw_journal *journal, const char *file, bool for_office, struct kw_error *error)
{
    if (access(file, F_OK) == 0) {
        errno = EEXIST;
        return fail_file(file, "the copy cannot be made", error);
    }
    return copy_whole(journal, file, for_office, error);
}

/* ---- moving ------------------------------------------------------------------------------------------------- */

static int is_moved(struct kw_journal *journal, bool *moved, struct kw_error *error)
{
    int64_t count = 0;
    int code = kw_journal_number(journal, "SELECT count(*) FROM meta WHERE key = 'moved_to'", NULL, 0, &count, error);
    *moved = count > 0;
    return code;
}

/* What waits is the new journal's now: who still prints from the old one finds nothing open. */
static int leave_behind(struct kw_journal *journal, const char *to, struct kw_error *error)
{
    sqlite3_stmt *note = kw_journal_prepare(journal, "INSERT INTO meta(key, value) VALUES('moved_to', ?)", error);
    if (!note)
        return error->code;
    kw_bind_text(note, 1, to);
    int code = kw_journal_done(journal, note, error);
    if (code == 0)
        code = kw_awaited_count(journal, INT64_MAX, error);
    return code < 0 ? code
        : kw_journal_run(journal, "UPDATE job SET state = 'cancelled', reason = 'cancelled',"
                         " finished_ms = iif(" KW_JOB_IS_OPEN ", accepted_ms, finished_ms)"
                         " WHERE " KW_JOB_IS_OPEN " OR state = 'unconfirmed'", error);
}

/* Somebody waits for paper that is on its way: until that is told, the sale is neither here nor there. */
static int check_idle(struct kw_journal *journal, struct kw_error *error)
{
    char boot[KW_BOOT_ID_SIZE];
    kw_clock_boot_id(boot);
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT 1 FROM job WHERE state IN ('body', 'tail') AND boot = ?"
                                           " AND until_boot_ms > ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, boot);
    sqlite3_bind_int64(row, 2, kw_clock_boot_ms());
    int status = sqlite3_step(row);
    int code = status == SQLITE_DONE ? 0
        : status != SQLITE_ROW ? kw_journal_fail(journal, "reading", error)
        : kw_fail(error, KWIT_E_BUSY, journal->path, "a receipt is being printed from this journal; call again");
    kw_journal_reset(row);
    return code;
}

/* The old journal's writers are kept out from the copy to the note, so that no sale is in both or in none. */
static int move_open(struct kw_journal *journal, const char *to, struct kw_error *error)
{
    bool moved = false;
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = is_moved(journal, &moved, error);
    if (code == 0 && moved)
        code = KWIT_E_NOT_FOUND;
    if (code == 0)
        code = check_idle(journal, error);
    if (code == 0)
        code = copy_whole(journal, to, false, error);
    if (code == 0)
        code = leave_behind(journal, to, error);
    return kw_journal_end(journal, code, error);
}

static int open_old(const char *from, int64_t until_ms, struct kw_journal **journal, struct kw_error *error)
{
    struct stat about;
    if (stat(from, &about) != 0 || about.st_size == 0)
        return KWIT_E_NOT_FOUND;
    return kw_journal_open(&(struct kw_journal_options){ .path = from, .until_ms = until_ms }, journal, error);
}

int kw_journal_move(const char *from, const char *to, int64_t until_ms, struct kw_error *error)
{
    struct kw_journal *journal = NULL;
    int code = open_old(from, until_ms, &journal, error);
    if (code == 0)
        code = move_open(journal, to, error);
    kw_journal_close(journal);
    return code;
}

bool kw_journal_is_left(const char *from, int64_t until_ms)
{
    struct kw_journal *journal = NULL;
    struct kw_error ignored;
    bool moved = false;
    int code = open_old(from, until_ms, &journal, &ignored);
    if (code == 0)
        code = is_moved(journal, &moved, &ignored);
    kw_journal_close(journal);
    return code == 0 ? !moved : code != KWIT_E_NOT_FOUND;
}
