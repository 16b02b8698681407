/* withheld.c - rows that are there for as long as a sale's jobs are open. */
#include "journal/withheld.h"

#include "journal/internal.h"

/* ?1: what came to nothing before may be forgotten. */
#define SETTLED \
    "(SELECT sale FROM withheld WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.sale = +withheld.sale AND" \
    " (" KW_JOB_IS_OPEN " OR state = 'unconfirmed'" \
    " OR (state IN ('expired', 'cancelled') AND finished_ms > ?1)))" \
    " OR EXISTS (SELECT 1 FROM sale WHERE sale.id = withheld.sale AND body IS NULL))"

int kw_withheld_put(struct kw_journal *journal, int64_t sale, const char *text, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT OR IGNORE INTO withheld(sale, text) VALUES(?, ?)", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale);
    kw_bind_text(row, 2, text);
    return kw_journal_done(journal, row, error);
}

int kw_withheld_get(struct kw_journal *journal, int64_t sale, struct kw_arena *arena, const char **text,
                    struct kw_error *error)
{
    *text = NULL;
    if (!kw_journal_receives(journal))
        return 0;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT text FROM withheld WHERE sale = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale);
    int status = sqlite3_step(row), code = 0;
    if (status == SQLITE_ROW && !(*text = kw_arena_string(arena, kw_column_text(row, 0))))
        code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    return kw_journal_walked(journal, row, code, status, error);
}

static int wipe(struct kw_journal *journal, int64_t before_ms, struct kw_error *error)
{
    static const char *const wiped[] = {
        "UPDATE piece SET bytes = NULL, breaks = NULL WHERE job IN (SELECT id FROM job WHERE sale IN " SETTLED ")",
        "DELETE FROM withheld WHERE sale IN " SETTLED,
    };
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    for (size_t i = 0; i < sizeof wiped / sizeof wiped[0] && code == 0; i++)
        code = kw_journal_run_with(journal, wiped[i], &before_ms, 1, error);
    return kw_journal_end(journal, code, error);
}

int kw_withheld_forget(struct kw_journal *journal, int64_t now_ms, struct kw_error *error)
{
    const int64_t day_ms = 86400000, before_ms = now_ms - day_ms;
    struct kw_error busy;
    int64_t any = 0;
    if (!kw_journal_receives(journal))
        return 0;
    /* Asked first whether there is a row at all: most tills withhold nothing, and this is asked by each sale. */
    int code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM withheld)", NULL, 0, &any, error);
    if (code == 0 && any)
        code = kw_journal_number(journal, "SELECT count(*) FROM " SETTLED, &before_ms, 1, &any, error);
    if (code < 0 || any == 0)
        return code;
    code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = wipe(journal, before_ms, error);
    if (code == 0)
        kw_journal_empty_wal(journal, &busy);       /* who reads meanwhile leaves it to the next checkpoint */
    return code;
}
