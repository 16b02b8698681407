/*
 * grammar.c - finds the end of each command. The rows are commands.def; here are the rules that need arithmetic.
 *
 * Where a value that decides the length is out of range, the command ends at that byte and what follows is ordinary
 * data (grammar/escpos.md, keeping in step, 6).
 */
#include "grammar/grammar.h"

#include <string.h>

enum { ANY = -1, TAB_STOPS = 32, BMP_AT = 9, FIELDS_LIMIT = 64 };

enum rule {
    FIXED, SIZED, SIZED_32, UNKNOWN_SIZED, EOT, USER_CHARACTERS, BIT_IMAGE, TABS, KANJI_CHARACTER, USER_MEMORY,
    NV_IMAGES,
    DOWNLOAD_IMAGE, FIVE_FIELDS, STORED_BMP, COLUMN_IMAGE, CUT, BARCODE, RASTER, BUZZER, SMALL_RASTER, TWO_DIMENSIONS
};

struct row {
    int16_t lead, second, third;
    uint8_t rule, size, class, flag;    /* flag 0: always */
    char name[14];                      /* in the row: pointers would be relocated at every start */
};

static const struct row rows[] = {
#define ROW(lead, second, third, rule, size, class, name) \
    { lead, second, third, rule, size, KW_CLASS_##class, 0, name },
#define OWN(flag, lead, second, third, rule, size, class, name) \
    { lead, second, third, rule, size, KW_CLASS_##class, KW_GRAMMAR_##flag, name },
#include "grammar/commands.def"
#undef ROW
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Commands whose class hangs on the byte of their function. */
static const struct function {
    char name[13];
    uint8_t at, value, class;
} functions[] = {
#define ROW(lead, second, third, rule, size, class, name)
#define FUNCTION(name, at, value, class) { name, at, value, KW_CLASS_##class },
#include "grammar/commands.def"
#undef ROW
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0] };

struct input {
    const uint8_t *bytes;
    size_t length;
    unsigned flags;
};

static uint32_t pair(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8;
}

/* Every rule answers with the length of the command, or with NEED(n): at least n bytes must be there to tell. */
typedef int64_t answer;
#define NEED(n) (-(answer)(n))

static answer user_characters(const struct input *in)
{
    if (in->length < 5)
        return NEED(5);
    uint32_t rows_high = in->bytes[2], first = in->bytes[3], last = in->bytes[4];
    if (rows_high < 1 || rows_high > 3 || first < 0x20 || last > 0x7E || first > last)
        return 5;
    size_t at = 5;
    for (uint32_t code = first; code <= last; code++) {
        if (at >= in->length)
            return NEED(at + 1);
        at += 1 + (size_t)rows_high * in->bytes[at];
    }
    return (answer)at;
}

static answer bit_image(const struct input *in)
{
    if (in->length < 3)
        return NEED(3);
    uint8_t mode = in->bytes[2];
    if (mode > 1 && mode != 32 && mode != 33)
        return 3;
    if (in->length < 5)
        return NEED(5);
    return 5 + (answer)pair(in->bytes + 3) * (mode > 1 ? 3 : 1);
}

/* Columns rise and end with NUL; a byte that does not rise, and whatever follows 32 stops, is ordinary data. */
static answer tabs(const struct input *in)
{
    uint8_t before = 0;
    for (size_t at = 2; at < in->length; at++) {
        if (in->bytes[at] == 0)
            return (answer)at + 1;
        if (in->bytes[at] <= before || at == 2 + TAB_STOPS)
            return (answer)at;
        before = in->bytes[at];
    }
    return NEED(in->length + 1);
}

static answer nv_images(const struct input *in)
{
    if (in->length < 3)
        return NEED(3);
    uint64_t at = 3;
    for (unsigned image = 0; image < in->bytes[2]; image++) {
        if (at + 4 > in->length)
            return NEED(at + 4);
        uint64_t across = pair(in->bytes + at), down = pair(in->bytes + at + 2);
        if (across < 1 || across > 1023 || down < 1 || down > 576)
            return (answer)at + 4;
        at += 4 + across * down * 8;
    }
    return (answer)at;
}

static answer five_fields(const struct input *in)
{
    unsigned ends = 0;
    for (size_t at = 3; at < in->length; at++)
        if (in->bytes[at] == 0x3B && ++ends == 5)
            return (answer)at + 1;
        else if (at == FIELDS_LIMIT || (in->bytes[at] != 0x3B && (in->bytes[at] < '0' || in->bytes[at] > '9')))
            return (answer)at;
    return NEED(in->length + 1);
}

static answer stored_bmp(const struct input *in)
{
    if (in->length < 3)
        return NEED(3);
    if (in->bytes[2] != 0x30)
        return 2;
    if (in->length < BMP_AT + 6)
        return NEED(BMP_AT + 6);
    const uint8_t *bmp = in->bytes + BMP_AT;
    if (bmp[0] != 'B' || bmp[1] != 'M')
        return BMP_AT;
    return BMP_AT + (answer)(pair(bmp + 2) | pair(bmp + 4) << 16);
}

/* Form A ends with NUL, or once a symbol of fixed length has all its digits. Form B counts. */
static answer barcode(const struct input *in)
{
    static const uint8_t most[] = { 12, 12, 13, 8, 255, 255, 255 };
    if (in->length < 3)
        return NEED(3);
    uint8_t kind = in->bytes[2];
    if (kind >= 65 && kind <= 79)
        return in->length < 4 ? NEED(4) : 4 + (answer)in->bytes[3];
    if (kind >= sizeof most)
        return 3;
    size_t at = 3;
    for (; at < in->length; at++) {
        if (in->bytes[at] == 0)
            return (answer)at + 1;
        if (at - 3 == most[kind])
            return (answer)at;
    }
    return at - 3 == most[kind] && kind <= 3 ? (answer)at : NEED(in->length + 1);
}

static answer cut(const struct input *in)
{
    if (in->length < 3)
        return NEED(3);
    switch (in->bytes[2]) {
    case 65: case 66: case 97: case 98: case 103: case 104:
        return 4;
    default:
        return 3;
    }
}

static answer status_question(const struct input *in)
{
    if (in->length < 3)
        return NEED(3);
    uint8_t n = in->bytes[2];
    return n == 0 || n == 7 || n == 8 || n == 18 ? 4 : n <= 6 ? 3 : 2;
}

static answer kanji_character(const struct input *in)
{
    return 4 + (in->flags & KW_GRAMMAR_KANJI_16 ? 32 : in->flags & KW_GRAMMAR_KANJI_20 ? 60 : 72);
}

static answer sized(const struct input *in)
{
    return in->length < 5 ? NEED(5) : 5 + (answer)pair(in->bytes + 3);
}

static answer product(const struct input *in, size_t head, size_t across, size_t down, unsigned factor)
{
    return in->length < head ? NEED(head)
                             : (answer)head + (answer)pair(in->bytes + across) * pair(in->bytes + down) * factor;
}

static answer length_by_rule(const struct row *row, const struct input *in)
{
    switch ((enum rule)row->rule) {
    case FIXED: return row->size;
    case SIZED: return sized(in);
    case UNKNOWN_SIZED: return in->flags & KW_GRAMMAR_OLD ? 2 : sized(in);
    case SIZED_32: return in->length < 7 ? NEED(7)
        : 7 + (answer)(pair(in->bytes + 3) | (uint64_t)pair(in->bytes + 5) << 16);
    case EOT: return status_question(in);
    case USER_CHARACTERS: return user_characters(in);
    case BIT_IMAGE: return bit_image(in);
    case TABS: return tabs(in);
    case KANJI_CHARACTER: return kanji_character(in);
    case USER_MEMORY: return in->length < 10 ? NEED(10) : 10 + (answer)pair(in->bytes + 8);
    case NV_IMAGES: return nv_images(in);
    case DOWNLOAD_IMAGE: return in->length < 4 ? NEED(4) : 4 + (answer)in->bytes[2] * in->bytes[3] * 8;
    case FIVE_FIELDS: return five_fields(in);
    case STORED_BMP: return stored_bmp(in);
    case COLUMN_IMAGE: return product(in, 8, 4, 6, 1);
    case CUT: return cut(in);
    case BARCODE: return barcode(in);
    case RASTER: return product(in, 8, 4, 6, 1);
    case BUZZER: return in->flags & KW_GRAMMAR_BUZZER ? row->size : 2;
    case SMALL_RASTER: return in->length < 4 ? NEED(4) : 4 + (answer)in->bytes[2] * in->bytes[3];
    case TWO_DIMENSIONS: return in->length < 7 ? NEED(7) : 7 + (answer)pair(in->bytes + 5);
    }
    return 1;
}

static bool long_data(const struct row *row)
{
    return row->rule == RASTER || row->rule == COLUMN_IMAGE || row->rule == SIZED_32 || row->rule == SIZED ||
           row->rule == UNKNOWN_SIZED || row->rule == BIT_IMAGE || row->rule == DOWNLOAD_IMAGE;
}

static bool is_lead(uint8_t byte, unsigned flags)
{
    bool own = byte == 0x12 && flags & KW_GRAMMAR_BOARD;
    return byte == 0x10 || byte == 0x1B || byte == 0x1C || byte == 0x1D || own;
}

/* The row, or NULL: then *need is the number of bytes that would tell, or 0 when there is none. */
static const struct row *find_row(const uint8_t *bytes, size_t length, unsigned flags, size_t *need)
{
    *need = is_lead(bytes[0], flags) && length < 2 ? 2 : 0;
    for (size_t i = 0; i < ROWS && !*need; i++) {
        const struct row *row = &rows[i];
        if (row->flag && !(row->flag & flags))
            continue;
        if (row->lead != bytes[0] || (row->second != ANY && row->second != bytes[1]))
            continue;
        if (row->third == ANY || (length > 2 && row->third == bytes[2]))
            return row;
        if (length < 3)
            *need = 3;
    }
    return NULL;
}

static void read_text(const uint8_t *bytes, size_t length, struct kw_grammar_token *token)
{
    size_t at = 1;
    while (at < length && bytes[at] >= 0x20)
        at++;
    *token = (struct kw_grammar_token){ .kind = KW_TOKEN_TEXT, .class = KW_CLASS_INK, .length = at };
}

/* Its class; NEED: the byte that decides it belongs to the command and is not there yet. */
static answer class_of(const struct row *row, const struct input *in, answer length)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        const struct function *function = &functions[i];
        if ((answer)function->at >= length || strcmp(function->name, row->name) != 0)
            continue;
        if (function->at >= in->length)
            return NEED(function->at + 1);
        if (in->bytes[function->at] == function->value)
            return function->class;
    }
    return row->class;
}

void kw_grammar_next(const uint8_t *bytes, size_t length, unsigned flags, struct kw_grammar_token *token)
{
    if (bytes[0] >= 0x20) {
        read_text(bytes, length, token);
        return;
    }
    size_t need;
    const struct row *row = find_row(bytes, length, flags, &need);
    if (need) {
        *token = (struct kw_grammar_token){ .kind = KW_TOKEN_PARTIAL, .length = need };
        return;
    }
    if (!row) {
        bool paired = is_lead(bytes[0], flags) && bytes[0] != 0x10;
        *token = (struct kw_grammar_token){ .kind = KW_TOKEN_UNDEFINED, .length = paired ? 2 : 1 };
        return;
    }
    const struct input input = { bytes, length, flags };
    answer result = length_by_rule(row, &input), class = result < 0 ? result : class_of(row, &input, result);
    if (class < 0)
        *token = (struct kw_grammar_token){ .kind = KW_TOKEN_PARTIAL, .length = (uint64_t)-class, .name = row->name };
    else
        *token = (struct kw_grammar_token){ .kind = KW_TOKEN_COMMAND, .class = (enum kw_token_class)class,
                                            .length = (uint64_t)result, .head = long_data(row) ? row->size : 0,
                                            .name = row->name };
}
