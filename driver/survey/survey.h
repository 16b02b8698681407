/*
 * survey.h - whether to invite, which variant, which token. No I/O: keys, counters and the clock come from above.
 * The only user of libsodium (with survey/token.c and survey/key.c).
 */
#ifndef KW_SURVEY_SURVEY_H
#define KW_SURVEY_SURVEY_H

#include "base/arena.h"
#include "base/error.h"

#include "data/reasons.h"

#include <stdbool.h>
#include <stdint.h>

enum { KW_KEY_BYTES = 32, KW_TOKEN_LENGTH = 20, KW_TOKEN_HYPHENATED = 25 /* and NUL */, KW_DAY_WRAP = 2048,
       KW_HANDLE_LIMIT = 1 << 20, KW_SEQ_LIMIT = 1 << 14, KW_KEY_TEXT = 128 };

const char *kw_suppression_word(enum kw_suppression reason);    /* "" for NONE */

/* The fields of an svt1 token. `day` is days since 2024-01-01 modulo 2048. */
struct kw_token {
    uint8_t kid;                    /* 0..30 */
    uint32_t handle;                /* 20 bits */
    uint16_t day, seq;              /* 11 and 14 bits */
    uint8_t variant;                /* 0..15 */
    uint8_t flag;                   /* 1: test; never counts */
};

struct kw_terminal_key {
    uint8_t kid;
    uint32_t handle;
    uint8_t key[KW_KEY_BYTES];      /* K_term */
};

void kw_key_derive(const uint8_t epoch[KW_KEY_BYTES], uint32_t handle, uint8_t out[KW_KEY_BYTES]);
/* 20 Crockford symbols and NUL. */
void kw_token_encode(const struct kw_terminal_key *key, const struct kw_token *token, char out[KW_TOKEN_LENGTH + 1]);
void kw_token_hyphenate(const char token[KW_TOKEN_LENGTH + 1], char out[KW_TOKEN_HYPHENATED]);
/* Typed by hand: spaces, hyphens, case, O I L, Persian and Arabic digits. False: a wrong symbol, length or check. */
bool kw_token_normalise(const char *typed, char out[KW_TOKEN_LENGTH + 1]);
/* kid and handle of a normalised token (in clear), then the rest with the key; false: forged. */
bool kw_token_header(const char token[KW_TOKEN_LENGTH + 1], uint8_t *kid, uint32_t *handle);
bool kw_token_open(const struct kw_terminal_key *key, const char token[KW_TOKEN_LENGTH + 1], struct kw_token *out);

/* Keys are changed before: what resolves to an older day than this is of one that is yet to come. */
enum { KW_EPOCH_DAYS = 2000 };
/* The absolute day of a token's day field: the latest that is not after today + 1. */
int64_t kw_resolve_day(unsigned day_mod, int64_t today);

/* What the decision needs to know; taken once, when the sale is first claimed, and stored. */
struct kw_survey_facts {
    bool configured;                /* 12 */
    bool training, test;            /* 7; test: flag 1 (sim:, regular files, preview) */
    bool document_type_allowed;     /* 6 */
    bool policy_allows;             /* 9 */
    bool receipt_requested;         /* 10 */
    bool can_qr, qr_fits;           /* 11, 15 */
    bool passed_through;            /* 19: the paper is another program's, and there is no place on it */
    bool excluded;                  /* 13 */
    bool have_key, clock_ok;        /* 16, 17 */
    bool too_late;                  /* 18 */
    bool cashier_declined, customer_opted_out;      /* 5, 4 */
    bool in_cooldown, over_cap;     /* 2, 3 */
    bool forced;                    /* the POS said `always` */
    int rate_bp;
    int64_t day;                    /* absolute business day */
    uint32_t seq;                   /* next free; 0 in previews; above 16383: 14 */
    const char *experiment;         /* "" when there are no variants */
    const int *weights;             /* of the variants, by number; NULL: one */
    size_t variant_count;
};

struct kw_survey_decision {
    enum kw_suppression reason;     /* NONE: invited */
    bool invited, forced, drawn;    /* drawn: sampling chose the sale, whatever refused it later */
    uint32_t u;                     /* the draw, of 2^32 */
    int p_bp;                       /* the sampling probability in force */
    uint8_t variant;
    int variant_p_bp;               /* of this arm */
    struct kw_token fields;
    char token[KW_TOKEN_LENGTH + 1];        /* "" when there is no key */
};

/*
 * Order of tests and integer comparison as survey/token.md says. key may be NULL (reason 16), but for a sample
 * (seq 0), which is always drawn, has flag 1 and makes do with kw_key_sample. From the draw on, `fields` and `token`
 * are filled whatever the outcome, and the sequence is used up: the next sale must draw anew.
 */
void kw_survey_decide(const struct kw_terminal_key *key, const struct kw_survey_facts *facts,
                      struct kw_survey_decision *decision);

/* Whether u, of 2^32, falls under a probability in basis points. */
bool kw_survey_below(uint32_t u, int p_bp);

/* What a link may tell beside its code; NULL: nothing. kind: the word of the sale document's. */
struct kw_survey_link { const char *token, *language, *kind, *segment; int variant; };
/*
 * `{token} {lang} {LANG} {variant} {kind} {segment}` in a URL template, percent-encoded; {LANG} is in capitals.
 * INVALID: no {token}, or not http(s).
 */
int kw_survey_url(struct kw_arena *arena, const char *template_url, const struct kw_survey_link *link, const char **url,
                  struct kw_error *error);

/* Key files: text, one line "svt1-term KID HANDLE HEX" or "svt1-epoch KID HEX". */
int kw_key_parse_terminal(const char *text, struct kw_terminal_key *key, struct kw_error *error);
int kw_key_parse_epoch(const char *text, uint8_t *kid, uint8_t out[KW_KEY_BYTES], struct kw_error *error);
bool kw_key_parse_hex(const char *hex, size_t length, uint8_t out[KW_KEY_BYTES]);
void kw_key_text_terminal(const struct kw_terminal_key *key, char out[KW_KEY_TEXT]);
void kw_key_text_epoch(uint8_t kid, const uint8_t key[KW_KEY_BYTES], char out[KW_KEY_TEXT]);
int kw_key_random(uint8_t out[KW_KEY_BYTES]);
void kw_key_wipe(void *bytes, size_t length);
/* A fixed key that guards nothing: for samples where no key is installed. */
void kw_key_sample(struct kw_terminal_key *key);
/* 16 hex digits that tell keys apart without telling the key. */
void kw_key_print(const uint8_t key[KW_KEY_BYTES], char out[17]);

#endif
