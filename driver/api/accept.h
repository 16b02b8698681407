/* accept.h - from a rendering to jobs on disk: the moment from which on nothing is lost. */
#ifndef KW_API_ACCEPT_H
#define KW_API_ACCEPT_H

#include "api/counter.h"
#include "api/keys.h"

struct kw_acceptance {
    struct kw_counter *counter;
    struct kw_rendering *rendering;
    const struct kwit_print_options *options;
    const char *part;
    int first_copy, last_copy;
    int copy_kind;                          /* of the first copy; KW_COPY_ORIGINAL: by part and number */
    bool reprint;                           /* no drawer, no invitation decision of its own */
    const void *document;
    size_t length;

    /* Made by kw_accept. */
    int64_t sale;
    bool duplicate_key;                     /* the sale was known; nothing of it was stored now */
    int64_t jobs[100];                      /* by copy - first_copy */
    struct kw_job first;                    /* the first copy's row and pieces, as they were stored */
    struct kw_piece_row *first_pieces;
    size_t first_piece_count;
    int64_t until_ms;                       /* the call's deadline, known once the paper is */
    int64_t paper_um;
};

/*
 * Renders and stores the copies from first to last in one transaction. `known` is the sale's row when the journal has
 * it already, else NULL: then it is stored too, with its touchpoint. When another process stored it first, returns 0
 * with duplicate_key set and nothing written.
 */
int kw_accept(struct kw_acceptance *acceptance, const struct kw_sale_row *known, struct kw_error *error);

/* The sale's key in the journal. */
struct kw_sale_key kw_accept_key(const struct kw_rendering *rendering);
/* The decision stored for a known sale, laid onto the rendering (token, url), for results that print nothing. */
int kw_accept_recall(struct kw_counter *counter, struct kw_rendering *rendering,
                     const struct kwit_print_options *options, int64_t sale, struct kw_error *error);
/* Milliseconds that the whole call may take. */
int64_t kw_accept_patience_ms(const struct kw_counter *counter, const struct kwit_print_options *options,
                              int64_t paper_um);
/* Fills what every new job of this call has in common. */
void kw_accept_fill_job(const struct kw_acceptance *acceptance, struct kw_job *job);

#endif
