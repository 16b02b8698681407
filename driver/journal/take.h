/*
 * take.h - another journal's events into this one, whatever brings them (a file, a batch from afar). Private to this
 * room.
 *
 * A source hands the events of one journal over in their order, inside transactions of its own making; what is taken
 * continues what was taken before, and is noted at the end of each transaction.
 */
#ifndef KW_JOURNAL_TAKE_H
#define KW_JOURNAL_TAKE_H

#include "journal/chain.h"
#include "journal/ledger.h"

/* Sales of another journal are kept as origin << 40 | sale. */
enum { KW_ORIGIN_SHIFT = 40 };
#define KW_SALE_MASK (((int64_t)1 << KW_ORIGIN_SHIFT) - 1)

struct kw_taking {
    struct kw_journal *journal;
    const char *where;              /* the source, for errors */
    char uuid[KW_JOURNAL_UUID_SIZE];
    int64_t origin;                 /* its number here; 0: nothing was taken of it yet */
    int64_t last_n, events, sales;  /* last_n: taken before, and until now; the others: new ones */
    uint8_t head[KW_CHAIN_HASH];    /* of last_n, where it is known */
    bool has_head;
    int64_t least_expiry;           /* of the invitations that are new */
    bool erased;                    /* something that was erased there was wiped here */
};

/* What was taken of the journal named in it before: origin, last_n and head. */
int kw_taking_find(struct kw_taking *taking, struct kw_error *error);
/* Names it here for the first time: inside a transaction, and in one of its own. */
int kw_taking_name(struct kw_taking *taking, struct kw_error *error);
int kw_taking_make(struct kw_taking *taking, struct kw_error *error);
/* CONFLICT: the touchpoint's token is one of another journal's too. */
int kw_taking_check_token(const struct kw_taking *taking, const struct kw_touchpoint *touchpoint,
                          struct kw_error *error);
/* The number here of one of its own sales. */
int64_t kw_taking_sale(const struct kw_taking *taking, int64_t theirs);
/*
 * Inside a transaction. record: of the sale's first event, NULL where it is none or the record is gone. known_sale: of
 * an event that speaks of a sale which came from a third journal, its number here, else 0. Its hash goes to the head by
 * the source.
 */
int kw_taking_event(struct kw_taking *taking, const struct kw_chain_event *event, const struct kw_touchpoint *record,
                    int64_t known_sale, struct kw_error *error);
/* Inside a transaction, behind its events: how far they reach. */
int kw_taking_note(const struct kw_taking *taking, struct kw_error *error);
/* When all was taken: an event of this journal says so, so that a report's numbers can be traced. */
int kw_taking_end(const struct kw_taking *taking, struct kw_error *error);

#endif
