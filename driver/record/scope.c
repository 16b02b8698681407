/* scope.c - what a book of all stores tells goes on to the reader where it is of one of these. */
#include "record/scope.h"

#include <stdlib.h>
#include <string.h>

/* A reading by somebody who sees some stores. */
struct reading {
    const struct kw_scope *scope;
    kw_cell_sink cell;
    kw_answer_sink answer;
    kw_alert_sink alert;
    kw_comment_sink comment;
    void *data;
};

static int compare(const void *one, const void *two)
{
    return strcmp(*(const char *const *)one, *(const char *const *)two);
}

bool kw_scope_holds(const struct kw_scope *scope, const char *store)
{
    return scope->count == 0
        || bsearch(&store, scope->stores, scope->count, sizeof *scope->stores, compare) != NULL;
}

#define PASS(what, record, of_store)                                                                                  \
    static int pass_##what(void *data, const struct record *row)                                                      \
    {                                                                                                                  \
        const struct reading *reading = data;                                                                          \
        return kw_scope_holds(reading->scope, of_store) ? reading->what(reading->data, row) : 0;                       \
    }
PASS(cell, kw_cell, row->facts.store)
PASS(answer, kw_counted, row->facts.store)
PASS(alert, kw_alert, row->store)
PASS(comment, kw_comment, row->store)

static int hold(void *store, struct kw_error *error)
{
    const struct kw_scope *scope = store;
    return scope->whole.calls->hold(scope->whole.store, error);
}

static void release(void *store)
{
    const struct kw_scope *scope = store;
    scope->whole.calls->release(scope->whole.store);
}

static int days(void *store, int64_t *first, int64_t *last, struct kw_error *error)
{
    const struct kw_scope *scope = store;
    return scope->whole.calls->days(scope->whole.store, first, last, error);
}

static int cells(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                 struct kw_error *error)
{
    const struct kw_scope *scope = store;
    struct reading reading = { .scope = scope, .cell = sink, .data = data };
    return scope->whole.calls->cells(scope->whole.store, view, from_day, to_day, pass_cell, &reading, error);
}

static int signs(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data, struct kw_error *error)
{
    const struct kw_scope *scope = store;
    struct reading reading = { .scope = scope, .cell = sink, .data = data };
    return scope->whole.calls->signs(scope->whole.store, from_day, to_day, pass_cell, &reading, error);
}

static int answers(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                   struct kw_error *error)
{
    const struct kw_scope *scope = store;
    struct reading reading = { .scope = scope, .answer = sink, .data = data };
    return scope->whole.calls->answers(scope->whole.store, from_day, to_day, pass_answer, &reading, error);
}

static int count_answer(void *data, const struct kw_counted *answer)
{
    (void)answer;
    ++*(int64_t *)data;
    return 0;
}

/* Those with a sale of these stores: who used a code twice is told from the answers themselves. */
static int verdicts(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms,
                    struct kw_error *error)
{
    const struct kw_scope *scope = store;
    int64_t matched = 0;
    int code = scope->whole.calls->verdicts(scope->whole.store, from_day, to_day, counts, reach_ms, error);
    if (code == 0)
        code = answers(store, from_day, to_day, count_answer, &matched, error);
    memset(counts, 0, KW_VERDICT_COUNT * sizeof *counts);
    counts[KW_VERDICT_MATCHED] = matched;
    return code;
}

static int measured(void *store, struct kw_opening_measured *out, struct kw_error *error)
{
    (void)store;
    (void)error;
    *out = (struct kw_opening_measured){ false, false };
    return 0;
}

static int openings(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                    struct kw_error *error)
{
    (void)store;
    (void)from_day;
    (void)to_day;
    (void)sink;
    (void)data;
    (void)error;
    return 0;
}

static int alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    const struct kw_scope *scope = store;
    struct reading reading = { .scope = scope, .alert = sink, .data = data };
    return scope->whole.calls->alerts(scope->whole.store, open_only, pass_alert, &reading, error);
}

static int comments(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                    struct kw_error *error)
{
    const struct kw_scope *scope = store;
    struct reading reading = { .scope = scope, .comment = sink, .data = data };
    return scope->whole.calls->comments(scope->whole.store, from_day, to_day, pass_comment, &reading, error);
}

static int plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error)
{
    const struct kw_scope *scope = store;
    return scope->whole.calls->plans(scope->whole.store, sink, data, error);
}

static int head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    const struct kw_scope *scope = store;
    return scope->whole.calls->head(scope->whole.store, n, hash, error);
}

static const struct kw_book_calls calls = {
    .version = KW_BOOK_VERSION, .hold = hold, .release = release, .days = days, .verdicts = verdicts, .cells = cells,
    .answers = answers, .measured = measured, .openings = openings, .alerts = alerts, .comments = comments,
    .plans = plans, .signs = signs, .head = head
};

struct kw_book kw_scope_book(struct kw_scope *scope)
{
    if (scope->count == 0)
        return scope->whole;
    qsort(scope->stores, scope->count, sizeof *scope->stores, compare);
    return (struct kw_book){ &calls, scope };
}
