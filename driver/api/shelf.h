/* shelf.h - drawn glyphs in the state directory of a context (text/shelf.h); data is the context. */
#ifndef KW_API_SHELF_H
#define KW_API_SHELF_H

#include <stdbool.h>
#include <stddef.h>

struct kw_arena;

bool kw_shelf_recall(void *data, const char *name, struct kw_arena *arena, void **bytes, size_t *length);
void kw_shelf_keep(void *data, const char *name, const void *bytes, size_t length);

#endif
