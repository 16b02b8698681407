/*
 * beside.c - a QR code at one side of the paper, and text beside it: half the paper that they take below each other.
 *
 * The printer sets both itself where it has page mode, draws the code, and has every character; else both are drawn
 * here. Text is laid out on a page of its own first, part after part, as long as it is not higher than the code.
 */
#include "layout/flow.h"

enum { QUIET_MODULES = 4, MOST_MM = 28, LEAST_CELLS = 14 };

struct side {
    struct flow *flow;
    struct kw_symbol_plan code;
    bool native;
    int quiet;
    int x;                              /* of the text, as the flow counts */
    struct flow column;                 /* the text on its way down a page of its own */
    struct kw_page page;
    size_t parts;                       /* that are on it */
};

/* Not larger than it must be, but never so fine that a telephone does not read it. */
static bool plan_code(struct side *side, struct symbol_wish wish)
{
    struct kw_error ignored;
    int asked = wish.module_dots;
    wish.drawn = !side->native;
    wish.max_mm = asked ? 0 : MOST_MM;
    if (flow_plan_symbol(side->flow, &wish, &side->code, &ignored) < 0)
        return false;
    wish.max_mm = 0;
    wish.module_dots = QR_SURE_MODULE;
    if (!asked && side->code.module_dots < QR_SURE_MODULE
        && flow_plan_symbol(side->flow, &wish, &side->code, &ignored) < 0)
        return false;
    side->quiet = QUIET_MODULES * side->code.module_dots;
    return side->code.native == side->native;
}

/* Beside the code with its white, on the grid of the paper's columns. */
static bool make_column(struct side *side)
{
    struct flow *flow = side->flow;
    int cell = flow->cell;
    side->x = (side->code.width_dots + 2 * side->quiet + cell - 1) / cell * cell;
    side->column = *flow;
    side->column.page = &side->page;
    side->column.text = side->native ? flow->text : kw_text_drawn(flow->text);
    side->column.column.x = side->x;
    side->column.column.edge = flow->width;
    side->column.column.align = KW_ALIGN_LEFT;
    kw_page_init(&side->page, flow->arena, flow->page->width_dots);
    flow_begin_piece(&side->column, "");
    return side->column.text && flow->width - side->x >= LEAST_CELLS * cell && side->page.piece_count == 1;
}

static bool has_drawn_lines(const struct kw_piece *piece)
{
    for (size_t i = 0; i < piece->op_count; i++)
        if (piece->ops[i].kind == KW_OP_LINE && piece->ops[i].line.bitmap)
            return true;
    return false;
}

/*
 * A little higher than the code is better than a line more below it. The first line that is drawn says that the
 * printer's own page mode is not the way.
 */
static void lay_parts(struct side *side, flow_part *const *parts, size_t count)
{
    struct kw_piece *piece = &side->page.pieces[0];
    int most = side->code.height_dots + 2 * side->quiet + kw_text_line_dots(side->flow->text, &kw_plain) / 2;
    for (size_t i = 0; i < count && side->column.code == 0; i++) {
        size_t before = piece->op_count;
        parts[i](&side->column);
        if (side->column.column.refused || kw_piece_height_dots(piece) > most) {
            piece->op_count = before;
            return;
        }
        if (side->native && has_drawn_lines(piece)) {
            side->parts = 0;
            return;
        }
        side->parts = i + 1;
    }
}

static bool lay_side(struct side *side, bool native, const struct symbol_wish *wish, flow_part *const *parts,
                     size_t count)
{
    struct flow *flow = side->flow;
    *side = (struct side){ .flow = flow, .native = native };
    if (flow->code < 0 || !plan_code(side, *wish) || !make_column(side))
        return false;
    lay_parts(side, parts, count);
    flow->code = side->column.code;
    return flow->code == 0 && side->parts > 0;
}

/* Lines and the white between them. */
static struct kw_line *take_lines(const struct side *side)
{
    const struct kw_piece *piece = &side->page.pieces[0];
    struct kw_line *lines = kw_arena_array(side->flow->arena, piece->op_count, sizeof *lines);
    for (size_t i = 0; lines && i < piece->op_count; i++)
        lines[i] = piece->ops[i].kind == KW_OP_LINE ? piece->ops[i].line
                                                    : (struct kw_line){ .height_dots = piece->ops[i].feed_dots,
                                                                        .text = "" };
    return lines;
}

