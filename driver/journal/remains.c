/*
 * remains.c - what is left of erased sales in the chain. The times of their events were blurred, so their hashes are
 * not theirs any more; what vouches for them is a sum over all events of the sale, of which a prune takes the first. So
 * the sum of those that stay is stated anew.
 */
#include "journal/remains.h"

#include "base/clock.h"
#include "journal/digest.h"
#include "journal/internal.h"
#include "journal/touchpoint.h"

#include <stdio.h>
#include <string.h>

enum { HOUR_MS = 3600000 };

uint64_t kw_remains_digest(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_chain_event *event,
                           const uint8_t hash[KW_CHAIN_HASH])
{
    struct kw_digest digest;
    uint8_t out[KW_DIGEST];
    uint64_t sum;
    kw_digest_begin(&digest, secret, "kwit/blurred");
    kw_digest_numbers(&digest, (const int64_t[]){ event->n, event->sale, event->ev, event->ts_ms }, 4);
    kw_digest_text(&digest, event->detail);
    kw_digest_bytes(&digest, event->content, sizeof event->content);
    kw_digest_bytes(&digest, hash, KW_CHAIN_HASH);
    kw_digest_end(&digest, out);
    memcpy(&sum, out, sizeof sum);
    return sum;
}

void kw_remains_say(uint64_t sum, char detail[KW_REMAINS_DETAIL])
{
    snprintf(detail, KW_REMAINS_DETAIL, "%016llx", (unsigned long long)sum);
}

bool kw_remains_are_said(const struct kw_chain_event *event, uint64_t sum)
{
    char detail[KW_REMAINS_DETAIL];
    kw_remains_say(sum, detail);
    return event->ev == KW_EVENT_ERASED && strcmp(event->detail, detail) == 0;
}

int64_t kw_remains_hour(int64_t ms)
{
    return ms - ms % HOUR_MS;
}

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
        entry->sum[KW_SAID] += kw_remains_digest(secret, event, stored);
    entry->kept = is_blurred ? false : entry->kept || kw_remains_are_said(event, entry->sum[KW_SAID]);
    return 0;
}

#define EVENTS \
    "SELECT e.n, e.sale, e.ev, e.ts_ms, e.detail, e.hash, p.hash FROM event e LEFT JOIN event p ON p.n = e.n - 1" \
    " WHERE e.n > ?1"

static int walk(struct kw_journal *journal, sqlite3_stmt *row, int64_t n, const uint8_t hash[KW_CHAIN_HASH],
                struct kw_tally *remains, struct kw_error *error)
{
    const uint8_t *secret;
    int code = kw_journal_secret(journal, &secret, error), status = SQLITE_DONE;
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

/* Where nothing was erased, the last such event is looked for, and no more. */
int kw_remains_find(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], struct kw_tally *remains,
                    struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(
        journal, EVENTS " AND e.n <= (SELECT coalesce(max(n), 0) FROM event WHERE n > ?1"
                 " AND ev = 19) AND e.sale IN (SELECT sale FROM event WHERE n > ?1 AND ev = 19 AND sale BETWEEN 1"
                 " AND (1 << 40) - 1 AND NOT EXISTS (SELECT 1 FROM touchpoint t WHERE t.sale = event.sale AND t.n > ?1))"
                 " ORDER BY e.n", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    return walk(journal, row, n, hash, remains, error);
}

static int sum_behind(struct kw_journal *journal, int64_t sale, int64_t n, const uint8_t hash[KW_CHAIN_HASH],
                  uint64_t *sum, struct kw_error *error)
{
    struct kw_tally remains = { 0 };
    sqlite3_stmt *row = kw_journal_prepare(journal, EVENTS " AND e.sale = ?2 ORDER BY e.n", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    sqlite3_bind_int64(row, 2, sale);
    int code = walk(journal, row, n, hash, &remains, error);
    const struct kw_tally_entry *entry = kw_tally_find(&remains, 0, sale);
    *sum = entry ? entry->sum[KW_SAID] : 0;
    kw_tally_free(&remains);
    return code;
}

static int sum_events(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, uint64_t *sum,
                      struct kw_error *error)
{
    const uint8_t *secret;
    int code = kw_journal_secret(journal, &secret, error), status = SQLITE_DONE;
    sqlite3_stmt *row = code == 0 ? kw_journal_prepare(journal, "SELECT n, ev, ts_ms, detail, hash FROM event"
                                                       " WHERE n >= ? AND sale = ? ORDER BY n", error) : NULL;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, touchpoint->n);
    sqlite3_bind_int64(row, 2, touchpoint->sale);
    *sum = 0;
    while ((status = sqlite3_step(row)) == SQLITE_ROW && sqlite3_column_bytes(row, 4) == KW_CHAIN_HASH) {
        struct kw_chain_event event = { .n = sqlite3_column_int64(row, 0), .sale = touchpoint->sale,
                                        .ev = sqlite3_column_int(row, 1), .ts_ms = sqlite3_column_int64(row, 2),
                                        .detail = kw_column_text(row, 3) };
        if (event.n == touchpoint->n)
            kw_digest_record(secret, touchpoint, event.content);
        *sum += kw_remains_digest(secret, &event, sqlite3_column_blob(row, 4));
    }
    code = status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}

/* Of a record that a prune is about to take, its first events with it, what the others are is what is left. */
int kw_remains_sum(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, uint64_t *sum,
                   struct kw_error *error)
{
    int64_t n;
    uint8_t hash[KW_CHAIN_HASH];
    int code = kw_chain_start(journal, &n, hash, error);
    if (code < 0 || touchpoint->n > n)
        return code < 0 ? code : sum_events(journal, touchpoint, sum, error);
    return sum_behind(journal, touchpoint->sale, n, hash, sum, error);
}

int kw_remains_state(struct kw_journal *journal, const struct kw_tally *remains, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms();
    int code = 0;
    for (size_t i = 0; code == 0 && i < remains->count; i++) {
        const struct kw_tally_entry *entry = &remains->entries[i];
        char detail[KW_REMAINS_DETAIL];
        kw_remains_say(entry->sum[KW_SAID], detail);
        if (entry->sum[KW_SAID] != 0 && !entry->kept)
            code = kw_touchpoint_event(journal, entry->key, KW_EVENT_ERASED, detail, kw_remains_hour(now_ms), error);
    }
    return code;
}
