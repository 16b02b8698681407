/* serving.h - an office at work: its journal opened twice, its server, and what goes on beside the pages. */
#ifndef KW_API_OFFICE_SERVING_H
#define KW_API_OFFICE_SERVING_H

#include "api/touch/store.h"
#include "api/office/spool.h"
#include "api/office/telling.h"
#include "base/module.h"
#include "office/office.h"

struct kw_serving {
    struct kw_touch *call;                  /* its journal is the writer's */
    const char *listen;                     /* instead of the configured place, or NULL */
    bool pages, staff;                      /* what customers see; what its people are told and do. A demo does both */
    const char *staff_key_file;             /* NULL: staff.key of the state directory */
    int (*go_on)(void *data);
    void *data;
    /* private */
    struct kw_module *module;
    const struct kw_http_calls *http;
    struct kw_store taken, written;         /* of what tills push; of what customers hand in */
    struct kw_store reader;                 /* of pages, that never wait for a commit */
    struct kw_store tended;                 /* for sales that come over, and what is forgotten */
    struct kw_spool reading, writing;
    bool is_away;                           /* the store's server, when it was asked last */
    struct kw_store links, notices;         /* of the staff: for what links do, for the outbox */
    uint8_t staff_secret[KW_STAFF_KEY];
    uint8_t link_key[KW_OFFICE_KEY];
    char desk[KW_KEYS_PATH];                /* the directory with the file of those who may sign in */
    struct kw_telling telling;
    void *logo;
    struct kw_office *office;
    char where[KW_HTTP_WHERE], own_url[KW_HTTP_WHERE + 16];
    int64_t till_ms, tended_ms, retained_ms, asked_ms;          /* when each was looked at last */
};

/* Opens all that serving needs and begins; `where` says on which address. */
int kw_serving_begin(struct kw_serving *serving);
/* Until go_on says no: takes over the till's sales, forgets what is due; tells of alerts. */
void kw_serving_go_on(struct kw_serving *serving);
void kw_serving_end(struct kw_serving *serving);

/* The sales that a till's journal on this machine has, and this one has not. */
int kw_serving_take_sales(struct kw_touch *call, struct kw_journal *journal, const char *till);

/* Hands the result's line out, while the call goes on; the first members of such a line; what was done in the end. */
void kw_serving_say(const struct kwit_office_options *options, const struct kw_touch *call);
void kw_serving_begin_line(struct kw_json *json, kwit_result *result, const char *url);
void kw_serving_tell_end(struct kw_serving *serving);

/* Files of the state: the key of tickets, made where there is none, and the staff's public key, if it is there. */
int kw_serving_keys(struct kw_touch *call, struct kw_office_options *options);
/* The key of tickets alone; NOT_FOUND. */
int kw_serving_office_key(struct kw_touch *call, uint8_t out[KW_OFFICE_KEY]);
/* The secret half of the staff's pair, of the state (file NULL) or of a file. */
int kw_serving_staff_secret(struct kw_touch *call, const char *file, uint8_t out[KW_STAFF_KEY]);
/* Opens what the office sealed; false: another key sealed it. out holds at least 121 bytes. */
bool kw_serving_open_sealed(const uint8_t secret[KW_STAFF_KEY], const uint8_t *sealed, size_t length, char *out,
                            size_t size);
/* The same with the key read first. */
int kw_serving_open_contact(struct kw_touch *call, const char *file, const uint8_t *sealed, size_t length, char *out,
                            size_t size);
/* What links of mails do, with a struct kw_serving; the key that signs them. */
extern const struct kw_staff_calls kw_serving_staff;
void kw_serving_link_key(const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY]);
void kw_serving_session_key(const uint8_t staff_secret[KW_STAFF_KEY], uint8_t out[KW_OFFICE_KEY]);
/* Where the file of people lies; and its text, "" where it is not there. */
int kw_serving_find_people(struct kw_serving *serving);
char *kw_serving_people(void *data, struct kw_arena *arena);
/* The sessions that were left, in a file beside it. */
char *kw_serving_left(void *data, struct kw_arena *arena);
int kw_serving_leave(void *data, const char *session, int64_t now_ms);
/* Makes the staff's pair: staff.key opens what staff.pub seals. CONFLICT where there is one. */
int kw_serving_make_staff_key(struct kw_touch *call);

#endif
