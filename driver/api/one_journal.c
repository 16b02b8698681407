/*
 * one_journal.c - that there is one journal: what was begun in a user's own directory is taken along when the system's
 * comes, and a journal that was lost is not followed by a new one without a word.
 */
#include "api/call.h"

#include "journal/backup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 4096, TOLD_FOR_DAYS = 30 };

static void warn_left(struct kw_call *call, const char *former)
{
    kw_notes_add(&call->warnings, KWIT_WARNING_JOURNAL_LEFT, "",
                 "%s is another journal, and its sales are not known here: each would print again, and what waits there "
                 "stays there; print that with kwit --state %.*s queue flush, take its record over with kwit journal "
                 "merge, then move the file away", former, (int)(strlen(former) - strlen("/journal.db")), former);
}

/* The moment to take the old one along is before the new one is made. */
static int move_here(struct kw_call *call, const char *former, const char *path, int64_t until_ms)
{
    struct kw_error error;
    char keys[PATH_SIZE];
    int code = kw_journal_move(former, path, until_ms, &error);
    bool has_keys = kw_state_former(call->state, "keys", keys, sizeof keys);
    if (code == KWIT_E_BUSY)
        call->error = error;
    if (code == 0)
        kw_notes_add(&call->warnings, KWIT_WARNING_JOURNAL_MOVED, "",
                     "the journal was moved from %s to %s, with all that it knows and all that waits%s%s", former, path,
                     has_keys ? "; the keys are still in " : "", has_keys ? keys : "");
    return code;
}

int kw_call_join_journals(struct kw_call *call, const char *path, int64_t until_ms)
{
    char former[PATH_SIZE];
    struct stat about;
    if (!kw_state_former(call->state, "journal.db", former, sizeof former))
        return 0;
    if (stat(path, &about) != 0 && errno == ENOENT && !call->looks) {
        int code = move_here(call, former, path, until_ms);
        if (code == 0 || code == KWIT_E_BUSY)
            return code;
    }
    if (kw_journal_is_left(former, until_ms))
        warn_left(call, former);
    return 0;
}

/* Its helpers are made with a journal and stay with it: they tell that there was one. */
bool kw_call_lost_journal(const struct kw_call *call, const char *path)
{
    static const char *const remains[] = { "journal.db-", "ballast", "lock-" };
    struct stat about;
    if (stat(path, &about) == 0 ? about.st_size > 0 : errno != ENOENT)
        return false;
    for (size_t i = 0; i < sizeof remains / sizeof remains[0]; i++)
        if (kw_state_holds(call->state, remains[i]))
            return true;
    return false;
}

void kw_call_tell_lost(struct kw_call *call)
{
    int64_t anew_ms = 0;
    struct kw_error ignored;
    char when[32];
    if (kw_journal_anew(call->journal, &anew_ms, &ignored) < 0 || anew_ms == 0
        || kw_clock_wall_ms() - anew_ms > (int64_t)TOLD_FOR_DAYS * 86400000)
        return;
    kw_time_text_utc(anew_ms, when);
    kw_notes_add(&call->warnings, KWIT_WARNING_JOURNAL_ANEW, "",
                 "the journal that was in %s is gone, and a new one was begun on %s: sales printed before are not known "
                 "to it and would print again, and what waited is forgotten; put a backup in its place if there is one",
                 kw_journal_path(call->journal), when);
}
