/* test_delivery_power.c - delivery on a disk that loses what was not synced: a power cut at each write. */
#include "support/place.h"
#include "support/till.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each sync copies the file to FILE.synced; a power cut is going back to those. */
struct losing { sqlite3_io_methods methods; const sqlite3_io_methods *system; const char *name; };
static sqlite3_vfs losing_vfs;
static size_t losing_offset;

static struct losing *losing_of(sqlite3_file *file)
{
    return (struct losing *)(void *)((char *)file + losing_offset);
}

static int losing_sync(sqlite3_file *file, int flags)
{
    char command[500];
    struct losing *losing = losing_of(file);
    int status = losing->system->xSync(file, flags);
    snprintf(command, sizeof command, "cp %s %s.synced", losing->name, losing->name);
    return system(command) == 0 ? status : SQLITE_IOERR;
}

static int losing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    sqlite3_vfs *under = vfs->pAppData;
    int status = under->xOpen(under, name, file, flags, out);
    if (status != SQLITE_OK || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return status;
    struct losing *losing = losing_of(file);
    losing->system = file->pMethods;
    losing->methods = *file->pMethods;
    losing->methods.xSync = losing_sync;
    losing->name = name;
    file->pMethods = &losing->methods;
    return status;
}

static const char *register_losing(void)
{
    sqlite3_initialize();
    sqlite3_vfs *under = sqlite3_vfs_find(NULL);
    losing_offset = ((size_t)under->szOsFile + 15) / 16 * 16;
    losing_vfs = *under;
    losing_vfs.zName = "losing";
    losing_vfs.pAppData = under;
    losing_vfs.szOsFile = (int)(losing_offset + sizeof(struct losing));
    losing_vfs.xOpen = losing_open;
    sqlite3_vfs_register(&losing_vfs, 0);
    return "losing";
}

enum { CUTS_MAX = 64 };
static size_t cut_count;
static struct cut { size_t length; uint8_t wire[200]; } cuts[CUTS_MAX];

/* The disk as it would be found if the power went now. */
static void keep_cut(void)
{
    char command[700];
    assert_true(cut_count < CUTS_MAX);
    snprintf(command, sizeof command, "cd %s && mkdir -p cut-%zu && cp *.synced cut-%zu/", place, cut_count, cut_count);
    assert_int_equal(system(command), 0);
    struct cut *cut = &cuts[cut_count++];
    assert_true(scripted.wire_length <= sizeof cut->wire);
    cut->length = scripted.wire_length;
    memcpy(cut->wire, scripted.wire, cut->length);
}

static void restore_cut(size_t number)
{
    memcpy(scripted.wire, cuts[number].wire, cuts[number].length);
    scripted.wire_length = scripted.read_to = cuts[number].length;
    char command[900];
    snprintf(command, sizeof command,
             "cd %s && rm -f journal.db* && cp cut-%zu/journal.db.synced journal.db && "
             "{ [ ! -f cut-%zu/journal.db-wal.synced ] || cp cut-%zu/journal.db-wal.synced journal.db-wal; }",
             place, number, number, number);
    assert_int_equal(system(command), 0);
}

static void a_power_cut_at_any_write_neither_loses_nor_doubles(void **state)
{
    (void)state;
    till_close();
    place_empty();
    till_open("boot-1", register_losing());
    cut_count = 0;
    scripted.on_bytes = keep_cut;
    int64_t id = accept_job(&(struct order){ "a", .live = true, .late = KW_LATE_PRINT });
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    keep_cut();
    scripted.on_bytes = NULL;
    assert_true(cut_count >= 4);
    for (size_t i = 0; i < cut_count; i++) {
        till_close();
        restore_cut(i);
        till_open("boot-2", NULL);
        bool head_out = times_on_wire("head") > 0, tail_out = times_on_wire("tail") > 0;
        flush_jobs();
        enum kw_job_state ended = job_now(id).state;
        /* What stood on paper with its tail is never printed again; what began is never printed without its mark. */
        assert_int_equal(ended, tail_out ? KW_JOB_UNCONFIRMED : KW_JOB_PRINTED);
        assert_int_equal(times_on_wire("tail"), 1);
        assert_int_equal(times_on_wire("head"), head_out + times_on_wire("REPLACES head"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_power_cut_at_any_write_neither_loses_nor_doubles),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
