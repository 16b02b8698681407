/*
 * incoming.c - batches of tills into an office's journal. What a till is (its row) and how far it was taken (its
 * origin) change in the transaction that takes its events.
 */
#include "journal/push.h"

#include "base/clock.h"
#include "journal/answers.h"
#include "journal/orders.h"
#include "journal/seal.h"
#include "journal/take.h"

#include <stdio.h>
#include <string.h>

/* A till's row here, and what its batch comes to. */
struct incoming {
    struct kw_journal *journal;
    const struct kw_batch *batch;
    struct kw_batch_head *head;
    struct kw_error *error;
    struct kw_taking taking;
    struct kw_batch_standing standing;
    int64_t now_ms;
};

/* ---- the till's row ----------------------------------------------------------------------------------------- */

static int find_till(struct incoming *in)
{
    sqlite3_stmt *row = kw_journal_prepare(in->journal, "SELECT state, key FROM till WHERE uuid = ?", in->error);
    if (!row)
        return in->error->code;
    kw_bind_text(row, 1, in->batch->uuid);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        snprintf(in->standing.state, sizeof in->standing.state, "%s", kw_column_text(row, 0));
        in->standing.same_key = sqlite3_column_bytes(row, 1) == KW_BATCH_KEY
            && memcmp(sqlite3_column_blob(row, 1), in->batch->key, KW_BATCH_KEY) == 0;
    }
    return kw_journal_stepped(in->journal, row, status, in->error);
}

/* Whether another journal has this handle, or was revoked with it. */
static int find_other(struct incoming *in, bool revoked, bool *other)
{
    sqlite3_stmt *row = kw_journal_prepare(in->journal, "SELECT 1 FROM till WHERE kid = ?1 AND handle = ?2 AND"
                                           " uuid <> ?3 AND state IN (iif(?4, 'revoked', 'live'), iif(?4, 'revoked',"
                                           " 'gap')) LIMIT 1", in->error);
    if (!row)
        return in->error->code;
    sqlite3_bind_int(row, 1, in->batch->kid);
    sqlite3_bind_int64(row, 2, in->batch->handle);
    kw_bind_text(row, 3, in->batch->uuid);
    sqlite3_bind_int(row, 4, revoked);
    int status = sqlite3_step(row);
    *other = status == SQLITE_ROW;
    return kw_journal_stepped(in->journal, row, status, in->error);
}

static int make_till(struct incoming *in)
{
    sqlite3_stmt *row = kw_journal_prepare(in->journal, "INSERT INTO till(uuid, kid, handle, key, state, version,"
                                           " offset_ms, seen_ms) VALUES(?, ?, ?, ?, ?, 0, 0, 0)", in->error);
    if (!row)
        return in->error->code;
    kw_bind_text(row, 1, in->batch->uuid);
    sqlite3_bind_int(row, 2, in->batch->kid);
    sqlite3_bind_int64(row, 3, in->batch->handle);
    sqlite3_bind_blob(row, 4, in->batch->key, KW_BATCH_KEY, SQLITE_STATIC);
    kw_bind_text(row, 5, in->standing.state);
    return kw_journal_done(in->journal, row, in->error);
}

/* What it was seen as last. A handle that it changed to is its own when it was taken with it. */
static int note_till(struct incoming *in)
{
    const enum kw_batch_outcome outcome = in->head->outcome;
    sqlite3_stmt *row = kw_journal_prepare(in->journal, "UPDATE till SET kid = iif(?2, ?3, kid), handle = iif(?2, ?4,"
                                           " handle), version = ?5, offset_ms = ?6, seen_ms = ?7, fault = ?8,"
                                           " lost = lost + ?9, state = iif(?9 > 0, 'live', ?10) WHERE uuid = ?1",
                                           in->error);
    if (!row)
        return in->error->code;
    const bool taken = outcome == KW_BATCH_TAKEN;
    const int64_t numbers[] = { taken, in->batch->kid, in->batch->handle, in->batch->schema,
                                in->batch->sent_ms - in->now_ms, in->now_ms };
    kw_bind_text(row, 1, in->batch->uuid);
    for (int i = 0; i < 6; i++)
        sqlite3_bind_int64(row, i + 2, numbers[i]);
    kw_bind_text(row, 8, taken || outcome == KW_BATCH_GAP ? "" : kw_batch_word(outcome));
    sqlite3_bind_int64(row, 9, taken ? kw_batch_lost(in->batch, &in->standing) : 0);
    kw_bind_text(row, 10, in->standing.state);
    return kw_journal_done(in->journal, row, in->error);
}

