/* arena.c - 64 MiB of it. */
#include "support/arena.h"

enum { CEILING_BYTES = 64 << 20 };

struct kw_arena *arena;

int arena_make(void **state)
{
    (void)state;
    arena = kw_arena_new(CEILING_BYTES);
    return arena ? 0 : -1;
}

int arena_free(void **state)
{
    (void)state;
    kw_arena_free(arena);
    return 0;
}
