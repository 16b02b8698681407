/* render.c - bytes in, paper out, in memory: for previews and tests. */
#include "simulator/machine.h"

#include <string.h>

struct collector {
    struct kw_arena *arena;
    struct kw_sim_papers *papers;
    size_t capacity;
    struct kw_buffer events;
    bool failed;
};

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct collector *collector = data;
    struct kw_sim_papers *papers = collector->papers;
    struct kw_sim_paper *items = kw_arena_grow(collector->arena, papers->items, papers->count, &collector->capacity,
                                               sizeof *items);
    struct kw_bitmap *copy = kw_bitmap_new(collector->arena, dots->width, dots->height);
    char *words = kw_arena_string(collector->arena, text);
    if (!items || !copy || !words) {
        collector->failed = true;
        return;
    }
    memcpy(copy->bits, dots->bits, (size_t)dots->stride * (size_t)dots->height);
    papers->items = items;
    items[papers->count++] = (struct kw_sim_paper){ copy, words, dpi };
}

static void take_event(void *data, const char *json)
{
    struct collector *collector = data;
    kw_buffer_text(&collector->events, json);
    kw_buffer_byte(&collector->events, '\n');
}

int kw_sim_render(struct kw_arena *arena, const struct kw_profile *profile, const void *bytes, size_t length,
                  struct kw_sim_papers *papers, struct kw_error *error)
{
    struct collector collector = { .arena = arena, .papers = papers };
    struct kw_sim_options options = { .profile = profile, .paper = take_paper, .event = take_event, .output_data = &collector };
    struct kw_sim *sim;
    memset(papers, 0, sizeof *papers);
    kw_buffer_init(&collector.events, 256u * 1024 * 1024);
    int code = kw_sim_new(&options, &sim, error);
    if (code < 0)
        return code;
    for (size_t done = 0; done < length;) {
        ptrdiff_t part = kw_sim_write(sim, (const uint8_t *)bytes + done, length - done);
        if (part <= 0)
            break;
        done += (size_t)part;
    }
    code = kw_sim_finish(sim, error);
    kw_sim_free(sim);
    papers->events = kw_arena_copy(arena, kw_buffer_string(&collector.events), collector.events.length);
    if (code == 0 && (collector.failed || collector.events.failed || !papers->events))
        code = kw_fail(error, KWIT_E_NO_MEMORY, "simulator", "out of memory");
    kw_buffer_free(&collector.events);
    return code;
}
