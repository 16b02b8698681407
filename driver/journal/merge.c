/*
 * merge.c - another journal's file as a source: idempotent, in any order, in small transactions, never a fork. What the
 * other one merged itself comes along under the names of the journals it came from, so that nothing is taken twice.
 */
#include "journal/merge.h"

#include "base/clock.h"
#include "journal/seal.h"

#include <string.h>

enum { BATCHES_A_CHECKPOINT = 20 };

/* One journal whose sales the other file holds: its own, or one that it merged. */
struct source {
    struct kw_merging *merging;
    int64_t theirs;                 /* its number there; 0: the file's own */
    struct kw_taking taking;
};

/* ---- may it be merged --------------------------------------------------------------------------------------- */

/* What was merged last must still stand there, else the file is another branch of the same journal. */
static int check_continues(struct source *source)
{
    struct kw_merging *merging = source->merging;
    const struct kw_taking *taking = &source->taking;
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT hash FROM event WHERE n = ?", merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, taking->last_n);
    int status = sqlite3_step(row), code = 0;
    if (status == SQLITE_ROW && memcmp(sqlite3_column_blob(row, 0), taking->head, KW_CHAIN_HASH) != 0)
        code = kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "event %lld is not the one merged before: this file is a fork of that journal (restored from a"
                       " copy?); nothing was merged",
                       (long long)taking->last_n);
    kw_journal_reset(row);
    return code;
}

/* No token may be there already, before anything is taken. Sales are numbered in the order of their events. */
static int check_tokens(struct source *source)
{
    struct kw_merging *merging = source->merging;
    const int64_t bound[] = { source->taking.last_n };
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
    sqlite3_bind_int64(row, 2, source->theirs << KW_ORIGIN_SHIFT | KW_SALE_MASK);
    sqlite3_bind_int64(row, 3, source->taking.last_n);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_touchpoint touchpoint = { .handle = (uint32_t)sqlite3_column_int64(row, 0),
                                                  .day = sqlite3_column_int64(row, 1),
                                                  .seq = (uint32_t)sqlite3_column_int64(row, 2) };
        code = kw_taking_check_token(&source->taking, &touchpoint, merging->error);
    }
    return kw_journal_walked(merging->other, row, code, status, merging->error);
}

/* ---- its events --------------------------------------------------------------------------------------------- */

/* With its record, where it is the first of one of the journal's own sales. */
static int take_event(struct source *source, const struct kw_chain_event *event)
{
    struct kw_merging *merging = source->merging;
    const bool own = event->sale > 0 && event->sale <= KW_SALE_MASK,
               first = own && (event->ev == KW_EVENT_OFFERED || event->ev == KW_EVENT_SUPPRESSED);
    struct kw_touchpoint record;
    int64_t known_sale = 0;
    int code = 0;
    if (first)
        code = kw_touchpoint_get(merging->other, source->theirs << KW_ORIGIN_SHIFT | event->sale, &record,
                                 merging->error);
    const bool gone = code == KWIT_E_NOT_FOUND;
    if (gone)
        code = 0;
    if (code == 0 && event->sale > KW_SALE_MASK
        && (event->ev == KW_EVENT_EXPIRED || event->ev == KW_EVENT_ANNULLED || event->ev == KW_EVENT_REFUNDED))
        code = kw_merge_sale(merging, event->sale, &known_sale);
    return code < 0 ? code
                    : kw_taking_event(&source->taking, event, first && !gone ? &record : NULL, known_sale,
                                      merging->error);
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
    sqlite3_bind_int64(row, 1, source->taking.last_n);
    sqlite3_bind_int64(row, 2, source->theirs);
    sqlite3_bind_int(row, 3, KW_MERGE_BATCH);
    if (source->theirs == 0)        /* what the migration of a private copy added is not the file's */
        sqlite3_bind_int64(row, 4, merging->other->last_n ? merging->other->last_n : INT64_MAX);
    while (code == 0 && sqlite3_step(row) == SQLITE_ROW) {
        const struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0), .sale = sqlite3_column_int64(row, 1),
                                              .ev = sqlite3_column_int(row, 2), .ts_ms = sqlite3_column_int64(row, 3),
                                              .detail = kw_column_text(row, 4) };
        source->taking.has_head = sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH;
        if (source->taking.has_head)
            memcpy(source->taking.head, sqlite3_column_blob(row, 5), KW_CHAIN_HASH);
        code = take_event(source, &event);
        count++;
    }
    kw_journal_reset(row);
    *more = count == KW_MERGE_BATCH;
    return code < 0 ? code : count > 0 ? kw_taking_note(&source->taking, merging->error) : 0;
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
    sqlite3_bind_int64(row, 2, source->taking.last_n);
    source->taking.has_head = sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH;
    if (source->taking.has_head)
        memcpy(source->taking.head, sqlite3_column_blob(row, 0), KW_CHAIN_HASH);
    kw_journal_reset(row);
    int code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    if (code == 0)
        code = kw_journal_end(merging->journal, kw_taking_note(&source->taking, merging->error), merging->error);
    return code;
}

static int take_source(struct source *source)
{
    struct kw_merging *merging = source->merging;
    bool more = true;
    int batches = 0, code = source->taking.origin == 0 ? kw_taking_make(&source->taking, merging->error) : 0;
    source->taking.least_expiry = INT64_MAX;
    while (code == 0 && more) {
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
        if (code < 0)
            break;
        code = kw_merge_end(merging, take_batch(source, &more), began_ms);
        if (code == 0 && ++batches % BATCHES_A_CHECKPOINT == 0)
            code = kw_journal_checkpoint(merging->journal, merging->error);
    }
    merging->merged->events += source->taking.events;
    merging->merged->sales += source->taking.sales;
    merging->erased = merging->erased || source->taking.erased;
    if (code == 0 && source->theirs > 0 && source->taking.events > 0)
        code = take_head(source);
    return code == 0 && source->taking.events > 0 ? kw_taking_end(&source->taking, merging->error) : code;
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

/* The other file's own sales, or those of its n-th journal; *known false: they are this journal's own. */
static int open_source(struct kw_merging *merging, int64_t theirs, struct source *source, bool *foreign)
{
    char own[KW_JOURNAL_UUID_SIZE];
    *source = (struct source){ .merging = merging, .theirs = theirs,
                               .taking = { .journal = merging->journal, .where = merging->other->path } };
    int code = kw_merge_uuid(merging, theirs, source->taking.uuid);
    if (code == 0)
        code = kw_journal_uuid(merging->journal, own, merging->error);
    if (code < 0)
        return code;
    *foreign = strcmp(own, source->taking.uuid) != 0;
    if (!*foreign && theirs == 0)
        return kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "this is the journal itself, or a copy of it");
    return kw_taking_find(&source->taking, merging->error);
}

static int check_source(struct source *source)
{
    const bool continues = source->theirs == 0 && source->taking.last_n > 0 && source->taking.has_head;
    int code = continues ? check_continues(source) : 0;
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
    if (code == 0)
        code = kw_merge_references(&merging);
    kw_journal_rollback(other);
    return code < 0 || !merging.erased ? code : kw_journal_empty_wal(journal, error);
}
