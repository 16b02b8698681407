/*
 * spool.c - answers while the database is away: taken by the office's own journal, on its disk before they are said to
 * be saved, and handed on under the same keys, so that one that got there after all is not there twice.
 */
#include "api/office/spool.h"

#include "api/office/serving.h"
#include "base/clock.h"
#include "journal/spooled.h"
#include "office/ticket.h"

/* After somebody held the tables for longer than a page is waited for, they are left alone for a while. */
enum { HELD_MS = 10000 };

/* Answers wait here while no server answers, or none that has room. */
static bool is_away(int code)
{
    return code == KWIT_E_UNAVAILABLE || code == KWIT_E_DISK_FULL;
}

static int look_there(struct kw_spool *spool, const struct kw_answer *answer, const struct kw_shop_days *days,
                      struct kw_ticket *ticket, struct kw_error *error)
{
    if (kw_clock_boot_ms() < spool->held_until_ms)
        return KWIT_E_TIMEOUT;
    int code = spool->there.calls->ticket(spool->there.store, answer, days, ticket, error);
    if (code == KWIT_E_TIMEOUT)
        spool->held_until_ms = kw_clock_boot_ms() + HELD_MS;
    return code;
}

/* Here first: an answer that is handed on meanwhile is found at one of both. */
static int look_at_ticket(void *store, const struct kw_answer *answer, const struct kw_shop_days *days,
                          struct kw_ticket *ticket, struct kw_error *error)
{
    struct kw_spool *spool = store;
    struct kw_ticket waits;
    int code = spool->here.calls->ticket(spool->here.store, answer, days, &waits, error);
    if (code < 0)
        return code;
    code = look_there(spool, answer, days, ticket, error);
    if (is_away(code) || code == KWIT_E_TIMEOUT) {
        *ticket = waits;
        ticket->unsure = !ticket->used;
        return 0;
    }
    if (code == 0 && !ticket->used && waits.used) {
        waits.verdict = ticket->verdict;
        waits.opened = ticket->opened;
        *ticket = waits;
    }
    return code;
}

/* Of an answer that is over there nothing can be changed from here: it is not saved, and its customer tries again. */
static int keep_here(const struct kw_spool *spool, const struct kw_shop_days *days, struct kw_submission *submissions,
                     size_t count, struct kw_error *error)
{
    int code = spool->here.calls->submit(spool->here.store, days, submissions, count, error);
    for (size_t i = 0; code == 0 && i < count; i++)
        if (submissions[i].outcome == KW_OUTCOME_UNKNOWN)
            submissions[i].outcome = KW_OUTCOME_FAILED;
    return code;
}

/*
 * Somebody holds its rows, a vacuum or an administrator: nothing was taken there. Who answers does not wait for that;
 * for a change to what is over there it is tried again, and what is kept here meanwhile is known there by its key.
 */
static int keep_meanwhile(const struct kw_spool *spool, const struct kw_shop_days *days,
                          struct kw_submission *submissions, size_t count, struct kw_error *error)
{
    int code = keep_here(spool, days, submissions, count, error);
    for (size_t i = 0; code == 0 && i < count; i++)
        if (submissions[i].outcome == KW_OUTCOME_FAILED)
            code = kw_fail(error, KWIT_E_TIMEOUT, "[office] store", "PostgreSQL: its rows are held");
    return code;
}

static int submit(void *store, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                  struct kw_error *error)
{
    const struct kw_spool *spool = store;
    int code = spool->there.calls->submit(spool->there.store, days, submissions, count, error);
    if (is_away(code))
        return keep_here(spool, days, submissions, count, error);
    if (code == KWIT_E_TIMEOUT)
        return keep_meanwhile(spool, days, submissions, count, error);
    for (size_t i = 0; code == 0 && i < count; i++)         /* a change to what waits here still */
        if (submissions[i].outcome == KW_OUTCOME_UNKNOWN)
            code = spool->here.calls->submit(spool->here.store, days, &submissions[i], 1, error);
    return code;
}

static int read_said(void *store, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data,
                     struct kw_error *error)
{
    const struct kw_spool *spool = store;
    int code = spool->there.calls->said(spool->there.store, key, sink, data, error);
    return is_away(code) || code == KWIT_E_NOT_FOUND
               ? spool->here.calls->said(spool->here.store, key, sink, data, error) : code;
}

struct kw_book kw_spool_book(struct kw_spool *spool, const struct kw_store *store)
{
    static const struct kw_book_calls calls = { .version = KW_BOOK_VERSION, .ticket = look_at_ticket, .submit = submit,
                                                .said = read_said };
    *spool = (struct kw_spool){ .there = store->book, .here = store->here };
    return store->pg ? (struct kw_book){ &calls, spool } : store->book;
}

/* A thank-you that was shown meanwhile is known there by a mark of its own. */
static int mark_thanks(struct kw_touch *call, struct kw_spooled *spooled)
{
    struct kw_submission *first = &spooled->handed[0];
    uint8_t key[KW_OFFICE_KEY];
    int code = spooled->rewarded ? kw_serving_office_key(call, key) : 0;
    if (code < 0 || !spooled->rewarded)
        return code;
    kw_ticket_reward(key, spooled->token, first->answer.key, spooled->reward);
    kw_ticket_reward_mark(key, spooled->reward, first->reward_mark);
    kw_key_wipe(key, sizeof key);
    first->reward = spooled->reward;
    return 0;
}

int kw_spool_move(struct kw_touch *call, const struct kw_store *store, int64_t *moved)
{
    struct kw_journal *here = store->own;
    struct kw_error *error = &call->error;
    struct kw_spooled spooled;
    struct kw_error later;                                  /* the next that waits here has it done */
    int code = kw_spooled_next(here, 0, &spooled, error);
    *moved = 0;
    while (code == 0 && spooled.id > 0) {
        code = mark_thanks(call, &spooled);
        if (code == 0)
            code = store->book.calls->submit(store->book.store, &call->days, spooled.handed, spooled.count, error);
        if (code == 0)
            code = kw_spooled_drop(here, &spooled, error);
        *moved += code == 0;
        if (code == 0 || code == KWIT_E_IO)                 /* one that is not taken keeps no other waiting */
            code = kw_spooled_next(here, spooled.id, &spooled, error);
    }
    if (*moved > 0)
        kw_spooled_forget(here, &later);
    return code;
}
