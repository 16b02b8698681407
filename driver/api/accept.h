/* accept.h - from a rendering to jobs on disk: the moment from which on nothing is lost. */
#ifndef KW_API_ACCEPT_H
#define KW_API_ACCEPT_H

#include "api/call.h"

/*
 * Renders and stores the copies from first to last in one transaction. `known` is the sale's row when the journal has
 * it already, else NULL: then it is stored too, with its touchpoint. When another process stored it first, returns 0
 * with duplicate_key set and nothing written.
 */
int kw_accept(struct kw_call *call, const struct kw_sale_row *known);

/* The sale's key in the journal. */
struct kw_sale_key kw_accept_key(const struct kw_rendering *rendering);
/* The decision stored for a known sale, laid onto the rendering (token, url), for results that print nothing. */
int kw_accept_recall(struct kw_call *call, int64_t sale);
/* Milliseconds that the whole call may take. */
int64_t kw_accept_patience_ms(const struct kw_call *call, int64_t paper_um);
/* Fills what every new job of this call has in common. */
void kw_accept_fill_job(const struct kw_call *call, struct kw_job *job);

#endif
