/*
 * stream.h - a finished stream read by the machine, in memory and without a clock: what each command was, whether it
 * happened, and what stands on the paper. For whoever must understand or change what another program printed.
 */
#ifndef KW_SIMULATOR_STREAM_H
#define KW_SIMULATOR_STREAM_H

#include "base/arena.h"
#include "base/error.h"
#include "grammar/grammar.h"
#include "image/bitmap.h"
#include "profile/profile.h"

/* What is in force between two commands. Places are dots; *_units is what GS L and GS W would have to say. */
struct kw_sim_standing {
    bool page_mode, macro_defining, deselected, upside_down;
    bool line_empty;                /* at the beginning of a line: nothing printed into it, nothing moved */
    bool two_byte, utf8;            /* FS &, FS ( C */
    bool bold, reverse, turned;
    uint8_t align;                  /* 0 left, 1 centre, 2 right */
    uint8_t table, international;   /* ESC t, ESC R */
    uint8_t font, times_wide, times_high, underline;
    int area_left, area_width;      /* the width is never more than there is room for */
    int area_left_units, area_width_units;
    int unit_x, unit_y;             /* motion units per inch; 0: dots */
    int line_spacing;               /* dots, standard mode */
};

/* Rows count from the first row of the stream, over all cuts, as if the paper were never cut. */
struct kw_sim_token {
    uint64_t offset, length;
    enum kw_token_class class;
    const char *name;               /* "GS v 0"; NULL: text, or undefined */
    bool happened;                  /* not refused, not in vain: a cut cut, a pulse pulsed, a setting was taken */
    bool inked;                     /* it put something visible on the paper, into the line or into the page */
    uint32_t cuts, pulses;          /* in it: a macro may have several */
    int64_t row;                    /* the print line after it */
    struct kw_sim_standing after;
};

/* Text of one style side by side. */
struct kw_sim_text {
    uint64_t offset;                /* of its first byte */
    const char *text;               /* UTF-8 */
    size_t length;
    int64_t row;                    /* top of its line: what shares a row is one line */
    int x, width;                   /* dots; upside down, before the line is turned */
    uint8_t font, times_wide, times_high, underline;
    bool bold, reverse, turned, upside_down, red;
};

/* A symbol that the printer drew from its data. */
struct kw_sim_code {
    uint64_t offset;
    const char *kind;               /* "qr", "pdf417", "EAN13", … as in the events */
    const char *data;               /* NUL behind it */
    size_t length;
    int64_t row;                    /* its top */
    int x, width, height;
};

/* A cut or a drawer pulse that happened. */
struct kw_sim_mark {
    uint64_t offset;                /* of its command */
    int64_t row;                    /* the print line at that moment */
};

/* Paper between two cuts, at the print line. The last one may have no cut. */
struct kw_sim_piece {
    uint64_t from, to;              /* bytes: behind the cut before it, up to and with its own */
    int64_t top, bottom;            /* rows; bottom is the first that does not belong to it */
    int64_t ink_top, ink_bottom;    /* rows with ink; both equal: none */
    size_t first_text, text_count, first_code, code_count;
    bool cut;
};

struct kw_sim_stream {
    const struct kw_sim_token *tokens;
    const struct kw_sim_text *texts;
    const struct kw_sim_code *codes;
    const struct kw_sim_mark *cuts, *pulses;
    const struct kw_sim_piece *pieces;
    size_t token_count, text_count, code_count, cut_count, pulse_count, piece_count;
    struct kw_bitmap strip;         /* all rows */
    int dpi, width_dots;
    bool unfinished;                /* ends inside a command or a picture */
    uint64_t unfinished_at;         /* where that begins; of a finished one its length */
    struct kw_sim_standing start, end;      /* end: before what still stands in the line is printed out */
};

struct kw_sim_stream_options {
    const struct kw_profile *profile;
    /* Bytes that the printer has seen already: nothing is told, their settings hold, ESC @ returns to their page. */
    const void *before;
    size_t before_length;
    int64_t until_ms;               /* kw_clock_boot_ms; 0: as long as it takes */
};

/*
 * Reads all of it. What it hands out lives in the arena, whose ceiling bounds the memory. KWIT_E_TIMEOUT at the moment,
 * KWIT_E_NO_MEMORY at the ceiling. A macro that waits for the feed button gets it.
 */
int kw_sim_read_stream(const struct kw_sim_stream_options *options, const void *bytes, size_t length,
                       struct kw_arena *arena, struct kw_sim_stream *stream, struct kw_error *error);

#endif
