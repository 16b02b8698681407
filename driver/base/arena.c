/* arena.c - a list of blocks; nothing is freed before the whole is. */
#include "base/arena.h"

#include "base/plain.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { BLOCK_BYTES = 16 * 1024 };

static const size_t MOST = SIZE_MAX / 2;

struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct kw_arena {
    struct block *blocks;
    size_t held, ceiling;
    size_t mapped;                  /* bytes from itself on, all of it in one; 0: it lies in blocks of its own */
};

struct kw_arena *kw_arena_new(size_t ceiling_bytes)
{
    struct kw_arena *arena = calloc(1, sizeof *arena);
    if (arena)
        arena->ceiling = ceiling_bytes;
    return arena;
}

/* Pages that nobody has written to cost nothing, so that it is as large as it may ever be. */
struct kw_arena *kw_arena_new_shared(size_t ceiling)
{
    const size_t bytes = sizeof(struct kw_arena) + sizeof(struct block) + ceiling;
    const int kept = MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE;
    struct kw_arena *arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE, kept, -1, 0);
    if (arena == MAP_FAILED)
        return NULL;
    struct block *all = (struct block *)(arena + 1);
    *all = (struct block){ .size = ceiling };
    *arena = (struct kw_arena){ .blocks = all, .held = ceiling, .ceiling = ceiling, .mapped = bytes };
    return arena;
}

void kw_arena_free(struct kw_arena *arena)
{
    if (!arena)
        return;
    if (arena->mapped > 0) {
        munmap(arena, arena->mapped);
        return;
    }
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

size_t kw_arena_held(const struct kw_arena *arena)
{
    return arena->held;
}

static struct block *add_block(struct kw_arena *arena, size_t size)
{
    size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    if (bytes > arena->ceiling - arena->held)
        return NULL;
    struct block *block = malloc(sizeof *block + bytes);
    if (!block)
        return NULL;
    block->used = 0;
    block->size = bytes;
    arena->held += bytes;
    /* A block made for one large thing goes behind, so that the half-full first one stays in use. */
    if (arena->blocks && size > BLOCK_BYTES) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

static size_t rounded(size_t size)
{
    enum { STEP = alignof(max_align_t) };
    return (size + (size == 0) + STEP - 1) / STEP * STEP;
}

static void *take_from(struct block *block, size_t size)
{
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

/* Apart, so that what nearly always happens saves no registers for what seldom does. */
static __attribute__((noinline)) void *take_from_another(struct kw_arena *arena, size_t size)
{
    struct block *block = add_block(arena, size);
    return block ? take_from(block, size) : NULL;
}

static void *take(struct kw_arena *arena, size_t size)
{
    if (size > MOST)
        return NULL;
    size = rounded(size);
    struct block *block = arena->blocks;
    return block && block->size - block->used >= size ? take_from(block, size) : take_from_another(arena, size);
}

void *kw_arena_alloc(struct kw_arena *arena, size_t size)
{
    void *memory = take(arena, size);
    return memory ? memset(memory, 0, size) : NULL;
}

void *kw_arena_array(struct kw_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : kw_arena_alloc(arena, bytes);
}

void *kw_arena_unset(struct kw_arena *arena, size_t count, size_t size)
{
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? NULL : take(arena, bytes);
}

char *kw_arena_copy(struct kw_arena *arena, const char *text, size_t length)
{
    if (length == SIZE_MAX)
        return NULL;
    char *copy = take(arena, length + 1);
    if (copy && length)
        memcpy(copy, text, length);
    if (copy)
        copy[length] = 0;
    return copy;
}

char *kw_arena_string(struct kw_arena *arena, const char *text)
{
    return kw_arena_copy(arena, text, strlen(text));
}

char *kw_arena_joined(struct kw_arena *arena, const char *one, const char *two, const char *three)
{
    size_t first = strlen(one), second = strlen(two), third = strlen(three);
    char *text = kw_arena_unset(arena, first + second + third + 1, 1);
    if (text) {
        memcpy(text, one, first);
        memcpy(text + first, two, second);
        memcpy(text + first + second, three, third + 1);
    }
    return text;
}

char *kw_arena_format_list(struct kw_arena *arena, const char *format, va_list arguments)
{
    char brief[256];
    va_list again;
    locale_t before = kw_plain_begin();
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, arguments);
    char *text = length < 0 ? NULL : take(arena, (size_t)length + 1);
    if (text && (size_t)length < sizeof brief)
        memcpy(text, brief, (size_t)length + 1);
    else if (text)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    kw_plain_end(before);
    return text;
}

char *kw_arena_format(struct kw_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = kw_arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

/* What lies last in its block grows where it is. */
static bool lengthen(struct kw_arena *arena, const void *last, size_t from, size_t to)
{
    struct block *block = arena->blocks;
    if (!block || (const unsigned char *)last + rounded(from) != block->bytes + block->used
        || rounded(to) - rounded(from) > block->size - block->used)
        return false;
    block->used += rounded(to) - rounded(from);
    return true;
}

void *kw_arena_grow(struct kw_arena *arena, void *old, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return old;
    size_t larger = *capacity ? *capacity * 2 : 8;
    bool longer = old && larger <= MOST / size && lengthen(arena, old, *capacity * size, larger * size);
    char *memory = longer ? old : kw_arena_unset(arena, larger, size);
    if (!memory)
        return NULL;
    if (count && !longer)
        memcpy(memory, old, count * size);
    memset(memory + count * size, 0, (larger - count) * size);
    *capacity = larger;
    return memory;
}
