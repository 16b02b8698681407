/* ledger.c - checking the chain, cutting its old end, erasing a sale's link. */
#include "journal/ledger.h"

#include "base/clock.h"
#include "journal/chain.h"

#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

enum { PRUNE_BATCH = 1000 };

/* Where the chain begins: behind the last checkpoint, else at nothing. */
static int read_checkpoint(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT n, hash FROM checkpoint ORDER BY n DESC LIMIT 1", error);
    if (!row)
        return KWIT_E_IO;
    *n = 0;
    memset(hash, 0, KW_CHAIN_HASH);
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 1) == KW_CHAIN_HASH) {
        *n = sqlite3_column_int64(row, 0);
        memcpy(hash, sqlite3_column_blob(row, 1), KW_CHAIN_HASH);
    }
    kw_journal_reset(row);
    return 0;
}

static void found(struct kw_ledger_check *check, int64_t n, const char *what)
{
    if (check->bad_n)
        return;
    check->bad_n = n;
    snprintf(check->what, sizeof check->what, "%s", what);
}

static bool opens_sale(int ev)
{
    return ev == KW_EVENT_OFFERED || ev == KW_EVENT_SUPPRESSED;
}

/* One row of the walk: the event, and the touchpoint that it made or classified. */
static void check_row(sqlite3_stmt *row, const uint8_t *secret, uint8_t previous[KW_CHAIN_HASH],
                      struct kw_ledger_check *check)
{
    struct kw_touchpoint touchpoint;
    uint8_t hash[KW_CHAIN_HASH];
    struct kw_chain_event event = { .n = sqlite3_column_int64(row, 27), .sale = sqlite3_column_int64(row, 28),
                                    .ev = sqlite3_column_int(row, 29), .ts_ms = sqlite3_column_int64(row, 30),
                                    .detail = kw_column_text(row, 31) };
    bool has_touchpoint = sqlite3_column_type(row, 0) != SQLITE_NULL;
    kw_touchpoint_row(row, &touchpoint);
    if (event.n != check->head_n + 1)
        found(check, check->head_n + 1, "events are missing here: rows were cut out");
    if (opens_sale(event.ev) && !has_touchpoint)
        found(check, event.n, "the sale's record was deleted");
    if (opens_sale(event.ev) && has_touchpoint) {
        kw_chain_content(secret, &touchpoint, event.content);
        check->touchpoints++;
    }
    kw_chain_hash(secret, previous, &event, hash);
    if (sqlite3_column_bytes(row, 32) != KW_CHAIN_HASH
        || memcmp(hash, sqlite3_column_blob(row, 32), KW_CHAIN_HASH) != 0)
        found(check, event.n,
              opens_sale(event.ev) ? "the event or the sale's record was changed" : "the event was changed");
    int klass = kw_class_of_event(event.ev);
    if (has_touchpoint && klass >= 0 && touchpoint.class_ms == event.ts_ms && touchpoint.klass != klass)
        found(check, event.n, "the sale's delivery class is not what its events say");
    if (sqlite3_column_bytes(row, 32) == KW_CHAIN_HASH)
        memcpy(previous, sqlite3_column_blob(row, 32), KW_CHAIN_HASH);
    check->head_n = event.n;
    check->events++;
}

static void check_expected(sqlite3_stmt *row, int64_t expect_n, const char *expect_hex, struct kw_ledger_check *check)
{
    char hex[2 * KW_CHAIN_HASH + 1] = "";
    if (sqlite3_column_int64(row, 27) != expect_n || sqlite3_column_bytes(row, 32) != KW_CHAIN_HASH)
        return;
    sodium_bin2hex(hex, sizeof hex, sqlite3_column_blob(row, 32), KW_CHAIN_HASH);
    if (strncmp(hex, expect_hex, strlen(expect_hex)) != 0)
        found(check, expect_n, "its hash is not the one that was noted: the journal was rewritten");
}

