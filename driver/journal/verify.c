/* verify.c - walks the chain and compares what it says with what the tables hold. */
#include "journal/verify.h"

#include "base/clock.h"
#include "journal/erasure.h"
#include "journal/rows.h"

#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

/* Columns of events; of records: the touchpoint's, then the sale's. */
enum { DETAIL = 4, HASH = 5, SALE = KW_TOUCHPOINT_COLUMN_COUNT };
enum { NO_RECORD = -1 };

/* ---- one event ---------------------------------------------------------------------------------------------- */

static bool opens_sale(int ev)
{
    return ev == KW_EVENT_OFFERED || ev == KW_EVENT_SUPPRESSED;
}

static bool is_text(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_TEXT
           && strlen(kw_column_text(row, column)) == (size_t)sqlite3_column_bytes(row, column);
}

static bool is_event_exact(sqlite3_stmt *row)
{
    bool exact = is_text(row, DETAIL) && sqlite3_column_type(row, HASH) == SQLITE_BLOB
                 && sqlite3_column_bytes(row, HASH) == KW_CHAIN_HASH;
    for (int i = 0; i < 4; i++)
        exact = exact && sqlite3_column_type(row, i) == SQLITE_INTEGER;
    return exact && sqlite3_column_int(row, 2) == sqlite3_column_int64(row, 2);
}

/* A sale's row may be gone only with all that are older, when its time is over. */
static void check_missing_sale(struct kw_verifying *verifying, const struct kw_touchpoint *touchpoint)
{
    enum { LEAST_KEYS_DAYS = 30 };
    const int64_t day_ms = 86400000;
    if (touchpoint->sale > verifying->kept_sale
        || touchpoint->ts_ms > kw_clock_wall_ms() - LEAST_KEYS_DAYS * day_ms)
        kw_finding_add(verifying, touchpoint->n, "sale %lld was deleted: its id and digest are gone",
                   (long long)touchpoint->sale);
}

/* Not its document, which may be gone: what its key and digest are sealed with. *same: they are what they were. */
static int compare_sale(struct kw_verifying *verifying, const struct kw_sale_facts *sale, const uint8_t *sealed,
                        bool *same)
{
    uint8_t seal[KW_SEAL_HALF];
    int code = kw_digest_sale_key(verifying->journal, sale, false, seal, verifying->error);
    if (code == 0 && memcmp(seal, sealed, sizeof seal) != 0)
        code = kw_digest_sale_key(verifying->journal, sale, true, seal, verifying->error);
    *same = memcmp(seal, sealed, sizeof seal) == 0;
    return code;
}

static bool is_document(struct kw_verifying *verifying, const struct kw_sale_facts *sale, const uint8_t *sealed)
{
    uint8_t seal[KW_SEAL_HALF];
    kw_digest_document(verifying->secret, sale->body, sale->length, seal);
    return memcmp(seal, sealed, sizeof seal) == 0;
}

static int check_sale(struct kw_verifying *verifying, sqlite3_stmt *row, const struct kw_touchpoint *touchpoint)
{
    if (!touchpoint->is_sealed)
        return 0;
    if (sqlite3_column_type(row, SALE) == SQLITE_NULL) {
        check_missing_sale(verifying, touchpoint);
        return 0;
    }
    const struct kw_sale_facts sale = {
        kw_column_text(row, SALE), kw_column_text(row, SALE + 1), kw_column_text(row, SALE + 2),
        kw_column_text(row, SALE + 3), sqlite3_column_blob(row, SALE + 4), sqlite3_column_int64(row, SALE + 5),
        sqlite3_column_blob(row, SALE + 6), (size_t)sqlite3_column_bytes(row, SALE + 6)
    };
    bool exact = sqlite3_column_type(row, SALE + 5) == SQLITE_INTEGER && sqlite3_column_bytes(row, SALE + 4) == 32
                 && sqlite3_column_type(row, SALE + 4) == SQLITE_BLOB;
    for (int i = 0; i < 4; i++)
        exact = exact && is_text(row, SALE + i);
    int code = exact ? compare_sale(verifying, &sale, touchpoint->seal, &exact) : 0;
    if (code == 0 && !exact)
        kw_finding_add(verifying, touchpoint->n, "sale %lld was changed: its id, digest or time",
                       (long long)touchpoint->sale);
    else if (code == 0 && sqlite3_column_type(row, SALE + 6) != SQLITE_NULL
             && !is_document(verifying, &sale, touchpoint->seal + KW_SEAL_HALF))
        kw_finding_add(verifying, touchpoint->n, "the document of sale %lld was changed", (long long)touchpoint->sale);
    return code;
}

