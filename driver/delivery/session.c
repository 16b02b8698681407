/* session.c - holding, opening, readying and leaving a printer. */
#include "delivery/session.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum {
    ANSWER_MS = 500,            /* a healthy printer answers in 20 */
    HURRIED_MS = 60,            /* for one that never answered yet */
    AGAIN_MS = 100,             /* between two looks at a printer that mends itself */
    CLOSING_MS = 1000
};

int kw_session_cause(struct kw_session *session, int code, const struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    delivery->cause = code;
    snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s",
             error && error->code == (enum kwit_error)code ? error->text : code ? kwit_error_text(code) : "");
    return 0;
}

int kw_session_lock(struct kw_session *session, struct kw_delivery *delivery, int64_t until_ms, struct kw_error *error)
{
    *session = (struct kw_session){ .delivery = delivery };
    return kw_state_lock(delivery->state, delivery->identity, until_ms, &session->lock, error);
}

static int remember_printer(struct kw_session *session, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    int code = kw_printer_get(delivery->journal, delivery->identity, delivery->arena, &delivery->printer, error);
    if (code == KWIT_E_NOT_FOUND) {
        delivery->printer = (struct kw_printer_row){ .identity = delivery->identity, .model = "", .serial = "",
                                                     .profile = "", .status = "", .confirms = KW_CONFIRM_PROBE };
        code = 0;
    }
    session->remembered = delivery->printer;
    return code;
}

/* A model that the link names wins over one that nobody named. */
static void learn_model(struct kw_session *session)
{
    struct kw_delivery *delivery = session->delivery;
    const struct kw_link_facts *facts = &session->link->facts;
    enum kw_match match = KW_MATCH_NONE;
    if (facts->usb_vendor && !delivery->profile_fixed) {
        const struct kw_profile *found = kw_profile_for_usb(facts->usb_vendor, facts->usb_product, facts->device_id,
                                                            &match);
        if (found && match >= KW_MATCH_SHARED_ID) {
            delivery->profile = found;
            delivery->profile_fixed = true;
        }
    }
    delivery->printer.uri = delivery->uri;
    delivery->printer.profile = delivery->profile->name;
    if (facts->model[0])
        delivery->printer.model = kw_arena_string(delivery->arena, facts->model);
    if (facts->serial[0])
        delivery->printer.serial = kw_arena_string(delivery->arena, facts->serial);
    if (!delivery->printer.model || !delivery->printer.serial)
        delivery->printer.model = delivery->printer.serial = "";
}

int kw_session_open(struct kw_session *session, int64_t until_ms, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    if (session->link)
        return 0;
    int code = remember_printer(session, error);
    if (code < 0)
        return code;
    struct kw_error why = { 0 };
    int64_t began_ms = kw_clock_boot_ms();
    code = delivery->ops->open(delivery->uri, &delivery->link_options, until_ms, &session->link, &why);
    session->open_ms = kw_clock_boot_ms() - began_ms;
    if (code < 0) {
        session->link = NULL;
        return kw_session_cause(session, code, &why);
    }
    kw_talk_begin(&session->talk, session->link);
    session->silent = session->synced = false;
    session->dirty |= delivery->printer.dirty;
    session->confirm = KW_CONFIRM_NONE;
    session->cuts = -1;
    learn_model(session);
    return kw_session_cause(session, 0, NULL);
}

/* Closes the link but keeps the lock. */
static void close_link(struct kw_session *session)
{
    if (!session->link)
        return;
    session->link->ops->close(session->link);
    session->link = NULL;
}

/* What was learned is worth a word in the journal only when it changed. */
static void store_printer(struct kw_session *session)
{
    struct kw_delivery *delivery = session->delivery;
    const struct kw_printer_row *before = &session->remembered;
    struct kw_printer_row *now = &delivery->printer;
    struct kw_error ignored;
    char status[12] = "";
    if (session->talk.state.known)
        snprintf(status, sizeof status, "%02x%02x%02x%02x", delivery->seen.raw[1], delivery->seen.raw[2],
                 delivery->seen.raw[3], delivery->seen.raw[4]);
    now->answered |= session->talk.heard;
    now->near_end = delivery->seen.paper_near_end;
    now->dirty = session->dirty;
    now->seen_ms = kw_clock_wall_ms();
    now->status = status;
    bool same = before->seen_ms != 0 && strcmp(before->uri, now->uri) == 0 && strcmp(before->model, now->model) == 0
        && strcmp(before->serial, now->serial) == 0 && strcmp(before->profile, now->profile) == 0
        && before->answered == now->answered && before->confirms == now->confirms && before->near_end == now->near_end
        && before->dirty == now->dirty && strcmp(before->status, status) == 0;
    if (!same && kw_journal_begin(delivery->journal, KW_SOON, &ignored) == 0) {
        if (kw_printer_put(delivery->journal, now, &ignored) < 0)
            kw_journal_rollback(delivery->journal);
        else
            kw_journal_commit(delivery->journal, &ignored);
    }
    now->status = "";
}

