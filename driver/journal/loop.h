/* loop.h - who is told of alerts, when again, and what the shop writes back. Each call is a transaction of its own. */
#ifndef KW_JOURNAL_LOOP_H
#define KW_JOURNAL_LOOP_H

#include "record/loop.h"

#include "base/error.h"

struct kw_journal;

/* Of notice: alert, kind, channel, store, made_ms, due_ms; with a fate it waits for nobody. A known one stays. */
int kw_notice_add(struct kw_journal *journal, const struct kw_notice *notice, struct kw_error *error);
int kw_notice_known(struct kw_journal *journal, int64_t alert, const char *kind, const char *channel, bool *known,
                    struct kw_error *error);
/* First notices about alerts of that store, by that channel, made since then; kind NULL: any. */
int kw_notices_since(struct kw_journal *journal, const char *store, const char *channel, const char *kind,
                     int64_t since_ms, int64_t *count, struct kw_error *error);
/* By number: those that wait and are due (now_ms > 0), or all that wait or were given up. */
int kw_notices_each(struct kw_journal *journal, int64_t now_ms, kw_notice_sink sink, void *data,
                    struct kw_error *error);
/* Sent: its alert was told of. */
int kw_notice_sent(struct kw_journal *journal, int64_t id, int64_t alert, int64_t now_ms, struct kw_error *error);
/* Not sent: tried again at due_ms, or given up (due_ms 0). */
int kw_notice_failed(struct kw_journal *journal, int64_t id, int64_t due_ms, const char *said, int64_t now_ms,
                     struct kw_error *error);
/* Back among those that wait, or given up. NOT_FOUND: no such notice, or one that was sent. */
int kw_notice_retry(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error);
int kw_notice_drop(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error);

/* One alert by its number; NOT_FOUND. */
int kw_alert_find(struct kw_journal *journal, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error);
/* Writes back to the customer of that alert; "" takes an earlier reply away. Reads it, "" none. */
int kw_alert_reply(struct kw_journal *journal, int64_t id, const char *text, const char *who, int64_t now_ms,
                   struct kw_error *error);
int kw_alert_replied(struct kw_journal *journal, int64_t id, char reply[KW_REPLY], struct kw_error *error);

#endif
