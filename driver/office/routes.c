/* routes.c - which request gets which page. */
#include "office/desk.h"

#include "base/clock.h"
#include "office/push/push.h"

#include <stdio.h>
#include <stdlib.h>
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

static bool asks(const struct kw_visit *visit, const char *name)
{
    char value[4];
    kw_http_query(visit->request->query, name, value, sizeof value);
    return strcmp(value, "1") == 0;
}

/* By a link, as the browser says, as the receipt was printed, as the shop speaks. */
static void choose_language(struct kw_visit *visit)
{
    char chosen[16];
    kw_http_query(visit->request->query, "l", chosen, sizeof chosen);
    const bool drafts = visit->office->options.shop.drafts;
    int language = kw_web_language(chosen, drafts);
    visit->chosen = language >= 0;
    if (language < 0)
        language = kw_web_language(visit->request->languages, drafts);
    if (language < 0)
        language = kw_web_language(visit->ticket.language, drafts);
    visit->language = language < 0 ? visit->office->options.language : language;
}

bool kw_visit_look(struct kw_visit *visit, const char *typed, const char *k)
{
    const uint8_t *key = visit->office->options.key;
    visit->token[0] = visit->k[0] = 0;
    visit->answer.submitted_ms = visit->now_ms;
    if (kw_verdict_token(typed, visit->token) && kw_ticket_check(key, visit->token, k, visit->now_ms, &visit->fresh)) {
        snprintf(visit->k, sizeof visit->k, "%s", k);
        kw_ticket_answer_key(key, visit->token, k, visit->answer.key);
    }
    int code = look_in_store(visit, typed), verdict = visit->answer.verdict;
    visit->unread = code < 0;
    choose_language(visit);
    return code == 0 && visit->token[0] && (verdict == 0 || verdict == KW_VERDICT_TEST);
}

/* What was typed is shown again, harmless, in the form that asks for it; but a genuine code is never called wrong. */
static void ask_for_code(struct kw_visit *visit, enum kw_web_state state, const char *typed)
{
    const bool failed = state != KW_WEB_STATE_CODE;
    if (visit->unread) {
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
        return;
    }
    if (failed && !kw_visit_is_within(visit, KW_LIMITED_FAILURE)) {
        kw_visit_show_state(visit, KW_WEB_STATE_LIMITED);
        return;
    }
    struct kw_web_page page = { .state = state, .typed = typed, .fault = KW_WEB_BAD_CODE, .score = -1 };
    kw_visit_show(visit, &page);
}

static void take_code(struct kw_visit *visit, const struct kw_form *form)
{
    char path[KW_TOKEN_LENGTH + 16];
    if (!kw_visit_look(visit, kw_form_field(form, "code"), "")) {
        ask_for_code(visit, KW_WEB_STATE_RETYPE, kw_form_field(form, "code"));
        return;
    }
    snprintf(path, sizeof path, visit->chosen ? "/%s?l=%s" : "/%s", visit->token, kw_web_tag(visit->language));
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
    else if (visit->ticket.verdict == KW_VERDICT_EXPIRED || visit->ticket.verdict == KW_VERDICT_ANNULLED)
        kw_visit_show_state(visit, KW_WEB_STATE_EXPIRED);
    else
        ask(visit, KW_WEB_STATE_ASK);
}

