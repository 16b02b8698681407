/*
 * cut.c - cutting the journal's old end. A checkpoint comes first, in a transaction of its own with the event that says
 * so; then what it covers goes in small transactions, so that no sale waits and a stop in between leaves a whole chain.
 * Counts stay, as past.c keeps them, and plans.
 */
#include "journal/ledger.h"

#include "base/clock.h"
#include "journal/awaited.h"
#include "journal/chain.h"
#include "journal/past.h"
#include "journal/plan.h"
#include "journal/remains.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"

#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

enum { BATCH = 1000 };
static const int64_t day_ms = 86400000;

static int read_hash(struct kw_journal *journal, int64_t n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT hash FROM event WHERE n = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH)
        memcpy(hash, sqlite3_column_blob(row, 0), KW_CHAIN_HASH);
    kw_journal_reset(row);
    return 0;
}

static int put_checkpoint(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], int64_t before_day,
                          int64_t now_ms, struct kw_error *error)
{
    int code = kw_journal_run(journal, "DELETE FROM checkpoint", error);
    sqlite3_stmt *row = code == 0 ? kw_journal_prepare(journal, "INSERT INTO checkpoint(n, hash, touchpoints, ts_ms,"
                                                       " before_day) VALUES(?, ?, 0, ?, ?)", error) : NULL;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    sqlite3_bind_blob(row, 2, hash, KW_CHAIN_HASH, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, now_ms);
    sqlite3_bind_int64(row, 4, before_day);
    return kw_journal_done(journal, row, error);
}

/* CONFLICT: something was erased behind that event. */
static int must_be_last_erased(struct kw_journal *journal, int64_t n, struct kw_error *error)
{
    int64_t any;
    int code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM event WHERE n > ?1 AND ev = 19)", &n, 1, &any,
                                 error);
    return code < 0 || !any ? code : kw_fail(error, KWIT_E_CONFLICT, journal->path, "sales were erased meanwhile");
}

/*
 * What was stated behind the checkpoint is stated anew before it. Its day never goes back, for what was cut off before
 * an earlier call's stays unknown. CONFLICT: something was erased behind the event up to which `remains` were found.
 */
static int note_checkpoint(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], int64_t before_day,
                           const struct kw_tally *remains, int64_t found_n, struct kw_error *error)
{
    char hex[2 * KW_CHAIN_HASH + 1], detail[100];
    int64_t day, now_ms = kw_clock_wall_ms();
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = must_be_last_erased(journal, found_n, error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT max(?1, coalesce(max(before_day), ?1)) FROM checkpoint",
                                 &before_day, 1, &day, error);
    sodium_bin2hex(hex, sizeof hex, hash, KW_CHAIN_HASH);
    snprintf(detail, sizeof detail, "%lld %s %lld", (long long)n, hex, (long long)day);
    if (code == 0)
        code = put_checkpoint(journal, n, hash, day, now_ms, error);
    if (code == 0)
        code = kw_touchpoint_event(journal, 0, KW_EVENT_PRUNED, detail, now_ms, error);
    if (code == 0)
        code = kw_plans_restate(journal, n, error);
    if (code == 0)
        code = kw_remains_state(journal, remains, error);
    if (code == 0)
        code = kw_seal_restate(journal, error);
    return kw_journal_end(journal, code, error);
}

/* Whatever is erased while remains are looked for, they are looked for again; behind the checkpoint it is known. */
static int set_checkpoint(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], int64_t before_day,
                          struct kw_error *error)
{
    int code = KWIT_E_CONFLICT;
    while (code == KWIT_E_CONFLICT) {
        struct kw_tally remains = { 0 };
        int64_t found_n = 0;
        code = kw_journal_number(journal, "SELECT coalesce(max(n), 0) FROM event", NULL, 0, &found_n, error);
        if (code == 0)
            code = kw_remains_find(journal, n, hash, &remains, error);
        if (code == 0)
            code = note_checkpoint(journal, n, hash, before_day, &remains, found_n, error);
        kw_tally_free(&remains);
    }
    return code;
}

static int delete_batch(struct kw_journal *journal, const int64_t range[2], int64_t *touchpoints,
                        struct kw_error *error)
{
    int64_t began_ms = kw_clock_boot_ms();
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal,
                               "DELETE FROM touchpoint WHERE sale IN (SELECT sale FROM event WHERE n BETWEEN ?1"
                               " AND ?2 AND ev IN (1, 2)) AND sale < 1 << 40",
                               range, 2, error);
    *touchpoints += code == 0 ? sqlite3_changes(journal->db) : 0;
    if (code == 0)
        code = kw_journal_run_with(journal, "DELETE FROM event WHERE n BETWEEN ?1 AND ?2", range, 2, error);
    code = kw_journal_end(journal, code, error);
    kw_journal_make_way(began_ms);
    return code;
}

