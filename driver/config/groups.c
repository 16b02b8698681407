/* groups.c - the lines of all files by the section that they speak of, each section's in the order they were read. */
#include "config/private.h"

#include <stdlib.h>
#include <string.h>

static int compare_sections(const struct said *a, const struct said *b)
{
    return a->section != b->section ? (a->section > b->section) - (a->section < b->section) : strcmp(a->name, b->name);
}

static int compare_lines(const void *a, const void *b)
{
    const struct said *left = a, *right = b;
    int order = compare_sections(left, right);
    return order ? order : (left->place > right->place) - (left->place < right->place);
}

static int compare_groups(const void *a, const void *b)
{
    const struct group *left = a, *right = b;
    return (left->lines->place > right->lines->place) - (left->lines->place < right->lines->place);
}

static struct group *add_group(struct loading *loading, const struct said *first)
{
    struct group *groups = kw_arena_grow(loading->arena, loading->groups, loading->group_count,
                                         &loading->group_capacity, sizeof *groups);
    if (!groups)
        return NULL;
    loading->groups = groups;
    groups += loading->group_count++;
    *groups = (struct group){ first->section, first->name, first, 0 };
    return groups;
}

void kw_config_group(struct loading *loading)
{
    struct group *group = NULL;
    if (loading->said_count)
        qsort(loading->said, loading->said_count, sizeof *loading->said, compare_lines);
    for (size_t i = 0; i < loading->said_count && !loading->no_memory; i++) {
        if (!group || compare_sections(group->lines, &loading->said[i]) != 0)
            group = add_group(loading, &loading->said[i]);
        if (group)
            group->count++;
        else
            loading->no_memory = true;
    }
    if (loading->group_count)
        qsort(loading->groups, loading->group_count, sizeof *loading->groups, compare_groups);
}

const struct group *kw_config_find_group(const struct loading *loading, enum section section, const char *name)
{
    static const struct group empty = { .name = "" };
    for (size_t i = 0; i < loading->group_count; i++)
        if (loading->groups[i].section == section && strcmp(loading->groups[i].name, name) == 0)
            return &loading->groups[i];
    return &empty;
}
