/* joined.c - one book of two stores, for a report: each of its readings is the one's or the other's. */
#include "api/touch/store.h"

/* ---- of sales ----------------------------------------------------------------------------------------------- */

static int read_days(void *store, int64_t *first, int64_t *last, struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->counts;
    return book->calls->days(book->store, first, last, error);
}

static int read_cells(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                      struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->counts;
    return book->calls->cells(book->store, view, from_day, to_day, sink, data, error);
}

static int read_signs(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                      struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->counts;
    return book->calls->signs(book->store, from_day, to_day, sink, data, error);
}

static int read_plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->counts;
    return book->calls->plans(book->store, sink, data, error);
}

/* ---- of answers --------------------------------------------------------------------------------------------- */

static int read_verdicts(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT],
                         int64_t *reach_ms, struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->verdicts(book->store, from_day, to_day, counts, reach_ms, error);
}

static int read_answers(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                        struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->answers(book->store, from_day, to_day, sink, data, error);
}

static int read_measured(void *store, struct kw_opening_measured *measured, struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->measured(book->store, measured, error);
}

static int read_openings(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                         struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->openings(book->store, from_day, to_day, sink, data, error);
}

static int read_alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->alerts(book->store, open_only, sink, data, error);
}

static int read_comments(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                         struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->comments(book->store, from_day, to_day, sink, data, error);
}

static int read_head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    const struct kw_book *book = &((struct kw_joined *)store)->said;
    return book->calls->head(book->store, n, hash, error);
}

struct kw_book kw_joined_book(struct kw_joined *joined)
{
    static const struct kw_book_calls calls = { .version = KW_BOOK_VERSION,
                                                .days = read_days,
                                                .verdicts = read_verdicts,
                                                .cells = read_cells,
                                                .answers = read_answers,
                                                .measured = read_measured,
                                                .openings = read_openings,
                                                .alerts = read_alerts,
                                                .comments = read_comments,
                                                .plans = read_plans,
                                                .signs = read_signs,
                                                .head = read_head };
    return (struct kw_book){ &calls, joined };
}