void kw_session_end(struct kw_session *session)
{
    if (session->link)
        store_printer(session);
    close_link(session);
    kw_state_unlock(session->lock);
    session->lock = NULL;
}

int kw_session_look(struct kw_session *session, int64_t wait_ms, int *cause, struct kw_error *error)
{
    struct kw_talk *talk = &session->talk;
    *cause = 0;
    for (int look = 0; look < 2; look++) {
        bool all;
        int code = kw_talk_ask(talk, 1, 4, wait_ms, &all, error);
        if (code < 0)
            return code;
        session->delivery->seen = talk->state;
        *cause = all && talk->state.known ? kw_escpos_cause(&talk->state) : 0;
        if (!all && look == 1)
            talk->asked_count = 0;
        if (all && *cause == 0)
            break;
    }
    return 0;
}

/* How long an answer is waited for: never beyond the moment at which the printer must be ready. */
static int64_t patience(const struct kw_session *session, int64_t wait_ms)
{
    int64_t left_ms = kw_clock_left_ms(session->until_ms);
    return left_ms < wait_ms ? left_ms : wait_ms;
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

static bool mends_itself(int cause)
{
    return cause == KWIT_E_HEAD_HOT || cause == KWIT_E_FEEDING || cause == KWIT_E_OFFLINE;
}

/* An error that a person has mended stays until the printer is told to go on. */
static int recover_error(struct kw_session *session, int *cause, struct kw_error *error)
{
    uint8_t bytes[8];
    size_t done, length = kw_escpos_recover(session->delivery->shared ? 1 : 2, bytes);
    int code = kw_talk_send(&session->talk, bytes, length, &done, kw_clock_boot_ms() + ANSWER_MS, error);
    kw_clock_sleep_ms(AGAIN_MS);
    return code < 0 ? code : kw_session_look(session, patience(session, ANSWER_MS), cause, error);
}

/* The state before the first byte; waits for what mends itself. */
static int ask_state(struct kw_session *session, struct kw_error *error)
{
    const struct kw_printer_row *known = &session->delivery->printer;
    bool stranger = known->seen_ms == 0;
    int64_t wait_ms = known->answered || stranger ? ANSWER_MS : HURRIED_MS;
    int cause, code = kw_session_look(session, patience(session, wait_ms), &cause, error);
    if (code == 0 && !session->talk.heard)
        session->silent = true;
    if (code == 0 && session->silent)
        cause = port_cause(session);
    if (code == 0 && (cause == KWIT_E_CUTTER_JAM || cause == KWIT_E_PRINTER_ERROR))
        code = recover_error(session, &cause, error);
    while (code == 0 && mends_itself(cause) && !session->silent && kw_clock_left_ms(session->until_ms) > 0) {
        kw_clock_sleep_ms(AGAIN_MS);
        code = kw_session_look(session, patience(session, ANSWER_MS), &cause, error);
    }
    return code < 0 ? code : kw_session_cause(session, cause, NULL);
}

static bool send_all(struct kw_session *session, const uint8_t *bytes, size_t length, int64_t wait_ms)
{
    struct kw_error ignored;
    size_t done;
    return kw_talk_send(&session->talk, bytes, length, &done, kw_clock_boot_ms() + wait_ms, &ignored) == 0
        && done == length;
}

/* One echo of a process id: true when it came. */
static bool echoes(struct kw_session *session)
{
    uint8_t bytes[16];
    struct kw_error ignored;
    int64_t wait_ms = patience(session, ANSWER_MS);
    size_t length = kw_talk_process_id(&session->talk, bytes);
    return send_all(session, bytes, length, wait_ms)
        && kw_talk_listen(&session->talk, kw_talk_id_came, kw_clock_boot_ms() + wait_ms, &ignored) == 0
        && session->talk.id_came;
}

static bool answers_barrier(struct kw_session *session)
{
    uint8_t bytes[8];
    struct kw_error ignored;
    int64_t wait_ms = patience(session, ANSWER_MS);
    session->talk.bytes_before = session->talk.bytes_came;
    return send_all(session, bytes, kw_escpos_ask_barrier(bytes), wait_ms)
        && kw_talk_listen(&session->talk, kw_talk_barrier_came, kw_clock_boot_ms() + wait_ms, &ignored) == 0
        && kw_talk_barrier_came(&session->talk);
}

/* Where rows say that a printer echoes ids it also counts cuts; the echo behind the question tells when it does not. */
static bool counts_and_echoes(struct kw_session *session)
{
    uint8_t bytes[8];
    session->talk.count = -1;
    if (!session->delivery->shared && session->delivery->profile->confirm == KW_CONFIRM_PROCESS_ID)
        send_all(session, bytes, kw_escpos_ask_cut_count(bytes), ANSWER_MS);
    bool came = echoes(session);
    session->cuts = came ? session->talk.count : -1;
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
    bool sent = kw_escpos_unstick(&bytes) && send_all(session, bytes.data, bytes.length, 2 * ANSWER_MS);
    kw_buffer_free(&bytes);
    return sent;
}

/* A printer of which nobody knows what it proves is asked once, and the answer is kept unless it was cut short. */
static void probe(struct kw_session *session)
{
    session->confirm = echoes(session) ? KW_CONFIRM_PROCESS_ID : answers_barrier(session) ? KW_CONFIRM_BARRIER
        : KW_CONFIRM_NONE;
    session->synced = session->confirm != KW_CONFIRM_NONE;
    if (session->synced || kw_clock_left_ms(session->until_ms) > 0)
        session->delivery->printer.confirms = session->confirm;
}

/* A printer that says nothing yet may only be slow: its echo counts whenever it comes. */
static void leave_sync(struct kw_session *session)
{
    uint8_t bytes[16];
    if (session->confirm != KW_CONFIRM_PROCESS_ID || !session->link->facts.can_read)
        return;
    if (session->silent)
        send_all(session, bytes, kw_talk_process_id(&session->talk, bytes), ANSWER_MS);
    kw_talk_leave_sync(&session->talk);
}

/* Finds out what the printer can prove, and that it reads our bytes as commands. */
static void synchronise(struct kw_session *session)
{
    struct kw_delivery *delivery = session->delivery;
    session->confirm = delivery->confirm == KW_DELIVERY_NEVER ? KW_CONFIRM_NONE : delivery->profile->confirm;
    if (session->confirm == KW_CONFIRM_PROBE && delivery->printer.confirms != KW_CONFIRM_PROBE)
        session->confirm = delivery->printer.confirms;
    bool speaks = !session->silent && session->link->facts.can_read;
    if (speaks && session->confirm == KW_CONFIRM_PROBE)
        probe(session);
    else if (speaks && session->confirm != KW_CONFIRM_NONE)
        session->synced = proves(session) || (unstick(session) && proves(session));
    if (!session->synced)
        leave_sync(session);
    if (session->confirm == KW_CONFIRM_PROBE)
        session->confirm = KW_CONFIRM_NONE;
}

bool kw_session_may_prove(const struct kw_session *session)
{
    return session->synced || session->talk.sync_came;
}

bool kw_session_discard(struct kw_session *session)
{
    const struct kw_delivery *delivery = session->delivery;
    uint8_t bytes[16];
    struct kw_error ignored;
    if (delivery->shared || !session->link || !(delivery->profile->quirks & KW_QUIRK_CLEARS_BUFFER))
        return false;
    session->talk.cleared = false;
    if (!send_all(session, bytes, kw_escpos_clear(bytes), ANSWER_MS)
        || kw_talk_listen(&session->talk, kw_talk_cleared, kw_clock_boot_ms() + ANSWER_MS, &ignored) < 0)
        return false;
    if (session->talk.cleared)
        session->dirty = false;
    return session->talk.cleared;
}

static void clean_up(struct kw_session *session)
{
    if (!session->dirty || session->delivery->shared || session->link->facts.instant)
        return;
    if (!kw_session_discard(session))
        unstick(session);
}

/* A printer that speaks and has not said enough in time: what is sent now could not be confirmed any more. */
static bool is_too_slow(const struct kw_session *session)
{
    return !session->silent && kw_clock_left_ms(session->until_ms) == 0;
}

int kw_session_ready(struct kw_session *session, int64_t until_ms, struct kw_error *error)
{
    struct kw_error why = { 0 };
    (void)error;
    session->until_ms = until_ms;
    int code = kw_talk_drain(&session->talk, &why);
    if (code == 0 && session->link->facts.can_read)
        code = ask_state(session, &why);
    else
        session->silent = true;
    if (code < 0)
        return kw_session_cause(session, code, &why);
    if (session->delivery->cause == 0 && !is_too_slow(session)) {
        clean_up(session);
        synchronise(session);
    }
    if (session->delivery->cause == 0 && is_too_slow(session))
        kw_session_cause(session, KWIT_E_NO_ANSWER, NULL);
    return 0;
}
