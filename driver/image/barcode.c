/* barcode.c - one-dimensional symbols by their words: CODE39, ITF, Codabar, CODE93 made, and all of them drawn. */
#include "image/barcode_parts.h"

#include <ctype.h>
#include <string.h>

/* ---- two widths: narrow and wide --------------------------------------------------------------------------------- */

static const char code39_characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";
static const char code39[][10] = {
    "nnnwwnwnn", "wnnwnnnnw", "nnwwnnnnw", "wnwwnnnnn", "nnnwwnnnw", "wnnwwnnnn", "nnwwwnnnn", "nnnwnnwnw",
    "wnnwnnwnn", "nnwwnnwnn", "wnnnnwnnw", "nnwnnwnnw", "wnwnnwnnn", "nnnnwwnnw", "wnnnwwnnn", "nnwnwwnnn",
    "nnnnnwwnw", "wnnnnwwnn", "nnwnnwwnn", "nnnnwwwnn", "wnnnnnnww", "nnwnnnnww", "wnwnnnnwn", "nnnnwnnww",
    "wnnnwnnwn", "nnwnwnnwn", "nnnnnnwww", "wnnnnnwwn", "nnwnnnwwn", "nnnnwnwwn", "wwnnnnnnw", "nwwnnnnnw",
    "wwwnnnnnn", "nwnnwnnnw", "wwnnwnnnn", "nwwnwnnnn", "nwnnnnwnw", "wwnnnnwnn", "nwwnnnwnn", "nwnwnwnnn",
    "nwnwnnnwn", "nwnnnwnwn", "nnnwnwnwn", "nwnnwnwnn",
};
static const char codabar_characters[] = "0123456789-$:/.+ABCD";
static const char codabar[][8] = {
    "nnnnnww", "nnnnwwn", "nnnwnnw", "wwnnnnn", "nnwnnwn", "wnnnnwn", "nwnnnnw", "nwnnwnn", "nwwnnnn", "wnnwnnn",
    "nnnwwnn", "nnwwnnn", "wnnnwnw", "wnwnnnw", "wnwnwnn", "nnwnwnw", "nnwwnwn", "nwnwnnw", "nnnwnww", "nnnwwwn",
};
static const char itf[10][6] = {
    "nnwwn", "wnnnw", "nwnnw", "wwnnn", "nnwnw", "wnwnn", "nwwnn", "nnnww", "wnnwn", "nwnwn"
};

static int index_in(const char *characters, char character)
{
    const char *at = character ? strchr(characters, character) : NULL;
    return at ? (int)(at - characters) : -1;
}

/* What readers, people and the printer are given when all three are the same. */
static int finish(struct kw_barcode_job *job, const char *text)
{
    struct kw_barcode *barcode = job->barcode;
    barcode->human = barcode->scanned = text;
    barcode->native = (const uint8_t *)text;
    barcode->native_length = text ? strlen(text) : 0;
    barcode->quiet_left = barcode->quiet_right = 10;
    return text ? 0 : kw_barcode_no_memory(job);
}

static int make_code39(struct kw_barcode_job *job)
{
    const char *data = job->data;
    size_t length = job->length;
    if (length >= 2 && data[0] == '*' && data[length - 1] == '*') {
        data++;
        length -= 2;
    }
    if (length == 0)
        return kw_barcode_refuse(job, "has nothing between its stars, which begin and end every code");
    kw_elements_add(&job->elements, code39[sizeof code39_characters - 2]);
    for (size_t i = 0; i < length; i++) {
        int index = index_in(code39_characters, data[i]);
        if (index < 0 || data[i] == '*')
            return kw_barcode_refuse(job, "takes digits, capitals and - . $ / + %% only; code128 takes all of ASCII");
        kw_elements_add(&job->elements, "n");
        kw_elements_add(&job->elements, code39[index]);
    }
    kw_elements_add(&job->elements, "n");
    kw_elements_add(&job->elements, code39[sizeof code39_characters - 2]);
    return finish(job, kw_arena_copy(job->arena, data, length));
}

static int make_codabar(struct kw_barcode_job *job)
{
    char *text = kw_arena_alloc(job->arena, job->length + 3);
    if (!text)
        return kw_barcode_no_memory(job);
    for (size_t i = 0; i < job->length; i++)
        text[i] = (char)toupper((unsigned char)job->data[i]);
    bool framed = job->length >= 2 && strchr("ABCD", text[0]) && strchr("ABCD", text[job->length - 1]);
    if (!framed) {
        memmove(text + 1, text, job->length);
        text[0] = text[job->length + 1] = 'A';
    }
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        int index = index_in(codabar_characters, text[i]);
        if (index < 0 || (index > 15 && i != 0 && i != length - 1))
            return kw_barcode_refuse(job, "takes digits and - $ : / . + between two letters A to D");
        if (i)
            kw_elements_add(&job->elements, "n");
        kw_elements_add(&job->elements, codabar[index]);
    }
    return finish(job, text);
}

