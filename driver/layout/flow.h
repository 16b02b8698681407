/*
 * flow.h - private to the layout: one receipt on its way down the paper, and the few shapes that all sections use.
 *
 * The first failure sticks in flow->code; every helper does nothing after it, so that sections need not ask.
 */
#ifndef KW_LAYOUT_FLOW_H
#define KW_LAYOUT_FLOW_H

#include "layout/layout.h"
#include "layout/symbol.h"

struct flow {
    const struct kw_sale *sale;
    const struct kw_locale *locale, *customer;      /* customer: second language of the labels, or NULL */
    const struct kw_layout_options *options;
    struct kw_text *text;
    struct kw_page *page;
    struct kw_error *error;
    struct kw_arena *arena;
    int code;
    int width, cell;                /* of all columns and of one, in dots; pictures have the page's width */
    int amount_edge;                /* where the units of all amounts end; tax codes and signs stand behind it */
    int amount_width;               /* of the widest total of a line */
    int amount_column;              /* right to left: of the widest amount of all, whose units stand under each other */
    const struct kw_style *total_style, *sign_style;    /* of the total, and of a currency sign behind it */
    const char *total_unit;         /* the currency's word, where it stands beside the total's label */
    const char *sign;               /* the currency's behind the total's amount, with its space; NULL: elsewhere */
    int decimals;                   /* that amounts are written with at least */
    bool prices;                    /* false on gift receipts and station tickets */
    bool station;                   /* a ticket for the kitchen */
    bool mirrored;                  /* a right-to-left receipt: x counts from the right */
    /* In which words stand that are not amounts; edge 0: the whole paper. What must not be broken may refuse it. */
    struct { int x, edge, align; bool refused; } column;
    /* What the country wants behind a line of text: its words again after so many. NULL: nothing. */
    struct { void (*behind_line)(struct flow *flow); int every, since; } law;
    bool tail_set;                  /* the tail begins at the total */
    size_t tail_op;                 /* else at the last thing that was begun */
};

extern const struct kw_style kw_plain, kw_bold, kw_small;
extern const struct kw_style kw_tall, kw_large;                         /* twice the height; twice both */

