/*
 * pg_take.c - one batch of a till in one transaction: its head is held, so that of several offices one takes and the
 * others see how far it came. What was committed stands on the server's disk.
 */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { LINES = 64 * 1024 * 1024, ARENA = 16 * 1024 * 1024 };

struct span { int64_t first, last; };

struct taking {
    struct kw_pg *pg;
    const struct kw_shop_days *days;
    const struct kw_batch *batch;
    struct kw_batch_head *head;
    struct kw_error *error;
    struct kw_batch_standing standing;
    struct kw_pg_fold fold;
    PGresult *late;                     /* sales of earlier batches; what the fold holds of them lives in it */
    struct kw_arena *arena;
    struct kw_pg_lines lines;
    int64_t journal, now_ms;            /* journal: 0, it never came */
    const char *handles;                /* "{1,2}": those of the tokens that it brings */
    struct span token_days, late_days;  /* of such sales, and of those of earlier batches */
    bool is_taken;                      /* its events are new, and go in */
};

/* ---- what is known of it ------------------------------------------------------------------------------------ */

static struct kw_pg_values values_of(int64_t journal)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, journal);
    return values;
}

/* Two journals that come with one handle at the same time come one after the other. */
static int lock_handle(struct taking *taking)
{
    struct kw_pg_values values = values_of(taking->batch->kid);
    kw_pg_number(&values, taking->batch->handle);
    return kw_pg_run(taking->pg, KW_PG_LOCK_HANDLE, &values, NULL, taking->error);
}

static int find_till(struct taking *taking)
{
    struct kw_pg_values values = { .count = 0 };
    struct kw_batch_standing *standing = &taking->standing;
    uint8_t key[KW_BATCH_KEY];
    PGresult *rows;
    kw_pg_text(&values, taking->batch->uuid);
    int code = kw_pg_run(taking->pg, KW_PG_TILL, &values, &rows, taking->error);
    if (code == 0 && PQntuples(rows) > 0) {
        taking->journal = kw_pg_get(rows, 0, 0);
        snprintf(standing->state, sizeof standing->state, "%s", PQgetvalue(rows, 0, 1));
        standing->same_key = kw_pg_get_bytes(rows, 0, 2, key, sizeof key) == sizeof key
            && memcmp(key, taking->batch->key, sizeof key) == 0;
    }
    PQclear(rows);
    return code;
}

static int find_others(struct taking *taking)
{
    struct kw_pg_values values = values_of(taking->batch->kid);
    PGresult *rows;
    kw_pg_number(&values, taking->batch->handle);
    kw_pg_text(&values, taking->batch->uuid);
    int code = kw_pg_run(taking->pg, KW_PG_OTHERS, &values, &rows, taking->error);
    if (code == 0) {
        taking->standing.claimed = kw_pg_get(rows, 0, 0) != 0;
        taking->standing.revoked = kw_pg_get(rows, 0, 1) != 0;
    }
    PQclear(rows);
    return code;
}

/* The row stays locked until the transaction ends. */
static int find_head(struct taking *taking)
{
    const struct kw_pg_values values = values_of(taking->journal);
    struct kw_batch_standing *standing = &taking->standing;
    PGresult *rows;
    int code = kw_pg_run(taking->pg, KW_PG_HEAD, &values, &rows, taking->error);
    if (code == 0 && PQntuples(rows) > 0) {
        standing->n = kw_pg_get(rows, 0, 0);
        standing->has_hash = kw_pg_get_bytes(rows, 0, 1, standing->hash, KW_BATCH_HASH) == KW_BATCH_HASH;
    }
    PQclear(rows);
    return code;
}

static int find_standing(struct taking *taking)
{
    int code = lock_handle(taking);
    if (code == 0)
        code = find_till(taking);
    if (code == 0)
        code = find_others(taking);
    if (code == 0 && taking->journal > 0)
        code = find_head(taking);
    taking->head->n = taking->standing.n;
    memcpy(taking->head->hash, taking->standing.hash, KW_BATCH_HASH);
    return code;
}

/* ---- its row ------------------------------------------------------------------------------------------------ */

