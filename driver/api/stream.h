/* stream.h - the rendering of a sale whose paper another program has laid out. */
#ifndef KW_API_STREAM_H
#define KW_API_STREAM_H

#include "api/render.h"
#include "tap/stream/body.h"
#include "tap/stream/identity.h"
#include "tap/stream/pieces.h"

/* Where a printer's model is not known, streams are read as a common one prints them. */
const struct kw_profile *kw_stream_profile(const struct kw_profile *profile, bool *known);

/* What the configuration says of how this till's streams are read. */
void kw_stream_configure(const struct kw_config *config, const struct kw_config_tap *tap,
                         struct kw_look_options *options);
/* Reads it as this printer would print it. */
int kw_stream_look(const struct kw_config *config, const struct kw_config_tap *tap, const struct kw_profile *profile,
                   const struct kw_stream_body *stream, struct kw_arena *arena, struct kw_look *look,
                   struct kw_error *error);

/*
 * The invitation below what was read, as a picture (NULL: none), and in *woven, which is empty before, where it stands
 * there already in the printer's own letters.
 */
int kw_stream_invite(struct kw_rendering *rendering, const struct kwit_print_options *options,
                     const struct kw_render_choice *choice, const struct kw_config_tap *tap,
                     const struct kw_look *look, struct kw_bitmap **picture, struct kw_woven *woven,
                     struct kw_error *error);

/*
 * The rendering's paper, whoever laid it out: kw_rendering_make, or for a stream the decision, the woven bytes and
 * their pieces.
 */
int kw_lay_paper(struct kw_rendering *rendering, const struct kwit_print_options *options,
                     const struct kw_render_choice *choice, struct kw_error *error);

#endif
