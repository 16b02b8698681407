/*
 * barcode.h - one-dimensional symbols: what data they take, the digits they check, how they are drawn, and the data
 * that `GS k` wants for the same symbol.
 *
 * UPC and EAN: ISO/IEC 15420. CODE39: 16388. ITF: 16390. Codabar: EN 798. CODE93: AIM BC5. CODE128: 15417, with the
 * fewest characters that its three code sets allow. GS1-128: GS1 General Specifications, section 5.4.
 */
#ifndef KW_IMAGE_BARCODE_H
#define KW_IMAGE_BARCODE_H

#include "image/bitmap.h"

enum kw_symbology {
    KW_UPC_A, KW_UPC_E, KW_EAN13, KW_EAN8, KW_CODE39, KW_ITF, KW_CODABAR, KW_CODE93, KW_CODE128, KW_GS1_128,
    KW_QR, KW_PDF417
};

enum { KW_BARCODE_MAX_DATA = 200 };

struct kw_barcode {
    enum kw_symbology symbology;
    const char *human;             /* to print below the bars: check digits added, GS1 with its brackets */
    const char *scanned;           /* what a reader gives; group separators are 1D */
    const uint8_t *native;         /* as GS k function B wants it (CODE128 with its { escapes) */
    size_t native_length;
    const char *elements;          /* bar, space, bar, …: '1' to '4' modules, 'n' and 'w' narrow and wide */
    int quiet_left, quiet_right;   /* modules of white that belong to it */
};

/* Checks and encodes. INVALID says what the symbology does not take; data is not NUL-terminated. */
int kw_barcode_make(struct kw_arena *arena, enum kw_symbology symbology, const char *data, size_t length,
                    struct kw_barcode *barcode, struct kw_error *error);
/*
 * CODE128 in code set B from end to end: longer, but its bytes for the printer are the data as they stand behind "{B".
 * Programs that read printers' bytes as text, and boards that take pairs of set C for letters, know no other form.
 * INVALID: a control character is in it.
 */
int kw_barcode_make_one_set(struct kw_arena *arena, const char *data, size_t length, struct kw_barcode *barcode,
                            struct kw_error *error);
/* Width in dots without quiet zones. A wide element is two and a half modules, rounded up, as printers draw it. */
int kw_barcode_width(const struct kw_barcode *barcode, int module_dots);
/* NULL without memory. */
struct kw_bitmap *kw_barcode_draw(struct kw_arena *arena, const struct kw_barcode *barcode, int module_dots,
                                  int height_dots);

/*
 * The words of the sale document: upca upce ean13 ean8 code39 itf codabar code93 code128 gs1-128 qr pdf417, in any case
 * and with or without hyphens. False when the word names none.
 */
bool kw_symbology_find(const char *word, enum kw_symbology *symbology);
const char *kw_symbology_word(enum kw_symbology symbology);

#endif
