/* tend.c - the lock beside the journal that says who keeps it short, and a checkpoint that nobody waits for. */
#include "journal/tend.h"

#include "journal/internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LIMIT = 4096, LONGEST_FRAMES = 4000 };

static int open_lock(const struct kw_journal *journal, int flags)
{
    char path[PATH_LIMIT];
    if (journal->in_memory || snprintf(path, sizeof path, "%s-tended", journal->path) >= PATH_LIMIT)
        return -1;
    return open(path, flags | O_CLOEXEC, 0660);
}

int kw_journal_tend(const struct kw_journal *journal)
{
    int handle = open_lock(journal, O_RDWR | O_CREAT);
    if (handle < 0)
        return -1;
    fchmod(handle, 0660);                   /* whatever the umask; another user's file has it already */
    if (flock(handle, LOCK_EX | LOCK_NB) == 0)
        return handle;
    close(handle);
    return -1;
}

void kw_journal_untend(int tending)
{
    if (tending >= 0)
        close(tending);
}

bool kw_journal_is_tended(const struct kw_journal *journal)
{
    int handle = open_lock(journal, O_RDONLY);
    bool tended = handle >= 0 && flock(handle, LOCK_SH | LOCK_NB) != 0;
    kw_journal_untend(handle);
    return tended;
}

int kw_journal_copy_back(struct kw_journal *journal, struct kw_error *error)
{
    int status = sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (status != SQLITE_OK && (status & 0xff) != SQLITE_BUSY)
        return kw_journal_fail(journal, "shortening", error);
    /* A sale that came between keeps the WAL growing: now that there is little left to copy, it is cut. */
    return journal->frames > LONGEST_FRAMES ? kw_journal_checkpoint(journal, error) : 0;
}
