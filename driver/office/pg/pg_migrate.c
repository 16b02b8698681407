/* pg_migrate.c - the tables, by their owner: version after version, each in one transaction. */
#include "office/pg/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct { int version; const char *text; } migrations[] = {
#define MIGRATION(version, kind, table, text) { version, text },
#include "office/pg/schema.def"
#undef MIGRATION
};
enum { MIGRATIONS = sizeof migrations / sizeof migrations[0] };

int kw_pg_version_wanted(void)
{
    return migrations[MIGRATIONS - 1].version;
}

static int number_of(struct kw_pg *pg, const char *text, int *number, struct kw_error *error)
{
    PGresult *rows = PQexec(pg->link, text);
    int code = PQresultStatus(rows) == PGRES_TUPLES_OK ? 0 : kw_pg_fail(pg, rows, error);
    *number = code == 0 ? (int)kw_pg_get(rows, 0, 0) : 0;
    PQclear(rows);
    return code;
}

static int find_version(struct kw_pg *pg, int *version, struct kw_error *error)
{
    int there = 0, code = number_of(pg, "SELECT CASE WHEN to_regclass('kwit.version') IS NULL THEN 0 ELSE 1 END", &there,
                                    error);
    *version = 0;
    return code < 0 || !there ? code : number_of(pg, "SELECT coalesce(max(number), 0) FROM version", version, error);
}

static int migrate_to(struct kw_pg *pg, int version, struct kw_error *error)
{
    char noted[80];
    int code = kw_pg_say(pg, "BEGIN", error);
    if (code < 0)
        return code;
    for (int i = 0; code == 0 && i < MIGRATIONS; i++)
        if (migrations[i].version == version)
            code = kw_pg_say(pg, migrations[i].text, error);
    snprintf(noted, sizeof noted, "INSERT INTO version(number) VALUES(%d)", version);
    if (code == 0)
        code = kw_pg_say(pg, noted, error);
    return kw_pg_end(pg, code, error);
}

/* Who the office is, by its own connection string; "" where it says none. */
static void find_user(const char *place, char *user, size_t size)
{
    PQconninfoOption *options = PQconninfoParse(place, NULL);
    user[0] = 0;
    for (PQconninfoOption *option = options; option && option->keyword; option++)
        if (strcmp(option->keyword, "user") == 0 && option->val)
            snprintf(user, size, "%s", option->val);
    PQconninfoFree(options);
}

/*
 * Rows, and not one table more: only make_weeks makes tables for it, and drop_week drops some. It may read the tables
 * of weeks to come and the numbers given out, so that it can dump all of it.
 */
static int grant(struct kw_pg *pg, const char *place, struct kw_error *error)
{
    static const char *const rights[] = { "GRANT USAGE ON SCHEMA kwit",
                                          "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA kwit",
                                          "GRANT SELECT ON ALL SEQUENCES IN SCHEMA kwit",
                                          "ALTER DEFAULT PRIVILEGES IN SCHEMA kwit GRANT SELECT ON TABLES",
                                          "GRANT EXECUTE ON FUNCTION make_weeks(int[]), drop_week(int)" };
    char user[200], text[600];
    find_user(place, user, sizeof user);
    if (!user[0] || strcmp(user, PQuser(pg->link)) == 0)
        return 0;
    char *name = PQescapeIdentifier(pg->link, user, strlen(user));
    int code = name ? kw_pg_say(pg, "REVOKE ALL ON FUNCTION make_weeks(int[]), drop_week(int) FROM PUBLIC", error)
                    : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; code == 0 && i < sizeof rights / sizeof rights[0]; i++) {
        snprintf(text, sizeof text, "%s TO %s", rights[i], name);
        code = kw_pg_say(pg, text, error);
    }
    PQfreemem(name);
    return code;
}

static int migrate(struct kw_pg *pg, const char *office, int *from, int *to, struct kw_error *error)
{
    PGresult *rows = PQexec(pg->link, "SELECT pg_advisory_lock(hashtext('kwit migrate'))");
    int code = PQresultStatus(rows) == PGRES_TUPLES_OK ? 0 : kw_pg_fail(pg, rows, error);
    PQclear(rows);
    if (code == 0)
        code = find_version(pg, from, error);
    *to = kw_pg_version_wanted();
    if (code == 0 && *from > *to)
        return kw_fail(error, KWIT_E_CONFIG, "office migrate", "the tables are of version %d, and this kwit knows %d;"
                       " upgrade it", *from, *to);
    if (code == 0 && *from == 0)
        code = kw_pg_say(pg, "CREATE SCHEMA IF NOT EXISTS kwit", error);
    for (int version = *from + 1; code == 0 && version <= *to; version++)
        code = migrate_to(pg, version, error);
    return code < 0 ? code : grant(pg, office, error);
}

int kw_pg_migrate(const char *owner, const char *office, int *from, int *to, struct kw_error *error)
{
    struct kw_pg *pg = calloc(1, sizeof *pg);
    if (!pg)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    int code = kw_pg_connect(owner, &pg->link, error);
    if (code == 0)
        code = migrate(pg, office, from, to, error);
    PQfinish(pg->link);
    free(pg);
    return code;
}
