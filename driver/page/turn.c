/* turn.c - a page upside down. */
#include "page/page.h"

/* As high as its place, so that the white below it stands above it afterwards. */
static const struct kw_bitmap *turned(struct kw_page *page, const struct kw_bitmap *bitmap, int height)
{
    height = height > bitmap->height ? height : bitmap->height;
    struct kw_bitmap *made = kw_bitmap_new(page->arena, bitmap->width, height);
    for (int y = 0; made && y < bitmap->height; y++)
        for (int x = 0; x < bitmap->width; x++)
            if (kw_bitmap_get(bitmap, x, y))
                kw_bitmap_set(made, made->width - 1 - x, height - 1 - y);
    if (!made)
        page->error = KWIT_E_NO_MEMORY;
    return made;
}

static void turn_line(struct kw_page *page, struct kw_line *line)
{
    if (!line->bitmap)
        return;
    line->bitmap_x_dots = page->width_dots - line->bitmap_x_dots - line->bitmap->width;
    line->bitmap = turned(page, line->bitmap, line->height_dots);
}

static void turn_symbol(const struct kw_page *page, struct kw_symbol *symbol)
{
    int above = symbol->above_dots;
    symbol->x_dots = page->width_dots - symbol->x_dots - symbol->width_dots;
    symbol->above_dots = symbol->below_dots;
    symbol->below_dots = above;
}

static int turn_op(struct kw_page *page, struct kw_op *op, struct kw_error *error)
{
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        turn_line(page, &op->line);
        break;
    case KW_OP_BITMAP:
        op->image.x_dots = page->width_dots - op->image.x_dots - op->image.bitmap->width;
        op->image.bitmap = turned(page, op->image.bitmap, 0);
        break;
    case KW_OP_SYMBOL:
        turn_symbol(page, &op->symbol);
        break;
    case KW_OP_FEED:
        break;
    case KW_OP_STORED_LOGO:
    case KW_OP_BESIDE:
    case KW_OP_CANVAS:
        return kw_fail(error, KWIT_E_INTERNAL, op->origin, "what the printer sets by itself cannot be turned");
    }
    return page->error < 0 ? kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory to turn the receipt") : 0;
}

static bool has_ink(const struct kw_op *op)
{
    return op->kind != KW_OP_FEED && !(op->kind == KW_OP_LINE && op->line.run_count == 0 && !op->line.bitmap);
}

/* The last that has ink ends the piece now: what is not there with it is not whole. */
static void turn_order(struct kw_piece *piece)
{
    for (size_t i = 0; i < piece->op_count / 2; i++) {
        struct kw_op moving = piece->ops[i];
        piece->ops[i] = piece->ops[piece->op_count - 1 - i];
        piece->ops[piece->op_count - 1 - i] = moving;
    }
    piece->tail_op = piece->op_count;
    while (piece->tail_op > 0 && !has_ink(&piece->ops[piece->tail_op - 1]))
        piece->tail_op--;
    piece->tail_op -= piece->tail_op > 0;
}

int kw_page_turn(struct kw_page *page, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < page->piece_count; i++) {
        struct kw_piece *piece = &page->pieces[i];
        for (size_t k = 0; code == 0 && k < piece->op_count; k++)
            code = turn_op(page, &piece->ops[k], error);
        turn_order(piece);
    }
    page->turned = true;
    return code;
}
