/*
 * pg.h - the store of a chain: PostgreSQL. All of this room becomes kwit-pg.so, which an office loads when its store is
 * there, and whose table is all that others see of it (office/pg/pg.md).
 */
#ifndef KW_OFFICE_PG_PG_H
#define KW_OFFICE_PG_PG_H

#include "record/book.h"

#define KW_PG_SYMBOL "kw_pg_module"
enum { KW_PG_VERSION = 4 };

/* For how many days what is kept; 0: for ever. */
struct kw_pg_keep { int comments_days, rows_days; };

/* One connection, of one thread. */
struct kw_pg;

struct kw_pg_calls {
    uint32_t version;               /* KW_PG_VERSION */
    /*
     * place: a connection string or URI of libpq; schema: of the newest journals that are taken from. Connects when it
     * is first used, and again after the server was away.
     */
    int (*open)(const char *place, int64_t schema, struct kw_pg **store, struct kw_error *error);
    void (*close)(struct kw_pg *store);
    /* UNAVAILABLE: no server answers; CONFIG: its tables are of another version, or it lets nobody in. */
    int (*reach)(struct kw_pg *store, struct kw_error *error);
    /*
     * Now and then: whether the server answers, and once an hour what has time: answers whose sales came late are
     * judged, addresses forgotten, tables of the weeks to come made, and what was kept long enough goes: comments and
     * replies, then whole weeks of sales and answers, of which counts stay.
     */
    int (*tend)(struct kw_pg *store, const struct kw_shop_days *days, const struct kw_pg_keep *keep,
                struct kw_error *error);
    /* Both of a struct kw_pg. */
    const struct kw_book_calls *book;
    const struct kw_loop_calls *loop;

    /*
     * As the tables' owner: makes them, or brings them to this version, and gives the office's user (that of the string
     * `office`) what it needs. Each version is one transaction. *from, *to: versions before and now.
     */
    int (*migrate)(const char *owner, const char *office, int *from, int *to, struct kw_error *error);

    /* As kw_incoming_tills, revoke and accept of the journal. */
    int (*tills)(struct kw_pg *store, kw_till_sink sink, void *data, struct kw_error *error);
    int (*revoke)(struct kw_pg *store, const struct kw_shop_days *days, const struct kw_till_revocation *revocation,
                  struct kw_error *error);
    int (*accept)(struct kw_pg *store, const struct kw_shop_days *days, const char *uuid, struct kw_error *error);
    /* As kw_reward_redeem of the journal, by the mark of a thank-you's code. */
    int (*redeem)(struct kw_pg *store, const uint8_t mark[KW_THANKS_MARK], bool *any, struct kw_error *error);
};

#endif
