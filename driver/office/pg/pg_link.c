/* pg_link.c - one connection to PostgreSQL: made when it is needed, made again after the server was away. */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After a server did not answer it is left alone for a while, so that nobody waits for it again and again. */
enum { AWAY_MS = 2000 };

static const char *const texts[] = {
#define STATEMENT(name, law, text) text,
#include "office/pg/statements.def"
#undef STATEMENT
};

/* ---- connecting --------------------------------------------------------------------------------------------- */

static int refuse(PGconn *link, enum kwit_error code, struct kw_error *error)
{
    char said[160];
    snprintf(said, sizeof said, "%s", PQerrorMessage(link));
    said[strcspn(said, "\n")] = 0;
    return kw_fail(error, code, "[office] store", "PostgreSQL: %s", said[0] ? said : "out of memory");
}

/* What a server says unasked; libpq would print it. */
static void hear_nothing(void *data, const char *said)
{
    (void)data, (void)said;
}

int kw_pg_connect(const char *place, PGconn **link, struct kw_error *error)
{
    static const char *const names[] = { "dbname", "options", "connect_timeout", "tcp_user_timeout", "client_encoding",
                                         "application_name", NULL };
    const char *const values[] = { place, "-c search_path=kwit -c client_min_messages=warning -c lock_timeout=10s"
                                   " -c statement_timeout=120s -c bytea_output=hex -c DateStyle=ISO", "3", "10000",
                                   "UTF8", "kwit", NULL };
    *link = PQconnectdbParams(names, values, 1);
    if (*link)
        PQsetNoticeProcessor(*link, hear_nothing, NULL);
    if (*link && PQstatus(*link) == CONNECTION_OK)
        return 0;
    const char *state = *link ? PQerrorMessage(*link) : "";
    /* A server that is there and lets nobody in is a fault of the settings; all else passes. */
    const bool is_refused = strstr(state, "authentication failed") || strstr(state, "does not exist")
        || strstr(state, "no pg_hba.conf entry");
    int code = refuse(*link, is_refused ? KWIT_E_CONFIG : KWIT_E_UNAVAILABLE, error);
    PQfinish(*link);
    *link = NULL;
    return code;
}

static void leave(struct kw_pg *pg)
{
    PQfinish(pg->link);
    pg->link = NULL;
    memset(pg->is_prepared, 0, sizeof pg->is_prepared);
    memset(pg->is_made, 0, sizeof pg->is_made);
    pg->has_turn = false;
}

static int check_version(struct kw_pg *pg, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_VERSION_ROW, NULL, &rows, error);
    if (code < 0)
        return code == KWIT_E_CONFIG ? kw_fail(error, code, "[office] store", "the database has no tables of kwit"
                                               " yet, or this user may not read them; their owner says kwit office"
                                               " migrate")
                                     : code;
    const int64_t found = kw_pg_get(rows, 0, 0);
    PQclear(rows);
    if (found == pg->tables)
        return 0;
    return kw_fail(error, KWIT_E_CONFIG, "[office] store", found < pg->tables
                   ? "its tables are of version %d, and this kwit needs %d; their owner says kwit office migrate"
                   : "its tables are of version %d, and this kwit knows %d; upgrade it", (int)found,
                   pg->tables);
}

/* What a batch brings lies here first; it is empty again after each commit. */
static int prepare_session(struct kw_pg *pg, struct kw_error *error)
{
    static const char *const made[] = {
        "CREATE TEMP TABLE came_late ON COMMIT DELETE ROWS AS SELECT day, n, ts_ms, sold_ms, class, class_ms, expired_ms,"
        " annulled_ms, refunded_ms FROM touchpoint WITH NO DATA",
        "CREATE TEMP TABLE came_cell (LIKE cell) ON COMMIT DELETE ROWS",
    };
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_DURABLE, NULL, &rows, error);
    if (code == 0)
        PQclear(rows);
    for (size_t i = 0; code == 0 && i < sizeof made / sizeof made[0]; i++)
        code = kw_pg_say(pg, made[i], error);
    return code;
}

