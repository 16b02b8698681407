/* office.h - the survey page and its collector: requests to pages, answers to the store. */
#ifndef KW_OFFICE_OFFICE_H
#define KW_OFFICE_OFFICE_H

#include "answers/verdict.h"
#include "office/http/http.h"
#include "office/ticket.h"
#include "office/web/page.h"
#include "office/writer.h"

enum { KW_STAFF_KEY = 32 };

struct kw_office_options {
    struct kw_book reader, writer;          /* the same store, opened twice: pages never wait for a commit */
    const struct kw_shop_days *days;
    struct kw_key_lookup keys;              /* called under a lock */
    uint8_t key[KW_OFFICE_KEY];             /* of tickets */
    bool has_staff_key;                     /* else nobody could read a contact, and none is asked for */
    uint8_t staff_key[KW_STAFF_KEY];        /* public half: the office can seal and not open */
    struct kw_web_shop shop;                /* texts live as long as the office */
    int language;                           /* where neither the browser nor the receipt says one */
    int64_t edit_ms, keep_contact_ms;
    const struct kw_http_calls *http;
    int socket;                             /* that listens; the office closes it */
    void (*settle)(void *data);             /* on the writer's thread, after each commit; may be NULL */
    void *settle_data;
};

struct kw_office;
int kw_office_start(const struct kw_office_options *options, struct kw_office **office, struct kw_error *error);
/* Takes no more requests, writes what was handed in, and ends. */
void kw_office_stop(struct kw_office *office);
/* So far: submissions that are on disk, and the commits that held them. */
void kw_office_counts(struct kw_office *office, int64_t *writes, int64_t *commits);

#endif
