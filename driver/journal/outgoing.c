/* outgoing.c - a till's own events as batches, each read at once, so that nobody who prints waits for it. */
#include "journal/push.h"

#include "journal/chain.h"
#include "journal/ledger.h"
#include "journal/rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* ---- what it keeps ------------------------------------------------------------------------------------------ */

static int read_seed(struct kw_journal *journal, uint8_t seed[KW_PUSH_SEED_BYTES], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT value FROM meta WHERE key = 'push_seed'", error);
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    const bool found = status == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_PUSH_SEED_BYTES;
    if (found)
        memcpy(seed, sqlite3_column_blob(row, 0), KW_PUSH_SEED_BYTES);
    int code = kw_journal_stepped(journal, row, status, error);
    return code < 0 || found ? code : KWIT_E_NOT_FOUND;
}

static int put_seed(struct kw_journal *journal, struct kw_error *error)
{
    uint8_t seed[KW_PUSH_SEED_BYTES];
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        return kw_fail(error, KWIT_E_IO, journal->path, "the kernel gives no random numbers: %s", strerror(errno));
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    sqlite3_stmt *row = code == 0 ? kw_journal_prepare(journal, "INSERT OR IGNORE INTO meta(key, value)"
                                                       " VALUES('push_seed', ?)", error) : NULL;
    if (row)
        sqlite3_bind_blob(row, 1, seed, sizeof seed, SQLITE_STATIC);
    int done = row ? kw_journal_done(journal, row, error) : (int)error->code;
    if (code == 0 && done == 0)         /* from now on nothing is pruned that the office has not */
        done = kw_journal_run(journal, "INSERT OR IGNORE INTO meta(key, value) VALUES('pushed_n', 0)", error);
    if (code == 0)
        code = kw_journal_end(journal, done, error);
    explicit_bzero(seed, sizeof seed);
    return code;
}

int kw_outgoing_seed(struct kw_journal *journal, uint8_t seed[KW_PUSH_SEED_BYTES], struct kw_error *error)
{
    int code = read_seed(journal, seed, error);
    if (code != KWIT_E_NOT_FOUND)
        return code;
    code = put_seed(journal, error);
    return code < 0 ? code : read_seed(journal, seed, error);
}

int kw_outgoing_acknowledged(struct kw_journal *journal, int64_t *n, struct kw_error *error)
{
    return kw_journal_number(journal, "SELECT coalesce(max(value), 0) FROM meta WHERE key = 'pushed_n'", NULL, 0, n,
                             error);
}

int kw_outgoing_acknowledge(struct kw_journal *journal, int64_t n, struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, "INSERT INTO meta(key, value) VALUES('pushed_n', ?1)"
                               " ON CONFLICT(key) DO UPDATE SET value = excluded.value", &n, 1, error);
    return kw_journal_end(journal, code, error);
}

int kw_outgoing_waits(struct kw_journal *journal, struct kw_outgoing_wait *wait, struct kw_error *error)
{
    int code = kw_journal_number(journal, "SELECT coalesce(max(value), 0) FROM meta WHERE key = 'push_tries'", NULL, 0,
                                 &wait->tries, error);
    return code < 0 ? code : kw_journal_number(journal, "SELECT coalesce(max(value), 0) FROM meta WHERE key ="
                                               " 'push_until'", NULL, 0, &wait->until_ms, error);
}

int kw_outgoing_wait(struct kw_journal *journal, const struct kw_outgoing_wait *wait, struct kw_error *error)
{
    const int64_t bound[] = { wait->tries, wait->until_ms };
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, "INSERT INTO meta(key, value) VALUES('push_tries', ?1), ('push_until', ?2)"
                               " ON CONFLICT(key) DO UPDATE SET value = excluded.value", bound, 2, error);
    return kw_journal_end(journal, code, error);
}