int kw_pg_reach(struct kw_pg *pg, struct kw_error *error)
{
    if (pg->link && PQstatus(pg->link) == CONNECTION_OK)
        return 0;
    leave(pg);
    if (pg->is_held)
        return kw_fail(error, KWIT_E_UNAVAILABLE, "[office] store",
                       "PostgreSQL went away in the middle of a reading; call again");
    if (kw_clock_boot_ms() < pg->away_until_ms)
        return kw_fail(error, KWIT_E_UNAVAILABLE, "[office] store", "PostgreSQL did not answer a moment ago");
    int code = kw_pg_connect(pg->place, &pg->link, error);
    if (code == 0)
        code = check_version(pg, error);
    if (code == 0)
        code = prepare_session(pg, error);
    if (code < 0) {
        leave(pg);
        pg->away_until_ms = kw_clock_boot_ms() + AWAY_MS;
    }
    return code;
}

/* ---- saying ------------------------------------------------------------------------------------------------- */

int kw_pg_fail(struct kw_pg *pg, const PGresult *result, struct kw_error *error)
{
    static const struct { const char *state; enum kwit_error code; } rows[] = {
        { "40001", KWIT_E_TIMEOUT }, { "40P01", KWIT_E_TIMEOUT }, { "55P03", KWIT_E_TIMEOUT },
        { "57014", KWIT_E_TIMEOUT }, { "42P01", KWIT_E_CONFIG }, { "42501", KWIT_E_CONFIG },
        { "53100", KWIT_E_DISK_FULL }, { "25006", KWIT_E_UNAVAILABLE },
    };
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    enum kwit_error code = KWIT_E_IO;
    for (size_t i = 0; state && i < sizeof rows / sizeof rows[0]; i++)
        code = strcmp(state, rows[i].state) == 0 ? rows[i].code : code;
    /* One that takes no rows any more has become another one's copy: the way to that one is looked for again. */
    const bool is_away = PQstatus(pg->link) != CONNECTION_OK || code == KWIT_E_UNAVAILABLE;
    refuse(pg->link, is_away ? KWIT_E_UNAVAILABLE : code, error);
    if (is_away)
        leave(pg);
    return error->code;
}

int kw_pg_say(struct kw_pg *pg, const char *text, struct kw_error *error)
{
    PGresult *result = PQexec(pg->link, text);
    int code = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : kw_pg_fail(pg, result, error);
    PQclear(result);
    return code;
}

int kw_pg_end(struct kw_pg *pg, int code, struct kw_error *error)
{
    struct kw_error after;
    if (code == 0)
        code = kw_pg_say(pg, "COMMIT", error);
    if (code < 0 && pg->link && kw_pg_say(pg, "ROLLBACK", &after) < 0 && pg->link)
        leave(pg);
    return code;
}

/* ---- statements --------------------------------------------------------------------------------------------- */

void kw_pg_number(struct kw_pg_values *values, int64_t number)
{
    snprintf(values->room[values->count], KW_PG_VALUE, "%lld", (long long)number);
    values->texts[values->count++] = NULL;
}

void kw_pg_text(struct kw_pg_values *values, const char *text)
{
    values->texts[values->count++] = text;
}

void kw_pg_bytes(struct kw_pg_values *values, const uint8_t *bytes, size_t length)
{
    char *at = values->room[values->count];
    values->texts[values->count++] = NULL;
    memcpy(at, "\\x", 3);
    for (size_t i = 0; i < length; i++)
        snprintf(at + 2 + 2 * i, 3, "%02x", bytes[i]);
}

static int prepare(struct kw_pg *pg, enum kw_pg_statement statement, const char *name, struct kw_error *error)
{
    PGresult *result = PQprepare(pg->link, name, texts[statement], 0, NULL);
    int code = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : kw_pg_fail(pg, result, error);
    PQclear(result);
    pg->is_prepared[statement] = code == 0;
    return code;
}

/* How many there are. */
static int point(const struct kw_pg_values *values, const char *at[KW_PG_VALUES])
{
    const int count = values ? values->count : 0;
    for (int i = 0; i < count; i++)
        at[i] = values->texts[i] ? values->texts[i] : values->room[i];
    return count;
}

