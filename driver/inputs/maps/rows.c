/*
 * rows.c - a map's text to its sections: [map] says what it is for, [sale] fills the document, [lines],
 * [lines/discounts] and their like fill a list for each element of one of the other document's.
 */
#include "inputs/maps/rows.h"

#include <stdio.h>
#include <string.h>

/* The section that a heading names, made below the last one of those above it. */
static struct map_section *open_section(struct map_reader *reader, struct kw_map *map, const char *heading)
{
    struct map_section *above = &map->sale;
    const char *slash;
    bool list;
    if (strcmp(heading, "sale") == 0)
        return above;
    for (; (slash = strchr(heading, '/')) != NULL; heading = slash + 1) {
        struct map_section *below = above->children;
        const char *name = kw_arena_copy(reader->arena, heading, (size_t)(slash - heading));
        for (above = NULL; name && below; below = below->next)
            above = strcmp(below->name, name) == 0 ? below : above;
        if (!above)
            return kw_map_fault(reader, "[%s] stands above no section that it is part of", heading);
    }
    struct map_section *section = kw_arena_alloc(reader->arena, sizeof *section);
    if (!section || !(section->name = kw_arena_string(reader->arena, heading)))
        return kw_map_fault(reader, "out of memory");
    if (!kw_map_has_target(above->name, heading, &list) || !list)
        return kw_map_fault(reader, "a sale document has no list `%s` there", heading);
    section->rows_end = &section->rows;
    section->children_end = &section->children;
    section->line = reader->line;
    *above->children_end = section;
    above->children_end = &section->next;
    return section;
}

static bool add_root(struct map_reader *reader, struct kw_map *map, const struct row *row)
{
    struct row *kept = kw_arena_alloc(reader->arena, sizeof *kept);
    if (!kept)
        return kw_map_fault(reader, "out of memory") != NULL;
    *kept = *row;
    *map->roots_end = kept;
    map->roots_end = (struct row **)&kept->next;
    return true;
}

/* title, format and root. */
static bool take_head(struct map_reader *reader, struct kw_map *map, const struct row *row)
{
    if (strcmp(row->target, "root") == 0)
        return add_root(reader, map, row);
    if (strcmp(row->target, "title") == 0 && row->path.literal)
        return (map->title = row->path.literal) != NULL;
    if (strcmp(row->target, "format") == 0 && row->path.literal) {
        map->xml = strcmp(row->path.literal, "xml") == 0;
        return map->xml || strcmp(row->path.literal, "json") == 0 || kw_map_fault(reader, "format is json or xml");
    }
    return kw_map_fault(reader, "[map] has title = \"…\", format = \"json\" and root = path") != NULL;
}

static bool check_target(struct map_reader *reader, const struct map_section *section, const char *target)
{
    size_t length = strlen(target);
    bool list, wants_list = length > 2 && strcmp(target + length - 2, "[]") == 0;
    const char *name = kw_arena_copy(reader->arena, target, wants_list ? length - 2 : length);
    if (!name || !kw_map_has_target(section->name, name, &list))
        return kw_map_fault(reader, "a sale document has no `%s` there", target) != NULL;
    if (list != wants_list)
        return kw_map_fault(reader, list ? "`%s` is a list: write %s[]" : "`%s` is no list (%s)", target, name) != NULL;
    return true;
}

static bool take_row(struct map_reader *reader, struct map_section *section, const struct row *row)
{
    if (section->name && strcmp(row->target, "each") == 0) {
        section->each = row->path;
        section->where = row->when;
        return true;
    }
    bool refuses = !section->name && strcmp(row->target, "refuse") == 0;
    if (refuses && !row->path.literal)
        return kw_map_fault(reader, "refuse wants a text that says why: refuse = \"…\" when …") != NULL;
    struct row *kept = kw_arena_alloc(reader->arena, sizeof *kept);
    if (!kept)
        return kw_map_fault(reader, "out of memory") != NULL;
    *kept = *row;
    *section->rows_end = kept;
    section->rows_end = (struct row **)&kept->next;
    return refuses || check_target(reader, section, row->target);
}

static bool is_silent(const char *line)
{
    line += strspn(line, " \t\r");
    return !*line || *line == ';' || *line == '#';
}

struct placing {
    struct map_section *section;        /* NULL: none yet, or [map] */
    bool head;
};

static bool take_line(struct map_reader *reader, struct kw_map *map, struct placing *placing, char *line)
{
    char *end = line + strlen(line);
    struct row row = { .target = NULL };
    while (end > line && strchr(" \t\r", end[-1]))
        *--end = 0;
    line += strspn(line, " \t");
    if (*line == '[' && end[-1] == ']') {
        end[-1] = 0;
        placing->head = strcmp(line + 1, "map") == 0;
        placing->section = placing->head ? NULL : open_section(reader, map, line + 1);
        return placing->head || placing->section;
    }
    if (!kw_map_read_row(reader, line, &row))
        return false;
    if (placing->head)
        return take_head(reader, map, &row);
    return placing->section ? take_row(reader, placing->section, &row)
        : kw_map_fault(reader, "this row stands below no [section]") != NULL;
}

int kw_map_read(struct kw_arena *arena, const char *name, const char *text, struct kw_map **map,
                struct kw_error *error)
{
    struct map_reader reader = { .arena = arena, .name = name, .error = error };
    struct placing placing = { .section = NULL };
    char *line = kw_arena_string(arena, text), *next;
    *map = kw_arena_alloc(arena, sizeof **map);
    if (!line || !*map)
        return kw_fail(error, KWIT_E_NO_MEMORY, name, "out of memory");
    **map = (struct kw_map){ .name = name, .title = name };
    (*map)->roots_end = &(*map)->roots;
    (*map)->sale.rows_end = &(*map)->sale.rows;
    (*map)->sale.children_end = &(*map)->sale.children;
    for (; line && !reader.failed; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        reader.line++;
        if (!is_silent(line))
            take_line(&reader, *map, &placing, line);
    }
    return reader.failed ? KWIT_E_CONFIG : 0;
}

const char *kw_map_title(const struct kw_map *map)
{
    return map->title;
}
