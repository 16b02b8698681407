/* desk.c - everything below /staff: people sign in, and see the report and the alerts of their stores. */
#include "office/desk.h"

#include "base/clock.h"
#include "office/session.h"
#include "office/web/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESK_BYTES = 16 * 1024 * 1024, LIST_BYTES = 1024 * 1024, MOST_ALERTS = 200, MINUTE_MS = 60000 };

/* ---- signing in and out ----------------------------------------------------------------------------------------- */

static void show_sign_in(struct kw_visit *visit, int status, int wait_s, enum kw_staff_word fault, const char *name)
{
    struct kw_office *office = visit->office;
    const struct kw_web_desk page = { .shop = &office->options.shop, .style = office->look.more,
                                      .language = visit->language, .person = name, .fault = fault };
    struct kw_buffer body;
    kw_buffer_init(&body, KW_WEB_PAGE);
    kw_web_put_sign_in(&page, &body);
    kw_office_show_later(office, visit->exchange, status, wait_s, &body);
    kw_buffer_free(&body);
}

/* One passphrase at a time: each takes 64 MiB. False: too many were wrong already. */
static bool try_passphrase(struct kw_visit *visit, const struct kw_person *person, const char *name,
                           const char *passphrase, bool *fits)
{
    struct kw_office *office = visit->office;
    const struct kw_net *client = visit->has_client ? &visit->client : NULL;
    *fits = false;
    pthread_mutex_lock(&office->signing_in);
    const bool within = !kw_attempts_are_full(&office->attempts, name, client, visit->now_ms);
    if (within)
        *fits = kw_passphrase_fits(person ? person->mark : NULL, passphrase);
    if (within && !*fits)
        kw_attempts_count(&office->attempts, name, client, visit->now_ms);
    pthread_mutex_unlock(&office->signing_in);
    return within;
}

static void send_cookie(struct kw_visit *visit, const char *value, int seconds, const char *path)
{
    char cookie[KW_SESSION_TEXT + 100];
    snprintf(cookie, sizeof cookie, KW_SESSION_COOKIE "=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict",
             value, seconds);
    kw_visit_send_to_with(visit->office, visit->exchange, path, cookie);
}

static void sign_in(struct kw_visit *visit, const struct kw_people *people, const struct kw_form *form)
{
    const char *name = kw_form_field(form, "who");
    const struct kw_person *person = kw_people_find(people, name);
    char cookie[KW_SESSION_TEXT];
    bool fits;
    if (kw_visit_failed_too_often(visit)) {
        show_sign_in(visit, 429, kw_limiter_wait_s(visit->now_ms), KW_STAFF_TOO_OFTEN, name);
    } else if (!try_passphrase(visit, person, name, kw_form_field(form, "passphrase"), &fits)) {
        show_sign_in(visit, 429, kw_attempts_wait_s(visit->now_ms), KW_STAFF_TOO_OFTEN, name);
    } else if (!fits) {
        kw_visit_is_within(visit, KW_LIMITED_FAILURE);
        show_sign_in(visit, 422, 0, KW_STAFF_WRONG, name);
    } else {
        kw_session_make(visit->office->options.session_key, person, visit->now_ms, cookie);
        send_cookie(visit, cookie, KW_SESSION_S, "/staff/alerts");
        kw_key_wipe(cookie, sizeof cookie);
    }
}

/* What was copied of the cookie is worth nothing from then on. */
static void sign_out(struct kw_visit *visit)
{
    const struct kw_office_options *options = &visit->office->options;
    char id[KW_SESSION_ID];
    const bool is_left = kw_session_id(visit->request->cookie, id)
        && options->staff->leave(options->staff_data, id, visit->now_ms) == 0;
    if (is_left)
        send_cookie(visit, "", 0, "/staff");
    else
        kw_office_send(visit->office, visit->exchange, 503, "text/plain", NULL, "503\n", 4);
}

/* ---- alerts ----------------------------------------------------------------------------------------------------- */

struct listing {
    struct kw_web_desk page;
    const struct kw_staff_calls *staff;
    void *data;
    const struct kw_person *person;
    int64_t now_ms;
    struct place { int64_t ms, id; } after, last;   /* behind which it begins; of the last line that was put */
    size_t count;
    int left;                               /* of those that come behind it */
    struct kw_buffer body;
};

/* In the order that a store tells them. One that was settled meanwhile moves none of the others. */
static struct place place_of(const struct kw_alert *alert)
{
    return (struct place){ alert->submitted_ms > 0 ? alert->submitted_ms : alert->raised_ms, alert->id };
}

static bool is_behind(struct place one, struct place other)
{
    return one.ms > other.ms || (one.ms == other.ms && one.id > other.id);
}

static int put_alert(void *data, const struct kw_alert *alert)
{
    struct listing *listing = data;
    if (!is_behind(place_of(alert), listing->after)
        || !listing->staff->sees(listing->data, listing->person, alert->store))
        return 0;
    if (listing->count == MOST_ALERTS) {
        listing->left++;
        return 0;
    }
    const struct kw_web_desk_alert row = {
        .id = alert->id, .what = kw_staff_alert_word(alert->kind), .store = alert->store, .till = alert->till,
        .who = alert->who, .csat = alert->csat, .nps = alert->nps, .ces = alert->ces,
        .minutes = (listing->now_ms - alert->raised_ms) / MINUTE_MS, .is_taken = alert->acknowledged_ms > 0,
        .is_closed = alert->closed_ms > 0
    };
    kw_web_put_alert(&listing->page, &row, &listing->body);
    listing->last = place_of(alert);
    listing->count++;
    return 0;
}

