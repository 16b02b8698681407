/* scan.h - reads the codes on a picture with zbar, an outside judge. Tests that include it link with -lzbar. */
#ifndef KW_TESTS_SCAN_H
#define KW_TESTS_SCAN_H

#include "image/bitmap.h"

#include <stdlib.h>
#include <string.h>
#include <zbar.h>

struct scanned {
    char type[24];
    char data[4096];
    size_t length;
};

/* White paper around it stands for the quiet zone, which is not in the bitmap. */
static inline zbar_image_t *scan_image(const struct kw_bitmap *bitmap, int margin)
{
    unsigned width = (unsigned)(bitmap->width + 2 * margin), height = (unsigned)(bitmap->height + 2 * margin);
    unsigned char *pixels = malloc((size_t)width * height);
    memset(pixels, 0xFF, (size_t)width * height);
    for (int y = 0; y < bitmap->height; y++)
        for (int x = 0; x < bitmap->width; x++)
            if (kw_bitmap_get(bitmap, x, y))
                pixels[(size_t)(y + margin) * width + (size_t)(x + margin)] = 0;
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, width, height);
    zbar_image_set_data(image, pixels, (unsigned long)width * height, zbar_image_free_data);
    return image;
}

/* All codes on the picture, at most `most`; returns how many. */
static inline size_t scan_bitmap(const struct kw_bitmap *bitmap, int margin, struct scanned *found, size_t most)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_DATABAR, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_DATABAR_EXP, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);    /* bytes, no guess at their encoding */
    zbar_image_scanner_set_config(scanner, ZBAR_UPCA, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_UPCE, ZBAR_CFG_ENABLE, 1);
    zbar_image_t *image = scan_image(bitmap, margin);
    size_t count = 0;
    zbar_scan_image(scanner, image);
    for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol && count < most;
         symbol = zbar_symbol_next(symbol)) {
        struct scanned *one = &found[count++];
        one->length = zbar_symbol_get_data_length(symbol);
        one->length = one->length < sizeof one->data ? one->length : sizeof one->data - 1;
        memcpy(one->data, zbar_symbol_get_data(symbol), one->length);
        one->data[one->length] = '\0';
        strncpy(one->type, zbar_get_symbol_name(zbar_symbol_get_type(symbol)), sizeof one->type - 1);
        one->type[sizeof one->type - 1] = '\0';
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    return count;
}

#endif
