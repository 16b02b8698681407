/* show.c - how pages leave: with the headers that let nothing but themselves in. */
#include "office/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <sys/random.h>

/* A customer's page has nothing said of where its reader came from. A browser then names no origin of a form either,
 * by which alone a form of the own people is known as one of this office. */
static const char unsaid[] = "no-referrer", said_here[] = "same-origin";

/* When to come again, who was sent away: a limit is there until its counts are forgotten. */
static int wait_of(int status)
{
    enum { BUSY_S = 60 };
    return status == 429 ? kw_limiter_wait_s(kw_clock_wall_ms()) : status == 503 ? BUSY_S : 0;
}

static void send(struct kw_office *office, struct kw_http_exchange *exchange, int status, const char *referrer,
                 const char *location, const char *cookie, int wait_s, const struct kw_buffer *body)
{
    char wait[16];
    struct kw_http_response response = { .status = status,
                                         .headers = { { "Content-Type", "text/html; charset=utf-8" },
                                                      { "Cache-Control", "no-store" },
                                                      { "Referrer-Policy", referrer },
                                                      { "X-Robots-Tag", "noindex" },
                                                      { "X-Content-Type-Options", "nosniff" },
                                                      { "Content-Security-Policy", office->look.policy } } };
    int count = 6;
    if (location)
        response.headers[count++] = (struct kw_http_header){ "Location", location };
    if (cookie)
        response.headers[count++] = (struct kw_http_header){ "Set-Cookie", cookie };
    snprintf(wait, sizeof wait, "%d", wait_s);
    if (wait_s > 0)
        response.headers[count++] = (struct kw_http_header){ "Retry-After", wait };
    response.body = body ? body->data : NULL;
    response.length = body ? body->length : 0;
    office->options.http->reply(exchange, &response);
}

/* Seconds, drawn anew for each: who were sent away together do not come back together. */
static const char *draw_wait(char wait[8])
{
    enum { LEAST_S = 30, MOST_S = 600 };
    unsigned drawn = 0;
    if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn)
        drawn = 0;
    snprintf(wait, 8, "%u", LEAST_S + drawn % (MOST_S - LEAST_S + 1));
    return wait;
}

void kw_office_send(struct kw_office *office, struct kw_http_exchange *exchange, int status, const char *type,
                    const char *file, const void *body, size_t length)
{
    char disposition[96] = "inline", wait[8];
    if (file)
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", file);
    struct kw_http_response response = { .status = status,
                                         .headers = { { "Content-Type", type },
                                                      { "Cache-Control", "no-store" },
                                                      { "X-Content-Type-Options", "nosniff" },
                                                      { "Content-Disposition", disposition } },
                                         .body = body, .length = length };
    if (status == 503)
        response.headers[4] = (struct kw_http_header){ "Retry-After", draw_wait(wait) };
    office->options.http->reply(exchange, &response);
}

/* A page that takes a message has a ticket of its own for it; one that was not saved comes again with the same. */
void kw_office_show(struct kw_office *office, struct kw_http_exchange *exchange, struct kw_web_page *page)
{
    struct kw_buffer body;
    char k[KW_TICKET_TEXT];
    kw_buffer_init(&body, KW_WEB_PAGE);
    page->shop = &office->options.shop;
    page->asks_contact = office->options.has_staff_key;
    if (kw_web_takes_message(page->state) && page->token[0] && page->fault != KW_WEB_BUSY) {
        kw_ticket_make(office->options.key, page->token, kw_clock_wall_ms(), k);
        page->k = k;
    }
    kw_web_put(page, &office->look, &body);
    if (body.failed)
        send(office, exchange, 500, unsaid, NULL, NULL, 0, NULL);
    else
        {
        const int status = kw_web_page_status(page);
        send(office, exchange, status, unsaid, NULL, NULL, wait_of(status), &body);
    }
    kw_buffer_free(&body);
}

void kw_office_show_body(struct kw_office *office, struct kw_http_exchange *exchange, int status,
                         const struct kw_buffer *body)
{
    kw_office_show_later(office, exchange, status, wait_of(status), body);
}

void kw_office_show_later(struct kw_office *office, struct kw_http_exchange *exchange, int status, int wait_s,
                          const struct kw_buffer *body)
{
    if (body->failed)
        send(office, exchange, 500, said_here, NULL, NULL, 0, NULL);
    else
        send(office, exchange, status, said_here, NULL, NULL, wait_s, body);
}

void kw_visit_send_to(struct kw_office *office, struct kw_http_exchange *exchange, const char *path)
{
    send(office, exchange, 303, unsaid, path, NULL, 0, NULL);
}

void kw_visit_send_to_with(struct kw_office *office, struct kw_http_exchange *exchange, const char *path,
                           const char *cookie)
{
    send(office, exchange, 303, unsaid, path, cookie, 0, NULL);
}

void kw_visit_show(struct kw_visit *visit, struct kw_web_page *page)
{
    page->language = visit->language;
    page->chosen = visit->chosen;
    page->token = visit->token;
    page->is_test = visit->ticket.verdict == KW_VERDICT_TEST;
    page->typed = page->typed ? page->typed : "";
    page->contact = page->contact ? page->contact : "";
    page->k = page->k ? page->k : visit->k;
    page->reply = visit->ticket.reply;
    page->has_contact = visit->ticket.contact;
    kw_office_show(visit->office, visit->exchange, page);
}

void kw_visit_show_state(struct kw_visit *visit, enum kw_web_state state)
{
    struct kw_web_page page = { .state = state, .score = -1 };
    kw_visit_show(visit, &page);
}
