/* jobs.c - jobs: adding, reading, and the moves from state to state. */
#include "journal/jobs.h"

#include "base/clock.h"
#include "journal/internal.h"

#include <string.h>

/* In the order of the table, which take_job and kw_job_add go by too. */
#define JOBS "SELECT * FROM job "
/* In the order of take_told; each column that is asked for is compiled, every time. */
#define TOLD "SELECT id, state, reason, printer, uri, printer_name, profile, copy_kind, bytes, paper_um, partial_um," \
             " open_ms, send_ms, confirm_ms, drawer, drawer_state FROM job "

static const char *const state_words[] = {
#define STATE_WORD(name, word, open) word,
    KW_JOB_STATES(STATE_WORD)
};

static const bool state_is_open[] = {
#define STATE_OPEN(name, word, open) open,
    KW_JOB_STATES(STATE_OPEN)
};

static const struct { char word[24]; int code; } reasons[] = {
#define REASON_ROW(name, value, word, exit, text) { word, value },
    KWIT_ERRORS(REASON_ROW)
};

const char *kw_job_state_word(enum kw_job_state state)
{
    return state_words[state];
}

bool kw_job_is_open(enum kw_job_state state)
{
    return state_is_open[state];
}

bool kw_job_is_first_receipt(const struct kw_job *job)
{
    return job->sale != 0 && job->copy == 1 && strcmp(job->part, "receipt") == 0;
}

static enum kw_job_state state_of(const char *word)
{
    for (int i = 0; i < KW_JOB_STATE_COUNT; i++)
        if (strcmp(state_words[i], word) == 0)
            return (enum kw_job_state)i;
    return KW_JOB_CANCELLED;
}

static const char *word_of_reason(enum kwit_error reason)
{
    return reason ? kwit_error_word(reason) : "";
}

static enum kwit_error reason_of(const char *word)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reasons[i].word, word) == 0)
            return reasons[i].code;
    return 0;
}

static int64_t take_number(sqlite3_stmt *statement, int *column)
{
    return sqlite3_column_int64(statement, (*column)++);
}

/* NULL when there is no memory. */
static const char *take_text(sqlite3_stmt *statement, int *column, struct kw_arena *arena)
{
    return kw_arena_string(arena, kw_column_text(statement, (*column)++));
}

/* The columns from `state` to `profile`. */
static bool take_standing(sqlite3_stmt *statement, int *column, struct kw_arena *arena, struct kw_job *job)
{
    const char **const texts[] = { &job->printer, &job->uri, &job->printer_name, &job->profile };
    bool whole = true;
    job->state = state_of(kw_column_text(statement, (*column)++));
    job->reason = reason_of(kw_column_text(statement, (*column)++));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        whole = (*texts[i] = take_text(statement, column, arena)) && whole;
    return whole;
}

/* The last columns, from `bytes` on. */
static bool take_result(sqlite3_stmt *statement, int *column, struct kw_arena *arena, struct kw_job *job)
{
    int64_t *const measures[] = { &job->bytes, &job->paper_um, &job->partial_um, &job->open_ms, &job->send_ms,
                                  &job->confirm_ms };
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++)
        *measures[i] = take_number(statement, column);
    job->drawer = take_text(statement, column, arena);
    job->drawer_state = take_text(statement, column, arena);
    return job->drawer && job->drawer_state;
}

