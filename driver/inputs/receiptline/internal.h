/* internal.h - what the parts of this room share: one text while it is read. */
#ifndef KW_INPUTS_RECEIPTLINE_INTERNAL_H
#define KW_INPUTS_RECEIPTLINE_INTERNAL_H

#include "base/buffer.h"
#include "inputs/receiptline/receiptline.h"
#include "layout/symbol.h"

enum kw_rl_border { KW_RL_NONE, KW_RL_SPACE, KW_RL_LINE };
enum { KW_RL_STAR = -1 };           /* a column that takes what is left */

/* What a line says for those after it. */
struct kw_rl_settings {
    int widths[KW_RECEIPTLINE_COLUMNS];     /* columns; KW_RL_STAR */
    int width_count;                        /* 0: all share */
    enum kw_rl_border border;
    enum kw_align align;                    /* of what is narrower than the paper */
    bool nowrap;
    struct { char type[12]; int module, height, cell; char level; bool human; } code;
};

/* Text between two bars; its align is where its white space pushes it. */
struct kw_rl_column { const char *text; size_t length; enum kw_align align; };

/* A stretch of a column's text in one style, on one of the lines that the column takes. */
struct kw_rl_part { struct kw_span span; int row, width_dots; };
struct kw_rl_words { struct kw_rl_part *parts; size_t count, capacity; int rows; };

/* Places of the columns on the paper, in cells: `left` is white, `total` goes over all of them and their borders. */
struct kw_rl_plan { int at[KW_RECEIPTLINE_COLUMNS], width[KW_RECEIPTLINE_COLUMNS], count, left, total; };

struct kw_rl_reading {
    struct kw_arena *arena;
    struct kw_text *text;
    const struct kw_profile *profile;
    struct kw_page *page;
    struct kw_notes *warnings;
    struct kw_error *error;
    struct kw_rl_settings settings;
    struct kw_rl_plan table;        /* with lines: the row above; no column: the table has none yet */
    bool rule_due;                  /* its next row comes behind a rule */
    long line;                      /* counted from 1, for what is told */
    bool piece_open;
    int code;
};

/* ---- reading.c ---- */

/* The piece of paper that is printed on; begins one where none is open. */
void kw_rl_open_piece(struct kw_rl_reading *reading);
int kw_rl_refuse(struct kw_rl_reading *reading, const char *what, const char *why);
int kw_rl_no_memory(struct kw_rl_reading *reading);

/* ---- words.c: decoration and escapes ---- */

/* One escape behind a backslash; how many bytes it takes. *code: the character, 0 where it is none. */
size_t kw_rl_escape(const char *text, size_t length, const char *signs, uint32_t *code);
/* A column's text broken to this room. */
int kw_rl_words_break(struct kw_rl_reading *reading, const struct kw_rl_column *column, int room_dots,
                      struct kw_rl_words *out);

/* ---- columns.c ---- */
/* One line of the text; there is room for KW_RECEIPTLINE_COLUMNS. */
int kw_rl_columns(struct kw_rl_reading *reading, struct kw_rl_column *columns, int count);
/* A horizontal rule, as wide as the columns are. In a table with lines it is one of those, drawn with the row below. */
int kw_rl_rule(struct kw_rl_reading *reading);
/* The line below a table, where one was begun. */
int kw_rl_end_table(struct kw_rl_reading *reading);

/* ---- properties.c ---- */

/* What stands between the braces of a line of its own. */
int kw_rl_properties(struct kw_rl_reading *reading, const char *text, size_t length);

/* ---- drawn.c ---- */
int kw_rl_picture(struct kw_rl_reading *reading, const char *base64, size_t length);
int kw_rl_symbol(struct kw_rl_reading *reading, const char *data, size_t length);

#endif
