/*
 * symbol.h - a code of the sale to something on the page: checked, sized in whole dots, drawn by the printer where its
 * profile can, on the host otherwise. For every QR, bar code and PDF417 of a receipt.
 *
 *     struct kw_symbol_wish wish = { .symbology = KW_EAN13, .data = code->data, .length = strlen(code->data) };
 *     struct kw_symbol_plan plan;
 *     int failed = kw_symbol_prepare(arena, profile, &wish, &plan, error);
 *     if (failed == 0)
 *         kw_symbol_place(page, &plan, code->pointer);        // white above, symbol, white below
 *     // then plan.human as a line of text, when the code wants its characters below
 *
 * The printer's own characters below bars (GS H) are not used: they differ by model and follow no font of ours.
 */
#ifndef KW_LAYOUT_SYMBOL_H
#define KW_LAYOUT_SYMBOL_H

#include "data/choices.h"
#include "page/page.h"
#include "profile/profile.h"


struct kw_symbol_wish {
    enum kw_symbology symbology;
    const char *data;
    size_t length;
    int area_dots;                  /* what it may take with its quiet zones; 0: the profile's width */
    int module_dots;                /* dots; 0: for QR 0.75 mm on wide and 0.63 mm on narrow paper, for bars 3 or 2 */
    int size_mm;                    /* wanted side of a QR without quiet zone; 0: by module_dots */
    int min_mm, max_mm;             /* floor and ceiling of a QR's side; 0: none */
    int height_mm;                  /* of bars; 0: 10 */
    char error_level;               /* least level of a QR; 0: M */
    enum kw_drawing drawing;
};

struct kw_symbol_plan {
    struct kw_op op;                /* KW_OP_SYMBOL or KW_OP_BITMAP, centred on the area */
    int above_dots, below_dots;     /* white that it needs; kw_symbol_place adds it */
    int width_dots, height_dots;    /* of the symbol itself */
    int module_dots;
    const char *human;              /* bars: the characters to print below, check digits added; QR, PDF417: NULL */
    const char *scanned;            /* what a reader gives */
    bool native;
};

/*
 * INVALID: the data is not what the symbology takes (the text says what it takes). UNPRINTABLE: it does not fit, or
 * only with modules too small to scan (QR below 3 dots, bars below 2), or no command draws it (PDF417). TOO_LARGE:
 * more data than a QR holds. A QR takes the smallest version and then the highest level that it still has room for.
 */
int kw_symbol_prepare(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                      struct kw_symbol_plan *plan, struct kw_error *error);
/* Adds it to the last piece of the page. */
void kw_symbol_place(struct kw_page *page, const struct kw_symbol_plan *plan, const char *origin);
/* Whether a QR of this data can be printed so that it scans, over the whole width. */
bool kw_symbol_qr_fits(const struct kw_profile *profile, const void *data, size_t length);

#endif
