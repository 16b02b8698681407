/*
 * merge.c - another journal's sales into this one: idempotent, in any order, in small transactions, never a fork. What
 * the other one merged itself comes along under the names of the journals it came from, so that nothing is taken twice.
 */
#include "journal/merge.h"

#include "base/clock.h"
#include "journal/cells.h"
#include "journal/chain.h"
#include "journal/rows.h"
#include "journal/seal.h"

#include <stdio.h>
#include <string.h>

enum { BATCHES_A_CHECKPOINT = 20 };
static const int64_t sale_mask = ((int64_t)1 << KW_ORIGIN_SHIFT) - 1;

/* One journal whose sales the other file holds: its own, or one that it merged. */
struct source {
    struct kw_merging *merging;
    int64_t theirs, ours;           /* its number there (0: the file's own) and here */
    char uuid[KW_JOURNAL_UUID_SIZE];
    int64_t first_n, last_n, events;    /* taken before, and until now */
    uint8_t head[KW_CHAIN_HASH];
    bool has_head;
    int64_t least_expiry;           /* of the invitations that are new */
};

/* ---- numbers ------------------------------------------------------------------------------------------------ */

static int find_origin(struct kw_merging *merging, const char *uuid, struct source *source)
{
    sqlite3_stmt *row =
        kw_journal_prepare(merging->journal, "SELECT id, last_n, head FROM origin WHERE uuid = ?", merging->error);
    if (!row)
        return merging->error->code;
    kw_bind_text(row, 1, uuid);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        source->ours = sqlite3_column_int64(row, 0);
        source->first_n = source->last_n = sqlite3_column_int64(row, 1);
        source->has_head = sqlite3_column_bytes(row, 2) == KW_CHAIN_HASH;
        if (source->has_head)
            memcpy(source->head, sqlite3_column_blob(row, 2), KW_CHAIN_HASH);
    }
    int code = status == SQLITE_ROW || status == SQLITE_DONE
                   ? 0
                   : kw_journal_fail(merging->journal, "reading", merging->error);
    kw_journal_reset(row);
    return code;
}

static int make_origin(struct source *source)
{
    struct kw_merging *merging = source->merging;
    int code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    if (code < 0)
        return code;
    sqlite3_stmt *row = kw_journal_prepare(merging->journal, "INSERT INTO origin(uuid, last_n, head, merged_ms)"
                                           " VALUES(?, 0, x'', 0)", merging->error);
    code = row ? kw_bind_text(row, 1, source->uuid) : (int)merging->error->code;
    if (row)
        code = kw_journal_done(merging->journal, row, merging->error);
    source->ours = sqlite3_last_insert_rowid(merging->journal->db);
    return kw_journal_end(merging->journal, code, merging->error);
}

/* The name of a journal that the other file merged. */
static int read_uuid(struct kw_merging *merging, int64_t theirs, char out[KW_JOURNAL_UUID_SIZE])
{
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT uuid FROM origin WHERE id = ?", merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, theirs);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0
                                               : kw_fail(merging->error, KWIT_E_STATE_DAMAGED, merging->other->path,
                                                         "it holds sales of a journal that it does not name");
    snprintf(out, KW_JOURNAL_UUID_SIZE, "%s", code == 0 ? kw_column_text(row, 0) : "");
    kw_journal_reset(row);
    return code;
}

int kw_merge_sale(struct kw_merging *merging, int64_t theirs, int64_t *ours)
{
    struct source source = { 0 };
    char uuid[KW_JOURNAL_UUID_SIZE];
    const int64_t origin = theirs >> KW_ORIGIN_SHIFT;
    int code = origin == 0 ? kw_journal_uuid(merging->other, uuid, merging->error) : read_uuid(merging, origin, uuid);
    if (code == 0)
        code = find_origin(merging, uuid, &source);
    *ours = source.ours == 0 ? 0 : source.ours << KW_ORIGIN_SHIFT | (theirs & sale_mask);
    return code;
}

/* ---- may it be merged --------------------------------------------------------------------------------------- */

/* What was merged last must still stand there, else the file is another branch of the same journal. */
static int check_continues(struct source *source)
{
    struct kw_merging *merging = source->merging;
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT hash FROM event WHERE n = ?", merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, source->last_n);
    int status = sqlite3_step(row), code = 0;
    if (status == SQLITE_ROW && memcmp(sqlite3_column_blob(row, 0), source->head, KW_CHAIN_HASH) != 0)
        code = kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "event %lld is not the one merged before: this file is a fork of that journal (restored from a"
                       " copy?); nothing was merged",
                       (long long)source->last_n);
    kw_journal_reset(row);
    return code;
}