static int make_till(struct taking *taking)
{
    struct kw_pg_values values = { .count = 0 };
    const struct kw_batch *batch = taking->batch;
    PGresult *rows;
    kw_pg_text(&values, batch->uuid);
    kw_pg_number(&values, batch->kid);
    kw_pg_number(&values, batch->handle);
    kw_pg_bytes(&values, batch->key, sizeof batch->key);
    kw_pg_text(&values, taking->standing.state);
    int code = kw_pg_run(taking->pg, KW_PG_NEW_TILL, &values, &rows, taking->error);
    if (code < 0)
        return code;
    taking->journal = kw_pg_get(rows, 0, 0);
    PQclear(rows);
    values = values_of(taking->journal);
    return kw_pg_run(taking->pg, KW_PG_NEW_HEAD, &values, NULL, taking->error);
}

static int note_till(struct taking *taking)
{
    const struct kw_batch *batch = taking->batch;
    const enum kw_batch_outcome outcome = taking->head->outcome;
    const bool is_taken = outcome == KW_BATCH_TAKEN;
    struct kw_pg_values values = values_of(taking->journal);
    kw_pg_number(&values, is_taken);
    kw_pg_number(&values, batch->kid);
    kw_pg_number(&values, batch->handle);
    kw_pg_number(&values, batch->schema);
    kw_pg_number(&values, batch->sent_ms - taking->now_ms);
    kw_pg_number(&values, taking->now_ms);
    kw_pg_text(&values, is_taken || outcome == KW_BATCH_GAP ? "" : kw_batch_word(outcome));
    kw_pg_number(&values, is_taken ? kw_batch_lost(batch, &taking->standing) : 0);
    kw_pg_text(&values, taking->standing.state);
    return kw_pg_run(taking->pg, KW_PG_NOTE_TILL, &values, NULL, taking->error);
}

/* ---- its events --------------------------------------------------------------------------------------------- */

/* The first and last of some days; none yet: the last is before the first. */
static const struct span no_days = { INT64_MAX, INT64_MIN };

static void widen(struct span *days, int64_t day)
{
    days->first = day < days->first ? day : days->first;
    days->last = day > days->last ? day : days->last;
}

static bool is_any(const struct span *days)
{
    return days->first <= days->last;
}

static void put_numbers(struct kw_pg_lines *lines, const int64_t *numbers, size_t count)
{
    kw_pg_line_begin(lines);
    for (size_t i = 0; i < count; i++)
        kw_pg_line_number(lines, numbers[i]);
}

static int find_late(struct taking *taking)
{
    return kw_pg_fold_late(taking->pg, &taking->fold, taking->batch, taking->arena, &taking->late, taking->error);
}

static int copy_sales(struct taking *taking)
{
    kw_buffer_clear(&taking->lines.bytes);
    for (size_t i = 0; i < taking->fold.count; i++)
        if (taking->fold.sales[i].is_new)
            kw_pg_put_touchpoint(&taking->lines, taking->journal, &taking->fold.sales[i].touchpoint);
    return kw_pg_copy(taking->pg, kw_pg_touchpoints, &taking->lines, taking->error);
}

/* What can change of a sale. */
static int copy_late(struct taking *taking)
{
    struct kw_pg_lines *lines = &taking->lines;
    kw_buffer_clear(&lines->bytes);
    for (size_t i = 0; i < taking->fold.count; i++) {
        const struct kw_touchpoint *t = &taking->fold.sales[i].touchpoint;
        const int64_t numbers[] = { t->day, t->n, t->ts_ms, t->sold_ms, t->klass, t->class_ms, t->expired_ms,
                                    t->annulled_ms, t->refunded_ms };
        if (taking->fold.sales[i].is_new)
            continue;
        widen(&taking->late_days, t->day);
        put_numbers(lines, numbers, sizeof numbers / sizeof numbers[0]);
        kw_pg_line_end(lines);
    }
    return kw_pg_copy(taking->pg, "came_late", lines, taking->error);
}

static int copy_cells(struct taking *taking)
{
    kw_buffer_clear(&taking->lines.bytes);
    kw_pg_fold_cells(&taking->fold, &taking->lines);
    return kw_pg_copy(taking->pg, kw_pg_cells, &taking->lines, taking->error);
}

