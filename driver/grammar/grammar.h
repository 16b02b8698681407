/*
 * grammar.h - the length of every ESC/POS command, for whoever reads streams (simulator, tests). The encoder
 * does not use it, so that the two check each other. Rows in grammar/commands.def, what they mean in grammar/escpos.md.
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

/* What a command is for; commands.def tells what each word means. Text is INK. */
enum kw_token_class {
    KW_CLASS_NONE,                  /* undefined, or not known yet */
    KW_CLASS_INK, KW_CLASS_FEED, KW_CLASS_SETTING, KW_CLASS_CUT, KW_CLASS_PULSE, KW_CLASS_QUESTION,
    KW_CLASS_REAL_TIME, KW_CLASS_STORE
};

struct kw_grammar_token {
    enum kw_token_kind kind;
    enum kw_token_class class;
    uint64_t length;                /* bytes of this token; for PARTIAL the least that must be there to go on */
    size_t head;                    /* bytes before the data of a command whose data may be long; else 0 */
    const char *name;               /* "GS v 0"; NULL for text and what is undefined */
};

enum {                              /* modes that change lengths */
    KW_GRAMMAR_OLD = 1,             /* an unknown `( x` drops two bytes instead of 5 + N */
    KW_GRAMMAR_KANJI_20 = 2,        /* FS 2 carries 20 x 24 dots … */
    KW_GRAMMAR_KANJI_16 = 4,        /* … or 16 x 16, not 24 x 24 */
    KW_GRAMMAR_BUZZER = 8,          /* ESC B has its two values; else it is undefined and they are data */
    KW_GRAMMAR_BOARD = 16,          /* ESC Z, ESC 7, ESC 8, DC2 and BEL of cheap boards … */
    KW_GRAMMAR_CUSTOM = 32          /* … GS | and others of Custom are commands; else undefined */
};

/*
 * Reads the next token at bytes[0], length > 0. A command whose length stands in its head is known as soon as the
 * head is there, and the byte of its function that says its class: its length may then be more than what was given.
 * Knows no values but those that decide lengths and classes.
 */
void kw_grammar_next(const uint8_t *bytes, size_t length, unsigned flags, struct kw_grammar_token *token);

#endif
