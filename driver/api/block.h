/* block.h - the invitation as a picture, for a sale of which only another program's stream is known. */
#ifndef KW_API_BLOCK_H
#define KW_API_BLOCK_H

#include "api/render.h"
#include "tap/stream/weave.h"

/*
 * The sale as far as the stream tells it, as a document: id, time, total, language. What nobody said is as the
 * configuration has it. kind: a word of data/kinds.def. now_ms: when it was sold.
 */
int kw_block_document(const struct kw_config *config, const struct kw_config_tap *tap, const struct kw_words *words,
                      const char *id, const char *kind, int64_t now_ms, struct kw_buffer *document,
                      struct kw_error *error);

/*
 * The rendering's invitation, drawn as it would stand on paper of this width. NULL when the sale is not invited; then
 * rendering->decision has the reason. rendering->profile is narrowed to that width.
 */
int kw_block_draw(struct kw_rendering *rendering, const struct kwit_print_options *options,
                  struct kw_render_choice *choice, int width, struct kw_bitmap **picture, struct kw_error *error);

/* What stands above a copy ("duplicate", "replaces an interrupted receipt"), in the same way. */
int kw_block_draw_marks(struct kw_rendering *rendering, const struct kwit_print_options *options,
                        const struct kw_render_choice *choice, int width, struct kw_bitmap **picture,
                        struct kw_error *error);

#endif