static int delete_events(struct kw_journal *journal, int64_t up_to, int64_t *touchpoints, struct kw_error *error)
{
    int64_t first;
    int code = kw_journal_number(journal, "SELECT coalesce(min(n), 0) FROM event", NULL, 0, &first, error);
    for (int64_t n = first; code == 0 && n <= up_to; n += BATCH) {
        int64_t range[] = { n, n + BATCH - 1 < up_to ? n + BATCH - 1 : up_to };
        code = delete_batch(journal, range, touchpoints, error);
    }
    return code;
}

/*
 * What else is older than the day: ?1 is where the last run ended, ?2 the day, ?3 the moment it begins. `end` finds
 * where the next run of at most 1,000 ends, 0: there is none.
 */
static const struct { const char *end, *cut; bool counts; } rests[] = {
    { "SELECT coalesce(max(id), 0) FROM (SELECT id FROM answer WHERE id > ?1 AND (day < ?2 OR day IS NULL AND"
      " iif(submitted_ms > 0, submitted_ms, (SELECT began_ms FROM import WHERE id = answer.import)) < ?3)"
      " ORDER BY id LIMIT 1000)",
      "DELETE FROM answer WHERE id > ?1 AND id <= ?4 AND (day < ?2 OR day IS NULL AND"
      " iif(submitted_ms > 0, submitted_ms, (SELECT began_ms FROM import WHERE id = answer.import)) < ?3)",
      false },
    { "SELECT coalesce(max(sale), 0) FROM (SELECT sale FROM touchpoint WHERE sale > max(?1, (1 << 40) - 1) AND day < ?2"
      " ORDER BY sale LIMIT 1000)",
      "DELETE FROM touchpoint WHERE sale > max(?1, (1 << 40) - 1) AND sale <= ?4 AND day < ?2", true },
    { "SELECT coalesce(max(sale), 0) FROM (SELECT sale FROM aside WHERE sale > ?1 AND day < ?2 ORDER BY sale LIMIT 1000)",
      "DELETE FROM aside WHERE sale > ?1 AND sale <= ?4 AND day < ?2", false },
    { "SELECT coalesce(max(k), 0) FROM (SELECT origin << 40 | n AS k FROM foreign_event WHERE (origin, n) > (?1 >> 40,"
      " ?1 & (1 << 40) - 1) ORDER BY origin, n LIMIT 1000)",
      "DELETE FROM foreign_event WHERE (origin, n) > (?1 >> 40, ?1 & (1 << 40) - 1) AND (origin, n) <= (?4 >> 40,"
      " ?4 & (1 << 40) - 1) AND ev <> 24 AND sale BETWEEN 1 AND (1 << 40) - 1 AND NOT EXISTS"
      " (SELECT 1 FROM touchpoint WHERE touchpoint.sale = foreign_event.origin << 40 | foreign_event.sale)"
      " AND (foreign_event.origin << 40 | foreign_event.sale) NOT IN (SELECT sale FROM aside)",
      false },
    { "SELECT coalesce(max(id), 0) FROM (SELECT id FROM alert WHERE id > ?1 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = alert.answer) ORDER BY id LIMIT 1000)",
      "DELETE FROM alert WHERE id > ?1 AND id <= ?4 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = alert.answer)",
      false },
    { "SELECT coalesce(max(answer), 0) FROM (SELECT answer FROM contact WHERE answer > ?1 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = contact.answer) ORDER BY answer LIMIT 1000)",
      "DELETE FROM contact WHERE answer > ?1 AND answer <= ?4 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = contact.answer)",
      false },
    { "SELECT coalesce(max(answer), 0) FROM (SELECT answer FROM reward WHERE answer > ?1 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = reward.answer) ORDER BY answer LIMIT 1000)",
      "DELETE FROM reward WHERE answer > ?1 AND answer <= ?4 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = reward.answer)",
      false },
    { "SELECT coalesce(max(answer), 0) FROM (SELECT answer FROM reply WHERE answer > ?1 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = reply.answer) ORDER BY answer LIMIT 1000)",
      "DELETE FROM reply WHERE answer > ?1 AND answer <= ?4 AND NOT EXISTS"
      " (SELECT 1 FROM answer WHERE answer.id = reply.answer)",
      false },
    { "SELECT coalesce(max(id), 0) FROM (SELECT id FROM outbox WHERE id > ?1 AND made_ms < ?3 ORDER BY id LIMIT 1000)",
      "DELETE FROM outbox WHERE id > ?1 AND id <= ?4 AND made_ms < ?3", false },
    { "SELECT coalesce(max(sale), 0) FROM (SELECT sale FROM opening WHERE sale > ?1 AND NOT EXISTS"
      " (SELECT 1 FROM touchpoint WHERE touchpoint.sale = opening.sale) ORDER BY sale LIMIT 1000)",
      "DELETE FROM opening WHERE sale > ?1 AND sale <= ?4 AND NOT EXISTS"
      " (SELECT 1 FROM touchpoint WHERE touchpoint.sale = opening.sale)",
      false },
};