static bool take_job(sqlite3_stmt *statement, struct kw_arena *arena, void *row)
{
    struct kw_job *job = row;
    int at = 0;
    job->id = take_number(statement, &at);
    job->sale = take_number(statement, &at);
    job->part = take_text(statement, &at, arena);
    job->copy = (int)take_number(statement, &at);
    bool whole = take_standing(statement, &at, arena, job);
    job->station = take_text(statement, &at, arena);
    job->survey = (int)take_number(statement, &at);
    job->copy_kind = (int)take_number(statement, &at);
    job->late = (int)take_number(statement, &at);
    job->held = take_number(statement, &at) != 0;
    job->reprint = take_number(statement, &at) != 0;
    job->armed = (enum kw_armed)take_number(statement, &at);
    job->boot = take_text(statement, &at, arena);
    int64_t *const numbers[] = {
        &job->accepted_boot_ms, &job->accepted_ms, &job->until_boot_ms, &job->deadline_boot_ms, &job->deadline_ms,
        &job->finished_ms
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        *numbers[i] = take_number(statement, &at);
    job->attempts = (int)take_number(statement, &at);
    whole = take_result(statement, &at, arena, job) && whole;
    return whole && job->part && job->station && job->boot;
}

static bool take_told(sqlite3_stmt *statement, struct kw_arena *arena, void *row)
{
    struct kw_job *job = row;
    int at = 0;
    *job = (struct kw_job){ .id = take_number(statement, &at), .part = "", .station = "", .boot = "" };
    bool whole = take_standing(statement, &at, arena, job);
    job->copy_kind = (int)take_number(statement, &at);
    return take_result(statement, &at, arena, job) && whole;
}

/* The one row of a statement; NOT_FOUND leaves *error alone. */
static int take_one(struct kw_journal *journal, sqlite3_stmt *statement, kw_journal_take *take, struct kw_arena *arena,
                    struct kw_job *job, struct kw_error *error)
{
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_DONE)
        code = KWIT_E_NOT_FOUND;
    else if (status != SQLITE_ROW)
        code = kw_journal_fail(journal, "reading", error);
    else if (!take(statement, arena, job))
        code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    sqlite3_reset(statement);
    return code;
}

int kw_job_get(struct kw_journal *journal, int64_t id, struct kw_arena *arena, struct kw_job *job,
               struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, JOBS "WHERE id = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, id);
    int code = take_one(journal, statement, take_job, arena, job, error);
    return code != KWIT_E_NOT_FOUND ? code
        : kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "job %lld is gone", (long long)id);
}

int kw_job_find(struct kw_journal *journal, int64_t sale, const char *part, int copy, struct kw_arena *arena,
                struct kw_job *job, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, TOLD "WHERE sale = ? AND part = ? AND copy = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, sale);
    kw_bind_text(statement, 2, part);
    sqlite3_bind_int(statement, 3, copy);
    int code = take_one(journal, statement, take_told, arena, job, error);
    if (code == 0)
        job->sale = sale, job->part = part, job->copy = copy;
    return code;
}

int kw_job_by_process(struct kw_journal *journal, const char *printer, uint32_t process_id, struct kw_arena *arena,
                      struct kw_job *job, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, JOBS "WHERE printer = ? AND state = 'unconfirmed' AND EXISTS (SELECT 1 FROM piece"
                         " WHERE piece.id BETWEEN job.id * 65536 AND job.id * 65536 + 65535"
                         " AND rtrim(piece.state) = 'tail' AND piece.process_id = ?) LIMIT 1", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, printer);
    sqlite3_bind_int64(statement, 2, process_id);
    return take_one(journal, statement, take_job, arena, job, error);
}

/* NOT_FOUND leaves *error alone. */
static int find_state(struct kw_journal *journal, const char *sql, int64_t id, enum kw_job_state *state,
                      struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, id);
    int status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        *state = state_of(kw_column_text(statement, 0));
    int code = kw_journal_stepped(journal, statement, status, error);
    return status == SQLITE_DONE ? KWIT_E_NOT_FOUND : code;
}

int kw_job_peek(struct kw_journal *journal, int64_t id, enum kw_job_state *state, struct kw_error *error)
{
    int code = find_state(journal, "SELECT state FROM job WHERE id = ?", id, state, error);
    return code != KWIT_E_NOT_FOUND ? code
        : kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "job %lld is gone", (long long)id);
}

int kw_job_reprinted(struct kw_journal *journal, int64_t sale, enum kw_job_state *state, struct kw_error *error)
{
    return find_state(journal, "SELECT state FROM job WHERE sale = ? AND part = 'receipt' AND reprint = 1"
                      " AND state IN ('printed', 'sent') ORDER BY state LIMIT 1", sale, state, error);
}

