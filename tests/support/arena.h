/* arena.h - an arena for each case. */
#ifndef KW_TEST_ARENA_H
#define KW_TEST_ARENA_H

#include "base/arena.h"

extern struct kw_arena *arena;

/* Fixtures of cmocka, of a case. */
int arena_make(void **state);
int arena_free(void **state);

#endif
