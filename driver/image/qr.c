/*
 * qr.c - how large a QR symbol becomes (ISO/IEC 18004:2015, tables 1, 3, 7 and 9), and drawing it.
 *
 * The size is worked out from the standard's numbers of codewords, so that a symbol which the printer draws
 * itself needs no library. Only model 2, no ECI, no kanji mode.
 */
#include "image/qr.h"
#include "image/qr_modes.h"

#include "base/module.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { VERSIONS = 40, LEVELS = 4, MOST_CHARACTERS = 8000 };

/* Codewords of a symbol (table 1), and how many of them correct errors at L, M, Q, H (table 9). */
static const struct { uint16_t total, correction[LEVELS]; } sizes[VERSIONS] = {
    { 26, { 7, 10, 13, 17 } }, { 44, { 10, 16, 22, 28 } }, { 70, { 15, 26, 36, 44 } }, { 100, { 20, 36, 52, 64 } },
    { 134, { 26, 48, 72, 88 } }, { 172, { 36, 64, 96, 112 } }, { 196, { 40, 72, 108, 130 } },
    { 242, { 48, 88, 132, 156 } }, { 292, { 60, 110, 160, 192 } }, { 346, { 72, 130, 192, 224 } },
    { 404, { 80, 150, 224, 264 } }, { 466, { 96, 176, 260, 308 } }, { 532, { 104, 198, 288, 352 } },
    { 581, { 120, 216, 320, 384 } }, { 655, { 132, 240, 360, 432 } }, { 733, { 144, 280, 408, 480 } },
    { 815, { 168, 308, 448, 532 } }, { 901, { 180, 338, 504, 588 } }, { 991, { 196, 364, 546, 650 } },
    { 1085, { 224, 416, 600, 700 } }, { 1156, { 224, 442, 644, 750 } }, { 1258, { 252, 476, 690, 816 } },
    { 1364, { 270, 504, 750, 900 } }, { 1474, { 300, 560, 810, 960 } }, { 1588, { 312, 588, 870, 1050 } },
    { 1706, { 336, 644, 952, 1110 } }, { 1828, { 360, 700, 1020, 1200 } }, { 1921, { 390, 728, 1050, 1260 } },
    { 2051, { 420, 784, 1140, 1350 } }, { 2185, { 450, 812, 1200, 1440 } }, { 2323, { 480, 868, 1290, 1530 } },
    { 2465, { 510, 924, 1350, 1620 } }, { 2611, { 540, 980, 1440, 1710 } }, { 2761, { 570, 1036, 1530, 1800 } },
    { 2876, { 570, 1064, 1590, 1890 } }, { 3034, { 600, 1120, 1680, 1980 } }, { 3196, { 630, 1204, 1770, 2100 } },
    { 3362, { 660, 1260, 1860, 2220 } }, { 3532, { 720, 1316, 1950, 2310 } }, { 3706, { 750, 1372, 2040, 2430 } },
};
static const char levels[] = "LMQH";

/* Bits of the character count indicator (table 3) for versions up to 9, 26 and 40. */
enum { MODE_BITS = 4, CLASSES = 3 };
static const uint8_t count_bits[CLASSES][KW_QR_MODES] = {
    { [KW_QR_NUMERIC] = 10, [KW_QR_ALPHANUMERIC] = 9, [KW_QR_BYTES] = 8 },
    { [KW_QR_NUMERIC] = 12, [KW_QR_ALPHANUMERIC] = 11, [KW_QR_BYTES] = 16 },
    { [KW_QR_NUMERIC] = 14, [KW_QR_ALPHANUMERIC] = 13, [KW_QR_BYTES] = 16 },
};

static int class_of(int version)
{
    return version < 10 ? 0 : version < 27 ? 1 : 2;
}

static enum kw_qr_mode mode_of(const uint8_t *data, size_t length)
{
    enum kw_qr_mode mode = KW_QR_NUMERIC;
    for (size_t i = 0; i < length && mode < KW_QR_BYTES; i++)
        mode = kw_qr_mode_of(data[i]) > mode ? kw_qr_mode_of(data[i]) : mode;
    return mode;
}

/* Bits of the data itself (7.4.3 to 7.4.5). */
static size_t data_bits(enum kw_qr_mode mode, size_t length)
{
    static const uint8_t numeric_rest[3] = { 0, 4, 7 };
    if (mode == KW_QR_NUMERIC)
        return length / 3 * 10 + numeric_rest[length % 3];
    return mode == KW_QR_ALPHANUMERIC ? length / 2 * 11 + length % 2 * 6 : length * 8;
}

/* Bits of the whole data in each class of versions. */
struct need { size_t bits[CLASSES]; };

static struct need need_of(const uint8_t *data, size_t length)
{
    struct need need;
    enum kw_qr_mode mode = mode_of(data, length);
    for (int i = 0; i < CLASSES; i++)
        need.bits[i] = MODE_BITS + (size_t)count_bits[i][mode] + data_bits(mode, length);
    return need;
}

static size_t mix(const uint8_t *data, size_t length, int class, uint8_t *modes)
{
    uint8_t header_bits[KW_QR_MODES];
    for (int mode = 0; mode < KW_QR_MODES; mode++)
        header_bits[mode] = (uint8_t)(MODE_BITS + count_bits[class][mode]);
    return kw_qr_mix(data, length, header_bits, modes);
}

static bool fits(const struct need *need, int version, int level)
{
    size_t room = 8 * (size_t)(sizes[version - 1].total - sizes[version - 1].correction[level]);
    return need->bits[class_of(version)] <= room;
}

static int level_index(char level)
{
    const char *at = level ? strchr(levels, level) : NULL;
    return at ? (int)(at - levels) : 0;
}

