/*
 * merge_references.c - voids and refunds whose sale is in another journal: kept with the one they came with
 * until that of the sale is at hand.
 */
#include "journal/merge.h"

#include "base/clock.h"
#include "journal/annul.h"
#include "journal/internal.h"
#include "journal/ledger.h"
#include "journal/seal.h"

enum { ROOM = 64 * 1024 * 1024 };         /* a ceiling, not what is taken */

/* What waits there; one that was settled stands on without its name, so that it is not taken again. */
static const char waiting[] = "SELECT sale, is_void, at_ms, store, terminal, name,"
    " max(at_ms, coalesce((SELECT accepted_ms FROM sale WHERE id = refer.sale), 0)) FROM refer WHERE name <> ''";

static bool take_row(sqlite3_stmt *row, struct kw_arena *arena, void *out)
{
    struct kw_reference *reference = out;
    *reference = (struct kw_reference){ .sale = sqlite3_column_int64(row, 0),
                                        .is_void = sqlite3_column_int(row, 1) != 0,
                                        .at_ms = sqlite3_column_int64(row, 2),
                                        .store = kw_arena_string(arena, kw_column_text(row, 3)),
                                        .terminal = kw_arena_string(arena, kw_column_text(row, 4)),
                                        .name = kw_arena_string(arena, kw_column_text(row, 5)),
                                        .known_ms = sqlite3_column_int64(row, 6) };
    return reference->store && reference->terminal && reference->name;
}

static int list_waiting(struct kw_journal *journal, struct kw_arena *arena, void **references, size_t *count,
                        struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, waiting, error);
    return row ? kw_journal_rows(journal, row, arena, sizeof(struct kw_reference), take_row, references, count, error)
               : (int)error->code;
}

/* The sale under the number that it has here; 0: it is neither in this journal nor in the one at hand. */
static int find_sale(struct kw_merging *merging, const struct kw_reference *reference, int64_t *sale)
{
    struct kw_reference theirs = *reference;
    int code = kw_reference_find(merging->journal, reference, sale, merging->error);
    if (code < 0 || *sale > 0)
        return code;
    theirs.sale = 0;
    code = kw_reference_find(merging->other, &theirs, sale, merging->error);
    return code < 0 || *sale == 0 ? code : kw_merge_sale(merging, *sale, sale);
}

static int settle(struct kw_merging *merging, const struct kw_reference *reference)
{
    int64_t sale;
    int code = find_sale(merging, reference, &sale);
    if (code == 0 && sale > 0)
        code = kw_reference_apply(merging->journal, reference, sale, merging->error);
    return code < 0 || sale == 0 ? code
                                 : kw_journal_run_with(merging->journal, "UPDATE refer SET name = '', store = '',"
                                                       " terminal = '' WHERE sale = ?1", &reference->sale, 1,
                                                       merging->error);
}

static int settle_all(struct kw_merging *merging, struct kw_arena *arena)
{
    void *rows;
    size_t count;
    int code = list_waiting(merging->journal, arena, &rows, &count, merging->error);
    if (code < 0 || count == 0)
        return code;
    const struct kw_reference *references = rows;
    int64_t began_ms = kw_clock_boot_ms();
    code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = settle(merging, &references[i]);
    return kw_merge_end(merging, code, began_ms);
}

static int take_theirs(struct kw_merging *merging, struct kw_arena *arena)
{
    void *rows;
    size_t count;
    int code = list_waiting(merging->other, arena, &rows, &count, merging->error);
    if (code < 0 || count == 0)
        return code;
    struct kw_reference *references = rows;
    int64_t began_ms = kw_clock_boot_ms();
    code = kw_journal_begin(merging->journal, KW_SOON, merging->error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < count; i++) {
        code = kw_merge_sale(merging, references[i].sale, &references[i].sale);
        if (code == 0 && references[i].sale > 0)
            code = kw_reference_keep(merging->journal, &references[i], merging->error);
    }
    return kw_merge_end(merging, code, began_ms);
}

int kw_merge_references(struct kw_merging *merging)
{
    struct kw_arena *arena = kw_arena_new(ROOM);
    int code = arena ? take_theirs(merging, arena)
                     : kw_fail(merging->error, KWIT_E_NO_MEMORY, merging->journal->path, "out of memory");
    if (code == 0)
        code = settle_all(merging, arena);
    kw_arena_free(arena);
    return code;
}

int kw_ledger_settle(struct kw_journal *journal, struct kw_journal *other, struct kw_error *error)
{
    struct kw_merging merging = { .journal = journal, .other = other, .error = error };
    struct kw_arena *arena = kw_arena_new(ROOM);
    int code = arena ? kw_seal_watch(journal, error)
                     : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    if (code == 0)
        code = settle_all(&merging, arena);
    kw_arena_free(arena);
    return code;
}
