/*
 * erasure.c - erasing what links a sale to a person: its id, its documents, what its customer wrote, the customer's
 * rest, and when exactly all that was. Counts stay. What the chain said of it before stays provable: the event that
 * says it was erased holds a digest of all that is left.
 */
#include "journal/erasure.h"

#include "base/clock.h"
#include "journal/chain.h"
#include "journal/erase_key.h"
#include "journal/ledger.h"
#include "journal/remains.h"
#include "journal/rows.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"

#include <stdio.h>
#include <string.h>

/* A column's moment, 0 when it has none, as the whole hour of the sale's own clock; ?2 is that clock's offset. */
#define HOUR_OF(column) column " = iif(" column " = 0, 0, " HOUR(column) ")"
#define HOUR(column) column " - ((" column " + ?2) % 3600000 + 3600000) % 3600000"

/* ---- times -------------------------------------------------------------------------------------------------- */

/* What is kept of every sale, also of one that came with another journal. */
static const char *const blurred[] = {
    "UPDATE touchpoint SET " HOUR_OF("ts_ms") ", " HOUR_OF("sold_ms") ", " HOUR_OF("class_ms") ", "
    HOUR_OF("expired_ms") ", " HOUR_OF("annulled_ms") ", " HOUR_OF("refunded_ms") " WHERE sale = ?1",
    "UPDATE event SET " HOUR_OF("ts_ms") " WHERE sale = ?1 AND ?1 < 1 << 40 AND n >= ?3",
    "UPDATE foreign_event SET " HOUR_OF("ts_ms") " WHERE origin = ?1 >> 40 AND n >= ?3 AND sale = ?1 & (1 << 40) - 1",
    "UPDATE answer SET " HOUR_OF("submitted_ms") ", " HOUR_OF("edited_ms") ", printed_ms = 0 WHERE sale = ?1",
    "UPDATE opening SET " HOUR_OF("first_ms") " WHERE sale = ?1",
    "UPDATE sale SET " HOUR_OF("accepted_ms") " WHERE id = ?1",
    "UPDATE job SET " HOUR_OF("accepted_ms") ", " HOUR_OF("deadline_ms") ", finished_ms = max(1, " HOUR("finished_ms")
    "), accepted_boot_ms = 0, deadline_boot_ms = 0, until_boot_ms = 0 WHERE sale = ?1 AND NOT " KW_JOB_IS_OPEN,
};

int kw_erasure_blur(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    struct kw_touchpoint touchpoint = { .n = 0 };
    int code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (code == KWIT_E_NOT_FOUND)
        return 0;
    const int64_t bound[] = { sale, touchpoint.offset_minutes * (int64_t)60000, touchpoint.n };
    for (size_t i = 0; code == 0 && i < sizeof blurred / sizeof blurred[0]; i++)
        code = kw_journal_run_with(journal, blurred[i], bound, 3, error);
    return code;
}

/* ---- a sale of this journal --------------------------------------------------------------------------------- */

static int rename_sale(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    char name[KW_ERASED_NAME];
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT name FROM sale WHERE id = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale);
    int code = sqlite3_step(row) == SQLITE_ROW
                   ? kw_erased_name(journal, kw_column_text(row, 0), name, error)
                   : kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "this sale is gone already");
    kw_journal_reset(row);
    if (code < 0)
        return code;
    row = kw_journal_prepare(journal, "UPDATE sale SET name = ?, body = NULL WHERE id = ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, name);
    sqlite3_bind_int64(row, 2, sale);
    return kw_journal_done(journal, row, error);
}

/* Documents that refer to it by its id, and their bytes: those of prints that are over. ?1 is the sale. */
#define REFERRING \
    "(SELECT other.id FROM sale JOIN sale other ON other.body IS NOT NULL AND other.id <> sale.id" \
    " AND instr(other.body, CAST('\"refers_to\"' AS BLOB)) > 0" \
    " AND instr(other.body, CAST('\"' || sale.name || '\"' AS BLOB)) > 0 WHERE sale.id = ?1" \
    " AND NOT EXISTS (SELECT 1 FROM job WHERE job.sale = +other.id AND " KW_JOB_IS_OPEN "))"

static const char *const wiped[] = {
    "UPDATE piece SET bytes = NULL, breaks = NULL WHERE job IN (SELECT id FROM job WHERE sale = ?1 OR sale IN"
    " " REFERRING ")",
    "UPDATE sale SET body = NULL WHERE id IN " REFERRING,
    "DELETE FROM refer WHERE sale = ?1",
    "DELETE FROM withheld WHERE sale = ?1",
    "DELETE FROM cooldown WHERE sale = ?1",
};

