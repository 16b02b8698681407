/*
 * vfs.c - SQLite's own file layer, but for one thing: a WAL that is there is opened as one that is there.
 *
 * SQLite opens it with "create", and then syncs the directory at the first commit of every process, since it might have
 * been created. One process per sale would pay for that each time, though the name has been safe since the journal was
 * made (store.c syncs the directory then).
 */
#include "journal/internal.h"

#include <pthread.h>
#include <unistd.h>

/* SQLite keeps a list of these for the whole process: it is registered once, beside the default, and never changes. */
static sqlite3_vfs layer;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *given_flags)
{
    sqlite3_vfs *system = self->pAppData;
    if ((flags & SQLITE_OPEN_WAL) && (flags & SQLITE_OPEN_CREATE) && name && access(name, F_OK) == 0) {
        int status = system->xOpen(system, name, file, flags & ~SQLITE_OPEN_CREATE, given_flags);
        if (status == SQLITE_OK)
            return status;
    }
    return system->xOpen(system, name, file, flags, given_flags);
}

static void register_layer(void)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (!system)
        return;
    layer = *system;
    layer.zName = "kwit";
    layer.pNext = NULL;
    layer.pAppData = system;
    layer.xOpen = open_file;
    sqlite3_vfs_register(&layer, 0);
}

const char *kw_journal_vfs(void)
{
    pthread_once(&once, register_layer);
    return layer.zName;
}
