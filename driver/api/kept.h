/*
 * kept.h - what a context keeps from one call to the next: the configuration as it was read, and the journal that the
 * last one left open.
 *
 * Each is taken whole or not at all, so that a context may be asked from several threads; who finds nothing reads and
 * opens anew.
 */
#ifndef KW_API_KEPT_H
#define KW_API_KEPT_H

#include "config/config.h"
#include "journal/journal.h"

#include <stdatomic.h>

/* A configuration in memory of its own. */
struct kw_settings {
    struct kw_arena *arena;
    struct kw_config config;
    bool faultless;                     /* nothing is to be told of it */
    bool is_digested;                   /* as every sale that is kept says which configuration it was made with */
    uint8_t digest[16];
};

struct kw_kept {
    _Atomic(struct kw_settings *) settings;
    _Atomic(struct kw_journal *) journal;
};

/* The one that was left, if its files are as they were; else an empty one to read it into; NULL: no memory. */
struct kw_settings *kw_kept_settings(struct kw_kept *kept);
void kw_settings_digest(struct kw_settings *settings, uint8_t digest[16]);
/* A faultless one is left for the next call. */
void kw_kept_leave_settings(struct kw_kept *kept, struct kw_settings *settings);

/*
 * The open journal of that path, if the path still leads to its file; NULL: there is none. It is the caller's now.
 * *gone is set where there was one and nothing lies there any more.
 */
struct kw_journal *kw_kept_take(struct kw_kept *kept, const char *path, int64_t until_ms, bool *gone);
/* A journal whose call ended well is left for the next one. */
void kw_kept_leave(struct kw_kept *kept, struct kw_journal *journal);
void kw_kept_end(struct kw_kept *kept);

#endif
