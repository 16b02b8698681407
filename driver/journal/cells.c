/* cells.c - counts of touchpoints that are alike, kept with every event so that reports need not read each sale. */
#include "journal/cells.h"

#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <string.h>

uint64_t kw_cell_digest(const uint8_t secret[KW_CELL_SECRET_BYTES], const struct kw_cell_key *key)
{
    enum { LONGEST = 64, HASH = 16 };
    uint8_t bytes[sizeof key->numbers + KW_CELL_TEXTS * (1 + LONGEST)], out[crypto_shorthash_BYTES];
    size_t at = sizeof key->numbers;
    uint64_t digest;
    memcpy(bytes, key->numbers, sizeof key->numbers);
    for (size_t i = 0; i < KW_CELL_TEXTS; i++) {
        size_t length = strlen(key->texts[i]);
        bytes[at++] = (uint8_t)(length < LONGEST ? length : LONGEST);
        if (length < LONGEST) {
            memcpy(bytes + at, key->texts[i], length);
            at += length;
        } else {                    /* a name that long stands as its hash */
            crypto_generichash(bytes + at, HASH, (const uint8_t *)key->texts[i], length, NULL, 0);
            at += HASH;
        }
    }
    crypto_shorthash(out, bytes, at, secret);
    memcpy(&digest, out, sizeof digest);
    return digest;
}

static int add_to_view(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, enum kw_view view,
                       enum kw_class klass, int64_t change, struct kw_error *error)
{
    /* Where what a key says stands in the table, whose order is another one. */
    static const int numbers_at[KW_CELL_NUMBERS] = { 1, 2, 5, 6, 9, 12, 13, 8, 16, 17, 18, 19, 7 },
                     texts_at[KW_CELL_TEXTS] = { 3, 4, 11, 10, 14, 15 }, n_at = 20;
    struct kw_cell_key key;
    sqlite3_stmt *statement = kw_journal_prepare(journal,
                                                 "INSERT INTO cell VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                                 " ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", error);
    if (!statement)
        return KWIT_E_IO;
    kw_cell_make_key(touchpoint, view, klass, &key);
    for (int i = 0; i < KW_CELL_NUMBERS; i++)
        sqlite3_bind_int64(statement, numbers_at[i], key.numbers[i]);
    for (int i = 0; i < KW_CELL_TEXTS; i++)
        kw_bind_text(statement, texts_at[i], key.texts[i]);
    sqlite3_bind_int64(statement, n_at, change);
    return kw_journal_done(journal, statement, error);
}

int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, enum kw_class klass, int64_t change,
                struct kw_error *error)
{
    int code = 0;
    for (enum kw_view view = 0; code == 0 && view < KW_VIEW_COUNT; view++)
        code = add_to_view(journal, touchpoint, view, klass, change, error);
    return code;
}
