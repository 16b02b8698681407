/* session.c - holding, opening and leaving a printer, and what the journal remembers of it. */
#include "delivery/session.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

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

/* The model as the link names it, or as the printer itself once did; NULL: neither. */
static const struct kw_profile *known_model(const struct kw_session *session)
{
    const struct kw_link_facts *facts = &session->link->facts;
    const struct kw_printer_row *printer = &session->delivery->printer;
    enum kw_match match = KW_MATCH_NONE;
    const struct kw_profile *found = facts->usb_vendor
        ? kw_profile_for_usb(facts->usb_vendor, facts->usb_product, facts->device_id, &match) : NULL;
    if (match == KW_MATCH_ID)
        return found;
    return printer->named == KW_NAMED_MODEL ? kw_profile_find(printer->profile) : NULL;
}

/* Such a model wins over one that nobody named. */
static void learn_model(struct kw_session *session)
{
    struct kw_delivery *delivery = session->delivery;
    const struct kw_link_facts *facts = &session->link->facts;
    const struct kw_profile *found = delivery->profile_fixed ? NULL : known_model(session);
    if (found) {
        delivery->profile = found;
        delivery->profile_fixed = true;
        delivery->printer.named = KW_NAMED_MODEL;
        delivery->printer.profile = kw_profile_name(found);
    }
    delivery->printer.uri = delivery->uri;
    if (delivery->printer.named != KW_NAMED_MODEL)
        delivery->printer.profile = kw_profile_name(delivery->profile);
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
        if (code == KWIT_E_INVALID)
            code = why.code = KWIT_E_UNAVAILABLE;       /* what stands there is wrong, and nothing of the document */
        return kw_session_cause(session, code, &why);
    }
    learn_model(session);
    const struct kw_dialect *dialect = kw_dialect_of(delivery->profile);
    kw_talk_begin(&session->talk, session->link, dialect ? dialect : kw_dialect_of(kw_profile_find("generic")));
    session->talk.between = delivery->between;
    session->talk.between_data = delivery->between_data;
    session->silent = session->chattered = session->answers = session->synced = session->behind = false;
    session->dirty |= delivery->printer.dirty;
    session->confirm = KW_CONFIRM_NONE;
    session->cuts = -1;
    return kw_session_cause(session, 0, NULL);
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
    now->answered |= session->answers || session->synced || session->talk.sync_came;
    now->near_end = delivery->seen.paper_near_end;
    now->dirty = session->dirty;
    now->seen_ms = kw_clock_wall_ms();
    now->status = status;
    bool same = before->seen_ms != 0 && strcmp(before->uri, now->uri) == 0 && strcmp(before->model, now->model) == 0
        && strcmp(before->serial, now->serial) == 0 && strcmp(before->profile, now->profile) == 0
        && before->answered == now->answered && before->confirms == now->confirms && before->near_end == now->near_end
        && before->dirty == now->dirty && before->named == now->named && before->vouched == now->vouched
        && strcmp(before->status, status) == 0;
    if (!same && kw_journal_begin(delivery->journal, KW_SOON, &ignored) == 0) {
        if (kw_printer_put(delivery->journal, now, &ignored) < 0)
            kw_journal_rollback(delivery->journal);
        else
            kw_journal_commit(delivery->journal, &ignored);
    }
    now->status = "";
}

void kw_session_close(struct kw_session *session)
{
    if (!session->link)
        return;
    store_printer(session);
    session->link->ops->close(session->link);
    session->link = NULL;
}

void kw_session_end(struct kw_session *session)
{
    kw_session_close(session);
    kw_state_unlock(session->lock);
    session->lock = NULL;
}
