/* blocks.c - blocks of a document, header or footer, each printed as it says. */
#include "layout/flow.h"

#include <string.h>

/* What a document says of a text goes to the page as it is. */
_Static_assert((int)KW_BLOCK_LEFT == KW_ALIGN_LEFT && (int)KW_BLOCK_CENTER == KW_ALIGN_CENTER
               && (int)KW_BLOCK_RIGHT == KW_ALIGN_RIGHT, "aligns of documents and of the page");
_Static_assert((int)KW_BLOCK_FONT_A == KW_FONT_A && (int)KW_BLOCK_FONT_B == KW_FONT_B,
               "fonts of documents and of the page");

static uint8_t times(const struct flow *flow, int factor)
{
    int most = kw_profile_most_times(flow->options->profile);
    return (uint8_t)(factor < 1 ? 1 : factor < most ? factor : most);
}

static struct kw_style style_of(const struct flow *flow, const struct kw_block_text *text, int width)
{
    return (struct kw_style){
        .font = (uint8_t)text->font, .width = times(flow, width), .height = times(flow, text->height),
        .bold = text->bold, .underline = text->underline,
        .invert = text->invert,
    };
}

/* Widths that were said are kept while they fit; what is left is shared by the other cells. */
static void place_cells(struct flow *flow, const struct kw_block *block, struct cell *cells, size_t count)
{
    int gaps = (int)(count - 1) * flow->cell, said = 0, unsaid = 0;
    for (size_t i = 0; i < count; i++) {
        said += block->cells[i].width * flow->cell;
        unsaid += block->cells[i].width == 0;
    }
    int room = flow->width - gaps;
    bool keep = said + unsaid * flow->cell <= room;
    int share = !keep ? room / (int)count : unsaid ? (room - said) / unsaid : 0, x = 0;
    for (size_t i = 0; i < count; i++) {
        int width = keep && block->cells[i].width ? block->cells[i].width * flow->cell : share;
        width = i + 1 == count && (!keep || unsaid) ? flow->width - x : width;
        cells[i] = (struct cell){ .text = block->cells[i].text, .style = style_of(flow, &block->cells[i], 1),
                                  .align = (enum kw_align)block->cells[i].align, .x = x, .width = width };
        x += width + flow->cell;
    }
}

static void set_row(struct flow *flow, const struct kw_block *block)
{
    struct cell cells[MOST_CELLS];
    size_t count = block->cell_count;
    if (count == 0 || count > MOST_CELLS)
        return;
    if (flow->width < (int)(2 * count) * flow->cell) {      /* more cells than columns */
        for (size_t i = 0; i < count; i++)
            flow_left(flow, block->cells[i].text, block->pointer);
        return;
    }
    place_cells(flow, block, cells, count);
    flow_row(flow, cells, count, block->pointer);
}

static void set_image(struct flow *flow, const struct kw_block *block)
{
    const struct kw_layout_options *options = flow->options;
    int paper = flow->page->width_dots;
    int width = block->width_mm ? flow_mm(flow, block->width_mm * 10) : paper;
    width = width > paper ? paper : width;
    const struct kw_bitmap *bitmap = NULL;
    if (options->image)
        bitmap = options->image(options->image_data, block->image, width, (enum kw_dither)block->dither,
                                block->pointer);
    if (!bitmap)
        return;
    struct kw_op *op = kw_page_add(flow->page, KW_OP_BITMAP, block->pointer);
    if (op) {
        op->image.bitmap = bitmap;
        op->image.x_dots = (paper - bitmap->width) / 2;
    }
}

static void set_block(struct flow *flow, const struct kw_block *block)
{
    switch (block->kind) {
    case KW_BLOCK_TEXT:
        flow_paragraph(flow, &(struct paragraph){ .text = block->text.text,
                                                  .style = style_of(flow, &block->text, block->text.width),
                                                  .align = (enum kw_align)block->text.align,
                                                  .origin = block->pointer });
        break;
    case KW_BLOCK_ROW:
        set_row(flow, block);
        break;
    case KW_BLOCK_RULE:
        flow_rule(flow, block->rule);
        break;
    case KW_BLOCK_QR:
        flow_symbol(flow, &(struct symbol_wish){ .origin = block->pointer, .symbology = "qr", .data = block->code.data,
                                                 .min_mm = 0, .max_mm = 0, .size_mm = block->size_mm,
                                                 .error_level = block->error_level });
        break;
    case KW_BLOCK_BARCODE:
        flow_symbol(flow, &(struct symbol_wish){ .caption = block->code.caption, .origin = block->pointer,
                                                 .symbology = block->code.symbology, .data = block->code.data,
                                                 .text = block->code.text });
        break;
    case KW_BLOCK_IMAGE:
        set_image(flow, block);
        break;
    case KW_BLOCK_FEED:
        kw_page_feed(flow->page, block->feed * kw_text_line_dots(flow->text, &kw_plain));
        break;
    case KW_BLOCK_CUT:
        flow_cut(flow, block->cut == KW_BLOCK_CUT_FULL ? KW_CUT_FULL : KW_CUT_PARTIAL);
        break;
    }
}

void flow_blocks(struct flow *flow, const struct kw_blocks *blocks)
{
    for (size_t i = 0; i < blocks->count && flow->code == 0; i++) {
        flow_mark(flow);
        set_block(flow, &blocks->items[i]);
    }
}

void section_blocks(struct flow *flow)
{
    if (!flow->station)
        flow_blocks(flow, &flow->sale->blocks);
}
