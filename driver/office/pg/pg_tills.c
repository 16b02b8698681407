/* pg_tills.c - the tills that a chain's office knows, and what a person says about them. */
#include "office/pg/internal.h"

int kw_pg_tills(struct kw_pg *pg, kw_till_sink sink, void *data, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_TILLS, NULL, &rows, error);
    if (code < 0)
        return code;
    for (int row = 0; code == 0 && row < PQntuples(rows); row++) {
        const struct kw_till till = { .uuid = PQgetvalue(rows, row, 0), .state = PQgetvalue(rows, row, 1),
                                      .fault = PQgetvalue(rows, row, 2), .kid = kw_pg_get(rows, row, 3),
                                      .handle = kw_pg_get(rows, row, 4), .schema = kw_pg_get(rows, row, 5),
                                      .offset_ms = kw_pg_get(rows, row, 6), .seen_ms = kw_pg_get(rows, row, 7),
                                      .last_n = kw_pg_get(rows, row, 8), .lost = kw_pg_get(rows, row, 9),
                                      .store = PQgetvalue(rows, row, 10), .till = PQgetvalue(rows, row, 11),
                                      .orders = kw_pg_get(rows, row, 12), .from_n = kw_pg_get(rows, row, 13),
                                      .aside = kw_pg_get(rows, row, 14), .taken_ms = kw_pg_get(rows, row, 15) };
        code = sink(data, &till);
    }
    PQclear(rows);
    return code;
}

/* ---- what a person says ------------------------------------------------------------------------------------- */

/* A transaction that ends well is followed by a look at the answers to what it moved; kw_pg_tend makes up for it. */
static int end(struct kw_pg *pg, const struct kw_shop_days *days, const struct kw_pg_aside *aside, int code,
               struct kw_error *error)
{
    struct kw_error later;
    int64_t settled = 0;
    code = kw_pg_end(pg, code, error);
    if (code == 0 && aside->days[0] <= aside->days[1])
        kw_pg_rejudge(pg, days, aside->journal, aside->days, &settled, &later);
    return code;
}

static int find_from(struct kw_pg *pg, const struct kw_till_revocation *revocation, int64_t journal, int64_t *from_n,
                     struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    *from_n = revocation->from_n;
    if (revocation->from_n > 0)
        return 0;
    kw_pg_number(&values, journal);
    kw_pg_number(&values, revocation->from_ms);
    int code = kw_pg_run(pg, KW_PG_FIRST_SINCE, &values, &rows, error);
    if (code == 0)
        *from_n = kw_pg_get(rows, 0, 0);
    PQclear(rows);
    return code;
}

/* The latest journal of that handle: of those before it, another till's story is told already. */
static int set_aside(struct kw_pg *pg, const struct kw_till_revocation *revocation, struct kw_pg_aside *aside,
                     struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    int64_t from_n = 0;
    kw_pg_number(&values, revocation->handle);
    int code = kw_pg_run(pg, KW_PG_LATEST_OF, &values, &rows, error);
    if (code < 0)
        return code;
    aside->journal = kw_pg_get(rows, 0, 0);
    PQclear(rows);
    code = find_from(pg, revocation, aside->journal, &from_n, error);
    return code < 0 ? code : kw_pg_set_aside(pg, aside, from_n, error);
}

int kw_pg_revoke(struct kw_pg *pg, const struct kw_shop_days *days, const struct kw_till_revocation *revocation,
                 struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    struct kw_pg_aside aside = { .days = { INT64_MAX, -1 } };
    bool changed = false;
    kw_pg_number(&values, revocation->handle);
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_say(pg, "BEGIN", error);
    if (code < 0)
        return code;
    code = kw_pg_change(pg, KW_PG_REVOKE, &values, &changed, error);
    if (code == 0 && changed && (revocation->from_n > 0 || revocation->from_ms > 0))
        code = set_aside(pg, revocation, &aside, error);
    code = end(pg, days, &aside, code, error);
    return code < 0 || changed ? code : kw_fail(error, KWIT_E_NOT_FOUND, "till", "no till has handle %lu; kwit"
                                                " office till list says which there are",
                                                (unsigned long)revocation->handle);
}

int kw_pg_accept(struct kw_pg *pg, const struct kw_shop_days *days, const char *uuid, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    struct kw_pg_aside aside = { .days = { INT64_MAX, -1 } };
    bool changed = false;
    PGresult *rows = NULL;
    kw_pg_text(&values, uuid);
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_say(pg, "BEGIN", error);
    if (code < 0)
        return code;
    code = kw_pg_change(pg, KW_PG_CLOSE_OTHERS, &values, &changed, error);
    if (code == 0)
        code = kw_pg_change(pg, KW_PG_ACCEPT, &values, &changed, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_TILL, &values, &rows, error);
    if (code == 0 && changed)
        aside.journal = kw_pg_get(rows, 0, 0);
    PQclear(rows);
    if (code == 0 && changed)
        code = kw_pg_set_aside(pg, &aside, 0, error);
    code = end(pg, days, &aside, code, error);
    return code < 0 || changed ? code : kw_fail(error, KWIT_E_NOT_FOUND, uuid, "no till has this journal; kwit"
                                                " office till list says which there are");
}
