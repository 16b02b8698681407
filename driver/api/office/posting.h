/* posting.h - one notice on its way out: as a file, by SMTP, by the webhook. */
#ifndef KW_API_OFFICE_POSTING_H
#define KW_API_OFFICE_POSTING_H

#include "api/office/telling.h"
#include "office/alerts/mail.h"

/* answer.text is "" when it is done, or when the failure was told as telling->call->error. */
void kw_posting_mail(struct kw_telling *telling, const struct kw_mail *mail, struct kw_net_answer *answer);
void kw_posting_webhook(struct kw_telling *telling, const struct kw_mail *mail, struct kw_net_answer *answer);

#endif
