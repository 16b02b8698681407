/* late.c - the tables that a journal has only where answers, alerts or other journals come together. */
#include "journal/late.h"

#include <string.h>

static const char *const late[] = {
#define MIGRATION(version, sql)
#define COLUMN(version, column, held)
#define LATE(version, sql) sql,
#include "journal/schema.def"
#undef MIGRATION
#undef COLUMN
#undef LATE
};
enum { LATE_COUNT = sizeof late / sizeof late[0] };

bool kw_late_is_in(sqlite3 *db, const char *schema)
{
    return sqlite3_table_column_metadata(db, schema, "answer", NULL, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* One row in that schema, whose name goes before the table's or the index's. */
static int run_in(sqlite3 *db, const char *schema, const char *sql)
{
    const char *table = strstr(sql, "TABLE "), *name = (table ? table : strstr(sql, "INDEX ")) + strlen("TABLE ");
    char *text = sqlite3_mprintf("%.*s%s.%s", (int)(name - sql), sql, schema, name);
    int status = text ? sqlite3_exec(db, text, NULL, NULL, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    return status;
}

/* Another process may have come first. */
static int make_in(sqlite3 *db, const char *schema)
{
    int status = SQLITE_OK;
    for (size_t i = 0; status == SQLITE_OK && i < LATE_COUNT && (i > 0 || !kw_late_is_in(db, schema)); i++)
        status = run_in(db, schema, late[i]);
    return status;
}

int kw_late_make(sqlite3 *db, bool writable)
{
    if (!writable) {
        sqlite3_exec(db, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
        return make_in(db, "temp");
    }
    if (!sqlite3_get_autocommit(db))
        return make_in(db, "main");
    int status = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (status == SQLITE_OK)
        status = make_in(db, "main");
    if (status == SQLITE_OK)
        status = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return status;
}
