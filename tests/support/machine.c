/* machine.c - collects what the simulated printer hands out. */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 1 << 28 };

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct machine *machine = data;
    (void)dpi;
    if (machine->paper_count == 64)
        return;
    struct kw_bitmap *copy = kw_bitmap_new(machine->arena, dots->width, dots->height);
    assert_non_null(copy);
    memcpy(copy->bits, dots->bits, (size_t)dots->stride * (size_t)dots->height);
    machine->papers[machine->paper_count] = copy;
    machine->texts[machine->paper_count++] = kw_arena_string(machine->arena, text);
}

static void take_event(void *data, const char *json)
{
    struct machine *machine = data;
    kw_buffer_text(&machine->events, json);
    kw_buffer_byte(&machine->events, '\n');
}

static int64_t clock_of(void *data)
{
    return ((struct machine *)data)->now_ms;
}

struct kw_sim_options machine_options(struct machine *machine, const char *profile)
{
    memset(machine, 0, sizeof *machine);
    machine->arena = kw_arena_new(ARENA_BYTES);
    machine->now_ms = 1000000;
    kw_buffer_init(&machine->events, 1 << 28);
    kw_buffer_init(&machine->replies, 1 << 20);
    struct kw_sim_options options = { .profile = kw_profile_find(profile), .now_ms = clock_of, .now_data = machine,
                                      .paper = take_paper, .event = take_event, .output_data = machine };
    assert_non_null(options.profile);
    return options;
}

void machine_start(struct machine *machine, const struct kw_sim_options *options)
{
    machine->code = kw_sim_new(options, &machine->sim, &machine->error);
}

void machine_begin(struct machine *machine)
{
    struct kw_sim_options options = machine_options(machine, KW_SIM_DEFAULT_PROFILE);
    machine_start(machine, &options);
    assert_int_equal(machine->code, 0);
}

static void collect_replies(struct machine *machine)
{
    uint8_t bytes[256];
    size_t count;
    while ((count = kw_sim_read(machine->sim, bytes, sizeof bytes)) > 0)
        kw_buffer_add(&machine->replies, bytes, count);
}

void machine_feed(struct machine *machine, const void *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ptrdiff_t part = kw_sim_write(machine->sim, (const uint8_t *)bytes + done, length - done);
        if (part <= 0)
            break;
        done += (size_t)part;
    }
    machine->accepted += done;
    kw_sim_run(machine->sim);
    collect_replies(machine);
}

void machine_say(struct machine *machine, const char *text)
{
    machine_feed(machine, text, strlen(text));
}

void machine_order(struct machine *machine, const char *order)
{
    struct kw_buffer answer;
    kw_buffer_init(&answer, 4096);
    assert_int_equal(kw_sim_order(machine->sim, order, &answer, &machine->error), 0);
    assert_true(answer.length > 0);
    kw_buffer_free(&answer);
    collect_replies(machine);
}

void machine_wait(struct machine *machine, int64_t ms)
{
    machine->now_ms += ms;
    kw_sim_run(machine->sim);
    collect_replies(machine);
}

void machine_finish(struct machine *machine)
{
    assert_int_equal(kw_sim_finish(machine->sim, &machine->error), 0);
    kw_sim_free(machine->sim);
    machine->sim = NULL;
}

void machine_free(struct machine *machine)
{
    kw_sim_free(machine->sim);
    kw_arena_free(machine->arena);
    kw_buffer_free(&machine->events);
    kw_buffer_free(&machine->replies);
}

void machine_print(struct machine *machine, const void *bytes, size_t length)
{
    machine_begin(machine);
    machine_feed(machine, bytes, length);
    assert_int_equal(machine->accepted, length);
    machine_finish(machine);
}

const char *machine_replies(struct machine *machine)
{
    char *text = kw_arena_alloc(machine->arena, machine->replies.length * 3 + 1);
    assert_non_null(text);
    for (size_t i = 0; i < machine->replies.length; i++)
        snprintf(text + strlen(text), 4, "%s%02X", i ? " " : "", machine->replies.data[i]);
    kw_buffer_clear(&machine->replies);
    return text;
}

int machine_events(const struct machine *machine, const char *part)
{
    int count = 0;
    for (const char *at = kw_buffer_string(&machine->events); (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}

bool machine_same_paper(const struct machine *one, const struct machine *two)
{
    if (one->paper_count != two->paper_count)
        return false;
    for (size_t i = 0; i < one->paper_count; i++) {
        const struct kw_bitmap *a = one->papers[i], *b = two->papers[i];
        if (a->width != b->width || a->height != b->height || strcmp(one->texts[i], two->texts[i]) != 0 ||
            memcmp(a->bits, b->bits, (size_t)a->stride * (size_t)a->height) != 0)
            return false;
    }
    return true;
}