static int walk(struct kw_journal *journal, int64_t expect_n, const char *expect_hex, struct kw_ledger_check *check,
                struct kw_error *error)
{
    const uint8_t *secret;
    uint8_t previous[KW_CHAIN_HASH];
    int status, code = kw_journal_secret(journal, &secret, error);
    if (code == 0)
        code = read_checkpoint(journal, &check->from_n, previous, error);
    if (code < 0)
        return code;
    sqlite3_stmt *row = kw_journal_prepare(journal,
                                           "SELECT t.sale, t.ts_ms, offset_minutes, kid, handle, day, seq, variant, "
                                           "flag, variant_p_bp, p_bp, u, forced, drawn, reason,"
                                           " store, till, cashier, campaign, language, channel, kind, expires_day, "
                                           "config_digest, t.n, class, class_ms,"
                                           " e.n, e.sale, e.ev, e.ts_ms, e.detail, e.hash FROM event e LEFT JOIN "
                                           "touchpoint t ON t.sale = e.sale"
                                           " WHERE e.n > ? ORDER BY e.n",
                                           error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, check->from_n);
    check->head_n = check->from_n;
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        check_row(row, secret, previous, check);
        if (expect_n)
            check_expected(row, expect_n, expect_hex, check);
    }
    memcpy(check->head, previous, KW_CHAIN_HASH);
    code = status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}

static int read_number(struct kw_journal *journal, const char *sql, int64_t bound, int64_t *value,
                       struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, sql, error);
    if (!row)
        return KWIT_E_IO;
    if (sqlite3_bind_parameter_count(row) > 0)
        sqlite3_bind_int64(row, 1, bound);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *value = code == 0 ? sqlite3_column_int64(row, 0) : 0;
    kw_journal_reset(row);
    return code;
}

int kw_ledger_verify(struct kw_journal *journal, int64_t expect_n, const char *expect_hex,
                     struct kw_ledger_check *check, struct kw_error *error)
{
    int64_t given, records, counted, kept;
    *check = (struct kw_ledger_check){ 0 };
    int code = walk(journal, expect_n, expect_hex, check, error);
    if (code == 0)
        code = read_number(journal, "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)", 0,
                           &given, error);
    if (code == 0)
        code = read_number(journal, "SELECT count(*) FROM touchpoint WHERE sale < 1 << 40 AND n > ?", check->from_n,
                           &records, error);
    if (code == 0)
        code = read_number(journal, "SELECT coalesce(sum(n), 0) FROM cell WHERE view = 0", 0, &counted, error);
    if (code == 0)
        code = read_number(journal, "SELECT count(*) FROM touchpoint WHERE day >= (SELECT min(day) FROM cell)", 0,
                           &kept, error);
    if (code < 0)
        return code;
    if (given > check->head_n)
        found(check, check->head_n + 1, "the tail is cut off: later numbers were given out");
    if (expect_n > check->head_n)
        found(check, check->head_n + 1, "the tail is cut off: the noted head is further on");
    if (records > check->touchpoints)
        found(check, check->head_n, "there are sale records that no event made");
    if (counted != kept)
        found(check, check->head_n, "the counts that reports read do not agree with the sales");
    return 0;
}

/* ---- pruning ------------------------------------------------------------------------------------------------ */

static int note_checkpoint(struct kw_journal *journal, int64_t n, int64_t touchpoints, struct kw_error *error)
{
    char hex[2 * KW_CHAIN_HASH + 1], detail[80];
    uint8_t hash[KW_CHAIN_HASH] = { 0 };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT hash FROM event WHERE n = ?", error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, n);
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH)
        memcpy(hash, sqlite3_column_blob(row, 0), KW_CHAIN_HASH);
    kw_journal_reset(row);
    sodium_bin2hex(hex, sizeof hex, hash, KW_CHAIN_HASH);
    snprintf(detail, sizeof detail, "%lld %s", (long long)n, hex);
    row =
        kw_journal_prepare(journal, "INSERT OR REPLACE INTO checkpoint(n, hash, touchpoints, ts_ms) VALUES(?, ?, ?, ?)",
                           error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, n);
    sqlite3_bind_blob(row, 2, hash, KW_CHAIN_HASH, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, touchpoints);
    sqlite3_bind_int64(row, 4, kw_clock_wall_ms());
    int code = kw_journal_done(journal, row, error);
    return code < 0 ? code : kw_touchpoint_event(journal, 0, KW_EVENT_PRUNED, detail, kw_clock_wall_ms(), error);
}