/* Numbers: ?1 to ?4 of the statements. */
static int delete_run(struct kw_journal *journal, size_t rest, const int64_t numbers[4], int64_t *touchpoints,
                      struct kw_error *error)
{
    int64_t began_ms = kw_clock_boot_ms();
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, rests[rest].cut, numbers, 4, error);
    *touchpoints += code == 0 && rests[rest].counts ? sqlite3_changes(journal->db) : 0;
    code = kw_journal_end(journal, code, error);
    kw_journal_make_way(began_ms);
    return code;
}

static int delete_rest(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof rests / sizeof rests[0]; i++) {
        int64_t numbers[] = { 0, before_day, (before_day + KW_FIRST_DAY) * day_ms, 1 };
        while (code == 0 && numbers[3] > 0) {
            code = kw_journal_number(journal, rests[i].end, numbers, 3, &numbers[3], error);
            if (code == 0 && numbers[3] > 0)
                code = delete_run(journal, i, numbers, touchpoints, error);
            numbers[0] = numbers[3];
        }
    }
    return code;
}

/* Customers whose cooldown is over are forgotten with the counts of their days, which stay elsewhere. */
static int delete_counts(struct kw_journal *journal, int64_t before_day, struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_past_cells_fold(journal, before_day, error);
    if (code == 0)
        code = kw_journal_run_with(journal, "DELETE FROM cooldown WHERE until_day < ?", &before_day, 1, error);
    return kw_journal_end(journal, code, error);
}

/* Up to which event everything belongs to earlier days, and whether anything is that old. */
static int find_end(struct kw_journal *journal, int64_t before_day, int64_t *up_to, bool *any, struct kw_error *error)
{
    int64_t keep = 0, last = 0, old = 0;
    int code =
        kw_journal_number(journal, "SELECT coalesce(min(n), 0) FROM touchpoint WHERE sale < 1 << 40 AND day >= ?",
                          &before_day, 1, &keep, error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT coalesce(max(n), 0) FROM event", NULL, 0, &last, error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM cell WHERE day < ?1) OR EXISTS (SELECT 1 FROM "
                                 KW_AWAITED " AND day < ?1)", &before_day, 1, &old, error);
    *up_to = keep > 0 ? keep - 1 : last;
    *any = old != 0;
    return code;
}

int kw_ledger_first_open_day(struct kw_journal *journal, int64_t today, int64_t *day, struct kw_error *error)
{
    int64_t unsent = today;
    int code = kw_journal_number(journal, "SELECT coalesce(min(day), ?1) FROM (SELECT day FROM cell WHERE view = 0 AND"
                                 " reason = 0 AND n > 0 AND flag = 0 AND expires_day >= ?1 UNION ALL"
                                 " SELECT day FROM " KW_AWAITED " AND touchpoint.reason = 0 AND flag = 0"
                                 " AND expires_day >= ?1)", &today, 1, day, error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT coalesce(min(day), ?1) FROM touchpoint WHERE sale = (SELECT min(sale)"
                                 " FROM event WHERE sale BETWEEN 1 AND (1 << 40) - 1 AND n = (SELECT min(n) FROM event"
                                 " WHERE sale > 0 AND n > (SELECT value FROM meta WHERE key = 'pushed_n')))",
                                 &today, 1, &unsent, error);
    *day = code == 0 && unsent < *day ? unsent : *day;
    return code;
}

/* What still waits for its paper goes with its day. Once the end is known: no sale comes before it any more. */
static int count_awaited(struct kw_journal *journal, struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_SOON, error);
    return code < 0 ? code : kw_journal_end(journal, kw_awaited_count(journal, INT64_MAX, error), error);
}

int kw_ledger_prune(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error)
{
    int64_t up_to = 0, checkpoint = 0;
    uint8_t hash[KW_CHAIN_HASH];
    bool any = false;
    *touchpoints = 0;
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_chain_start(journal, &checkpoint, hash, error);
    if (code == 0)
        code = find_end(journal, before_day, &up_to, &any, error);
    if (code == 0 && any)
        code = count_awaited(journal, error);
    if (code == 0 && any && up_to > checkpoint)
        code = read_hash(journal, up_to, hash, error);
    if (up_to < checkpoint)
        up_to = checkpoint;
    if (code == 0 && any)
        code = set_checkpoint(journal, up_to, hash, before_day, error);
    else
        up_to = checkpoint;                     /* a prune that was stopped may have left something behind it */
    if (code == 0)
        code = kw_past_fold(journal, before_day, error);
    if (code == 0)
        code = delete_events(journal, up_to, touchpoints, error);
    if (code == 0)
        code = delete_rest(journal, before_day, touchpoints, error);
    if (code == 0)
        code = delete_counts(journal, before_day, error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}
