/*
 * pg_fold.c - what a batch makes of the sales that it speaks of, before any of it is written: most sales come with all
 * that became of them, and are written once.
 */
#include "office/pg/internal.h"

#include "record/cell.h"

#include <stdlib.h>
#include <string.h>

bool kw_pg_is_own(int64_t sale)
{
    return sale > 0 && sale >> KW_PG_SALE_BITS == 0;
}

static void begin_sale(struct kw_pg_sale *sale, const struct kw_batch_event *event, int64_t journal)
{
    struct kw_touchpoint *t = &sale->touchpoint;
    *sale = (struct kw_pg_sale){ .own = event->sale, .touchpoint = *event->record, .counted = KW_CLASS_UNTOLD,
                                 .is_new = true };
    t->sale = journal << KW_PG_SALE_BITS | event->sale;
    t->n = event->n;
    t->klass = KW_CLASS_PENDING;
    t->class_ms = t->expired_ms = t->annulled_ms = t->refunded_ms = 0;
}

int kw_pg_fold_begin(struct kw_pg_fold *fold, struct kw_arena *arena, const struct kw_batch *batch, int64_t journal,
                     struct kw_error *error)
{
    *fold = (struct kw_pg_fold){ .sales = kw_arena_array(arena, batch->count + 1, sizeof *fold->sales),
                                 .journal = journal };
    if (!fold->sales)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < batch->count; i++)
        if (batch->events[i].record && kw_pg_is_own(batch->events[i].sale))
            begin_sale(&fold->sales[fold->count++], &batch->events[i], journal);
    return 0;
}

/* The latest is looked at first: an event mostly follows its sale. */
struct kw_pg_sale *kw_pg_fold_find(const struct kw_pg_fold *fold, int64_t own)
{
    for (size_t i = fold->count; kw_pg_is_own(own) && i-- > 0;)
        if (fold->sales[i].own == own)
            return &fold->sales[i];
    return NULL;
}

static int64_t earlier(int64_t known_ms, int64_t ts_ms)
{
    return known_ms == 0 || known_ms > ts_ms ? ts_ms : known_ms;
}

/* The whole hour by the sale's own clock. */
static void blur(struct kw_touchpoint *t)
{
    enum { HOUR_MS = 3600000, MINUTE_MS = 60000 };
    int64_t *const times[] = { &t->ts_ms, &t->sold_ms, &t->class_ms, &t->expired_ms, &t->annulled_ms,
                               &t->refunded_ms };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (*times[i] != 0)
            *times[i] -= ((*times[i] + t->offset_minutes * (int64_t)MINUTE_MS) % HOUR_MS + HOUR_MS) % HOUR_MS;
}

static void fold_event(struct kw_pg_sale *sale, const struct kw_batch_event *event)
{
    struct kw_touchpoint *t = &sale->touchpoint;
    const enum kw_class klass = kw_class_of_event(event->ev);
    if (klass != KW_CLASS_UNTOLD && klass != t->klass) {
        t->klass = klass;
        t->class_ms = event->ts_ms;
    }
    if (event->ev == KW_EVENT_EXPIRED && t->expired_ms == 0)
        t->expired_ms = event->ts_ms;
    if (event->ev == KW_EVENT_ANNULLED)
        t->annulled_ms = sale->annulled_ms = earlier(t->annulled_ms, event->ts_ms);
    if (event->ev == KW_EVENT_REFUNDED)
        t->refunded_ms = earlier(t->refunded_ms, event->ts_ms);
    if (event->ev == KW_EVENT_ERASED) {
        sale->is_erased = true;
        blur(t);
    }
}

void kw_pg_fold_events(struct kw_pg_fold *fold, const struct kw_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct kw_pg_sale *sale = kw_pg_fold_find(fold, batch->events[i].sale);
        if (sale)
            fold_event(sale, &batch->events[i]);
    }
}

const char kw_pg_cells[] = "came_cell(journal, " KW_CELL_COLUMNS ", n)";

struct change { struct kw_cell_key key; int64_t n; };

static int compare(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    int order = memcmp(a->key.numbers, b->key.numbers, sizeof a->key.numbers);
    for (int i = 0; order == 0 && i < KW_CELL_TEXTS; i++)
        order = strcmp(a->key.texts[i], b->key.texts[i]);
    return order;
}

static struct change *list_views(struct change *at, const struct kw_touchpoint *touchpoint, enum kw_class klass, int n)
{
    for (enum kw_view view = 0; klass != KW_CLASS_UNTOLD && view < KW_VIEW_COUNT; view++, at++) {
        kw_cell_make_key(touchpoint, view, klass, &at->key);
        at->n = n;
    }
    return at;
}

static size_t list_changes(const struct kw_pg_fold *fold, struct change *changes)
{
    struct change *at = changes;
    for (size_t i = 0; i < fold->count; i++) {
        const struct kw_pg_sale *sale = &fold->sales[i];
        if (sale->counted == sale->touchpoint.klass)
            continue;
        at = list_views(at, &sale->touchpoint, sale->counted, -1);
        at = list_views(at, &sale->touchpoint, sale->touchpoint.klass, 1);
    }
    return (size_t)(at - changes);
}

static void put_cell(struct kw_pg_lines *lines, int64_t journal, const struct kw_cell_key *key, int64_t n)
{
    kw_pg_line_begin(lines);
    kw_pg_line_number(lines, journal);
    for (int i = 0; i < KW_CELL_NUMBERS; i++)
        kw_pg_line_number(lines, key->numbers[i]);
    for (int i = 0; i < KW_CELL_TEXTS; i++)
        kw_pg_line_text(lines, key->texts[i]);
    kw_pg_line_number(lines, n);
    kw_pg_line_end(lines);
}

/* Alike sales are counted here, where it costs a tenth of what the server needs for a row each. */
void kw_pg_fold_cells(const struct kw_pg_fold *fold, struct kw_pg_lines *lines)
{
    struct change *changes = calloc(2 * KW_VIEW_COUNT * fold->count + 1, sizeof *changes);
    if (!changes) {
        lines->bytes.failed = true;
        return;
    }
    const size_t count = list_changes(fold, changes);
    qsort(changes, count, sizeof *changes, compare);
    for (size_t first = 0, next; first < count; first = next) {
        int64_t n = changes[first].n;
        for (next = first + 1; next < count && compare(&changes[first], &changes[next]) == 0; next++)
            n += changes[next].n;
        if (n != 0)
            put_cell(lines, fold->journal, &changes[first].key, n);
    }
    free(changes);
}
