/* behind.c - the tills of an office whose latest sales a report may lack. */
#include "api/touch/behind.h"

#include <string.h>

enum { SILENT_MS = 26 * 3600000 };

struct listing {
    struct kw_touch *call;
    const struct kw_scope *scope;
    struct kw_behind *rows;
    size_t count, room;
    int64_t now_ms;
};

static bool add(struct listing *listing, const struct kw_till *till)
{
    struct kw_arena *arena = listing->call->arena;
    if (listing->count == listing->room) {
        struct kw_behind *more = kw_arena_array(arena, 2 * listing->room + 16, sizeof *more);
        if (!more)
            return false;
        if (listing->count > 0)
            memcpy(more, listing->rows, listing->count * sizeof *more);
        listing->rows = more;
        listing->room = 2 * listing->room + 16;
    }
    struct kw_behind *row = &listing->rows[listing->count++];
    *row = (struct kw_behind){ .store = kw_arena_string(arena, till->store), .till = kw_arena_string(arena, till->till),
                               .as_of_ms = till->fault[0] ? till->taken_ms : till->seen_ms };
    return row->store && row->till;
}

/* Silent for a day and two hours, or what it pushes is refused: then what was taken last is all that is here. */
static int look(void *data, const struct kw_till *till)
{
    struct listing *listing = data;
    const bool is_over = strcmp(till->state, "closed") == 0 || strcmp(till->state, "revoked") == 0,
               is_behind = till->fault[0] || listing->now_ms - till->seen_ms >= SILENT_MS;
    return is_over || !is_behind || !kw_scope_holds(listing->scope, till->store) || add(listing, till)
               ? 0 : kw_fail(&listing->call->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

int kw_behind_find(struct kw_touch *call, const struct kw_store *store, const struct kw_scope *scope,
                   struct kw_report_options *options)
{
    struct listing listing = { .call = call, .scope = scope, .now_ms = options->now_ms };
    int code = kw_store_tills(call, store, look, &listing);
    options->behind = listing.rows;
    options->behind_count = listing.count;
    return code;
}
