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
                                      .orders = kw_pg_get(rows, row, 12) };
        code = sink(data, &till);
    }
    PQclear(rows);
    return code;
}

int kw_pg_revoke(struct kw_pg *pg, uint32_t handle, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    bool changed;
    kw_pg_number(&values, handle);
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_change(pg, KW_PG_REVOKE, &values, &changed, error);
    return code < 0 || changed ? code : kw_fail(error, KWIT_E_NOT_FOUND, "till", "no till has handle %lu; kwit"
                                                " office till list says which there are", (unsigned long)handle);
}

int kw_pg_accept(struct kw_pg *pg, const char *uuid, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    bool changed = false;
    kw_pg_text(&values, uuid);
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_say(pg, "BEGIN", error);
    if (code < 0)
        return code;
    code = kw_pg_change(pg, KW_PG_CLOSE_OTHERS, &values, &changed, error);
    if (code == 0)
        code = kw_pg_change(pg, KW_PG_ACCEPT, &values, &changed, error);
    code = kw_pg_end(pg, code, error);
    return code < 0 || changed ? code : kw_fail(error, KWIT_E_NOT_FOUND, uuid, "no till has this journal; kwit"
                                                " office till list says which there are");
}
