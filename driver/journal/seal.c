/*
 * seal.c - keeps the seals while rows change. Triggers of this connection alone do it, so that no statement can forget
 * it, and so that a hand with another program leaves the seals as they were.
 */
#include "journal/seal.h"

#include "base/clock.h"
#include "journal/chain.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *name, *key, *which; } tables[KW_SEALED_COUNT] = {
#define SEALED_ROW(name, table, key, which) { table, key, which },
    KW_SEALED_TABLES(SEALED_ROW)
#undef SEALED_ROW
};

const char *kw_seal_table(enum kw_sealed table)
{
    return table == KW_SEALED_SEQUENCE ? "sequence" : tables[table].name;
}

enum kw_sealed kw_seal_table_of(const char *name)
{
    for (enum kw_sealed i = 0; i <= KW_SEALED_SEQUENCE; i++)
        if (strcmp(kw_seal_table(i), name) == 0)
            return i;
    return KW_SEALED_UNKNOWN;
}

/* ---- SQL functions ------------------------------------------------------------------------------------------ */

static void add_value(crypto_generichash_state *state, int column, sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    int64_t number = type == SQLITE_INTEGER ? sqlite3_value_int64(value) : 0;
    const void *bytes = type == SQLITE_INTEGER ? &number : sqlite3_value_blob(value);
    size_t length = type == SQLITE_INTEGER ? sizeof number : (size_t)sqlite3_value_bytes(value);
    const uint32_t head[] = { (uint32_t)column, (uint32_t)type, (uint32_t)length };
    crypto_generichash_update(state, (const uint8_t *)head, sizeof head);
    if (length)
        crypto_generichash_update(state, bytes, length);
}

/* kw_row(table, column, …): a keyed digest of a row; a column that is NULL counts nothing. */
static void digest_row(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct kw_journal *journal = sqlite3_user_data(context);
    uint8_t hash[KW_CHAIN_HASH];
    int64_t digest;
    crypto_generichash_state state;
    crypto_generichash_init(&state, journal->row_secret, sizeof journal->row_secret, sizeof hash);
    for (int i = 0; i < count; i++)
        if (sqlite3_value_type(values[i]) != SQLITE_NULL)
            add_value(&state, i, values[i]);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(&digest, hash, sizeof digest);
    sqlite3_result_int64(context, digest);
}

/* kw_count(table, run, digest, sign): notes that a row came (1) or went (-1) in this transaction. */
static void count_row(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct kw_journal *journal = sqlite3_user_data(context);
    (void)count;
    struct kw_tally_entry *entry =
        kw_tally_at(&journal->changes, sqlite3_value_int(values[0]), sqlite3_value_int64(values[1]));
    const uint64_t digest = (uint64_t)sqlite3_value_int64(values[2]);
    const int sign = sqlite3_value_int(values[3]);
    if (!entry) {
        sqlite3_result_error_nomem(context);
        return;
    }
    entry->rows[KW_SAID] += sign;
    entry->sum[KW_SAID] += sign < 0 ? 0 - digest : digest;
}

static int register_functions(struct kw_journal *journal, struct kw_error *error)
{
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    char uuid[KW_JOURNAL_UUID_SIZE];
    int code = kw_journal_uuid(journal, uuid, error);
    if (code == 0)
        code = kw_digest_name(journal, "kwit/row", uuid, journal->row_secret, sizeof journal->row_secret, error);
    if (code < 0)
        return code;
    if (sqlite3_create_function(journal->db, "kw_row", -1, flags, journal, digest_row, NULL, NULL) != SQLITE_OK
        || sqlite3_create_function(journal->db, "kw_count", 4, SQLITE_UTF8, journal, count_row, NULL, NULL)
            != SQLITE_OK)
        return kw_journal_fail(journal, "reading", error);
    return 0;
}

/* ---- SQL texts, made from the table as it is ---------------------------------------------------------------- */

/* "kw_row('answer', NEW.id, …, nullif(NEW.printed_ms, 0))"; free with sqlite3_free, NULL with *error filled. */
static char *row_expression(struct kw_journal *journal, int table, const char *prefix, struct kw_error *error)
{
    sqlite3_stmt *column = NULL;
    if (kw_journal_receive(journal, error) < 0)
        return NULL;
    sqlite3_str *text = sqlite3_str_new(journal->db);
    sqlite3_str_appendf(text, "kw_row(%Q", tables[table].name);
    int status =
        sqlite3_prepare_v2(journal->db, "SELECT name, dflt_value FROM pragma_table_info(?)", -1, &column, NULL);
    sqlite3_bind_text(column, 1, tables[table].name, -1, SQLITE_STATIC);
    while (status == SQLITE_OK && (status = sqlite3_step(column)) == SQLITE_ROW) {
        const char *name = kw_column_text(column, 0);
        if (sqlite3_column_type(column, 1) == SQLITE_NULL)
            sqlite3_str_appendf(text, ", %s\"%w\"", prefix, name);
        else
            sqlite3_str_appendf(text, ", nullif(%s\"%w\", %s)", prefix, name, kw_column_text(column, 1));
        status = SQLITE_OK;
    }
    sqlite3_finalize(column);
    sqlite3_str_appendf(text, ")");
    char *expression = sqlite3_str_finish(text);
    if (status == SQLITE_DONE && expression)
        return expression;
    sqlite3_free(expression);
    kw_journal_fail(journal, "reading", error);
    return NULL;
}