static int make_itf(struct kw_barcode_job *job)
{
    /* Two digits make one group; a leading zero is what every scanner's maker advises for an odd number. */
    char *text = kw_arena_format(job->arena, "%s%.*s", job->length % 2 ? "0" : "", (int)job->length, job->data);
    if (!text)
        return kw_barcode_no_memory(job);
    kw_elements_add(&job->elements, "nnnn");
    for (size_t i = 0; text[i]; i += 2) {
        if (!isdigit((unsigned char)text[i]) || !isdigit((unsigned char)text[i + 1]))
            return kw_barcode_refuse(job, "takes digits only");
        const char *bars = itf[text[i] - '0'], *spaces = itf[text[i + 1] - '0'];
        for (int k = 0; k < 5; k++)
            kw_elements_add(&job->elements, (const char[]){ bars[k], spaces[k], '\0' });
    }
    kw_elements_add(&job->elements, "wnn");
    return finish(job, text);
}

/* ---- CODE93 ------------------------------------------------------------------------------------------------------ */

enum { CODE93_DOLLAR = 43, CODE93_PERCENT, CODE93_SLASH, CODE93_PLUS, CODE93_FRAME, CODE93_VALUES = 47 };
static const char code93[][7] = {
    "131112", "111213", "111312", "111411", "121113", "121212", "121311", "111114",
    "131211", "141111", "211113", "211212", "211311", "221112", "221211", "231111",
    "112113", "112212", "112311", "122112", "132111", "111123", "111222", "111321",
    "121122", "131121", "212112", "212211", "211122", "211221", "221121", "222111",
    "112122", "112221", "122121", "123111", "121131", "311112", "311211", "321111",
    "112131", "113121", "211131", "121221", "312111", "311121", "122211", "111141",
};

/* Shift and letter of the ASCII characters that have no sign of their own; the letter of `first` is `letter`. */
static const struct { uint8_t first, last; int shift; char letter; } code93_shifts[] = {
    { 0, 0, CODE93_PERCENT, 'U' },     { 1, 26, CODE93_DOLLAR, 'A' },     { 27, 31, CODE93_PERCENT, 'A' },
    { '!', ',', CODE93_SLASH, 'A' },   { ':', ':', CODE93_SLASH, 'Z' },   { ';', '?', CODE93_PERCENT, 'F' },
    { '@', '@', CODE93_PERCENT, 'V' }, { '[', '_', CODE93_PERCENT, 'K' }, { '`', '`', CODE93_PERCENT, 'W' },
    { 'a', 'z', CODE93_PLUS, 'A' },    { '{', 0x7F, CODE93_PERCENT, 'P' },
};

static int code93_values(uint8_t character, uint8_t values[2])
{
    int index = character == '*' ? -1 : index_in(code39_characters, (char)character);
    if (index >= 0) {
        values[0] = (uint8_t)index;
        return 1;
    }
    for (size_t i = 0; i < sizeof code93_shifts / sizeof code93_shifts[0]; i++) {
        if (character < code93_shifts[i].first || character > code93_shifts[i].last)
            continue;
        values[0] = (uint8_t)code93_shifts[i].shift;
        values[1] = (uint8_t)(code93_shifts[i].letter - 'A' + 10 + character - code93_shifts[i].first);
        return 2;
    }
    return 0;
}

static uint8_t code93_check(const uint8_t *values, size_t count, unsigned most)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[count - 1 - i] * (unsigned)(i % most + 1);
    return (uint8_t)(sum % CODE93_VALUES);
}

