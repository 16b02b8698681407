/* rows.h - private to this room: a map as it was read, and values on their way through its rows. */
#ifndef KW_INPUTS_MAPS_ROWS_H
#define KW_INPUTS_MAPS_ROWS_H

#include "base/decimal.h"
#include "base/value.h"
#include "inputs/maps/maps.h"

enum op_id {
#define OP(name, word, arguments, help) OP_##name,
#include "inputs/maps/ops.def"
#undef OP
    OP_COUNT
};

/* One step of a path: a member by its key, an element by its place, all elements, all members as if they were such. */
enum { ALL_ELEMENTS = -1, ALL_MEMBERS = -2 };
struct step {
    const char *key;                /* NULL: an element */
    long index;
    const struct step *next;
};

/* From the element at hand or from the document's root; or no path but a text or yes. */
struct path {
    bool from_root, yes;
    const char *literal;
    const struct step *steps;
    const char *written;
};

struct pair { const char *from, *to; const struct pair *next; };

struct op {
    enum op_id id;
    const char *text;               /* NULL: none was given */
    struct path path;
    const struct pair *pairs;
    const struct op *next;
};

enum test { IS_THERE, IS_ONE_OF, IS_BELOW, IS_ABOVE };

struct condition {
    bool turned;                    /* not …, != */
    struct path path;
    enum test test;
    const struct pair *words;       /* IS_ONE_OF: their `from` */
    struct kw_decimal bound;
    const struct condition *next;
};

struct row {
    const char *target;             /* "total", "order/table", "details[]" */
    struct path path;
    const struct op *ops;
    const struct condition *when;
    int line;
    const struct row *next;
};

/* [sale], or a list of objects that is filled for each element of a list of the other document. */
struct map_section {
    const char *name;               /* "lines"; of "lines/discounts" the last word */
    struct path each;
    const struct condition *where;
    struct row *rows, **rows_end;
    struct map_section *children, **children_end, *next;
    int line;
};

struct kw_map {
    const char *name, *title;
    bool xml;
    struct row *roots, **roots_end;         /* where the document may begin: the first that is there counts */
    struct map_section sale;
};

/* ---- rows.c, line.c: from text to rows ---- */

struct map_reader {
    struct kw_arena *arena;
    const char *name;
    int line;
    struct kw_error *error;
    bool failed;
};

/* CONFIG at this line, once; returns NULL. */
void *kw_map_fault(struct map_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `target = path | op … when condition`; `each = path where condition` has no operation. */
bool kw_map_read_row(struct map_reader *reader, const char *text, struct row *row);

/* Whether a sale document has a field of that name below these: "lines", "discounts/amount". *list: it is a list. */
bool kw_map_has_target(const char *below, const char *target, bool *list);

/* ---- values.c: what a row makes of the other document ---- */

struct run {
    struct kw_arena *arena;
    const struct kw_map *map;
    const struct kw_map_shop *shop;
    const struct kw_value *root;
    const char *currency;
    int exponent;
    struct kw_error *error;
    int code;
};

enum item_kind { NOTHING, NODE, TEXT, NUMBER, YES };
enum item_form { FORM_AMOUNT, FORM_PRICE, FORM_QUANTITY };

struct item {
    enum item_kind kind;
    const struct kw_value *node;
    const char *text;
    struct kw_decimal number;
    enum item_form form;
    int decimals;                   /* of a number that counts the smallest coin: as many as that; 0: it does not */
    bool rounds;
};

const struct kw_value *kw_map_walk(const struct run *run, const struct kw_value *here, const struct path *path);
/* Calls for each node that the path leads to, which are several where it says []. */
typedef void each_node(void *data, const struct kw_value *node);
void kw_map_walk_all(const struct run *run, const struct kw_value *here, const struct path *path, each_node *each,
                     void *data);
bool kw_map_holds(const struct run *run, const struct kw_value *here, const struct condition *conditions);
struct item kw_map_value(struct run *run, const struct kw_value *here, const struct row *row);
/* The text of a scalar; NULL: it has none, or is empty. */
const char *kw_map_text(struct kw_arena *arena, const struct kw_value *node);
/* To the nearest millionth, so that what a float cannot hold exactly is what was meant; false: it is too large. */
bool kw_map_real(double real, struct kw_decimal *number);
/* Noughts behind the point go, but for the first `least`; the length that is left. */
size_t kw_map_shorten(char *text, int least);

/* ---- item.c ---- */

/* INVALID at this row, once; NOTHING. */
struct item kw_map_wrong(struct run *run, const struct row *row, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* NULL: it has none, or is empty. */
const char *kw_map_item_text(struct run *run, const struct item *item);

/* ---- numbers.c, texts.c: the operations ---- */

struct item kw_map_number(struct run *run, const struct kw_value *here, const struct row *row, const struct op *op,
                          struct item item);
struct item kw_map_time(struct run *run, const struct row *row, const struct op *op, const struct item *item);
const char *kw_map_html(struct kw_arena *arena, const char *text);
const char *kw_map_language(struct kw_arena *arena, const char *text);
/* "cash", "card" …; "other" for what nobody knows. */
const char *kw_map_payment(const struct kw_map_shop *shop, const char *text);

/* The number as it stands in a sale document; NULL: it cannot (INVALID). */
const char *kw_map_number_text(struct run *run, const struct row *row, const struct item *item);

/* ---- xml.c ---- */

/* XML as JSON would have it: attributes are "@name", repeated elements a list, the text beside others "#". */
int kw_map_read_xml(struct kw_arena *arena, const void *bytes, size_t length, struct kw_value **value,
                    struct kw_error *error);

#endif
