/* verdict.h - what a typed or exported token turns out to be. */
#ifndef KW_ANSWERS_VERDICT_H
#define KW_ANSWERS_VERDICT_H

#include "record/answer.h"
#include "survey/survey.h"

/* Finds the key of an epoch and handle; false: foreign. */
struct kw_key_lookup {
    bool (*find)(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key);
    void *data;
};

/* The token of a cell, normalised: typed by itself, or inside the link or the words that a page put around it. */
bool kw_verdict_token(const char *typed, char token[KW_TOKEN_LENGTH + 1]);
/*
 * Fills the token's fields and the verdict as far as keys alone tell: NO_TOKEN, MISTYPED, FOREIGN, FORGED, TEST, or
 * 0: authentic. today: absolute business day, by which the token's day is resolved.
 */
void kw_verdict_open(const struct kw_key_lookup *keys, const char *typed, int64_t today, struct kw_answer *answer);

#endif
