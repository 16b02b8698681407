/*
 * spooled.h - answers of the page that wait in a journal until the store that they belong to is there again. Their
 * sales are not known here, so none of them was judged.
 */
#ifndef KW_JOURNAL_SPOOLED_H
#define KW_JOURNAL_SPOOLED_H

#include "record/book.h"
#include "record/own.h"

struct kw_journal;

/* One of them as it was handed in: first, and what its customer changed since. Texts stand in its own room. */
struct kw_spooled {
    int64_t id;                     /* 0: there is none */
    int revision;
    struct kw_submission handed[2];
    size_t count;                   /* of those: 1 or 2 */
    char token[64], language[36], comment[KW_REPLY], own[KW_OWN_TEXT];
    uint8_t sealed[256];
    bool rewarded;                  /* its customer was shown a thank-you */
    char reward[KW_THANKS_TEXT];    /* room for whoever makes its code again */
};

/* The first one behind `after`. */
int kw_spooled_next(struct kw_journal *journal, int64_t after, struct kw_spooled *spooled, struct kw_error *error);
/* It is in the other store: gone here, unless its customer changed it meanwhile. */
int kw_spooled_drop(struct kw_journal *journal, const struct kw_spooled *spooled, struct kw_error *error);
/* Behind those that were dropped: no file here holds what they said. */
int kw_spooled_forget(struct kw_journal *journal, struct kw_error *error);

#endif
