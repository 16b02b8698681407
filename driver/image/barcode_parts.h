/* barcode_parts.h - what the symbologies share while one is made. Private to image. */
#ifndef KW_IMAGE_BARCODE_PARTS_H
#define KW_IMAGE_BARCODE_PARTS_H

#include "image/barcode.h"

/* Elements under way; its room was counted for the longest data. */
struct kw_elements {
    char *at;
    size_t length, room;
};

static inline void kw_elements_add(struct kw_elements *elements, const char *widths)
{
    for (; *widths && elements->length + 1 < elements->room; widths++)
        elements->at[elements->length++] = *widths;
}

struct kw_barcode_job {
    struct kw_arena *arena;
    struct kw_error *error;
    const char *word;               /* of its symbology */
    const char *data;
    size_t length;
    bool one_set;                   /* of CODE128: set B alone */
    struct kw_barcode *barcode;
    struct kw_elements elements;
};

/* INVALID with the symbology's word in front. */
int kw_barcode_refuse(const struct kw_barcode_job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));
int kw_barcode_no_memory(const struct kw_barcode_job *job);

/* EAN and UPC, in ean.c. */
int kw_make_upc_a(struct kw_barcode_job *job);
int kw_make_upc_e(struct kw_barcode_job *job);
int kw_make_ean13(struct kw_barcode_job *job);
int kw_make_ean8(struct kw_barcode_job *job);
/* The check digit that belongs behind `length` digits (weights 3 and 1 from the right). */
char kw_gs1_check_digit(const char *digits, size_t length);

/* CODE128 and GS1-128, in code128.c. */
int kw_make_code128(struct kw_barcode_job *job);
int kw_make_gs1_128(struct kw_barcode_job *job);

#endif
