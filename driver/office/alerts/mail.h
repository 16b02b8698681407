/* mail.h - what is written about an alert to those who look after it. No I/O. */
#ifndef KW_OFFICE_ALERTS_MAIL_H
#define KW_OFFICE_ALERTS_MAIL_H

#include "base/buffer.h"
#include "office/alerts/plan.h"
#include "office/web/words.h"

struct kw_mail_rules {
    const char *from, *to, *shop, *host;    /* host: behind the @ of the message's id */
    int language;
    bool with_comment;
};

/* The day before, for the digest. */
struct kw_mail_day {
    int64_t day, fresh, open, oldest_hours, dead, invited, answered, silent_count;
    struct kw_buffer silent;                /* tills without a sale, a line of the mail for each */
};

struct kw_mail {
    enum kw_notice_kind kind;
    int64_t number, now_ms;                 /* number: the alert's, or the day's */
    const struct kw_alert *alert;           /* NULL in a digest */
    const struct kw_mail_day *day;
    const char *link;                       /* where it is taken, answered, closed; NULL: nowhere */
    const char *list;                       /* where who signs in sees all alerts; NULL: nowhere */
};

/*
 * "alert-7-1764561440": its number, and the second when it was raised, without which an alert of a store that came
 * back from a copy would be taken for the lost one that had the number. A digest's has its day.
 */
enum { KW_MAIL_NAME = 48 };
void kw_mail_name(const struct kw_mail *mail, char out[KW_MAIL_NAME]);
/*
 * A whole message (RFC 5322, UTF-8); its id is the same however often it is written. Nothing that a customer wrote
 * stands in a header.
 */
void kw_mail_write(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out);
/* The same as one JSON object for other programs. */
void kw_mail_write_json(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out);
/* "v1,…" for each line of secrets, with blanks between: HMAC-SHA256 over id, time and body; "whsec_" before base64. */
void kw_mail_sign(const char *secrets, const char *id, int64_t time_s, const struct kw_buffer *body,
                  struct kw_buffer *out);

#endif
