/* notes.c - the collecting of warnings and errors. */
#include "base/notes.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void kw_notes_init(struct kw_notes *notes, struct kw_arena *arena)
{
    *notes = (struct kw_notes){ .arena = arena };
}

static bool is_known(const struct kw_notes *notes, const struct kw_note *new)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct kw_note *note = &notes->items[i];
        if (note->error == new->error && note->warning == new->warning && strcmp(note->pointer, new->pointer) == 0
            && strcmp(note->text, new->text) == 0)
            return true;
    }
    return false;
}

static void add(struct kw_notes *notes, struct kw_note note, const char *format, va_list arguments)
{
    char text[512];
    vsnprintf(text, sizeof text, format, arguments);
    note.text = text;
    if (is_known(notes, &note))
        return;
    struct kw_note *items = notes->count < KW_NOTES_CEILING
        ? kw_arena_grow(notes->arena, notes->items, notes->count, &notes->capacity, sizeof *items) : NULL;
    if (items)
        notes->items = items;
    note.pointer = items ? kw_arena_string(notes->arena, note.pointer) : NULL;
    note.text = items ? kw_arena_string(notes->arena, text) : NULL;
    if (note.pointer && note.text)
        items[notes->count++] = note;
    else
        notes->dropped++;
}

void kw_notes_add(struct kw_notes *notes, enum kwit_warning warning, const char *pointer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(notes, (struct kw_note){ .warning = warning, .pointer = pointer }, format, arguments);
    va_end(arguments);
}

void kw_notes_add_error(struct kw_notes *notes, enum kwit_error error, const char *pointer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(notes, (struct kw_note){ .error = error, .pointer = pointer }, format, arguments);
    va_end(arguments);
}

void kw_notes_drop(struct kw_notes *notes, enum kwit_warning warning)
{
    size_t kept = 0;
    for (size_t i = 0; i < notes->count; i++)
        if (notes->items[i].error != KWIT_OK || notes->items[i].warning != warning)
            notes->items[kept++] = notes->items[i];
    notes->count = kept;
}
