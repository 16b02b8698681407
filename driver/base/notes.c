/* notes.c - the collecting of warnings and errors. */
#include "base/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void kw_notes_init(struct kw_notes *notes, struct kw_arena *arena)
{
    *notes = (struct kw_notes){ .arena = arena };
}

static int known(const struct kw_notes *notes, int code, const char *pointer, const char *text)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct kw_note *note = &notes->items[i];
        if (note->code == code && strcmp(note->pointer, pointer) == 0 && strcmp(note->text, text) == 0)
            return 1;
    }
    return 0;
}

void kw_notes_add(struct kw_notes *notes, int code, const char *pointer, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (known(notes, code, pointer, text))
        return;
    struct kw_note *items = notes->count < KW_NOTES_CEILING
        ? kw_arena_grow(notes->arena, notes->items, notes->count, &notes->capacity, sizeof *items) : NULL;
    if (!items) {
        notes->dropped++;
        return;
    }
    notes->items = items;
    char *kept_pointer = kw_arena_string(notes->arena, pointer), *kept_text = kw_arena_string(notes->arena, text);
    if (!kept_pointer || !kept_text) {
        notes->dropped++;
        return;
    }
    items[notes->count++] = (struct kw_note){ .code = code, .pointer = kept_pointer, .text = kept_text };
}

void kw_notes_drop(struct kw_notes *notes, int code)
{
    size_t kept = 0;
    for (size_t i = 0; i < notes->count; i++)
        if (notes->items[i].code != code)
            notes->items[kept++] = notes->items[i];
    notes->count = kept;
}
