/* item.c - a value on its way through a row: its text, and what is said of one that cannot be used. */
#include "inputs/maps/rows.h"

#include <stdarg.h>
#include <stdio.h>

struct item kw_map_wrong(struct run *run, const struct row *row, const char *format, ...)
{
    char text[KW_TEXT_SIZE];
    va_list arguments;
    if (run->code == 0) {
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        run->code = kw_fail(run->error, KWIT_E_INVALID, row->path.written ? row->path.written : row->target,
                            "%s (map %s, line %d: %s)", text, run->map->name, row->line, row->target);
    }
    return (struct item){ .kind = NOTHING };
}

const char *kw_map_item_text(struct run *run, const struct item *item)
{
    char text[32];
    switch (item->kind) {
        case NODE: return kw_map_text(run->arena, item->node);
        case TEXT: return item->text && item->text[0] ? item->text : NULL;
        case NUMBER:
            kw_decimal_text(item->number, KW_DECIMAL_PLACES, text);
            return kw_arena_copy(run->arena, text, kw_map_shorten(text, 0));
        default: return NULL;
    }
}