/* Under which name it is pushed, and from where on: its own from the beginning, unless it was renewed. */
static int read_name(struct kw_journal *journal, char out[KW_JOURNAL_UUID_SIZE], int64_t *renewed,
                     struct kw_error *error)
{
    int code = kw_journal_uuid(journal, out, error);
    sqlite3_stmt *row = code == 0 ? kw_journal_prepare(journal, "SELECT value, (SELECT value FROM meta WHERE key ="
                                                       " 'push_from') FROM meta WHERE key = 'push_uuid'", error) : NULL;
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        snprintf(out, KW_JOURNAL_UUID_SIZE, "%s", kw_column_text(row, 0));
        *renewed = sqlite3_column_int64(row, 1);
    }
    return kw_journal_stepped(journal, row, status, error);
}

/* The seed goes, so that the next push makes another. */
int kw_outgoing_renew(struct kw_journal *journal, int64_t *from, struct kw_error *error)
{
    static const char *const steps[] = {
        "DELETE FROM meta WHERE key IN ('push_seed', 'push_from', 'push_uuid')",
        "INSERT INTO meta(key, value) SELECT 'push_from', value FROM meta WHERE key = 'pushed_n'",
        "INSERT INTO meta(key, value) SELECT 'push_uuid', substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' ||"
        " substr(h, 13, 3) || '-a' || substr(h, 16, 3) || '-' || substr(h, 19, 12) FROM"
        " (SELECT lower(hex(randomblob(16))) AS h)",
    };
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_outgoing_acknowledged(journal, from, error);
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = kw_journal_run(journal, steps[i], error);
    return kw_journal_end(journal, code, error);
}

/* ---- events ------------------------------------------------------------------------------------------------- */

/* The hash that the event behind n follows. NOT_FOUND: n is cut off, or not reached yet. */
static int read_hash(struct kw_journal *journal, int64_t n, uint8_t hash[KW_BATCH_HASH], struct kw_error *error)
{
    int64_t start;
    int code = kw_chain_start(journal, &start, hash, error);
    if (code < 0 || n == start)
        return code;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT hash FROM event WHERE n = ? AND n > ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, n);
    sqlite3_bind_int64(row, 2, start);
    int status = sqlite3_step(row);
    const bool found = status == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_BATCH_HASH;
    if (found)
        memcpy(hash, sqlite3_column_blob(row, 0), KW_BATCH_HASH);
    code = kw_journal_stepped(journal, row, status, error);
    return code < 0 || found ? code : KWIT_E_NOT_FOUND;
}

/* kw_touchpoint_get's strings live until its next call. */
static int keep_record(struct kw_journal *journal, struct kw_arena *arena, struct kw_batch_event *event,
                       struct kw_error *error)
{
    struct kw_touchpoint *record = kw_arena_alloc(arena, sizeof *record);
    bool kept = record != NULL;
    int code = kept ? kw_touchpoint_get(journal, event->sale, record, error) : 0;
    if (code == KWIT_E_NOT_FOUND)
        return 0;
    if (code == 0 && kept) {
        const char **const texts[] = { &record->store, &record->till, &record->cashier, &record->campaign,
                                       &record->language, &record->channel };
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            kept = (*texts[i] = kw_arena_string(arena, *texts[i])) && kept;
    }
    event->record = record;
    return code < 0 || kept ? code : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
}

static bool take_event(sqlite3_stmt *row, struct kw_arena *arena, void *out)
{
    struct kw_batch_event *event = out;
    *event = (struct kw_batch_event){ .n = sqlite3_column_int64(row, 0),
                                      .sale = sqlite3_column_int64(row, 1),
                                      .ev = (enum kw_event)sqlite3_column_int(row, 2),
                                      .ts_ms = sqlite3_column_int64(row, 3),
                                      .detail = kw_arena_string(arena, kw_column_text(row, 4)) };
    if (sqlite3_column_bytes(row, 5) == KW_BATCH_HASH)
        memcpy(event->hash, sqlite3_column_blob(row, 5), KW_BATCH_HASH);
    return event->detail != NULL;
}

