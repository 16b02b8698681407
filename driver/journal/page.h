/* page.h - answers given on a page: looked at by their code, submitted, edited. Private to this room. */
#ifndef KW_JOURNAL_PAGE_H
#define KW_JOURNAL_PAGE_H

#include "journal/answers.h"

/* As the calls of record/book.h say. */
int kw_page_ticket(struct kw_journal *journal, const struct kw_answer *answer, const struct kw_shop_days *days,
                   struct kw_ticket *ticket, struct kw_error *error);
int kw_page_submit(struct kw_journal *journal, const struct kw_shop_days *days, struct kw_submission *submissions,
                   size_t count, struct kw_error *error);
int kw_page_said(struct kw_journal *journal, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data,
                 struct kw_error *error);

/* ---- within a transaction of kw_page_submit ------------------------------------------------------------------ */

int kw_said_put_contact(struct kw_journal *journal, int64_t id, const struct kw_submission *submission,
                        struct kw_error *error);
/* The address of that answer; then all else that was said in it, and its alert is closed. */
int kw_said_withdraw(struct kw_journal *journal, int64_t id, struct kw_error *error);
int kw_said_erase(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error);
/* What the shop wrote to the answer that counts for this code; "" nothing. */
int kw_said_reply(struct kw_journal *journal, const struct kw_answer *answer, char reply[KW_REPLY],
                  struct kw_error *error);

#endif
