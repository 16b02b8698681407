/* page.c - building and measuring the page. */
#include "page/page.h"

#include "base/eight.h"

enum { USUAL_OPS = 64 };

void kw_page_init(struct kw_page *page, struct kw_arena *arena, int width_dots)
{
    *page = (struct kw_page){ .arena = arena, .width_dots = width_dots, .expected_ops = USUAL_OPS };
}

void kw_page_expect(struct kw_page *page, size_t lines)
{
    page->expected_ops = USUAL_OPS + (lines < KW_PAGE_MAX_LINES ? lines : KW_PAGE_MAX_LINES);
}

/* Among the first pieces is the receipt, perhaps behind a drawer's pulse: grown in steps it would be copied thrice. */
static void make_room(struct kw_page *page, struct kw_piece *piece)
{
    enum { FIRST = 2 };
    if (piece->kind != KW_PIECE_PAPER || page->piece_count > FIRST)
        return;
    piece->ops = kw_arena_unset(page->arena, page->expected_ops, sizeof *piece->ops);
    piece->op_capacity = piece->ops ? page->expected_ops : 0;
    page->expected_ops = USUAL_OPS;
}

struct kw_piece *kw_page_add_piece(struct kw_page *page, enum kw_piece_kind kind, const char *name)
{
    struct kw_piece *pieces = kw_arena_grow(page->arena, page->pieces, page->piece_count, &page->piece_capacity,
                                            sizeof *pieces);
    if (!pieces) {
        page->error = KWIT_E_NO_MEMORY;
        return NULL;
    }
    page->pieces = pieces;
    struct kw_piece *piece = &pieces[page->piece_count++];
    *piece = (struct kw_piece){ .kind = (uint8_t)kind, .name = name };
    make_room(page, piece);
    return piece;
}

struct kw_op *kw_page_add(struct kw_page *page, enum kw_op_kind kind, const char *origin)
{
    if (page->piece_count == 0 && !kw_page_add_piece(page, KW_PIECE_PAPER, "receipt"))
        return NULL;
    struct kw_piece *piece = &page->pieces[page->piece_count - 1];
    struct kw_op *ops = kw_arena_grow(page->arena, piece->ops, piece->op_count, &piece->op_capacity, sizeof *ops);
    if (!ops) {
        page->error = KWIT_E_NO_MEMORY;
        return NULL;
    }
    piece->ops = ops;
    struct kw_op *op = &ops[piece->op_count++];
    *op = (struct kw_op){ .kind = (uint8_t)kind, .origin = origin ? origin : "" };
    return op;
}

void kw_page_feed(struct kw_page *page, int dots)
{
    struct kw_op *op = dots > 0 ? kw_page_add(page, KW_OP_FEED, "") : NULL;
    if (op)
        op->feed_dots = dots;
}

void kw_page_begin_tail(struct kw_page *page)
{
    if (page->piece_count > 0) {
        struct kw_piece *piece = &page->pieces[page->piece_count - 1];
        piece->tail_op = piece->op_count;
    }
}

int kw_op_height_dots(const struct kw_op *op)
{
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        return op->line.height_dots;
    case KW_OP_BITMAP:
        return op->image.bitmap->height;
    case KW_OP_SYMBOL:
        return op->symbol.above_dots + op->symbol.height_dots + op->symbol.below_dots;
    case KW_OP_STORED_LOGO:
        return op->logo.height_dots;
    case KW_OP_FEED:
        return op->feed_dots;
    case KW_OP_BESIDE:
        return op->beside->height_dots;
    case KW_OP_CANVAS:
        return op->canvas->height_dots;
    }
    return 0;
}

static bool is_turned(const struct kw_area *area)
{
    return area->heading == KW_HEADING_UP || area->heading == KW_HEADING_DOWN;
}

int kw_area_along(const struct kw_area *area)
{
    return is_turned(area) ? area->height_dots : area->width_dots;
}

int kw_area_down(const struct kw_area *area)
{
    return is_turned(area) ? area->width_dots : area->height_dots;
}

int kw_piece_height_dots(const struct kw_piece *piece)
{
    int height = 0;
    for (size_t i = 0; i < piece->op_count; i++)
        height += kw_op_height_dots(&piece->ops[i]);
    return height;
}

/* Printable bytes only: a control byte in a run would be a command made from data. */
static bool run_is_printable(const struct kw_run *run)
{
    bool plain = kw_eight_all_plain((const char *)run->bytes, run->length);
    for (size_t at = 0; !plain && at < run->length; at++)
        if (run->bytes[at] < 0x20 || run->bytes[at] == 0x7F)
            return false;
    return run->length > 0;
}

/* Runs stand between the dots `from` and `to` of the paper; what is drawn may have a margin of white. */
static int check_line(const struct kw_line *line, int from, int to, int width, const char *origin,
                      struct kw_error *error)
{
    int at = from;
    if (line->height_dots <= 0)
        return kw_fail(error, KWIT_E_INTERNAL, origin, "a line has no height");
    if (line->bitmap && (line->bitmap_x_dots < 0 || line->bitmap_x_dots + line->bitmap->width > width))
        return kw_fail(error, KWIT_E_INTERNAL, origin, "a drawn line is wider than the paper");
    for (size_t i = 0; i < line->run_count; i++) {
        const struct kw_run *run = &line->runs[i];
        if (!run_is_printable(run))
            return kw_fail(error, KWIT_E_INTERNAL, origin, "a run has a byte that is no character");
        if (run->x_dots < at || run->x_dots + run->width_dots > to)
            return kw_fail(error, KWIT_E_INTERNAL, origin, "a run overlaps another or leaves the paper");
        at = run->x_dots + run->width_dots;
    }
    return 0;
}

