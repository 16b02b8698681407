/* ledger.c - finding a sale by its id, reading the record out. */
#include "journal/ledger.h"

#include "journal/chain.h"
#include "journal/touchpoint.h"

#include <stdio.h>

int kw_ledger_find(struct kw_journal *journal, const struct kw_sale_name *name, int64_t *sale, struct kw_error *error)
{
    char places[200] = "";
    int count = 0, status;
    size_t used = 0;
    sqlite3_stmt *row = kw_journal_prepare(journal,
                                           "SELECT id, terminal, scope FROM sale WHERE name = ?1"
                                           " AND (?2 IS NULL OR terminal = ?2) AND (?3 IS NULL OR scope = ?3)"
                                           " ORDER BY id",
                                           error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, name->id);
    sqlite3_bind_text(row, 2, name->till, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 3, name->day, -1, SQLITE_STATIC);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        *sale = sqlite3_column_int64(row, 0);
        if (used < sizeof places)
            used += (size_t)snprintf(places + used, sizeof places - used, "%s%.40s%s%.12s", count++ ? ", " : "",
                                     kw_column_text(row, 1), kw_column_text(row, 2)[0] ? " on " : "",
                                     kw_column_text(row, 2));
    }
    int code = status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    if (code == 0 && count == 0)
        code = kw_fail(error, KWIT_E_NOT_FOUND, name->id, "the journal knows no sale with this id there; "
                       "kwit queue list --all names those of late");
    if (code == 0 && count > 1)
        code = kw_fail(error, KWIT_E_CONFLICT, name->id, "several sales have this id, at %s: say which with --till, or"
                       " --day where ids count a day", places);
    return code;
}

int kw_ledger_version(struct kw_journal *journal, int *version, struct kw_error *error)
{
    int64_t value;
    int code = kw_journal_number(journal, "PRAGMA user_version", NULL, 0, &value, error);
    *version = (int)value;
    return code;
}

int kw_ledger_events(struct kw_journal *journal, kw_event_sink sink, void *data, struct kw_error *error)
{
    static const uint8_t none[KW_CHAIN_HASH];
    sqlite3_stmt *row =
        kw_journal_prepare(journal, "SELECT n, sale, ev, ts_ms, detail, hash FROM event ORDER BY n", error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, status = SQLITE_DONE;
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_ledger_event event = {
            sqlite3_column_int64(row, 0),
            sqlite3_column_int64(row, 1),
            sqlite3_column_int64(row, 3),
            sqlite3_column_int(row, 2),
            kw_column_text(row, 4),
            sqlite3_column_bytes(row, 5) == KW_CHAIN_HASH ? sqlite3_column_blob(row, 5) : none
        };
        code = sink(data, &event);
    }
    return kw_journal_walked(journal, row, code, status, error);
}
