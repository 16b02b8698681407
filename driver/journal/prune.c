/*
 * prune.c - keeping small: bytes of yesterday's jobs, old documents, old keys. A little in each call.
 *
 * A till that has printed for a year must not read its whole journal to find one document: marks in `meta` say up to
 * which row each kind was looked at, and every statement looks at a bounded run of rows from there.
 */
#include "journal/awaited.h"

#include "journal/jobs.h"

/* Rows of the next run: from the first one behind the mark, 200 rows, as old as ?1 asks. */
#define RUN(table, key) \
    "SELECT id FROM (SELECT id, accepted_ms FROM " table " WHERE id >" \
    " coalesce((SELECT value FROM meta WHERE key = '" key "'), 0) ORDER BY id LIMIT 200) WHERE accepted_ms < ?1"
#define MARK(table, key) \
    "INSERT INTO meta(key, value) SELECT '" key "', max(id) FROM (" RUN(table, key) ") WHERE true" \
    " HAVING max(id) IS NOT NULL ON CONFLICT(key) DO UPDATE SET value = excluded.value"

static const struct step {
    const char *sql;
    enum { A_DAY, BODIES, KEYS } age;
} steps[] = {
    { "UPDATE piece SET bytes = NULL, breaks = NULL WHERE id BETWEEN"
      " (SELECT min(id) * 65536 FROM (" RUN("job", "wiped_jobs") ")) AND"
      " (SELECT max(id) * 65536 + 65535 FROM (" RUN("job", "wiped_jobs") "))", A_DAY },
    { MARK("job", "wiped_jobs"), A_DAY },
    { "UPDATE sale SET body = NULL WHERE body IS NOT NULL AND id IN (" RUN("sale", "wiped_sales") ")", BODIES },
    { MARK("sale", "wiped_sales"), BODIES },
    { "DELETE FROM refer WHERE at_ms < ?1", BODIES },
    { "DELETE FROM piece WHERE job IN (SELECT id FROM job WHERE sale IN"
      " (SELECT id FROM (SELECT id, accepted_ms FROM sale ORDER BY id LIMIT 200) WHERE accepted_ms < ?1))"
      " AND id < (SELECT (max(id) + 1) * 65536 FROM job WHERE sale IN"
      " (SELECT id FROM (SELECT id, accepted_ms FROM sale ORDER BY id LIMIT 200) WHERE accepted_ms < ?1))", KEYS },
    { "DELETE FROM job WHERE sale IN"
      " (SELECT id FROM (SELECT id, accepted_ms FROM sale ORDER BY id LIMIT 200) WHERE accepted_ms < ?1)", KEYS },
    /* The last sale stays, whatever its age: its number must not be given again, for touchpoints are filed under it. */
    { "DELETE FROM sale WHERE id IN"
      " (SELECT id FROM (SELECT id, accepted_ms FROM sale ORDER BY id LIMIT 200) WHERE accepted_ms < ?1)"
      " AND id < (SELECT max(id) FROM sale)", KEYS },
};

/* When the next row that a kind looks at was accepted. Where rows go, the first is next. */
#define NEXT(table, key) \
    "(SELECT accepted_ms FROM " table " WHERE id > coalesce((SELECT value FROM meta WHERE key = '" key "'), 0)" \
    " ORDER BY id LIMIT 1)"
#define NEXT_OF_EACH_AGE \
    "SELECT " NEXT("job", "wiped_jobs") ", " NEXT("sale", "wiped_sales") \
    ", (SELECT accepted_ms FROM sale ORDER BY id LIMIT 1)"

/* One bit for each age at which something has waited an hour: so it is done by the run, not one by one. */
static int find_due(struct kw_journal *journal, const int64_t before_ms[], int *due, struct kw_error *error)
{
    static const int64_t hour_ms = 3600000;
    *due = 0;
    sqlite3_stmt *row = kw_journal_prepare(journal, NEXT_OF_EACH_AGE, error);
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    for (int age = A_DAY; age <= KEYS && status == SQLITE_ROW; age++)
        if (sqlite3_column_type(row, age) != SQLITE_NULL
            && sqlite3_column_int64(row, age) < before_ms[age] - hour_ms)
            *due |= 1 << age;
    return kw_journal_stepped(journal, row, status, error);
}

static int run_step(struct kw_journal *journal, const struct step *step, int64_t before_ms, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, step->sql, error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, before_ms);
    return kw_journal_done(journal, statement, error);
}

int kw_journal_prune(struct kw_journal *journal, int64_t now_ms, int bodies_days, int keys_days, struct kw_error *error)
{
    static const int64_t day_ms = 86400000;
    const int64_t before_ms[] = { [A_DAY] = now_ms - day_ms, [BODIES] = now_ms - bodies_days * day_ms,
                                  [KEYS] = now_ms - keys_days * day_ms };
    int due;
    int code = find_due(journal, before_ms, &due, error);
    if (code == 0 && due)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0 && due)
        code = kw_awaited_count(journal, before_ms[A_DAY], error);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && code == 0; i++) {
        if (!(due >> steps[i].age & 1))
            continue;
        code = run_step(journal, &steps[i], before_ms[steps[i].age], error);
        if (code == 0 && sqlite3_changes(journal->db) > 0)
            kw_journal_wipe_wal(journal);
    }
    return code;
}