/* The smallest version, then the highest level that it still holds; false: none holds it. */
static bool choose(const struct need *need, int level, struct kw_qr_size *size)
{
    int version = 1;
    while (version <= VERSIONS && !fits(need, version, level))
        version++;
    if (version > VERSIONS)
        return false;
    while (level + 1 < LEVELS && fits(need, version, level + 1))
        level++;
    *size = (struct kw_qr_size){ .version = version, .level = levels[level], .modules = 17 + 4 * version };
    return true;
}

int kw_qr_plan(const void *data, size_t length, char min_level, struct kw_qr_size *size, struct kw_error *error)
{
    struct need need = need_of(data, length);
    int level = level_index(min_level);
    if (length > MOST_CHARACTERS || !choose(&need, level, size))
        return kw_fail(error, KWIT_E_TOO_LARGE, "", "%zu characters are more than a QR code holds at level %c; "
                       "shorten the data or lower the level", length, levels[level]);
    return 0;
}

bool kw_qr_shrink(const void *data, size_t length, char min_level, struct kw_qr_size *size)
{
    uint8_t modes[KW_QR_MIX_LIMIT];
    struct kw_qr_size smaller;
    struct need need;
    if (length > KW_QR_MIX_LIMIT)
        return false;
    for (int i = 0; i < CLASSES; i++)
        need.bits[i] = mix(data, length, i, modes);
    if (!choose(&need, level_index(min_level), &smaller) || smaller.version >= size->version)
        return false;
    *size = smaller;
    size->mixed = true;
    return true;
}

/* ---- drawing ------------------------------------------------------------------------------------------------- */

/* What is used of libqrencode, by the types of its own header. */
struct qrencode {
    struct kw_module *module;
    __typeof__(&QRinput_new2) new_input;
    __typeof__(&QRinput_append) append;
    __typeof__(&QRinput_free) free_input;
    __typeof__(&QRcode_encodeInput) encode;
    __typeof__(&QRcode_free) free_code;
};

static int load(struct qrencode *library, struct kw_error *error)
{
    int code = kw_module_open("libqrencode.so.4", &library->module, error);
    if (code < 0)
        return code;
    library->new_input = (__typeof__(&QRinput_new2))kw_module_symbol(library->module, "QRinput_new2", error);
    library->append = (__typeof__(&QRinput_append))kw_module_symbol(library->module, "QRinput_append", error);
    library->free_input = (__typeof__(&QRinput_free))kw_module_symbol(library->module, "QRinput_free", error);
    library->encode = (__typeof__(&QRcode_encodeInput))kw_module_symbol(library->module, "QRcode_encodeInput", error);
    library->free_code = (__typeof__(&QRcode_free))kw_module_symbol(library->module, "QRcode_free", error);
    if (library->new_input && library->append && library->free_input && library->encode && library->free_code)
        return 0;
    kw_module_close(library->module);
    return KWIT_E_UNSUPPORTED;
}

/* The characters in runs of one mode each; false with errno. */
static bool append(const struct qrencode *library, QRinput *input, const uint8_t *data, size_t length,
                   const struct kw_qr_size *size)
{
    static const QRencodeMode words[] = {
        [KW_QR_NUMERIC] = QR_MODE_NUM, [KW_QR_ALPHANUMERIC] = QR_MODE_AN, [KW_QR_BYTES] = QR_MODE_8
    };
    uint8_t modes[KW_QR_MIX_LIMIT];
    if (!size->mixed)
        return library->append(input, words[mode_of(data, length)], (int)length, data) == 0;
    mix(data, length, class_of(size->version), modes);
    for (size_t from = 0, to; from < length; from = to) {
        for (to = from + 1; to < length && modes[to] == modes[from]; to++)
            ;
        if (library->append(input, words[modes[from]], (int)(to - from), data + from) != 0)
            return false;
    }
    return true;
}

/* As it was planned; NULL with errno. */
static QRcode *encode(const struct qrencode *library, const void *data, size_t length, const struct kw_qr_size *size)
{
    QRinput *input = library->new_input(size->version, (QRecLevel)level_index(size->level));
    if (!input)
        return NULL;
    QRcode *symbol = append(library, input, data, length, size) ? library->encode(input) : NULL;
    library->free_input(input);
    return symbol;
}

static struct kw_bitmap *draw(struct kw_arena *arena, const QRcode *symbol, int module_dots)
{
    int side = symbol->width * module_dots;
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, side, side);
    for (int i = 0; bitmap && i < symbol->width * symbol->width; i++)
        if (symbol->data[i] & 1)
            kw_bitmap_fill(bitmap, i % symbol->width * module_dots, i / symbol->width * module_dots, module_dots,
                           module_dots);
    return bitmap;
}

int kw_qr_draw(struct kw_arena *arena, const void *data, size_t length, const struct kw_qr_size *size,
               int module_dots, struct kw_bitmap **bitmap, struct kw_error *error)
{
    struct qrencode library;
    *bitmap = NULL;
    if (length == 0 || module_dots < 1)
        return kw_fail(error, KWIT_E_INVALID, "", "a QR code needs data and at least one dot for a module");
    int code = load(&library, error);
    if (code < 0)
        return code;
    QRcode *symbol = encode(&library, data, length, size);
    if (!symbol || symbol->width != size->modules)
        code = kw_fail(error, errno == ENOMEM ? KWIT_E_NO_MEMORY : KWIT_E_INTERNAL, "",
                       "the QR code could not be drawn");
    else if (!(*bitmap = draw(arena, symbol, module_dots)))
        code = kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for a QR code");
    if (symbol)
        library.free_code(symbol);
    kw_module_close(library.module);
    return code;
}
