/*
 * layout.h - a sale and its invitation to the page.
 *
 * Sections in their order (rows in layout/sections.def), each a short function that adds lines. What the sale
 * has, is printed: a field without a section is a bug that a test finds.
 */
#ifndef KW_LAYOUT_LAYOUT_H
#define KW_LAYOUT_LAYOUT_H

#include "base/notes.h"
#include "data/choices.h"
#include "data/copies.h"
#include "locale/locale.h"
#include "page/page.h"
#include "sale/sale.h"
#include "text/text.h"

/* The invitation, all words chosen; NULL members are not printed. */
struct kw_invitation {
    const char *url;                /* what the QR holds */
    const char *address;            /* short, to type; lower case */
    const char *code;               /* hyphenated token */
    const char *title, *cta;        /* a variant's own words, else NULL: the locale's */
    const char *reward, *rules_url;
    bool draw;                      /* reward is a draw: "no purchase necessary" */
    const char *expires;            /* date text in the locale */
    int module_dots;                /* 0: default for the width */
    enum kw_position position;
    enum kw_block_form form;        /* a slip is one by its position */
    int minutes;                    /* that answering takes; 0: nothing is said of it */
    bool one_tap;                   /* the shop's own page, where one touch is an answer */
    const char *news;               /* what the shop answers its customers, with its date */
    bool sample;                    /* preview and dry run: marked SAMPLE */
    bool brief;                     /* the code and what is typed instead, alone: where pictures are slow */
};

struct kw_layout_options {
    const struct kw_profile *profile;
    const char *const *order, *const *hide;     /* configuration; NULL: the layout's own */
    const char *const *header, *const *footer;  /* configured text lines */
    struct {
        const char *name, *phone, *tax_id, *tax_id_label;
        const char *const *address;
    } store;                                    /* where the sale says nothing */
    const struct kw_bitmap *logo;               /* already scaled; NULL: none */
    const uint8_t *stored_logo;                 /* two key codes when the printer has it in memory */
    /* Reads an image of a block by its file name, scaled and dithered; NULL: none, a warning at `pointer` says why. */
    const struct kw_bitmap *(*image)(void *data, const char *name, int width_dots, enum kw_dither dither,
                                     const char *pointer);
    void *image_data;
    const struct kw_invitation *invitation;     /* NULL: none */
    struct { const char *phone, *email; } help; /* whom a customer asks; on every receipt of a customer */
    bool only_survey;
    bool only_invitation;                       /* as the end of another program's receipt, and nothing else */
    bool only_marks;                            /* what stands above a copy, and nothing else */
    const char *station;                        /* only lines of this station */
    enum kw_emphasis items;                     /* names of what is sold, on a receipt */
    struct { enum kw_emphasis items, modifiers, notes, allergies, service; } ticket;     /* of a station */
    enum kw_logo_place logo_place;
    int copy;                                   /* number of the copy, 1 is the original */
    enum kw_copy_kind copy_kind;
    enum kw_drawing qr;
    enum kw_cut cut;                            /* at the end of the receipt */
    bool drawer;                                /* whether this call pulses (asked, allowed, first) */
    int drawer_on_ms, drawer_off_ms;
    enum kw_toman toman;
    int decimals;                               /* that amounts have at least; -1: as the currency has them */
    int gap_percent;                            /* between sections, of the usual; 0: the usual */
    bool zeros;                                 /* change, rounding, modifiers … of nothing are printed too */
    const char *fallback_locale;                /* where the sale has none */
    struct kw_notes *warnings;
};

/*
 * Lays out the whole sale. `customer` is the second locale of a bilingual receipt or NULL. UNPRINTABLE when a
 * fiscal symbol cannot be printed at its smallest allowed size.
 */
int kw_layout_sale(const struct kw_sale *sale, const struct kw_locale *locale, const struct kw_locale *customer,
                   const struct kw_layout_options *options, struct kw_text *text, struct kw_page *page,
                   struct kw_error *error);

/* A word of `[receipt] order`, or of `hide`, that names nothing, told with the names that there are; NULL: it does. */
const char *kw_layout_name_fault(struct kw_arena *arena, const char *name, bool hides);

/* Whether an invitation with this URL can be printed scannably (at least 3 dots a module) on this profile. */
bool kw_layout_qr_fits(const struct kw_profile *profile, const char *url);

#endif
