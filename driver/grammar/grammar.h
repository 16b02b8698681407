/*
 * grammar.h - the length of every ESC/POS command, for whoever reads streams (simulator, tests). The encoder
 * does not use it, so that the two check each other. Rows in grammar/commands.def, source escpos-reference.
 */
#ifndef KW_GRAMMAR_GRAMMAR_H
#define KW_GRAMMAR_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kw_token_kind {
    KW_TOKEN_TEXT,                  /* printable bytes (20..FF) in a row */
    KW_TOKEN_COMMAND,               /* a whole command with its data */
    KW_TOKEN_UNDEFINED,             /* one control byte, or two bytes of an unknown command: dropped with a warning */
    KW_TOKEN_PARTIAL                /* more bytes are needed to know */
};

struct kw_grammar_token {
    enum kw_token_kind kind;
    size_t length;                  /* bytes of this token; for PARTIAL the least that must be there to go on */
    const char *name;               /* "GS v 0"; NULL for text */
};

enum { KW_GRAMMAR_OLD = 1 /* an unknown `( x` drops two bytes instead of 5 + N */ };

/* Reads the next token at bytes[0]. Never looks at state: modes that change lengths are given in flags. */
void kw_grammar_next(const uint8_t *bytes, size_t length, unsigned flags, struct kw_grammar_token *token);

#endif
