/* spool.h - the page's book where the store is PostgreSQL: what is handed in while no server takes it waits here. */
#ifndef KW_API_OFFICE_SPOOL_H
#define KW_API_OFFICE_SPOOL_H

#include "api/touch/store.h"

/* Of one thread. `here` is the office's own journal, whose file is the same for all. */
struct kw_spool {
    struct kw_book there, here;
    int64_t held_until_ms;                  /* of the boot clock: somebody holds its tables, and they are not read */
};

/* The store's own book where that is the journal. The spool lives as long as the book. */
struct kw_book kw_spool_book(struct kw_spool *spool, const struct kw_store *store);

/* Hands what waits here to the store, as long as it answers; *moved: so many. */
int kw_spool_move(struct kw_touch *call, const struct kw_store *store, int64_t *moved);

#endif
