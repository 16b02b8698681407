/* opening.c - before the first byte: how the printer is, what it is, and what it can prove. */
#include "delivery/session.h"

#include "base/clock.h"

enum {
    ANSWER_MS = 500,            /* a healthy printer answers in 20 */
    HURRIED_MS = 60,            /* for one that never answered yet */
    NAME_MS = 300,
    AGAIN_MS = 100,             /* between two looks at a printer that mends itself */
    QUIET_MS = 50,              /* silence before what a barrier may prove */
    CHATTER_MS = 500,           /* silence after strays: printers say things when they are switched on, */
    CHATTERS_MS = 5000,         /* for seconds */
    SLOW_MS = 3000,             /* for one that is known to answer and does not yet */
    UNSTICK_MOST = 64           /* in a row: half a megabyte in all */
};

int64_t kw_session_moment(const struct kw_session *session, int64_t wait_ms)
{
    int64_t until_ms = kw_clock_boot_ms() + wait_ms;
    return until_ms < session->until_ms ? until_ms : session->until_ms;
}

/* ---- how it is -------------------------------------------------------------------------------------------------- */

/* Every question is answered, and nothing stood between: now the state counts. */
static bool take_look(struct kw_session *session, int *cause)
{
    struct kw_talk *talk = &session->talk;
    if (talk->asked_count > 0 || !talk->state.known)
        return false;
    session->answers = true;
    session->delivery->seen = talk->state;
    *cause = talk->dialect->cause(&talk->state);
    return true;
}

int kw_session_look(struct kw_session *session, int64_t wait_ms, int *cause, bool *whole, struct kw_error *error)
{
    struct kw_talk *talk = &session->talk;
    bool all = false, counts = false;
    *cause = 0;
    for (int look = 0; look < 2 && (!counts || *cause != 0); look++) {
        unsigned strays = talk->strays, came = talk->came;
        int64_t until_ms = kw_session_moment(session, wait_ms);
        int code = kw_talk_ask(talk, 1, talk->dialect->status_questions, until_ms, &all, error);
        if (code < 0)
            return code;
        *cause = 0;
        counts = all && talk->strays == strays && talk->reader.length == 0 && take_look(session, cause);
        if (!all && talk->came == came)
            break;
    }
    if (whole)
        *whole = counts;
    return 0;
}

/* Port status of a printer that says nothing else: paper and error bits of GET_PORT_STATUS. */
static int port_cause(const struct kw_session *session)
{
    enum { PORT_PAPER_EMPTY = 0x20, PORT_NOT_ERROR = 0x08 };
    int status = session->link->ops->port_status ? session->link->ops->port_status(session->link) : -1;
    if (status < 0 || (status & (PORT_PAPER_EMPTY | PORT_NOT_ERROR)) == PORT_NOT_ERROR)
        return 0;
    return status & PORT_PAPER_EMPTY ? KWIT_E_PAPER_OUT : KWIT_E_OFFLINE;
}

static bool mends_itself(enum kwit_error cause)
{
    return cause == KWIT_E_HEAD_HOT || cause == KWIT_E_FEEDING || cause == KWIT_E_OFFLINE;
}

/* A question that broke off is a command without its end: the printer waits for the rest, and the next call ends it. */
static bool send_all(struct kw_session *session, const uint8_t *bytes, size_t length, int64_t wait_ms)
{
    struct kw_error ignored;
    size_t done = 0;
    if (length == 0)
        return false;
    int code = kw_talk_send(&session->talk, bytes, length, &done, kw_session_moment(session, wait_ms), &ignored);
    if (code == 0 && done == length)
        return true;
    session->dirty |= done > 0 || code == KWIT_E_DISCONNECTED;
    return false;
}

static void pause_for(const struct kw_session *session, int64_t ms)
{
    kw_clock_sleep_ms(kw_clock_left_ms(kw_session_moment(session, ms)));
}

/* An error that a person has mended stays until the printer is told to go on. */
static int recover_error(struct kw_session *session, int *cause, struct kw_error *error)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    send_all(session, bytes, session->talk.dialect->recover(!session->delivery->shared, bytes), ANSWER_MS);
    pause_for(session, AGAIN_MS);
    return kw_session_look(session, ANSWER_MS, cause, NULL, error);
}

/* Whether row or history says that this printer confirms: its silence is worth waiting for, and a doubt. */
static bool is_known_to_answer(const struct kw_delivery *delivery)
{
    return delivery->printer.answered || delivery->printer.confirms > KW_CONFIRM_NONE
        || delivery->profile->confirm > KW_CONFIRM_NONE;
}