static int check_beside(const struct kw_page *page, const struct kw_op *op, struct kw_error *error)
{
    const struct kw_beside *beside = op->beside;
    const struct kw_symbol *symbol = &beside->symbol;
    int to = beside->lines_x_dots + beside->lines_width_dots, y = beside->lines_y_dots, code = 0;
    for (size_t i = 0; code == 0 && i < beside->line_count; i++) {
        code = check_line(&beside->lines[i], beside->lines_x_dots, to, page->width_dots, op->origin, error);
        y += beside->lines[i].height_dots;
    }
    bool apart = symbol->x_dots + symbol->width_dots <= beside->lines_x_dots || symbol->x_dots >= to;
    bool inside = symbol->x_dots >= 0 && beside->lines_x_dots >= 0 && to <= page->width_dots && y <= beside->height_dots
        && symbol->x_dots + symbol->width_dots <= page->width_dots
        && beside->symbol_y_dots + symbol->height_dots <= beside->height_dots;
    if (code == 0 && (!apart || !inside))
        code = kw_fail(error, KWIT_E_INTERNAL, op->origin, "a code and the text beside it are not in their places");
    return code;
}

static bool is_inside(const struct kw_area *area, const struct kw_placed *placed)
{
    int height = placed->bitmap ? placed->bitmap->height : 0, width = placed->bitmap ? placed->bitmap->width : 0;
    return placed->x_dots >= 0 && placed->y_dots >= height && placed->y_dots <= kw_area_down(area)
        && (placed->words || placed->x_dots + width <= kw_area_along(area));
}

static int check_area(const struct kw_page *page, const struct kw_canvas *canvas, const struct kw_area *area,
                      const char *origin, struct kw_error *error)
{
    bool inside = area->x_dots >= 0 && area->y_dots >= 0 && area->width_dots > 0 && area->height_dots > 0
        && area->x_dots + area->width_dots <= page->width_dots
        && area->y_dots + area->height_dots <= canvas->height_dots;
    int along = kw_area_along(area), code = 0;
    for (size_t i = 0; inside && code == 0 && i < area->placed_count; i++) {
        const struct kw_placed *placed = &area->placed[i];
        inside = is_inside(area, placed);
        if (!placed->bitmap)
            code = check_line(&placed->words->line, 0, along, along, origin, error);
    }
    return inside || code < 0 ? code
        : kw_fail(error, KWIT_E_INTERNAL, origin, "something is not in its place on a page of another program");
}

static int check_canvas(const struct kw_page *page, const struct kw_op *op, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < op->canvas->area_count; i++)
        code = check_area(page, op->canvas, &op->canvas->areas[i], op->origin, error);
    return code;
}

static int check_op(const struct kw_page *page, const struct kw_op *op, struct kw_error *error)
{
    int x = 0, width = 0;
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        return check_line(&op->line, 0, page->width_dots, page->width_dots, op->origin, error);
    case KW_OP_BITMAP:
        x = op->image.x_dots;
        width = op->image.bitmap->width;
        break;
    case KW_OP_SYMBOL:
        x = op->symbol.x_dots;
        width = op->symbol.width_dots;
        break;
    case KW_OP_STORED_LOGO:
        x = op->logo.x_dots;
        width = op->logo.width_dots;
        break;
    case KW_OP_FEED:
        break;
    case KW_OP_BESIDE:
        return check_beside(page, op, error);
    case KW_OP_CANVAS:
        return check_canvas(page, op, error);
    }
    if (x < 0 || width < 0 || x + width > page->width_dots || kw_op_height_dots(op) < 0)
        return kw_fail(error, KWIT_E_INTERNAL, op->origin, "something is wider than the paper");
    return 0;
}

/* Lines of text on all pieces: what a document may take of paper, whatever it is made of. */
static size_t count_lines(const struct kw_page *page)
{
    size_t count = 0;
    for (size_t i = 0; i < page->piece_count; i++)
        for (size_t k = 0; k < page->pieces[i].op_count; k++)
            count += page->pieces[i].ops[k].kind == KW_OP_LINE;
    return count;
}

int kw_page_check(const struct kw_page *page, struct kw_error *error)
{
    if (page->error < 0)
        return kw_fail(error, (enum kwit_error)page->error, "", "out of memory while laying out the receipt");
    if (count_lines(page) > KW_PAGE_MAX_LINES)
        return kw_fail(error, KWIT_E_TOO_LARGE, "", "the receipt is longer than %d lines on this paper; print it in "
                       "parts", KW_PAGE_MAX_LINES);
    for (size_t i = 0; i < page->piece_count; i++) {
        const struct kw_piece *piece = &page->pieces[i];
        if (piece->tail_op > piece->op_count)
            return kw_fail(error, KWIT_E_INTERNAL, piece->name, "the tail begins behind the end");
        for (size_t k = 0; k < piece->op_count; k++) {
            int code = check_op(page, &piece->ops[k], error);
            if (code < 0)
                return code;
        }
    }
    return 0;
}
