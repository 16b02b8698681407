/* prune.c - keeping small: bytes of finished jobs, old documents, old keys. A little in each call. */
#include "journal/internal.h"
#include "journal/jobs.h"

enum { A_LITTLE = 200 };

/* Sales are numbered in order, so the old ones are among the first: the others need not be looked at. */
#define OLDEST "SELECT id FROM (SELECT id, accepted_ms FROM sale ORDER BY id LIMIT ?2) WHERE accepted_ms < ?1"

static int prune_with(struct kw_journal *journal, const char *sql, int64_t before_ms, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, before_ms);
    sqlite3_bind_int(statement, 2, A_LITTLE);
    return kw_journal_done(journal, statement, error);
}

/* The last sale stays, whatever its age: its number must not be given again, for touchpoints are filed under it. */
int kw_journal_prune(struct kw_journal *journal, int64_t now_ms, int bodies_days, int keys_days, struct kw_error *error)
{
    static const int64_t day_ms = 86400000;
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = prune_with(journal,
                          "UPDATE piece SET bytes = NULL, breaks = NULL WHERE id IN (SELECT piece.id FROM piece JOIN job ON"
                          " job.id = piece.job WHERE piece.bytes IS NOT NULL AND job.finished_ms > 0"
                          " AND job.finished_ms < ?1 AND job.state IN ('printed', 'sent', 'expired', 'cancelled') LIMIT ?2)",
                          now_ms, error);
    if (code == 0)
        code = prune_with(journal,
                          "UPDATE sale SET body = NULL WHERE id IN (SELECT id FROM sale INDEXED BY sale_body"
                          " WHERE body IS NOT NULL AND accepted_ms < ?1 LIMIT ?2)", now_ms - bodies_days * day_ms, error);
    if (code == 0)
        code = prune_with(journal,
                          "DELETE FROM job WHERE sale IN (" OLDEST ")",
                          now_ms - keys_days * day_ms, error);
    if (code == 0)
        code = prune_with(journal,
                          "DELETE FROM sale WHERE id IN (" OLDEST ") AND NOT EXISTS (SELECT 1 FROM job WHERE job.sale = sale.id)"
                          " AND id < (SELECT max(id) FROM sale)",
                          now_ms - keys_days * day_ms, error);
    return code;
}
