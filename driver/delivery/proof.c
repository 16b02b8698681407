/* proof.c - what became of a piece whose last byte was taken: proven, taken, or nobody knows. See states.md. */
#include "delivery/work.h"

#include "base/clock.h"

enum {
    ANSWER_MS = 500,
    PROOF_MARGIN_MS = 3000,                 /* beyond twice the paper's time */
    SETTLE_MS = 300,                        /* after the paper's time, where the status has to tell */
    FAREWELL_MS = 300                       /* for the end of a stream whose end nobody relies on */
};

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static struct kw_ending doubt(enum kwit_error reason)
{
    return (struct kw_ending){ KW_JOB_ON_DOUBT, reason };
}

/* ---- proof ------------------------------------------------------------------------------------------------------ */

static bool answer_came(const struct kw_session *session)
{
    return session->confirm == KW_CONFIRM_PROCESS_ID ? session->talk.id_came
        : session->confirm == KW_CONFIRM_BARRIER && session->talk.barrier_came;
}

bool kw_work_discarded(struct kw_work *work, enum kwit_error cause)
{
    return (cause == KWIT_E_PAPER_OUT || cause == KWIT_E_COVER_OPEN) && kw_session_discard(work->session)
        && !answer_came(work->session);
}

/* A look while the answer is awaited; *answers: the printer still says how it is. */
static int look_meanwhile(struct kw_work *work, int64_t until_ms, int *cause, bool *answers, struct kw_error *why)
{
    struct kw_session *session = work->session;
    unsigned before = session->talk.answered;
    *cause = 0, *answers = false;
    if (session->silent)
        return 0;
    int code = kw_session_look(session, sooner(ANSWER_MS, kw_clock_left_ms(until_ms)), cause, NULL, why);
    *answers = session->talk.answered != before;
    return code;
}

/*
 * Waits for the answer, looking now and then. A printer that says how it is gets the call's whole time, for it may be
 * slow; one that says nothing any more gets what its paper should take at most. *cause: what it said instead.
 */
static int await_answer(struct kw_work *work, int64_t paper_ms, int *cause, bool *discarded)
{
    struct kw_session *session = work->session;
    int64_t silent_until_ms = sooner(work->until_ms, kw_clock_boot_ms() + 2 * paper_ms + PROOF_MARGIN_MS);
    int64_t until_ms = session->silent ? silent_until_ms : work->until_ms;
    struct kw_error why = { 0 };
    int code = 0;
    *cause = 0, *discarded = false;
    while (code == 0 && !answer_came(session) && kw_clock_left_ms(until_ms) > 0) {
        bool answers;
        code = kw_talk_listen(&session->talk, session->confirm == KW_CONFIRM_PROCESS_ID ? kw_talk_id_came
                              : kw_talk_barrier_came, sooner(until_ms, kw_clock_boot_ms() + ANSWER_MS), &why);
        if (code < 0 || answer_came(session))
            break;
        code = look_meanwhile(work, until_ms, cause, &answers, &why);
        *discarded = code == 0 && kw_work_discarded(work, *cause);
        if (*discarded || *cause == KWIT_E_CUTTER_JAM || *cause == KWIT_E_PRINTER_DEAD)
            break;
        until_ms = answers ? work->until_ms : silent_until_ms;
    }
    return code;
}

static bool never(const struct kw_talk *talk)
{
    (void)talk;
    return false;
}

/* How it is when the paper's own time has passed; *whole: it said so in form. */
static int look_afterwards(struct kw_work *work, int64_t paper_end_ms, int *cause, bool *whole)
{
    struct kw_session *session = work->session;
    struct kw_error why = { 0 };
    int64_t ready_ms = sooner(work->until_ms - KW_SESSION_LAST_MS, paper_end_ms + SETTLE_MS);
    *cause = 0, *whole = false;
    int code = kw_talk_listen(&session->talk, never, ready_ms, &why);
    return code < 0 ? code : kw_session_look(session, ANSWER_MS, cause, whole, &why);
}

/* A barrier says only that something came so far: the status must be clean, and nothing unasked have come. */
static struct kw_ending judge_barrier(struct kw_work *work, int64_t paper_end_ms)
{
    struct kw_session *session = work->session;
    enum kwit_error cause;
    bool whole;
    int code = look_afterwards(work, paper_end_ms, &cause, &whole);
    if (code < 0 || cause != 0)
        return doubt(code < 0 ? code : cause);
    if (!kw_talk_is_clean(&session->talk) || session->talk.barriers_open > 0)
        return doubt(KWIT_E_GARBAGE);
    return whole && session->synced ? (struct kw_ending){ KW_JOB_ON_PROVE, 0 } : doubt(KWIT_E_NO_ANSWER);
}

