/* plan.h - when people are told of an alert, when again, and when a try that failed is made again. No I/O, no clock. */
#ifndef KW_OFFICE_ALERTS_PLAN_H
#define KW_OFFICE_ALERTS_PLAN_H

#include "record/counts.h"

/* X(NAME, word): the word stands in the outbox and in the ids of messages. */
#define KW_NOTICES(X) \
    X(CONTACT, "contact") X(LOW, "low") X(MESSAGE, "message") X(REMINDER, "reminder") X(ESCALATION, "escalation") \
    X(MANY, "many") X(DIGEST, "digest")
enum kw_notice_kind {
#define KW_NOTICE_ENUM(name, word) KW_NOTICE_##name,
    KW_NOTICES(KW_NOTICE_ENUM)
#undef KW_NOTICE_ENUM
    KW_NOTICE_COUNT
};
const char *kw_notice_word(enum kw_notice_kind kind);
/* KW_NOTICE_COUNT for an unknown one. */
enum kw_notice_kind kw_notice_of_word(const char *word);

struct kw_plan_rules {
    int64_t wait_ms;                        /* how long a low score waits for the words that may follow */
    int64_t remind_ms;
    bool escalates;
    int quiet_from, quiet_until;            /* minutes of the shop's day; equal: none */
};

/* What the alert itself asks for: a wish, a message, a low score. */
enum kw_notice_kind kw_notice_first(const struct kw_alert *alert);
/* Whether that kind of notice about the alert should be there by now. Nobody hears of one that was taken or closed. */
bool kw_notice_is_due(const struct kw_plan_rules *rules, const struct kw_alert *alert, enum kw_notice_kind kind,
                      int64_t now_ms);

/* How long a mail waits at this minute of the shop's day. */
int64_t kw_quiet_ms(const struct kw_plan_rules *rules, int minute);

/* How long after that many failed tries the next one comes; 0: none comes. seed spreads them by a tenth. */
int64_t kw_retry_ms(int tries, uint32_t seed);

/* Of one store within KW_FLOOD_MS so many are told of one by one; then one notice, then the digest. */
enum { KW_FLOOD = 5, KW_FLOOD_MS = 600000 };

#endif