/* The statement of a trigger that counts one row in (sign 1, NEW) or out (sign -1, OLD). */
static char *count_statement(struct kw_journal *journal, int table, int sign, struct kw_error *error)
{
    const char *prefix = sign > 0 ? "NEW." : "OLD.";
    char *row = row_expression(journal, table, prefix, error),
         *key = sqlite3_mprintf(tables[table].key, prefix, prefix);
    char *text = row && key ? sqlite3_mprintf("SELECT kw_count(%d, %s >> %d, %s, %d);", table, key, KW_SEAL_SHIFT, row,
                                              sign)
                            : NULL;
    if (row && !text)
        kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    sqlite3_free(row);
    sqlite3_free(key);
    return text;
}

static int run_text(struct kw_journal *journal, char *text, struct kw_error *error)
{
    int code = text ? kw_journal_run(journal, text, error)
                    : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    sqlite3_free(text);
    return code;
}

static int watch_table(struct kw_journal *journal, int table, struct kw_error *error)
{
    const char *name = tables[table].name;
    char *in = count_statement(journal, table, 1, error), *out = in ? count_statement(journal, table, -1, error) : NULL;
    char *is_new = sqlite3_mprintf(tables[table].which, "NEW."), *is_old = sqlite3_mprintf(tables[table].which, "OLD.");
    int code = in && out && is_new && is_old ? 0 : KWIT_E_NO_MEMORY;
    if (code == 0)
        code = run_text(journal, sqlite3_mprintf(
            "CREATE TEMP TRIGGER seal_%s_in AFTER INSERT ON main.%s WHEN %s BEGIN %s END;"
            "CREATE TEMP TRIGGER seal_%s_out AFTER DELETE ON main.%s WHEN %s BEGIN %s END;"
            "CREATE TEMP TRIGGER seal_%s_change AFTER UPDATE ON main.%s WHEN %s BEGIN %s %s END",
            name, name, is_new, in, name, name, is_old, out, name, name, is_new, out, in), error);
    sqlite3_free(in);
    sqlite3_free(out);
    sqlite3_free(is_new);
    sqlite3_free(is_old);
    return code;
}

/* ---- stating ------------------------------------------------------------------------------------------------ */

/* The event that says it; its number goes to *n. */
static int say(struct kw_journal *journal, const struct kw_seal *seal, int64_t *n, struct kw_error *error)
{
    char detail[KW_SEAL_TEXT];
    struct kw_chain_event event = { .ev = KW_EVENT_SEALED, .ts_ms = kw_clock_wall_ms(), .detail = detail };
    snprintf(detail, sizeof detail, "%s %lld %lld %016llx", kw_seal_table(seal->table), (long long)seal->run,
             (long long)seal->rows, (unsigned long long)seal->sum);
    int code = kw_chain_append(journal, &event, error);
    *n = event.n;
    return code;
}

static sqlite3_stmt *prepare_seal(struct kw_journal *journal, const char *sql, const struct kw_seal *seal,
                                  struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    if (statement) {
        kw_bind_text(statement, 1, kw_seal_table(seal->table));
        sqlite3_bind_int64(statement, 2, seal->run);
    }
    return statement;
}

/* Adds what a run held before to what changed in it. */
static int add_held(struct kw_journal *journal, struct kw_seal *seal, struct kw_error *error)
{
    sqlite3_stmt *row = prepare_seal(journal, "SELECT rows, sum FROM seal WHERE name = ? AND run = ?", seal, error);
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        seal->rows += sqlite3_column_int64(row, 0);
        seal->sum += (uint64_t)sqlite3_column_int64(row, 1);
    }
    return kw_journal_stepped(journal, row, status, error);
}

static int state_change(struct kw_journal *journal, const struct kw_tally_entry *entry, struct kw_error *error)
{
    struct kw_seal seal = { entry->kind, entry->key, entry->rows[KW_SAID], entry->sum[KW_SAID] };
    int64_t n = 0;
    int code = add_held(journal, &seal, error);
    if (code == 0)
        code = say(journal, &seal, &n, error);
    sqlite3_stmt *row = code == 0 ? prepare_seal(journal,
                                                 "INSERT INTO seal(name, run, rows, sum, stated) VALUES(?, ?, ?, ?, ?)"
                                                 " ON CONFLICT(name, run) DO UPDATE SET rows = excluded.rows,"
                                                 " sum = excluded.sum, stated = excluded.stated",
                                                 &seal, error)
                                  : NULL;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 3, seal.rows);
    sqlite3_bind_int64(row, 4, (int64_t)seal.sum);
    sqlite3_bind_int64(row, 5, n);
    return kw_journal_done(journal, row, error);
}

