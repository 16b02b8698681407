/*
 * annul.c - sales that a `void` calls off. Which one it means is found by the key of sales; what follows is the same
 * when the event comes with another journal.
 */
#include "journal/annul.h"

#include "journal/digest.h"
#include "journal/touchpoint.h"

int kw_answers_annul(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error)
{
    const int64_t bound[] = { at_ms, sale };
    int code = kw_journal_run_with(journal, "UPDATE touchpoint SET annulled_ms = ?1 WHERE sale = ?2"
                                   " AND (annulled_ms = 0 OR annulled_ms > ?1)", bound, 2, error);
    return code < 0 ? code : kw_journal_run_with(journal, "UPDATE answer SET verdict = 13 WHERE sale = ?2"
                                                 " AND verdict = 10 AND submitted_ms >= ?1", bound, 2, error);
}

static int find_sale(struct kw_journal *journal, const struct kw_sale_key *key, const char *name, int64_t before,
                     int64_t *sale, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT coalesce(max(id), 0) FROM sale WHERE name = ? AND store = ?"
                                           " AND terminal = ? AND id < ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, name);
    kw_bind_text(row, 2, key->store);
    kw_bind_text(row, 3, key->terminal);
    sqlite3_bind_int64(row, 4, before);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *sale = code == 0 ? sqlite3_column_int64(row, 0) : 0;
    kw_journal_reset(row);
    return code;
}

int kw_sale_annul(struct kw_journal *journal, const struct kw_sale_key *key, int64_t void_sale, int64_t at_ms,
                  bool *found, struct kw_error *error)
{
    char erased[KW_ERASED_NAME];
    struct kw_touchpoint touchpoint;
    int64_t sale;
    int code = find_sale(journal, key, key->name, void_sale, &sale, error);
    if (code == 0 && sale == 0)
        code = kw_digest_erased(journal, key->name, erased, error);
    if (code == 0 && sale == 0)
        code = find_sale(journal, key, erased, void_sale, &sale, error);
    *found = code == 0 && sale > 0;
    if (!*found)
        return code;
    code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (code == KWIT_E_NOT_FOUND)
        return 0;
    if (code == 0)
        code = kw_touchpoint_event(journal, sale, KW_EVENT_ANNULLED, "", at_ms, error);
    return code < 0 ? code : kw_answers_annul(journal, sale, at_ms, error);
}
