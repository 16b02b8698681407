/* piece.c - one paper piece on its way: the body with looks between, the tail, the proof. */
#include "delivery/work.h"

#include "base/clock.h"

#include <string.h>

enum {
    LOOK_BYTES = 2048, LOOK_MS = 250,       /* how often the printer is asked while it takes a body */
    ANSWER_MS = 500,
    PROOF_MARGIN_MS = 3000,                 /* beyond twice the paper's time */
    SETTLE_MS = 300                         /* after the paper's time, where only the status tells */
};

int64_t kw_delivery_paper_ms(const struct kw_profile *profile, int64_t paper_um)
{
    int speed = profile && profile->speed_mm_s > 0 ? profile->speed_mm_s : KW_DELIVERY_UNKNOWN_SPEED_MM_S;
    return paper_um / speed;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- body ------------------------------------------------------------------------------------------------------- */

static bool lasts(int cause)
{
    return cause != 0 && cause != KWIT_E_HEAD_HOT && cause != KWIT_E_FEEDING && cause != KWIT_E_OFFLINE;
}

/* One look at a break point: first at whether it is on line, and only then at why not. Waits for what mends itself. */
static int look(struct kw_work *work, int *cause, struct kw_error *error)
{
    struct kw_session *session = work->session;
    bool all;
    *cause = 0;
    if (session->silent)
        return 0;
    int code = kw_talk_ask(&session->talk, 1, 1, ANSWER_MS, &all, error);
    if (code < 0)
        return code;
    if (all && !session->talk.state.offline)
        return 0;
    do {
        code = kw_session_look(session, ANSWER_MS, cause, error);
        if (code < 0 || *cause == 0 || lasts(*cause))
            return code;
        kw_clock_sleep_ms(LOOK_MS);
    } while (kw_clock_left_ms(work->until_ms) > 0);
    return 0;
}

/* The end of the next stretch: the last break point within LOOK_BYTES, else the next one, else the tail. */
static size_t next_stop(const struct kw_piece_row *piece, size_t at)
{
    size_t stop = at;
    for (size_t i = 0; i < piece->break_count && piece->breaks[i] < piece->tail_offset; i++) {
        if (piece->breaks[i] <= at)
            continue;
        if (piece->breaks[i] - at > LOOK_BYTES && stop > at)
            break;
        stop = piece->breaks[i];
    }
    return stop > at && piece->tail_offset - at > LOOK_BYTES ? stop : piece->tail_offset;
}

/* What stopped a transfer that did not get through before the moment. */
static int stall_cause(struct kw_work *work)
{
    struct kw_error ignored;
    int cause = 0;
    if (!work->session->silent && kw_session_look(work->session, ANSWER_MS, &cause, &ignored) < 0)
        return KWIT_E_DISCONNECTED;
    return cause ? cause : KWIT_E_TIMEOUT;
}

/* Sends the body. *cause: why it ended before its end; 0: the tail may go. *done counts bytes. */
static void send_body(struct kw_work *work, const struct kw_piece_row *piece, size_t *done, int *cause,
                      struct kw_error *why)
{
    struct kw_session *session = work->session;
    *done = 0, *cause = 0;
    while (*cause == 0) {
        size_t stop = next_stop(piece, *done), sent;
        int code = kw_talk_send(&session->talk, piece->bytes + *done, stop - *done, &sent, work->until_ms, why);
        *done += sent;
        if (code < 0)
            *cause = code;
        else if (*done < stop)
            *cause = stall_cause(work);
        else if ((code = look(work, cause, why)) < 0)
            *cause = code;
        if (*done == piece->tail_offset)
            break;
    }
}

/* ---- tail and proof --------------------------------------------------------------------------------------------- */

/* The tail with the question that its end answers, as one run of bytes. */
static bool tail_bytes(struct kw_session *session, const struct kw_piece_row *piece, struct kw_buffer *bytes)
{
    uint8_t question[16];
    size_t length = 0;
    kw_buffer_init(bytes, piece->length - piece->tail_offset + sizeof question);
    kw_buffer_add(bytes, piece->bytes + piece->tail_offset, piece->length - piece->tail_offset);
    if (session->confirm == KW_CONFIRM_PROCESS_ID && session->link->facts.can_read)
        length = kw_talk_process_id(&session->talk, question);
    else if (session->confirm == KW_CONFIRM_BARRIER && session->link->facts.can_read)
        length = kw_escpos_ask_barrier(question);
    session->talk.bytes_before = session->talk.bytes_came;
    return kw_buffer_add(bytes, question, length);
}

static bool proof_came(const struct kw_session *session)
{
    return session->confirm == KW_CONFIRM_PROCESS_ID ? session->talk.id_came
        : session->confirm == KW_CONFIRM_BARRIER && kw_talk_barrier_came(&session->talk);
}

static bool (*proof_condition(const struct kw_session *session))(const struct kw_talk *)
{
    return session->confirm == KW_CONFIRM_PROCESS_ID ? kw_talk_id_came : kw_talk_barrier_came;
}

/* Out of paper or opened with the tail still in its buffer: what it can discard, it will not print. */
static bool discarded(struct kw_session *session, int cause)
{
    return (cause == KWIT_E_PAPER_OUT || cause == KWIT_E_COVER_OPEN) && kw_session_discard(session)
        && !proof_came(session);
}

struct verdict {
    enum kw_job_event event;
    int reason;
};

/* A look while the echo is awaited; *answers: the printer still says how it is. */
static int look_meanwhile(struct kw_work *work, int64_t until_ms, int *cause, bool *answers, struct kw_error *why)
{
    struct kw_session *session = work->session;
    unsigned before = session->talk.answered[1];
    *cause = 0, *answers = false;
    if (session->silent)
        return 0;
    int code = kw_session_look(session, sooner(ANSWER_MS, kw_clock_left_ms(until_ms)), cause, why);
    *answers = session->talk.answered[1] != before || before == 255;
    return code;
}

/*
 * Waits for the echo, looking now and then. One that says how it is gets the call's whole time, for it may be slow; one
 * that says nothing any more gets what its paper should take at most.
 */
static struct verdict await_proof(struct kw_work *work, int64_t paper_ms)
{
    struct kw_session *session = work->session;
    int64_t silent_until_ms = sooner(work->until_ms, kw_clock_boot_ms() + 2 * paper_ms + PROOF_MARGIN_MS);
    int64_t until_ms = session->silent ? silent_until_ms : work->until_ms;
    struct kw_error why = { 0 };
    int cause = 0, code = 0;
    while (code == 0 && !proof_came(session) && kw_clock_left_ms(until_ms) > 0) {
        bool answers;
        code = kw_talk_listen(&session->talk, proof_condition(session),
                              sooner(until_ms, kw_clock_boot_ms() + ANSWER_MS), &why);
        if (code < 0 || proof_came(session))
            continue;
        code = look_meanwhile(work, until_ms, &cause, &answers, &why);
        if (code == 0 && discarded(session, cause))
            return (struct verdict){ KW_JOB_ON_BREAK, cause };
        if (cause == KWIT_E_CUTTER_JAM || cause == KWIT_E_PRINTER_DEAD)
            break;
        until_ms = answers ? work->until_ms : silent_until_ms;
    }
    if (proof_came(session) && kw_session_may_prove(session))
        return (struct verdict){ KW_JOB_ON_PROVE, 0 };
    return (struct verdict){ KW_JOB_ON_DOUBT, code < 0 ? code : cause ? cause : KWIT_E_NO_ANSWER };
}

/* A printer that cannot echo: when its time has passed it is asked how it is. */
static struct verdict await_status(struct kw_work *work, int64_t paper_ms)
{
    struct kw_session *session = work->session;
    struct kw_error why = { 0 };
    int cause = 0;
    int64_t ready_ms = sooner(work->until_ms, kw_clock_boot_ms() + paper_ms + SETTLE_MS);
    kw_clock_sleep_ms(kw_clock_left_ms(ready_ms));
    int code = kw_session_look(session, ANSWER_MS, &cause, &why);
    if (code < 0 || cause != 0)
        return (struct verdict){ KW_JOB_ON_DOUBT, code < 0 ? code : cause };
    return (struct verdict){ KW_JOB_ON_TAKE, 0 };
}

static struct verdict await(struct kw_work *work, const struct kw_piece_row *piece)
{
    struct kw_session *session = work->session;
    struct kw_delivery *delivery = work->delivery;
    const struct kw_link_facts *facts = &session->link->facts;
    int64_t paper_ms = kw_delivery_paper_ms(delivery->profile, piece->paper_um);
    struct verdict verdict = { KW_JOB_ON_TAKE, KWIT_E_NEVER_ANSWERS };
    bool answers = delivery->printer.answered || session->talk.heard;
    if (delivery->confirm != KW_DELIVERY_NEVER && facts->can_read && answers) {
        if (session->confirm != KW_CONFIRM_NONE)
            verdict = await_proof(work, paper_ms);
        else if (!session->silent)
            verdict = await_status(work, paper_ms);
        else
            verdict = (struct verdict){ KW_JOB_ON_DOUBT, KWIT_E_NO_ANSWER };
    }
    if (verdict.event == KW_JOB_ON_TAKE && delivery->confirm == KW_DELIVERY_REQUIRE)
        verdict = (struct verdict){ KW_JOB_ON_DOUBT, verdict.reason ? verdict.reason : KWIT_E_NO_ANSWER };
    return verdict;
}

/* Sends the tail and finds out what became of it. */
static struct verdict send_tail(struct kw_work *work, const struct kw_piece_row *piece, const struct kw_buffer *bytes)
{
    struct kw_session *session = work->session;
    struct kw_error why = { 0 };
    size_t done;
    int64_t began_ms = kw_clock_boot_ms();
    int code = kw_talk_send(&session->talk, bytes->data, bytes->length, &done, work->until_ms, &why);
    if (code == 0 && done == bytes->length && session->link->ops->drain && !session->link->facts.instant
        && !session->link->facts.can_read)
        code = session->link->ops->drain(session->link, work->until_ms, &why);
    work->job.send_ms += kw_clock_boot_ms() - began_ms;
    if (code == 0 && done == bytes->length) {
        began_ms = kw_clock_boot_ms();
        struct verdict verdict = await(work, piece);
        work->job.confirm_ms += kw_clock_boot_ms() - began_ms;
        return verdict;
    }
    int cause = code < 0 ? code : stall_cause(work);
    if (done == 0)
        return (struct verdict){ KW_JOB_ON_NOTHING, cause };
    return (struct verdict){ code == 0 && discarded(session, cause) ? KW_JOB_ON_BREAK : KW_JOB_ON_DOUBT, cause };
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
static int take_back(struct kw_work *work, struct kw_piece_row *piece, int cause, const struct kw_error *why,
                     struct kw_error *error)
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
static int break_off(struct kw_work *work, struct kw_piece_row *piece, size_t sent, int cause,
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

static int settle_piece(struct kw_work *work, struct kw_piece_row *piece, struct verdict verdict, bool last,
                        struct kw_error *error)
{
    struct kw_session *session = work->session;
    enum kw_job_event event = verdict.event == KW_JOB_ON_NOTHING ? KW_JOB_ON_BREAK : verdict.event;
    bool done = event == KW_JOB_ON_PROVE || event == KW_JOB_ON_TAKE;
    measure(work, piece, piece->length);
    if (done) {
        work->job.partial_um = 0;
        piece->state = event == KW_JOB_ON_PROVE ? KW_PIECE_PRINTED : KW_PIECE_SENT;
    } else {
        piece->state = event == KW_JOB_ON_BREAK ? KW_PIECE_BODY : piece->state;
        session->dirty |= event == KW_JOB_ON_DOUBT && session->talk.cleared == false;
        kw_session_cause(session, verdict.reason, NULL);
    }
    if (session->cuts >= 0)
        session->cuts++;
    if (strcmp(work->job.drawer, "pulsed") == 0)
        work->job.drawer_state = kw_work_drawer_word(work);
    return kw_work_move(work, done && !last ? KW_JOB_ON_MORE : event, verdict.reason, piece, KW_SOON, error);
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
    bool instant = session->link->facts.instant;
    int64_t began_ms = kw_clock_boot_ms();
    if (!instant)
        send_body(work, piece, &sent, &cause, &why);
    work->job.send_ms += kw_clock_boot_ms() - began_ms;
    if (cause != 0)
        return untouched && sent == 0 ? take_back(work, piece, cause, &why, error)
            : break_off(work, piece, sent, cause, &why, error);
    struct kw_piece_row whole = *piece;
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
        struct verdict verdict = send_tail(work, &whole, &tail);
        bool nothing = verdict.event == KW_JOB_ON_NOTHING && untouched && sent == 0;
        code = nothing ? take_back(work, piece, verdict.reason, NULL, error)
            : settle_piece(work, piece, verdict, last, error);
    }
    kw_buffer_free(&tail);
    return code;
}
