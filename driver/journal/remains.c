/*
 * remains.c - events of erased sales that outlive their records. Their times were blurred, so their hashes are not
 * theirs any more; what vouches for them is a sum over all events of the sale, of which a prune takes the first. So the
 * sum of those that stay is stated anew.
 */
#include "journal/remains.h"

#include "base/clock.h"
#include "journal/erasure.h"
#include "journal/internal.h"
#include "journal/touchpoint.h"

#include <string.h>

static int hear(struct kw_tally *remains, const uint8_t *secret, const uint8_t *previous, const uint8_t *stored,
                const struct kw_chain_event *event)
{
    uint8_t hash[KW_CHAIN_HASH];
    struct kw_tally_entry *entry = kw_tally_at(remains, 0, event->sale);
    if (!entry)
        return -1;
    kw_chain_hash(secret, previous, event, hash);
    const bool is_blurred = memcmp(hash, stored, KW_CHAIN_HASH) != 0;
    if (is_blurred)
        entry->sum[KW_SAID] += kw_erasure_digest(secret, event, stored);
    entry->kept = is_blurred ? false : entry->kept || kw_erasure_is_said(event, entry->sum[KW_SAID]);
    return 0;
}

/* Where nothing was erased, the last such event is looked for, and no more. */
int kw_remains_find(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], struct kw_tally *remains,
                    struct kw_error *error)
{
    const uint8_t *secret;
    int code = kw_journal_secret(journal, &secret, error), status = SQLITE_DONE;
    sqlite3_stmt *row = code < 0 ? NULL : kw_journal_prepare(
        journal, "SELECT e.n, e.sale, e.ev, e.ts_ms, e.detail, e.hash, p.hash FROM event e LEFT JOIN event p"
                 " ON p.n = e.n - 1 WHERE e.n > ?1 AND e.n <= (SELECT coalesce(max(n), 0) FROM event WHERE n > ?1"
                 " AND ev = 19) AND e.sale IN (SELECT sale FROM event WHERE n > ?1 AND ev = 19 AND sale BETWEEN 1"
                 " AND (1 << 40) - 1 AND NOT EXISTS (SELECT 1 FROM touchpoint t WHERE t.sale = event.sale AND t.n > ?1))"
                 " ORDER BY e.n", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0), .sale = sqlite3_column_int64(row, 1),
                                              .ev = sqlite3_column_int(row, 2), .ts_ms = sqlite3_column_int64(row, 3),
                                              .detail = kw_column_text(row, 4) };
        const uint8_t *previous = event.n == n + 1 ? hash : sqlite3_column_blob(row, 6);
        const bool is_whole = sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH
                              && (event.n == n + 1 || sqlite3_column_bytes(row, 6) == KW_CHAIN_HASH);
        if (is_whole && hear(remains, secret, previous, sqlite3_column_blob(row, 5), &event) < 0)
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    }
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_remains_state(struct kw_journal *journal, const struct kw_tally *remains, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms();
    int code = 0;
    for (size_t i = 0; code == 0 && i < remains->count; i++) {
        const struct kw_tally_entry *entry = &remains->entries[i];
        char detail[KW_ERASURE_DETAIL];
        kw_erasure_say(entry->sum[KW_SAID], detail);
        if (entry->sum[KW_SAID] != 0 && !entry->kept)
            code = kw_touchpoint_event(journal, entry->key, KW_EVENT_ERASED, detail, kw_erasure_hour(now_ms), error);
    }
    return code;
}
