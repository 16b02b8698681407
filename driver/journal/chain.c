/* chain.c - events are only added; each carries a keyed hash over its content and its predecessor's hash. */
#include "journal/chain.h"

#include <string.h>

void kw_chain_hash(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const uint8_t previous[KW_CHAIN_HASH],
                   const struct kw_chain_event *event, uint8_t out[KW_CHAIN_HASH])
{
    struct kw_digest digest;
    kw_digest_begin(&digest, secret, "kwit/event");
    kw_digest_bytes(&digest, previous, KW_CHAIN_HASH);
    kw_digest_numbers(&digest, (const int64_t[]){ event->n, event->sale, event->ev, event->ts_ms }, 4);
    kw_digest_text(&digest, event->detail);
    kw_digest_bytes(&digest, event->content, KW_CHAIN_HASH);
    kw_digest_end(&digest, out);
}

int kw_chain_start(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT n, hash FROM checkpoint ORDER BY n DESC LIMIT 1", error);
    if (!row)
        return error->code;
    char uuid[KW_JOURNAL_UUID_SIZE];
    int status = sqlite3_step(row);
    bool pruned = status == SQLITE_ROW && sqlite3_column_bytes(row, 1) == KW_CHAIN_HASH;
    *n = pruned ? sqlite3_column_int64(row, 0) : 0;
    if (pruned)
        memcpy(hash, sqlite3_column_blob(row, 1), KW_CHAIN_HASH);
    int code = kw_journal_stepped(journal, row, status, error);
    if (code == 0 && !pruned)
        code = kw_journal_uuid(journal, uuid, error);
    return code < 0 || pruned ? code : kw_digest_name(journal, "kwit/journal", uuid, hash, KW_CHAIN_HASH, error);
}

/* The event that stands last; where there is none, what the first one is chained to. */
static int read_last(struct kw_journal *journal, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT hash FROM event ORDER BY n DESC LIMIT 1", error);
    if (!row)
        return error->code;
    int64_t start;
    int status = sqlite3_step(row);
    const bool any = status == SQLITE_ROW && sqlite3_column_bytes(row, 0) == KW_CHAIN_HASH;
    if (any)
        memcpy(hash, sqlite3_column_blob(row, 0), KW_CHAIN_HASH);
    int code = kw_journal_stepped(journal, row, status, error);
    return code < 0 || any ? code : kw_chain_start(journal, &start, hash, error);
}

/* Numbers are taken from sqlite_sequence, so that a tail cut by hand leaves a gap. */
static int read_head(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    if (journal->left.n > 0) {
        *n = journal->left.n;
        memcpy(hash, journal->left.hash, KW_CHAIN_HASH);
        return 0;
    }
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT seq, hash FROM sqlite_sequence LEFT JOIN event ON n = seq"
                                           " WHERE name = 'event'", error);
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    *n = status == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    const bool whole = status == SQLITE_ROW && sqlite3_column_bytes(row, 1) == KW_CHAIN_HASH;
    if (whole)
        memcpy(hash, sqlite3_column_blob(row, 1), KW_CHAIN_HASH);
    int code = kw_journal_stepped(journal, row, status, error);
    return code < 0 || whole ? code : read_last(journal, hash, error);
}

int kw_chain_append(struct kw_journal *journal, struct kw_chain_event *event, struct kw_error *error)
{
    uint8_t previous[KW_CHAIN_HASH], hash[KW_CHAIN_HASH];
    const uint8_t *secret;
    int code = kw_journal_secret(journal, &secret, error);
    if (code == 0)
        code = read_head(journal, &event->n, previous, error);
    if (code < 0)
        return code;
    event->n++;
    kw_chain_hash(secret, previous, event, hash);
    sqlite3_stmt *statement = kw_journal_prepare(journal, "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?)", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, event->n);
    sqlite3_bind_int64(statement, 2, event->sale);
    sqlite3_bind_int(statement, 3, event->ev);
    sqlite3_bind_int64(statement, 4, event->ts_ms);
    kw_bind_text(statement, 5, event->detail);
    sqlite3_bind_blob(statement, 6, hash, KW_CHAIN_HASH, SQLITE_STATIC);
    code = kw_journal_done(journal, statement, error);
    journal->left.n = code == 0 ? event->n : 0;
    memcpy(journal->left.hash, hash, KW_CHAIN_HASH);
    return code;
}

