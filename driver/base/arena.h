/* arena.h - memory that one job owns and gives back at once. */
#ifndef KW_BASE_ARENA_H
#define KW_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct kw_arena;

/* The ceiling is the most bytes it will ever hold. NULL when there is no memory. */
struct kw_arena *kw_arena_new(size_t ceiling_bytes);
/* The same in memory that copies of this process share with it, at the same place: what one makes the other reads. */
struct kw_arena *kw_arena_new_shared(size_t ceiling_bytes);
void kw_arena_free(struct kw_arena *arena);
size_t kw_arena_held(const struct kw_arena *arena);         /* bytes */

/* Zeroed, aligned for any type, never NULL for size 0. NULL: no memory, or the ceiling is reached. */
void *kw_arena_alloc(struct kw_arena *arena, size_t size);
/* As above for count elements of size bytes; NULL also when the product overflows. */
void *kw_arena_array(struct kw_arena *arena, size_t count, size_t size);
/* The same, but not zeroed: for what is filled to the last byte at once. */
void *kw_arena_unset(struct kw_arena *arena, size_t count, size_t size);
char *kw_arena_copy(struct kw_arena *arena, const char *text, size_t length);   /* NUL-terminated */
char *kw_arena_string(struct kw_arena *arena, const char *text);
char *kw_arena_joined(struct kw_arena *arena, const char *one, const char *two, const char *three);
char *kw_arena_format(struct kw_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *kw_arena_format_list(struct kw_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/*
 * For a growing array in an arena: returns memory for at least count + 1 elements that begins with the
 * old ones, and doubles *capacity as needed. NULL: no memory; the old array stays as it is.
 */
void *kw_arena_grow(struct kw_arena *arena, void *old, size_t count, size_t *capacity, size_t size);

#endif
