/*
 * scope.h - a book of some stores alone, over a book of all: for a report of a region, and for who may see no more.
 *
 * It reads and takes nothing in. Pages that were opened and codes that opened to no sale are of no store: it says that
 * the former were not measured, and of the latter nothing.
 */
#ifndef KW_RECORD_SCOPE_H
#define KW_RECORD_SCOPE_H

#include "record/book.h"

struct kw_scope {
    struct kw_book whole;
    const char **stores;                    /* in order of strcmp, once kw_scope_book was called */
    size_t count, room;                     /* count 0: all stores */
};

bool kw_scope_holds(const struct kw_scope *scope, const char *store);
/* A book that lives as long as the scope; that of all stores where the scope names none. */
struct kw_book kw_scope_book(struct kw_scope *scope);

#endif
