/*
 * qr.c - how large a QR symbol becomes (ISO/IEC 18004:2015, tables 1, 3, 7 and 9), and drawing it.
 *
 * The size is worked out from the standard's numbers of codewords, so that a symbol which the printer draws
 * itself needs no library. Only model 2, no ECI, no kanji mode, no mixture of modes.
 */
#include "image/qr.h"

#include "base/module.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { VERSIONS = 40, LEVELS = 4 };

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

enum mode { NUMERIC, ALPHANUMERIC, BYTES };
/* Bits of the character count indicator (table 3) for versions up to 9, 26 and 40. */
static const uint8_t count_bits[3][3] = {
    [NUMERIC] = { 10, 12, 14 }, [ALPHANUMERIC] = { 9, 11, 13 }, [BYTES] = { 8, 16, 16 }
};

static enum mode mode_of(const uint8_t *data, size_t length)
{
    enum mode mode = NUMERIC;
    for (size_t i = 0; i < length; i++) {
        if (data[i] >= '0' && data[i] <= '9')
            continue;
        mode = ALPHANUMERIC;
        if (data[i] == 0 || !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", data[i]))
            return BYTES;
    }
    return mode;
}

/* Bits of the data itself (7.4.3 to 7.4.5). */
static size_t data_bits(enum mode mode, size_t length)
{
    static const uint8_t numeric_rest[3] = { 0, 4, 7 };
    if (mode == NUMERIC)
        return length / 3 * 10 + numeric_rest[length % 3];
    return mode == ALPHANUMERIC ? length / 2 * 11 + length % 2 * 6 : length * 8;
}

static bool fits(enum mode mode, size_t length, int version, int level)
{
    size_t bits = 4 + (size_t)count_bits[mode][version < 10 ? 0 : version < 27 ? 1 : 2] + data_bits(mode, length);
    return bits <= 8 * (size_t)(sizes[version - 1].total - sizes[version - 1].correction[level]);
}

static int level_index(char level)
{
    const char *at = level ? strchr(levels, level) : NULL;
    return at ? (int)(at - levels) : 0;
}

int kw_qr_plan(const void *data, size_t length, char min_level, struct kw_qr_size *size, struct kw_error *error)
{
    int level = level_index(min_level), version = 1;
    enum mode mode = mode_of(data, length);
    while (length > 8000 || !fits(mode, length, version, level))
        if (length > 8000 || ++version > VERSIONS)
            return kw_fail(error, KWIT_E_TOO_LARGE, "", "%zu characters are more than a QR code holds at level %c; "
                           "shorten the data or lower the level", length, levels[level]);
    while (level + 1 < LEVELS && fits(mode, length, version, level + 1))
        level++;
    *size = (struct kw_qr_size){ .version = version, .level = levels[level], .modules = 17 + 4 * version };
    return 0;
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

/* The whole data in one mode, as it was planned; NULL with errno. */
static QRcode *encode(const struct qrencode *library, const void *data, size_t length, const struct kw_qr_size *size)
{
    static const QRencodeMode modes[] = { [NUMERIC] = QR_MODE_NUM, [ALPHANUMERIC] = QR_MODE_AN, [BYTES] = QR_MODE_8 };
    QRinput *input = library->new_input(size->version, (QRecLevel)level_index(size->level));
    if (!input)
        return NULL;
    QRcode *symbol = NULL;
    if (library->append(input, modes[mode_of(data, length)], (int)length, data) == 0)
        symbol = library->encode(input);
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
