/* builtin.c - the maps that kwit brings: the files of data/maps. */
#include "inputs/maps/maps.h"

#include <string.h>

static const struct { const char *name, *text; } maps[] = {
#define MAP(name, text) { name, text },
#include "maps.def"
#undef MAP
};

const char *kw_map_builtin(const char *name)
{
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++)
        if (strcmp(maps[i].name, name) == 0)
            return maps[i].text;
    return NULL;
}

const char *kw_map_name(size_t index)
{
    return index < sizeof maps / sizeof maps[0] ? maps[index].name : NULL;
}