/* A job that is not open must never be found as one that is, nor the other way round. */
static int64_t finished_ms_of(const struct kw_job *job)
{
    return kw_job_is_open(job->state) ? 0 : job->finished_ms ? job->finished_ms : kw_clock_wall_ms();
}

int kw_job_add(struct kw_journal *journal, struct kw_job *job, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "INSERT INTO job VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 0, 0,"
        " 0, ?, '')", error);
    if (!statement)
        return error->code;
    int at = 1;
    if (job->sale)
        sqlite3_bind_int64(statement, at, job->sale);
    at++;
    kw_bind_text(statement, at++, job->part);
    sqlite3_bind_int(statement, at++, job->copy);
    kw_bind_text(statement, at++, state_words[job->state]);
    kw_bind_text(statement, at++, word_of_reason(job->reason));
    const char *const texts[] = { job->printer, job->uri, job->printer_name, job->profile, job->station };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_bind_text(statement, at++, texts[i]);
    const int numbers[] = { job->survey, job->copy_kind, job->late, job->held, job->reprint, (int)job->armed };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sqlite3_bind_int(statement, at++, numbers[i]);
    kw_bind_text(statement, at++, job->boot);
    const int64_t times[] = { job->accepted_boot_ms, job->accepted_ms, job->until_boot_ms, job->deadline_boot_ms,
                              job->deadline_ms, finished_ms_of(job), job->bytes, job->paper_um };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        sqlite3_bind_int64(statement, at++, times[i]);
    kw_bind_text(statement, at++, job->drawer);
    int code = kw_journal_done(journal, statement, error);
    job->id = sqlite3_last_insert_rowid(journal->db);
    return code;
}

int kw_job_move(struct kw_journal *journal, const struct kw_job *job, enum kw_job_state from, bool *moved,
                struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "UPDATE job SET state = ?, reason = ?, printer = ?, profile = ?, copy_kind = ?, armed = ?, finished_ms = ?,"
        " attempts = ?, bytes = ?, paper_um = ?, partial_um = ?, open_ms = ?, send_ms = ?, confirm_ms = ?, drawer = ?,"
        " drawer_state = ? WHERE id = ? AND state = ?", error);
    if (!statement)
        return error->code;
    int at = 1;
    kw_bind_text(statement, at++, state_words[job->state]);
    kw_bind_text(statement, at++, word_of_reason(job->reason));
    kw_bind_text(statement, at++, job->printer);
    kw_bind_text(statement, at++, job->profile);
    const int64_t numbers[] = { job->copy_kind, job->armed, finished_ms_of(job), job->attempts, job->bytes,
                                job->paper_um, job->partial_um, job->open_ms, job->send_ms, job->confirm_ms };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sqlite3_bind_int64(statement, at++, numbers[i]);
    kw_bind_text(statement, at++, job->drawer);
    kw_bind_text(statement, at++, job->drawer_state);
    sqlite3_bind_int64(statement, at++, job->id);
    kw_bind_text(statement, at++, state_words[from]);
    int code = kw_journal_done(journal, statement, error);
    *moved = code == 0 && sqlite3_changes(journal->db) == 1;
    return code;
}

/* Wanted now and nothing of it sent, but of an earlier start of the machine: its times become this one's. */
#define IS_CARRIED_OVER "?3 <> 0 AND boot <> ?2 AND armed = 0 AND state IN ('waiting', 'interrupted')"

