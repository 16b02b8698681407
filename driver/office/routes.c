/* routes.c - which request gets which page. */
#include "office/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { TYPED = 256 };

/* ---- the code ----------------------------------------------------------------------------------------------- */

static int look_in_store(struct kw_visit *visit, const char *typed)
{
    const struct kw_office_options *options = &visit->office->options;
    struct kw_error error;
    int64_t today = kw_shop_day(options->days, visit->now_ms);
    pthread_mutex_lock(&visit->office->reading);
    kw_verdict_open(&options->keys, typed, today, &visit->answer);
    int verdict = visit->answer.verdict, code = 0;
    if (verdict == 0 || verdict == KW_VERDICT_TEST)
        code = options->reader.calls->ticket(options->reader.store, &visit->answer, options->days, &visit->ticket,
                                             &error);
    pthread_mutex_unlock(&visit->office->reading);
    return code;
}

bool kw_visit_look(struct kw_visit *visit, const char *typed, const char *k)
{
    const uint8_t *key = visit->office->options.key;
    int language = kw_web_language(strncmp(visit->request->query, "l=", 2) == 0 ? visit->request->query + 2 : "");
    visit->token[0] = visit->k[0] = 0;
    visit->answer.submitted_ms = visit->now_ms;
    if (kw_verdict_token(typed, visit->token) && kw_ticket_check(key, visit->token, k, visit->now_ms, &visit->fresh)) {
        snprintf(visit->k, sizeof visit->k, "%s", k);
        kw_ticket_answer_key(key, visit->token, k, visit->answer.key);
    }
    int code = look_in_store(visit, typed), verdict = visit->answer.verdict;
    if (language < 0)
        language = kw_web_language(visit->request->languages);
    if (language < 0)
        language = kw_web_language(visit->ticket.language);
    visit->language = language < 0 ? visit->office->options.language : language;
    return code == 0 && visit->token[0] && (verdict == 0 || verdict == KW_VERDICT_TEST);
}

/* What was typed is shown again, harmless, in the form that asks for it. */
static void ask_for_code(struct kw_visit *visit, enum kw_web_state state, const char *typed)
{
    struct kw_web_page page = { .state = state, .typed = typed, .fault = KW_WEB_BAD_CODE, .score = -1 };
    kw_visit_show(visit, &page);
}

static void take_code(struct kw_visit *visit, const struct kw_form *form)
{
    char path[KW_TOKEN_LENGTH + 2];
    if (!kw_visit_look(visit, kw_form_field(form, "code"), "")) {
        ask_for_code(visit, KW_WEB_STATE_RETYPE, kw_form_field(form, "code"));
        return;
    }
    snprintf(path, sizeof path, "/%s", visit->token);
    kw_visit_send_to(visit->office, visit->exchange, path);
}

/* ---- what the page shows ------------------------------------------------------------------------------------ */

/* The form is made anew, and with it the right to answer by it. */
static void ask(struct kw_visit *visit, enum kw_web_state state)
{
    char k[KW_TICKET_TEXT];
    struct kw_web_page page = { .state = state, .k = k, .fault = KW_WEB_CHOOSE, .score = -1 };
    kw_ticket_make(visit->office->options.key, visit->token, visit->now_ms, k);
    kw_visit_show(visit, &page);
}

static void show_ticket(struct kw_visit *visit)
{
    if (visit->ticket.used)
        kw_visit_show_state(visit, KW_WEB_STATE_USED);
    else if (visit->ticket.verdict == KW_VERDICT_EXPIRED)
        kw_visit_show_state(visit, KW_WEB_STATE_EXPIRED);
    else
        ask(visit, KW_WEB_STATE_ASK);
}

/* For who holds the ticket of an answer that is there; its words are never shown again. */
static void show_own(struct kw_visit *visit)
{
    const struct kw_ticket *ticket = &visit->ticket;
    const int scores[] = { [KW_WEB_ASKS_CSAT] = ticket->csat, [KW_WEB_ASKS_NPS] = ticket->nps,
                           [KW_WEB_ASKS_CES] = ticket->ces };
    const char *query = visit->request->query;
    struct kw_web_page page = { .score = scores[visit->office->options.shop.question],
                                .state = strcmp(query, "done=1") == 0     ? KW_WEB_STATE_DONE
                                         : strcmp(query, "change=1") == 0 ? KW_WEB_STATE_CHANGE
                                                                          : KW_WEB_STATE_SAVED };
    if (visit->k[0] == 0 || !ticket->own)
        show_ticket(visit);
    else
        kw_visit_show(visit, &page);
}

/* ---- requests ----------------------------------------------------------------------------------------------- */

static void handle_ticket(struct kw_visit *visit, const char *piece, const char *k, const struct kw_form *form)
{
    bool post = strcmp(visit->request->method, "POST") == 0;
    if (!kw_visit_look(visit, piece, k[0] || !post ? k : kw_form_field(form, "k"))) {
        ask_for_code(visit, KW_WEB_STATE_UNKNOWN, piece);
        return;
    }
    if (!post && k[0] == 0)
        show_ticket(visit);
    else if (!post)
        show_own(visit);
    else if (k[0] == 0)
        kw_visit_answer(visit, form);
    else
        kw_visit_edit(visit, form);
}

static bool is_form(const struct kw_http_request *request)
{
    static const char type[] = "application/x-www-form-urlencoded";
    return strncasecmp(request->type, type, sizeof type - 1) == 0;
}

static void send_health(struct kw_office *office, struct kw_http_exchange *exchange)
{
    static const char body[] = "{\"kwit\":1,\"serving\":true}\n";
    const struct kw_http_response response = { .status = 200,
                                               .headers = { { "Content-Type", "application/json" },
                                                            { "Cache-Control", "no-store" } },
                                               .body = body,
                                               .length = sizeof body - 1 };
    office->options.http->reply(exchange, &response);
}

void kw_office_handle(void *data, struct kw_http_exchange *exchange, const struct kw_http_request *request)
{
    struct kw_office *office = data;
    struct kw_visit visit = { .office = office, .exchange = exchange, .request = request,
                              .now_ms = kw_clock_wall_ms(), .language = office->options.language };
    struct kw_form form = { .count = 0 };
    char piece[TYPED], k[TYPED] = "";
    const char *path = request->path + 1, *slash = strchr(path, '/');
    const bool post = strcmp(request->method, "POST") == 0;
    int language = kw_web_language(request->languages);
    visit.language = language < 0 ? visit.language : language;
    if (post && (!is_form(request) || !kw_form_read(request->body, request->length, &form))) {
        kw_visit_show_state(&visit, KW_WEB_STATE_RETYPE);
        return;
    }
    if (strcmp(path, "health") == 0)
        send_health(office, exchange);
    else if (path[0] == 0)
        ask_for_code(&visit, KW_WEB_STATE_CODE, "");
    else if (strcmp(path, "code") == 0 && post)
        take_code(&visit, &form);
    else if (!kw_form_piece(path, slash ? (size_t)(slash - path) : strlen(path), piece, sizeof piece)
             || (slash && !kw_form_piece(slash + 1, strlen(slash + 1), k, sizeof k)))
        ask_for_code(&visit, KW_WEB_STATE_UNKNOWN, "");
    else
        handle_ticket(&visit, piece, k, &form);
}
