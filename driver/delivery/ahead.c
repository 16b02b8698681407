/* ahead.c - a conversation that begins before its job. */
#include "delivery/ahead.h"

#include "base/clock.h"

enum { LOOK_BYTES = 2048, LOOK_MS = 250, SEND_MS = 10000, ATTEND_MS = 20 };

/* Paper of others comes first; what is only doubted does not. */
static int is_alone(struct kw_delivery *delivery, bool *alone, struct kw_error *error)
{
    return kw_job_is_alone(delivery->journal, 0, delivery->identity, delivery->uri, alone, error);
}

/* On disk before the first byte is out. */
static int mark_dirty(struct kw_session *session, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    session->dirty = delivery->printer.dirty = true;
    delivery->printer.seen_ms = kw_clock_wall_ms();
    int code = kw_journal_begin(delivery->journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_printer_put(delivery->journal, &delivery->printer, error);
    session->remembered = delivery->printer;
    if (code == 0)
        return kw_journal_commit(delivery->journal, error);
    kw_journal_rollback(delivery->journal);
    return code;
}

/* A regular file takes everything at once. */
static int open_ready(struct kw_ahead *ahead, int64_t until_ms, struct kw_error *error)
{
    struct kw_session *session = &ahead->session;
    int code = kw_session_open(session, until_ms, error);
    bool open = code == 0 && session->link && !session->link->facts.instant;
    if (open)
        kw_session_ready(session, until_ms);
    ahead->ready_ms = kw_clock_boot_ms();
    if (!open || session->delivery->cause != 0)
        kw_session_close(session);
    return code;
}

void kw_ahead_open(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms)
{
    struct kw_error ignored;
    *ahead = (struct kw_ahead){ .sent = 0 };
    if (kw_session_lock(&ahead->session, delivery, 0, &ignored) < 0)
        return;
    open_ready(ahead, until_ms, &ignored);
    if (!ahead->session.link)
        kw_session_end(&ahead->session);
    kw_session_cause(&ahead->session, 0, NULL);
}

int kw_ahead_begin(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms, struct kw_error *error)
{
    struct kw_error busy;
    bool alone = false;
    *ahead = (struct kw_ahead){ .looked_ms = kw_clock_boot_ms() };
    if (kw_session_lock(&ahead->session, delivery, 0, &busy) < 0)
        return 0;
    int code = is_alone(delivery, &alone, error);
    if (code == 0 && alone)
        code = open_ready(ahead, until_ms, error);
    if (code == 0 && ahead->session.link)
        code = mark_dirty(&ahead->session, error);
    if (code < 0 || !ahead->session.link)
        kw_session_end(&ahead->session);
    return code;
}

/* As while a body goes: at the answer that came meanwhile, then the next question. */
static int look(struct kw_ahead *ahead, struct kw_error *error)
{
    struct kw_work work = { .session = &ahead->session, .delivery = ahead->session.delivery };
    int cause = 0;
    ahead->looked_at = ahead->sent;
    ahead->looked_ms = kw_clock_boot_ms();
    work.until_ms = ahead->session.until_ms = ahead->looked_ms + SEND_MS;
    int code = kw_work_look(&work, false, &ahead->strays, &cause, error);
    return code < 0 ? code : cause;
}

static bool is_look_due(const struct kw_ahead *ahead)
{
    return ahead->sent - ahead->looked_at >= LOOK_BYTES || kw_clock_left_ms(ahead->looked_ms + LOOK_MS) == 0;
}

bool kw_ahead_send(struct kw_ahead *ahead, const uint8_t *bytes, size_t length, bool inside)
{
    struct kw_session *session = &ahead->session;
    struct kw_error why = { 0 };
    size_t done = 0;
    int code = kw_talk_send(&session->talk, bytes, length, &done, kw_clock_boot_ms() + SEND_MS, &why);
    ahead->sent += done;
    if (code == 0 && done < length)
        code = KWIT_E_TIMEOUT;
    if (code == 0 && !inside && is_look_due(ahead))
        code = look(ahead, &why);
    ahead->cause = code;
    return code == 0;
}

bool kw_ahead_attend(struct kw_ahead *ahead, bool *asks)
{
    struct kw_talk *talk = &ahead->session.talk;
    struct kw_error why;
    kw_talk_break(talk);
    *asks = !kw_talk_all_answered(talk);
    int code = *asks ? kw_talk_listen(talk, kw_talk_all_answered, kw_clock_boot_ms() + ATTEND_MS, &why)
        : kw_talk_hear(talk, &why);
    kw_talk_break(talk);
    ahead->cause = code;
    return code == 0;
}

bool kw_ahead_finish(struct kw_ahead *ahead)
{
    struct kw_link *link = ahead->session.link;
    struct kw_error ignored;
    bool whole = link && kw_ahead_send(ahead, ahead->bytes + ahead->sent, ahead->length - ahead->sent, true);
    if (whole && link->ops->drain)
        link->ops->drain(link, kw_clock_boot_ms() + SEND_MS, &ignored);
    ahead->session.dirty &= !whole;
    kw_ahead_end(ahead);
    return whole;
}

void kw_ahead_end(struct kw_ahead *ahead)
{
    if (ahead->session.link)
        kw_session_end(&ahead->session);
}

/* ---- for the job ------------------------------------------------------------------------------------------------ */

/* Storing a job may have taken long. */
static bool is_well(struct kw_session *session, int64_t asked_ms)
{
    struct kw_error ignored;
    int cause = 0;
    return session->silent || kw_clock_boot_ms() - asked_ms <= LOOK_MS
        || (kw_session_look(session, LOOK_MS, &cause, NULL, &ignored) == 0 && cause == 0);
}

void kw_ahead_take(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms, struct kw_session *session)
{
    const struct kw_delivery *before = ahead->session.delivery;
    *session = ahead->session;
    ahead->session.link = NULL;
    session->delivery = delivery;
    delivery->printer = before->printer;
    delivery->seen = before->seen;
    delivery->cause = 0;
    if (!delivery->profile_fixed)
        delivery->profile = before->profile;
    delivery->profile_fixed |= before->profile_fixed;
    session->until_ms = until_ms;
    if (ahead->sent == 0 && !is_well(session, ahead->ready_ms))
        kw_session_close(session);
}
