/* cooldown.c - customers who were invited lately, under hashes of their loyalty ids. */
#include "journal/touchpoint.h"

#include "journal/erase_key.h"

/* Also under the hash that an older kwit kept: its row counts as one invitation. */
int kw_touchpoint_in_cooldown(struct kw_journal *journal, const char *loyalty_id, int64_t day, bool *in_cooldown,
                              int *earlier, struct kw_error *error)
{
    uint8_t customer[KW_CUSTOMER], older[32];
    bool known;
    *in_cooldown = false;
    *earlier = 0;
    int code = kw_customer_hash(journal, loyalty_id, NULL, customer, &known, error);
    if (code == 0)
        code = kw_digest_name(journal, "kwit/cooldown", loyalty_id, older, sizeof older, error);
    if (code < 0)
        return code;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT coalesce(max(until_day > ?3), 0), coalesce(sum(max(1,"
                                           " invitations)), 0) FROM cooldown WHERE customer IN (?1, ?2)", error);
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, known ? customer : older, KW_CUSTOMER, SQLITE_STATIC);
    sqlite3_bind_blob(row, 2, older, KW_CUSTOMER, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, day);
    code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    if (code == 0) {
        *in_cooldown = sqlite3_column_int(row, 0) != 0;
        *earlier = 1 + sqlite3_column_int(row, 1);
    }
    kw_journal_reset(row);
    return code;
}

int kw_touchpoint_start_cooldown(struct kw_journal *journal, const char *loyalty_id, int64_t sale, int64_t until_day,
                                 struct kw_error *error)
{
    uint8_t customer[KW_CUSTOMER];
    enum kw_erase_key found;
    bool known = false;
    int code = kw_erase_key_make(journal, false, &found, error);
    if (code == 0)
        code = kw_customer_hash(journal, loyalty_id, NULL, customer, &known, error);
    if (code < 0 || !known)
        return code;
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT INTO cooldown(customer, until_day, sale, invitations)"
                                           " VALUES(?, ?, ?, 1) ON CONFLICT DO UPDATE SET until_day = max(until_day,"
                                           " excluded.until_day), sale = excluded.sale, invitations = invitations + 1",
                                           error);
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, customer, sizeof customer, SQLITE_STATIC);
    sqlite3_bind_int64(row, 2, until_day);
    sqlite3_bind_int64(row, 3, sale);
    return kw_journal_done(journal, row, error);
}
