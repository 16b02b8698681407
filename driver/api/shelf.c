/* shelf.c - drawn glyphs lie in the state directory, for whoever prints next; without one they are drawn each time. */
#include "api/shelf.h"

#include "api/context.h"
#include "state/state.h"
#include "text/glyphs.h"

bool kw_shelf_recall(void *data, const char *name, struct kw_arena *arena, void **bytes, size_t *length)
{
    const kwit_context *context = data;
    struct kw_state *state;
    struct kw_error ignored = { 0 };
    if (kw_state_open_to_read(context->state_dir, &state, &ignored) < 0)
        return false;
    int code = kw_state_read(state, arena, name, KW_GLYPHS_CEILING, bytes, length, &ignored);
    kw_state_close(state);
    return code == 0;
}

void kw_shelf_keep(void *data, const char *name, const void *bytes, size_t length)
{
    const kwit_context *context = data;
    struct kw_state *state;
    struct kw_error ignored = { 0 };
    if (kw_state_open(context->state_dir, &state, &ignored) < 0)
        return;
    kw_state_leave(state, name, bytes, length, 0660, &ignored);
    kw_state_close(state);
}
