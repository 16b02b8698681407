/* staff.c - what the links of mails look at and do, on the journal; addresses are opened here and nowhere else. */
#include "api/office/serving.h"

#include "api/touch/viewer.h"

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

static int look(void *data, int64_t alert, bool contact, struct kw_staff_view *view)
{
    struct kw_serving *serving = data;
    const struct kw_loop *loop = &serving->links.loop;
    struct kw_error error;
    int code = loop->calls->alert(loop->store, alert, take_view, view, &error);
    if (code == 0)
        code = loop->calls->replied(loop->store, alert, view->reply, &error);
    if (code == 0 && contact)
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

static int alerts(void *data, bool open_only, kw_alert_sink sink, void *sink_data)
{
    struct kw_serving *serving = data;
    const struct kw_book *book = &serving->links.book;
    struct kw_error error;
    return book->calls->alerts(book->store, open_only, sink, sink_data, &error);
}

static bool sees(void *data, const struct kw_person *person, const char *store)
{
    const struct kw_serving *serving = data;
    bool found = !person->stores[0] && !person->regions[0];
    for (const char *const *name = person->stores; !found && *name; name++)
        found = strcmp(*name, store) == 0;
    for (const char *const *name = person->regions; !found && *name; name++)
        found = kw_region_holds(&serving->call->config, *name, store);
    return found;
}

/* Everything is opened anew, also the configuration: nothing of it is shared with the other threads. */
static int report(void *data, const struct kw_person *person, const char *language, struct kw_buffer *page)
{
    struct kw_serving *serving = data;
    const kwit_context *context = serving->call->context;
    const struct kw_viewer viewer = { person->stores, person->regions, person->role != KW_ROLE_OWNER };
    const int64_t began_ms = kw_clock_boot_ms();
    kwit_result *result = NULL;
    int code = kw_report_for(context, &(struct kwit_report_options){ .format = "html", .language = language }, &viewer,
                             &result);
    kw_buffer_text(page, code == 0 ? kwit_result_text(result) : "");
    kw_log(&context->log, code < 0 ? KW_LOG_WARNING : KW_LOG_INFO, "a report was %s in %lld ms%s%s",
           code < 0 ? "not made" : "made", (long long)(kw_clock_boot_ms() - began_ms), code < 0 ? ": " : "",
           code < 0 ? kwit_result_text(result) : "");
    kwit_result_free(result);
    return code;
}

const struct kw_staff_calls kw_serving_staff = {
    look, act, alerts, sees, kw_serving_people, kw_serving_left, kw_serving_leave, report
};

static void derive(const char *label, const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY])
{
    crypto_generichash(out, KW_OFFICE_KEY, (const uint8_t *)label, strlen(label) + 1, staff_secret, KW_STAFF_KEY);
}

/* Nobody without the staff's key makes a link, or a cookie. */
void kw_serving_link_key(const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY])
{
    derive("kwit/links", staff_secret, out);
}

void kw_serving_session_key(const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY])
{
    derive("kwit/sessions", staff_secret, out);
}
