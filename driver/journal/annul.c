/*
 * annul.c - what a later document does to an earlier sale: a `void` calls it off, a refund marks it. Which sale is
 * meant is found by its key; one that is in no journal seen yet is waited for. The same follows when events come with
 * another journal.
 */
#include "journal/annul.h"

#include "journal/erase_key.h"
#include "journal/touchpoint.h"

/* The till that voids may have another clock than the till that sold. */
static const int64_t CLOCKS_DIFFER_MS = 600000;

int kw_answers_annul(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error)
{
    const int64_t bound[] = { at_ms, sale };
    int code = kw_journal_run_with(journal, "UPDATE touchpoint SET annulled_ms = ?1 WHERE sale = ?2"
                                   " AND (annulled_ms = 0 OR annulled_ms > ?1)", bound, 2, error);
    if (code < 0 || !kw_journal_receives(journal))
        return code;
    return kw_journal_run_with(journal, "UPDATE answer SET verdict = 13 WHERE sale = ?2 AND verdict = 10"
                               " AND submitted_ms >= ?1", bound, 2, error);
}

int kw_sale_mark_refunded(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error)
{
    const int64_t bound[] = { at_ms, sale };
    return kw_journal_run_with(journal, "UPDATE touchpoint SET refunded_ms = ?1 WHERE sale = ?2"
                               " AND (refunded_ms = 0 OR refunded_ms > ?1)", bound, 2, error);
}

static int find_named(struct kw_journal *journal, const struct kw_reference *reference, const char *name, int64_t *sale,
                      struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT coalesce(max(id), 0) FROM sale WHERE name = ? AND store = ?"
                                           " AND terminal = ? AND id <> ? AND accepted_ms <= ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, name);
    kw_bind_text(row, 2, reference->store);
    kw_bind_text(row, 3, reference->terminal);
    sqlite3_bind_int64(row, 4, reference->sale);
    sqlite3_bind_int64(row, 5, reference->known_ms + CLOCKS_DIFFER_MS);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *sale = code == 0 ? sqlite3_column_int64(row, 0) : 0;
    kw_journal_reset(row);
    return code;
}

int kw_reference_find(struct kw_journal *journal, const struct kw_reference *reference, int64_t *sale,
                      struct kw_error *error)
{
    char erased[KW_ERASED_NAMES][KW_ERASED_NAME];
    int count = 0, code = find_named(journal, reference, reference->name, sale, error);
    if (code == 0 && *sale == 0)
        code = kw_erased_names(journal, reference->name, erased, &count, error);
    for (int i = 0; code == 0 && *sale == 0 && i < count; i++)
        code = find_named(journal, reference, erased[i], sale, error);
    return code;
}

int kw_reference_apply(struct kw_journal *journal, const struct kw_reference *reference, int64_t sale,
                       struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    const bool is_void = reference->is_void;
    int code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    const int64_t known_ms = code == 0 ? (is_void ? touchpoint.annulled_ms : touchpoint.refunded_ms) : 0;
    if (code < 0 || (known_ms > 0 && known_ms <= reference->at_ms))
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    code = kw_touchpoint_event(journal, sale, is_void ? KW_EVENT_ANNULLED : KW_EVENT_REFUNDED, "", reference->at_ms,
                               error);
    if (code < 0)
        return code;
    return is_void ? kw_answers_annul(journal, sale, reference->at_ms, error)
                   : kw_sale_mark_refunded(journal, sale, reference->at_ms, error);
}

int kw_reference_keep(struct kw_journal *journal, const struct kw_reference *reference, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT OR IGNORE INTO refer(sale, is_void, at_ms, store, terminal,"
                                           " name) VALUES(?, ?, ?, ?, ?, ?)", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, reference->sale);
    sqlite3_bind_int(row, 2, reference->is_void);
    sqlite3_bind_int64(row, 3, reference->at_ms);
    kw_bind_text(row, 4, reference->store);
    kw_bind_text(row, 5, reference->terminal);
    kw_bind_text(row, 6, reference->name);
    return kw_journal_done(journal, row, error);
}

int kw_reference_refer(struct kw_journal *journal, const struct kw_reference *reference, bool *found,
                       struct kw_error *error)
{
    int64_t sale;
    int code = kw_reference_find(journal, reference, &sale, error);
    *found = code == 0 && sale > 0;
    if (code < 0)
        return code;
    return *found ? kw_reference_apply(journal, reference, sale, error)
                  : kw_reference_keep(journal, reference, error);
}
