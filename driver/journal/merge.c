/* merge.c - another journal's own sales into this one: idempotent, in small transactions, never a fork. */
#include "journal/ledger.h"

#include "base/clock.h"
#include "journal/chain.h"
#include "journal/seal.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 200, BATCHES_A_CHECKPOINT = 20, ORIGIN_SHIFT = 40 };

struct merging {
    struct kw_journal *journal, *other;
    char uuid[KW_JOURNAL_UUID_SIZE];
    int64_t origin, last_n, events;
    uint8_t head[KW_CHAIN_HASH];
    struct kw_error *error;
};

static int find_origin(struct merging *merging)
{
    sqlite3_stmt *row =
        kw_journal_prepare(merging->journal, "SELECT id, last_n, head FROM origin WHERE uuid = ?", merging->error);
    if (!row)
        return KWIT_E_IO;
    kw_bind_text(row, 1, merging->uuid);
    bool known = sqlite3_step(row) == SQLITE_ROW;
    if (known) {
        merging->origin = sqlite3_column_int64(row, 0);
        merging->last_n = sqlite3_column_int64(row, 1);
        if (sqlite3_column_bytes(row, 2) == KW_CHAIN_HASH)
            memcpy(merging->head, sqlite3_column_blob(row, 2), KW_CHAIN_HASH);
    }
    kw_journal_reset(row);
    return 0;
}

static int make_origin(struct merging *merging)
{
    int code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    sqlite3_stmt *row =
        code == 0 ? kw_journal_prepare(merging->journal,
                                       "INSERT INTO origin(uuid, last_n, head, merged_ms) VALUES(?, 0, x'', 0)",
                                       merging->error)
                  : NULL;
    if (code < 0)
        return code;
    if (!row) {
        kw_journal_rollback(merging->journal);
        return KWIT_E_IO;
    }
    kw_bind_text(row, 1, merging->uuid);
    code = kw_journal_done(merging->journal, row, merging->error);
    merging->origin = sqlite3_last_insert_rowid(merging->journal->db);
    if (code == 0)
        return kw_journal_commit(merging->journal, merging->error);
    kw_journal_rollback(merging->journal);
    return code;
}

/* What was merged last must still stand there, else the file is another branch of the same journal. */
static int check_continues(struct merging *merging)
{
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT (SELECT hash FROM event WHERE n = ?1),"
        " (SELECT max(n) FROM checkpoint) >= ?1, (SELECT max(n) FROM event) >= ?1", merging->error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, merging->last_n);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_journal_fail(merging->other, "reading", merging->error);
    bool same = code == 0 && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH
        && memcmp(sqlite3_column_blob(row, 0), merging->head, KW_CHAIN_HASH) == 0;
    bool pruned = code == 0 && sqlite3_column_int(row, 1) != 0, shorter = code == 0 && sqlite3_column_int(row, 2) == 0;
    kw_journal_reset(row);
    if (code == 0 && merging->last_n > 0 && !same && !pruned && !shorter)
        code = kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "event %lld is not the one merged before: this file is a fork of "
                       "that journal (restored from a copy?); nothing was merged", (long long)merging->last_n);
    return code;
}

static int put_foreign(struct merging *merging, const struct kw_chain_event *event)
{
    sqlite3_stmt *row = kw_journal_prepare(merging->journal,
                                           "INSERT OR IGNORE INTO foreign_event(origin, n, sale, ev, ts_ms, detail)"
                                           " VALUES(?, ?, ?, ?, ?, ?)",
                                           merging->error);
    if (!row)
        return KWIT_E_IO;
    const int64_t numbers[] = { merging->origin, event->n, event->sale, event->ev, event->ts_ms };
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int64(row, i + 1, numbers[i]);
    kw_bind_text(row, 6, event->detail);
    return kw_journal_done(merging->journal, row, merging->error);
}

static int take_touchpoint(struct merging *merging, int64_t sale)
{
    struct kw_touchpoint touchpoint;
    int64_t known;
    int code = kw_touchpoint_get(merging->other, sale, &touchpoint, merging->error);
    if (code < 0)
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    touchpoint.sale = merging->origin << ORIGIN_SHIFT | sale;
    touchpoint.klass = KW_CLASS_PENDING;
    touchpoint.class_ms = 0;
    if (touchpoint.has_token
        && kw_touchpoint_find_token(merging->journal, touchpoint.handle, touchpoint.day, touchpoint.seq, &known, NULL,
                                    NULL)
               == 0)
        return kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "handle %lu is used by another journal too (a copied state): "
                       "its tokens cannot be told apart. Give one of the two tills a new handle",
                       (unsigned long)touchpoint.handle);
    code = kw_touchpoint_insert(merging->journal, &touchpoint, merging->error);
    return code < 0 ? code : kw_cell_add(merging->journal, &touchpoint, KW_CLASS_PENDING, 1, merging->error);
}