static int state_changes(struct kw_journal *journal, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < journal->changes.count; i++)
        code = state_change(journal, &journal->changes.entries[i], error);
    kw_tally_clear(&journal->changes);
    return code;
}

int kw_seal_watch(struct kw_journal *journal, struct kw_error *error)
{
    kw_journal_unlearn(journal);    /* what changes rows of every kind begins here */
    if (journal->watched)
        return 0;
    int code = kw_journal_run(journal, "PRAGMA temp_store=MEMORY", error);
    if (code == 0)
        code = register_functions(journal, error);
    for (int table = 0; code == 0 && table < KW_SEALED_COUNT; table++)
        code = watch_table(journal, table, error);
    journal->watched = code == 0;
    journal->before_commit = state_changes;
    return code;
}

/* Token counters outlive the sales that moved them; what they were stays in the chain. */
static int state_sequences(struct kw_journal *journal, struct kw_error *error)
{
    enum { DAYS = 2048 };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT handle, day, next FROM sequence", error);
    if (!row)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t run = sqlite3_column_int64(row, 0) * DAYS + sqlite3_column_int64(row, 1);
        const struct kw_seal seal = { KW_SEALED_SEQUENCE, run, sqlite3_column_int64(row, 2), 0 };
        int64_t n;
        code = say(journal, &seal, &n, error);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

/* Every seal counts as changed, by nothing. */
static int touch_seals(struct kw_journal *journal, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT name, run FROM seal", error);
    if (!row)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const enum kw_sealed table = kw_seal_table_of(kw_column_text(row, 0));
        if (table == KW_SEALED_UNKNOWN)
            code = kw_fail(error, KWIT_E_STATE_DAMAGED, journal->path, "there is a seal of an unknown table");
        else if (!kw_tally_at(&journal->changes, table, sqlite3_column_int64(row, 1)))
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    }
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_seal_restate(struct kw_journal *journal, struct kw_error *error)
{
    int code = kw_journal_run(journal, "DELETE FROM seal WHERE rows = 0 AND sum = 0", error);
    if (code == 0)
        code = touch_seals(journal, error);
    if (code == 0)
        code = state_sequences(journal, error);
    return code < 0 ? code : state_changes(journal, error);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

int kw_seal_each(struct kw_journal *journal, enum kw_sealed table, kw_seal_sink sink, void *data,
                 struct kw_error *error)
{
    int code = register_functions(journal, error), status = SQLITE_DONE;
    char *expression = code == 0 ? row_expression(journal, table, "", error) : NULL;
    char *key = sqlite3_mprintf(tables[table].key, "", ""), *which = sqlite3_mprintf(tables[table].which, "");
    char *text = expression && key && which ? sqlite3_mprintf("SELECT %s >> %d, %s FROM %s WHERE %s", key,
                                                              KW_SEAL_SHIFT, expression, tables[table].name, which)
                                            : NULL;
    sqlite3_stmt *row = NULL;
    if (code == 0 && !text)
        code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    if (code == 0 && sqlite3_prepare_v2(journal->db, text, -1, &row, NULL) != SQLITE_OK)
        code = kw_journal_fail(journal, "reading", error);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW)
        code = sink(data, sqlite3_column_int64(row, 0), (uint64_t)sqlite3_column_int64(row, 1));
    if (code == 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    sqlite3_finalize(row);
    sqlite3_free(expression);
    sqlite3_free(key);
    sqlite3_free(which);
    sqlite3_free(text);
    return code;
}

struct adopting { struct kw_journal *journal; enum kw_sealed table; struct kw_error *error; };

static int adopt_row(void *data, int64_t run, uint64_t digest)
{
    struct adopting *adopting = data;
    struct kw_tally_entry *entry = kw_tally_at(&adopting->journal->changes, adopting->table, run);
    if (!entry)
        return kw_fail(adopting->error, KWIT_E_NO_MEMORY, adopting->journal->path, "out of memory");
    entry->rows[KW_SAID]++;
    entry->sum[KW_SAID] += digest;
    return 0;
}

int kw_seal_adopt(struct kw_journal *journal, struct kw_error *error)
{
    int code = 0;
    for (enum kw_sealed table = 0; code == 0 && table < KW_SEALED_COUNT; table++) {
        struct adopting adopting = { journal, table, error };
        code = kw_seal_each(journal, table, adopt_row, &adopting, error);
    }
    if (code == 0)
        code = state_sequences(journal, error);
    return code < 0 ? code : state_changes(journal, error);
}

bool kw_seal_read(const char *detail, struct kw_seal *seal)
{
    char name[KW_SEAL_TEXT];
    long long run, rows;
    unsigned long long sum;
    if (strlen(detail) >= sizeof name || sscanf(detail, "%s %lld %lld %llx", name, &run, &rows, &sum) != 4)
        return false;
    *seal = (struct kw_seal){ kw_seal_table_of(name), run, rows, sum };
    return seal->table != KW_SEALED_UNKNOWN;
}