static int run_bound(struct kw_journal *journal, const char *sql, int64_t one, int64_t two, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, sql, error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, one);
    if (sqlite3_bind_parameter_count(row) > 1)
        sqlite3_bind_int64(row, 2, two);
    return kw_journal_done(journal, row, error);
}

static int end_transaction(struct kw_journal *journal, int code, struct kw_error *error)
{
    if (code == 0)
        return kw_journal_commit(journal, error);
    kw_journal_rollback(journal);
    return code;
}

/* What is cut goes in small transactions; the checkpoint is there first, so that a stop in between leaves it whole. */
static int delete_events(struct kw_journal *journal, int64_t up_to, int64_t *touchpoints, struct kw_error *error)
{
    int64_t first, code = read_number(journal, "SELECT coalesce(min(n), 0) FROM event", 0, &first, error);
    for (int64_t n = first; code == 0 && n <= up_to; n += PRUNE_BATCH) {
        int64_t last = n + PRUNE_BATCH - 1 < up_to ? n + PRUNE_BATCH - 1 : up_to;
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(journal, KW_SOON, error);
        if (code < 0)
            break;
        code = run_bound(journal, "DELETE FROM touchpoint WHERE sale IN (SELECT sale FROM event WHERE n BETWEEN ? AND ?"
                         " AND ev IN (1, 2)) AND sale < 1 << 40", n, last, error);
        *touchpoints += code == 0 ? sqlite3_changes(journal->db) : 0;
        if (code == 0)
            code = run_bound(journal, "DELETE FROM event WHERE n BETWEEN ? AND ?", n, last, error);
        code = end_transaction(journal, (int)code, error);
        kw_journal_make_way(began_ms);
    }
    return (int)code;
}

static int delete_rest(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error)
{
    static const char *const statements[] = { "DELETE FROM cell WHERE day < ?",
                                              "DELETE FROM alert WHERE answer IN (SELECT id FROM answer WHERE day < ?)",
                                              "DELETE FROM answer WHERE day < ?",
                                              "DELETE FROM cooldown WHERE until_day < ?",
                                              "DELETE FROM foreign_event WHERE (origin << 40 | sale) IN (SELECT sale "
                                              "FROM touchpoint WHERE sale >= 1 << 40 AND day < ?)",
                                              "DELETE FROM touchpoint WHERE sale >= 1 << 40 AND day < ?" };
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < sizeof statements / sizeof statements[0]; i++)
        code = run_bound(journal, statements[i], before_day, 0, error);
    *touchpoints += code == 0 ? sqlite3_changes(journal->db) : 0;
    return end_transaction(journal, code, error);
}

int kw_ledger_prune(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error)
{
    int64_t first, last, keep, checkpoint;
    uint8_t hash[KW_CHAIN_HASH];
    *touchpoints = 0;
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = read_checkpoint(journal, &checkpoint, hash, error);
    if (code == 0)
        code = read_number(journal, "SELECT coalesce(min(n), 0) FROM touchpoint WHERE sale < 1 << 40 AND day >= ?",
                           before_day, &keep, error);
    if (code == 0)
        code = read_number(journal, "SELECT coalesce(min(n), 1) FROM event", 0, &first, error);
    if (code == 0)
        code = read_number(journal, "SELECT coalesce(max(n), 0) FROM event", 0, &last, error);
    if (code < 0)
        return code;
    int64_t up_to = keep > 0 ? keep - 1 : last;
    if (up_to > checkpoint && up_to >= first) {
        code = kw_journal_begin(journal, KW_DURABLE, error);
        if (code == 0)
            code = end_transaction(journal, note_checkpoint(journal, up_to, 0, error), error);
    }
    if (code == 0)
        code = delete_events(journal, up_to > checkpoint ? up_to : checkpoint, touchpoints, error);
    if (code == 0)
        code = delete_rest(journal, before_day, touchpoints, error);
    return code < 0 ? code : kw_journal_checkpoint(journal, error);
}

