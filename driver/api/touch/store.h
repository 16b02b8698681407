/*
 * store.h - where an office keeps what its tills push and what customers answer: its own journal, or PostgreSQL, as
 * [office] store says.
 */
#ifndef KW_API_TOUCH_STORE_H
#define KW_API_TOUCH_STORE_H

#include "api/touch/touch.h"
#include "base/module.h"
#include "office/pg/pg.h"

struct kw_store {
    struct kw_module *module;
    const struct kw_pg_calls *calls;        /* NULL: the journal */
    struct kw_pg *pg;
    struct kw_journal *own;                 /* of kw_store_open_again */
    struct kw_book book;
    struct kw_loop loop;
    struct kw_book here;                    /* the journal, whatever the store is */
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

#endif
