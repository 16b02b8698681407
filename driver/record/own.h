/*
 * own.h - what was answered to a shop's own questions, as one text beside the answer: "queue=4 toilets=2". Names are
 * those of [question NAME]; a question that is no longer asked keeps its answers.
 */
#ifndef KW_RECORD_OWN_H
#define KW_RECORD_OWN_H

#include <stdbool.h>
#include <stddef.h>

enum { KW_OWN_QUESTIONS = 20, KW_OWN_NAME = 33, KW_OWN_TEXT = KW_OWN_QUESTIONS * (KW_OWN_NAME + 4) + 1 };

/* The answer to that question; false: there is none. */
bool kw_own_get(const char *own, const char *name, int *value);
/* Adds an answer, or puts it in the place of an earlier one; false: there is no room for more. */
bool kw_own_put(char own[KW_OWN_TEXT], const char *name, int value);
/* Puts all answers of the other text into the first; false: there is no room for all. */
bool kw_own_merge(char own[KW_OWN_TEXT], const char *more);

#endif
