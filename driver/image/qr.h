/*
 * qr.h - QR symbols on the host (ISO/IEC 18004). The only user of libqrencode, which is loaded when a
 * symbol is drawn; the size of a symbol is known without it.
 */
#ifndef KW_IMAGE_QR_H
#define KW_IMAGE_QR_H

#include "image/bitmap.h"

struct kw_qr_size {
    int version;                   /* 1..40 */
    char level;                    /* L M Q H */
    int modules;                   /* 17 + 4 * version */
    bool mixed;                    /* modes change inside the data */
};

/*
 * The smallest version that holds the data at min_level ('L' 'M' 'Q' 'H'), then the highest level that the
 * same version still holds. Data is numeric, alphanumeric or bytes as a whole. TOO_LARGE when nothing holds it.
 */
int kw_qr_plan(const void *data, size_t length, char min_level, struct kw_qr_size *size, struct kw_error *error);
/*
 * The same with modes that change where that pays, for who draws it here; what a printer draws may be larger. Changes
 * `size`, which is planned already, and returns true when the symbol becomes smaller.
 */
bool kw_qr_shrink(const void *data, size_t length, char min_level, struct kw_qr_size *size);
/* Draws it with whole dots per module and without quiet zone. */
int kw_qr_draw(struct kw_arena *arena, const void *data, size_t length, const struct kw_qr_size *size,
               int module_dots, struct kw_bitmap **bitmap, struct kw_error *error);

#endif
