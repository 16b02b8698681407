/* page.h - answers given on a page: looked at by their code, submitted, edited. Private to this room. */
#ifndef KW_JOURNAL_PAGE_H
#define KW_JOURNAL_PAGE_H

#include "journal/answers.h"

/* As the calls of record/book.h say. */
int kw_page_ticket(struct kw_journal *journal, const struct kw_answer *answer, const struct kw_shop_days *days,
                   struct kw_ticket *ticket, struct kw_error *error);
int kw_page_submit(struct kw_journal *journal, const struct kw_shop_days *days, struct kw_submission *submissions,
                   size_t count, struct kw_error *error);

#endif
