/* staff.c - the links of mails: looking shows an alert, a button takes it, replies, closes it. */
#include "office/internal.h"

#include "answers/values.h"
#include "base/clock.h"
#include "office/web/staff.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

/* One request of a link: the alert, what was typed, what went wrong. */
struct looking {
    struct kw_office *office;
    struct kw_http_exchange *exchange;
    const char *link;
    int64_t alert;
    int language;
};

static void show(const struct looking *looking, int status, enum kw_staff_word fault, const char *typed)
{
    struct kw_office *office = looking->office;
    const struct kw_office_options *options = &office->options;
    struct kw_staff_view view = { .id = 0 };
    struct kw_buffer body;
    kw_buffer_init(&body, KW_WEB_PAGE);
    if (options->staff->look(options->staff_data, looking->alert, &view) < 0) {
        kw_web_put_bad_link(&options->shop, office->look.more, looking->language, &body);
        status = 404;
    } else {
        const struct kw_web_staff page = {
            .shop = &options->shop, .style = office->look.more, .link = looking->link, .language = looking->language,
            .what = strcmp(view.kind, "contact") == 0   ? KW_STAFF_CONTACT
                : strcmp(view.kind, "message") == 0 ? KW_STAFF_MESSAGE : KW_STAFF_LOW,
            .fault = fault, .who = view.who[0] ? view.who : typed, .store = view.store, .till = view.till,
            .code = view.code, .comment = view.comment, .reply = view.reply, .contact = view.contact,
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

static void act(const struct looking *looking, const struct kw_form *form)
{
    static const struct { const char *word; enum kw_staff_act act; } rows[] = {
        { "take", KW_STAFF_DO_TAKE }, { "close", KW_STAFF_DO_CLOSE }, { "reply", KW_STAFF_DO_REPLY }
    };
    const struct kw_office_options *options = &looking->office->options;
    const char *word = kw_form_field(form, "do"), *who = kw_form_field(form, "who");
    char path[KW_LINK_TEXT + 8], reply[KW_REPLY];
    kw_value_copy(reply, sizeof reply, kw_form_field(form, "reply"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(word, rows[i].word) != 0)
            continue;
        if (rows[i].act == KW_STAFF_DO_TAKE && who[strspn(who, " ")] == 0) {
            show(looking, 422, KW_STAFF_NEED_NAME, "");
            return;
        }
        int code = options->staff->act(options->staff_data, looking->alert, rows[i].act, who, reply);
        if (code < 0) {
            show(looking, code == KWIT_E_CONFLICT ? 409 : 503, code == KWIT_E_CONFLICT ? KW_STAFF_FIRST
                                                                                       : KW_STAFF_FAILED, who);
            return;
        }
    }
    snprintf(path, sizeof path, "/a/%s", looking->link);
    kw_visit_send_to(looking->office, looking->exchange, path);
}

void kw_office_staff(struct kw_office *office, struct kw_http_exchange *exchange,
                     const struct kw_http_request *request, const char *link)
{
    struct looking looking = { office, exchange, link, 0, 0 };
    struct kw_form form = { .count = 0 };
    const bool post = strcmp(request->method, "POST") == 0;
    looking.language = kw_staff_language(request->languages, office->options.language);
    if (!kw_link_check(office->options.link_key, link, kw_clock_wall_ms(), &looking.alert)) {
        struct kw_buffer body;
        kw_buffer_init(&body, KW_WEB_PAGE);
        kw_web_put_bad_link(&office->options.shop, office->look.more, looking.language, &body);
        kw_office_show_body(office, exchange, 404, &body);
        kw_buffer_free(&body);
        return;
    }
    pthread_mutex_lock(&office->reading);
    if (post && kw_form_read(request->body, request->length, &form))
        act(&looking, &form);
    else
        show(&looking, 200, KW_STAFF_WORD_COUNT, "");
    pthread_mutex_unlock(&office->reading);
}