/* An event lies with its sale; one of no sale that is known lies on its own day. */
static int64_t day_of(const struct taking *taking, const struct kw_batch_event *event)
{
    const struct kw_pg_sale *sale = kw_pg_fold_find(&taking->fold, event->sale);
    return sale ? sale->touchpoint.day : kw_shop_day(taking->days, event->ts_ms);
}

static int copy_events(struct taking *taking)
{
    struct kw_pg_lines *lines = &taking->lines;
    kw_buffer_clear(&lines->bytes);
    for (size_t i = 0; i < taking->batch->count; i++) {
        const struct kw_batch_event *event = &taking->batch->events[i];
        const int64_t numbers[] = { taking->journal, day_of(taking, event), event->n, event->sale, event->ev,
                                    event->ts_ms };
        put_numbers(lines, numbers, sizeof numbers / sizeof numbers[0]);
        kw_pg_line_text(lines, event->detail);
        kw_pg_line_end(lines);
    }
    return kw_pg_copy(taking->pg, "event(journal, day, n, sale, ev, ts_ms, detail)", lines, taking->error);
}

/* A row of an answer to one statement; *found: there is any. */
static int ask(struct taking *taking, enum kw_pg_statement statement, const struct kw_pg_values *values, bool *found)
{
    PGresult *rows;
    const int code = kw_pg_run(taking->pg, statement, values, &rows, taking->error);
    *found = code == 0 && PQntuples(rows) > 0;
    PQclear(rows);
    return code;
}

/* A token of a sale is no other journal's: looked at only where a handle had several. */
static int check_tokens(struct taking *taking)
{
    struct kw_pg_values holders = values_of(taking->journal), sales = holders;
    bool found = false;
    kw_pg_text(&holders, taking->handles);
    kw_pg_number(&sales, taking->batch->first);
    kw_pg_number(&sales, taking->token_days.first);
    kw_pg_number(&sales, taking->token_days.last);
    int code = is_any(&taking->token_days) ? ask(taking, KW_PG_OTHER_HOLDERS, &holders, &found) : 0;
    if (found)
        code = ask(taking, KW_PG_CLASH, &sales, &found);
    return !found ? code : kw_fail(taking->error, KWIT_E_CONFLICT, taking->batch->uuid,
                                   "another journal has its tokens");
}

/* Beside the times of its events: what its customer wrote, and when. */
static int wipe_answers(struct taking *taking, const struct kw_pg_sale *sale)
{
    struct kw_pg_values values = values_of(taking->journal);
    kw_pg_number(&values, sale->touchpoint.sale);
    kw_pg_number(&values, sale->touchpoint.offset_minutes * (int64_t)60000);
    kw_pg_number(&values, sale->touchpoint.day);
    return kw_pg_run(taking->pg, KW_PG_ERASE_SAID, &values, NULL, taking->error);
}

static int blur_events(struct taking *taking)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < taking->fold.count; i++) {
        const struct kw_pg_sale *sale = &taking->fold.sales[i];
        struct kw_pg_values values = values_of(taking->journal);
        if (!sale->is_erased)
            continue;
        kw_pg_number(&values, sale->own);
        kw_pg_number(&values, sale->touchpoint.offset_minutes * (int64_t)60000);
        kw_pg_number(&values, sale->touchpoint.day);
        code = kw_pg_run(taking->pg, KW_PG_BLUR_EVENTS, &values, NULL, taking->error);
        if (code == 0)
            code = wipe_answers(taking, sale);
    }
    return code;
}

/* What the till says that it erased, as it was ordered to. */
static int settle_orders(struct taking *taking)
{
    struct kw_batch_order order;
    int code = 0;
    for (size_t i = 0; code == 0 && i < taking->batch->count; i++) {
        const struct kw_batch_event *event = &taking->batch->events[i];
        struct kw_pg_values values = values_of(taking->journal);
        if (event->ev != KW_EVENT_OBEYED || !kw_batch_order_read(event->detail, &order))
            continue;
        kw_pg_number(&values, order.handle);
        kw_pg_number(&values, order.day);
        kw_pg_number(&values, order.seq);
        code = kw_pg_run(taking->pg, KW_PG_SETTLE_ORDER, &values, NULL, taking->error);
    }
    return code;
}

