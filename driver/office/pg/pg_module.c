/* pg_module.c - the table that kwit-pg.so exports. */
#include "office/pg/internal.h"

#include <stdlib.h>
#include <string.h>

static int open_store(const char *place, int64_t schema, struct kw_pg **store, struct kw_error *error)
{
    struct kw_pg *pg = calloc(1, sizeof *pg);
    *store = NULL;
    if (pg)
        pg->place = strdup(place);
    if (!pg || !pg->place) {
        free(pg);
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    }
    pg->schema = schema;
    pg->tables = kw_pg_version_wanted();
    *store = pg;
    return 0;
}

static void close_store(struct kw_pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->link);
    free(pg->place);
    free(pg);
}

static const struct kw_book_calls book = { .version = KW_BOOK_VERSION,
                                           .hold = kw_pg_hold,
                                           .release = kw_pg_release,
                                           .days = kw_pg_days,
                                           .verdicts = kw_pg_verdicts,
                                           .cells = kw_pg_cells_each,
                                           .answers = kw_pg_answers,
                                           .measured = kw_pg_measured,
                                           .openings = kw_pg_openings,
                                           .alerts = kw_pg_alerts,
                                           .comments = kw_pg_comments,
                                           .plans = kw_pg_plans,
                                           .signs = kw_pg_signs,
                                           .head = kw_pg_head,
                                           .intake_begin = kw_pg_intake_begin,
                                           .intake_take = kw_pg_intake_take,
                                           .intake_end = kw_pg_intake_end,
                                           .intake_drop = kw_pg_intake_drop,
                                           .ticket = kw_pg_ticket,
                                           .submit = kw_pg_submit,
                                           .said = kw_pg_said,
                                           .take = kw_pg_take };

extern const struct kw_pg_calls kw_pg_module __attribute__((visibility("default")));
const struct kw_pg_calls kw_pg_module = { .version = KW_PG_VERSION,
                                          .open = open_store,
                                          .close = close_store,
                                          .reach = kw_pg_reach,
                                          .tend = kw_pg_tend,
                                          .book = &book,
                                          .loop = &kw_pg_loop,
                                          .migrate = kw_pg_migrate,
                                          .tills = kw_pg_tills,
                                          .revoke = kw_pg_revoke,
                                          .accept = kw_pg_accept,
                                          .redeem = kw_pg_redeem };
