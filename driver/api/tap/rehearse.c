/* rehearse.c - the reading is the first step of the copy, weaving a picture of the usual size the second. */
#include "api/tap/rehearse.h"

#include <string.h>

enum { SHARED_CEILING = 256 * 1024 * 1024, TRIAL_CEILING = 512 * 1024 * 1024, TRIAL_MS = 2000,
       PICTURE_ROWS = 360 /* an invitation's, more or less */, GREY = 0x55 };

int kw_rehearsal_take(const struct kw_rehearsal *of, struct kw_arena *arena, struct kw_rehearsed *reading)
{
    const struct kw_identity_patterns patterns = { of->tap->number, of->tap->till, of->tap->number_code };
    reading->code = kw_stream_look(of->config, of->tap, of->profile, of->body, arena, &reading->look, &reading->error);
    if (reading->code == 0 && kw_identity_find(&reading->look, &patterns, arena, &reading->identity) < 0)
        reading->code = kw_fail(&reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    return reading->code;
}

/* ---- in the copy ---- */

static void weave_for_trial(struct kw_look *look)
{
    struct kw_woven woven;
    struct kw_encoded encoded;
    struct kw_error ignored;
    struct kw_arena *arena = kw_arena_new(TRIAL_CEILING);
    struct kw_bitmap *picture = NULL;
    if (arena && look->through == KW_THROUGH_NOT && look->chosen)
        picture = kw_bitmap_new(arena, look->chosen->place.width, PICTURE_ROWS);
    if (picture)
        memset(picture->bits, GREY, (size_t)picture->stride * PICTURE_ROWS);
    if (arena) {
        kw_weave(look, picture, kw_clock_boot_ms() + TRIAL_MS, arena, &woven);
        kw_stream_pieces(look, &woven, picture ? PICTURE_ROWS : 0, KW_PULSES_IN_PLACE, arena, &encoded, &ignored);
    }
    kw_arena_free(arena);
}

static void rehearse(void *data)
{
    const struct kw_rehearsal *rehearsal = data;
    struct kw_look look;
    int code = kw_rehearsal_take(rehearsal, rehearsal->shared, rehearsal->reading);
    look = rehearsal->reading->look;
    kw_guard_say();
    if (code == 0)
        weave_for_trial(&look);
}

/* ---- here ---- */

bool kw_rehearsal_begin(struct kw_rehearsal *rehearsal, int64_t hold_ms)
{
    rehearsal->shared = kw_arena_new_shared(SHARED_CEILING);
    rehearsal->reading = rehearsal->shared ? kw_arena_alloc(rehearsal->shared, sizeof *rehearsal->reading) : NULL;
    if (!rehearsal->reading || !kw_guard_begin(&rehearsal->guard, hold_ms, rehearse, rehearsal)) {
        kw_arena_free(rehearsal->shared);
        rehearsal->shared = NULL;
        return false;
    }
    return true;
}

void kw_rehearsal_read(struct kw_rehearsal *rehearsal, struct kw_rehearsed *reading)
{
    if (kw_guard_hear(&rehearsal->guard) == KW_SURVIVED)
        *reading = *rehearsal->reading;
}

bool kw_rehearsal_is_through(struct kw_rehearsal *rehearsal)
{
    return !rehearsal->shared || kw_guard_hear(&rehearsal->guard) == KW_SURVIVED;
}

void kw_rehearsal_end(struct kw_rehearsal *rehearsal)
{
    if (!rehearsal->shared)
        return;
    kw_guard_end(&rehearsal->guard);
    kw_arena_free(rehearsal->shared);
    rehearsal->shared = NULL;
}
