/*
 * memory.c - where SQLite takes memory from in a process that is one call.
 *
 * A sale makes two thousand small pieces and gives back most; SQLite's own store for them is not compiled in
 * everywhere. A piece is cut from a block, or is one of its size that was given back; blocks go with the process.
 * SQLite passes its allocator nothing of ours, so what is left of a block and the pieces given back are the thread's.
 */
#include "journal/internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 16, SMALL_BYTES = 2048, BLOCK_BYTES = 64 * 1024 };

/* Before each piece. */
struct head {
    _Alignas(STEP) int size;
    struct head *next;              /* of those given back */
};

static _Thread_local struct {
    struct head *given_back[SMALL_BYTES / STEP + 1];
    uint8_t *at, *end;
} store;

static int round_up(int size)
{
    return (size + STEP - 1) / STEP * STEP;
}

static struct head *head_of(void *piece)
{
    return (struct head *)piece - 1;
}

static int size_of(void *piece)
{
    return piece ? head_of(piece)->size : 0;
}

static struct head *cut(size_t bytes)
{
    if ((size_t)(store.end - store.at) < bytes) {
        uint8_t *block = malloc(BLOCK_BYTES);
        if (!block)
            return NULL;
        store.at = block, store.end = block + BLOCK_BYTES;
    }
    struct head *head = (struct head *)(void *)store.at;
    store.at += bytes;
    return head;
}

static void *take(int wanted)
{
    const int size = round_up(wanted);
    struct head **last = size > SMALL_BYTES ? NULL : &store.given_back[size / STEP], *head = last ? *last : NULL;
    if (head) {
        *last = head->next;
        return head + 1;
    }
    const size_t bytes = sizeof *head + (size_t)size;
    head = last ? cut(bytes) : malloc(bytes);
    if (!head)
        return NULL;
    head->size = size;
    return head + 1;
}

static void give_back(void *piece)
{
    struct head *head = head_of(piece);
    if (head->size > SMALL_BYTES) {
        free(head);
        return;
    }
    head->next = store.given_back[head->size / STEP];
    store.given_back[head->size / STEP] = head;
}

/* A piece that has the room, or twice nearly, stays where it is. */
static void *resize(void *piece, int wanted)
{
    const int size = round_up(wanted), had = size_of(piece);
    if (size <= had && size > had / 2)
        return piece;
    void *other = take(wanted);
    if (!other)
        return NULL;
    memcpy(other, piece, (size_t)(size < had ? size : had));
    give_back(piece);
    return other;
}

static int begin(void *data)
{
    (void)data;
    return SQLITE_OK;
}

static void end(void *data)
{
    (void)data;
}

void kw_journal_take_memory(void)
{
    static const sqlite3_mem_methods methods = { take, give_back, resize, size_of, round_up, begin, end, NULL };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);     /* refused once SQLite is in use, and then of no matter */
}