static struct kw_ending await_proof(struct kw_work *work, int64_t paper_ms, int64_t paper_end_ms)
{
    struct kw_session *session = work->session;
    enum kwit_error cause;
    bool discarded;
    int code = await_answer(work, paper_ms, &cause, &discarded);
    if (discarded)
        return (struct kw_ending){ KW_JOB_ON_BREAK, cause };
    if (session->talk.id_came && (session->synced || session->talk.sync_came))
        return (struct kw_ending){ KW_JOB_ON_PROVE, 0 };
    if (code == 0 && session->confirm == KW_CONFIRM_BARRIER && answer_came(session))
        return judge_barrier(work, paper_end_ms);
    return doubt(code < 0 ? code : cause ? cause : KWIT_E_NO_ANSWER);
}

/* ---- taken ------------------------------------------------------------------------------------------------------ */

/* The user's word, or three receipts that a person saw: its silence means nothing. */
static bool is_excused(const struct kw_delivery *delivery)
{
    return delivery->confirm == KW_PROOF_NEVER || delivery->printer.vouched >= KW_SESSION_VOUCHED;
}

/* One that proves nothing: its status must be clean afterwards, where it tells one or once did. */
static struct kw_ending await_status(struct kw_work *work, int64_t paper_end_ms)
{
    struct kw_session *session = work->session;
    enum kwit_error cause;
    bool whole, told = session->answers || work->delivery->printer.answered;
    int code = session->silent ? kw_talk_is_clean(&session->talk) ? 0 : KWIT_E_GARBAGE
        : look_afterwards(work, paper_end_ms, &cause, &whole);
    if (code < 0)
        return doubt(code);
    if (session->silent ? told && !is_excused(work->delivery) : cause == 0 && !whole && told)
        return doubt(KWIT_E_NO_ANSWER);
    if (!session->silent && cause != 0)
        return doubt(cause);
    return (struct kw_ending){ KW_JOB_ON_TAKE, told ? 0 : KWIT_E_NEVER_ANSWERS };
}

/* Every byte has left, and where the link tells, arrived: what is learnt at its end counts too. */
static struct kw_ending end_stream(struct kw_work *work, struct kw_ending verdict)
{
    struct kw_link *link = work->session->link;
    struct kw_error why = { 0 };
    if (!link->ops->drain || link->facts.instant)
        return verdict;
    bool relied = !is_excused(work->delivery);
    int64_t until_ms = relied ? work->until_ms : sooner(work->until_ms, kw_clock_boot_ms() + FAREWELL_MS);
    int code = link->ops->drain(link, until_ms, &why);
    if (code == 0 || (code == KWIT_E_TIMEOUT && !relied))
        return verdict;
    return doubt(code == KWIT_E_TIMEOUT ? KWIT_E_NO_ANSWER : code);
}

struct kw_ending kw_work_await(struct kw_work *work, const struct kw_piece_row *piece, int64_t began_ms)
{
    struct kw_session *session = work->session;
    struct kw_delivery *delivery = work->delivery;
    int64_t paper_ms = kw_delivery_paper_ms(delivery->profile, piece->paper_um);
    struct kw_ending verdict = { KW_JOB_ON_TAKE, KWIT_E_NEVER_ANSWERS };
    if (session->link->facts.can_read && session->confirm != KW_CONFIRM_NONE)
        verdict = await_proof(work, paper_ms, began_ms + paper_ms);
    else if (session->link->facts.can_read)
        verdict = await_status(work, began_ms + paper_ms);
    if (verdict.event == KW_JOB_ON_TAKE)
        verdict = end_stream(work, verdict);
    if (verdict.event == KW_JOB_ON_TAKE && delivery->confirm == KW_PROOF_REQUIRE)
        verdict = doubt(verdict.reason ? verdict.reason : KWIT_E_NO_ANSWER);
    if (verdict.event == KW_JOB_ON_PROVE) {
        delivery->printer.confirms = session->confirm;
        delivery->printer.vouched = 0;
    }
    return verdict;
}