/* What it was asked it may answer late, when it is just being switched on. At most half of the call's time. */
static int wait_for_slow(struct kw_session *session, int *cause, struct kw_error *error)
{
    int64_t half_ms = kw_clock_left_ms(session->until_ms) / 2;
    int code = kw_talk_listen(&session->talk, kw_talk_all_answered,
                              kw_session_moment(session, half_ms < SLOW_MS ? half_ms : SLOW_MS), error);
    if (code == 0 && session->talk.came && kw_talk_is_clean(&session->talk))
        take_look(session, cause);
    return code;
}

/* Drains, and asks how it is. Strays allow a second opening, after they have ended. */
static int converse(struct kw_session *session, int *cause, struct kw_error *error)
{
    const struct kw_delivery *delivery = session->delivery;
    const struct kw_printer_row *known = &delivery->printer;
    int64_t wait_ms = known->answered || known->seen_ms == 0 ? ANSWER_MS : HURRIED_MS;
    int code = kw_talk_drain(&session->talk, delivery->profile->confirm == KW_CONFIRM_PROCESS_ID ? 0 : QUIET_MS,
                             kw_session_moment(session, CHATTERS_MS), error);
    if (code == 0)
        code = kw_session_look(session, wait_ms, cause, NULL, error);
    if (code == 0 && !session->talk.came && delivery->confirm != KW_PROOF_NEVER && is_known_to_answer(delivery))
        code = wait_for_slow(session, cause, error);
    if (code < 0 || kw_talk_is_clean(&session->talk))
        return code;
    session->answers = false;
    session->chattered = true;
    code = kw_talk_drain(&session->talk, CHATTER_MS, kw_session_moment(session, CHATTERS_MS), error);
    return code < 0 ? code : kw_session_look(session, ANSWER_MS, cause, NULL, error);
}

/* The state before the first byte; waits for what mends itself. */
static int ask_state(struct kw_session *session, struct kw_error *error)
{
    int cause = 0, code = converse(session, &cause, error);
    session->silent = session->talk.came == 0 && !session->answers && !session->chattered;
    if (code == 0 && session->silent)
        cause = port_cause(session);
    if (code == 0 && (cause == KWIT_E_CUTTER_JAM || cause == KWIT_E_PRINTER_ERROR))
        code = recover_error(session, &cause, error);
    while (code == 0 && mends_itself(cause) && !session->silent && kw_clock_left_ms(session->until_ms) > 0) {
        pause_for(session, AGAIN_MS);
        code = kw_session_look(session, ANSWER_MS, &cause, NULL, error);
    }
    return code < 0 ? code : kw_session_cause(session, cause, NULL);
}

/* ---- what it is ------------------------------------------------------------------------------------------------- */

/* Asked once of a printer that nobody named, only when it answers in form, and remembered. */
static void ask_model(struct kw_session *session)
{
    struct kw_delivery *delivery = session->delivery;
    struct kw_talk *talk = &session->talk;
    if (delivery->profile_fixed || delivery->printer.named != KW_NAMED_NOT_ASKED || !session->answers)
        return;
    bool said = kw_talk_ask_text(talk, KW_TEXT_MAKER, kw_session_moment(session, NAME_MS))
        && kw_talk_ask_text(talk, KW_TEXT_MODEL, kw_session_moment(session, NAME_MS));
    const char *model = said ? kw_arena_string(delivery->arena, talk->names[KW_NAME_MODEL]) : NULL;
    const struct kw_profile *found = model ? kw_profile_for_names(talk->names[KW_NAME_MAKER], model) : NULL;
    delivery->printer.named = found ? KW_NAMED_MODEL : KW_NAMED_IN_VAIN;
    if (model && model[0])
        delivery->printer.model = model;
    if (!found)
        return;
    delivery->profile = found;
    delivery->profile_fixed = true;
    delivery->printer.profile = kw_profile_name(found);
}

/* ---- what it can prove ------------------------------------------------------------------------------------------ */

size_t kw_session_ask_proof(struct kw_session *session, uint8_t out[KW_QUESTION_BYTES])
{
    if (!session->link->facts.can_read || session->confirm == KW_CONFIRM_NONE)
        return 0;
    return session->confirm == KW_CONFIRM_PROCESS_ID ? kw_talk_process_id(&session->talk, out)
        : kw_talk_barrier(&session->talk, out);
}

/* One echo of a process id: true when it came, whatever else stood on the line. */
static bool echoes(struct kw_session *session)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    struct kw_error ignored;
    int64_t until_ms = kw_session_moment(session, ANSWER_MS);
    return send_all(session, bytes, kw_talk_process_id(&session->talk, bytes), ANSWER_MS)
        && kw_talk_listen(&session->talk, kw_talk_id_came, until_ms, &ignored) == 0 && session->talk.id_came;
}

