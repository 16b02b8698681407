/* pg_answers.c - what a report reads of answers and of what follows them. */
#include "office/pg/internal.h"

#include <string.h>

/* The days that a report is of. */
static struct kw_pg_values days_of(int64_t from_day, int64_t to_day)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, from_day);
    kw_pg_number(&values, to_day);
    return values;
}

int kw_pg_verdicts(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms,
                   struct kw_error *error)
{
    const struct kw_pg_values values = days_of(from_day, to_day);
    PGresult *reach = NULL, *rows = NULL;
    memset(counts, 0, KW_VERDICT_COUNT * sizeof *counts);
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_REACH, NULL, &reach, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_VERDICTS, &values, &rows, error);
    *reach_ms = code == 0 ? kw_pg_get(reach, 0, 0) : 0;
    for (int row = 0; code == 0 && row < PQntuples(rows); row++) {
        const int64_t verdict = kw_pg_get(rows, row, 0);
        if (verdict > 0 && verdict < KW_VERDICT_COUNT)
            counts[verdict] += kw_pg_get(rows, row, 1);
    }
    PQclear(reach);
    PQclear(rows);
    return code;
}

struct answer_reading { kw_answer_sink sink; void *data; int64_t previous; };

static int read_answer(const PGresult *row, void *data)
{
    struct answer_reading *reading = data;
    const int at = PQfnumber(row, "a_id");
    struct kw_counted answer = { .id = kw_pg_get(row, 0, at), .submitted_ms = kw_pg_get(row, 0, at + 1),
                                 .printed_ms = kw_pg_get(row, 0, at + 2), .nps = kw_pg_score(row, 0, at + 3),
                                 .csat = kw_pg_score(row, 0, at + 4), .ces = kw_pg_score(row, 0, at + 5),
                                 .contact = kw_pg_get(row, 0, at + 6) != 0, .first_nps = kw_pg_score(row, 0, at + 7),
                                 .own = PQgetvalue(row, 0, at + 8) };
    kw_pg_touchpoint(row, 0, &answer.facts);
    answer.sale = answer.facts.sale;
    answer.hour = kw_touchpoint_hour(&answer.facts);
    answer.first = answer.sale != reading->previous;
    reading->previous = answer.sale;
    return reading->sink(reading->data, &answer);
}

/* One that is left as a count of those that are alike. */
static int read_past_answer(const PGresult *row, void *data)
{
    const struct answer_reading *reading = data;
    const struct kw_counted answer = { .facts = { .day = kw_pg_get(row, 0, 0),
                                                  .kind = (enum kw_sale_kind)kw_pg_get(row, 0, 2),
                                                  .klass = (enum kw_class)kw_pg_get(row, 0, 3),
                                                  .variant = (uint8_t)kw_pg_get(row, 0, 4),
                                                  .variant_p_bp = (int)kw_pg_get(row, 0, 5),
                                                  .p_bp = (int)kw_pg_get(row, 0, 6),
                                                  .expires_day = kw_pg_get(row, 0, 7),
                                                  .refunded_ms = kw_pg_get(row, 0, 8),
                                                  .store = PQgetvalue(row, 0, 13),
                                                  .till = PQgetvalue(row, 0, 14),
                                                  .language = PQgetvalue(row, 0, 15),
                                                  .channel = PQgetvalue(row, 0, 16),
                                                  .campaign = PQgetvalue(row, 0, 17),
                                                  .cashier = "",
                                                  .has_token = true },
                                       .hour = (int)kw_pg_get(row, 0, 1),
                                       .nps = kw_pg_score(row, 0, 9),
                                       .csat = kw_pg_score(row, 0, 10),
                                       .ces = kw_pg_score(row, 0, 11),
                                       .first_nps = kw_pg_score(row, 0, 12),
                                       .own = PQgetvalue(row, 0, 18),
                                       .first = true };
    int code = 0;
    for (int64_t n = kw_pg_get(row, 0, 19); code >= 0 && n > 0; n--)
        code = reading->sink(reading->data, &answer);
    return code;
}

int kw_pg_answers(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                  struct kw_error *error)
{
    struct answer_reading reading = { sink, data, 0 };
    const struct kw_pg_values values = days_of(from_day, to_day);
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_each(store, KW_PG_PAST_ANSWERS, &values, read_past_answer, &reading, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_ANSWERS, &values, read_answer, &reading, error);
}

struct comment_reading { kw_comment_sink sink; void *data; };

static int read_comment(const PGresult *row, void *data)
{
    const struct comment_reading *reading = data;
    const struct kw_comment comment = { .id = kw_pg_get(row, 0, 0), .submitted_ms = kw_pg_get(row, 0, 1),
                                        .day = kw_pg_get(row, 0, 2), .store = PQgetvalue(row, 0, 3),
                                        .till = PQgetvalue(row, 0, 4), .comment = PQgetvalue(row, 0, 5),
                                        .kind = (int)kw_pg_get(row, 0, 6), .nps = kw_pg_score(row, 0, 7),
                                        .csat = kw_pg_score(row, 0, 8), .ces = kw_pg_score(row, 0, 9),
                                        .refunded = kw_pg_get(row, 0, 10) != 0 };
    return reading->sink(reading->data, &comment);
}

