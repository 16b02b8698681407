/* internal.h - what the files of this room share: a span made ready, the tables of a profile, the drawing module. */
#ifndef KW_TEXT_INTERNAL_H
#define KW_TEXT_INTERNAL_H

#include "base/module.h"
#include "text/drawer.h"
#include "text/tables.h"
#include "text/text.h"
#include "text/unicode.h"

enum { KW_PREPARED_BUCKETS = 128 };

/* A span as it will be printed, kept by its text and style: layout measures, wraps and sets the same words. */
struct kw_prepared {
    struct kw_prepared *next;
    uint32_t hash;
    const char *utf8;
    size_t length;
    struct kw_style style;
    unsigned flags;
    struct kw_stretch stretch;      /* units and code points; of a plain one only how many, until it is parted */
    int width_dots;
    bool drawn;                     /* at least one unit needs dots */
    bool plain;                     /* printable ASCII in the printer's font: units, code points, bytes are the same */
};

struct kw_text {
    struct kw_arena *arena;
    struct kw_text_options options;
    struct kw_tables tables;
    struct kw_prepared *prepared[KW_PREPARED_BUCKETS];
    struct kw_module *module;
    const struct kw_drawer_ops *drawer_ops;     /* NULL: not loaded */
    struct kw_drawer *drawer;
    bool drawer_failed;             /* tried and warned: what needs dots is named */
    int width_dots;
    bool substitutes;               /* signs may be written out in words */
    struct { uint32_t code; struct kw_unicode unicode; } known;     /* the last one beyond ASCII */
    struct kw_text *drawn;          /* its twin whose lines are all drawn; NULL: nobody asked */
};

/* A letter of ASCII, `from` bytes behind the beginning of its span, whose code point is number `at`; unmeasured. */
static inline struct kw_unit kw_unit_of_ascii(uint32_t code, size_t from, size_t at, uint8_t kind)
{
    return (struct kw_unit){ .from = (uint32_t)from, .length = 1, .code = (uint32_t)at, .codes = 1, .cells = 1,
                             .kind = kind, .breaks = kw_ascii_breaks[code], .spaced = code == ' ' };
}

/* What every table of every printer holds, and what no rule of Unicode joins, orders or replaces. */
bool kw_text_is_plain(const struct kw_text *text, const struct kw_span *span);
/* The span's graphemes as units and code points; *drawn: at least one needs dots. False: no memory. */
bool kw_text_build(struct kw_text *text, const struct kw_span *span, struct kw_stretch *stretch, bool *drawn);
/* NULL without memory (and *error says so). The span's warnings are noted once. */
struct kw_prepared *kw_text_prepare(struct kw_text *text, const struct kw_span *span, struct kw_error *error);

/* By content in a left-to-right receipt: the first strong letter; a right-to-left one needs any such letter. */
bool kw_text_runs_rtl(const struct kw_text *text, const uint32_t *codes, size_t count);

/* Before units or code points are looked at: most plain spans are set as they are, and have none. NO_MEMORY. */
int kw_prepared_part(struct kw_text *text, struct kw_prepared *prepared, struct kw_error *error);

/* Loads the module and its fonts when first asked. False: there is none, and a warning says so. */
bool kw_text_drawer(struct kw_text *text);

/* The letter without which receipts in a language are drawn anyway, their signs with them; 0: none. */
uint32_t kw_text_letter_of(const char *language);
/* What may be printed instead of a sign that no table holds; NULL when nothing may. */
const char *kw_text_substitute(uint32_t code, size_t choice);
/* The same for a whole word ("zł"): its length at utf8, 0 when none begins there. *instead is set. */
size_t kw_text_substitute_word(const char *utf8, size_t length, const char **instead);

int kw_text_cell_height(const struct kw_text *text, const struct kw_style *style);

#endif
