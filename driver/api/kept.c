/* kept.c - a journal between two calls: open, without a lock on it, and looked at before it is used again. */
#include "api/kept.h"

#include <string.h>

struct kw_journal *kw_kept_take(struct kw_kept *kept, const char *path, int64_t until_ms)
{
    struct kw_journal *journal = atomic_exchange(&kept->journal, NULL);
    if (journal && strcmp(kw_journal_path(journal), path) == 0 && kw_journal_resume(journal, until_ms))
        return journal;
    kw_journal_close(journal);
    return NULL;
}

void kw_kept_leave(struct kw_kept *kept, struct kw_journal *journal)
{
    kw_journal_close(atomic_exchange(&kept->journal, journal));
}

void kw_kept_end(struct kw_kept *kept)
{
    kw_kept_leave(kept, NULL);
}
