/* learn.h - which lines of a shop's receipts hold number and total, found by what differs between them. */
#ifndef KW_TAP_STREAM_LEARN_H
#define KW_TAP_STREAM_LEARN_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* The lines of one receipt, in the order in which receipts were printed. */
struct kw_learn_job { const char *const *lines; size_t count; };

/* A pattern for [tap], for a person to accept. */
struct kw_learnt {
    const char *pattern;            /* an extended regular expression with one group; NULL: nothing was found */
    size_t found;                   /* receipts that it finds something in */
    const char *first, *last;       /* what it found in the first and in the last of them */
};

enum { KW_LEARN_LEAST = 3 };        /* fewer receipts tell nothing */

/* What stands behind the same words on nearly every receipt, differs on each of them, and grows. NO_MEMORY. */
int kw_learn_number(const struct kw_learn_job *jobs, size_t count, struct kw_arena *arena, struct kw_learnt *learnt);
/* The largest amount of nearly every receipt, where the same words stand before it. NO_MEMORY. */
int kw_learn_total(const struct kw_learn_job *jobs, size_t count, struct kw_arena *arena, struct kw_learnt *learnt);

#endif
