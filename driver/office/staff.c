/* staff.c - one alert, by a mail's link or to who signed in: looking shows it, buttons take it, reply, close it. */
#include "office/desk.h"

#include "answers/values.h"
#include "base/clock.h"
#include "office/link.h"
#include "office/web/staff.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

enum kw_staff_word kw_staff_alert_word(const char *kind)
{
    return strcmp(kind, "contact") == 0 ? KW_STAFF_CONTACT : strcmp(kind, "message") == 0 ? KW_STAFF_MESSAGE
                                                                                          : KW_STAFF_LOW;
}

/* Whoever can do something about an alert; an address is for those alone. */
static bool acts(const struct kw_person *person)
{
    return !person || person->role != KW_ROLE_READER;
}

/* NOT_FOUND: also where it is not this person's, or not the one that the link was made for. */
static int look_at(const struct kw_looking *looking, bool contact, struct kw_staff_view *view)
{
    const struct kw_office_options *options = &looking->office->options;
    const struct kw_person *person = looking->person;
    int code = options->staff->look(options->staff_data, looking->alert, contact, view);
    const bool is_other = code == 0 && looking->raised_s && (uint32_t)(view->raised_ms / 1000) != looking->raised_s;
    const bool sees = code == 0 && !is_other
        && (!person || options->staff->sees(options->staff_data, person, view->store));
    return code == 0 && !sees ? KWIT_E_NOT_FOUND : code;
}

/* who, reply: as they were typed; "" where nothing was. */
static void show(const struct kw_looking *looking, int status, enum kw_staff_word fault, const char *who,
                 const char *reply)
{
    struct kw_office *office = looking->office;
    const struct kw_office_options *options = &office->options;
    const struct kw_person *person = looking->person;
    struct kw_staff_view view = { .id = 0 };
    struct kw_buffer body;
    kw_buffer_init(&body, KW_WEB_PAGE);
    int code = look_at(looking, acts(person), &view);
    if (code < 0) {
        status = code == KWIT_E_NOT_FOUND ? 404 : 503;
        kw_web_put_staff_word(&options->shop, office->look.more, looking->language,
                              status == 404 ? KW_STAFF_BAD_LINK : KW_STAFF_FAILED, &body);
    } else {
        const struct kw_web_staff page = {
            .shop = &options->shop, .style = office->look.more, .path = looking->path, .language = looking->language,
            .person = person ? person->name : NULL, .looks_only = person && person->role == KW_ROLE_READER,
            .what = kw_staff_alert_word(view.kind), .fault = fault, .who = view.who[0] ? view.who : who,
            .store = view.store, .till = view.till,
            .code = view.code, .comment = view.comment, .reply = reply[0] ? reply : view.reply, .contact = view.contact,
            .csat = view.csat, .nps = view.nps, .ces = view.ces,
            .minutes = (kw_clock_wall_ms() - view.raised_ms) / MINUTE_MS,
            .is_taken = view.taken_ms > 0, .is_closed = view.closed_ms > 0
        };
        kw_web_put_staff(&page, &body);
    }
    kw_office_show_body(office, looking->exchange, status, &body);
    kw_buffer_free(&body);
    kw_key_wipe(&view, sizeof view);
}

/* Twice is once: a button that was pressed again is not somebody else's. */
static bool is_taken_by(const struct kw_looking *looking, const char *who)
{
    struct kw_staff_view view = { .id = 0 };
    const bool is = look_at(looking, false, &view) == 0 && view.taken_ms > 0 && strcmp(view.who, who) == 0;
    kw_key_wipe(&view, sizeof view);
    return is;
}

static void act(const struct kw_looking *looking, const struct kw_form *form)
{
    static const struct { const char *word; enum kw_staff_act act; } rows[] = {
        { "take", KW_STAFF_DO_TAKE }, { "close", KW_STAFF_DO_CLOSE }, { "reply", KW_STAFF_DO_REPLY }
    };
    const struct kw_office_options *options = &looking->office->options;
    const char *word = kw_form_field(form, "do"), *typed = kw_form_field(form, "who"),
               *who = looking->person ? looking->person->name : typed;
    char reply[KW_REPLY];
    kw_value_copy(reply, sizeof reply, kw_form_field(form, "reply"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(word, rows[i].word) != 0)
            continue;
        if (rows[i].act == KW_STAFF_DO_TAKE && who[strspn(who, " ")] == 0) {
            show(looking, 422, KW_STAFF_NEED_NAME, "", "");
            return;
        }
        int code = options->staff->act(options->staff_data, looking->alert, rows[i].act, who, reply);
        if (code == KWIT_E_CONFLICT && rows[i].act == KW_STAFF_DO_TAKE && is_taken_by(looking, who))
            code = 0;
        if (code < 0) {
            show(looking, code == KWIT_E_CONFLICT ? 409 : 503, code == KWIT_E_CONFLICT ? KW_STAFF_FIRST
                                                                                       : KW_STAFF_FAILED, who, reply);
            return;
        }
    }
    kw_visit_send_to(looking->office, looking->exchange, looking->path);
}

/* Whether that person may do something about the alert: it is one of their stores, and they do not only look. */
static bool may_act(const struct kw_looking *looking)
{
    struct kw_staff_view view = { .id = 0 };
    const bool may = acts(looking->person) && look_at(looking, false, &view) == 0;
    kw_key_wipe(&view, sizeof view);
    return may;
}

void kw_office_look(const struct kw_looking *looking, const struct kw_form *form)
{
    pthread_mutex_lock(&looking->office->reading);
    if (form && may_act(looking))
        act(looking, form);
    else
        show(looking, form ? 403 : 200, KW_STAFF_WORD_COUNT, "", "");
    pthread_mutex_unlock(&looking->office->reading);
}

void kw_office_staff(struct kw_office *office, struct kw_http_exchange *exchange,
                     const struct kw_http_request *request, const char *link)
{
    char path[KW_LINK_TEXT + 8];
    struct kw_looking looking = { .office = office, .exchange = exchange, .path = path };
    struct kw_form form = { .count = 0 };
    struct kw_linked about;
    const bool post = strcmp(request->method, "POST") == 0;
    snprintf(path, sizeof path, "/a/%.*s", KW_LINK_TEXT, link);
    looking.language = kw_staff_language(request->languages, office->options.language);
    if (!kw_link_check(office->options.link_key, link, kw_clock_wall_ms(), &about)) {
        struct kw_buffer body;
        kw_buffer_init(&body, KW_WEB_PAGE);
        kw_web_put_staff_word(&office->options.shop, office->look.more, looking.language, KW_STAFF_BAD_LINK, &body);
        kw_office_show_body(office, exchange, 404, &body);
        kw_buffer_free(&body);
        return;
    }
    looking.alert = about.alert;
    looking.raised_s = about.raised_s;
    kw_office_look(&looking, post && kw_form_read(request->body, request->length, &form) ? &form : NULL);
}