static int take_event(struct merging *merging, const struct kw_chain_event *event)
{
    int klass = kw_class_of_event(event->ev), code = put_foreign(merging, event);
    if (code == 0 && (event->ev == KW_EVENT_OFFERED || event->ev == KW_EVENT_SUPPRESSED))
        code = take_touchpoint(merging, event->sale);
    if (code == 0 && klass >= 0 && event->sale > 0)
        code = kw_touchpoint_classify(merging->journal, merging->origin << ORIGIN_SHIFT | event->sale, klass,
                                      event->ts_ms, merging->error);
    merging->last_n = event->n;
    merging->events++;
    return code;
}

static int note_progress(struct merging *merging)
{
    sqlite3_stmt *row =
        kw_journal_prepare(merging->journal, "UPDATE origin SET last_n = ?, head = ?, merged_ms = ? WHERE id = ?",
                           merging->error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, merging->last_n);
    sqlite3_bind_blob(row, 2, merging->head, KW_CHAIN_HASH, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, kw_clock_wall_ms());
    sqlite3_bind_int64(row, 4, merging->origin);
    return kw_journal_done(merging->journal, row, merging->error);
}

static int take_batch(struct merging *merging, bool *more)
{
    sqlite3_stmt *row =
        kw_journal_prepare(merging->other,
                           "SELECT n, sale, ev, ts_ms, detail, hash FROM event WHERE n > ? ORDER BY n LIMIT ?",
                           merging->error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, count = 0;
    sqlite3_bind_int64(row, 1, merging->last_n);
    sqlite3_bind_int(row, 2, BATCH);
    while (code == 0 && sqlite3_step(row) == SQLITE_ROW) {
        const struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0), .sale = sqlite3_column_int64(row, 1),
                                              .ev = sqlite3_column_int(row, 2), .ts_ms = sqlite3_column_int64(row, 3),
                                              .detail = kw_column_text(row, 4) };
        if (sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH)
            memcpy(merging->head, sqlite3_column_blob(row, 5), KW_CHAIN_HASH);
        code = take_event(merging, &event);
        count++;
    }
    kw_journal_reset(row);
    *more = count == BATCH;
    return code < 0 ? code : note_progress(merging);
}

/* The merge itself is an event of this journal, so that a report's numbers can be traced. */
static int note_merge(struct merging *merging)
{
    char detail[80];
    snprintf(detail, sizeof detail, "%s %lld", merging->uuid, (long long)merging->last_n);
    int code = kw_journal_begin(merging->journal, KW_DURABLE, merging->error);
    if (code < 0)
        return code;
    code = kw_touchpoint_event(merging->journal, 0, KW_EVENT_MERGED, detail, kw_clock_wall_ms(), merging->error);
    if (code == 0)
        return kw_journal_commit(merging->journal, merging->error);
    kw_journal_rollback(merging->journal);
    return code;
}

static int prepare(struct merging *merging)
{
    char own[KW_JOURNAL_UUID_SIZE];
    int code = kw_journal_uuid(merging->other, merging->uuid, merging->error);
    if (code == 0)
        code = kw_journal_uuid(merging->journal, own, merging->error);
    if (code == 0 && strcmp(own, merging->uuid) == 0)
        return kw_fail(merging->error, KWIT_E_CONFLICT, merging->other->path,
                       "this is the journal itself, or a copy of it");
    if (code == 0)
        code = find_origin(merging);
    if (code == 0)
        code = merging->origin == 0 ? make_origin(merging) : check_continues(merging);
    return code;
}

int kw_ledger_merge(struct kw_journal *journal, struct kw_journal *other, int64_t *events, struct kw_error *error)
{
    struct merging merging = { .journal = journal, .other = other, .error = error };
    bool more = true;
    int code = kw_seal_watch(journal, error), batches = 0;
    if (code == 0)
        code = prepare(&merging);
    while (code == 0 && more) {
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(journal, KW_SOON, error);
        if (code < 0)
            break;
        code = take_batch(&merging, &more);
        if (code == 0)
            code = kw_journal_commit(journal, error);
        else
            kw_journal_rollback(journal);
        kw_journal_make_way(began_ms);
        if (code == 0 && ++batches % BATCHES_A_CHECKPOINT == 0)
            code = kw_journal_checkpoint(journal, error);
    }
    *events = merging.events;
    return code == 0 && merging.events > 0 ? note_merge(&merging) : code;
}