static int check_token(struct source *source, const struct kw_touchpoint *touchpoint)
{
    struct kw_merging *merging = source->merging;
    int64_t known;
    int code = kw_touchpoint_find_token(merging->journal, touchpoint->handle, touchpoint->day, touchpoint->seq, &known,
                                        NULL, merging->error);
    if (code == KWIT_E_NOT_FOUND || (code == 0 && source->ours > 0 && known >> KW_ORIGIN_SHIFT == source->ours))
        return 0;
    return code < 0 ? code
                    : kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                              "handle %lu is used by another journal too (a copied state): its tokens cannot be told"
                              " apart, and nothing was merged. Give one of the two tills a new handle",
                              (unsigned long)touchpoint->handle);
}

/* No token may be there already, before anything is taken. Sales are numbered in the order of their events. */
static int check_tokens(struct source *source)
{
    struct kw_merging *merging = source->merging;
    const int64_t bound[] = { source->last_n };
    int64_t first = 0;
    int code = source->theirs > 0 ? 0
                                  : kw_journal_number(merging->other,
                                                      "SELECT coalesce((SELECT sale FROM event WHERE n > ?1"
                                                      " AND ev IN (1, 2) ORDER BY n LIMIT 1), 0)",
                                                      bound, 1, &first, merging->error);
    sqlite3_stmt *row = code == 0 ? kw_journal_prepare(merging->other,
                                                       "SELECT handle, day, seq FROM touchpoint WHERE sale"
                                                       " BETWEEN ?1 AND ?2 AND handle IS NOT NULL AND n > ?3",
                                                       merging->error)
                                  : NULL;
    if (!row)
        return merging->error->code;
    int status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, source->theirs << KW_ORIGIN_SHIFT | first);
    sqlite3_bind_int64(row, 2, source->theirs << KW_ORIGIN_SHIFT | sale_mask);
    sqlite3_bind_int64(row, 3, source->last_n);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_touchpoint touchpoint = { .handle = (uint32_t)sqlite3_column_int64(row, 0),
                                                  .day = sqlite3_column_int64(row, 1),
                                                  .seq = (uint32_t)sqlite3_column_int64(row, 2) };
        code = check_token(source, &touchpoint);
    }
    if (code == 0 && status != SQLITE_DONE)
        code = kw_journal_fail(merging->other, "reading", merging->error);
    kw_journal_reset(row);
    return code;
}

/* ---- taking ------------------------------------------------------------------------------------------------- */

static int put_event(struct source *source, const struct kw_chain_event *event)
{
    struct kw_merging *merging = source->merging;
    sqlite3_stmt *row = kw_journal_prepare(merging->journal,
                                           "INSERT OR IGNORE INTO foreign_event(origin, n, sale, ev, ts_ms, detail)"
                                           " VALUES(?, ?, ?, ?, ?, ?)", merging->error);
    if (!row)
        return merging->error->code;
    const int64_t numbers[] = { source->ours, event->n, event->sale, event->ev, event->ts_ms };
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int64(row, i + 1, numbers[i]);
    kw_bind_text(row, 6, event->detail);
    return kw_journal_done(merging->journal, row, merging->error);
}

/* Its class and expiry follow with its events. */
static int take_touchpoint(struct source *source, int64_t sale)
{
    struct kw_merging *merging = source->merging;
    struct kw_touchpoint touchpoint;
    int code = kw_touchpoint_get(merging->other, source->theirs << KW_ORIGIN_SHIFT | sale, &touchpoint, merging->error);
    if (code < 0)
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    touchpoint.sale = source->ours << KW_ORIGIN_SHIFT | sale;
    touchpoint.klass = KW_CLASS_PENDING;
    touchpoint.class_ms = touchpoint.expired_ms = 0;
    if (touchpoint.reason == 0 && touchpoint.expires_day > 0 && touchpoint.expires_day < source->least_expiry)
        source->least_expiry = touchpoint.expires_day;
    merging->merged->sales++;
    code = kw_touchpoint_insert(merging->journal, &touchpoint, merging->error);
    return code < 0 ? code : kw_cell_add(merging->journal, &touchpoint, KW_CLASS_PENDING, 1, merging->error);
}

static int take_expiry(struct source *source, const struct kw_chain_event *event)
{
    int64_t sale = source->ours << KW_ORIGIN_SHIFT | event->sale;
    int code = event->sale > sale_mask ? kw_merge_sale(source->merging, event->sale, &sale) : 0;
    const int64_t bound[] = { event->ts_ms, sale };
    if (code < 0 || sale == 0)
        return code;
    return kw_journal_run_with(source->merging->journal, "UPDATE touchpoint SET expired_ms = ?1 WHERE sale = ?2"
                               " AND sale >= 1 << 40 AND expired_ms = 0", bound, 2, source->merging->error);
}

