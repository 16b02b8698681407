/* key.h - by what an answer of a platform is known again. */
#ifndef KW_ANSWERS_KEY_H
#define KW_ANSWERS_KEY_H

#include "record/answer.h"

/*
 * The key by which importing the same answer again is known: its id on the platform, else form, time and token. Small
 * numbers are no id by themselves: each form begins with 1. token: as it is spelled once blanks and case are gone.
 */
void kw_answer_make_key(struct kw_answer *answer, const char *platform, const char *form, const char *response_id,
                        const char *token);

#endif