static enum kw_web_state own_state(const struct kw_visit *visit)
{
    static const struct { const char *name; enum kw_web_state state; } rows[] = {
        { "done", KW_WEB_STATE_DONE },     { "change", KW_WEB_STATE_CHANGE },       { "erase", KW_WEB_STATE_ERASE },
        { "erased", KW_WEB_STATE_ERASED }, { "withdrawn", KW_WEB_STATE_WITHDRAWN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (asks(visit, rows[i].name))
            return rows[i].state;
    return KW_WEB_STATE_SAVED;
}

/*
 * For who holds the ticket of an answer that is there; its words are never shown again. Only what was saved leads here:
 * while the store cannot say so, nobody is asked once more.
 */
static void show_own(struct kw_visit *visit)
{
    const struct kw_ticket *ticket = &visit->ticket;
    struct kw_web_page page = { .score = kw_visit_score(visit), .state = own_state(visit) };
    char next[8], reward[KW_REWARD_TEXT];
    kw_ticket_reward(visit->office->options.key, visit->token, visit->answer.key, reward);
    page.reward = ticket->rewarded ? reward : NULL;
    kw_http_query(visit->request->query, "more", next, sizeof next);
    page.own_from = (size_t)strtoul(next, NULL, 10);
    if (page.own_from >= visit->office->options.shop.own_count)
        page.own_from = 0;
    if (visit->k[0] == 0 || (!ticket->own && !ticket->unsure))
        show_ticket(visit);
    else
        kw_visit_show(visit, &page);
}

/* ---- requests ----------------------------------------------------------------------------------------------- */

static void handle_help(struct kw_visit *visit, const struct kw_form *form, bool post)
{
    if (post)
        kw_visit_message(visit, form);
    else if (asks(visit, "told"))
        kw_visit_show_state(visit, KW_WEB_STATE_TOLD);
    else
        show_ticket(visit);
}

static void handle_ticket(struct kw_visit *visit, const char *piece, const char *k, const struct kw_form *form)
{
    const bool post = strcmp(visit->request->method, "POST") == 0, help = strcmp(k, "help") == 0;
    if (kw_visit_failed_too_often(visit) || (post && !kw_visit_is_within(visit, KW_LIMITED_POST)))
        kw_visit_show_state(visit, KW_WEB_STATE_LIMITED);
    else if (!kw_visit_look(visit, piece, help || (post && k[0] == 0) ? kw_form_field(form, "k") : k))
        ask_for_code(visit, KW_WEB_STATE_UNKNOWN, piece);
    else if (help)
        handle_help(visit, form, post);
    else if (strcmp(k, "o") == 0)
        kw_visit_opened(visit);
    else if (strcmp(k, "r") == 0)
        kw_visit_reply_seen(visit);
    else if (!post && k[0] == 0)
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

/* By a Unix socket or the loopback, and by no proxy. */
static bool is_of_this_machine(const struct kw_visit *visit)
{
    struct kw_net peer;
    const struct sockaddr *address = visit->request->peer;
    return visit->request->forwarded[0] == 0
        && (!address || !kw_net_of_peer(address, &peer) || kw_net_is_loopback(&peer));
}

static void send_health(struct kw_office *office, struct kw_http_exchange *exchange)
{
    static const char body[] = "{\"kwit\":1,\"serving\":true}\n";
    kw_office_send(office, exchange, 200, "application/json", NULL, body, sizeof body - 1);
}

/* favicon.ico, robots.txt, .well-known: what browsers and crawlers ask any host for is nobody's guess. */
static bool is_file(const char *path)
{
    const char *dot = strchr(path, '.');
    return dot && dot[1];
}

/* What is neither a code nor a form; false: it is none of that. */
static bool handle_other(struct kw_visit *visit, const char *path, const struct kw_form *form)
{
    struct kw_office *office = visit->office;
    const struct kw_office_options *options = &office->options;
    if (strcmp(path, "health") == 0)
        send_health(office, visit->exchange);
    else if (strcmp(path, "metrics") == 0 && office->writer && is_of_this_machine(visit))
        kw_office_metrics(office, visit->exchange);
    else if (options->staff && strncmp(path, "a/", 2) == 0)
        kw_office_staff(office, visit->exchange, visit->request, path + 2);
    else if (options->staff && strncmp(path, "staff", 5) == 0 && strchr("/", path[5]))
        kw_office_desk(visit, path + 5, form);
    else if (!options->serves_pages || is_file(path))
        kw_office_send(office, visit->exchange, 404, "text/plain", NULL, "404\n", 4);
    else if (strcmp(path, "logo") == 0 && options->logo)
        kw_office_send(office, visit->exchange, 200, options->logo_type, NULL, options->logo, options->logo_length);
    else if (strcmp(path, "privacy") == 0 && options->shop.controller)
        kw_visit_show_state(visit, KW_WEB_STATE_PRIVACY);
    else if (path[0] == 0)
        ask_for_code(visit, KW_WEB_STATE_CODE, "");
    else
        return false;
    return true;
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
    if (post && office->options.serves_pages && strcmp(request->path, KW_PUSH_PATH) == 0) {
        kw_office_take(office, exchange, request);
        return;
    }
    choose_language(&visit);
    kw_visit_find_client(&visit);
    if (post && (!is_form(request) || !kw_form_read(request->body, request->length, &form))) {
        ask_for_code(&visit, KW_WEB_STATE_RETYPE, "");
        return;
    }
    if (handle_other(&visit, path, &form))
        return;
    if (strcmp(path, "code") == 0 && post)
        take_code(&visit, &form);
    else if (!kw_form_piece(path, slash ? (size_t)(slash - path) : strlen(path), piece, sizeof piece)
             || (slash && slash[1] && !kw_form_piece(slash + 1, strlen(slash + 1), k, sizeof k)))
        ask_for_code(&visit, KW_WEB_STATE_UNKNOWN, "");
    else
        handle_ticket(&visit, piece, k, &form);
}
