/*
 * retain.h - what is kept for how long: comments go first, then the rows of sales and answers; counts stay. A journal
 * in which something is older when that is looked at first keeps it for 30 days more, so that it can be said.
 */
#ifndef KW_JOURNAL_RETAIN_H
#define KW_JOURNAL_RETAIN_H

#include "base/error.h"
#include "base/shop_days.h"

#include <stdbool.h>

struct kw_journal;

enum { KW_RETAIN_NOTICE_DAYS = 30 };

struct kw_retention {
    int comments_days, rows_days;   /* 0: for ever; comments never outlive their rows */
    bool at_once;                   /* the 30 days are not waited for */
};

/* sales, comments: that went; when `waits`, those that are to go from from_ms on. */
struct kw_retained { int64_t sales, comments, from_ms; bool waits; };

/* What is older now, also of a journal that is only read; *waits and from_ms as kw_retain would find them. */
int kw_retain_look(struct kw_journal *journal, const struct kw_retention *retention, const struct kw_shop_days *days,
                   struct kw_retained *older, struct kw_error *error);
/* Lets go of it in small transactions, or says that it waits. No day that can still be answered is touched. */
int kw_retain(struct kw_journal *journal, const struct kw_retention *retention, const struct kw_shop_days *days,
              struct kw_retained *done, struct kw_error *error);
/* Comments and replies of answers given before that moment; those that come in later are taken without. */
int kw_retain_comments(struct kw_journal *journal, int64_t before_ms, int64_t *wiped, struct kw_error *error);

#endif
