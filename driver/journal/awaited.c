/* awaited.c - sales in no cell, found by their open jobs: few, but where a printer is out of order. */
#include "journal/awaited.h"

#include "journal/rows.h"

static bool take_touchpoint(sqlite3_stmt *row, struct kw_arena *arena, void *out)
{
    struct kw_touchpoint *touchpoint = out;
    kw_touchpoint_row(row, touchpoint);
    return kw_touchpoint_copy_texts(touchpoint, arena);
}

int kw_awaited_list(struct kw_journal *journal, int64_t from_day, int64_t to_day, struct kw_arena *arena,
                    struct kw_touchpoint **rows, size_t *count, struct kw_error *error)
{
    void *list = NULL;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT touchpoint.* FROM " KW_AWAITED " AND day BETWEEN ? AND ?"
                                           " ORDER BY day, store, till", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    int code = kw_journal_rows(journal, row, arena, sizeof **rows, take_touchpoint, &list, count, error);
    *rows = list;
    return code;
}

int kw_awaited_count(struct kw_journal *journal, int64_t before_ms, struct kw_error *error)
{
    struct kw_arena *arena = kw_arena_new(KW_AWAITED_CEILING);
    struct kw_touchpoint *rows;
    size_t count = 0;
    int code = arena ? kw_awaited_list(journal, INT64_MIN, INT64_MAX, arena, &rows, &count, error)
                     : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    for (size_t i = 0; code == 0 && i < count; i++)
        if (rows[i].ts_ms < before_ms)
            code = kw_touchpoint_classify(journal, rows[i].sale, KW_CLASS_PENDING, 0, error);
    kw_arena_free(arena);
    return code;
}
