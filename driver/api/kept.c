/*
 * kept.c - between two calls: a configuration whose files are looked at before it is used again, and a journal, open,
 * without a lock on it.
 */
#include "api/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTINGS_CEILING = 64 * 1024 * 1024 };

static void free_settings(struct kw_settings *settings)
{
    if (settings)
        kw_arena_free(settings->arena);
    free(settings);
}

struct kw_settings *kw_kept_settings(struct kw_kept *kept)
{
    struct kw_settings *settings = atomic_exchange(&kept->settings, NULL);
    if (settings && kw_config_unchanged(&settings->config))
        return settings;
    free_settings(settings);
    settings = calloc(1, sizeof *settings);
    if (settings && !(settings->arena = kw_arena_new(SETTINGS_CEILING))) {
        free_settings(settings);
        return NULL;
    }
    return settings;
}

void kw_settings_digest(struct kw_settings *settings, uint8_t digest[16])
{
    if (!settings->is_digested)
        kw_config_digest(&settings->config, settings->digest);
    settings->is_digested = true;
    memcpy(digest, settings->digest, sizeof settings->digest);
}

void kw_kept_leave_settings(struct kw_kept *kept, struct kw_settings *settings)
{
    if (settings && settings->faultless)
        settings = atomic_exchange(&kept->settings, settings);
    free_settings(settings);
}

struct kw_journal *kw_kept_take(struct kw_kept *kept, const char *path, int64_t until_ms, bool *gone)
{
    struct kw_journal *journal = atomic_exchange(&kept->journal, NULL);
    const bool same = journal && strcmp(kw_journal_path(journal), path) == 0;
    if (same && kw_journal_resume(journal, until_ms))
        return journal;
    *gone = same && access(path, F_OK) != 0 && errno == ENOENT;
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
    free_settings(atomic_exchange(&kept->settings, NULL));
}
