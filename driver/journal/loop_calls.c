/* loop_calls.c - the journal as a loop: the calls of record/loop.h on its file. */
#include "journal/book.h"

#include "journal/answers.h"
#include "journal/loop.h"
#include "journal/summary.h"

/* One process of its people works on a file. */
static int take_turn(void *store, bool *mine, struct kw_error *error)
{
    (void)store, (void)error;
    *mine = true;
    return 0;
}

static int find_alert(void *store, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error)
{
    return kw_alert_find(store, id, sink, data, error);
}

static int mark_alert(void *store, int64_t id, const char *who, bool close, struct kw_error *error)
{
    return kw_alert_mark(store, id, who, close, error);
}

static int read_contact(void *store, int64_t id, void *sealed, size_t size, size_t *length, struct kw_error *error)
{
    return kw_alert_contact(store, id, sealed, size, length, error);
}

static int write_reply(void *store, int64_t id, const char *text, const char *who, int64_t now_ms, struct kw_error
                       *error)
{
    return kw_alert_reply(store, id, text, who, now_ms, error);
}

static int read_reply(void *store, int64_t id, char reply[KW_REPLY], struct kw_error *error)
{
    return kw_alert_replied(store, id, reply, error);
}

static int add_notice(void *store, const struct kw_notice *notice, struct kw_error *error)
{
    return kw_notice_add(store, notice, error);
}

static int is_known(void *store, int64_t alert, const char *kind, const char *channel, bool *known, struct kw_error
                    *error)
{
    return kw_notice_known(store, alert, kind, channel, known, error);
}

static int count_since(void *store, const char *shop, const char *channel, const char *kind, int64_t since_ms, int64_t
                       *count, struct kw_error *error)
{
    return kw_notices_since(store, shop, channel, kind, since_ms, count, error);
}

static int read_notices(void *store, int64_t now_ms, kw_notice_sink sink, void *data, struct kw_error *error)
{
    return kw_notices_each(store, now_ms, sink, data, error);
}

static int note_sent(void *store, int64_t id, int64_t alert, int64_t now_ms, struct kw_error *error)
{
    return kw_notice_sent(store, id, alert, now_ms, error);
}

static int note_failed(void *store, int64_t id, int64_t due_ms, const char *said, int64_t now_ms, struct kw_error
                       *error)
{
    return kw_notice_failed(store, id, due_ms, said, now_ms, error);
}

static int retry_notice(void *store, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return kw_notice_retry(store, id, now_ms, error);
}

static int drop_notice(void *store, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return kw_notice_drop(store, id, now_ms, error);
}

static int forget_contacts(void *store, int64_t now_ms, struct kw_error *error)
{
    return kw_contacts_forget(store, now_ms, error);
}

static int erase_answers(void *store, const struct kw_answer *answer, int64_t *count, bool *ordered,
                         struct kw_error *error)
{
    return kw_answers_erase(store, answer, count, ordered, error);
}

struct kw_loop kw_journal_loop(struct kw_journal *journal)
{
    static const struct kw_loop_calls calls = { .turn = take_turn,
                                                .alert = find_alert,
                                                .mark = mark_alert,
                                                .contact = read_contact,
                                                .reply = write_reply,
                                                .replied = read_reply,
                                                .add = add_notice,
                                                .known = is_known,
                                                .since = count_since,
                                                .notices = read_notices,
                                                .sent = note_sent,
                                                .failed = note_failed,
                                                .retry = retry_notice,
                                                .drop = drop_notice,
                                                .forget = forget_contacts,
                                                .erase = erase_answers };
    return (struct kw_loop){ &calls, journal };
}