static int wipe(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof wiped / sizeof wiped[0]; i++)
        code = kw_journal_run_with(journal, wiped[i], &sale, 1, error);
    return code < 0 ? code : kw_ledger_wipe_answers(journal, sale, error);
}

/* The row as it is now, under the name that is left of it. */
static int make_seal(struct kw_journal *journal, int64_t sale, uint8_t seal[KW_SEAL_BYTES], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT store, terminal, scope, name, digest, accepted_ms FROM sale"
                                           " WHERE id = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale);
    int code = sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 4) == 32
                   ? 0
                   : kw_fail(error, KWIT_E_STATE_DAMAGED, journal->path, "sale %lld has no digest", (long long)sale);
    const struct kw_sale_facts facts = { kw_column_text(row, 0), kw_column_text(row, 1), kw_column_text(row, 2),
                                         kw_column_text(row, 3), sqlite3_column_blob(row, 4),
                                         sqlite3_column_int64(row, 5), NULL, 0 };
    if (code == 0)
        code = kw_digest_sale(journal, &facts, seal, error);
    kw_journal_reset(row);
    return code;
}

/* What its first event chained, and the seal of what is left, in place of the seal of what was. */
static int keep_content(struct kw_journal *journal, int64_t sale, const uint8_t content[KW_DIGEST],
                        const uint8_t seal[KW_SEAL_BYTES], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "UPDATE touchpoint SET content = ?, seal = ?"
                                           " WHERE sale = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, content, KW_DIGEST, SQLITE_STATIC);
    sqlite3_bind_blob(row, 2, seal, KW_SEAL_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, sale);
    return kw_journal_done(journal, row, error);
}

/* *detail: the digest of what is left; "" where there was no touchpoint, or its times were blurred before. */
static int blur_own(struct kw_journal *journal, int64_t sale, char detail[KW_REMAINS_DETAIL], struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    uint8_t content[KW_DIGEST], seal[KW_SEAL_BYTES];
    const uint8_t *secret;
    uint64_t sum = 0;
    detail[0] = 0;
    int code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (code < 0 || touchpoint.is_blurred)
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    code = kw_journal_secret(journal, &secret, error);
    if (code == 0)
        kw_digest_record(secret, &touchpoint, content);
    if (code == 0)
        code = kw_erasure_blur(journal, sale, error);
    if (code == 0)
        code = make_seal(journal, sale, seal, error);
    if (code == 0)
        code = keep_content(journal, sale, content, seal, error);
    if (code == 0)
        code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (code == 0)
        code = kw_remains_sum(journal, &touchpoint, &sum, error);
    kw_remains_say(sum, detail);
    return code;
}

static int erase_one(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    char detail[KW_REMAINS_DETAIL];
    const int64_t hour_ms = kw_remains_hour(kw_clock_wall_ms());
    int code = wipe(journal, sale, error);
    if (code == 0)
        code = rename_sale(journal, sale, error);
    if (code == 0)
        code = blur_own(journal, sale, detail, error);
    return code < 0 ? code
                    : kw_touchpoint_event(journal, sale, KW_EVENT_ERASED, detail, hour_ms, error);
}

/* ---- what an older kwit hid with the journal's own key ------------------------------------------------------ */

static int renew_customers(struct kw_journal *journal, struct kw_error *error)
{
    uint8_t older[KW_CUSTOMER], now[KW_CUSTOMER];
    bool known = true;
    int code = 0, status = SQLITE_ROW;
    while (code == 0 && known && status == SQLITE_ROW) {
        sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT customer FROM cooldown WHERE invitations = 0 AND"
                                               " length(customer) = 8 LIMIT 1", error);
        if (!row)
            return error->code;
        status = sqlite3_step(row);
        if (status == SQLITE_ROW)
            memcpy(older, sqlite3_column_blob(row, 0), sizeof older);
        kw_journal_reset(row);
        if (status != SQLITE_ROW)
            return status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
        code = kw_customer_hash(journal, NULL, older, now, &known, error);
        row = code == 0 && known ? kw_journal_prepare(journal, "UPDATE OR REPLACE cooldown SET customer = ?,"
                                                      " invitations = 1 WHERE customer = ?", error) : NULL;
        if (row) {
            sqlite3_bind_blob(row, 1, now, sizeof now, SQLITE_STATIC);
            sqlite3_bind_blob(row, 2, older, sizeof older, SQLITE_STATIC);
            code = kw_journal_done(journal, row, error);
        }
    }
    return code;
}

