/* pieces.c - where one piece of paper ends and the next begins, and where its tail does. */
#include "layout/flow.h"

static struct kw_piece *last_piece(struct flow *flow)
{
    return flow->page->piece_count ? &flow->page->pieces[flow->page->piece_count - 1] : NULL;
}

void flow_begin_piece(struct flow *flow, const char *name)
{
    kw_page_add_piece(flow->page, KW_PIECE_PAPER, name);
    flow->tail_set = false;
    flow->tail_op = 0;
}

void flow_end_piece(struct flow *flow, enum kw_cut cut)
{
    struct kw_piece *piece = last_piece(flow);
    if (!piece)
        return;
    piece->cut = (uint8_t)(flow->options->cut == KW_CUT_NONE ? KW_CUT_NONE : cut);
    if (!flow->tail_set)
        piece->tail_op = flow->tail_op < piece->op_count ? flow->tail_op : 0;
}

void flow_cut(struct flow *flow, enum kw_cut cut)
{
    if (flow->code < 0 || !last_piece(flow) || !last_piece(flow)->op_count)
        return;
    flow_end_piece(flow, cut);
    flow_begin_piece(flow, flow_format(flow, "receipt %zu", flow->page->piece_count + 1));
}

void flow_drop_empty_piece(struct flow *flow)
{
    struct kw_piece *piece = last_piece(flow);
    if (piece && piece->kind == KW_PIECE_PAPER && piece->op_count == 0)
        flow->page->piece_count--;
}
