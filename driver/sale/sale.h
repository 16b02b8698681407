/*
 * sale.h - the sale document, version 1, parsed and checked.
 *
 * Everything lives in the arena that was handed in. Strings are NUL-terminated UTF-8 with control characters
 * already neutralised; a field that is absent is NULL, an absent amount has `text` NULL. `pointer` members
 * hold the JSON pointer of the thing, for warnings of later stages.
 */
#ifndef KW_SALE_SALE_H
#define KW_SALE_SALE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/error.h"
#include "base/notes.h"
#include "data/kinds.h"

#include <stdbool.h>

struct kw_value;

enum { KW_SALE_MAX_BYTES = 4 * 1024 * 1024, KW_SALE_MAX_DEPTH = 32, KW_SALE_MAX_LINES = 20000, KW_ID_MAX = 128 };

/* Kinds of documents and lines, ways of paying and what else a document says by one of a few words: words.def. */
#define NUMBERS(list, tag) enum tag {
#define NUMBER(name, number, word) KW_##name = number,
#define END_NUMBERS(list) };
#define WITHOUT_KINDS
#include "sale/words.def"

/* An amount or quantity as given: printed from `text`, calculated with `value`. */
struct kw_number {
    const char *text;               /* NULL: absent */
    struct kw_decimal value;
};

struct kw_fact { const char *label, *value; };
struct kw_facts { const struct kw_fact *items; size_t count; };
struct kw_texts { const char *const *items; size_t count; };

struct kw_adjustment { const char *name; struct kw_number amount; const char *pointer; };   /* discount, charge */
struct kw_adjustments { const struct kw_adjustment *items; size_t count; };
struct kw_modifier { const char *name; struct kw_number quantity, amount; };
struct kw_modifiers { const struct kw_modifier *items; size_t count; };

struct kw_sale_line {
    enum kw_line_kind kind;
    const char *name, *sku, *gtin, *unit, *note, *station;
    struct kw_number quantity, unit_price, total, tare;
    struct kw_texts tax, serials, allergies;
    const char *course, *seat;      /* when and to whom a dish is brought */
    struct kw_adjustments discounts;
    struct kw_modifiers modifiers;
    struct kw_facts facts;
    const struct kw_sale_line *children;    /* of a set; nested at most 8 deep */
    size_t child_count;
    const char *pointer;
};

struct kw_tax { const char *code, *name; struct kw_number net, tax, gross; const char *pointer; };

struct kw_payment {
    enum kw_payment_type type;
    const char *name;
    struct kw_number amount;
    struct kw_texts details;
    bool has_tendered;
    struct kw_number tendered, tendered_rate;
    const char *tendered_currency;
    bool signature;                 /* print a line to sign on */
    bool tip_lines;                 /* and blank ones for a tip and the total with it */
    struct kw_facts facts;
    const char *pointer;
};

/* What may be drawn as a symbol: `symbology` is the document's word ("ean13", "qr", …). */
struct kw_code { const char *symbology, *data, *caption; bool text; const char *pointer; };

struct kw_fiscal {
    enum kw_fiscal_format format;
    enum kw_fiscal_place place;
    const char *caption, *data, *symbology;
    int min_mm, max_mm;             /* 0: not said */
    char error_level;               /* 0: not said */
    const char *pointer;
};

struct kw_voucher {
    const char *title, *text, *valid_to;
    bool has_code;
    struct kw_code code;
    bool cut;                       /* on paper of its own */
    const char *pointer;
};

struct kw_loyalty { const char *name, *earned, *redeemed, *balance, *pointer; };

enum kw_block_kind {
    KW_BLOCK_TEXT, KW_BLOCK_ROW, KW_BLOCK_RULE, KW_BLOCK_QR, KW_BLOCK_BARCODE, KW_BLOCK_IMAGE, KW_BLOCK_FEED,
    KW_BLOCK_CUT
};

/* Text with its style; also one cell of a row (then width is in columns, 0: what is left). */
struct kw_block_text {
    const char *text;
    enum kw_block_align align;
    bool bold, underline, invert;
    int width, height;              /* text: times the cell, 1..8; cell: width in columns */
    enum kw_block_font font;
};

struct kw_block {
    enum kw_block_kind kind;
    struct kw_block_text text;
    const struct kw_block_text *cells;
    size_t cell_count;
    const char *rule;               /* "single", "double", "dotted" */
    struct kw_code code;            /* qr, barcode */
    int size_mm;
    char error_level;
    const char *image;
    enum kw_block_dither dither;
    int width_mm;
    int feed;                       /* lines */
    enum kw_block_cut cut;
    const char *pointer;
};
struct kw_blocks { const struct kw_block *items; size_t count; };

struct kw_sale {
    const char *id, *number, *locale, *currency, *terminal, *cashier;
    enum kw_sale_kind kind;
    int exponent;                   /* of the currency, ISO 4217 */
    int decimals_given;             /* most decimals that an amount of it is written with */
    struct { bool taxes, tip, no_rounding; } total_holds;   /* how the total adds up, where it does */
    struct kw_time time;
    struct { const char *id, *reason, *store, *terminal; } refers_to;
    struct { const char *name, *phone, *tax_id, *tax_id_label; struct kw_texts address; } store;
    struct { const char *number, *mode, *table; } order;
    struct { const char *name, *tax_id, *tax_id_label, *loyalty_id, *locale; struct kw_facts facts; } customer;
    const struct kw_sale_line *lines;
    size_t line_count;
    struct kw_number subtotal, rounding, total, saved, change, due, tip;
    struct kw_adjustments discounts, charges;
    const struct kw_tax *taxes;
    size_t tax_count;
    const struct kw_payment *payments;
    size_t payment_count;
    struct kw_facts facts;
    struct kw_number item_count;
    const struct kw_loyalty *loyalty;
    size_t loyalty_count;
    const struct kw_fiscal *fiscal;
    size_t fiscal_count;
    struct kw_texts legal, notes;
    const struct kw_code *codes;
    size_t code_count;
    const struct kw_voucher *vouchers;
    size_t voucher_count;
    struct { enum kw_invite invite; enum kw_invite_by by; const char *segment; } survey;
    struct { bool asked; int pin; } drawer;     /* pin 2 or 5 */
    struct kw_blocks blocks, header, footer;
    const struct kw_value *document;        /* as it was read */
    const uint8_t *identity;        /* KW_SALE_DIGEST bytes that stand for it; NULL: its document's digest */
};

/*
 * Parses and checks. A time that tells no offset is one of `timezone` (an IANA name; NULL: times of UTC stay as they
 * are, local ones are refused). Several errors are collected in *errors (each with its pointer); the first is also in
 * *error, and SYNTAX or INVALID or TOO_LARGE is returned. Unknown keys, neutralised control characters and sums
 * that do not add up are warnings, or errors when strict.
 */
int kw_sale_parse(struct kw_arena *arena, const void *bytes, size_t length, bool strict, const char *timezone,
                  struct kw_sale **sale, struct kw_notes *warnings, struct kw_notes *errors, struct kw_error *error);

/* What tells a sale from another of the same id: key order and x_ keys of a document do not count. */
enum { KW_SALE_DIGEST = 32 };
void kw_sale_digest(const struct kw_sale *sale, uint8_t digest[KW_SALE_DIGEST]);

/* ISO 4217: the number of decimals of a currency code; -1 when the code is not in the list. */
int kw_currency_exponent(const char *code);
const char *kw_currency_of_sign(const char *sign);         /* "€" is "EUR"; NULL: no currency has this sign */

#endif
