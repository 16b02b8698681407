/* ticket.h - the right to answer and to edit, made with the form: no cookie, no store. */
#ifndef KW_OFFICE_TICKET_H
#define KW_OFFICE_TICKET_H

#include "record/answer.h"
#include "survey/survey.h"

/* Ten random bytes and eight of a keyed digest over them, the code and the hour, in hexadecimal digits. */
enum { KW_TICKET_TEXT = 45, KW_OFFICE_KEY = 32, KW_TICKET_HOURS = 24, KW_REWARD_TEXT = 12 };

void kw_ticket_make(const uint8_t key[KW_OFFICE_KEY], const char *token, int64_t now_ms, char out[KW_TICKET_TEXT]);
/* Whether the office made it for this code. *fresh: not longer ago than a form may lie open. */
bool kw_ticket_check(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket, int64_t now_ms,
                     bool *fresh);
/* By which the store knows the answer: the same for the same form, however often it is sent. */
void kw_ticket_answer_key(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket,
                          uint8_t out[KW_ANSWER_KEY]);
/* The same for a message to the shop by that form. */
void kw_ticket_message_key(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket,
                           uint8_t out[KW_ANSWER_KEY]);
/* "7KQ2M-XW04D": the code of the thank-you for the answer with that key; nobody else can make it. */
void kw_ticket_reward(const uint8_t key[KW_OFFICE_KEY], const char *token, const uint8_t answer_key[KW_ANSWER_KEY],
                      char out[KW_REWARD_TEXT]);
/* By which a thank-you is known again, however its code is typed; the code is not found out by it. */
void kw_ticket_reward_mark(const uint8_t key[KW_OFFICE_KEY], const char *typed, uint8_t out[KW_THANKS_MARK]);

#endif