static int read_events(struct kw_journal *journal, size_t limit, struct kw_arena *arena, struct kw_batch *batch,
                       struct kw_error *error)
{
    void *rows = NULL;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT n, sale, ev, ts_ms, detail, hash FROM event WHERE n >= ?"
                                           " ORDER BY n LIMIT ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, batch->first);
    sqlite3_bind_int64(row, 2, (int64_t)limit);
    int code = kw_journal_rows(journal, row, arena, sizeof(struct kw_batch_event), take_event, &rows, &batch->count,
                               error);
    struct kw_batch_event *events = rows;
    for (size_t i = 0; code == 0 && i < batch->count; i++) {
        if (events[i].n != batch->first + (int64_t)i)
            code = kw_fail(error, KWIT_E_STATE_DAMAGED, journal->path, "event %lld is missing; kwit journal verify"
                           " says more", (long long)(batch->first + (int64_t)i));
        else if (events[i].ev == KW_EVENT_OFFERED || events[i].ev == KW_EVENT_SUPPRESSED)
            code = keep_record(journal, arena, &events[i], error);
    }
    batch->events = events;
    batch->last = batch->first + (int64_t)batch->count - 1;
    memcpy(batch->hash, batch->count ? events[batch->count - 1].hash : batch->prev, KW_BATCH_HASH);
    return code;
}

static int read_batch(struct kw_journal *journal, int64_t after, size_t limit, struct kw_arena *arena,
                      struct kw_batch *batch, struct kw_error *error)
{
    int version = 0, code = kw_ledger_version(journal, &version, error);
    int64_t renewed = 0;
    uint8_t start[KW_CHAIN_HASH];
    batch->schema = version;
    if (code == 0)
        code = read_name(journal, batch->uuid, &renewed, error);
    if (code == 0)
        code = kw_chain_start(journal, &batch->begins, start, error);
    if (code < 0)
        return code;
    batch->begins = batch->begins < renewed ? renewed : batch->begins;
    after = after < batch->begins ? batch->begins : after;
    batch->first = after + 1;
    code = read_hash(journal, after, batch->prev, error);
    if (code == KWIT_E_NOT_FOUND)
        return kw_fail(error, KWIT_E_CONFLICT, journal->path, "its event %lld is not there: this journal was restored"
                       " from a copy", (long long)after);
    return code < 0 ? code : read_events(journal, limit, arena, batch, error);
}

/* What is read is one moment of the journal: a prune may run beside it. */
int kw_outgoing_read(struct kw_journal *journal, int64_t after, size_t limit, struct kw_arena *arena,
                     struct kw_batch *batch, struct kw_error *error)
{
    int code = kw_journal_run(journal, "BEGIN", error);
    if (code < 0)
        return code;
    code = read_batch(journal, after, limit, arena, batch, error);
    kw_journal_rollback(journal);
    return code;
}

int kw_outgoing_compare(struct kw_journal *journal, const struct kw_batch_head *head, struct kw_error *error)
{
    uint8_t hash[KW_CHAIN_HASH], start[KW_CHAIN_HASH];
    int64_t begins, last;
    if (head->n == 0)
        return 0;
    int code = kw_chain_start(journal, &begins, start, error);
    if (code == 0)
        code = kw_journal_number(journal, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event'",
                                 NULL, 0, &last, error);
    if (code < 0 || head->n < begins)               /* it was pruned here: nothing to compare it with */
        return code;
    code = head->n > last ? KWIT_E_NOT_FOUND : read_hash(journal, head->n, hash, error);
    if (code == KWIT_E_NOT_FOUND || (code == 0 && memcmp(hash, head->hash, sizeof hash) != 0))
        return kw_fail(error, KWIT_E_CONFLICT, journal->path, "the office knows another history of this journal (its"
                       " event %lld is not ours): this till was restored from a copy, or cloned. Nothing was sent; kwit"
                       " journal renew begins a journal of its own", (long long)head->n);
    return code;
}