static int find_orders(struct taking *taking)
{
    struct kw_pg_values values = values_of(taking->journal);
    struct kw_batch_head *head = taking->head;
    PGresult *rows;
    kw_pg_number(&values, taking->batch->handle);
    kw_pg_number(&values, KW_BATCH_ORDERS);
    int code = kw_pg_run(taking->pg, KW_PG_ORDERS, &values, &rows, taking->error);
    head->order_count = code == 0 ? (size_t)PQntuples(rows) : 0;
    for (size_t i = 0; i < head->order_count; i++)
        head->orders[i] = (struct kw_batch_order){ .handle = (uint32_t)kw_pg_get(rows, (int)i, 0),
                                                   .day = kw_pg_get(rows, (int)i, 1),
                                                   .seq = (uint32_t)kw_pg_get(rows, (int)i, 2) };
    PQclear(rows);
    return code;
}

static int note_head(struct taking *taking)
{
    const struct kw_batch *batch = taking->batch;
    struct kw_pg_values head = values_of(taking->journal);
    kw_pg_number(&head, batch->last);
    kw_pg_bytes(&head, batch->hash, KW_BATCH_HASH);
    struct kw_pg_values note = head;
    kw_pg_number(&note, taking->now_ms);
    const struct kw_pg_saying steps[] = { { KW_PG_PUT_HEAD, &head }, { KW_PG_PUT_NOTE, &note } };
    return kw_pg_run_together(taking->pg, steps, sizeof steps / sizeof steps[0], taking->error);
}

/* Of a batch without sales, and of one without late ones, a statement has nothing to do. */
static int put_folded(struct taking *taking)
{
    const struct kw_pg_values values = values_of(taking->journal);
    struct kw_pg_values handles = values, late = values;
    struct kw_pg_saying steps[] = { { KW_PG_PUT_CELLS, &values }, { KW_PG_PUT_DIRTY, &values }, { 0 }, { 0 } };
    size_t count = 2;
    kw_pg_text(&handles, taking->handles);
    kw_pg_number(&late, taking->late_days.first);
    kw_pg_number(&late, taking->late_days.last);
    if (is_any(&taking->token_days))
        steps[count++] = (struct kw_pg_saying){ KW_PG_PUT_HANDLES, &handles };
    if (is_any(&taking->late_days))
        steps[count++] = (struct kw_pg_saying){ KW_PG_CHANGE_LATE, &late };
    return kw_pg_run_together(taking->pg, steps, count, taking->error);
}

