/* weave.c - old bytes, run, old bytes: that they are all there follows from how they are put together. */
#include "tap/stream/weave.h"

#include <string.h>

enum { RUN_CEILING = 1024 * 1024 };

static bool put_together(const struct kw_look *look, const struct kw_buffer *run, struct kw_arena *arena,
                         struct kw_woven *woven)
{
    size_t offset = (size_t)look->chosen->place.offset;
    uint8_t *bytes = kw_arena_alloc(arena, look->length + run->length);
    if (!bytes)
        return false;
    memcpy(bytes, look->bytes, offset);
    memcpy(bytes + offset, run->data, run->length);
    memcpy(bytes + offset + run->length, look->bytes + offset, look->length - offset);
    woven->bytes = bytes;
    woven->length = look->length + run->length;
    woven->offset = offset;
    woven->added = run->length;
    return true;
}

bool kw_weave_run(const struct kw_look *look, const struct kw_buffer *run, int64_t until_ms, struct kw_arena *arena,
                  struct kw_woven *woven)
{
    *woven = (struct kw_woven){ .doubt = "there is no memory for it" };
    if (!put_together(look, run, arena, woven))
        return false;
    const char *fault = kw_weave_fault(look, woven, until_ms, arena);
    woven->doubt = fault ? fault : "";
    return !fault;
}

static enum kw_through weave(const struct kw_look *look, const struct kw_bitmap *picture, int64_t until_ms,
                             struct kw_arena *arena, struct kw_woven *woven)
{
    const struct kw_place *place = &look->chosen->place;
    struct kw_buffer run;
    struct kw_error ignored;
    kw_buffer_init(&run, RUN_CEILING);
    int code = kw_escpos_insertion(arena, look->profile, picture, &place->aside, place->feed_dots, &run, &ignored);
    bool proved = code == 0 && kw_weave_run(look, &run, until_ms, arena, woven);
    kw_buffer_free(&run);
    return proved ? KW_THROUGH_NOT : code == 0 && woven->added > 0 ? KW_THROUGH_CHECK_FAILED : KW_THROUGH_INTERNAL;
}

void kw_weave(struct kw_look *look, const struct kw_bitmap *picture, int64_t until_ms, struct kw_arena *arena,
              struct kw_woven *woven)
{
    const char *doubt = "";
    *woven = (struct kw_woven){ .doubt = "" };
    if (look->through == KW_THROUGH_NOT && look->chosen && picture) {
        look->through = weave(look, picture, until_ms, arena, woven);
        doubt = woven->doubt;
    }
    if (look->through != KW_THROUGH_NOT || woven->added == 0)
        *woven = (struct kw_woven){ .bytes = look->bytes, .length = look->length, .doubt = doubt };
}
