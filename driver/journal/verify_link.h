/* verify_link.h - links of the chain as they are read, a stretch at a time, and what they hash to. Private here. */
#ifndef KW_JOURNAL_VERIFY_LINK_H
#define KW_JOURNAL_VERIFY_LINK_H

#include "base/arena.h"
#include "journal/cells.h"
#include "journal/chain.h"

#include <pthread.h>

/* An event; where it opens a sale, the record that it made, and the sale's row. */
struct kw_chain_link {
    struct kw_chain_event event;            /* content: once it is hashed */
    uint8_t previous[KW_CHAIN_HASH], stored[KW_CHAIN_HASH];
    bool is_exact;                          /* its row holds these values as they are written */
    bool has_record, is_record_exact, has_sale, is_sale_exact, has_document;
    struct kw_touchpoint record;
    struct kw_sale_facts sale;              /* without the document */
    /*
     * What they hash to: the event, the halves of the sale's seal, the record in each view of the counts, and when the
     * record says, or the event, that the sale expired.
     */
    uint8_t hash[KW_CHAIN_HASH], seal[KW_SEAL_HALF], document[KW_SEAL_HALF];
    uint64_t cells[KW_VIEW_COUNT], expiry;
};

enum { KW_STRETCH_LINKS = 512 };
struct kw_chain_stretch {
    struct kw_chain_link links[KW_STRETCH_LINKS];
    size_t count;
    struct kw_arena *texts;
};

/* Where the reading of a chain is; the first one follows a hash that is known. */
struct kw_chain_reader {
    struct kw_journal *journal;
    const uint8_t *secret;
    sqlite3_stmt *events, *records;         /* records: touchpoints with their sales, by sale */
    int64_t record;                         /* at whose it stands; -1: at none */
    struct kw_chain_stretch *stretch;       /* which is being read, and its last link */
    struct kw_chain_link *link;
    uint8_t previous[KW_CHAIN_HASH];
};
bool kw_chain_opens_sale(const struct kw_chain_event *event);
/* Begins behind event n. Ended with kw_chain_reader_end, also when it failed. */
int kw_chain_reader_begin(struct kw_chain_reader *reader, int64_t n, struct kw_error *error);
/* The next ones; fewer than a stretch takes: there are no more. */
int kw_chain_read(struct kw_chain_reader *reader, struct kw_chain_stretch *stretch, struct kw_error *error);
void kw_chain_reader_end(struct kw_chain_reader *reader);

/*
 * Hashes one stretch while the caller reads the next and checks the one before. The thread is started for the first
 * full stretch, so that a small journal is verified without one; it touches the stretch that it was given, no journal.
 */
struct kw_hasher {
    const uint8_t *secret, *cell_secret;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct kw_chain_stretch *given;               /* until it is hashed */
    bool is_running, is_ending;
};
void kw_hasher_begin(struct kw_hasher *hasher, const uint8_t *secret, const uint8_t *cell_secret);
void kw_hasher_give(struct kw_hasher *hasher, struct kw_chain_stretch *stretch);
/* Until what was given is hashed. */
void kw_hasher_wait(struct kw_hasher *hasher);
void kw_hasher_end(struct kw_hasher *hasher);

#endif