static int make_code93(struct kw_barcode_job *job)
{
    uint8_t values[2 * KW_BARCODE_MAX_DATA + 2];
    size_t count = 0;
    for (size_t i = 0; i < job->length; i++) {
        int added = code93_values((uint8_t)job->data[i], values + count);
        if (added == 0)
            return kw_barcode_refuse(job, "takes only ASCII characters; a QR code takes any");
        count += (size_t)added;
    }
    values[count] = code93_check(values, count, 20);
    values[count + 1] = code93_check(values, count + 1, 15);
    kw_elements_add(&job->elements, code93[CODE93_FRAME]);
    for (size_t i = 0; i < count + 2; i++)
        kw_elements_add(&job->elements, code93[values[i]]);
    kw_elements_add(&job->elements, code93[CODE93_FRAME]);
    kw_elements_add(&job->elements, "1");
    int code = finish(job, kw_arena_copy(job->arena, job->data, job->length));
    job->barcode->native_length = job->length;          /* NUL is a character of CODE93 */
    return code;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

static const struct { const char *word; int (*make)(struct kw_barcode_job *job); } symbologies[] = {
    [KW_UPC_A] = { "upca", kw_make_upc_a },       [KW_UPC_E] = { "upce", kw_make_upc_e },
    [KW_EAN13] = { "ean13", kw_make_ean13 },      [KW_EAN8] = { "ean8", kw_make_ean8 },
    [KW_CODE39] = { "code39", make_code39 },      [KW_ITF] = { "itf", make_itf },
    [KW_CODABAR] = { "codabar", make_codabar },   [KW_CODE93] = { "code93", make_code93 },
    [KW_CODE128] = { "code128", kw_make_code128 }, [KW_GS1_128] = { "gs1-128", kw_make_gs1_128 },
    [KW_QR] = { "qr", NULL },                     [KW_PDF417] = { "pdf417", NULL },
};
enum { SYMBOLOGIES = sizeof symbologies / sizeof symbologies[0], ELEMENTS_PER_CHARACTER = 14, ELEMENTS_AROUND = 80 };

/* Letters and digits alone count: "EAN-13" is ean13. */
static bool same_word(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a && !isalnum((unsigned char)*a))
            a++;
        while (*b && !isalnum((unsigned char)*b))
            b++;
        if (!*a || !*b || tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return *a == *b;
    }
}

bool kw_symbology_find(const char *word, enum kw_symbology *symbology)
{
    for (int i = 0; i < SYMBOLOGIES; i++) {
        if (same_word(symbologies[i].word, word)) {
            *symbology = (enum kw_symbology)i;
            return true;
        }
    }
    return false;
}

const char *kw_symbology_word(enum kw_symbology symbology)
{
    return symbologies[symbology].word;
}

static int make(struct kw_barcode_job *job, enum kw_symbology symbology)
{
    *job->barcode = (struct kw_barcode){ .symbology = symbology };
    job->word = symbologies[symbology].word;
    if (!symbologies[symbology].make)
        return kw_barcode_refuse(job, "is no bar code");
    if (job->length == 0 || job->length > KW_BARCODE_MAX_DATA)
        return kw_barcode_refuse(job, "takes 1 to %d characters", KW_BARCODE_MAX_DATA);
    job->elements.room = job->length * ELEMENTS_PER_CHARACTER + ELEMENTS_AROUND;
    job->elements.at = kw_arena_alloc(job->arena, job->elements.room);
    if (!job->elements.at)
        return kw_barcode_no_memory(job);
    job->barcode->elements = job->elements.at;
    return symbologies[symbology].make(job);
}

int kw_barcode_make(struct kw_arena *arena, enum kw_symbology symbology, const char *data, size_t length,
                    struct kw_barcode *barcode, struct kw_error *error)
{
    struct kw_barcode_job job = { .arena = arena, .error = error, .data = data, .length = length, .barcode = barcode };
    return make(&job, symbology);
}

int kw_barcode_make_one_set(struct kw_arena *arena, const char *data, size_t length, struct kw_barcode *barcode,
                            struct kw_error *error)
{
    struct kw_barcode_job job = { .arena = arena, .error = error, .data = data, .length = length, .one_set = true,
                                  .barcode = barcode };
    return make(&job, KW_CODE128);
}

static int element_dots(char element, int module_dots)
{
    if (element == 'w')
        return (5 * module_dots + 1) / 2;
    return element == 'n' ? module_dots : (element - '0') * module_dots;
}

int kw_barcode_width(const struct kw_barcode *barcode, int module_dots)
{
    int width = 0;
    for (const char *element = barcode->elements; *element; element++)
        width += element_dots(*element, module_dots);
    return width;
}

struct kw_bitmap *kw_barcode_draw(struct kw_arena *arena, const struct kw_barcode *barcode, int module_dots,
                                  int height_dots)
{
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, kw_barcode_width(barcode, module_dots), height_dots);
    int x = 0;
    for (int i = 0; bitmap && barcode->elements[i]; i++) {
        int width = element_dots(barcode->elements[i], module_dots);
        if (i % 2 == 0)
            kw_bitmap_fill(bitmap, x, 0, width, height_dots);
        x += width;
    }
    return bitmap;
}