/* What is known before it is taken: the till's row, who else has its handle, how far it was taken. */
static int find_standing(struct incoming *in)
{
    struct kw_batch_standing *standing = &in->standing;
    const struct kw_taking *taking = &in->taking;
    int code = find_till(in);
    if (code == 0)
        code = find_other(in, false, &standing->claimed);
    if (code == 0)
        code = find_other(in, true, &standing->revoked);
    standing->n = taking->last_n;
    standing->has_hash = taking->has_head;
    memcpy(standing->hash, taking->head, KW_BATCH_HASH);
    return code;
}

/* ---- taking ------------------------------------------------------------------------------------------------- */

static int take_events(struct incoming *in)
{
    const struct kw_batch *batch = in->batch;
    struct kw_taking *taking = &in->taking;
    int code = 0;
    if (batch->first <= taking->last_n || batch->count == 0)
        return 0;
    for (size_t i = 0; code == 0 && i < batch->count; i++) {
        const struct kw_batch_event *event = &batch->events[i];
        const struct kw_chain_event chained = { .n = event->n, .sale = event->sale, .ts_ms = event->ts_ms,
                                                .ev = event->ev, .detail = event->detail };
        if (event->record && event->record->has_token)
            code = kw_taking_check_token(taking, event->record, in->error);
        if (code == 0)
            code = kw_taking_event(taking, &chained, event->record, 0, in->error);
    }
    memcpy(taking->head, batch->hash, KW_BATCH_HASH);
    taking->has_head = true;
    return code < 0 ? code : kw_taking_note(taking, in->error);
}

static int take_batch(struct incoming *in)
{
    int code = find_standing(in);
    if (code < 0)
        return code;
    const bool is_new = in->standing.state[0] == 0;
    in->head->outcome = kw_batch_judge(in->batch, &in->standing);
    const bool is_taken = in->head->outcome == KW_BATCH_TAKEN, is_known = in->standing.state[0] != 0;
    if (is_new && is_known)
        code = make_till(in);
    if (code == 0 && is_taken && in->taking.origin == 0)
        code = kw_taking_name(&in->taking, in->error);
    if (code == 0 && is_taken)
        code = take_events(in);
    if (code == KWIT_E_CONFLICT)            /* a token that is another journal's */
        in->head->outcome = KW_BATCH_CLAIMED;
    return code < 0 || !is_known ? code : note_till(in);
}

/* What was refused is noted too, but for a batch that was found at fault while it was taken. */
static int take_at_once(struct incoming *in)
{
    int code = kw_journal_begin(in->journal, KW_DURABLE, in->error);
    if (code < 0)
        return code;
    code = kw_taking_find(&in->taking, in->error);
    const int64_t before_n = in->taking.last_n;
    uint8_t before[KW_BATCH_HASH];
    memcpy(before, in->taking.head, sizeof before);
    if (code == 0)
        code = take_batch(in);
    if (code == 0 && in->head->outcome == KW_BATCH_TAKEN && in->batch->schema >= KW_BATCH_OBEYS)
        code = kw_orders_list(in->journal, in->taking.origin, in->batch->handle, in->head, in->error);
    const bool refused = code == KWIT_E_CONFLICT;
    code = kw_journal_end(in->journal, code, in->error);
    in->head->n = code < 0 ? before_n : in->taking.last_n;
    memcpy(in->head->hash, code < 0 ? before : in->taking.head, KW_BATCH_HASH);
    return refused ? 0 : code;
}

int kw_incoming_take(struct kw_journal *journal, const struct kw_shop_days *days, const struct kw_batch *batch,
                     struct kw_batch_head *head, struct kw_error *error)
{
    struct incoming in = { .journal = journal, .batch = batch, .head = head, .error = error,
                           .now_ms = kw_clock_wall_ms(),
                           .taking = { .journal = journal, .where = batch->uuid, .least_expiry = INT64_MAX } };
    int64_t rejudged;
    int version = 0;
    *head = (struct kw_batch_head){ .outcome = KW_BATCH_BUSY };
    snprintf(in.taking.uuid, sizeof in.taking.uuid, "%s", batch->uuid);
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_ledger_version(journal, &version, error);
    in.standing.version = version;
    if (code == 0)
        code = take_at_once(&in);
    if (code < 0)
        return code;
    if (in.taking.sales > 0)
        code = kw_answers_rejudge(journal, days, &rejudged, error);
    return code < 0 || !in.taking.erased ? code : kw_journal_empty_wal(journal, error);
}
