/* table.c - platforms and the finding of columns by their names. */
#include "answers/table.h"

#include "base/fold.h"
#include "answers/values.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const kw_role_names[KW_ROLE_COUNT] = {
#define COLUMN(name, number, word, ...) [number] = word,
#include "data/columns.def"
#undef COLUMN
};

const struct kw_platform kw_platforms[] = {
#define PLATFORM(name, rows, zone, dates, link, ...) { name, rows, zone, dates, link, { __VA_ARGS__ } },
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

const char *kw_platform_names(const struct kw_platform *platform, int role)
{
    return platform->names[role] ? platform->names[role] : "";
}

const char *kw_table_names(const struct kw_table *table, int role)
{
    return table->own[role] ? table->own[role] : kw_platform_names(table->platform, role);
}

/* How a header cell may be the name: as it stands, or with the number or code that some exports put beside it. */
enum match { SAME, CODED, NUMBERED, MATCH_COUNT };

static bool matches(const char *cell, const char *name, int match)
{
    size_t length = strlen(name);
    if (length == 0)
        return false;
    if (match == SAME)
        return strcmp(cell, name) == 0;
    if (match == CODED)                     /* "Q00. How likely is it?" for Q00 */
        return strncmp(cell, name, length) == 0 && strncmp(cell + length, ". ", 2) == 0;
    size_t digits = strspn(cell, "0123456789");
    return digits > 0 && strncmp(cell + digits, ". ", 2) == 0 && strcmp(cell + digits + 2, name) == 0;
}

/* Columns of one name, behind those that are found already. */
static int add_columns(struct kw_table *table, int role, int found, const char *name, const char *const *cells,
                       size_t count, int match)
{
    char wanted[KW_FOLD], cell[KW_FOLD];
    const int first = found;
    kw_fold(name, wanted);
    for (size_t i = 0; i < count && found < KW_TABLE_ROLE_COLUMNS; i++) {
        kw_fold(cells[i], cell);
        if (matches(cell, wanted, match)) {
            table->titles[role][found] = first;
            table->columns[role][found++] = (int)i;
        }
    }
    return found;
}

/* `#3`, where no column is called so: the third. */
static int add_numbered(struct kw_table *table, int role, size_t count)
{
    char *end;
    const unsigned long number = strtoul(table->own[role] + 1, &end, 10);
    if (*end || number < 1 || number > count)
        return 0;
    table->columns[role][0] = (int)number - 1;
    table->titles[role][0] = 0;
    return 1;
}

/* A shop's own header is one name, whatever it holds; of the platform's, parted by `|`, the first ones go before. */
static int add_named(struct kw_table *table, int role, const char *const *cells, size_t count, int match)
{
    const char *names = kw_platform_names(table->platform, role);
    int found = 0;
    if (table->own[role] && table->own[role][0] == '#' && match == MATCH_COUNT - 1)
        return add_numbered(table, role, count);
    if (table->own[role])
        return add_columns(table, role, 0, table->own[role], cells, count, match);
    while (*names) {
        char name[KW_FOLD];
        size_t length = strcspn(names, "|");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        found = add_columns(table, role, found, name, cells, count, match);
        names += length + (names[length] == '|');
    }
    return found;
}

/* Where a question has a column for each of its options, only the first bears its name. */
static int add_options(struct kw_table *table, int role, int found, const char *const *cells, size_t count)
{
    bool question = role == KW_ROLE_NPS || role == KW_ROLE_CSAT || role == KW_ROLE_CES || role == KW_ROLE_COMMENT;
    if (table->platform->header_rows != 2 || !question || found != 1)
        return found;
    for (size_t i = (size_t)table->columns[role][0] + 1; i < count && !cells[i][0]; i++)
        if (found < KW_TABLE_ROLE_COLUMNS) {
            table->titles[role][found] = found;
            table->columns[role][found++] = (int)i;
        }
    return found;
}

static void resolve(struct kw_table *table, int role, const char *const *cells, size_t count)
{
    int found = 0;
    for (int match = SAME; match < MATCH_COUNT && found == 0; match++)
        found = add_named(table, role, cells, count, match);
    found = add_options(table, role, found, cells, count);
    for (; found < KW_TABLE_ROLE_COLUMNS; found++)
        table->columns[role][found] = -1;
}

/* The column of a question of the shop's own: the first that is called so. */
static int find_question(const char *name, const char *const *cells, size_t count)
{
    char wanted[KW_FOLD], cell[KW_FOLD];
    kw_fold(name, wanted);
    for (int match = SAME; match < MATCH_COUNT; match++)
        for (size_t i = 0; i < count; i++) {
            kw_fold(cells[i], cell);
            if (matches(cell, wanted, match))
                return (int)i;
        }
    return -1;
}

bool kw_table_knows(const struct kw_table *table, const char *cell)
{
    struct kw_table copy = *table;
    return add_named(&copy, KW_ROLE_TOKEN, &cell, 1, SAME) + add_named(&copy, KW_ROLE_TIME, &cell, 1, SAME) > 0;
}

static int lacks_column(struct kw_table *table, int role, const char *const *cells, size_t count, int64_t line,
                        struct kw_error *error)
{
    struct kw_buffer list;
    kw_buffer_init(&list, 400);
    for (size_t i = 0; i < count && list.length < 300; i++)
        kw_buffer_format(&list, "%s%.40s", i ? ", " : "", cells[i]);
    const char *names = kw_table_names(table, role);
    int code = kw_fail(error, KWIT_E_INVALID, table->path,
                       "line %lld: no column is called %s; the file has: %s. Name it with --column %s=NAME",
                       (long long)line, *names ? names : "so", kw_buffer_string(&list), kw_role_names[role]);
    kw_buffer_free(&list);
    return code;
}

static int read_header(struct kw_table *table, const char *const *cells, size_t count, int64_t line,
                       struct kw_error *error)
{
    char first[KW_FOLD];
    kw_fold(cells[0], first);
    if (strncmp(first, "<!doctype", 9) == 0 || strncmp(first, "<html", 5) == 0 || strncmp(first, "<?xml", 5) == 0)
        return kw_fail(error, KWIT_E_INVALID, table->path,
                       "line %lld, column 1: this is a web page and no export; download it again, signed in",
                       (long long)line);
    table->width = count;
    for (size_t i = 0; i < table->question_count; i++)
        table->question_columns[i] = find_question(table->questions[i], cells, count);
    for (int role = 0; role < KW_ROLE_COUNT; role++) {
        resolve(table, role, cells, count);
        bool needed = role == KW_ROLE_TOKEN || role == KW_ROLE_TIME || table->own[role];
        if (table->columns[role][0] < 0 && needed)
            return lacks_column(table, role, cells, count, line, error);
        if (table->columns[role][0] >= 0 && table->found)
            table->found(table->data, role, cells[table->columns[role][0]]);
    }
    return 0;
}

/* The third header row of Qualtrics names the time zone. */
static void note_zone(struct kw_table *table, const char *cell)
{
    const char *at = strstr(cell, "\"timeZone\"");
    at = at ? strchr(at + 10, '"') : NULL;
    size_t length = at ? strcspn(at + 1, "\"") : 0;
    if (length > 0 && length < sizeof table->zone) {
        memcpy(table->zone, at + 1, length);
        table->zone[length] = 0;
    }
}

static bool has_time(const struct kw_table *table, const char *const *cells, size_t count)
{
    const int *columns = table->columns[KW_ROLE_TIME];
    for (int i = 0; i < KW_TABLE_ROLE_COLUMNS && columns[i] >= 0; i++)
        if ((size_t)columns[i] < count && isdigit((unsigned char)cells[columns[i]][0]))
            return true;
    return false;
}

/* A row that has a time is an answer, also where headers usually stand: somebody cut them off. So are all behind it. */
static bool is_header(const struct kw_table *table, const char *const *cells, size_t count)
{
    if (table->header_rows > 0)
        return table->rows < table->header_rows;
    return !table->answers && table->rows < table->platform->header_rows && !has_time(table, cells, count);
}

static int check_width(const struct kw_table *table, const char *const *cells, size_t count, int64_t line,
                       struct kw_error *error)
{
    size_t last = count;
    while (last > 0 && !cells[last - 1][0])
        last--;
    bool lacks = (size_t)table->columns[KW_ROLE_TOKEN][0] >= count || (size_t)table->columns[KW_ROLE_TIME][0] >= count;
    if (last <= table->width && !lacks)
        return 0;
    return kw_fail(error, KWIT_E_INVALID, table->path,
                   "line %lld, column %zu: the row has %zu columns and the header %zu; is the file cut off, or a quote "
                   "missing?",
                   (long long)line, lacks ? count : table->width + 1, count, table->width);
}

/* Whether a cell is the one that counts of a role's columns: the first that says something, a test anywhere. */
static bool counts(int role, const char *cell)
{
    return role == KW_ROLE_PREVIEW ? kw_value_preview(cell) : cell[0] != 0;
}

/* Two questions of one title: which is meant is asked, where a row answers both. */
static int check_title(const struct kw_table *table, int role, int picked, const char *const *cells, size_t count,
                       int64_t line, struct kw_error *error)
{
    const int column = table->columns[role][picked];
    if (role == KW_ROLE_PREVIEW || (size_t)column >= count)
        return 0;
    for (int i = picked + 1; i < KW_TABLE_ROLE_COLUMNS && table->columns[role][i] >= 0; i++) {
        const int other = table->columns[role][i];
        if (table->titles[role][i] == table->titles[role][picked] && (size_t)other < count && cells[other][0]
            && strcmp(cells[other], cells[column]) != 0)
            return kw_fail(error, KWIT_E_INVALID, table->path,
                           "line %lld: columns %d and %d have one title and say \"%.40s\" and \"%.40s\"; which of them is"
                           " meant? --column %s=#%d, or #%d",
                           (long long)line, column + 1, other + 1, cells[column], cells[other], kw_role_names[role],
                           column + 1, other + 1);
    }
    return 0;
}

static int emit(struct kw_table *table, const char *const *cells, size_t count, int64_t line, struct kw_error *error)
{
    struct kw_row row = { .line = line, .unit = "line" };
    for (int role = 0; role < KW_ROLE_COUNT; role++) {
        for (int i = 0; i < KW_TABLE_ROLE_COLUMNS && table->columns[role][i] >= 0; i++) {
            int column = table->columns[role][i];
            const char *cell = (size_t)column < count ? cells[column] : "";
            row.cells[role] = cell;
            row.columns[role] = column + 1;
            if (!counts(role, cell))
                continue;
            int code = check_title(table, role, i, cells, count, line, error);
            if (code < 0)
                return code;
            break;
        }
    }
    for (size_t i = 0; i < table->question_count; i++) {
        const int column = table->question_columns[i];
        row.own[i] = column < 0 ? NULL : (size_t)column < count ? cells[column] : "";
        row.own_columns[i] = column + 1;
    }
    return table->row(table->data, &row, error);
}

int kw_table_row(struct kw_table *table, const char *const *cells, size_t count, int64_t line, struct kw_error *error)
{
    size_t filled = 0;
    if (line < table->header_at)
        return 0;
    while (filled < count && !cells[filled][0])
        filled++;
    if (filled == count)
        return 0;
    int code = 0;
    if (table->rows == 0)
        code = read_header(table, cells, count, line, error);
    else if (is_header(table, cells, count))
        for (size_t i = 0; i < count; i++)
            note_zone(table, cells[i]);
    else {
        table->answers = true;
        code = check_width(table, cells, count, line, error);
        code = code < 0 ? code : emit(table, cells, count, line, error);
    }
    table->rows++;
    return code;
}
