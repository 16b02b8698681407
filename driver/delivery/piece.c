/* piece.c - one paper piece on its way: the body with looks between, the tail, and what is written of it. */
#include "delivery/ahead.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum {
    LOOK_BYTES = 2048, LOOK_MS = 250,       /* how often the printer is asked while it takes a body */
    BETWEEN_BYTES = 256,                    /* where others may have questions: a hand's breadth of text */
    ANSWER_MS = 500,
    COUNT_MS = 200
};

/* Bytes go until shortly before the call's moment, so that what stopped them can still be asked. */
static int64_t last_send_ms(const struct kw_work *work)
{
    return work->until_ms - KW_SESSION_LAST_MS;
}

/* ---- body ------------------------------------------------------------------------------------------------------- */

static bool lasts(enum kwit_error cause)
{
    return cause != 0 && cause != KWIT_E_HEAD_HOT && cause != KWIT_E_FEEDING && cause != KWIT_E_OFFLINE;
}

static bool seems_well(const struct kw_talk *talk, unsigned strays)
{
    return kw_talk_all_answered(talk) && !talk->state.offline && talk->strays == strays;
}

/* Why it is not on line. Waits for what mends itself. */
static int look_closer(struct kw_work *work, int *cause, struct kw_error *error)
{
    do {
        int code = kw_session_look(work->session, ANSWER_MS, cause, NULL, error);
        if (code < 0 || *cause == 0 || lasts(*cause))
            return code;
        kw_clock_sleep_ms(kw_clock_left_ms(kw_session_moment(work->session, LOOK_MS)));
    } while (kw_clock_left_ms(work->until_ms) > 0);
    return 0;
}

int kw_work_look(struct kw_work *work, bool last, unsigned *strays, int *cause, struct kw_error *error)
{
    struct kw_session *session = work->session;
    struct kw_talk *talk = &session->talk;
    int code = 0;
    *cause = 0;
    kw_talk_break(talk);
    if (session->silent)
        return 0;
    for (int turn = 0; turn <= last && code == 0; turn++) {
        code = kw_talk_listen(talk, kw_talk_all_answered, kw_session_moment(session, ANSWER_MS), error);
        bool well = code < 0 || seems_well(talk, *strays);
        *strays = talk->strays;
        if (!well)
            return look_closer(work, cause, error);
        if (code == 0 && turn == 0)
            code = kw_talk_put(talk, 1, 1, kw_session_moment(session, ANSWER_MS), error);
    }
    return code;
}

/* The end of the next stretch: the last break point within so many bytes, else the next one, else the tail. */
static size_t next_stop(const struct kw_piece_row *piece, size_t at, size_t most)
{
    size_t stop = at;
    for (size_t i = 0; i < piece->break_count && piece->breaks[i] < piece->tail_offset; i++) {
        if (piece->breaks[i] <= at)
            continue;
        if (piece->breaks[i] - at > most && stop > at)
            break;
        stop = piece->breaks[i];
    }
    return stop > at && piece->tail_offset - at > most ? stop : piece->tail_offset;
}

/* What stopped a transfer that did not get through before the moment. */
static int stall_cause(struct kw_work *work)
{
    struct kw_error ignored;
    enum kwit_error cause = 0;
    if (!work->session->silent && kw_session_look(work->session, KW_SESSION_LAST_MS, &cause, NULL, &ignored) < 0)
        return KWIT_E_DISCONNECTED;
    return cause ? cause : KWIT_E_TIMEOUT;
}

/*
 * What went out before there was a job (ahead.h), in bytes: none of them are the tail's. *cause: they do not begin what
 * is to be printed, so that the paper has a part of something that ends nowhere.
 */
static size_t take_ahead(struct kw_work *work, struct kw_piece_row *piece, int *cause)
{
    struct kw_ahead *ahead = work->delivery->ahead;
    size_t sent = ahead ? ahead->sent : 0;
    if (sent == 0)
        return 0;
    bool begins = sent <= piece->length && memcmp(piece->bytes, ahead->bytes, sent) == 0;
    *cause = begins ? 0 : KWIT_E_INTERNAL;
    piece->tail_offset = piece->tail_offset < sent ? sent : piece->tail_offset;
    ahead->sent = 0;
    work->session->dirty = false;   /* on disk it is until the end; from here on the job tells */
    return sent;
}

/* Sends the body. *cause: why it ended before its end; 0: the tail may go. *done counts bytes. */
static void send_body(struct kw_work *work, const struct kw_piece_row *piece, size_t *done, int *cause,
                      struct kw_error *why)
{
    struct kw_session *session = work->session;
    unsigned strays = session->talk.strays;
    const size_t most = session->talk.between ? BETWEEN_BYTES : LOOK_BYTES;
    while (*cause == 0) {
        size_t stop = next_stop(piece, *done, most), sent;
        int code = kw_talk_send(&session->talk, piece->bytes + *done, stop - *done, &sent, last_send_ms(work), why);
        *done += sent;
        if (code < 0)
            *cause = code;
        else if (*done < stop)
            *cause = stall_cause(work);
        else if ((code = kw_work_look(work, *done == piece->tail_offset, &strays, cause, why)) < 0)
            *cause = code;
        if (*done == piece->tail_offset)
            break;
    }
}