/* An event of a sale that the file itself had merged says its expiry alone here: the sale's own events say the rest. */
static int take_event(struct source *source, const struct kw_chain_event *event)
{
    struct kw_merging *merging = source->merging;
    const bool own = event->sale > 0 && event->sale <= sale_mask;
    int klass = kw_class_of_event(event->ev), code = put_event(source, event);
    if (code == 0 && own && (event->ev == KW_EVENT_OFFERED || event->ev == KW_EVENT_SUPPRESSED))
        code = take_touchpoint(source, event->sale);
    if (code == 0 && own && klass >= 0)
        code = kw_touchpoint_classify(merging->journal, source->ours << KW_ORIGIN_SHIFT | event->sale, klass,
                                      event->ts_ms, merging->error);
    if (code == 0 && event->ev == KW_EVENT_EXPIRED)
        code = take_expiry(source, event);
    if (code == 0 && own && event->ev == KW_EVENT_ERASED) {
        merging->erased = true;
        code = kw_ledger_wipe_answers(merging->journal, source->ours << KW_ORIGIN_SHIFT | event->sale, merging->error);
    }
    source->last_n = event->n;
    source->events++;
    return code;
}

/* Sales that come late may have expired by days that were looked at before: those are looked at again. */
static int note_progress(struct source *source)
{
    struct kw_merging *merging = source->merging;
    const int64_t bound[] = { source->ours, source->least_expiry - 1 };
    sqlite3_stmt *row = kw_journal_prepare(merging->journal, "UPDATE origin SET last_n = ?, head = ?, merged_ms = ?"
                                           " WHERE id = ?", merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, source->last_n);
    sqlite3_bind_blob(row, 2, source->head, source->has_head ? KW_CHAIN_HASH : 0, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, kw_clock_wall_ms());
    sqlite3_bind_int64(row, 4, source->ours);
    int code = kw_journal_done(merging->journal, row, merging->error);
    return code < 0 || source->least_expiry == INT64_MAX
               ? code
               : kw_journal_run_with(merging->journal, "UPDATE expiry SET through_day = ?2 WHERE origin = ?1"
                                     " AND through_day > ?2", bound, 2, merging->error);
}

/* Events that come through another journal have no hash: the one of their last is known when all are here. */
static int take_batch(struct source *source, bool *more)
{
    struct kw_merging *merging = source->merging;
    sqlite3_stmt *row = kw_journal_prepare(merging->other, source->theirs == 0
        ? "SELECT n, sale, ev, ts_ms, detail, hash FROM event WHERE n > ?1 AND ?2 = 0 AND n <= ?4 ORDER BY n LIMIT ?3"
        : "SELECT n, sale, ev, ts_ms, detail, x'' FROM foreign_event WHERE n > ?1 AND origin = ?2 ORDER BY n LIMIT ?3",
        merging->error);
    if (!row)
        return merging->error->code;
    int code = 0, count = 0;
    sqlite3_bind_int64(row, 1, source->last_n);
    sqlite3_bind_int64(row, 2, source->theirs);
    sqlite3_bind_int(row, 3, KW_MERGE_BATCH);
    if (source->theirs == 0)        /* what the migration of a private copy added is not the file's */
        sqlite3_bind_int64(row, 4, merging->other->last_n ? merging->other->last_n : INT64_MAX);
    while (code == 0 && sqlite3_step(row) == SQLITE_ROW) {
        const struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0), .sale = sqlite3_column_int64(row, 1),
                                              .ev = sqlite3_column_int(row, 2), .ts_ms = sqlite3_column_int64(row, 3),
                                              .detail = kw_column_text(row, 4) };
        source->has_head = sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH;
        if (source->has_head)
            memcpy(source->head, sqlite3_column_blob(row, 5), KW_CHAIN_HASH);
        code = take_event(source, &event);
        count++;
    }
    kw_journal_reset(row);
    *more = count == KW_MERGE_BATCH;
    return code < 0 ? code : count > 0 ? note_progress(source) : 0;
}

int kw_merge_end(struct kw_merging *merging, int code, int64_t began_ms)
{
    code = kw_journal_end(merging->journal, code, merging->error);
    kw_journal_make_way(began_ms);
    return code;
}