/* One barrier, answered once: only of a printer that told how it is, on a line without a stray. */
static bool answers_barrier(struct kw_session *session)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    struct kw_error ignored;
    int64_t until_ms = kw_session_moment(session, ANSWER_MS);
    if (!session->answers || !kw_talk_is_clean(&session->talk))
        return false;
    return send_all(session, bytes, kw_talk_barrier(&session->talk, bytes), ANSWER_MS)
        && kw_talk_listen(&session->talk, kw_talk_barrier_came, until_ms, &ignored) == 0
        && kw_talk_barrier_came(&session->talk) && kw_talk_is_clean(&session->talk);
}

/* Where rows say that a printer echoes ids it also counts cuts; the echo behind the question tells when it does not. */
static bool counts_and_echoes(struct kw_session *session)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    struct kw_talk *talk = &session->talk;
    talk->count = -1;
    bool row = session->delivery->profile->confirm == KW_CONFIRM_PROCESS_ID;
    if (!session->delivery->shared && row && send_all(session, bytes, talk->dialect->ask_cut_count(bytes), ANSWER_MS))
        talk->text_asked = KW_TEXT_CUTS;
    bool came = echoes(session);
    session->cuts = came ? talk->count : -1;
    return came;
}

static bool proves(struct kw_session *session)
{
    return session->confirm == KW_CONFIRM_PROCESS_ID ? counts_and_echoes(session) : answers_barrier(session);
}

static bool unstick(struct kw_session *session)
{
    struct kw_buffer bytes;
    kw_buffer_init(&bytes, KW_COMMAND_MAX_BYTES + 64);
    bool sent = session->talk.dialect->unstick(&bytes) && send_all(session, bytes.data, bytes.length, 2 * ANSWER_MS);
    kw_buffer_free(&bytes);
    return sent;
}

/*
 * A printer of which nobody knows what it proves is asked. That it proves something is remembered when it proved a
 * receipt; that it does not, when it said how it is and had its time.
 */
static void probe(struct kw_session *session)
{
    session->confirm = echoes(session) ? KW_CONFIRM_PROCESS_ID : answers_barrier(session) ? KW_CONFIRM_BARRIER
        : KW_CONFIRM_NONE;
    session->synced = session->confirm != KW_CONFIRM_NONE;
    if (!session->synced && session->answers && kw_clock_left_ms(session->until_ms) > 0)
        session->delivery->printer.confirms = KW_CONFIRM_NONE;
}

/* A printer that says nothing yet may only be slow: its echo counts whenever it comes. */
static void leave_sync(struct kw_session *session)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    if (session->confirm != KW_CONFIRM_PROCESS_ID || !session->link->facts.can_read)
        return;
    if (session->silent)
        send_all(session, bytes, kw_talk_process_id(&session->talk, bytes), ANSWER_MS);
    kw_talk_leave_sync(&session->talk);
}

static bool proof_came(const struct kw_talk *talk)
{
    return talk->id_came || (talk->barrier_came && kw_talk_is_clean(talk));
}

static bool comes_within(struct kw_session *session, int64_t wait_ms)
{
    struct kw_error ignored;
    return kw_talk_listen(&session->talk, proof_came, kw_session_moment(session, wait_ms), &ignored) == 0
        && proof_came(&session->talk);
}

/* A picture of another program may lack more than kwit's own longest command: as often again, until it answers. */
static bool frees(struct kw_session *session)
{
    bool sent = true;
    for (int times = 1; times <= UNSTICK_MOST && sent; times *= 2) {
        for (int i = 0; i < times && sent; i++)
            sent = unstick(session);
        if (sent && proves(session))
            return true;
        sent &= kw_clock_left_ms(session->until_ms) > 0;
    }
    return false;
}

/*
 * It says how it is and does not come to our question. What a receipt of ours may have left unfinished is ended. One
 * that has proved receipts before has another's data to print first: it is waited for half of the call's time, for ours
 * needs some too, and nothing is put between or discarded, for nobody knows whose it is.
 */
static bool outlasts(struct kw_session *session)
{
    bool proved = session->delivery->printer.confirms > KW_CONFIRM_NONE && session->answers;
    if (session->dirty ? frees(session) : !proved && unstick(session) && proves(session))
        return true;
    if (session->confirm == KW_CONFIRM_PROCESS_ID && answers_barrier(session))
        return false;                               /* it has come to our questions, and echoes none */
    session->behind = proved && !comes_within(session, kw_clock_left_ms(session->until_ms) / 2);
    return proved && !session->behind;
}

/* What row, history and configuration say that it proves. */
static int expected_proof(const struct kw_delivery *delivery)
{
    if (delivery->confirm == KW_PROOF_NEVER)
        return KW_CONFIRM_NONE;
    return delivery->profile->confirm == KW_CONFIRM_PROBE ? delivery->printer.confirms : delivery->profile->confirm;
}

