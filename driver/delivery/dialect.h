/*
 * dialect.h - a printer's language as delivery needs it: what is asked beside a receipt's bytes, and how answers read.
 *
 * One row for each language; a printer whose row of the profile has none here is refused before the first byte. Every
 * call that makes bytes writes into out and returns their number; 0: the language has no such question.
 */
#ifndef KW_DELIVERY_DIALECT_H
#define KW_DELIVERY_DIALECT_H

#include "star/star.h"

enum { KW_QUESTION_BYTES = 16, KW_STATUS_QUESTIONS_MAX = 4 };
enum { KW_NAME_MAKER, KW_NAME_MODEL, KW_NAMES };

struct kw_dialect {
    const char *word;

    int (*encode)(struct kw_arena *arena, const struct kw_page *page, const struct kw_profile *profile,
                  struct kw_encoded *encoded, struct kw_error *error);

    /* How it is: questions 1 to status_questions, each answered by one STATUS, in the order of asking,
     * or by a FRAME, which answers all that is open and may come unasked; it tells a count of barriers. */
    int status_questions;
    size_t (*ask_status)(int n, uint8_t out[KW_QUESTION_BYTES]);
    bool (*take_status)(struct kw_printer_state *state, int n, uint8_t answer);
    int (*take_frame)(struct kw_printer_state *state, const struct kw_reply *reply);
    int (*cause)(const struct kw_printer_state *state);

    /* That it has come so far: an ECHO of these characters; else a BYTE, of which nobody can say for whom it was. */
    size_t (*ask_echo)(const uint8_t id[KW_PROCESS_ID_BYTES], uint8_t out[KW_QUESTION_BYTES]);
    size_t (*ask_barrier)(uint8_t out[KW_QUESTION_BYTES]);
    /* Where frames count barriers, instead: the count that answers it, from the last one told and expected. */
    size_t (*count_barrier)(bool first, int told, int *expected, uint8_t out[KW_QUESTION_BYTES]);

    /* What it is, and how often it cut: a TEXT. */
    size_t (*ask_name)(int which, uint8_t out[KW_QUESTION_BYTES]);
    size_t (*ask_cut_count)(uint8_t out[KW_QUESTION_BYTES]);

    /* Rescue: discard everything (CLEARED answers), go on after an error, and out of an unfinished command. */
    size_t (*clear)(uint8_t out[KW_QUESTION_BYTES]);
    size_t (*recover)(bool clearing, uint8_t out[KW_QUESTION_BYTES]);
    bool (*unstick)(struct kw_buffer *out);
    /* The pulse of an encoded drawer piece for a printer that is off line. */
    size_t (*pulse_instead)(const uint8_t *bytes, size_t length, uint8_t out[KW_QUESTION_BYTES]);

    /* Takes one byte; true when it completed a reply. */
    bool (*read)(struct kw_reply_reader *reader, uint8_t byte, struct kw_reply *reply);
};

/* The language of this model; NULL: one that kwit does not speak. */
const struct kw_dialect *kw_dialect_of(const struct kw_profile *profile);

#endif
