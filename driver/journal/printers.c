/* printers.c - what is remembered of each printer by its identity. */
#include "journal/internal.h"

#include "journal/jobs.h"

/* In the order of the table. */
#define PRINTERS "SELECT * FROM printer "

static int take_printer(struct kw_journal *journal, sqlite3_stmt *statement, struct kw_arena *arena,
                        struct kw_printer_row *printer, struct kw_error *error)
{
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_ROW) {
        const char **const texts[] = { &printer->identity, &printer->uri, &printer->model, &printer->serial,
                                       &printer->profile };
        for (int i = 0; i < 5; i++)
            if (!(*texts[i] = kw_arena_string(arena, kw_column_text(statement, i))))
                code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
        printer->answered = sqlite3_column_int(statement, 5) != 0;
        printer->confirms = sqlite3_column_int(statement, 6);
        printer->status = kw_arena_string(arena, kw_column_text(statement, 7));
        printer->near_end = sqlite3_column_int(statement, 8) != 0;
        printer->dirty = sqlite3_column_int(statement, 9) != 0;
        printer->seen_ms = sqlite3_column_int64(statement, 10);
        printer->named = (enum kw_named)sqlite3_column_int(statement, 11);
        printer->vouched = sqlite3_column_int(statement, 12);
        if (!printer->status)
            code = kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    } else {
        code = status == SQLITE_DONE ? KWIT_E_NOT_FOUND : kw_journal_fail(journal, "reading", error);
    }
    sqlite3_reset(statement);
    return code;
}

int kw_printer_get(struct kw_journal *journal, const char *identity, struct kw_arena *arena,
                   struct kw_printer_row *printer, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, PRINTERS "WHERE identity = ?", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, identity);
    return take_printer(journal, statement, arena, printer, error);
}

int kw_printer_told(struct kw_journal *journal, const char *identity, struct kw_arena *arena,
                    struct kw_printer_row *printer, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT model, serial, near_end FROM printer WHERE identity = ?",
                                           error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, identity);
    int status = sqlite3_step(row), code = status == SQLITE_DONE ? KWIT_E_NOT_FOUND : 0;
    if (status == SQLITE_ROW)
        *printer = (struct kw_printer_row){ .model = kw_arena_string(arena, kw_column_text(row, 0)),
                                            .serial = kw_arena_string(arena, kw_column_text(row, 1)),
                                            .near_end = sqlite3_column_int(row, 2) != 0 };
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_printer_by_uri(struct kw_journal *journal, const char *uri, struct kw_arena *arena,
                      struct kw_printer_row *printer, struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, PRINTERS "WHERE uri = ? ORDER BY seen_ms DESC LIMIT 1", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, uri);
    return take_printer(journal, statement, arena, printer, error);
}

int kw_printer_put(struct kw_journal *journal, const struct kw_printer_row *printer, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "REPLACE INTO printer VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
    if (!statement)
        return error->code;
    const char *const texts[] = { printer->identity, printer->uri, printer->model, printer->serial, printer->profile };
    for (int i = 0; i < 5; i++)
        kw_bind_text(statement, i + 1, texts[i]);
    sqlite3_bind_int(statement, 6, printer->answered);
    sqlite3_bind_int(statement, 7, printer->confirms);
    kw_bind_text(statement, 8, printer->status);
    sqlite3_bind_int(statement, 9, printer->near_end);
    sqlite3_bind_int(statement, 10, printer->dirty);
    sqlite3_bind_int64(statement, 11, printer->seen_ms);
    sqlite3_bind_int(statement, 12, printer->named);
    sqlite3_bind_int(statement, 13, printer->vouched);
    return kw_journal_done(journal, statement, error);
}

int kw_printer_vouch(struct kw_journal *journal, const char *identity, bool seen, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "UPDATE printer SET vouched = iif(?1, vouched + 1, 0) WHERE identity = ?2", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int(statement, 1, seen);
    kw_bind_text(statement, 2, identity);
    return kw_journal_done(journal, statement, error);
}
