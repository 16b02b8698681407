/* invite.h - the facts of one sale for the survey's decision, and the words of its invitation. */
#ifndef KW_API_INVITE_H
#define KW_API_INVITE_H

#include "api/render.h"

/* The campaign's limits as the journal knows them for this sale, into the choice: minimum, cap and cooldown. */
int kw_invite_limits(const struct kw_rendering *rendering, struct kw_journal *journal, uint32_t handle,
                     struct kw_render_choice *choice, struct kw_error *error);

/* By whom the paper was laid out, and how surely its sale is known: the touchpoint's channel. */
const char *kw_invite_channel(const struct kw_rendering *rendering);

/*
 * Decides (or takes the stored decision), fills the rendering's decision, url, code and touchpoint, and, when invited,
 * the invitation. A fault of the campaign is a warning and a reason, never an error: only memory can fail.
 */
int kw_invite(struct kw_rendering *rendering, const struct kwit_print_options *options,
              const struct kw_render_choice *choice, struct kw_invitation *invitation, struct kw_error *error);

#endif