static int renew(struct kw_journal *journal, struct kw_error *error)
{
    int64_t sale = 1;
    int code = renew_customers(journal, error);
    while (code == 0 && sale > 0) {
        code = kw_journal_number(journal, "SELECT coalesce(min(id), 0) FROM sale WHERE name >= 'erased:'"
                                 " AND name < 'erased;' AND length(name) = 39", NULL, 0, &sale, error);
        if (code == 0 && sale > 0)
            code = erase_one(journal, sale, error);
    }
    return code;
}

static int has_older(struct kw_journal *journal, int64_t *any, struct kw_error *error)
{
    return kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM cooldown WHERE invitations = 0) OR EXISTS (SELECT 1"
                             " FROM sale WHERE name >= 'erased:' AND name < 'erased;' AND length(name) = 39)", NULL, 0,
                             any, error);
}

/* ---- the calls ---------------------------------------------------------------------------------------------- */

int kw_ledger_wipe_answers(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    int code = kw_journal_run_with(journal, "DELETE FROM contact WHERE answer IN"
                                   " (SELECT id FROM answer WHERE sale = ?)", &sale, 1, error);
    if (code == 0)
        code = kw_journal_run_with(journal, "DELETE FROM reply WHERE answer IN"
                                   " (SELECT id FROM answer WHERE sale = ?)", &sale, 1, error);
    if (code < 0)
        return code;
    return kw_journal_run_with(journal, "UPDATE answer SET comment = '[erased]', contact = 0 WHERE sale = ?"
                               " AND (comment <> '' OR contact <> 0)", &sale, 1, error);
}

static int begin(struct kw_journal *journal, struct kw_error *error)
{
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_seal_watch(journal, error);
    return code < 0 ? code : kw_journal_begin(journal, KW_DURABLE, error);
}

int kw_ledger_erase(struct kw_journal *journal, int64_t sale, bool *lost, struct kw_error *error)
{
    enum kw_erase_key found = KW_ERASE_KEY_HERE;
    int code = begin(journal, error);
    if (code < 0)
        return code;
    code = kw_erase_key_make(journal, true, &found, error);
    if (code == 0)
        code = renew(journal, error);
    if (code == 0)
        code = erase_one(journal, sale, error);
    *lost = found == KW_ERASE_KEY_LOST;
    code = kw_journal_end(journal, code, error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}

/* Of its own sales alone. Where its row was pruned, or it was erased before, nothing is left that names anybody. */
static int find_ordered(struct kw_journal *journal, const struct kw_batch_order *order, int64_t *sale,
                        struct kw_error *error)
{
    const int64_t bound[] = { order->handle, order->day, order->seq };
    return kw_journal_number(journal, "SELECT coalesce(max(id), 0) FROM sale WHERE id = (SELECT sale FROM touchpoint"
                             " WHERE handle = ?1 AND day = ?2 AND seq = ?3 AND content = x'')", bound, 3, sale, error);
}

static int obey(struct kw_journal *journal, const struct kw_batch_order *order, struct kw_error *error)
{
    enum kw_erase_key found;
    char detail[KW_BATCH_ORDER_TEXT];
    int64_t sale;
    int code = find_ordered(journal, order, &sale, error);
    if (code == 0 && sale > 0)
        code = kw_erase_key_make(journal, true, &found, error);
    if (code == 0 && sale > 0)
        code = renew(journal, error);
    if (code == 0 && sale > 0)
        code = erase_one(journal, sale, error);
    kw_batch_order_write(order, detail);
    return code < 0 ? code
                    : kw_touchpoint_event(journal, 0, KW_EVENT_OBEYED, detail, kw_remains_hour(kw_clock_wall_ms()),
                                          error);
}

int kw_ledger_obey(struct kw_journal *journal, const struct kw_batch_order *order, struct kw_error *error)
{
    int code = begin(journal, error);
    if (code < 0)
        return code;
    code = kw_journal_end(journal, obey(journal, order, error), error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}

int kw_ledger_renew_erased(struct kw_journal *journal, struct kw_error *error)
{
    enum kw_erase_key found;
    int64_t any;
    int code = has_older(journal, &any, error);
    if (code < 0 || !any)
        return code;
    code = begin(journal, error);
    if (code < 0)
        return code;
    code = kw_erase_key_make(journal, false, &found, error);
    if (code == 0 && found != KW_ERASE_KEY_LOST)
        code = renew(journal, error);
    code = kw_journal_end(journal, code, error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}
