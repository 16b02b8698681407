/* verify_counts.c - what is kept beside the chain (cells, counters, sealed rows) against what it says. */
#include "journal/verify.h"

#include "journal/awaited.h"
#include "journal/rows.h"

#include <stdio.h>
#include <string.h>

static int no_memory(struct kw_verifying *verifying)
{
    return kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
}

typedef int (*row_sink)(struct kw_verifying *verifying, sqlite3_stmt *row);

static int each_row(struct kw_verifying *verifying, const char *sql, row_sink sink)
{
    sqlite3_stmt *row = kw_journal_prepare(verifying->journal, sql, verifying->error);
    if (!row)
        return verifying->error->code;
    int code = 0, status = SQLITE_DONE;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW)
        code = sink(verifying, row);
    return kw_journal_walked(verifying->journal, row, code, status, verifying->error);
}

/* ---- cells -------------------------------------------------------------------------------------------------- */

static int add_digest(struct kw_verifying *verifying, enum kw_view view, int64_t day, enum kw_tally_side side,
                      int64_t n, uint64_t digest)
{
    struct kw_tally_entry *entry = kw_tally_at(&verifying->tally, KW_TALLY_CELL, day * KW_VIEW_COUNT + (int64_t)view);
    if (!entry)
        return no_memory(verifying);
    entry->rows[side] += n;
    entry->sum[side] += (uint64_t)n * digest;
    return 0;
}

static int add_cell(struct kw_verifying *verifying, const struct kw_cell_key *key, enum kw_tally_side side, int64_t n)
{
    enum { VIEW, DAY };
    return add_digest(verifying, (enum kw_view)key->numbers[VIEW], key->numbers[DAY], side, n,
                      kw_cell_digest(verifying->cell_secret, key));
}

static int add_cells(struct kw_verifying *verifying, const struct kw_touchpoint *touchpoint, enum kw_tally_side side)
{
    int code = 0;
    for (enum kw_view view = 0; code == 0 && view < KW_VIEW_COUNT; view++) {
        struct kw_cell_key key;
        kw_cell_make_key(touchpoint, view, touchpoint->klass, &key);
        code = add_cell(verifying, &key, side, 1);
    }
    return code;
}

int kw_verify_add_cells(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    int code = 0;
    for (enum kw_view view = 0; code == 0 && view < KW_VIEW_COUNT; view++)
        code = add_digest(verifying, view, link->record.day, KW_SAID, 1, link->cells[view]);
    return code;
}

/* Found by its open job, so a report counts it. */
static int hold_awaited(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    struct kw_touchpoint touchpoint;
    kw_touchpoint_row(row, &touchpoint);
    return add_cells(verifying, &touchpoint, KW_HELD);
}

static int add_merged(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    struct kw_touchpoint touchpoint;
    kw_touchpoint_row(row, &touchpoint);
    verifying->check->merged++;
    return add_cells(verifying, &touchpoint, KW_SAID);
}

/* A cell of another type than it is written with counts as another cell. */
static int hold_cell(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    struct kw_cell_key key;
    bool exact = sqlite3_column_type(row, KW_CELL_NUMBERS + KW_CELL_TEXTS) == SQLITE_INTEGER;
    for (int i = 0; i < KW_CELL_NUMBERS; i++) {
        exact = exact && sqlite3_column_type(row, i) == SQLITE_INTEGER;
        key.numbers[i] = sqlite3_column_int64(row, i);
    }
    for (int i = 0; i < KW_CELL_TEXTS; i++) {
        exact = exact && sqlite3_column_type(row, KW_CELL_NUMBERS + i) == SQLITE_TEXT;
        key.texts[i] = kw_column_text(row, KW_CELL_NUMBERS + i);
        exact = exact && strlen(key.texts[i]) == (size_t)sqlite3_column_bytes(row, KW_CELL_NUMBERS + i);
    }
    int code = add_cell(verifying, &key, KW_HELD, sqlite3_column_int64(row, KW_CELL_NUMBERS + KW_CELL_TEXTS));
    return code < 0 || exact ? code : add_cell(verifying, &key, KW_HELD, 1);
}

/* ---- counters and seals ------------------------------------------------------------------------------------- */

static int hold_sequence(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    const int64_t handle = sqlite3_column_int64(row, 0), day = sqlite3_column_int64(row, 1);
    struct kw_tally_entry *entry = kw_tally_at(&verifying->tally, KW_TALLY_SEQUENCE, handle * KW_TALLY_DAYS + day);
    if (!entry)
        return no_memory(verifying);
    entry->rows[KW_HELD] += sqlite3_column_type(row, 2) == SQLITE_INTEGER ? sqlite3_column_int64(row, 2) : 0;
    return 0;
}

/* The seals as they are kept, from which the next change is counted on. */
static int check_seal(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    const enum kw_sealed table = kw_seal_table_of(kw_column_text(row, 0));
    const int64_t run = sqlite3_column_int64(row, 1), stated = sqlite3_column_int64(row, 4);
    struct kw_tally_entry *entry = NULL;
    if (table != KW_SEALED_UNKNOWN && !(entry = kw_tally_at(&verifying->tally, (int)table, run)))
        return no_memory(verifying);
    bool exact = sqlite3_column_type(row, 2) == SQLITE_INTEGER && sqlite3_column_type(row, 3) == SQLITE_INTEGER;
    if (!entry || !exact || entry->event != stated || entry->rows[KW_SAID] != sqlite3_column_int64(row, 2)
        || entry->sum[KW_SAID] != (uint64_t)sqlite3_column_int64(row, 3))
        kw_finding_add(verifying, stated, "the seal of %s %lld is not what its event says", kw_column_text(row, 0),
                   (long long)run);
    if (entry)
        entry->kept = true;
    return 0;
}