static int count_token(struct kw_verifying *verifying, const struct kw_touchpoint *touchpoint)
{
    int64_t day = (touchpoint->day % KW_TALLY_DAYS + KW_TALLY_DAYS) % KW_TALLY_DAYS;
    struct kw_tally_entry *entry =
        kw_tally_at(&verifying->tally, KW_TALLY_SEQUENCE, (int64_t)touchpoint->handle * KW_TALLY_DAYS + day);
    if (!entry)
        return kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
    if (entry->rows[KW_SAID] <= touchpoint->seq)
        entry->rows[KW_SAID] = (int64_t)touchpoint->seq + 1;
    return 0;
}

static int step_record(struct kw_verifying *verifying)
{
    const int status = sqlite3_step(verifying->records);
    verifying->record = status == SQLITE_ROW ? sqlite3_column_int64(verifying->records, 0) : NO_RECORD;
    return status == SQLITE_ROW || status == SQLITE_DONE ? 0 : KWIT_E_IO;
}

/* Sales are claimed nearly in the order of their numbers: as a rule it is the next record, else it is looked up. */
static int find_record(struct kw_verifying *verifying, int64_t sale)
{
    int code = 0;
    if (verifying->record != NO_RECORD && verifying->record < sale)
        code = step_record(verifying);
    if (code == 0 && verifying->record != sale) {
        kw_journal_reset(verifying->records);
        sqlite3_bind_int64(verifying->records, 1, sale);
        code = step_record(verifying);
    }
    return code < 0 ? kw_journal_fail(verifying->journal, "reading", verifying->error) : 0;
}

/* The record that the event made: what it says goes into *content, for the event's hash. */
static int check_record(struct kw_verifying *verifying, struct kw_chain_event *event)
{
    struct kw_touchpoint touchpoint;
    sqlite3_stmt *row = verifying->records;
    int code = find_record(verifying, event->sale);
    if (code < 0)
        return code;
    if (verifying->record != event->sale) {
        kw_finding_add(verifying, event->n, "the record of sale %lld was deleted", (long long)event->sale);
        return 0;
    }
    bool exact = kw_touchpoint_exact_row(row, &touchpoint);
    kw_digest_record(verifying->secret, &touchpoint, event->content);
    if (!exact || touchpoint.n != event->n)
        kw_finding_add(verifying, event->n, "the record of sale %lld was changed", (long long)event->sale);
    verifying->check->touchpoints++;
    verifying->met_sales += sqlite3_column_type(row, SALE) != SQLITE_NULL;
    code = touchpoint.has_token ? count_token(verifying, &touchpoint) : 0;
    if (code == 0 && touchpoint.is_blurred && !kw_tally_at(&verifying->tally, KW_TALLY_ERASED, touchpoint.sale))
        code = kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
    if (code == 0)
        code = check_sale(verifying, row, &touchpoint);
    if (code == 0)
        code = kw_verify_hold_fate(verifying, &touchpoint);
    return code < 0 ? code : kw_verify_add_cells(verifying, &touchpoint);
}

static int hear_seal(struct kw_verifying *verifying, const struct kw_chain_event *event)
{
    struct kw_seal seal;
    if (!kw_seal_read(event->detail, &seal)) {
        kw_finding_add(verifying, event->n, "the event seals a table that this version does not know");
        return 0;
    }
    struct kw_tally_entry *entry = kw_tally_at(&verifying->tally, seal.table, seal.run);
    if (!entry)
        return kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
    if (seal.table == KW_SEALED_SEQUENCE && seal.rows < entry->rows[KW_SAID])
        return 0;
    entry->rows[KW_SAID] = seal.rows;
    entry->sum[KW_SAID] = seal.sum;
    entry->event = event->n;
    return 0;
}

static void hear_prune(struct kw_verifying *verifying, const struct kw_chain_event *event)
{
    long long n = 0, day = 0;
    int read = sscanf(event->detail, "%lld %*s %lld", &n, &day);
    verifying->pruned_n = n;
    verifying->knows_pruned_day = read == 2;
    verifying->pruned_day = day;
}

/* An event whose time was blurred when its sale was erased: the event that says so vouches for what is left of it. */
static bool add_blurred(struct kw_verifying *verifying, sqlite3_stmt *row, const struct kw_chain_event *event)
{
    struct kw_tally_entry *entry = kw_tally_find(&verifying->tally, KW_TALLY_ERASED, event->sale);
    if (!entry || entry->kept)
        return false;
    char sum[KW_ERASURE_DETAIL];
    snprintf(sum, sizeof sum, "%016llx", (unsigned long long)entry->sum[KW_SAID]);
    if (event->ev == KW_EVENT_ERASED && strcmp(event->detail, sum) == 0) {
        entry->kept = true;
        return false;
    }
    entry->sum[KW_SAID] += kw_erasure_digest(verifying->secret, event, sqlite3_column_blob(row, HASH));
    return true;
}

