/*
 * erase_key.h - the key under which erased ids and resting customers are known again. It is a file beside the till's
 * other keys, never in the journal and merged nowhere: whoever has the journal alone cannot find a number by counting.
 */
#ifndef KW_JOURNAL_ERASE_KEY_H
#define KW_JOURNAL_ERASE_KEY_H

#include "journal/digest.h"
#include "journal/ledger.h"

enum { KW_CUSTOMER = 8, KW_ERASED_NAMES = 2 };

/* Inside a transaction: makes one where there is none, and, with renew, where it was lost. */
int kw_erase_key_make(struct kw_journal *journal, bool renew, enum kw_erase_key *found, struct kw_error *error);

/* The names under which a sale with this id would be kept once erased, *count of them: none where nothing is erased. */
int kw_erased_names(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAMES][KW_ERASED_NAME],
                    int *count, struct kw_error *error);
/* The one under the key, which must be here. What was erased by an older kwit gets it too. */
int kw_erased_name(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME], struct kw_error *error);

/* A customer's hash under the key; *known false: it is not here. older: a hash of before there was a key; else id. */
int kw_customer_hash(struct kw_journal *journal, const char *id, const uint8_t *older, uint8_t out[KW_CUSTOMER],
                     bool *known, struct kw_error *error);

#endif
