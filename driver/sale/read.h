/*
 * read.h - private to the sale room: from JSON values to the records of sale.h, by the rows of fields.def.
 *
 * A reader goes on after an error, so that all of them are told at once.
 */
#ifndef KW_SALE_READ_H
#define KW_SALE_READ_H

#include "base/decimal.h"
#include "base/value.h"
#include "sale/sale.h"

/* Where the reader stands; becomes a JSON pointer (RFC 6901) when someone asks. */
struct place {
    const struct place *up;
    const char *key;                /* NULL: an element of an array */
    size_t index;
    const char *pointer;            /* all of it as text, where that was written down; else NULL */
};

struct reader {
    struct kw_arena *arena;
    struct kw_notes *warnings, *errors;
    bool strict, no_memory;
    const char *timezone;           /* of times without an offset; NULL: none is known */
    const char *currency;           /* NULL until it is known */
    int exponent;
    int decimals_given;             /* most decimals of any amount so far */
    int child_depth;
    size_t line_count;              /* children included */
};

enum { REQUIRED = 1 };

enum field_type {
    TYPE_TEXT,                      /* one line */
    TYPE_LINES,                     /* line ends are kept */
    TYPE_DATA,                      /* of a symbol or a fiscal text: line ends are kept, never empty */
    TYPE_ID,                        /* 1 to KW_ID_MAX printable characters */
    TYPE_AMOUNT, TYPE_PRICE, TYPE_QUANTITY,
    TYPE_FOREIGN,                   /* an amount in another currency than the document's */
    TYPE_CURRENCY, TYPE_DATE, TYPE_BOOL, TYPE_LEVEL,
    TYPE_MILLIMETRES, TYPE_TIMES, TYPE_COLUMNS, TYPE_FEED,      /* integers in their ranges */
    TYPE_CHOICE, TYPE_WORD, TYPE_INSIDE, TYPE_LIST, TYPE_TEXTS, TYPE_SPECIAL
};

enum object_id {
#define BEGIN(name, type, pointer) OBJECT_##name,
#include "sale/fields.def"
    OBJECT_COUNT
};

/* Fills the record at `target` from a JSON object; what it cannot take it tells. */
void kw_read_object(struct reader *reader, enum object_id object, struct kw_value *json, const struct place *place,
                    void *target);
/* "a number", "null": for a message. */
const char *kw_read_shape(const struct kw_value *json);
/* Whether the value is a JSON object or array; tells when it is not. member: one of the object's, for what to write. */
bool kw_read_is_object(struct reader *reader, struct kw_value *json, const struct place *place, const char *member);
bool kw_read_is_array(struct reader *reader, struct kw_value *json, const struct place *place);
/* A string without control characters in the arena; NULL when it is empty or was refused. */
const char *kw_read_text(struct reader *reader, struct kw_value *json, const struct place *place, bool keep_line_ends);
/* Zeroed elements for an array; NULL when it is empty or without memory. */
void *kw_read_room(struct reader *reader, struct kw_value *array, size_t size);

/* Shapes of their own, named by SPECIAL rows without the prefix: `target` is the member of `record`. */
typedef void special_reader(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                            void *target);
special_reader kw_read_version, kw_read_time, kw_read_line_tax, kw_read_tendered, kw_read_voucher_code, kw_read_pin,
    kw_read_loyalty,
    kw_read_drawer, kw_read_blocks, kw_read_row, kw_read_barcode;

void kw_read_error(struct reader *reader, enum kwit_error code, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A warning, or an error when strict. */
void kw_read_warning(struct reader *reader, enum kwit_warning code, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Neutralises control characters: white ones become a space, the others their name in brackets. Line ends become
 * LF where they are kept. *changed tells whether anything but a kept line end was touched. Text without any of them is
 * given back as it is. NULL: no memory.
 */
const char *kw_clean_text(struct kw_arena *arena, const char *text, size_t length, bool keep_line_ends,
                          bool *changed);
/* At most 60 bytes of a value for a message, cut between characters. */
const char *kw_clean_excerpt(struct kw_arena *arena, const char *text, size_t length);

/* The JSON pointer of the value or key at or before `offset`, as far as the text can be read. */
void kw_scan_pointer(const char *text, size_t offset, char *out, size_t size);

enum { KW_HINT_NUMBER = 32, KW_HINT_TIME = 80 };

/* The field that is often called so elsewhere; NULL: none. */
const char *kw_hint_field(enum object_id object, const char *written);
const char *kw_hint_word(const char *written);
/* An amount with blanks, signs of money or another decimal sign as it should be written; false: it is none. */
bool kw_hint_number(const char *text, int max_places, char out[KW_HINT_NUMBER]);
/* The same of a JSON number. */
bool kw_hint_real(double number, int max_places, char out[KW_HINT_NUMBER]);
/* Which part of a time is out of its range; false: none, or it is written in another way. */
bool kw_hint_time(const char *text, char out[KW_HINT_TIME]);
/* Tells that a field is missing, why it is needed, and which unknown one was probably meant for it. */
void kw_read_missing(struct reader *reader, enum object_id object, struct kw_value *json, const struct place *place,
                     const char *key, const char *why);

/* What single fields cannot tell: what a kind needs, and sums that do not add up. */
void kw_check_needs(struct reader *reader, struct kw_value *json, const struct kw_sale *sale);
void kw_check_sums(struct reader *reader, struct kw_sale *sale);

#endif