int kw_job_want(struct kw_journal *journal, int64_t id, const char *boot, int64_t until_boot_ms, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "UPDATE job SET until_boot_ms = iif(?3 = 0 OR boot <> ?2, ?3, max(until_boot_ms, ?3)),"
        " held = iif(?3 = 0, held, 0), boot = iif(" IS_CARRIED_OVER ", ?2, boot),"
        " accepted_boot_ms = iif(" IS_CARRIED_OVER ", accepted_ms - ?4, accepted_boot_ms),"
        " deadline_boot_ms = iif(" IS_CARRIED_OVER ", deadline_ms - ?4, deadline_boot_ms)"
        " WHERE id = ?1 AND " KW_JOB_IS_OPEN, error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, id);
    kw_bind_text(statement, 2, boot);
    sqlite3_bind_int64(statement, 3, until_boot_ms);
    sqlite3_bind_int64(statement, 4, kw_clock_wall_ms() - kw_clock_boot_ms());
    return kw_journal_done(journal, statement, error);
}

int kw_job_hold(struct kw_journal *journal, int64_t id, bool held, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "UPDATE job SET held = ? WHERE id = ?"
                                                 " AND " KW_JOB_IS_OPEN, error);
    if (!statement)
        return error->code;
    sqlite3_bind_int(statement, 1, held);
    sqlite3_bind_int64(statement, 2, id);
    return kw_journal_done(journal, statement, error);
}

int kw_job_revive(struct kw_journal *journal, const struct kw_job *job, enum kw_job_state from, bool *moved,
                  struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "UPDATE job SET state = ?, reason = '', copy_kind = ?, printer = ?, uri = ?, printer_name = ?, profile = ?,"
        " held = 0, armed = 0, boot = ?, accepted_boot_ms = ?, until_boot_ms = ?, deadline_boot_ms = ?, deadline_ms = ?,"
        " finished_ms = 0 WHERE id = ? AND state = ?", error);
    if (!statement)
        return error->code;
    int at = 1;
    kw_bind_text(statement, at++, state_words[job->state]);
    sqlite3_bind_int(statement, at++, job->copy_kind);
    const char *const texts[] = { job->printer, job->uri, job->printer_name, job->profile, job->boot };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_bind_text(statement, at++, texts[i]);
    const int64_t times[] = { job->accepted_boot_ms, job->until_boot_ms, job->deadline_boot_ms, job->deadline_ms,
                              job->id };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        sqlite3_bind_int64(statement, at++, times[i]);
    kw_bind_text(statement, at++, state_words[from]);
    int code = kw_journal_done(journal, statement, error);
    *moved = code == 0 && sqlite3_changes(journal->db) == 1;
    return code;
}

int kw_job_next_copy(struct kw_journal *journal, int64_t sale, const char *part, int *copy, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "SELECT coalesce(max(copy), 0) + 1 FROM job WHERE sale = ? AND part = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, sale);
    kw_bind_text(statement, 2, part);
    int code = sqlite3_step(statement) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *copy = code == 0 ? sqlite3_column_int(statement, 0) : 0;
    sqlite3_reset(statement);
    return code;
}

static int look_for_others(struct kw_journal *journal, int64_t id, const char *printer, bool *none,
                           struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "SELECT 1 FROM job WHERE printer = ?1 AND " KW_JOB_IS_OPEN " AND id <> ?2 LIMIT 1", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, printer);
    sqlite3_bind_int64(statement, 2, id);
    int status = sqlite3_step(statement);
    *none = status == SQLITE_DONE;
    return kw_journal_stepped(journal, statement, status, error);
}

/*
 * Asked name by name, for SQLite makes a table of `IN (?, ?)`; the address first, for a job goes from the address to
 * the identity, never back.
 */
int kw_job_is_alone(struct kw_journal *journal, int64_t id, const char *printer, const char *uri, bool *alone,
                    struct kw_error *error)
{
    int code = look_for_others(journal, id, uri, alone, error);
    return code == 0 && *alone ? look_for_others(journal, id, printer, alone, error) : code;
}

/* Also what is filed under its address, from before anybody knew what stands there. */
#define OF_PRINTER "(?1 = '' OR printer IN (?1, ?4))"