/* Finds out what the printer can prove, and that it reads our bytes as commands. */
static void synchronise(struct kw_session *session)
{
    bool speaks = !session->silent && session->link->facts.can_read;
    session->confirm = expected_proof(session->delivery);
    if (speaks && session->confirm == KW_CONFIRM_PROBE)
        probe(session);
    else if (speaks && session->confirm != KW_CONFIRM_NONE)
        session->synced = proves(session) || outlasts(session);
    bool unproven = speaks && !session->behind && !session->synced && session->confirm == KW_CONFIRM_PROCESS_ID;
    if (unproven && session->talk.other_count == 0 && answers_barrier(session)) {
        session->confirm = KW_CONFIRM_BARRIER;      /* it echoes nothing, and is no such model */
        session->synced = true;
    }
    bool vouched = session->delivery->printer.vouched >= KW_SESSION_VOUCHED && !session->synced;
    if (session->confirm == KW_CONFIRM_PROBE || vouched)
        session->confirm = KW_CONFIRM_NONE;
    session->dirty &= !session->synced;
    if (!session->synced)
        leave_sync(session);
}

bool kw_session_discard(struct kw_session *session)
{
    const struct kw_delivery *delivery = session->delivery;
    uint8_t bytes[KW_QUESTION_BYTES];
    struct kw_error ignored;
    bool clears = delivery->profile->quirks & KW_QUIRK_CLEARS_BUFFER;
    if (delivery->shared || !session->link || !session->synced || !clears)
        return false;
    session->talk.cleared = false;
    if (!send_all(session, bytes, session->talk.dialect->clear(bytes), ANSWER_MS)
        || kw_talk_listen(&session->talk, kw_talk_cleared, kw_session_moment(session, ANSWER_MS), &ignored) < 0)
        return false;
    if (session->talk.cleared)
        session->dirty = false;
    return session->talk.cleared;
}

/* Whatever it holds of an interrupted receipt it prints; only a command that was not ended must be. */
static void clean_up(struct kw_session *session)
{
    if (session->dirty && !session->delivery->shared && !session->link->facts.instant)
        unstick(session);
}

/* ---- ready ------------------------------------------------------------------------------------------------------ */

/* It talks, but never in the form in which printers answer. */
static bool is_nonsense(const struct kw_session *session)
{
    return !session->answers && !session->synced && !session->talk.sync_came
        && (session->chattered || !kw_talk_is_clean(&session->talk));
}

/* Why it is not to be printed on although nothing is wrong with it; 0: nothing. */
static int obstacle(const struct kw_session *session)
{
    if (session->behind)
        return KWIT_E_BUSY;
    if (is_nonsense(session) && session->delivery->confirm != KW_PROOF_NEVER)
        return KWIT_E_GARBAGE;
    /* It speaks and has not said enough in time: what is sent now could not be confirmed any more. */
    return !session->silent && kw_clock_left_ms(session->until_ms) == 0 ? KWIT_E_NO_ANSWER : 0;
}

void kw_session_look_only(struct kw_session *session)
{
    struct kw_error why = { 0 };
    if (!kw_dialect_of(session->delivery->profile)) {
        kw_session_cause(session, KWIT_E_UNSUPPORTED, NULL);
        return;
    }
    int code = session->link->facts.can_read ? ask_state(session, &why) : 0;
    bool said = session->answers, nonsense = is_nonsense(session);
    if (code < 0)
        kw_session_cause(session, code, &why);
    else if (!said && session->delivery->cause == 0)
        kw_session_cause(session, nonsense ? KWIT_E_GARBAGE : KWIT_E_NO_ANSWER, NULL);
}

void kw_session_ready(struct kw_session *session, int64_t until_ms)
{
    struct kw_delivery *delivery = session->delivery;
    struct kw_error why = { 0 };
    session->until_ms = until_ms;
    session->silent = !session->link->facts.can_read;
    if (!kw_dialect_of(delivery->profile)) {
        kw_session_cause(session, KWIT_E_UNSUPPORTED, NULL);
        return;
    }
    int code = session->silent ? 0 : ask_state(session, &why);
    if (code < 0) {
        kw_session_cause(session, code, &why);
        return;
    }
    if (delivery->cause == 0)
        ask_model(session);
    if (!kw_dialect_of(delivery->profile)) {
        kw_session_cause(session, KWIT_E_UNSUPPORTED, NULL);
        return;
    }
    if (delivery->cause == 0 && kw_clock_left_ms(until_ms) > 0) {
        clean_up(session);
        synchronise(session);
    }
    enum kwit_error cause = delivery->cause == 0 ? obstacle(session) : 0;
    if (cause == KWIT_E_BUSY)
        kw_fail(&why, KWIT_E_BUSY, "", "the printer has not come to the end of what another program sent; if it stands "
                "still, switch it off and on");
    if (cause)
        kw_session_cause(session, cause, &why);
}
