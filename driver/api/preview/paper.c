/* paper.c - collects what the simulated printer prints, and stacks it to one picture. */
#include "api/preview/preview.h"

#include "simulator/simulator.h"

#include <string.h>

enum { EVENTS_CEILING = 64 * 1024 * 1024, GAP_DOTS = 24, DASH_DOTS = 8 };

static void take_sheet(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct kw_paper *paper = data;
    struct kw_sheet *sheets = kw_arena_grow(paper->arena, paper->sheets, paper->sheet_count, &paper->sheet_capacity,
                                            sizeof *sheets);
    size_t bytes = (size_t)dots->stride * (size_t)dots->height;
    char *bits = kw_arena_copy(paper->arena, (const char *)dots->bits, bytes);
    char *copy = kw_arena_string(paper->arena, text);
    if (!sheets || !bits || !copy) {
        paper->failed = true;
        return;
    }
    paper->sheets = sheets;
    paper->dpi = dpi;
    struct kw_sheet *sheet = &sheets[paper->sheet_count++];
    *sheet = (struct kw_sheet){ .dots = *dots, .text = copy };
    sheet->dots.bits = (uint8_t *)bits;
}

static void take_event(void *data, const char *json)
{
    struct kw_paper *paper = data;
    if (paper->events.length > 0)
        kw_buffer_text(&paper->events, ",\n");
    kw_buffer_text(&paper->events, json);
}

/* The machine takes what its buffer has room for; with endless paper and no faults it always goes on. */
static int feed(struct kw_sim *sim, const uint8_t *bytes, size_t length, struct kw_error *error)
{
    uint8_t replies[256];
    for (size_t done = 0; done < length;) {
        ptrdiff_t taken = kw_sim_write(sim, bytes + done, length - done);
        kw_sim_run(sim);
        while (kw_sim_read(sim, replies, sizeof replies) > 0)
            ;
        if (taken <= 0)
            return kw_fail(error, KWIT_E_INTERNAL, "", "the simulated printer stopped at byte %zu of the receipt",
                           done);
        done += (size_t)taken;
    }
    return 0;
}

int kw_paper_make(struct kw_rendering *rendering, struct kw_paper *paper, struct kw_error *error)
{
    *paper = (struct kw_paper){ .arena = rendering->arena, .dpi = rendering->profile->dpi };
    kw_buffer_init(&paper->events, EVENTS_CEILING);
    struct kw_sim_options options = {
        .profile = rendering->profile, .speed_mm_s = KW_SIM_FAST, .paper = take_sheet, .event = take_event,
        .output_data = paper
    };
    struct kw_sim *sim;
    int code = kw_sim_new(&options, &sim, error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < rendering->encoded.count; i++)
        code = feed(sim, rendering->encoded.pieces[i].bytes, rendering->encoded.pieces[i].length, error);
    if (code == 0)
        code = kw_sim_finish(sim, error);
    kw_sim_free(sim);
    if (code == 0 && (paper->failed || paper->events.failed))
        code = kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while drawing the paper");
    return code;
}

void kw_paper_free(struct kw_paper *paper)
{
    kw_buffer_free(&paper->events);
}

int kw_paper_top(const struct kw_paper *paper, size_t sheet)
{
    int y = 0;
    for (size_t i = 0; i < sheet && i < paper->sheet_count; i++)
        y += paper->sheets[i].dots.height + GAP_DOTS;
    return y;
}

struct kw_bitmap *kw_paper_stack(const struct kw_paper *paper)
{
    int width = 0, height = 0;
    for (size_t i = 0; i < paper->sheet_count; i++) {
        width = paper->sheets[i].dots.width > width ? paper->sheets[i].dots.width : width;
        height += paper->sheets[i].dots.height + (i ? GAP_DOTS : 0);
    }
    struct kw_bitmap *all = kw_bitmap_new(paper->arena, width, height);
    int y = 0;
    for (size_t i = 0; all && i < paper->sheet_count; i++) {
        if (i) {
            for (int x = 0; x < width; x += 2 * DASH_DOTS)
                kw_bitmap_fill(all, x, y + GAP_DOTS / 2, DASH_DOTS, 1);
            y += GAP_DOTS;
        }
        kw_bitmap_blend(all, &paper->sheets[i].dots, 0, y);
        y += paper->sheets[i].dots.height;
    }
    return all;
}