/* Prepares it where this connection has not yet. */
static int find_name(struct kw_pg *pg, enum kw_pg_statement statement, char name[16], struct kw_error *error)
{
    snprintf(name, 16, "s%d", statement);
    return pg->is_prepared[statement] ? 0 : prepare(pg, statement, name, error);
}

int kw_pg_run(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, PGresult **rows,
              struct kw_error *error)
{
    char name[16];
    const char *at[KW_PG_VALUES];
    if (rows)
        *rows = NULL;
    int code = find_name(pg, statement, name, error);
    if (code < 0)
        return code;
    const int count = point(values, at);
    PGresult *result = PQexecPrepared(pg->link, name, count, at, NULL, NULL, 0);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        code = kw_pg_fail(pg, result, error);
    if (code == 0 && rows)
        *rows = result;
    else
        PQclear(result);
    return code;
}

/* What became of each, up to the end of the pipeline; those behind one that failed were left out by the server. */
static int gather(struct kw_pg *pg, struct kw_error *error)
{
    int code = 0;
    bool ended = false;
    while (!ended && pg->link) {
        PGresult *result = PQgetResult(pg->link);
        const ExecStatusType status = result ? PQresultStatus(result) : PGRES_COMMAND_OK;
        const bool is_broken = PQstatus(pg->link) != CONNECTION_OK;
        ended = status == PGRES_PIPELINE_SYNC;
        if (code == 0 && (is_broken || status == PGRES_FATAL_ERROR))
            code = kw_pg_fail(pg, result, error);
        else if (is_broken)
            leave(pg);
        PQclear(result);
    }
    return code;
}

int kw_pg_run_together(struct kw_pg *pg, const struct kw_pg_saying *sayings, size_t count, struct kw_error *error)
{
    char name[16];
    const char *at[KW_PG_VALUES];
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = find_name(pg, sayings[i].statement, name, error);
    if (code < 0)
        return code;
    bool sent = PQenterPipelineMode(pg->link) == 1;
    for (size_t i = 0; sent && i < count; i++) {
        const int values = point(sayings[i].values, at);
        snprintf(name, sizeof name, "s%d", sayings[i].statement);
        sent = PQsendQueryPrepared(pg->link, name, values, at, NULL, NULL, 0) == 1;
    }
    if (!sent || PQpipelineSync(pg->link) != 1) {
        code = kw_pg_fail(pg, NULL, error);
        leave(pg);
        return code;
    }
    code = gather(pg, error);
    if (pg->link && PQexitPipelineMode(pg->link) != 1)
        leave(pg);
    return code;
}

int kw_pg_send(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values,
               struct kw_error *error)
{
    char name[16];
    const char *at[KW_PG_VALUES];
    int code = find_name(pg, statement, name, error);
    if (code < 0)
        return code;
    const int count = point(values, at);
    const bool is_sent = PQsendQueryPrepared(pg->link, name, count, at, NULL, NULL, 0) == 1
        && PQsetSingleRowMode(pg->link) == 1;
    return is_sent ? 0 : kw_pg_fail(pg, NULL, error);
}

int64_t kw_pg_get(const PGresult *rows, int row, int column)
{
    const char *text = PQgetvalue(rows, row, column);
    return text[0] == 't' ? 1 : strtoll(text, NULL, 10);
}

int kw_pg_score(const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) ? KW_SCORE_NONE : (int)kw_pg_get(rows, row, column);
}

int kw_pg_change(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, bool *changed,
                 struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, statement, values, &rows, error);
    *changed = code == 0 && PQcmdTuples(rows)[0] != '0';
    PQclear(rows);
    return code;
}

static int digit(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

size_t kw_pg_get_bytes(const PGresult *rows, int row, int column, uint8_t *out, size_t size)
{
    const char *text = PQgetvalue(rows, row, column);
    size_t length = strlen(text) > 2 ? (strlen(text) - 2) / 2 : 0;
    length = length < size ? length : size;
    for (size_t i = 0; i < length; i++)
        out[i] = (uint8_t)(digit(text[2 + 2 * i]) << 4 | digit(text[3 + 2 * i]));
    return length;
}
