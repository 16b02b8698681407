/* store.h - where an office keeps what its tills push: its own journal, or PostgreSQL, as [office] store says. */
#ifndef KW_API_TOUCH_STORE_H
#define KW_API_TOUCH_STORE_H

#include "api/touch/touch.h"
#include "base/module.h"
#include "office/pg/pg.h"

/* One book of two: what is counted of sales by one store, what customers said by another. */
struct kw_joined { struct kw_book counts, said; };

struct kw_store {
    struct kw_module *module;
    const struct kw_pg_calls *calls;        /* NULL: the journal */
    struct kw_pg *pg;
    struct kw_joined joined;
    struct kw_journal *own;                 /* of kw_store_open_again */
    struct kw_book book;                    /* of what customers said, for its page */
    struct kw_loop loop;                    /* and for those who look after it */
};

/* The connection string of libpq in `postgresql:…`; NULL: the store is the journal. */
const char *kw_store_place(const struct kw_config *config);
/* Loads what the store needs, and connects to nothing yet. Always followed by kw_store_close. */
int kw_store_open(struct kw_touch *call, struct kw_store *store);
/* The same for another thread: nothing is shared with the call's own journal. */
int kw_store_open_again(struct kw_touch *call, bool read_only, struct kw_store *store);
void kw_store_close(struct kw_store *store);
/* Every till that pushes there. */
int kw_store_tills(struct kw_touch *call, const struct kw_store *store, kw_till_sink sink, void *data);
/*
 * What a report reads: sales from the store, answers and alerts from the office's own journal. Lives as long as the
 * store.
 */
struct kw_book kw_store_report(const struct kw_touch *call, struct kw_store *store);
struct kw_book kw_joined_book(struct kw_joined *joined);
/* The store as a book of what tills push. */
struct kw_book kw_store_book(const struct kw_touch *call, const struct kw_store *store);

#endif
