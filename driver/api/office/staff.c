/* staff.c - what the links of mails look at and do, on the journal; addresses are opened here and nowhere else. */
#include "api/office/serving.h"


#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <string.h>

enum { SEALED = 256 };

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

static int take_view(void *data, const struct kw_alert *alert)
{
    struct kw_staff_view *view = data;
    char code[KW_TOKEN_LENGTH + 1];
    *view = (struct kw_staff_view){ .id = alert->id, .raised_ms = alert->raised_ms, .taken_ms = alert->acknowledged_ms,
                                    .closed_ms = alert->closed_ms, .nps = alert->nps, .csat = alert->csat,
                                    .ces = alert->ces };
    copy(view->kind, sizeof view->kind, alert->kind);
    copy(view->who, sizeof view->who, alert->who);
    copy(view->store, sizeof view->store, alert->store);
    copy(view->till, sizeof view->till, alert->till);
    copy(view->comment, sizeof view->comment, alert->comment);
    if (kw_verdict_token(alert->token, code))
        kw_token_hyphenate(code, view->code);
    return 0;
}

/* Shown to who took it; that it was, is said in the log. */
static void show_contact(struct kw_serving *serving, struct kw_staff_view *view)
{
    const struct kw_loop *loop = &serving->links.loop;
    uint8_t sealed[SEALED];
    size_t length = 0;
    struct kw_error error;
    if (view->taken_ms == 0
        || loop->calls->contact(loop->store, view->id, sealed, sizeof sealed, &length, &error) < 0)
        return;
    if (kw_serving_open_sealed(serving->staff_secret, sealed, length, view->contact, sizeof view->contact))
        kw_log(&serving->call->context->log, KW_LOG_INFO, "alert %lld: its address was shown", (long long)view->id);
}

static int look(void *data, int64_t alert, struct kw_staff_view *view)
{
    struct kw_serving *serving = data;
    const struct kw_loop *loop = &serving->links.loop;
    struct kw_error error;
    int code = loop->calls->alert(loop->store, alert, take_view, view, &error);
    if (code == 0)
        code = loop->calls->replied(loop->store, alert, view->reply, &error);
    if (code == 0)
        show_contact(serving, view);
    return code;
}

static int act(void *data, int64_t alert, enum kw_staff_act what, const char *who, const char *text)
{
    struct kw_serving *serving = data;
    const struct kw_loop *loop = &serving->links.loop;
    struct kw_error error;
    if (what == KW_STAFF_DO_REPLY)
        return loop->calls->reply(loop->store, alert, text, who, kw_clock_wall_ms(), &error);
    return loop->calls->mark(loop->store, alert, who, what == KW_STAFF_DO_CLOSE, &error);
}

const struct kw_staff_calls kw_serving_staff = { look, act };

/* Nobody without the staff's key makes a link. */
void kw_serving_link_key(const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY])
{
    static const char label[] = "kwit/links";
    crypto_generichash(out, KW_OFFICE_KEY, (const uint8_t *)label, sizeof label, staff_secret, KW_STAFF_KEY);
}
