/*
 * test_journal.c - the journal's file: rights, versions, what damages it; and jobs that only move from where they are.
 */
#include "journal/internal.h"
#include "journal/jobs.h"

#include "base/clock.h"
#include "journal/backup.h"
#include "journal/openings.h"
#include "journal/summary.h"
#include "support/place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[200];
static struct kw_journal *journal;
static struct kw_arena *arena;
static struct kw_error error;

static int open_journal(void)
{
    struct kw_journal_options options = { .path = path, .create = true };
    return kw_journal_open(&options, &journal, &error);
}

static int begin(void **state)
{
    (void)state;
    place_empty();
    snprintf(path, sizeof path, "%s/journal.db", place);
    arena = kw_arena_new(1 << 22);
    return !arena || open_journal() != 0;
}

static int end(void **state)
{
    (void)state;
    kw_journal_close(journal);
    kw_arena_free(arena);
    return 0;
}

enum { ACCEPTED_MS = 1000 };

static int64_t add_job(const char *name, enum kw_job_state at)
{
    struct kw_sale_key key = { "s", "t", "", name };
    struct kw_job job = { .part = "receipt", .copy = 1, .state = at, .printer = "p", .uri = "u:", .printer_name = "",
                          .profile = "generic", .station = "", .boot = "b", .drawer = "", .until_boot_ms = 100 };
    int64_t sale;
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    assert_int_equal(kw_sale_add(journal, &key, (const uint8_t[32]){ 7 }, "{}", 2, ACCEPTED_MS, &sale, &error), 0);
    job.sale = sale;
    assert_int_equal(kw_job_add(journal, &job, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    return job.id;
}

static int find_sale(const char *name, struct kw_sale_row *sale)
{
    const struct kw_sale_key key = { "s", "t", "", name };
    return kw_sale_find(journal, &key, arena, sale, &error);
}

static void what_is_open_is_what_is_not_finished(void **state)
{
    const struct kw_job_filter open = { .open = true };
    struct kw_job *jobs, job;
    size_t count, expected = 0;
    bool moved;
    (void)state;
    for (enum kw_job_state from = 0; from < KW_JOB_STATE_COUNT; from++)
        for (enum kw_job_state to = 0; to < KW_JOB_STATE_COUNT; to++) {
            char name[20];
            snprintf(name, sizeof name, "%d-%d", (int)from, (int)to);
            assert_int_equal(kw_job_get(journal, add_job(name, from), arena, &job, &error), 0);
            assert_true(job.finished_ms == 0 ? kw_job_is_open(from) : !kw_job_is_open(from));
            job.state = to;
            assert_int_equal(kw_job_move(journal, &job, from, &moved, &error), 0);
            assert_true(moved);
            expected += kw_job_is_open(to);
        }
    assert_int_equal(kw_job_list(journal, &open, arena, &jobs, &count, &error), 0);
    assert_int_equal(count, expected);
    for (size_t i = 0; i < count; i++)
        assert_true(kw_job_is_open(jobs[i].state));
}

static void files_are_0660_whatever_the_umask(void **state)
{
    static const char *const names[] = { "journal.db", "journal.db-wal", "journal.db-shm" };
    (void)state;
    kw_journal_close(journal);
    unlink(path);
    mode_t old = umask(077);
    assert_int_equal(open_journal(), 0);
    add_job("a", KW_JOB_WAITING);
    umask(old);
    for (size_t i = 0; i < 3; i++) {
        char file[250];
        struct stat about;
        snprintf(file, sizeof file, "%s/%s", place, names[i]);
        assert_int_equal(stat(file, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0660);
    }
}

static void each_journal_has_its_own_uuid_and_secret(void **state)
{
    char one[KW_JOURNAL_UUID_SIZE], two[KW_JOURNAL_UUID_SIZE];
    uint8_t first[KW_JOURNAL_SECRET_BYTES];
    const uint8_t *secret;
    (void)state;
    assert_int_equal(kw_journal_uuid(journal, one, &error), 0);
    assert_int_equal(kw_journal_secret(journal, &secret, &error), 0);
    memcpy(first, secret, sizeof first);
    kw_journal_close(journal);
    assert_int_equal(open_journal(), 0);
    assert_int_equal(kw_journal_uuid(journal, two, &error), 0);
    assert_string_equal(one, two);
    kw_journal_close(journal);
    unlink(path);
    assert_int_equal(open_journal(), 0);
    assert_int_equal(kw_journal_uuid(journal, two, &error), 0);
    assert_string_not_equal(one, two);
    assert_int_equal(kw_journal_secret(journal, &secret, &error), 0);
    assert_memory_not_equal(first, secret, sizeof first);
}

static void a_journal_of_a_newer_kwit_is_left_alone(void **state)
{
    sqlite3 *db;
    (void)state;
    kw_journal_close(journal);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version=9999", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(open_journal(), KWIT_E_CONFIG);
    assert_non_null(strstr(error.text, "newer kwit"));
    assert_null(journal);
}

static void a_file_that_is_no_journal_is_named_damaged(void **state)
{
    char text[8192];
    (void)state;
    kw_journal_close(journal);
    memset(text, 'x', sizeof text);
    for (const char *const *name = (const char *const[]){ "-wal", "-shm", NULL }; *name; name++) {
        char beside[250];
        snprintf(beside, sizeof beside, "%s%s", path, *name);
        unlink(beside);
    }
    int file = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(file, text, sizeof text), sizeof text);
    close(file);
    assert_int_equal(open_journal(), KWIT_E_STATE_DAMAGED);
    assert_string_equal(error.where, path);
    assert_null(journal);
}

static void a_job_moves_only_from_where_it_is(void **state)
{
    struct kw_job job;
    bool moved;
    (void)state;
    int64_t id = add_job("a", KW_JOB_WAITING);
    assert_int_equal(kw_job_get(journal, id, arena, &job, &error), 0);
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    job.state = KW_JOB_CANCELLED;
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_true(moved);
    job.state = KW_JOB_BODY;
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_false(moved);
    job.state = KW_JOB_WAITING;
    assert_int_equal(kw_job_revive(journal, &job, KW_JOB_EXPIRED, &moved, &error), 0);
    assert_false(moved);
    enum kw_job_state now;
    assert_int_equal(kw_job_peek(journal, id, &now, &error), 0);
    assert_int_equal(now, KW_JOB_CANCELLED);
    assert_int_equal(kw_job_revive(journal, &job, KW_JOB_CANCELLED, &moved, &error), 0);
    assert_true(moved);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_job_peek(journal, id, &now, &error), 0);
    assert_int_equal(now, KW_JOB_WAITING);
}

static bool is_alone(int64_t id, const char *printer, const char *uri)
{
    bool alone = false;
    assert_int_equal(kw_job_is_alone(journal, id, printer, uri, &alone, &error), 0);
    return alone;
}

static void a_job_is_alone_until_its_printer_has_another_by_either_name(void **state)
{
    const int64_t first = add_job("first", KW_JOB_WAITING);
    (void)state;
    assert_true(is_alone(first, "p", "u:"));
    add_job("second", KW_JOB_WAITING);
    assert_false(is_alone(first, "p", "u:"));
    assert_false(is_alone(first, "identity", "p"));
    assert_true(is_alone(first, "identity", "u:"));
}

static void a_version_stays_until_somebody_writes(void **state)
{
    (void)state;
    add_job("first", KW_JOB_WAITING);
    const int64_t version = kw_journal_version(journal);
    struct kw_journal *first = journal;
    assert_int_not_equal(version, 0);
    assert_true(is_alone(0, "nobody", "u:"));
    assert_int_equal(kw_journal_version(journal), version);
    assert_int_equal(open_journal(), 0);
    add_job("theirs", KW_JOB_WAITING);
    kw_journal_close(journal);
    journal = first;
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    assert_int_not_equal(kw_journal_version(journal), version);
    kw_journal_rollback(journal);
}

/* Its bytes lie on pages of their own, and a move writes the one page of the row. */
static void a_piece_moves_without_its_bytes(void **state)
{
    static const uint8_t bytes[6000] = { 27, '@' };
    struct kw_piece_row piece = { .name = "receipt", .cuts = -1, .bytes = bytes, .length = sizeof bytes };
    const int64_t id = add_job("moves", KW_JOB_WAITING);
    (void)state;
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    assert_int_equal(kw_piece_add(journal, id, &piece, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    for (piece.state = KW_PIECE_BODY; piece.state <= KW_PIECE_SKIPPED; piece.state++) {
        const int before = journal->frames;
        assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
        assert_int_equal(kw_piece_move(journal, id, &piece, &error), 0);
        assert_int_equal(kw_journal_commit(journal, &error), 0);
        assert_int_equal(journal->frames, before + 1);
    }
}

static void every_field_of_a_job_and_its_pieces_comes_back(void **state)
{
    struct kw_piece_row *pieces, piece = { .n = 3, .kind = 1, .name = "voucher 2", .state = KW_PIECE_BODY,
                                           .bytes = (const uint8_t *)"\0\1\2abc", .length = 6, .tail_offset = 4,
                                           .breaks = (const size_t[]){ 2, 4 }, .break_count = 2, .paper_um = 12345 };
    struct kw_job job;
    size_t count;
    (void)state;
    int64_t id = add_job("a", KW_JOB_INTERRUPTED);
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_piece_add(journal, id, &piece, &error), 0);
    piece.process_id = 77;
    piece.cuts = 9;
    assert_int_equal(kw_piece_move(journal, id, &piece, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_job_get(journal, id, arena, &job, &error), 0);
    assert_int_equal(job.state, KW_JOB_INTERRUPTED);
    assert_int_equal(job.until_boot_ms, 100);
    assert_string_equal(job.uri, "u:");
    assert_int_equal(kw_piece_list(journal, id, arena, &pieces, &count, &error), 0);
    assert_int_equal(count, 1);
    assert_string_equal(pieces[0].name, "voucher 2");
    assert_memory_equal(pieces[0].bytes, piece.bytes, 6);
    assert_int_equal(pieces[0].breaks[1], 4);
    assert_int_equal(pieces[0].process_id, 77);
    assert_int_equal(pieces[0].cuts, 9);
}

static void a_long_log_is_copied_back_and_emptied(void **state)
{
    char name[32], header[32] = { 1 }, wal[250];
    (void)state;
    for (int i = 0; i < 200 && !kw_journal_is_long(journal); i++) {
        snprintf(name, sizeof name, "sale-%d", i);
        add_job(name, KW_JOB_PRINTED);
    }
    assert_true(kw_journal_is_long(journal));
    assert_int_equal(kw_journal_checkpoint(journal, &error), 0);
    assert_false(kw_journal_is_long(journal));
    snprintf(wal, sizeof wal, "%s-wal", path);
    int file = open(wal, O_RDONLY);
    ssize_t length = read(file, header, sizeof header);
    close(file);
    for (ssize_t i = 0; i < length; i++)
        assert_int_equal(header[i], 0);
    kw_journal_close(journal);
    assert_int_equal(open_journal(), 0);
    struct kw_sale_row sale;
    assert_int_equal(find_sale("sale-0", &sale), 0);
}

static void documents_are_wiped_and_their_keys_stay(void **state)
{
    static const int64_t day_ms = 86400000;
    struct kw_sale_row sale;
    const void *body;
    size_t length;
    (void)state;
    add_job("a", KW_JOB_PRINTED);
    assert_int_equal(find_sale("a", &sale), 0);
    assert_int_equal(kw_sale_body(journal, sale.id, arena, &body, &length, &error), 0);
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_journal_prune(journal, 15 * day_ms, 14, 400, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_sale_body(journal, sale.id, arena, &body, &length, &error), KWIT_E_NOT_FOUND);
    assert_int_equal(find_sale("a", &sale), 0);
    assert_int_equal(sale.digest[0], 7);
    add_job("last", KW_JOB_PRINTED);
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_journal_prune(journal, 401 * day_ms, 14, 400, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(find_sale("a", &sale), KWIT_E_NOT_FOUND);
    assert_int_equal(find_sale("last", &sale), 0);
}

/* What has been due for less than an hour waits for more of its kind. */
static void what_is_just_due_waits_for_company(void **state)
{
    static const int64_t due_ms = (int64_t)14 * 86400000, minute_ms = 60000;
    struct kw_sale_row sale;
    const void *body;
    size_t length;
    (void)state;
    add_job("a", KW_JOB_PRINTED);
    assert_int_equal(find_sale("a", &sale), 0);
    for (int minutes = 59; minutes <= 61; minutes += 2) {
        assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
        const int64_t now_ms = ACCEPTED_MS + due_ms + minutes * minute_ms;
        assert_int_equal(kw_journal_prune(journal, now_ms, 14, 400, &error), 0);
        assert_int_equal(kw_journal_commit(journal, &error), 0);
        assert_int_equal(kw_sale_body(journal, sale.id, arena, &body, &length, &error),
                         minutes < 60 ? 0 : KWIT_E_NOT_FOUND);
    }
}

/* One call looks at a bounded run: 450 sales are wiped in three. */
static void wiping_goes_on_where_the_last_call_ended(void **state)
{
    char name[32];
    struct kw_sale_row sale;
    const void *body;
    size_t length;
    (void)state;
    for (int i = 0; i < 450; i++) {
        snprintf(name, sizeof name, "sale-%d", i);
        add_job(name, KW_JOB_PRINTED);
    }
    for (int call = 1; call <= 3; call++) {
        assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
        assert_int_equal(kw_journal_prune(journal, (int64_t)15 * 86400000, 14, 400, &error), 0);
        assert_int_equal(kw_journal_commit(journal, &error), 0);
        snprintf(name, sizeof name, "sale-%d", call * 200 - 1 < 449 ? call * 200 - 1 : 449);
        assert_int_equal(find_sale(name, &sale), 0);
        assert_int_equal(kw_sale_body(journal, sale.id, arena, &body, &length, &error), KWIT_E_NOT_FOUND);
    }
}

/* What waits goes along once; what is on its way to paper goes nowhere before that is told. */
static void a_journal_is_moved_once_and_not_under_a_receipt(void **state)
{
    char to[250], boot[KW_BOOT_ID_SIZE];
    (void)state;
    snprintf(to, sizeof to, "%s/moved.db", place);
    int64_t waiting = add_job("waits", KW_JOB_WAITING), printing = add_job("prints", KW_JOB_WAITING);
    kw_clock_boot_id(boot);
    struct kw_job job;
    bool moved;
    assert_int_equal(kw_job_get(journal, printing, arena, &job, &error), 0);
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    job.boot = boot;
    job.until_boot_ms = kw_clock_boot_ms() + 3600000;
    assert_int_equal(kw_job_revive(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    job.state = KW_JOB_TAIL;
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_journal_move(path, to, 0, &error), KWIT_E_BUSY);
    assert_int_not_equal(access(to, F_OK), 0);
    job.state = KW_JOB_PRINTED;
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_TAIL, &moved, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_true(kw_journal_is_left(path, 0));
    assert_int_equal(kw_journal_move(path, to, 0, &error), 0);
    assert_false(kw_journal_is_left(path, 0));
    assert_int_equal(kw_journal_move(path, to, 0, &error), KWIT_E_NOT_FOUND);
    assert_int_equal(kw_job_get(journal, waiting, arena, &job, &error), 0);
    assert_int_equal(job.state, KW_JOB_CANCELLED);
    kw_journal_close(journal);
    assert_int_equal(kw_journal_open(&(struct kw_journal_options){ .path = to }, &journal, &error), 0);
    assert_int_equal(kw_job_get(journal, waiting, arena, &job, &error), 0);
    assert_int_equal(job.state, KW_JOB_WAITING);
}

/* Who opens it once more in this process, and then another process, leave the first one its write-ahead log. */
static void a_second_opening_lets_go_of_no_lock(void **state)
{
    (void)state;
    struct kw_journal_options again = { .path = path };
    struct kw_journal *second;
    struct stat before, after;
    char wal[220], command[600];
    snprintf(wal, sizeof wal, "%s-wal", path);
    snprintf(command, sizeof command, "sqlite3 '%s' 'SELECT count(*) FROM job' >'%s.count'", path, path);
    add_job("S-1", KW_JOB_WAITING);
    assert_int_equal(kw_journal_open(&again, &second, &error), 0);
    assert_int_equal(stat(wal, &before), 0);
    assert_int_equal(system(command), 0);
    assert_int_equal(stat(wal, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    kw_journal_close(second);
    assert_int_equal(system(command), 0);
    assert_int_equal(stat(wal, &after), 0);
}

static int64_t tables_called(const char *name)
{
    int64_t count = 0;
    char *sql = sqlite3_mprintf("SELECT count(*) FROM main.sqlite_schema WHERE name = %Q", name);
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_prepare_v2(journal->db, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    count = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_free(sql);
    return count;
}

/* What each sale would read of tables that only an office fills. */
static void the_tables_of_answers_are_made_by_the_first_statement_that_writes_one(void **state)
{
    (void)state;
    const struct kw_journal_options reading = { .path = path, .read_only = true };
    struct kw_journal *reader;
    int64_t answers = -1;
    add_job("S-1", KW_JOB_WAITING);
    assert_int_equal(tables_called("answer"), 0);
    assert_int_equal(kw_journal_open(&reading, &reader, &error), 0);
    assert_int_equal(kw_journal_number(reader, "SELECT count(*) FROM answer", NULL, 0, &answers, &error), 0);
    assert_int_equal(answers, 0);
    kw_journal_close(reader);
    assert_int_equal(tables_called("answer"), 0);
    assert_int_equal(kw_journal_begin(journal, KW_DURABLE, &error), 0);
    assert_int_equal(kw_journal_run_with(journal, "INSERT INTO reply(answer, text, who, written_ms)"
                                         " VALUES(1, '', '', 0)", NULL, 0, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(tables_called("answer") + tables_called("past_answer_key"), 2);
    assert_int_equal(kw_journal_open(&reading, &reader, &error), 0);
    assert_int_equal(kw_journal_number(reader, "SELECT count(*) FROM reply", NULL, 0, &answers, &error), 0);
    assert_int_equal(answers, 1);
    kw_journal_close(reader);
}

static void a_job_found_by_its_sale_tells_what_the_whole_row_tells(void **state)
{
    struct kw_job job, told;
    bool moved;
    (void)state;
    assert_int_equal(kw_job_get(journal, add_job("a", KW_JOB_WAITING), arena, &job, &error), 0);
    job.state = KW_JOB_SENT, job.reason = KWIT_E_SETTLED, job.copy_kind = KW_COPY_CUSTOMER;
    job.bytes = 1, job.paper_um = 2, job.partial_um = 3, job.open_ms = 4, job.send_ms = 5, job.confirm_ms = 6;
    job.drawer = "pulsed", job.drawer_state = "open";
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_job_find(journal, job.sale, "receipt", 1, arena, &told, &error), 0);
    assert_true(told.id == job.id && told.sale == job.sale && told.copy == 1 && told.state == job.state);
    assert_true(told.reason == job.reason && told.copy_kind == job.copy_kind);
    assert_true(told.bytes == 1 && told.paper_um == 2 && told.partial_um == 3);
    assert_true(told.open_ms == 4 && told.send_ms == 5 && told.confirm_ms == 6);
    const char *const pairs[][2] = { { told.part, "receipt" }, { told.printer, "p" }, { told.uri, "u:" },
                                     { told.profile, "generic" }, { told.drawer, "pulsed" },
                                     { told.drawer_state, "open" } };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_string_equal(pairs[i][0], pairs[i][1]);
    assert_int_equal(kw_job_find(journal, job.sale, "receipt", 2, arena, &told, &error), KWIT_E_NOT_FOUND);
}

static void a_printer_tells_its_model_and_whether_its_paper_ends(void **state)
{
    const struct kw_printer_row put = { .identity = "p", .uri = "u:", .model = "M", .serial = "S", .profile = "generic",
                                        .status = "", .near_end = true };
    struct kw_printer_row told;
    (void)state;
    assert_int_equal(kw_printer_put(journal, &put, &error), 0);
    assert_int_equal(kw_printer_told(journal, "p", arena, &told, &error), 0);
    assert_string_equal(told.model, "M");
    assert_string_equal(told.serial, "S");
    assert_true(told.near_end);
    assert_int_equal(kw_printer_told(journal, "q", arena, &told, &error), KWIT_E_NOT_FOUND);
}

static void edit_by_hand(const char *edit)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, edit, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* As a prune does that runs beside a report. */
static int fold_answers(void *data, const struct kw_counted *answer)
{
    (void)answer;
    ++*(int *)data;
    edit_by_hand("DELETE FROM answer");
    return 0;
}

static int fold_openings(void *data, const struct kw_opening *opening)
{
    (void)opening;
    ++*(int *)data;
    edit_by_hand("DELETE FROM opening");
    return 0;
}

static void answers_that_are_pruned_meanwhile_are_told_once(void **state)
{
    (void)state;
    int answers = 0, openings = 0;
    assert_int_equal(kw_journal_receive(journal, &error), 0);
    edit_by_hand("INSERT INTO past_answer(day, n) VALUES(1050, 1);"
                 "INSERT INTO past_opening(day, ev, class, n) VALUES(1050, 9, 1, 1);"
                 "INSERT INTO import(id, complete) VALUES(1, 1);"
                 "INSERT INTO touchpoint(sale, day, forced, flag) VALUES(1, 1054, 0, 0);"
                 "INSERT INTO answer(import, verdict, sale, day) VALUES(1, 10, 1, 1054);"
                 "INSERT INTO opening(sale, ev, import, first_ms) VALUES(1, 9, 1, 1)");
    assert_int_equal(kw_summary_answers(journal, 1000, 1100, fold_answers, &answers, &error), 0);
    assert_int_equal(kw_summary_openings(journal, 1000, 1100, fold_openings, &openings, &error), 0);
    assert_true(answers == 2 && openings == 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

/* A backup that is copied over a journal in use empties it first. */
static void one_that_was_emptied_under_another_is_waited_for_once(void **state)
{
    (void)state;
    enum { BUSY_MS = 200, FAR_BEYOND_MS = 4000 };
    struct kw_journal *second = NULL;
    const struct kw_journal_options options = { .path = path, .busy_ms = BUSY_MS };
    assert_int_equal(truncate(path, 0), 0);
    const int64_t began_ms = kw_clock_boot_ms();
    assert_int_equal(kw_journal_open(&options, &second, &error), KWIT_E_BUSY);
    assert_in_range(kw_clock_boot_ms() - began_ms, BUSY_MS, FAR_BEYOND_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_tables_of_answers_are_made_by_the_first_statement_that_writes_one),
        CASE(a_second_opening_lets_go_of_no_lock),
        CASE(what_is_open_is_what_is_not_finished),
        CASE(a_job_found_by_its_sale_tells_what_the_whole_row_tells),
        CASE(a_printer_tells_its_model_and_whether_its_paper_ends),
        CASE(files_are_0660_whatever_the_umask),
        CASE(each_journal_has_its_own_uuid_and_secret),
        CASE(a_journal_of_a_newer_kwit_is_left_alone),
        CASE(a_file_that_is_no_journal_is_named_damaged),
        CASE(a_job_moves_only_from_where_it_is),
        CASE(a_version_stays_until_somebody_writes),
        CASE(a_job_is_alone_until_its_printer_has_another_by_either_name),
        CASE(a_piece_moves_without_its_bytes),
        CASE(every_field_of_a_job_and_its_pieces_comes_back),
        CASE(a_long_log_is_copied_back_and_emptied),
        CASE(documents_are_wiped_and_their_keys_stay),
        CASE(what_is_just_due_waits_for_company),
        CASE(a_journal_is_moved_once_and_not_under_a_receipt),
        CASE(answers_that_are_pruned_meanwhile_are_told_once),
        CASE(wiping_goes_on_where_the_last_call_ended),
        CASE(one_that_was_emptied_under_another_is_waited_for_once),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