/* The merge itself is an event of this journal, so that a report's numbers can be traced. */
static int note_merge(struct source *source)
{
    struct kw_merging *merging = source->merging;
    char detail[80];
    snprintf(detail, sizeof detail, "%s %lld", source->uuid, (long long)source->last_n);
    int code = kw_journal_begin(merging->journal, KW_DURABLE, merging->error);
    if (code < 0)
        return code;
    code = kw_touchpoint_event(merging->journal, 0, KW_EVENT_MERGED, detail, kw_clock_wall_ms(), merging->error);
    return kw_journal_end(merging->journal, code, merging->error);
}

/* When all is here that the other file had of a journal, the hash of its last event is known again. */
static int take_head(struct source *source)
{
    struct kw_merging *merging = source->merging;
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT head FROM origin WHERE id = ? AND last_n = ?",
                                           merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, source->theirs);
    sqlite3_bind_int64(row, 2, source->last_n);
    source->has_head = sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH;
    if (source->has_head)
        memcpy(source->head, sqlite3_column_blob(row, 0), KW_CHAIN_HASH);
    kw_journal_reset(row);
    int code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    return code < 0 ? code : kw_journal_end(merging->journal, note_progress(source), merging->error);
}

static int take_source(struct source *source)
{
    struct kw_merging *merging = source->merging;
    bool more = true;
    int batches = 0, code = source->ours == 0 ? make_origin(source) : 0;
    source->least_expiry = INT64_MAX;
    while (code == 0 && more) {
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
        if (code < 0)
            break;
        code = kw_merge_end(merging, take_batch(source, &more), began_ms);
        if (code == 0 && ++batches % BATCHES_A_CHECKPOINT == 0)
            code = kw_journal_checkpoint(merging->journal, merging->error);
    }
    merging->merged->events += source->events;
    if (code == 0 && source->theirs > 0 && source->events > 0)
        code = take_head(source);
    return code == 0 && source->events > 0 ? note_merge(source) : code;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

/* The other file's own sales, or those of its n-th journal; *known false: they are this journal's own. */
static int open_source(struct kw_merging *merging, int64_t theirs, struct source *source, bool *foreign)
{
    char own[KW_JOURNAL_UUID_SIZE];
    *source = (struct source){ .merging = merging, .theirs = theirs };
    int code = theirs == 0 ? kw_journal_uuid(merging->other, source->uuid, merging->error)
                           : read_uuid(merging, theirs, source->uuid);
    if (code == 0)
        code = kw_journal_uuid(merging->journal, own, merging->error);
    if (code < 0)
        return code;
    *foreign = strcmp(own, source->uuid) != 0;
    if (!*foreign && theirs == 0)
        return kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "this is the journal itself, or a copy of it");
    return find_origin(merging, source->uuid, source);
}

static int check_source(struct source *source)
{
    int code = source->theirs == 0 && source->last_n > 0 && source->has_head ? check_continues(source) : 0;
    return code < 0 ? code : check_tokens(source);
}

/* Each journal that the file holds, those that it merged first: its own events may speak of their sales. */
static int each_source(struct kw_merging *merging, int (*act)(struct source *source))
{
    int64_t last, theirs;
    int code =
        kw_journal_number(merging->other, "SELECT coalesce(max(id), 0) FROM origin", NULL, 0, &last, merging->error);
    for (theirs = last; code == 0 && theirs >= 0; theirs--) {
        struct source source;
        bool foreign = true;
        code = open_source(merging, theirs, &source, &foreign);
        if (code == 0 && foreign)
            code = act(&source);
    }
    return code;
}

static int check_whole(struct kw_merging *merging)
{
    struct kw_ledger_check check;
    const struct kw_ledger_look look = { 0 };
    int code = kw_ledger_verify(merging->other, &look, &check, merging->error);
    if (code < 0 || check.finding_count == 0)
        return code;
    return kw_fail(merging->error, KWIT_E_STATE_DAMAGED, merging->other->path,
                   "changed at event %lld: %s; nothing was merged", (long long)check.findings[0].n,
                   check.findings[0].what);
}

int kw_ledger_merge(struct kw_journal *journal, struct kw_journal *other, const struct kw_shop_days *days,
                    struct kw_ledger_merged *merged, struct kw_error *error)
{
    struct kw_merging merging = { journal, other, days, merged, error, false };
    *merged = (struct kw_ledger_merged){ 0 };
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_run(other, "BEGIN", error); /* what is verified is what is taken, while a till goes on */
    if (code < 0)
        return code;
    code = check_whole(&merging);
    if (code == 0)
        code = each_source(&merging, check_source);
    if (code == 0)
        code = each_source(&merging, take_source);
    if (code == 0)
        code = kw_merge_answers(&merging);
    kw_journal_rollback(other);
    return code < 0 || !merging.erased ? code : kw_journal_empty_wal(journal, error);
}
