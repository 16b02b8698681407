/* events.c - what happened, one JSON object a line: each with the byte that caused it and the place on the paper. */
#include "simulator/events.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct kw_json *kw_sim_event(struct kw_sim *sim, struct kw_json *json, const char *name, uint64_t offset)
{
    kw_buffer_clear(&sim->line);
    kw_json_init(json, &sim->line);
    kw_json_object(json, NULL);
    kw_json_string(json, "event", name);
    kw_json_integer(json, "offset", (int64_t)offset);
    kw_json_number(json, "mm", kw_sim_mm(sim), 2);
    kw_json_integer(json, "piece", (int64_t)sim->s.paper.pieces + 1);
    return json;
}

void kw_sim_event_end(struct kw_sim *sim, struct kw_json *json)
{
    kw_json_end_object(json);
    sim->out_of_memory = sim->out_of_memory || sim->line.failed;
    if (sim->options.event && !sim->line.failed)
        sim->options.event(sim->options.output_data, kw_buffer_string(&sim->line));
}

void kw_sim_warn(struct kw_sim *sim, uint64_t offset, const char *reason, ...)
{
    struct kw_json json;
    char text[200];
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(text, sizeof text, reason, arguments);
    va_end(arguments);
    sim->warnings++;
    kw_sim_event(sim, &json, "warning", offset);
    kw_json_string(&json, "reason", text);
    kw_sim_event_end(sim, &json);
}

void kw_sim_out_of_range(struct kw_sim *sim, const char *name, int value)
{
    kw_sim_warn(sim, sim->s.in.parsed, "%s %d is out of range: ignored", name, value);
}

void kw_sim_image_event(struct kw_sim *sim, const char *form, int width, int height, int x, uint64_t offset)
{
    struct kw_json json;
    kw_sim_event(sim, &json, "image", offset);
    kw_json_integer(&json, "width", width);
    kw_json_integer(&json, "height", height);
    kw_json_integer(&json, "x", x);
    kw_json_integer(&json, "y", sim->s.paper.y);
    kw_json_string(&json, "form", form);
    kw_sim_event_end(sim, &json);
}
