/* tally.c - a growing table with open addressing over entries that stay in their order. */
#include "journal/tally.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, MOST_SLOTS = 1 << 24 };

/* Where the search for a key begins. */
static size_t first_slot(const struct kw_tally *tally, int kind, int64_t key)
{
    uint64_t mixed = ((uint64_t)key * 31 + (uint64_t)kind) * 0x9e3779b97f4a7c15u;
    return (size_t)(mixed >> 20) & (tally->slot_count - 1);
}

static size_t find_slot(const struct kw_tally *tally, int kind, int64_t key)
{
    size_t at = first_slot(tally, kind, key);
    while (tally->slots[at] != 0) {
        const struct kw_tally_entry *entry = &tally->entries[tally->slots[at] - 1];
        if (entry->kind == kind && entry->key == key)
            break;
        at = (at + 1) & (tally->slot_count - 1);
    }
    return at;
}

/* Twice the slots, half of them used at most. */
static int grow(struct kw_tally *tally)
{
    size_t slot_count = tally->slot_count ? tally->slot_count * 2 : FIRST_SLOTS;
    if (slot_count > MOST_SLOTS)
        return -1;
    size_t *slots = calloc(slot_count, sizeof *slots);
    struct kw_tally_entry *entries = slots ? realloc(tally->entries, slot_count / 2 * sizeof *entries) : NULL;
    if (!entries) {
        free(slots);
        return -1;
    }
    free(tally->slots);
    *tally = (struct kw_tally){ entries, tally->count, slot_count / 2, slots, slot_count };
    for (size_t i = 0; i < tally->count; i++)
        tally->slots[find_slot(tally, entries[i].kind, entries[i].key)] = i + 1;
    return 0;
}

struct kw_tally_entry *kw_tally_at(struct kw_tally *tally, int kind, int64_t key)
{
    if (tally->count == tally->capacity && grow(tally) < 0)
        return NULL;
    size_t at = find_slot(tally, kind, key);
    if (tally->slots[at] == 0) {
        tally->entries[tally->count++] = (struct kw_tally_entry){ .kind = kind, .key = key };
        tally->slots[at] = tally->count;
    }
    return &tally->entries[tally->slots[at] - 1];
}

struct kw_tally_entry *kw_tally_find(const struct kw_tally *tally, int kind, int64_t key)
{
    const size_t slot = tally->slot_count ? tally->slots[find_slot(tally, kind, key)] : 0;
    return slot ? &tally->entries[slot - 1] : NULL;
}

/* Frees a slot; those behind it move up that a search would not reach any more. */
static void free_slot(struct kw_tally *tally, size_t free)
{
    const size_t mask = tally->slot_count - 1;
    for (size_t at = (free + 1) & mask; tally->slots[at] != 0; at = (at + 1) & mask) {
        const struct kw_tally_entry *entry = &tally->entries[tally->slots[at] - 1];
        const size_t first = first_slot(tally, entry->kind, entry->key);
        if (((at - first) & mask) >= ((at - free) & mask)) {
            tally->slots[free] = tally->slots[at];
            free = at;
        }
    }
    tally->slots[free] = 0;
}

void kw_tally_drop(struct kw_tally *tally, struct kw_tally_entry *entry)
{
    const struct kw_tally_entry *last = &tally->entries[tally->count - 1];
    free_slot(tally, find_slot(tally, entry->kind, entry->key));
    if (entry != last) {
        tally->slots[find_slot(tally, last->kind, last->key)] = (size_t)(entry - tally->entries) + 1;
        *entry = *last;
    }
    tally->count--;
}

void kw_tally_clear(struct kw_tally *tally)
{
    tally->count = 0;
    if (tally->slots)
        memset(tally->slots, 0, tally->slot_count * sizeof *tally->slots);
}

void kw_tally_free(struct kw_tally *tally)
{
    free(tally->entries);
    free(tally->slots);
    *tally = (struct kw_tally){ 0 };
}