/* ---- tail ------------------------------------------------------------------------------------------------------- */

/* The tail with the question that its end answers, as one run of bytes. */
static bool tail_bytes(struct kw_session *session, const struct kw_piece_row *piece, struct kw_buffer *bytes)
{
    uint8_t question[KW_QUESTION_BYTES];
    size_t length = kw_session_ask_proof(session, question);
    kw_buffer_init(bytes, piece->length - piece->tail_offset + sizeof question);
    kw_buffer_add(bytes, piece->bytes + piece->tail_offset, piece->length - piece->tail_offset);
    return kw_buffer_add(bytes, question, length);
}

/* Sends the tail and finds out what became of it. began_ms: when the first byte of the piece went. */
static struct kw_ending send_tail(struct kw_work *work, const struct kw_piece_row *piece,
                                  const struct kw_buffer *bytes, int64_t began_ms)
{
    struct kw_session *session = work->session;
    struct kw_error why = { 0 };
    size_t done;
    int64_t sent_ms = kw_clock_boot_ms();
    int code = kw_talk_send(&session->talk, bytes->data, bytes->length, &done, last_send_ms(work), &why);
    work->job.send_ms += kw_clock_boot_ms() - sent_ms;
    if (code == 0 && done == bytes->length) {
        sent_ms = kw_clock_boot_ms();
        struct kw_ending verdict = kw_work_await(work, piece, began_ms);
        work->job.confirm_ms += kw_clock_boot_ms() - sent_ms;
        return verdict;
    }
    enum kwit_error cause = code < 0 ? code : stall_cause(work);
    if (kw_talk_took_none(&session->talk, done))
        return (struct kw_ending){ KW_JOB_ON_NOTHING, cause };
    bool discarded = code == 0 && kw_work_discarded(work, cause);
    return (struct kw_ending){ discarded ? KW_JOB_ON_BREAK : KW_JOB_ON_DOUBT, cause };
}

/* ---- the piece -------------------------------------------------------------------------------------------------- */

/* A piece that follows another: the job is in its body already, and says so. */
static int store_piece(struct kw_work *work, const struct kw_piece_row *piece, struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_piece_move(journal, work->job.id, piece, error);
    if (code < 0) {
        kw_journal_rollback(journal);
        return code;
    }
    return kw_journal_commit(journal, error);
}

/* Not a byte of a job that had none on paper was taken: it is no interrupted one, and needs no mark when it prints. */
static int take_back(struct kw_work *work, struct kw_piece_row *piece, enum kwit_error cause,
                     const struct kw_error *why, struct kw_error *error)
{
    piece->state = KW_PIECE_WAITING;
    work->job.armed = KW_ARMED_NOT;
    kw_session_cause(work->session, cause, why);
    return kw_work_move(work, KW_JOB_ON_NOTHING, cause, piece, KW_SOON, error);
}

/* Before the first byte. What goes out in one write has no body of its own: its next state is the tail. */
static int begin_piece(struct kw_work *work, struct kw_piece_row *piece, struct kw_error *error)
{
    bool instant = work->session->link->facts.instant, follows = work->job.state == KW_JOB_BODY;
    enum kw_durability durability = work->job.armed == KW_ARMED_NOT ? KW_DURABLE : KW_SOON;
    work->job.armed = instant ? KW_ARMED_TAIL : work->job.armed == KW_ARMED_NOT ? KW_ARMED_BODY : work->job.armed;
    piece->state = KW_PIECE_BODY;
    work->job.attempts += !follows;
    if (instant)
        return follows || kw_machine_next(work->job.state, KW_JOB_ON_BEGIN, &work->job.state) ? 0
            : kw_fail(error, KWIT_E_INTERNAL, kw_job_state_word(work->job.state), "no job in this state begins");
    return follows ? store_piece(work, piece, error) : kw_work_move(work, KW_JOB_ON_BEGIN, 0, piece, durability, error);
}

static void measure(struct kw_work *work, const struct kw_piece_row *piece, size_t sent)
{
    if (piece->length > 0)
        work->job.partial_um += (int64_t)((double)piece->paper_um * (double)sent / (double)piece->length);
    work->job.bytes += (int64_t)sent;
}

/* The body is not whole: nothing of the tail went out, so this is no receipt. */
static int break_off(struct kw_work *work, struct kw_piece_row *piece, size_t sent, enum kwit_error cause,
                     const struct kw_error *why, struct kw_error *error)
{
    measure(work, piece, sent);
    work->session->dirty = true;
    kw_session_cause(work->session, cause, why);
    int code = kw_work_move(work, KW_JOB_ON_BREAK, cause, piece, KW_SOON, error);
    if (cause != KWIT_E_DISCONNECTED)
        kw_session_discard(work->session);
    return code;
}