int flow_mm(const struct flow *flow, int tenths);                       /* tenths of a millimetre to dots */
/* Whether the configuration hides it: a name of sections.def. */
bool flow_hidden(const struct flow *flow, const char *name);
const char *flow_format(struct flow *flow, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *flow_copy(struct flow *flow, const char *text, size_t length);
/* Three texts behind each other: what each line of a sale needs, without a format to be read. */
const char *flow_joined(struct flow *flow, const char *one, const char *two, const char *three);

/* A word in the receipt's language, and behind a stroke in the customer's. */
const char *flow_label(struct flow *flow, enum kw_label label);
/* Whether a text's first word, or first words, are these. */
bool flow_begins_with(const char *text, const char *word);
/*
 * "071 3233 0000" is one number: from right to left its groups would change places. With blanks at which no line ends,
 * whole: all of them, for what is dialled or typed.
 */
const char *flow_held(struct flow *flow, const char *value, bool whole);
/* "Cashier: Anna", "Receipt no. 12". */
const char *flow_named(struct flow *flow, const char *label, const char *value);
/* Whether a number brings its own label ("ABN 51 824 753 556"), and the number named where it does not. */
bool flow_brings_label(const char *value);
const char *flow_labelled(struct flow *flow, const char *label, const char *value);
const char *flow_amount(struct flow *flow, const struct kw_number *number);        /* NULL when absent */
/* The same, but NULL for nothing unless the shop wants to see zeros. */
const char *flow_amount_unless_zero(struct flow *flow, const struct kw_number *number);
const char *flow_quantity(struct flow *flow, const struct kw_number *number);
/* "2 x 4.50" */
const char *flow_times(struct flow *flow, const char *count, const char *of);
const char *flow_money(struct flow *flow, const struct kw_number *number);
const char *flow_money_in(struct flow *flow, const char *decimal, const char *currency, int decimals);
/* The currency of the amounts where it is a word, not a sign; NULL where it is one. */
const char *flow_currency_word(const struct flow *flow);
int flow_measure(struct flow *flow, const char *text, const struct kw_style *style, unsigned flags);

/* What may be the tail begins here, unless the total already did. */
void flow_mark(struct flow *flow);
void flow_white(struct flow *flow, int tenths_of_mm);
void flow_feed(struct flow *flow, int tenths_of_mm);                    /* between sections: as the shop has it */
void flow_rule(struct flow *flow, const char *word);                    /* "single", "double", "dotted" */

/* Text over as many lines as it takes, from x to edge. */
struct paragraph {
    const char *text;
    struct kw_style style;
    enum kw_align align;
    int x, edge;                    /* dots; edge 0: the paper's */
    unsigned flags;                 /* of the span */
    bool hangs;                     /* lines below the first stand in, unless the text ends them itself */
    const char *origin;
};
void flow_paragraph(struct flow *flow, const struct paragraph *paragraph);
/* In the column that the flow is in; centred where that is the paper. */
void flow_words(struct flow *flow, const char *text, struct kw_style style, const char *origin);
void flow_left(struct flow *flow, const char *text, const char *origin);
void flow_center(struct flow *flow, const char *text, struct kw_style style, const char *origin);
/* The same of a name that the document gives: the order of its words is not kwit's to keep. */
void flow_center_name(struct flow *flow, const char *name, struct kw_style style, const char *origin);
/* The largest of large, tall and plain in which the text fits one line; plain when none does. */
struct kw_style flow_emphasis(struct flow *flow, const char *text, int dots);

/* A text and up to two amounts behind it, which stand on the text's last line, or on their own when it has no room. */
struct entry {
    const char *text;
    const char *inner, *amount, *mark;  /* mark: what stands behind the amount edge (tax codes); all may be NULL */
    struct kw_style style;
    int x;
    const char *sign;               /* of the currency, behind the amount edge; NULL: none, or it is in the amount */
    const struct kw_style *sign_style;
    unsigned text_flags, value_flags;
    bool whole;                     /* rather a line more than the text broken for the amount's sake */
    const char *origin;
};
void flow_entry(struct flow *flow, const struct entry *entry);
/* label … value, both plain, the value at the paper's edge; values that are words may wrap. */
void flow_pair(struct flow *flow, const char *label, const char *value, const char *origin);
void flow_pair_name(struct flow *flow, const char *label, const char *name, const char *origin);
void flow_facts(struct flow *flow, const struct kw_facts *facts, int x, const char *origin);
/* Two texts on one line when they fit, else below each other. */
void flow_sides(struct flow *flow, const char *left, const char *right, const char *origin);

/* Cells beside each other, each over as many lines as it takes. */
struct cell {
    const char *text;
    struct kw_style style;
    enum kw_align align;
    int x, width;
    unsigned flags;
};
enum { MOST_CELLS = 16 };
void flow_row(struct flow *flow, const struct cell *cells, size_t count, const char *origin);

/* ---- pieces (pieces.c) --------------------------------------------------------------------------------------- */

void flow_begin_piece(struct flow *flow, const char *name);
void flow_end_piece(struct flow *flow, enum kw_cut cut);
void flow_cut(struct flow *flow, enum kw_cut cut);                      /* the rest is another piece */
void flow_drop_empty_piece(struct flow *flow);                          /* one on which nothing was printed is none */

/* ---- parts --------------------------------------------------------------------------------------------------- */

/* symbols.c */
struct symbol_wish {
    const char *caption, *origin;
    const char *symbology, *data;
    int min_mm, max_mm, size_mm, module_dots;   /* 0: default */
    char error_level;               /* least; 0: M */
    bool text;                      /* characters below bars */
    bool required;                  /* a fiscal symbol: cannot be left out */
    bool drawn;                     /* here, whatever the printer can */
};
enum { QR_SURE_MODULE = 4 };        /* dots that every telephone reads */
void flow_symbol(struct flow *flow, const struct symbol_wish *wish);
/* The words of the document, and what they mean here. */
int flow_plan_symbol(struct flow *flow, const struct symbol_wish *wish, struct kw_symbol_plan *plan,
                     struct kw_error *why);
/* Warns of squares that not every telephone reads. */
void flow_note_fine(struct flow *flow, const struct symbol_wish *wish, const struct kw_symbol_plan *plan);

/* details.c: the emphasis that the configuration names, and what describes a line. */
const struct kw_style *flow_emphasized(enum kw_emphasis emphasis);
void flow_details(struct flow *flow, const struct kw_sale_line *line, int x);

/* beside.c */
typedef void flow_part(struct flow *flow);
/*
 * A QR code with text beside it, from the list's first part on as far as they fit. Tells how many do; 0: nothing is
 * printed, for the paper is too narrow or nothing can be drawn where the printer does not set it itself.
 */
size_t flow_beside(struct flow *flow, const struct symbol_wish *wish, flow_part *const *parts, size_t count);

void flow_blocks(struct flow *flow, const struct kw_blocks *blocks);        /* blocks.c */
/* How the total is written once its columns are learnt (columns.c, as those below). */
const char *flow_total_label(struct flow *flow);
const char *flow_total_amount(struct flow *flow);
unsigned flow_total_flags(const struct flow *flow);
void flow_learn_columns(struct flow *flow);
/* The tax codes of a line, one behind the other; NULL: none, or hidden. */
const char *flow_tax_codes(struct flow *flow, const struct kw_sale_line *line);
/* What the country wants at the head, or the foot; whether these are its words; what it forbids fails. */
void flow_law_marks(struct flow *flow, bool foot);
bool flow_law_says(const struct flow *flow, const char *text);
void flow_obey(struct flow *flow);

void flow_marks(struct flow *flow);                                         /* head.c */
void flow_store_name(struct flow *flow);                                    /* whose paper it is, where it is cut off */
void flow_voucher(struct flow *flow, const struct kw_voucher *voucher);     /* codes.c */

/* Every section of sections.def: a function section_<name>. */
#define SECTION(name) void section_##name(struct flow *flow);
#include "layout/sections.def"

#endif