/* ---- erasing ------------------------------------------------------------------------------------------------ */

int kw_ledger_erased_name(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME],
                          struct kw_error *error)
{
    uint8_t hash[16];
    int code = kw_journal_hash_name(journal, "kwit/erased", name, hash, sizeof hash, error);
    if (code < 0)
        return code;
    memcpy(out, "erased:", 7);
    sodium_bin2hex(out + 7, KW_ERASED_NAME - 7, hash, sizeof hash);
    return 0;
}

static int erase_row(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    char name[KW_ERASED_NAME];
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT name FROM sale WHERE id = ?", error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, sale);
    int code = sqlite3_step(row) == SQLITE_ROW
                   ? kw_ledger_erased_name(journal, kw_column_text(row, 0), name, error)
                   : kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "this sale is gone already");
    kw_journal_reset(row);
    if (code < 0)
        return code;
    row = kw_journal_prepare(journal, "UPDATE sale SET name = ?, body = NULL WHERE id = ?", error);
    if (!row)
        return KWIT_E_IO;
    kw_bind_text(row, 1, name);
    sqlite3_bind_int64(row, 2, sale);
    return kw_journal_done(journal, row, error);
}

int kw_ledger_erase(struct kw_journal *journal, int64_t sale, struct kw_error *error)
{
    static const char *const wipes[] = {
        "UPDATE piece SET bytes = NULL, breaks = NULL WHERE job IN (SELECT id FROM job WHERE sale = ?)",
        "UPDATE answer SET comment = '', contact = 0 WHERE sale = ?"
    };
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = erase_row(journal, sale, error);
    for (size_t i = 0; code == 0 && i < 2; i++)
        code = run_bound(journal, wipes[i], sale, 0, error);
    if (code == 0)
        code = kw_touchpoint_event(journal, sale, KW_EVENT_ERASED, "", kw_clock_wall_ms(), error);
    code = end_transaction(journal, code, error);
    /* The write-ahead log still holds the old page until it is copied back and cut. */
    kw_journal_cut_wal(journal);
    if (code == 0 && sqlite3_wal_checkpoint_v2(journal->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        code = kw_journal_fail(journal, "shortening", error);
    return code;
}

int kw_ledger_version(struct kw_journal *journal, int *version, struct kw_error *error)
{
    int64_t value;
    int code = read_number(journal, "PRAGMA user_version", 0, &value, error);
    *version = (int)value;
    return code;
}

int kw_ledger_each(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_touchpoint_sink sink, void *data,
                   struct kw_error *error)
{
    sqlite3_stmt *row =
        kw_journal_prepare(journal,
                           "SELECT " KW_TOUCHPOINT_COLUMNS ", coalesce((SELECT uuid FROM origin"
                           " WHERE id = sale >> 40), '') FROM touchpoint WHERE day BETWEEN ? AND ? ORDER BY sale",
                           error);
    if (!row)
        return KWIT_E_IO;
    struct kw_touchpoint touchpoint;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        kw_touchpoint_row(row, &touchpoint);
        code = sink(data, &touchpoint, kw_column_text(row, KW_TOUCHPOINT_COLUMN_COUNT));
    }
    if (code >= 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}

int kw_ledger_events(struct kw_journal *journal, kw_event_sink sink, void *data, struct kw_error *error)
{
    static const uint8_t none[KW_CHAIN_HASH];
    sqlite3_stmt *row =
        kw_journal_prepare(journal, "SELECT n, sale, ev, ts_ms, detail, hash FROM event ORDER BY n", error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, status = SQLITE_DONE;
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_ledger_event event = {
            sqlite3_column_int64(row, 0),
            sqlite3_column_int64(row, 1),
            sqlite3_column_int64(row, 3),
            sqlite3_column_int(row, 2),
            kw_column_text(row, 4),
            sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH ? sqlite3_column_blob(row, 5) : none
        };
        code = sink(data, &event);
    }
    if (code >= 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}