/* What the printer counts of its own cuts, for whoever has to look. */
static void hint_count(struct kw_session *session, const struct kw_piece_row *piece, char *text, size_t size)
{
    text[0] = 0;
    if (piece->cuts < 0 || !session->link
        || !kw_talk_ask_text(&session->talk, KW_TEXT_CUTS, kw_session_moment(session, COUNT_MS)))
        return;
    snprintf(text, size, "; its own count of cuts went from %lld to %lld, a hint and no proof", (long long)piece->cuts,
             (long long)session->talk.count);
}

/* Why nobody knows, and what a person does about it. */
static void tell_doubt(struct kw_session *session, const struct kw_piece_row *piece, enum kwit_error reason)
{
    struct kw_delivery *delivery = session->delivery;
    char counted[160];
    hint_count(session, piece, counted, sizeof counted);
    bool mute = reason == KWIT_E_NO_ANSWER && delivery->confirm == KW_PROOF_AUTO;
    kw_session_cause(session, reason, NULL);
    snprintf(delivery->cause_text, sizeof delivery->cause_text,
             "sent, but not confirmed (%s): look whether it came out, then kwit resolve ID --seen or --missing%s%s",
             kwit_error_text(reason), counted,
             mute ? "; if this printer never confirms, write confirm = never in its section of the configuration" : "");
}

static void settle_doubt(struct kw_session *session, struct kw_piece_row *piece, struct kw_ending verdict)
{
    bool whole_tail = verdict.event == KW_JOB_ON_DOUBT;
    piece->state = whole_tail ? piece->state : KW_PIECE_BODY;
    session->dirty |= whole_tail && !session->talk.cleared;
    if (whole_tail)
        tell_doubt(session, piece, verdict.reason);
    else
        kw_session_cause(session, verdict.reason, NULL);
}

static int settle_piece(struct kw_work *work, struct kw_piece_row *piece, struct kw_ending verdict, bool last,
                        struct kw_error *error)
{
    struct kw_session *session = work->session;
    if (verdict.event == KW_JOB_ON_NOTHING)
        verdict.event = KW_JOB_ON_BREAK;
    bool done = verdict.event == KW_JOB_ON_PROVE || verdict.event == KW_JOB_ON_TAKE;
    measure(work, piece, piece->length);
    if (done) {
        work->job.partial_um = 0;
        piece->state = verdict.event == KW_JOB_ON_PROVE ? KW_PIECE_PRINTED : KW_PIECE_SENT;
    } else {
        settle_doubt(session, piece, verdict);
    }
    if (done && last && strcmp(work->job.drawer, KW_DRAWER_IN_PLACE) == 0)
        work->job.drawer = "pulsed";
    if (session->cuts >= 0)
        session->cuts++;
    if (strcmp(work->job.drawer, "pulsed") == 0)
        work->job.drawer_state = kw_work_drawer_word(work);
    return kw_work_move(work, done && !last ? KW_JOB_ON_MORE : verdict.event, verdict.reason, piece, KW_SOON, error);
}

int kw_work_piece(struct kw_work *work, struct kw_piece_row *piece, bool last, struct kw_error *error)
{
    struct kw_session *session = work->session;
    struct kw_buffer tail;
    struct kw_error why = { 0 };
    size_t sent = 0;
    enum kw_armed armed = work->job.armed;
    bool untouched = work->stored == KW_JOB_WAITING;
    int cause = 0, code = begin_piece(work, piece, error);
    if (code < 0 || work->lost)
        return code;
    struct kw_piece_row whole = *piece;
    bool instant = session->link->facts.instant;
    int64_t began_ms = kw_clock_boot_ms();
    sent = take_ahead(work, &whole, &cause);
    if (!instant)
        send_body(work, &whole, &sent, &cause, &why);
    work->job.send_ms += kw_clock_boot_ms() - began_ms;
    if (cause != 0)
        return untouched && kw_talk_took_none(&session->talk, sent) ? take_back(work, piece, cause, &why, error)
            : break_off(work, piece, sent, cause, &why, error);
    if (instant)
        whole.tail_offset = 0;
    if (!tail_bytes(session, &whole, &tail)) {
        kw_buffer_free(&tail);
        return break_off(work, piece, sent, KWIT_E_NO_MEMORY, NULL, error);
    }
    piece->state = KW_PIECE_TAIL;
    piece->process_id = session->talk.awaited_id;
    piece->cuts = session->cuts;
    bool covered = instant && armed != KW_ARMED_NOT;
    code = kw_work_move(work, KW_JOB_ON_TAIL, 0, piece, covered ? KW_SOON : KW_DURABLE, error);
    if (code == 0 && !work->lost) {
        struct kw_ending verdict = send_tail(work, &whole, &tail, began_ms);
        bool nothing = verdict.event == KW_JOB_ON_NOTHING && untouched && kw_talk_took_none(&session->talk, sent);
        code = nothing ? take_back(work, piece, verdict.reason, NULL, error)
            : settle_piece(work, piece, verdict, last, error);
        if (verdict.event == KW_JOB_ON_TAKE && session->link->facts.drain_ends)
            kw_session_close(session);
    }
    kw_buffer_free(&tail);
    return code;
}
