/* book.c - the journal as a book: the calls of record/book.h on its file. */
#include "journal/book.h"

#include "base/clock.h"
#include "journal/answers.h"
#include "journal/internal.h"
#include "journal/openings.h"
#include "journal/page.h"
#include "journal/plan.h"
#include "journal/push.h"
#include "journal/summary.h"
#include "journal/tend.h"

#include <stdlib.h>

enum { BATCHES_A_CHECKPOINT = 20 };

/* An import of this journal; whoever does one keeps the file short meanwhile. */
struct intake { int64_t import; int tending, batches; };

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Tables that a statement would make are made before. */
static int hold(void *store, struct kw_error *error)
{
    bool began;
    int code = kw_journal_receive(store, error);
    return code < 0 ? code : kw_journal_begin_reading(store, &began, error);
}

static void release(void *store)
{
    kw_journal_rollback(store);
}

static int read_days(void *store, int64_t *first, int64_t *last, struct kw_error *error)
{
    return kw_summary_days(store, first, last, error);
}

static int read_verdicts(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT],
                         int64_t *reach_ms, struct kw_error *error)
{
    return kw_summary_verdicts(store, from_day, to_day, counts, reach_ms, error);
}

static int read_cells(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                      struct kw_error *error)
{
    return kw_summary_cells(store, view, from_day, to_day, sink, data, error);
}

static int read_answers(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                        struct kw_error *error)
{
    return kw_summary_answers(store, from_day, to_day, sink, data, error);
}

static int read_measured(void *store, struct kw_opening_measured *measured, struct kw_error *error)
{
    return kw_summary_measured(store, measured, error);
}

static int read_openings(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                         struct kw_error *error)
{
    return kw_summary_openings(store, from_day, to_day, sink, data, error);
}

static int read_alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    return kw_alerts_each(store, open_only, sink, data, error);
}

static int read_comments(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                         struct kw_error *error)
{
    return kw_summary_comments(store, from_day, to_day, sink, data, error);
}

static int read_plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error)
{
    return kw_plans_each(store, sink, data, error);
}

static int read_signs(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                      struct kw_error *error)
{
    return kw_summary_signs(store, from_day, to_day, sink, data, error);
}

static int read_head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    return kw_summary_head(store, n, hash, error);
}

/* ---- answers in --------------------------------------------------------------------------------------------- */

static void intake_drop(void *store, void *intake)
{
    (void)store;
    kw_journal_untend(((struct intake *)intake)->tending);
    free(intake);
}

static int intake_begin(void *store, const char *platform, const char *form, void **begun, struct kw_error *error)
{
    struct kw_journal *journal = store;
    struct intake *intake = malloc(sizeof *intake);
    *begun = NULL;
    if (!intake)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    *intake = (struct intake){ .tending = kw_journal_tend(journal) };
    int code = kw_import_begin(journal, platform, form, &intake->import, error);
    if (code == 0)
        *begun = intake;
    else
        intake_drop(store, intake);
    return code;
}

static int take_event(struct kw_journal *journal, int64_t import, const struct kw_answer *answer, int64_t sale,
                      struct kw_taken *taken, struct kw_error *error)
{
    if (answer->verdict != KW_VERDICT_MATCHED && answer->verdict != KW_VERDICT_EARLY)
        return 0;
    return kw_opening_add(journal, import, sale, answer->event, answer->submitted_ms, &taken->is_first, error);
}

/* For the tally only: which of several answers to one sale counts is found when reading, by the earliest submission. */
static int tell_used(struct kw_journal *journal, const struct kw_answer *answer, int64_t sale, struct kw_taken *taken,
                     struct kw_error *error)
{
    bool used;
    int code = kw_answer_other(journal, sale, answer->key, &used, error);
    if (code == 0 && used)
        taken->verdict = KW_VERDICT_USED;
    return code;
}

static int take_one(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                    struct kw_answer *answer, struct kw_taken *taken, struct kw_error *error)
{
    int64_t sale = 0;
    int code = answer->verdict ? 0 : kw_answer_judge(journal, answer, days, &sale, error);
    *taken = (struct kw_taken){ .verdict = answer->verdict };
    if (code < 0)
        return code;
    if (answer->event != KW_EVENT_COMPLETED)
        return take_event(journal, import, answer, sale, taken, error);
    answer->verdict = taken->verdict = kw_verdict_when_whole(answer);
    if (answer->verdict == KW_VERDICT_MATCHED)
        code = tell_used(journal, answer, sale, taken, error);
    return code < 0 ? code : kw_answer_add(journal, import, answer, sale, &taken->change, error);
}

static int take_batch(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                      struct kw_answer *answers, struct kw_taken *taken, size_t count, struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return kw_journal_was_busy(journal) ? (int)(error->code = KWIT_E_TIMEOUT) : code;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = take_one(journal, import, days, &answers[i], &taken[i], error);
    return kw_journal_end(journal, code, error);
}

static int intake_take(void *store, void *begun, const struct kw_shop_days *days, struct kw_answer *answers,
                       struct kw_taken *taken, size_t count, struct kw_error *error)
{
    struct intake *intake = begun;
    int64_t began_ms = kw_clock_boot_ms();
    int code = take_batch(store, intake->import, days, answers, taken, count, error);
    kw_journal_make_way(began_ms);
    if (code == 0 && ++intake->batches % BATCHES_A_CHECKPOINT == 0)
        code = kw_journal_copy_back(store, error);
    return code;
}

static int intake_end(void *store, void *begun, const struct kw_shop_days *days,
                      const struct kw_intake_totals *totals, int64_t *rejudged, struct kw_error *error)
{
    struct intake *intake = begun;
    int code = kw_import_finish(store, intake->import, totals, error);
    if (code == 0)
        code = kw_answers_rejudge(store, days, rejudged, error);
    intake_drop(store, intake);
    return code;
}

/* ---- the page ----------------------------------------------------------------------------------------------- */

static int look_at_ticket(void *store, const struct kw_answer *answer, const struct kw_shop_days *days,
                          struct kw_ticket *ticket, struct kw_error *error)
{
    return kw_page_ticket(store, answer, days, ticket, error);
}

static int submit(void *store, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                  struct kw_error *error)
{
    return kw_page_submit(store, days, submissions, count, error);
}

static int read_said(void *store, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data,
                     struct kw_error *error)
{
    return kw_page_said(store, key, sink, data, error);
}

static int take_from_till(void *store, const struct kw_shop_days *days, const struct kw_batch *batch,
                          struct kw_batch_head *head, struct kw_error *error)
{
    return kw_incoming_take(store, days, batch, head, error);
}

struct kw_book kw_journal_book(struct kw_journal *journal)
{
    static const struct kw_book_calls calls = { .version = KW_BOOK_VERSION,
                                                .hold = hold,
                                                .release = release,
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
                                                .head = read_head,
                                                .intake_begin = intake_begin,
                                                .intake_take = intake_take,
                                                .intake_end = intake_end,
                                                .intake_drop = intake_drop,
                                                .ticket = look_at_ticket,
                                                .submit = submit,
                                                .said = read_said,
                                                .take = take_from_till };
    return (struct kw_book){ &calls, journal };
}
