/* chain.c - events are only added; each carries a keyed hash over its content and its predecessor's hash. */
#include "journal/chain.h"

#include "journal/ledger.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

const char *kw_event_word(int event)
{
    static const char *const words[] = {
#define EVENT_WORD(name, number, word) [number] = word,
        KW_EVENTS(EVENT_WORD)
#undef EVENT_WORD
    };
    return event > 0 && (size_t)event < sizeof words / sizeof words[0] && words[event] ? words[event] : "unknown";
}

static void add_number(crypto_generichash_state *state, int64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    crypto_generichash_update(state, bytes, sizeof bytes);
}

static void add_text(crypto_generichash_state *state, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    add_number(state, (int64_t)length);
    crypto_generichash_update(state, (const uint8_t *)text, length);
}

static void begin_hash(crypto_generichash_state *state, const uint8_t *secret, const char *label)
{
    crypto_generichash_init(state, secret, KW_JOURNAL_SECRET_BYTES, KW_CHAIN_HASH);
    crypto_generichash_update(state, (const uint8_t *)label, strlen(label));
}

void kw_chain_hash(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const uint8_t previous[KW_CHAIN_HASH],
                   const struct kw_chain_event *event, uint8_t out[KW_CHAIN_HASH])
{
    crypto_generichash_state state;
    begin_hash(&state, secret, "kwit/event");
    crypto_generichash_update(&state, previous, KW_CHAIN_HASH);
    add_number(&state, event->n);
    add_number(&state, event->sale);
    add_number(&state, event->ev);
    add_number(&state, event->ts_ms);
    add_text(&state, event->detail);
    crypto_generichash_update(&state, event->content, KW_CHAIN_HASH);
    crypto_generichash_final(&state, out, KW_CHAIN_HASH);
}

void kw_chain_content(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_touchpoint *t,
                      uint8_t out[KW_CHAIN_HASH])
{
    const bool token = t->has_token;            /* without one these columns are empty */
    const int64_t numbers[] = { t->sale,
                                t->ts_ms,
                                t->offset_minutes,
                                token,
                                token ? t->kid : 0,
                                token ? t->handle : 0,
                                t->day,
                                token ? t->seq : 0,
                                t->variant,
                                t->flag,
                                t->variant_p_bp,
                                t->p_bp,
                                t->u,
                                t->forced,
                                t->drawn,
                                t->reason,
                                t->kind,
                                t->expires_day };
    const char *const texts[] = { t->store, t->till, t->cashier, t->campaign, t->language, t->channel };
    crypto_generichash_state state;
    begin_hash(&state, secret, "kwit/touchpoint");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        add_number(&state, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        add_text(&state, texts[i]);
    crypto_generichash_update(&state, t->config_digest, sizeof t->config_digest);
    if (t->is_sealed)
        crypto_generichash_update(&state, t->seal, sizeof t->seal);
    crypto_generichash_final(&state, out, KW_CHAIN_HASH);
}

int kw_sale_seal(struct kw_journal *journal, const struct kw_sale_facts *sale, uint8_t out[KW_SEAL_BYTES],
                 struct kw_error *error)
{
    enum { HALF = KW_SEAL_BYTES / 2 };
    char erased[KW_ERASED_NAME];
    uint8_t hash[KW_CHAIN_HASH];
    const uint8_t *secret;
    crypto_generichash_state state;
    int code = kw_journal_secret(journal, &secret, error);
    if (code == 0)
        code = kw_ledger_erased_name(journal, sale->name, erased, error);
    if (code < 0)
        return code;
    begin_hash(&state, secret, "kwit/sale");
    add_text(&state, sale->store);
    add_text(&state, sale->terminal);
    add_text(&state, sale->scope);
    add_text(&state, erased);
    crypto_generichash_update(&state, sale->digest, 32);
    add_number(&state, sale->accepted_ms);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(out, hash, HALF);
    begin_hash(&state, secret, "kwit/document");
    crypto_generichash_update(&state, sale->body, sale->length);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(out + HALF, hash, HALF);
    return 0;
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
    int code = status == SQLITE_ROW || status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    if (code == 0 && !pruned)
        code = kw_journal_uuid(journal, uuid, error);
    return code < 0 || pruned ? code : kw_journal_hash_name(journal, "kwit/journal", uuid, hash, KW_CHAIN_HASH, error);
}

/* Numbers are taken from sqlite_sequence, so that a tail cut by hand leaves a gap. */
static int read_head(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal,
                                                 "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'event'),"
                                                 " (SELECT hash FROM event ORDER BY n DESC LIMIT 1)",
                                                 error);
    if (!statement)
        return KWIT_E_IO;
    int64_t start;
    int code = sqlite3_step(statement) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    *n = code == 0 ? sqlite3_column_int64(statement, 0) : 0;
    bool any = code == 0 && sqlite3_column_bytes(statement, 1) == KW_CHAIN_HASH;
    if (any)
        memcpy(hash, sqlite3_column_blob(statement, 1), KW_CHAIN_HASH);
    kw_journal_reset(statement);
    return code < 0 || any ? code : kw_chain_start(journal, &start, hash, error);
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
    sqlite3_stmt *statement = kw_journal_prepare(journal, "INSERT INTO event(n, sale, ev, ts_ms, detail, hash)"
                                                 " VALUES(?, ?, ?, ?, ?, ?)", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, event->n);
    sqlite3_bind_int64(statement, 2, event->sale);
    sqlite3_bind_int(statement, 3, event->ev);
    sqlite3_bind_int64(statement, 4, event->ts_ms);
    kw_bind_text(statement, 5, event->detail);
    sqlite3_bind_blob(statement, 6, hash, KW_CHAIN_HASH, SQLITE_STATIC);
    return kw_journal_done(journal, statement, error);
}

int kw_journal_hash_name(struct kw_journal *journal, const char *label, const char *name, uint8_t *hash, size_t size,
                         struct kw_error *error)
{
    const uint8_t *secret;
    crypto_generichash_state state;
    int code = kw_journal_secret(journal, &secret, error);
    if (code < 0)
        return code;
    crypto_generichash_init(&state, secret, KW_JOURNAL_SECRET_BYTES, size);
    crypto_generichash_update(&state, (const uint8_t *)label, strlen(label));
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name));
    crypto_generichash_final(&state, hash, size);
    return 0;
}
