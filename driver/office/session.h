/*
 * session.h - a cookie that says who signed in, for half a day. It is made with the staff's key and the mark of the
 * passphrase, and stands in no store: any process with that key knows it, and a new passphrase ends it. Who signs out
 * ends it, too: until it would have ended by itself it stands in a list of those that were left.
 */
#ifndef KW_OFFICE_SESSION_H
#define KW_OFFICE_SESSION_H

#include "office/people.h"
#include "office/ticket.h"

#define KW_SESSION_COOKIE "__Host-kwit"
enum { KW_SESSION_S = 12 * 3600, KW_SESSION_TEXT = 2 * KW_PERSON_NAME + 16 + 32 + 3, KW_SESSION_ID = 16 + 32 + 1,
       KW_SESSIONS_LEFT = 256 * 1024 };

/* The name, until when, a number by chance, and sixteen bytes of a keyed digest, in hexadecimal digits. */
void kw_session_make(const uint8_t key[KW_OFFICE_KEY], const struct kw_person *person, int64_t now_ms,
                     char out[KW_SESSION_TEXT]);
/* Who holds the cookie of that header; NULL: nobody who may. left: the list of those that were left. */
const struct kw_person *kw_session_find(const uint8_t key[KW_OFFICE_KEY], const char *cookies,
                                        const struct kw_people *people, const char *left, int64_t now_ms);
/* What that list calls the cookie of that header; false: there is none. */
bool kw_session_id(const char *cookies, char out[KW_SESSION_ID]);
/* The list with one more, without those that have ended by themselves. */
void kw_session_leave(const char *left, const char *id, int64_t now_ms, struct kw_buffer *out);

#endif
