/* mail.h - what is written about an alert to those who look after it. No I/O. */
#ifndef KW_OFFICE_ALERTS_MAIL_H
#define KW_OFFICE_ALERTS_MAIL_H

#include "base/buffer.h"
#include "record/counts.h"

struct kw_mail_rules {
    const char *from, *to, *shop, *host;    /* host: behind the @ of the message's id */
    bool with_comment;
    int64_t wait_ms;                        /* how long a low score waits for the words that may follow */
};

/* Whether it is time to tell of it: nobody was told, nobody took it, and the customer has had time for words. */
bool kw_mail_is_due(const struct kw_mail_rules *rules, const struct kw_alert *alert, int64_t now_ms);
/*
 * A whole message (RFC 5322, UTF-8); its id is the same however often it is written. Nothing that a customer wrote
 * stands in a header.
 */
void kw_mail_write(const struct kw_mail_rules *rules, const struct kw_alert *alert, int64_t now_ms,
                   struct kw_buffer *out);

#endif