struct holding { struct kw_verifying *verifying; enum kw_sealed table; int64_t done; };

static int hold_row(void *data, int64_t run, uint64_t digest)
{
    struct holding *holding = data;
    struct kw_tally_entry *entry = kw_tally_at(&holding->verifying->tally, holding->table, run);
    if (!entry)
        return no_memory(holding->verifying);
    entry->rows[KW_HELD]++;
    entry->sum[KW_HELD] += digest;
    kw_verify_progress(holding->verifying, "checked rows", ++holding->done);
    return 0;
}

/* ---- the account -------------------------------------------------------------------------------------------- */

static void tell_cell(struct kw_verifying *verifying, const struct kw_tally_entry *entry)
{
    static const char *const views[] = { "by till", "by hour", "by kind" };
    const int64_t view = (entry->key % KW_VIEW_COUNT + KW_VIEW_COUNT) % KW_VIEW_COUNT;
    const int64_t day = (entry->key - view) / KW_VIEW_COUNT;
    if (verifying->knows_pruned_day && day < verifying->pruned_day)
        return;
    kw_finding_add(verifying, verifying->check->head_n, "the counts %s of business day %lld are not those of its sales"
               " (%lld counted, %lld sold)", views[view], (long long)day, (long long)entry->rows[KW_HELD],
               (long long)entry->rows[KW_SAID]);
}

static void tell_entry(struct kw_verifying *verifying, const struct kw_tally_entry *entry)
{
    if (entry->kind == KW_TALLY_CELL)
        tell_cell(verifying, entry);
    else if (entry->kind == KW_TALLY_EXPIRED)
        kw_finding_add(verifying, verifying->check->head_n,
                       "how many of the sales %lld to %lld expired is not what their events say (%lld, %lld by events)",
                       (long long)(entry->key << KW_SEAL_SHIFT), (long long)(((entry->key + 1) << KW_SEAL_SHIFT) - 1),
                       (long long)entry->rows[KW_HELD], (long long)entry->rows[KW_SAID]);
    else if (entry->kind == KW_TALLY_SEQUENCE)
        kw_finding_add(verifying, verifying->check->head_n,
                   "the token counter of handle %lld on day %lld of 2048 is %lld, its sales say %lld",
                   (long long)(entry->key / KW_TALLY_DAYS), (long long)(entry->key % KW_TALLY_DAYS),
                   (long long)entry->rows[KW_HELD], (long long)entry->rows[KW_SAID]);
    else
        kw_finding_add(verifying, entry->event, "rows %lld to %lld of %s were %s (%lld held, %lld sealed)",
                   (long long)(entry->key << KW_SEAL_SHIFT), (long long)(((entry->key + 1) << KW_SEAL_SHIFT) - 1),
                   kw_seal_table(entry->kind),
                   entry->rows[KW_HELD] < entry->rows[KW_SAID]   ? "deleted"
                   : entry->rows[KW_HELD] > entry->rows[KW_SAID] ? "added"
                                                                 : "changed",
                   (long long)entry->rows[KW_HELD], (long long)entry->rows[KW_SAID]);
}

int kw_verify_counts(struct kw_verifying *verifying)
{
    int code = each_row(verifying, "SELECT name, run, rows, sum, stated FROM seal", check_seal);
    for (enum kw_sealed table = 0; code == 0 && table < KW_SEALED_COUNT; table++) {
        struct holding holding = { verifying, table, 0 };
        code = kw_seal_each(verifying->journal, table, hold_row, &holding, verifying->error);
    }
    if (code == 0)
        code = each_row(verifying, "SELECT handle, day, next FROM sequence", hold_sequence);
    if (code == 0)
        code =
            each_row(verifying, "SELECT " KW_TOUCHPOINT_COLUMNS " FROM touchpoint WHERE sale >= 1 << 40", add_merged);
    if (code == 0)
        code = each_row(verifying, "SELECT " KW_CELL_COLUMNS ", n FROM cell WHERE n <> 0", hold_cell);
    if (code == 0)
        code = each_row(verifying, "SELECT touchpoint.* FROM " KW_AWAITED, hold_awaited);
    for (size_t i = 0; code == 0 && i < verifying->tally.count; i++) {
        const struct kw_tally_entry *entry = &verifying->tally.entries[i];
        if (entry->rows[KW_SAID] != entry->rows[KW_HELD] || entry->sum[KW_SAID] != entry->sum[KW_HELD])
            tell_entry(verifying, entry);
        else if (entry->kind < KW_SEALED_COUNT && entry->rows[KW_SAID] > 0 && !entry->kept)
            kw_finding_add(verifying, entry->event, "the seal of %s %lld was deleted", kw_seal_table(entry->kind),
                       (long long)entry->key);
    }
    return code;
}
