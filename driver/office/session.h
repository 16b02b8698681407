/*
 * session.h - a cookie that says who signed in, for half a day. It is made with the staff's key and the mark of the
 * passphrase, and stands in no store: any process with that key knows it, and a new passphrase ends it.
 */
#ifndef KW_OFFICE_SESSION_H
#define KW_OFFICE_SESSION_H

#include "office/people.h"
#include "office/ticket.h"

#define KW_SESSION_COOKIE "__Host-kwit"
enum { KW_SESSION_S = 12 * 3600, KW_SESSION_TEXT = 2 * KW_PERSON_NAME + 8 + 32 + 3 };

/* The name, until when, and sixteen bytes of a keyed digest, in hexadecimal digits. */
void kw_session_make(const uint8_t key[KW_OFFICE_KEY], const struct kw_person *person, int64_t now_ms,
                     char out[KW_SESSION_TEXT]);
/* Who holds the cookie of that header; NULL: nobody who may. */
const struct kw_person *kw_session_find(const uint8_t key[KW_OFFICE_KEY], const char *cookies,
                                        const struct kw_people *people, int64_t now_ms);

#endif