static void list_alerts(struct kw_visit *visit, const struct kw_person *person)
{
    struct kw_office *office = visit->office;
    const struct kw_office_options *options = &office->options;
    struct listing listing = { .page = { .shop = &options->shop, .style = office->look.more,
                                         .language = visit->language, .person = person->name },
                               .staff = options->staff, .data = options->staff_data, .person = person,
                               .now_ms = visit->now_ms };
    char all[4], after[48], path[96];
    kw_http_query(visit->request->query, "all", all, sizeof all);
    kw_http_query(visit->request->query, "after", after, sizeof after);
    const char *id = strchr(after, '-');
    listing.after = (struct place){ strtoll(after, NULL, 10), id ? strtoll(id + 1, NULL, 10) : 0 };
    kw_buffer_init(&listing.body, LIST_BYTES);
    kw_web_begin_alerts(&listing.page, &listing.body);
    pthread_mutex_lock(&office->reading);
    int code = options->staff->alerts(options->staff_data, all[0] == 0, put_alert, &listing);
    pthread_mutex_unlock(&office->reading);
    snprintf(path, sizeof path, "/staff/alerts?%safter=%lld-%lld", all[0] ? "all=1&" : "", (long long)listing.last.ms,
             (long long)listing.last.id);
    const struct kw_web_more more = { path, listing.left };
    kw_web_end_alerts(&listing.page, all[0] != 0, listing.count, &more, &listing.body);
    if (code < 0)
        kw_office_send(office, visit->exchange, 503, "text/plain", NULL, "503\n", 4);
    else
        kw_office_show_body(office, visit->exchange, 200, &listing.body);
    kw_buffer_free(&listing.body);
}

static void show_alert(struct kw_visit *visit, const struct kw_person *person, const char *number,
                       const struct kw_form *form)
{
    char path[40], *end;
    const int64_t alert = strtoll(number, &end, 10);
    snprintf(path, sizeof path, "/staff/alerts/%lld", (long long)alert);
    const struct kw_looking looking = { .office = visit->office, .exchange = visit->exchange, .path = path,
                                        .person = person, .alert = *end ? 0 : alert, .language = visit->language };
    kw_office_look(&looking, strcmp(visit->request->method, "POST") == 0 ? form : NULL);
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

/* A form of another site bears that site's origin; browsers send it with every form. */
static bool is_own_form(const struct kw_http_request *request)
{
    const char *host = strstr(request->origin, "://");
    return host && strcasecmp(host + 3, request->host) == 0;
}

static void show_to(struct kw_visit *visit, const struct kw_person *person, const char *path,
                    const struct kw_form *form, bool post)
{
    struct kw_office *office = visit->office;
    if (strcmp(path, "/leave") == 0 && post)
        sign_out(visit);
    else if (strcmp(path, "/alerts") == 0 && !post)
        list_alerts(visit, person);
    else if (strncmp(path, "/alerts/", 8) == 0)
        show_alert(visit, person, path + 8, form);
    else if (strcmp(path, "/report") == 0 && !post)
        kw_reporter_ask(office->reporter, visit->exchange, person, kw_web_tag(visit->language));
    else
        kw_visit_send_to(office, visit->exchange, "/staff/alerts");
}

static void handle(struct kw_visit *visit, const struct kw_people *people, const char *left, const char *path,
                   const struct kw_form *form)
{
    const bool post = strcmp(visit->request->method, "POST") == 0;
    const struct kw_person *person = kw_session_find(visit->office->options.session_key, visit->request->cookie,
                                                     people, left, visit->now_ms);
    if (post && !is_own_form(visit->request))
        kw_office_send(visit->office, visit->exchange, 403, "text/plain", NULL, "403\n", 4);
    else if (post && strcmp(path, "/enter") == 0)
        sign_in(visit, people, form);
    else if (person)
        show_to(visit, person, path, form, post);
    else if (path[0])
        kw_visit_send_to(visit->office, visit->exchange, "/staff");
    else
        show_sign_in(visit, 200, 0, KW_STAFF_WORD_COUNT, "");
}

void kw_office_desk(struct kw_visit *visit, const char *path, const struct kw_form *form)
{
    const struct kw_office_options *options = &visit->office->options;
    struct kw_people people;
    struct kw_error error;
    struct kw_arena *arena = kw_arena_new(DESK_BYTES);
    char *text = arena ? options->staff->people(options->staff_data, arena) : NULL;
    const char *left = text ? options->staff->left(options->staff_data, arena) : NULL;
    visit->language = kw_staff_language(visit->request->languages, options->language);
    if (left && kw_people_read(arena, text, &people, &error) == 0)
        handle(visit, &people, left, path, form);
    else
        kw_office_send(visit->office, visit->exchange, 503, "text/plain", NULL, "503\n", 4);
    kw_arena_free(arena);
}
