/* internal.h - what the files of the office share. */
#ifndef KW_OFFICE_INTERNAL_H
#define KW_OFFICE_INTERNAL_H

#include "office/attempts.h"
#include "office/limiter.h"
#include "office/office.h"
#include "office/reporter.h"
#include "office/web/form.h"

#include <pthread.h>

struct kw_office {
    struct kw_office_options options;
    struct kw_http_server *server;
    struct kw_page_writer *writer;
    struct kw_page_writer *taker;           /* of tills' batches: the writer, or one whose store may be away */
    struct kw_limiter *limiter;
    pthread_mutex_t reading;                /* of the reader's book, and of the keys */
    struct kw_reporter *reporter;           /* NULL: nobody signs in here */
    pthread_mutex_t signing_in;             /* of the attempts, and of the memory that a passphrase takes */
    struct kw_attempts attempts;
    struct kw_web_look look;
};

/* A request on its way to a page: who asks, with what code, and what the store knows of it. */
struct kw_visit {
    struct kw_office *office;
    struct kw_http_exchange *exchange;
    const struct kw_http_request *request;
    char token[KW_TOKEN_LENGTH + 1];        /* "" where the path holds none */
    char k[KW_TICKET_TEXT];                 /* of the path or the form, "" none that is the office's */
    bool fresh;                             /* k is of a form of today */
    struct kw_answer answer;                /* the code's fields; key: by k */
    struct kw_ticket ticket;
    bool unread;                            /* the store could not say what it knows of the code */
    int64_t now_ms;
    int language;
    bool chosen;                            /* the language was, by a link */
    struct kw_net client;                   /* for the limiter alone */
    bool has_client;
};

/* Answers with a page; `typed` and `fault` as the state shows them. */
void kw_visit_show(struct kw_visit *visit, struct kw_web_page *page);
void kw_visit_show_state(struct kw_visit *visit, enum kw_web_state state);
/* 303 to a path. */
void kw_visit_send_to(struct kw_office *office, struct kw_http_exchange *exchange, const char *path);
/* The same with a cookie. */
void kw_visit_send_to_with(struct kw_office *office, struct kw_http_exchange *exchange, const char *path,
                           const char *cookie);
/* Fills client. */
void kw_visit_find_client(struct kw_visit *visit);
/* The limiter: counts one and says whether that is within; whether its client failed too often already. */
bool kw_visit_is_within(struct kw_visit *visit, enum kw_limited what);
bool kw_visit_failed_too_often(struct kw_visit *visit);
/* A page of the own people: its forms tell their origin, a customer's page tells nothing. */
void kw_office_show_body(struct kw_office *office, struct kw_http_exchange *exchange, int status,
                         const struct kw_buffer *body);
/* The same for who was sent away, and when to come again. */
void kw_office_show_later(struct kw_office *office, struct kw_http_exchange *exchange, int status, int wait_s,
                          const struct kw_buffer *body);
/* A page that knows no request any more: for what is answered from the writer's thread. */
void kw_office_show(struct kw_office *office, struct kw_http_exchange *exchange, struct kw_web_page *page);

/* Opens the code in the path or the form, and looks at what the store knows; false: no code of this shop. */
bool kw_visit_look(struct kw_visit *visit, const char *typed, const char *k);

/* POST /TOKEN and POST /TOKEN/K, POST /TOKEN/help, and that a page was laid out. */
/* The grade that the answer of this ticket has. */
int kw_visit_score(const struct kw_visit *visit);
void kw_visit_answer(struct kw_visit *visit, const struct kw_form *form);
void kw_visit_edit(struct kw_visit *visit, const struct kw_form *form);
void kw_visit_message(struct kw_visit *visit, const struct kw_form *form);
void kw_visit_opened(struct kw_visit *visit);
void kw_visit_reply_seen(struct kw_visit *visit);
/* All that was said, as a file. */
void kw_visit_export(struct kw_visit *visit);
/* A body that is no page; file: it is saved under that name, or NULL. */
void kw_office_send(struct kw_office *office, struct kw_http_exchange *exchange, int status, const char *type,
                    const char *file, const void *body, size_t length);
/* Everything below /a/. */
void kw_office_staff(struct kw_office *office, struct kw_http_exchange *exchange,
                     const struct kw_http_request *request, const char *link);
/* POST /v1/push. */
void kw_office_take(struct kw_office *office, struct kw_http_exchange *exchange, const struct kw_http_request *request);
/* GET /metrics. */
void kw_office_metrics(struct kw_office *office, struct kw_http_exchange *exchange);
/* Every request. */
void kw_office_handle(void *data, struct kw_http_exchange *exchange, const struct kw_http_request *request);

#endif