/* The head that was noted elsewhere. */
static void compare_noted(struct kw_verifying *verifying, int64_t n)
{
    char hex[2 * KW_CHAIN_HASH + 1];
    const char *noted = verifying->look->expect_hex;
    sodium_bin2hex(hex, sizeof hex, verifying->previous, KW_CHAIN_HASH);
    verifying->check->compared = true;
    if (strncmp(hex, noted, strlen(noted)) != 0)
        kw_finding_add(verifying, n, "its hash is not the one that was noted: the journal was rewritten");
}

static void check_hash(struct kw_verifying *verifying, sqlite3_stmt *row, const struct kw_chain_event *event)
{
    struct kw_ledger_check *check = verifying->check;
    const struct kw_ledger_look *look = verifying->look;
    uint8_t hash[KW_CHAIN_HASH];
    static const uint8_t zeros[KW_CHAIN_HASH];
    bool exact = is_event_exact(row), blurred = exact && add_blurred(verifying, row, event);
    kw_chain_hash(verifying->secret, verifying->previous, event, hash);
    if (blurred)
        memcpy(hash, sqlite3_column_blob(row, HASH), KW_CHAIN_HASH);
    if (exact && event->n == 1 && memcmp(hash, sqlite3_column_blob(row, HASH), KW_CHAIN_HASH) != 0)
        kw_chain_hash(verifying->secret, zeros, event, hash);       /* of the first versions */
    if (!exact || memcmp(hash, sqlite3_column_blob(row, HASH), KW_CHAIN_HASH) != 0)
        kw_finding_add(verifying, event->n,
                   opens_sale(event->ev) ? "the event, or the record of sale %lld, was changed"
                                         : "the event was changed (sale %lld)", (long long)event->sale);
    if (exact)
        memcpy(verifying->previous, sqlite3_column_blob(row, HASH), KW_CHAIN_HASH);
    if (event->n == look->expect_n)
        compare_noted(verifying, event->n);
    check->head_n = event->n;
}

static int check_event(struct kw_verifying *verifying, sqlite3_stmt *row)
{
    struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0),
                                    .sale = sqlite3_column_int64(row, 1),
                                    .ev = sqlite3_column_int(row, 2),
                                    .ts_ms = sqlite3_column_int64(row, 3),
                                    .detail = kw_column_text(row, DETAIL) };
    int64_t expected = verifying->check->head_n + 1;
    int code = 0;
    if (event.n != expected)
        kw_finding_add(verifying, expected, "events %lld to %lld are missing: rows were cut out", (long long)expected,
                   (long long)event.n - 1);
    if (opens_sale(event.ev))
        code = check_record(verifying, &event);
    else if (event.ev == KW_EVENT_SEALED)
        code = hear_seal(verifying, &event);
    else if (event.ev == KW_EVENT_PRUNED)
        hear_prune(verifying, &event);
    else
        code = kw_verify_hear_fate(verifying, &event);
    check_hash(verifying, row, &event);
    kw_verify_progress(verifying, "checked events", ++verifying->check->events);
    return code;
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

static int walk(struct kw_verifying *verifying)
{
    struct kw_ledger_check *check = verifying->check;
    sqlite3_stmt *row = kw_journal_prepare(verifying->journal, "SELECT n, sale, ev, ts_ms, detail, hash FROM event"
                                           " WHERE n > ? ORDER BY n", verifying->error);
    verifying->record = NO_RECORD;
    verifying->records = kw_journal_prepare(verifying->journal,
                                            "SELECT " KW_TOUCHPOINT_COLUMNS_OF("t.")
                                            ", s.store, s.terminal, s.scope, s.name, s.digest, s.accepted_ms, s.body"
                                            " FROM touchpoint t LEFT JOIN sale s ON s.id = t.sale"
                                            " WHERE t.sale >= ? AND t.sale < 1 << 40 ORDER BY t.sale",
                                            verifying->error);
    if (!row || !verifying->records)
        return verifying->error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, check->from_n);
    check->head_n = check->from_n;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW)
        code = check_event(verifying, row);
    memcpy(check->head, verifying->previous, KW_CHAIN_HASH);
    kw_journal_reset(verifying->records);
    return kw_journal_walked(verifying->journal, row, code, status, verifying->error);
}