static struct kw_bitmap *draw(const struct side *side, const struct kw_beside *beside)
{
    struct kw_bitmap *whole = kw_bitmap_new(side->flow->arena, side->page.width_dots, beside->height_dots);
    int y = beside->lines_y_dots;
    if (!whole)
        return NULL;
    kw_bitmap_blend(whole, side->code.op.image.bitmap, beside->symbol.x_dots, beside->symbol_y_dots);
    for (size_t i = 0; i < beside->line_count; y += beside->lines[i++].height_dots)
        if (beside->lines[i].bitmap)
            kw_bitmap_blend(whole, beside->lines[i].bitmap, beside->lines[i].bitmap_x_dots, y);
    return whole;
}

static struct kw_symbol symbol_of(const struct side *side, int x)
{
    const struct kw_symbol_plan *code = &side->code;
    struct kw_symbol symbol = { .symbology = KW_QR, .module_dots = code->module_dots, .width_dots = code->width_dots,
                                .height_dots = code->height_dots, .plain = code->scanned };
    if (side->native)
        symbol = code->op.symbol;
    symbol.x_dots = x;
    return symbol;
}

/* Where words are kept, those of all lines become the block's. */
static bool keep_words(const struct side *side, struct kw_op *block, int y)
{
    const struct kw_piece *piece = &side->page.pieces[0];
    size_t count = 0;
    for (size_t i = 0; i < piece->op_count; i++)
        count += piece->ops[i].word_count;
    struct kw_lettering *words = count ? kw_arena_array(side->flow->arena, count, sizeof *words) : NULL;
    block->words = words;
    for (size_t i = 0; words && i < piece->op_count; y += kw_op_height_dots(&piece->ops[i++]))
        for (size_t k = 0; k < piece->ops[i].word_count; k++) {
            words[block->word_count] = piece->ops[i].words[k];
            words[block->word_count++].y_dots += y;
        }
    return words || count == 0;
}

static void place(struct side *side, const struct symbol_wish *wish)
{
    struct flow *flow = side->flow;
    int text = kw_piece_height_dots(&side->page.pieces[0]), width = side->page.width_dots,
        height = side->code.height_dots + 2 * side->quiet;
    struct kw_op *op = kw_page_add(flow->page, KW_OP_BESIDE, wish->origin);
    struct kw_beside *beside = op ? kw_arena_alloc(flow->arena, sizeof *beside) : NULL;
    struct kw_line *lines = beside ? take_lines(side) : NULL;
    if (!lines) {
        flow->page->error = KWIT_E_NO_MEMORY;
        return;
    }
    height = text > height ? text : height;
    int code_x = flow->mirrored ? width - side->quiet - side->code.width_dots : side->quiet;
    *beside = (struct kw_beside){
        .symbol = symbol_of(side, code_x), .symbol_y_dots = (height - side->code.height_dots) / 2,
        .lines = lines, .line_count = side->page.pieces[0].op_count, .lines_y_dots = (height - text) / 2,
        .lines_x_dots = flow->mirrored ? width - flow->width : side->x, .lines_width_dots = flow->width - side->x,
        .height_dots = height,
    };
    op->beside = beside;
    beside->bitmap = side->native ? NULL : draw(side, beside);
    if (!keep_words(side, op, beside->lines_y_dots) || (!side->native && !beside->bitmap))
        flow->page->error = KWIT_E_NO_MEMORY;
}

size_t flow_beside(struct flow *flow, const struct symbol_wish *wish, flow_part *const *parts, size_t count)
{
    const struct kw_profile *profile = flow->options->profile;
    struct side side = { .flow = flow };
    bool laid = profile->page_mode == KW_YES && lay_side(&side, true, wish, parts, count);
    if (!laid && !(profile->graphics && lay_side(&side, false, wish, parts, count)))
        return 0;
    flow_note_fine(flow, wish, &side.code);
    place(&side, wish);
    return side.parts;
}