/* What becomes of its sales; which handles and days those that it brings have. */
static int fold_all(struct taking *taking)
{
    struct kw_buffer *list = &taking->lines.bytes;
    uint32_t previous = 0;
    kw_pg_fold_events(&taking->fold, taking->batch);
    kw_buffer_clear(list);
    for (size_t i = 0; i < taking->fold.count; i++) {
        const struct kw_touchpoint *t = &taking->fold.sales[i].touchpoint;
        if (!taking->fold.sales[i].is_new || !t->has_token)
            continue;
        widen(&taking->token_days, t->day);
        if (list->length == 0 || t->handle != previous)
            kw_buffer_format(list, "%s%lu", list->length ? "," : "{", (unsigned long)t->handle);
        previous = t->handle;
    }
    kw_buffer_text(list, list->length ? "}" : "{}");
    taking->handles = kw_arena_string(taking->arena, kw_buffer_string(list));
    return taking->handles && !list->failed ? 0 : kw_fail(taking->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

static int take_events(struct taking *taking)
{
    static int (*const steps[])(struct taking *) = { find_late, fold_all, copy_sales, check_tokens, copy_late,
                                                     copy_cells, copy_events, put_folded, blur_events, settle_orders,
                                                     note_head };
    int code = kw_pg_fold_begin(&taking->fold, taking->arena, taking->batch, taking->journal, taking->error);
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = steps[i](taking);
    return code;
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static int take_batch(struct taking *taking)
{
    int code = find_standing(taking);
    if (code < 0)
        return code;
    const bool is_new = taking->standing.state[0] == 0;
    taking->head->outcome = kw_batch_judge(taking->batch, &taking->standing);
    const bool is_known = taking->standing.state[0] != 0;
    taking->is_taken = taking->head->outcome == KW_BATCH_TAKEN && taking->batch->count > 0
        && taking->batch->first > taking->standing.n;
    if (is_new && is_known)
        code = make_till(taking);
    if (code == 0 && taking->is_taken)
        code = take_events(taking);
    if (code == KWIT_E_CONFLICT)            /* a token that is another journal's */
        taking->head->outcome = KW_BATCH_CLAIMED;
    if (code == 0 && taking->head->outcome == KW_BATCH_TAKEN && taking->batch->schema >= KW_BATCH_OBEYS)
        code = find_orders(taking);
    return code < 0 || !is_known ? code : note_till(taking);
}

/* The head is what was committed, and nothing before that is said. */
static int take_at_once(struct taking *taking)
{
    const struct kw_batch *batch = taking->batch;
    int code = kw_pg_say(taking->pg, "BEGIN", taking->error);
    if (code < 0)
        return code;
    code = take_batch(taking);
    const bool refused = code == KWIT_E_CONFLICT;
    code = kw_pg_end(taking->pg, code, taking->error);
    if (code == 0 && taking->is_taken) {
        taking->head->n = batch->last;
        memcpy(taking->head->hash, batch->hash, KW_BATCH_HASH);
    }
    return refused ? 0 : code;
}

/* Answers that came before their sales. What fails here is done by the next round of kw_pg_tend; the batch is taken. */
static void judge_again(struct taking *taking)
{
    const int64_t between[] = { taking->token_days.first, taking->token_days.last };
    int64_t settled = 0;
    struct kw_error error;
    if (is_any(&taking->token_days))
        kw_pg_rejudge(taking->pg, taking->days, taking->journal, between, &settled, &error);
}

/*
 * The weeks of its sales and events get their tables before, in a transaction of their own. Of old ones none is
 * remembered: another connection may have dropped them.
 */
static int make_weeks(struct taking *taking)
{
    struct kw_pg *pg = taking->pg;
    struct kw_buffer *list = &taking->lines.bytes;
    struct kw_pg_values values = { .count = 0 };
    const int64_t this_week = kw_shop_day(taking->days, taking->now_ms) / KW_PG_WEEK;
    kw_buffer_text(list, "{");
    for (size_t i = 0; i < taking->batch->count; i++) {
        const struct kw_batch_event *event = &taking->batch->events[i];
        const int64_t day = event->record ? event->record->day : kw_shop_day(taking->days, event->ts_ms),
                      week = day / KW_PG_WEEK;
        if (day < 0 || week >= KW_PG_WEEKS || pg->is_made[week])
            continue;
        kw_buffer_format(list, "%s%d", list->length > 1 ? "," : "", (int)week);
        pg->is_made[week] = week >= this_week;
    }
    kw_buffer_text(list, "}");
    if (list->failed || list->length <= 2)
        return list->failed ? kw_fail(taking->error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
    kw_pg_text(&values, kw_buffer_string(list));
    int code = kw_pg_run(pg, KW_PG_MAKE_WEEKS, &values, NULL, taking->error);
    if (code < 0)
        memset(pg->is_made, 0, sizeof pg->is_made);
    return code;
}

int kw_pg_take(void *store, const struct kw_shop_days *days, const struct kw_batch *batch, struct kw_batch_head *head,
               struct kw_error *error)
{
    struct kw_pg *pg = store;
    struct taking taking = { .pg = pg, .days = days, .batch = batch, .head = head, .error = error,
                             .standing = { .version = pg->schema }, .now_ms = kw_clock_wall_ms(),
                             .token_days = no_days, .late_days = no_days };
    *head = (struct kw_batch_head){ .outcome = KW_BATCH_BUSY };
    int code = kw_pg_reach(pg, error);
    if (code < 0)
        return code;
    kw_buffer_init(&taking.lines.bytes, LINES);
    taking.arena = kw_arena_new(ARENA);
    if (!taking.arena)
        code = kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = make_weeks(&taking);
    if (code == 0)
        code = take_at_once(&taking);
    if (code == 0 && taking.is_taken)
        judge_again(&taking);
    PQclear(taking.late);
    kw_arena_free(taking.arena);
    kw_buffer_free(&taking.lines.bytes);
    return code;
}
