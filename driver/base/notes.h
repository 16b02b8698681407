/* notes.h - the warnings (or errors) that a job collects on its way, each with its code and place. */
#ifndef KW_BASE_NOTES_H
#define KW_BASE_NOTES_H

#include "base/arena.h"

#include <kwit/kwit.h>

enum { KW_NOTES_CEILING = 200 };

struct kw_note {
    enum kwit_error error;          /* KWIT_OK: it is a warning */
    enum kwit_warning warning;      /* where it is one */
    const char *pointer;            /* JSON pointer, "" when it belongs to the whole */
    const char *text;
};

struct kw_notes {
    struct kw_arena *arena;
    struct kw_note *items;
    size_t count, capacity;
    size_t dropped;         /* beyond KW_NOTES_CEILING, or without memory */
};

void kw_notes_init(struct kw_notes *notes, struct kw_arena *arena);
/* Copy their texts into the arena. The same note at the same pointer with the same text is added once. */
void kw_notes_add(struct kw_notes *notes, enum kwit_warning warning, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void kw_notes_add_error(struct kw_notes *notes, enum kwit_error error, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Takes back every such warning: what it said is not so any more. */
void kw_notes_drop(struct kw_notes *notes, enum kwit_warning warning);

#endif
