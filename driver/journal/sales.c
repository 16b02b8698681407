/* sales.c - sales by their key, their documents and digests. */
#include "journal/erase_key.h"

#include "journal/jobs.h"
#include "journal/ledger.h"

#include <string.h>

#define COLUMNS "SELECT id, digest, drawer_job, name FROM sale "

/* One row of COLUMNS; NOT_FOUND leaves *error alone. Resets the statement. */
static int take_row(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_arena *arena,
                    struct kw_sale_row *sale, struct kw_error *error)
{
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_ROW) {
        const void *digest = sqlite3_column_blob(statement, 1);
        uint8_t *copy = kw_arena_alloc(arena, 32);
        *sale = (struct kw_sale_row){ .id = sqlite3_column_int64(statement, 0), .digest = copy,
                                      .drawer_job = sqlite3_column_int64(statement, 2),
                                      .name = kw_arena_string(arena, kw_column_text(statement, 3)) };
        if (!copy || !sale->name)
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
        else if (!digest || sqlite3_column_bytes(statement, 1) != 32)
            code = kw_fail(error, KWIT_E_STATE_DAMAGED, journal->path, "sale %lld has no digest", (long long)sale->id);
        else
            memcpy(copy, digest, 32);
    } else {
        code = status == SQLITE_DONE ? KWIT_E_NOT_FOUND : kw_journal_fail(journal, "reading", error);
    }
    sqlite3_reset(statement);
    return code;
}

static int find_by_name(struct kw_journal *journal, const struct kw_sale_key *key, const char *name,
                        struct kw_arena *arena, struct kw_sale_row *sale, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, COLUMNS "WHERE name = ? AND store = ? AND terminal = ? AND scope = ?", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, name);
    kw_bind_text(statement, 2, key->store);
    kw_bind_text(statement, 3, key->terminal);
    kw_bind_text(statement, 4, key->scope);
    return take_row(journal, statement, arena, sale, error);
}

/* A sale whose id was erased is still a duplicate: it is kept under a keyed digest of the id. */
int kw_sale_find(struct kw_journal *journal, const struct kw_sale_key *key, struct kw_arena *arena,
                 struct kw_sale_row *sale, struct kw_error *error)
{
    char erased[KW_ERASED_NAMES][KW_ERASED_NAME];
    int count, code = find_by_name(journal, key, key->name, arena, sale, error);
    if (code != KWIT_E_NOT_FOUND)
        return code;
    int failed = kw_erased_names(journal, key->name, erased, &count, error);
    for (int i = 0; failed == 0 && i < count && code == KWIT_E_NOT_FOUND; i++)
        code = find_by_name(journal, key, erased[i], arena, sale, error);
    return failed < 0 ? failed : code;
}

int kw_sale_get(struct kw_journal *journal, int64_t id, struct kw_arena *arena, struct kw_sale_row *sale,
                struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, COLUMNS "WHERE id = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, id);
    int code = take_row(journal, statement, arena, sale, error);
    return code != KWIT_E_NOT_FOUND ? code
        : kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "sale %lld is gone", (long long)id);
}

int kw_sale_last(struct kw_journal *journal, struct kw_arena *arena, struct kw_sale_row *sale, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, COLUMNS "ORDER BY id DESC LIMIT 1", error);
    if (!statement)
        return error->code;
    int code = take_row(journal, statement, arena, sale, error);
    return code != KWIT_E_NOT_FOUND ? code
        : kw_fail(error, KWIT_E_NOT_FOUND, "--last", "the journal holds no sale yet");
}

int kw_sale_add(struct kw_journal *journal, const struct kw_sale_key *key, const uint8_t digest[32], const void *body,
                size_t length, int64_t accepted_ms, int64_t *id, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "INSERT INTO sale VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, NULL)", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, key->store);
    kw_bind_text(statement, 2, key->terminal);
    kw_bind_text(statement, 3, key->scope);
    kw_bind_text(statement, 4, key->name);
    sqlite3_bind_blob(statement, 5, digest, 32, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 6, accepted_ms);
    sqlite3_bind_blob64(statement, 7, body, length, SQLITE_STATIC);
    int code = kw_journal_done(journal, statement, error);
    *id = journal->sealed_sale = sqlite3_last_insert_rowid(journal->db);
    const struct kw_sale_facts facts = { key->store, key->terminal, key->scope, key->name, digest, accepted_ms, body,
                                         body ? length : 0 };
    return code < 0 ? code : kw_digest_sale(journal, &facts, journal->sale_seal, error);
}

/* Whether a sale before it was of that store: all of them are looked through. */
static int was_sold_in(struct kw_journal *journal, const char *store, int64_t before, bool *was, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT 1 FROM sale WHERE store = ? AND id < ? LIMIT 1", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, store);
    sqlite3_bind_int64(row, 2, before);
    int status = sqlite3_step(row);
    *was = status == SQLITE_ROW;
    return kw_journal_stepped(journal, row, status, error);
}

/* One question for each sale; the dearer one only when the store is another. */
int kw_sale_store_before(struct kw_journal *journal, const struct kw_sale_key *key, int64_t sale,
                         struct kw_arena *arena, const char **store, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT store FROM sale WHERE id = ?", error);
    bool was = false;
    *store = NULL;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale - 1);
    int status = sqlite3_step(row), code = 0;
    const char *before = status == SQLITE_ROW ? kw_column_text(row, 0) : "";
    if (*before && strcmp(before, key->store) != 0 && !(*store = kw_arena_string(arena, before)))
        code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    code = kw_journal_walked(journal, row, code, status, error);
    if (code == 0 && *store)
        code = was_sold_in(journal, key->store, sale, &was, error);
    if (was)
        *store = NULL;
    return code;
}

int kw_sale_body(struct kw_journal *journal, int64_t id, struct kw_arena *arena, const void **body, size_t *length,
                 struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "SELECT body FROM sale WHERE id = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, id);
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_BLOB) {
        *length = (size_t)sqlite3_column_bytes(statement, 0);
        *body = kw_arena_copy(arena, sqlite3_column_blob(statement, 0), *length);
        if (!*body)
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    } else if (status == SQLITE_ROW || status == SQLITE_DONE) {
        code = kw_fail(error, KWIT_E_NOT_FOUND, "",
                       "the document is no longer stored; documents are wiped after some days");
    } else {
        code = kw_journal_fail(journal, "reading", error);
    }
    sqlite3_reset(statement);
    return code;
}

int kw_sale_give_drawer(struct kw_journal *journal, int64_t id, int64_t job, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "UPDATE sale SET drawer_job = ? WHERE id = ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, job);
    sqlite3_bind_int64(statement, 2, id);
    return kw_journal_done(journal, statement, error);
}
