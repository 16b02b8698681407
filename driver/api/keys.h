/*
 * keys.h - the till's key for a print, its claim, and the office's epoch keys.
 *
 * Files under STATE/keys: terminal.key (in force), old-KID-HANDLE.key (still opens tokens already printed),
 * epoch-KID.key (office only), claim-HANDLE (who uses this handle: one journal on one machine), erase.key (under which
 * erased ids and resting customers are known again).
 */
#ifndef KW_API_KEYS_H
#define KW_API_KEYS_H

#include "config/config.h"
#include "journal/journal.h"
#include "journal/touchpoint.h"
#include "state/state.h"
#include "survey/survey.h"

#define KW_KEYS_ERASE "keys/erase.key"

enum { KW_KEYS_WHY = 200, KW_KEYS_PATH = 4096, KW_CLAIM_MACHINE = 64 };

/* Whose a handle is, and how far it was used. */
struct kw_claim {
    char journal[KW_JOURNAL_UUID_SIZE], machine[KW_CLAIM_MACHINE];
    unsigned long long inode;
    long long day;                  /* the last on which a sequence was used up, -1: none yet */
    unsigned long seq;              /* the highest that was used up on that day */
};

struct kw_keys {
    struct kw_terminal_key key;
    bool usable;                    /* else reason 16, and `why` tells the cause and the mend */
    char why[KW_KEYS_WHY];
    char exposed[KW_KEYS_PATH + KW_KEYS_WHY];       /* "", or that others may use the key, and what mends it */
    struct kw_claim claimed;        /* by this journal, when the key is usable for a print */
    uint32_t next;                  /* sequence of claimed.day; 0: not asked for */
    char claim[KW_KEYS_PATH];       /* path of the claim file */
};

/* Where the key in force lies: `key_file`, else STATE/keys/terminal.key. False: the path is too long. */
bool kw_keys_path(struct kw_state *state, const struct kw_config *config, char out[KW_KEYS_PATH]);
/* The key of that file; false: none, or none that can be read. */
bool kw_keys_read(const char *path, struct kw_terminal_key *key);

/*
 * For a print: reads the key in force and its claim (made here when there is none). Two small reads; never fails.
 * The handle must be claimed by this journal on this machine, and the journal must know the claim's last sequence.
 */
void kw_keys_load(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                  struct kw_keys *keys);
/* The same without the claim, for who only looks. False: `why`. */
bool kw_keys_look(struct kw_state *state, const struct kw_config *config, struct kw_keys *keys);
/* The same as for a print, but nothing is made; a key that nobody claimed yet is usable. False: `why`. */
bool kw_keys_check(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                   struct kw_keys *keys);
/*
 * After the commit of a sale that used up this sequence of this day: the claim keeps the highest. False: it could not
 * be written and says less than it could, which is for a journal restored from a copy to notice only.
 */
bool kw_keys_used(const struct kw_keys *keys, int64_t day, uint32_t seq);

/* For a reprint or a check: the key in force, an old one, or one derived from an epoch key. False: foreign. */
bool kw_keys_find(struct kw_state *state, const struct kw_config *config, uint8_t kid, uint32_t handle,
                  struct kw_terminal_key *key);

#endif
