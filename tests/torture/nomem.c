/*
 * nomem.c - preloaded: the allocation of number $NOMEM_AT fails, and that alone. Counts into $NOMEM_COUNT at the end.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long made, fails_at = -2;

static int fails(void)
{
    if (fails_at == -2) {
        const char *at = getenv("NOMEM_AT");
        fails_at = at ? atol(at) : -1;
    }
    return ++made == fails_at ? (errno = ENOMEM, 1) : 0;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

static void tell(void) __attribute__((destructor));
static void tell(void)
{
    const char *path = getenv("NOMEM_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%ld\n", made);
    fclose(file);
}
