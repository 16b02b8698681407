/* pulse.c - the pulse that opens the drawer: given once, in time, or not at all. */
#include "delivery/work.h"

#include "base/clock.h"
#include "journal/touchpoint.h"

#include <string.h>

const char *kw_work_drawer_word(const struct kw_work *work)
{
    const struct kw_printer_state *state = &work->session->talk.state;
    if (!state->known)
        return "";
    return state->drawer_pin_high != work->delivery->drawer_open_is_low ? "open" : "closed";
}

static struct kw_piece_row *find_pulse(struct kw_work *work)
{
    for (size_t i = 0; i < work->piece_count; i++)
        if (work->pieces[i].kind == KW_PIECE_DRAWER && work->pieces[i].state == KW_PIECE_WAITING)
            return &work->pieces[i];
    return NULL;
}

/* Too late, or the printer would keep the pulse for later, or it is no such printer: then it is not given at all. */
static const char *refuse_pulse(const struct kw_work *work)
{
    const struct kw_job *job = &work->job;
    const enum kwit_error cause = work->delivery->cause;
    if (strcmp(job->boot, work->delivery->boot) != 0
        || kw_clock_boot_ms() - job->accepted_boot_ms > KW_DELIVERY_DRAWER_MS)
        return kwit_error_word(KWIT_E_LATE);
    bool realtime = work->delivery->profile->drawer_realtime == KW_YES && !work->session->silent;
    if (cause != 0 && (!realtime || cause == KWIT_E_GARBAGE || cause == KWIT_E_UNSUPPORTED))
        return kwit_error_word(cause);
    return NULL;
}

/* Written before it is given: a process that dies in between loses a pulse, and never gives two. */
static int store_pulse(struct kw_work *work, struct kw_piece_row *piece, const char *word, struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    bool moved;
    work->job.drawer = word;
    work->job.drawer_state = kw_work_drawer_word(work);
    piece->state = strcmp(word, "pulsed") == 0 ? KW_PIECE_SENT : KW_PIECE_SKIPPED;
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_job_move(journal, &work->job, work->stored, &moved, error);
    work->lost |= code == 0 && !moved;
    if (code == 0 && moved)
        code = kw_piece_move(journal, work->job.id, piece, error);
    if (code == 0 && moved && work->job.sale)
        code = kw_touchpoint_event(journal, work->job.sale, KW_EVENT_DRAWER, word, kw_clock_wall_ms(), error);
    if (code < 0 || !moved) {
        kw_journal_rollback(journal);
        return code;
    }
    return kw_journal_commit(journal, error);
}

int kw_work_pulse(struct kw_work *work, struct kw_error *error)
{
    struct kw_piece_row *piece = find_pulse(work);
    if (!piece)
        return 0;
    const char *refused = refuse_pulse(work);
    int code = store_pulse(work, piece, refused ? refused : "pulsed", error);
    if (code < 0 || refused || work->lost || !piece->bytes)
        return code;
    struct kw_error why = { 0 };
    uint8_t now[KW_QUESTION_BYTES];
    const uint8_t *bytes = piece->bytes;
    const struct kw_dialect *dialect = work->session->talk.dialect;
    size_t done, length = work->delivery->cause ? dialect->pulse_instead(bytes, piece->length, now) : 0;
    int64_t until_ms = work->job.accepted_boot_ms + KW_DELIVERY_DRAWER_MS;
    until_ms = work->until_ms < until_ms ? work->until_ms : until_ms;
    code = kw_talk_send(&work->session->talk, length ? now : bytes, length ? length : piece->length, &done, until_ms,
                        &why);
    bool none = kw_talk_took_none(&work->session->talk, done);
    if (code == 0 && none)
        code = KWIT_E_TIMEOUT;
    if (code < 0)
        kw_session_cause(work->session, code, &why);
    return none ? store_pulse(work, piece, kwit_error_word(code), error) : 0;
}
