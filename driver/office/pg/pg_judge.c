/* pg_judge.c - which sale an answer belongs to, what that makes of it, and who should look at it. */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* ---- its sale ----------------------------------------------------------------------------------------------- */

static struct kw_pg_values code_of(int64_t journal, const struct kw_answer *answer)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, journal);
    kw_pg_number(&values, answer->handle);
    kw_pg_number(&values, answer->day);
    kw_pg_number(&values, answer->seq);
    return values;
}

/* Fills the match and the verdict where that journal has the code. */
static int look_in(struct kw_pg *pg, int64_t journal, struct kw_answer *answer, const struct kw_shop_days *days,
                   struct kw_pg_match *match, struct kw_error *error)
{
    const struct kw_pg_values values = code_of(journal, answer);
    struct kw_touchpoint sale;
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_SALE_OF_CODE, &values, &rows, error);
    if (code == 0 && PQntuples(rows) > 0) {
        kw_pg_touchpoint(rows, 0, &sale);
        *match = (struct kw_pg_match){ journal, sale.sale, sale.class_ms ? sale.class_ms : sale.ts_ms, "" };
        snprintf(match->language, sizeof match->language, "%s", sale.language);
        answer->verdict = kw_verdict_of_sale(answer, &sale, days);
    }
    PQclear(rows);
    return code;
}

/* What lies between the first and the last code of a journal is wholly known. */
static int look_around(struct kw_pg *pg, int64_t journal, struct kw_answer *answer, struct kw_error *error)
{
    const struct kw_pg_values values = code_of(journal, answer);
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_IS_COVERED, &values, &rows, error);
    if (code == 0 && kw_pg_get(rows, 0, 0))
        answer->verdict = KW_VERDICT_UNISSUED;
    PQclear(rows);
    return code;
}

int kw_pg_judge(struct kw_pg *pg, struct kw_answer *answer, const struct kw_shop_days *days, struct kw_pg_match *match,
                struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *holders;
    *match = (struct kw_pg_match){ 0 };
    kw_pg_number(&values, answer->handle);
    int code = kw_pg_run(pg, KW_PG_HOLDERS, &values, &holders, error);
    const int count = code == 0 ? PQntuples(holders) : 0;
    answer->verdict = KW_VERDICT_UNCOVERED;
    for (int i = 0; code == 0 && match->sale == 0 && i < count; i++)
        code = look_in(pg, kw_pg_get(holders, i, 0), answer, days, match, error);
    for (int i = 0; code == 0 && answer->verdict == KW_VERDICT_UNCOVERED && i < count; i++)
        code = look_around(pg, kw_pg_get(holders, i, 0), answer, error);
    PQclear(holders);
    return code;
}

/* ---- who should look at it ---------------------------------------------------------------------------------- */

int kw_pg_raise(struct kw_pg *pg, int64_t id, const struct kw_answer *answer, struct kw_error *error)
{
    const char *kind = kw_answer_alert(answer);
    struct kw_pg_values values = { .count = 0 };
    bool raised;
    if (!kind)
        return 0;
    kw_pg_number(&values, id);
    kw_pg_text(&values, kind);
    kw_pg_number(&values, kw_clock_wall_ms());
    int code = kw_pg_change(pg, KW_PG_RAISE, &values, &raised, error);
    values.count = 1;
    return code < 0 || raised || !answer->contact ? code : kw_pg_run(pg, KW_PG_WISH, &values, NULL, error);
}

/* ---- when its sale comes later ------------------------------------------------------------------------------ */

static struct kw_answer read_uncovered(const PGresult *rows, int row)
{
    return (struct kw_answer){ .id = kw_pg_get(rows, row, 0), .opened = true, .kid = (uint8_t)kw_pg_get(rows, row, 1),
                               .handle = (uint32_t)kw_pg_get(rows, row, 2), .day = kw_pg_get(rows, row, 3),
                               .seq = (uint32_t)kw_pg_get(rows, row, 4), .variant = (uint8_t)kw_pg_get(rows, row, 5),
                               .flag = (uint8_t)kw_pg_get(rows, row, 6), .submitted_ms = kw_pg_get(rows, row, 7) };
}

/* What its customer changed meanwhile is what the row says now, and nobody else's alert is waited for. */
static int settle(struct kw_pg *pg, struct kw_answer *answer, const struct kw_shop_days *days, int64_t *settled,
                  struct kw_error *error)
{
    struct kw_pg_match match;
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    int code = kw_pg_judge(pg, answer, days, &match, error);
    if (code < 0 || answer->verdict == KW_VERDICT_UNCOVERED)
        return code;
    const int64_t numbers[] = { answer->id, answer->verdict, match.journal, match.sale, match.printed_ms };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    code = kw_pg_run(pg, KW_PG_SETTLE, &values, &rows, error);
    *settled += code == 0 && PQntuples(rows) > 0;
    if (code == 0 && PQntuples(rows) > 0 && answer->verdict == KW_VERDICT_MATCHED) {
        answer->nps = kw_pg_score(rows, 0, 0);
        answer->csat = kw_pg_score(rows, 0, 1);
        answer->contact = kw_pg_get(rows, 0, 2) != 0;
        answer->comment = PQgetvalue(rows, 0, 3);
        code = kw_pg_raise(pg, answer->id, answer, error);
    }
    PQclear(rows);
    return code;
}

/* At most 200 of them in one transaction; *count: how many were looked at, *after the last one. */
static int settle_some(struct kw_pg *pg, const struct kw_shop_days *days, const int64_t of[3], int64_t *after,
                       int *count, int64_t *settled, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    kw_pg_number(&values, *after);
    for (int i = 0; i < 3; i++)
        kw_pg_number(&values, of[i]);
    int code = kw_pg_run(pg, KW_PG_UNCOVERED, &values, &rows, error);
    *count = code == 0 ? PQntuples(rows) : 0;
    if (*count > 0)
        code = kw_pg_say(pg, "BEGIN", error);
    for (int row = 0; code == 0 && row < *count; row++) {
        struct kw_answer answer = read_uncovered(rows, row);
        *after = answer.id;
        code = settle(pg, &answer, days, settled, error);
    }
    if (*count > 0)
        code = kw_pg_end(pg, code, error);
    PQclear(rows);
    return code;
}

int kw_pg_rejudge(struct kw_pg *pg, const struct kw_shop_days *days, int64_t journal, const int64_t between[2],
                  int64_t *settled, struct kw_error *error)
{
    const int64_t of[] = { between[0], between[1], journal };
    int64_t after = 0;
    int count = 1, code = 0;
    while (code == 0 && count > 0)
        code = settle_some(pg, days, of, &after, &count, settled, error);
    return code;
}
