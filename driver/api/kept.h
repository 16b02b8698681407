/*
 * kept.h - what a context keeps from one call to the next: the journal that the last one left open.
 *
 * It is taken whole or not at all, so that a context may be asked from several threads; who finds nothing opens anew.
 */
#ifndef KW_API_KEPT_H
#define KW_API_KEPT_H

#include "journal/journal.h"

#include <stdatomic.h>

struct kw_kept {
    _Atomic(struct kw_journal *) journal;
};

/* The open journal of that path, if the path still leads to its file; NULL: there is none. It is the caller's now. */
struct kw_journal *kw_kept_take(struct kw_kept *kept, const char *path, int64_t until_ms);
/* A journal whose call ended well is left for the next one. */
void kw_kept_leave(struct kw_kept *kept, struct kw_journal *journal);
void kw_kept_end(struct kw_kept *kept);

#endif