int kw_pg_comments(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                   struct kw_error *error)
{
    struct comment_reading reading = { sink, data };
    const struct kw_pg_values values = days_of(from_day, to_day);
    int code = kw_pg_reach(store, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_COMMENTS, &values, read_comment, &reading, error);
}

int kw_pg_measured(void *store, struct kw_opening_measured *measured, struct kw_error *error)
{
    const struct kw_pg_values values = days_of(KW_EVENT_OPENED, KW_EVENT_STARTED);
    PGresult *rows = NULL;
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_MEASURED, &values, &rows, error);
    *measured = (struct kw_opening_measured){ code == 0 && kw_pg_get(rows, 0, 0), code == 0 && kw_pg_get(rows, 0, 1) };
    PQclear(rows);
    return code;
}

struct opening_reading { kw_opening_sink sink; void *data; };

static int read_opening(const PGresult *row, void *data)
{
    const struct opening_reading *reading = data;
    const struct kw_opening opening = { .event = (enum kw_event)kw_pg_get(row, 0, 0), .first_ms = kw_pg_get(row, 0, 1),
                                        .klass = (enum kw_class)kw_pg_get(row, 0, 2),
                                        .printed_ms = kw_pg_get(row, 0, 3) };
    return reading->sink(reading->data, &opening);
}

static int read_past_opening(const PGresult *row, void *data)
{
    const struct opening_reading *reading = data;
    const struct kw_opening opening = { .event = (enum kw_event)kw_pg_get(row, 0, 0),
                                        .klass = (enum kw_class)kw_pg_get(row, 0, 1) };
    int code = 0;
    for (int64_t n = kw_pg_get(row, 0, 2); code >= 0 && n > 0; n--)
        code = reading->sink(reading->data, &opening);
    return code;
}

int kw_pg_openings(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                   struct kw_error *error)
{
    struct opening_reading reading = { sink, data };
    const struct kw_pg_values values = days_of(from_day, to_day);
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_each(store, KW_PG_PAST_OPENINGS, &values, read_past_opening, &reading, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_OPENINGS, &values, read_opening, &reading, error);
}

/* ---- alerts ------------------------------------------------------------------------------------------------- */

static void read_alert(const PGresult *rows, int row, struct kw_alert *alert)
{
    *alert = (struct kw_alert){ .id = kw_pg_get(rows, row, 0), .raised_ms = kw_pg_get(rows, row, 1),
                                .acknowledged_ms = kw_pg_get(rows, row, 2), .closed_ms = kw_pg_get(rows, row, 3),
                                .submitted_ms = kw_pg_get(rows, row, 4), .sale = kw_pg_get(rows, row, 5),
                                .kind = PQgetvalue(rows, row, 6), .who = PQgetvalue(rows, row, 7),
                                .store = PQgetvalue(rows, row, 8), .till = PQgetvalue(rows, row, 9),
                                .comment = PQgetvalue(rows, row, 10), .nps = kw_pg_score(rows, row, 11),
                                .csat = kw_pg_score(rows, row, 12), .ces = kw_pg_score(rows, row, 13),
                                .told_ms = kw_pg_get(rows, row, 14), .refunded = kw_pg_get(rows, row, 15) != 0,
                                .receipt = "", .token = PQgetvalue(rows, row, 16),
                                .contact = kw_pg_get(rows, row, 17) != 0 };
}

/* Their rows are all here before the sink is called, which may ask for more. id 0: any. */
static int each_alert(struct kw_pg *pg, bool open_only, int64_t id, kw_alert_sink sink, void *data, int *count,
                      struct kw_error *error)
{
    const struct kw_pg_values values = days_of(open_only, id);
    struct kw_alert alert;
    PGresult *rows = NULL;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_ALERTS, &values, &rows, error);
    *count = code == 0 ? PQntuples(rows) : 0;
    for (int row = 0; code >= 0 && row < *count; row++) {
        read_alert(rows, row, &alert);
        code = sink(data, &alert);
    }
    PQclear(rows);
    return code < 0 ? code : 0;
}

int kw_pg_alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    int count;
    return each_alert(store, open_only, 0, sink, data, &count, error);
}

int kw_pg_find_alert(void *store, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error)
{
    int count, code = each_alert(store, false, id, sink, data, &count, error);
    return code == 0 && count == 0 ? kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "there is no alert %lld",
                                             (long long)id) : code;
}

/* This store has no chain of its own: what tills push is chained by them. */
int kw_pg_head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    (void)store, (void)error;
    *n = 0;
    memset(hash, 0, 16);
    return 0;
}
