/* office.h - the survey page and its collector: requests to pages, answers to the store. */
#ifndef KW_OFFICE_OFFICE_H
#define KW_OFFICE_OFFICE_H

#include "answers/verdict.h"
#include "base/arena.h"
#include "office/http/http.h"
#include "office/link.h"
#include "office/people.h"
#include "office/ticket.h"
#include "office/web/page.h"
#include "office/writer.h"

enum { KW_STAFF_KEY = 32 };

/* What a link of a mail shows. Texts as large as they can be; `contact` once somebody took it. */
struct kw_staff_view {
    char kind[16], who[80], store[80], till[80], code[40], comment[KW_REPLY], reply[KW_REPLY], contact[160];
    int64_t id, raised_ms, taken_ms, closed_ms;
    int nps, csat, ces;
};
enum kw_staff_act { KW_STAFF_DO_TAKE, KW_STAFF_DO_CLOSE, KW_STAFF_DO_REPLY };
/* Called on the server's threads, one at a time; may wait for the disk. CONFLICT: somebody was first. */
struct kw_staff_calls {
    /* contact: it is shown, once somebody took the alert. */
    int (*look)(void *data, int64_t alert, bool contact, struct kw_staff_view *view);
    int (*act)(void *data, int64_t alert, enum kw_staff_act act, const char *who, const char *text);
    int (*alerts)(void *data, bool open_only, kw_alert_sink sink, void *sink_data);
    /* From here on on any thread, several at a time: whether a store is one of that person's. */
    bool (*sees)(void *data, const struct kw_person *person, const char *store);
    /* The text of the file of people, "" where there is none; NULL: it cannot be read. */
    char *(*people)(void *data, struct kw_arena *arena);
    /* The list of sessions that were left (office/session.h), the same way; one more on it. */
    char *(*left)(void *data, struct kw_arena *arena);
    int (*leave)(void *data, const char *session, int64_t now_ms);
    /* The report of that person's stores, as a page. */
    int (*report)(void *data, const struct kw_person *person, const char *language, struct kw_buffer *page);
};

struct kw_office_options {
    struct kw_book reader, writer;          /* the same store, opened twice: pages never wait for a commit */
    struct kw_book tills;                   /* what their batches go to: the writer, or a store of its own */
    const struct kw_shop_days *days;
    struct kw_key_lookup keys;              /* called under a lock */
    uint8_t key[KW_OFFICE_KEY];             /* of tickets */
    bool has_staff_key;                     /* else nobody could read a contact, and none is asked for */
    uint8_t staff_key[KW_STAFF_KEY];        /* public half: the office can seal and not open */
    struct kw_web_shop shop;                /* texts live as long as the office */
    int language;                           /* where neither the browser nor the receipt says one */
    bool rewards;                           /* an answer gets a thank-you with a code of its own */
    int64_t edit_ms, keep_contact_ms;
    const void *logo;                       /* PNG or JPEG; NULL: none */
    size_t logo_length;
    const char *logo_type;
    bool serves_pages;                      /* else links of mails alone */
    const struct kw_staff_calls *staff;     /* NULL: no such links */
    void *staff_data;
    uint8_t link_key[KW_OFFICE_KEY], session_key[KW_OFFICE_KEY];
    const struct kw_http_calls *http;
    int socket;                             /* that listens; the office closes it */
    void (*settle)(void *data);             /* on the writer's thread, after each commit; may be NULL */
    void *settle_data;
};

struct kw_office;
int kw_office_start(const struct kw_office_options *options, struct kw_office **office, struct kw_error *error);
/* Takes no more requests, writes what was handed in, and ends. */
void kw_office_stop(struct kw_office *office);
/* What its writer did so far. */
void kw_office_counts(struct kw_office *office, struct kw_writer_counts *counts);

#endif
