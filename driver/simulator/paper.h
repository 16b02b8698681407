/* paper.h - the paper since the last cut. */
#ifndef KW_SIMULATOR_PAPER_H
#define KW_SIMULATOR_PAPER_H

#include "simulator/state.h"

/* A view of the paper with at least `rows` rows below the head, made as needed. */
bool kw_sim_paper(struct kw_sim *sim, int rows, struct kw_bitmap *view);
void kw_sim_advance(struct kw_sim *sim, int dots);
void kw_sim_reverse(struct kw_sim *sim, int dots);
int kw_sim_dots_to_blade(const struct kw_sim *sim);
void kw_sim_cut(struct kw_sim *sim, bool full, uint64_t offset);
bool kw_sim_piece_has_something(const struct kw_sim *sim);
void kw_sim_end_piece(struct kw_sim *sim, bool even_if_blank);
void kw_sim_text_line(struct kw_sim *sim, const char *text, size_t length);
void kw_sim_blank_text_lines(struct kw_sim *sim, int count);

#endif
