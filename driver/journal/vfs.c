/*
 * vfs.c - the system's own VFS with two habits changed, for a process that lives as long as one sale.
 *
 * A WAL that exists is opened as existing: SQLite would otherwise sync the directory in every process. And where SQLite
 * cuts the WAL to nothing, its header is zeroed instead: an empty WAL either way, but its blocks stay, so that the next
 * commit is one sync of data and not also one of the file's new length.
 */
#include "journal/internal.h"

#include <pthread.h>

enum { WAL_HEADER_BYTES = 32, KEPT_BYTES = 1024 * 1024, ZEROS = 64 * 1024, ALIGNMENT = 16 };

/* Behind the system's file object: its methods with ours among them. */
struct extra {
    sqlite3_io_methods methods;
    int (*truncate)(sqlite3_file *file, sqlite3_int64 size);
    bool wipes;                     /* nothing of what was in the WAL may stay on the disk */
};

static size_t extra_offset(const sqlite3_vfs *system)
{
    return ((size_t)system->szOsFile + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static sqlite3_vfs *beneath(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static struct extra *extra_of(sqlite3_file *file)
{
    return (struct extra *)(void *)((const char *)file->pMethods - offsetof(struct extra, methods));
}

static int empty_wal(sqlite3_file *file, sqlite3_int64 size)
{
    static const char zeros[ZEROS];
    sqlite3_int64 length = 0, at = 0;
    struct extra *extra = extra_of(file);
    int status = SQLITE_OK;
    if (size != 0 || file->pMethods->xFileSize(file, &length) != SQLITE_OK || length < WAL_HEADER_BYTES
        || length > KEPT_BYTES)
        return extra->truncate(file, size);
    const sqlite3_int64 end = extra->wipes ? length : WAL_HEADER_BYTES;
    for (int run; status == SQLITE_OK && at < end; at += run) {
        run = end - at < ZEROS ? (int)(end - at) : ZEROS;
        status = file->pMethods->xWrite(file, zeros, run, at);
    }
    return status;
}

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags)
{
    sqlite3_vfs *system = beneath(vfs);
    bool wal = (flags & SQLITE_OPEN_WAL) != 0;
    int status = SQLITE_CANTOPEN, exists = 0;
    if (wal && system->xAccess(system, name, SQLITE_ACCESS_EXISTS, &exists) == SQLITE_OK && exists)
        status = system->xOpen(system, name, file, flags & ~SQLITE_OPEN_CREATE, out_flags);
    if (status != SQLITE_OK)
        status = system->xOpen(system, name, file, flags, out_flags);
    if (status != SQLITE_OK || !wal || !file->pMethods)
        return status;
    struct extra *extra = (struct extra *)(void *)((char *)file + extra_offset(system));
    extra->methods = *file->pMethods;
    extra->truncate = file->pMethods->xTruncate;
    extra->methods.xTruncate = empty_wal;
    extra->wipes = false;
    file->pMethods = &extra->methods;
    return SQLITE_OK;
}

static sqlite3_vfs our_vfs;

static void register_ours(void)
{
    sqlite3_vfs *system = sqlite3_initialize() == SQLITE_OK ? sqlite3_vfs_find(NULL) : NULL;
    if (!system)
        return;
    our_vfs = *system;
    our_vfs.zName = "kwit";
    our_vfs.pAppData = system;
    our_vfs.szOsFile = (int)(extra_offset(system) + sizeof(struct extra));
    our_vfs.xOpen = open_file;
    sqlite3_vfs_register(&our_vfs, 0);
}

/* SQLite finds a VFS by its name in a list of the whole process: it is put there once. */
const char *kw_journal_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_ours);
    return our_vfs.zName;
}

void kw_journal_wipe_wal(struct kw_journal *journal)
{
    sqlite3_file *wal = NULL;
    if (sqlite3_file_control(journal->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal
        && wal->pMethods && wal->pMethods->xTruncate == empty_wal)
        extra_of(wal)->wipes = true;
}