/* What no event says of itself: each is a number that ought to be 0, or what to say with it. */
static const struct { const char *sql, *what; } counted[] = {
    { "SELECT max(0, count(*) - ?1) FROM touchpoint WHERE sale < 1 << 40"
      " AND NOT EXISTS (SELECT 1 FROM event WHERE n <= ?2)", "%lld records of sales were added that no event made" },
    /* Looked for one by one only where there are not as many as were met. */
    { "SELECT iif((SELECT count(*) FROM sale WHERE id >= ?4) = ?5, 0, (SELECT coalesce(min(id), 0) FROM sale WHERE id >"
      " (SELECT min(sale) FROM touchpoint) AND NOT EXISTS (SELECT 1 FROM touchpoint WHERE touchpoint.sale = sale.id)))",
      "sale %lld was added: no event made it" },
    { "SELECT max(0, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) - ?3)",
      "the tail is cut off: %lld more numbers were given out" },
    { "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) < ?3",
      "the count of numbers given out was set back" },
    { "SELECT max(0, count(*) - 1) FROM sqlite_sequence", "%lld counts of numbers given out were added" },
};

static int count_rows(struct kw_verifying *verifying)
{
    const struct kw_ledger_check *check = verifying->check;
    const int64_t known[] = { check->touchpoints, check->from_n, check->head_n, verifying->first_sale,
                              verifying->met_sales };
    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        int64_t found;
        int code = kw_journal_number(verifying->journal, counted[i].sql, known, 5, &found, verifying->error);
        if (code < 0)
            return code;
        if (found)
            kw_finding_add(verifying, check->head_n, counted[i].what, (long long)found);
    }
    return 0;
}

static void check_ends(struct kw_verifying *verifying)
{
    const struct kw_ledger_check *check = verifying->check;
    if (verifying->look->expect_n > check->head_n)
        kw_finding_add(verifying, check->head_n + 1, "the tail is cut off: the noted head is further on");
    if (verifying->look->expect_n > 0 && verifying->look->expect_n <= check->from_n)
        kw_finding_add(verifying, check->from_n, "event %lld, the noted head, was pruned: it cannot be compared",
                   (long long)verifying->look->expect_n);
    if (verifying->pruned_n != check->from_n)
        kw_finding_add(verifying, check->from_n, "the head is cut off: no event says that it was pruned up to %lld",
                   (long long)check->from_n);
}

/* Where the chain begins, and what it is keyed with. */
static int begin(struct kw_verifying *verifying)
{
    uint8_t hash[KW_CHAIN_HASH];
    struct kw_journal *journal = verifying->journal;
    struct kw_error *error = verifying->error;
    int code = kw_journal_secret(journal, &verifying->secret, error);
    if (code == 0)
        code = kw_chain_start(journal, &verifying->check->from_n, verifying->previous, error);
    if (code == 0)
        code = kw_digest_name(journal, "kwit/cell", "", hash, sizeof hash, error);
    if (code < 0)
        return code;
    memcpy(verifying->cell_secret, hash, sizeof verifying->cell_secret);
    code = kw_journal_number(journal, "SELECT coalesce(min(sale), 0) FROM touchpoint", NULL, 0, &verifying->first_sale,
                             error);
    return code < 0 ? code : kw_journal_number(journal, "SELECT coalesce(min(id), 0) FROM sale", NULL, 0,
                                               &verifying->kept_sale, error);
}

int kw_ledger_verify(struct kw_journal *journal, const struct kw_ledger_look *look, struct kw_ledger_check *check,
                     struct kw_error *error)
{
    struct kw_verifying verifying = { .journal = journal, .look = look, .check = check, .error = error };
    *check = (struct kw_ledger_check){ 0 };
    /* One moment of a journal that a till may be using (the caller's, if it holds one), and room for a long walk. */
    bool held = !sqlite3_get_autocommit(journal->db);
    int code = kw_journal_run(journal, held ? "PRAGMA cache_size=-65536" : "PRAGMA cache_size=-65536; BEGIN", error);
    if (code < 0)
        return code;
    code = begin(&verifying);
    if (code == 0)
        code = walk(&verifying);
    if (code == 0)
        kw_verify_fates(&verifying);
    if (code == 0)
        code = kw_verify_counts(&verifying);
    if (code == 0)
        code = count_rows(&verifying);
    if (code == 0)
        check_ends(&verifying);
    kw_tally_free(&verifying.tally);
    kw_tally_free(&verifying.unsaid);
    if (!held)
        kw_journal_rollback(journal);
    return code;
}
