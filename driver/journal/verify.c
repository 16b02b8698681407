/* verify.c - walks the chain and compares what it says with what the tables hold. */
#include "journal/verify.h"

#include "base/clock.h"
#include "journal/awaited.h"
#include "journal/remains.h"

#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one link ----------------------------------------------------------------------------------------------- */

static int no_memory(struct kw_verifying *verifying)
{
    return kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
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

/* As a kwit before version 11 sealed it: with the digest of its name. */
static int is_older_seal(struct kw_verifying *verifying, const struct kw_chain_link *link, bool *is)
{
    char erased[KW_ERASED_NAME];
    uint8_t seal[KW_SEAL_HALF];
    struct kw_sale_facts sale = link->sale;
    int code = kw_digest_erased(verifying->journal, sale.name, erased, verifying->error);
    if (code < 0)
        return code;
    sale.name = erased;
    kw_digest_sale_key(verifying->secret, &sale, seal);
    *is = memcmp(seal, link->record.seal, sizeof seal) == 0;
    return 0;
}

static int check_sale(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_touchpoint *touchpoint = &link->record;
    if (!touchpoint->is_sealed)
        return 0;
    if (!link->has_sale) {
        check_missing_sale(verifying, touchpoint);
        return 0;
    }
    bool same = link->is_sale_exact && memcmp(link->seal, touchpoint->seal, KW_SEAL_HALF) == 0;
    int code = link->is_sale_exact && !same ? is_older_seal(verifying, link, &same) : 0;
    if (code == 0 && !same)
        kw_finding_add(verifying, touchpoint->n, "sale %lld was changed: its id, digest or time",
                       (long long)touchpoint->sale);
    else if (code == 0 && link->has_document
             && memcmp(link->document, touchpoint->seal + KW_SEAL_HALF, KW_SEAL_HALF) != 0)
        kw_finding_add(verifying, touchpoint->n, "the document of sale %lld was changed", (long long)touchpoint->sale);
    return code;
}

/* Of sales whose times were blurred: whether their records are there, or only events. */
enum { RECORDED, PRUNED };

static int count_token(struct kw_verifying *verifying, const struct kw_touchpoint *touchpoint)
{
    int64_t day = (touchpoint->day % KW_TALLY_DAYS + KW_TALLY_DAYS) % KW_TALLY_DAYS;
    struct kw_tally_entry *entry =
        kw_tally_at(&verifying->tally, KW_TALLY_SEQUENCE, (int64_t)touchpoint->handle * KW_TALLY_DAYS + day);
    if (!entry)
        return no_memory(verifying);
    if (entry->rows[KW_SAID] <= touchpoint->seq)
        entry->rows[KW_SAID] = (int64_t)touchpoint->seq + 1;
    return 0;
}

static int check_record(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_touchpoint *touchpoint = &link->record;
    const struct kw_chain_event *event = &link->event;
    if (!link->has_record) {
        kw_finding_add(verifying, event->n, "the record of sale %lld was deleted", (long long)event->sale);
        return 0;
    }
    if (!link->is_record_exact || touchpoint->n != event->n)
        kw_finding_add(verifying, event->n, "the record of sale %lld was changed", (long long)event->sale);
    verifying->check->touchpoints++;
    verifying->met_sales += link->has_sale;
    verifying->awaited += touchpoint->is_awaited;
    int code = touchpoint->has_token ? count_token(verifying, touchpoint) : 0;
    if (code == 0 && touchpoint->is_blurred && !kw_tally_at(&verifying->erased, RECORDED, touchpoint->sale))
        code = no_memory(verifying);
    if (code == 0)
        code = check_sale(verifying, link);
    if (code == 0)
        code = kw_verify_hold_fate(verifying, link);
    return code < 0 ? code : kw_verify_add_cells(verifying, link);
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
        return no_memory(verifying);
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

/*
 * An event whose time was blurred when its sale was erased: the event that says so vouches for what is left of it. Of a
 * sale whose record was pruned since, for those that are not what they hash to (remains.h).
 */
static bool add_blurred(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    struct kw_tally_entry *entry = kw_tally_find(&verifying->erased, RECORDED, link->event.sale);
    const bool is_recorded = entry != NULL;
    if (!entry)
        entry = kw_tally_find(&verifying->erased, PRUNED, link->event.sale);
    if (!entry || entry->kept)
        return false;
    entry->kept = kw_remains_are_said(&link->event, entry->sum[KW_SAID]);
    if (entry->kept || !is_recorded)
        return false;
    entry->sum[KW_SAID] += kw_remains_digest(verifying->secret, &link->event, link->stored);
    return true;
}

static int add_remains(struct kw_verifying *verifying, const struct kw_chain_link *link, bool *added)
{
    enum { MINUTE_MS = 60000 };             /* hours of its own clock: of which zone is not known any more */
    const int64_t of[] = { link->event.sale, verifying->check->from_n };
    int64_t is_left;
    *added = false;
    if (kw_chain_opens_sale(&link->event) || link->event.ts_ms % MINUTE_MS != 0)
        return 0;
    int code = kw_journal_number(verifying->journal, "SELECT ?2 > 0 AND ?1 BETWEEN 1 AND (1 << 40) - 1 AND NOT EXISTS"
                                 " (SELECT 1 FROM touchpoint WHERE sale = ?1 AND n > ?2)", of, 2, &is_left,
                                 verifying->error);
    if (code < 0 || !is_left)
        return code;
    struct kw_tally_entry *entry = kw_tally_at(&verifying->erased, PRUNED, link->event.sale);
    if (!entry)
        return no_memory(verifying);
    *added = !entry->kept;
    if (*added)
        entry->sum[KW_SAID] += kw_remains_digest(verifying->secret, &link->event, link->stored);
    return 0;
}

static void tell_blurred(struct kw_verifying *verifying)
{
    for (size_t i = 0; i < verifying->erased.count; i++)
        if (!verifying->erased.entries[i].kept)
            kw_finding_add(verifying, verifying->check->head_n, "what is left of sale %lld, or of its events, is not"
                           " what was left when it was erased", (long long)verifying->erased.entries[i].key);
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

/* The first versions began at zeros. */
static bool is_first_of_old(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    static const uint8_t zeros[KW_CHAIN_HASH];
    uint8_t hash[KW_CHAIN_HASH];
    if (link->event.n != 1)
        return false;
    kw_chain_hash(verifying->secret, zeros, &link->event, hash);
    return memcmp(hash, link->stored, KW_CHAIN_HASH) == 0;
}

static int check_hash(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_chain_event *event = &link->event;
    bool same = link->is_exact && (add_blurred(verifying, link) || memcmp(link->hash, link->stored, KW_CHAIN_HASH) == 0
                                   || is_first_of_old(verifying, link));
    int code = link->is_exact && !same ? add_remains(verifying, link, &same) : 0;
    if (code == 0 && !same)
        kw_finding_add(verifying, event->n,
                       kw_chain_opens_sale(event) ? "the event, or the record of sale %lld, was changed"
                                                 : "the event was changed (sale %lld)", (long long)event->sale);
    if (link->is_exact)
        memcpy(verifying->previous, link->stored, KW_CHAIN_HASH);
    if (event->n == verifying->look->expect_n)
        compare_noted(verifying, event->n);
    verifying->check->head_n = event->n;
    return code;
}

static int check_link(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_chain_event *event = &link->event;
    const int64_t expected = verifying->check->head_n + 1;
    int code = 0;
    if (event->n != expected)
        kw_finding_add(verifying, expected, "events %lld to %lld are missing: rows were cut out", (long long)expected,
                       (long long)event->n - 1);
    if (kw_chain_opens_sale(event))
        code = check_record(verifying, link);
    else if (event->ev == KW_EVENT_SEALED)
        code = hear_seal(verifying, event);
    else if (event->ev == KW_EVENT_PRUNED)
        hear_prune(verifying, event);
    else
        code = kw_verify_hear_fate(verifying, link);
    if (code == 0)
        code = check_hash(verifying, link);
    kw_verify_progress(verifying, "checked events", ++verifying->check->events);
    return code;
}

/* ---- the walk ----------------------------------------------------------------------------------------------- */

static int check_stretch(struct kw_verifying *verifying, const struct kw_chain_stretch *stretch)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < stretch->count; i++)
        code = check_link(verifying, &stretch->links[i]);
    return code;
}

/* While a stretch is hashed, the one before is checked and the next one read in its place. */
static int walk_stretches(struct kw_verifying *verifying, struct kw_chain_reader *reader, struct kw_chain_stretch *next,
                          struct kw_chain_stretch *before)
{
    struct kw_hasher hasher;
    int code = 0;
    bool more = true;
    kw_hasher_begin(&hasher, verifying->secret, verifying->cell_secret);
    while (code == 0 && more) {
        code = kw_chain_read(reader, next, verifying->error);
        kw_hasher_wait(&hasher);
        if (code < 0)
            break;
        more = next->count == KW_STRETCH_LINKS;
        kw_hasher_give(&hasher, next);
        code = check_stretch(verifying, before);
        struct kw_chain_stretch *hashed = next;
        next = before;
        before = hashed;
    }
    kw_hasher_end(&hasher);
    return code < 0 ? code : check_stretch(verifying, before);
}

static int walk(struct kw_verifying *verifying)
{
    struct kw_ledger_check *check = verifying->check;
    struct kw_chain_reader reader = { .journal = verifying->journal, .secret = verifying->secret };
    struct kw_chain_stretch *stretches = calloc(2, sizeof *stretches);
    memcpy(reader.previous, verifying->previous, KW_CHAIN_HASH);
    check->head_n = check->from_n;
    int code = stretches ? kw_chain_reader_begin(&reader, check->from_n, verifying->error) : no_memory(verifying);
    if (code == 0)
        code = walk_stretches(verifying, &reader, &stretches[0], &stretches[1]);
    memcpy(check->head, verifying->previous, KW_CHAIN_HASH);
    kw_chain_reader_end(&reader);
    for (int i = 0; stretches && i < 2; i++)
        kw_arena_free(stretches[i].texts);
    free(stretches);
    return code;
}

/* What no event says of itself: each is a number that ought to be 0, or what to say with it. */
static const struct { const char *sql, *what; } counted[] = {
    /* Where each number from first to last was met there is no other row. Of a whole table SQLite counts pages. */
    { "SELECT iif(EXISTS (SELECT 1 FROM event WHERE n <= ?2)"
      " OR (SELECT max(sale) FROM touchpoint WHERE sale < 1 << 40) - ?4 + 1 = ?1, 0,"
      " max(0, (SELECT count(*) FROM touchpoint) - ?6 - ?1))",
      "%lld records of sales were added that no event made" },
    /* Looked for one by one only where there are not as many as were met. */
    { "SELECT iif((SELECT max(id) FROM sale) - ?4 + 1 = ?5"
      " OR (SELECT count(*) FROM sale NOT INDEXED) - (SELECT count(*) FROM sale WHERE id < ?4) = ?5, 0,"
      " (SELECT coalesce(min(id), 0) FROM sale WHERE id > (SELECT min(sale) FROM touchpoint)"
      " AND NOT EXISTS (SELECT 1 FROM touchpoint WHERE touchpoint.sale = sale.id)))",
      "sale %lld was added: no event made it" },
    { "SELECT iif((SELECT count(*) FROM " KW_AWAITED ") = ?7, 0, (SELECT coalesce(min(sale), 0) FROM touchpoint WHERE"
      " class < 0 AND sale NOT IN (SELECT touchpoint.sale FROM " KW_AWAITED ")))",
      "sale %lld is said to wait for its paper, but no open job brings it" },
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
                              verifying->met_sales, check->merged, verifying->awaited };
    enum { KNOWN = sizeof known / sizeof known[0] };
    for (size_t i = 0; i < sizeof counted / sizeof counted[0]; i++) {
        int64_t found;
        int code = kw_journal_number(verifying->journal, counted[i].sql, known, KNOWN, &found, verifying->error);
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
    bool began = false;
    int code = kw_journal_run(journal, "PRAGMA cache_size=-16384", error);      /* room for a long walk */
    if (code == 0)
        code = kw_journal_begin_reading(journal, &began, error);
    if (code < 0)
        return code;
    code = begin(&verifying);
    if (code == 0)
        code = walk(&verifying);
    if (code == 0) {
        tell_blurred(&verifying);
        code = kw_verify_fates(&verifying);
    }
    if (code == 0)
        code = kw_verify_counts(&verifying);
    if (code == 0)
        code = count_rows(&verifying);
    if (code == 0)
        check_ends(&verifying);
    kw_tally_free(&verifying.tally);
    kw_tally_free(&verifying.unsaid);
    kw_tally_free(&verifying.expired);
    kw_tally_free(&verifying.erased);
    if (began)
        kw_journal_rollback(journal);
    return code;
}