/* The statement for a filter. One printer's open jobs are found by the index that holds nothing else. */
static const char *list_statement(const struct kw_job_filter *filter)
{
    if (filter->printer && filter->open && !filter->unconfirmed)
        return JOBS "WHERE printer IN (?1, ?4) AND " KW_JOB_IS_OPEN " AND ?2 IN (0, sale) ORDER BY id LIMIT ?3";
    if (filter->open && filter->unconfirmed)
        return JOBS "WHERE (" KW_JOB_IS_OPEN " OR state = 'unconfirmed') AND " OF_PRINTER " AND ?2 IN (0, sale)"
                       " ORDER BY id LIMIT ?3";
    if (filter->open)
        return JOBS "WHERE " KW_JOB_IS_OPEN " AND " OF_PRINTER " AND ?2 IN (0, sale) ORDER BY id LIMIT ?3";
    if (filter->unconfirmed)
        return JOBS "WHERE state = 'unconfirmed' AND " OF_PRINTER " AND ?2 IN (0, sale) ORDER BY id LIMIT ?3";
    if (filter->limit)
        return JOBS "WHERE " OF_PRINTER " AND ?2 IN (0, sale) ORDER BY id DESC LIMIT ?3";
    return JOBS "WHERE " OF_PRINTER " AND ?2 IN (0, sale) ORDER BY id LIMIT ?3";
}

int kw_job_list(struct kw_journal *journal, const struct kw_job_filter *filter, struct kw_arena *arena,
                struct kw_job **jobs, size_t *count, struct kw_error *error)
{
    *jobs = NULL, *count = 0;
    sqlite3_stmt *statement = kw_journal_prepare(journal, list_statement(filter), error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, filter->printer);
    sqlite3_bind_int64(statement, 2, filter->sale);
    sqlite3_bind_int(statement, 3, filter->limit ? filter->limit : -1);
    kw_bind_text(statement, 4, filter->uri);
    void *rows;
    int code = kw_journal_rows(journal, statement, arena, sizeof **jobs, take_job, &rows, count, error);
    *jobs = rows;
    return code;
}

#define STRAYS "WHERE " KW_JOB_IS_OPEN " AND printer_name = ?1 AND uri <> ?2"

static sqlite3_stmt *ask_strays(struct kw_journal *journal, const char *sql, const char *name, const char *uri,
                                struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    if (statement) {
        kw_bind_text(statement, 1, name);
        kw_bind_text(statement, 2, uri);
    }
    return statement;
}

/* Every print asks whether there is any; a question for whole jobs is ten times as dear. */
int kw_job_list_strays(struct kw_journal *journal, const char *name, const char *uri, const char *terminal,
                       struct kw_arena *arena, struct kw_job **jobs, size_t *count, struct kw_error *error)
{
    *jobs = NULL, *count = 0;
    sqlite3_stmt *statement = ask_strays(journal, "SELECT 1 FROM job " STRAYS " LIMIT 1", name, uri, error);
    if (!statement)
        return error->code;
    int status = sqlite3_step(statement), code = kw_journal_stepped(journal, statement, status, error);
    if (code < 0 || status != SQLITE_ROW)
        return code;
    if (!(statement = ask_strays(journal, JOBS STRAYS " AND (?3 IS NULL OR EXISTS (SELECT 1 FROM sale WHERE"
                                 " sale.id = job.sale AND terminal = ?3)) ORDER BY id", name, uri, error)))
        return error->code;
    sqlite3_bind_text(statement, 3, terminal, -1, SQLITE_STATIC);
    void *rows;
    code = kw_journal_rows(journal, statement, arena, sizeof **jobs, take_job, &rows, count, error);
    *jobs = rows;
    return code;
}

int kw_job_refile(struct kw_journal *journal, const struct kw_job *stray, const char *printer, const char *uri,
                  struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "UPDATE job SET printer = ?3, uri = ?4 WHERE id = ?1 AND printer = ?2"
                 " AND state IN ('waiting', 'interrupted')", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, stray->id);
    kw_bind_text(statement, 2, stray->printer);
    kw_bind_text(statement, 3, printer);
    kw_bind_text(statement, 4, uri);
    return kw_journal_done(journal, statement, error);
}
