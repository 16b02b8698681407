/* merge_names.c - the journals that another file holds by name, and under which numbers their sales are kept here. */
#include "journal/merge.h"

#include <stdio.h>

int kw_merge_uuid(struct kw_merging *merging, int64_t theirs, char out[KW_JOURNAL_UUID_SIZE])
{
    if (theirs == 0)
        return kw_journal_uuid(merging->other, out, merging->error);
    sqlite3_stmt *row = kw_journal_prepare(merging->other, "SELECT uuid FROM origin WHERE id = ?", merging->error);
    if (!row)
        return merging->error->code;
    sqlite3_bind_int64(row, 1, theirs);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0
                                               : kw_fail(merging->error, KWIT_E_STATE_DAMAGED, merging->other->path,
                                                         "it holds sales of a journal that it does not name");
    snprintf(out, KW_JOURNAL_UUID_SIZE, "%s", code == 0 ? kw_column_text(row, 0) : "");
    kw_journal_reset(row);
    return code;
}

int kw_merge_sale(struct kw_merging *merging, int64_t theirs, int64_t *ours)
{
    struct kw_taking taking = { .journal = merging->journal };
    int code = kw_merge_uuid(merging, theirs >> KW_ORIGIN_SHIFT, taking.uuid);
    if (code == 0)
        code = kw_taking_find(&taking, merging->error);
    *ours = taking.origin == 0 ? 0 : kw_taking_sale(&taking, theirs & KW_SALE_MASK);
    return code;
}

int kw_merge_end(struct kw_merging *merging, int code, int64_t began_ms)
{
    code = kw_journal_end(merging->journal, code, merging->error);
    kw_journal_make_way(began_ms);
    return code;
}
