/* table.c - platforms and the finding of columns by their names. */
#include "report/table.h"

#include <string.h>
#include <strings.h>

const char *const kw_role_names[KW_ROLE_COUNT] = {
    "token", "id", "time", "finished", "preview", "language", "nps", "csat", "ces", "comment", "contact"
};

const struct kw_platform kw_platforms[] = {
#define PLATFORM(name, rows, zone, dates, link, token, id, time, finished, preview, language, nps, csat, ces, comment, \
                 contact)                                                                                              \
    {                                                                                                                  \
        name,  rows, zone,                                                                                             \
        dates, link, { token, id, time, finished, preview, language, nps, csat, ces, comment, contact }                \
    },
#include "data/platforms.def"
#undef PLATFORM
    { 0 }
};

const struct kw_platform *kw_platform_find(const char *name)
{
    for (const struct kw_platform *platform = kw_platforms; platform->name; platform++)
        if (strcmp(platform->name, name) == 0)
            return platform;
    return NULL;
}

static size_t trimmed(const char **text)
{
    *text += strspn(*text, " \t\r\n");
    size_t length = strlen(*text);
    while (length > 0 && strchr(" \t\r\n", (*text)[length - 1]))
        length--;
    return length;
}

static bool is_named(const char *cell, const char *names)
{
    size_t length = trimmed(&cell);
    while (*names) {
        size_t name = strcspn(names, "|");
        if (name == length && length > 0 && strncasecmp(names, cell, name) == 0)
            return true;
        names += name + (names[name] == '|');
    }
    return false;
}

/* A shop's own header is one name, whatever it holds. */
static bool is_own(const char *cell, const char *name)
{
    size_t length = trimmed(&cell);
    return length == strlen(name) && strncmp(cell, name, length) == 0;
}

static void resolve(struct kw_table *table, int role, const char *const *cells, size_t count)
{
    int found = 0;
    for (int i = 0; i < KW_TABLE_ROLE_COLUMNS; i++)
        table->columns[role][i] = -1;
    for (size_t i = 0; i < count && found < KW_TABLE_ROLE_COLUMNS; i++) {
        bool match =
            table->own[role] ? is_own(cells[i], table->own[role]) : is_named(cells[i], table->platform->names[role]);
        if (match)
            table->columns[role][found++] = (int)i;
    }
}

static int lacks_column(struct kw_table *table, int role, const char *const *cells, size_t count,
                        struct kw_error *error)
{
    struct kw_buffer list;
    kw_buffer_init(&list, 400);
    for (size_t i = 0; i < count && list.length < 300; i++)
        kw_buffer_format(&list, "%s%.40s", i ? ", " : "", cells[i]);
    int code = kw_fail(error, KWIT_E_INVALID, table->path,
                       "line 1: no column is called %s; the file has: %s. Name it with --column %s=NAME",
                       table->own[role] ? table->own[role] : table->platform->names[role], kw_buffer_string(&list),
                       kw_role_names[role]);
    kw_buffer_free(&list);
    return code;
}

int kw_table_header(struct kw_table *table, const char *const *cells, size_t count, struct kw_error *error)
{
    for (int role = 0; role < KW_ROLE_COUNT; role++) {
        resolve(table, role, cells, count);
        bool needed = role == KW_ROLE_TOKEN || role == KW_ROLE_TIME || table->own[role];
        if (table->columns[role][0] < 0 && needed)
            return lacks_column(table, role, cells, count, error);
    }
    return 0;
}

int kw_table_emit(struct kw_table *table, const char *const *cells, size_t count, int64_t line, struct kw_error *error)
{
    struct kw_row row = { .line = line };
    for (int role = 0; role < KW_ROLE_COUNT; role++) {
        for (int i = 0; i < KW_TABLE_ROLE_COLUMNS && table->columns[role][i] >= 0; i++) {
            int column = table->columns[role][i];
            const char *cell = (size_t)column < count ? cells[column] : "";
            if (row.cells[role] && row.cells[role][0])
                break;
            row.cells[role] = cell;
            row.columns[role] = column + 1;
        }
    }
    return table->row(table->data, &row, error);
}

void kw_table_note(struct kw_table *table, const char *cell)
{
    const char *at = strstr(cell, "\"timeZone\"");
    at = at ? strchr(at + 10, '"') : NULL;
    size_t length = at ? strcspn(at + 1, "\"") : 0;
    if (length > 0 && length < sizeof table->zone) {
        memcpy(table->zone, at + 1, length);
        table->zone[length] = 0;
    }
}
