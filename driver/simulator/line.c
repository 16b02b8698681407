/*
 * line.c - the line buffer: characters and column pictures side by side until something prints them. What stands in a
 * line shares its lower edge.
 */
#include "simulator/line.h"

#include "base/utf8.h"
#include "simulator/events.h"
#include "simulator/glyph.h"
#include "simulator/paper.h"
#include "simulator/watch.h"

#include <string.h>

static struct kw_sim_item *items_of(struct kw_sim *sim, size_t *count)
{
    *count = sim->parts[KW_PART_ITEMS].length / sizeof(struct kw_sim_item);
    return (struct kw_sim_item *)(void *)sim->parts[KW_PART_ITEMS].data;
}

void kw_sim_drop_line(struct kw_sim *sim)
{
    kw_buffer_clear(&sim->parts[KW_PART_ITEMS]);
    kw_buffer_clear(&sim->parts[KW_PART_ITEM_BITS]);
    sim->s.line.x = 0;
    sim->s.line.moved = 0;
}

/* ---- lines as text ---- */

static void sort_by_x(struct kw_sim_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct kw_sim_item moving = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].x > moving.x; at--)
            items[at] = items[at - 1];
        items[at] = moving;
    }
}

static void put_utf8(struct kw_buffer *out, uint32_t code)
{
    char bytes[4];
    size_t length = kw_utf8_put(bytes, code == KW_SIM_NO_CHARACTER ? 0xFFFD : code);
    kw_buffer_add(out, bytes, length);
}

static void tell_text(struct kw_sim *sim, const struct kw_sim_item *first, const struct kw_sim_item *last, int shift)
{
    const struct kw_sim_text text = {
        .offset = first->offset, .text = kw_buffer_string(&sim->scratch), .length = sim->scratch.length,
        .row = sim->s.paper.y + first->y, .x = first->x + shift, .width = last->x + last->width - first->x,
        .font = first->font, .times_wide = first->times_wide, .times_high = first->times_high,
        .underline = first->style & KW_STYLE_UNDERLINE_THICK ? 2 : first->style & KW_STYLE_UNDERLINE ? 1 : 0,
        .bold = first->style & KW_STYLE_BOLD, .reverse = first->style & KW_STYLE_REVERSE,
        .turned = first->style & KW_STYLE_TURNED, .upside_down = first->style & KW_STYLE_UPSIDE_DOWN,
        .red = first->style & KW_STYLE_RED
    };
    sim->watch->text(sim->watch->data, &text);
}

/* The text stands in the scratch buffer. */
static void write_text_event(struct kw_sim *sim, const struct kw_sim_item *first, const struct kw_sim_item *last,
                             int shift)
{
    struct kw_json json;
    kw_sim_event(sim, &json, "text", first->offset);
    kw_json_string_n(&json, "text", kw_buffer_string(&sim->scratch), sim->scratch.length);
    const char font[2] = { (char)('A' + first->font), 0 };
    kw_json_string(&json, "font", font);
    kw_json_integer(&json, "width", first->times_wide);
    kw_json_integer(&json, "height", first->times_high);
    kw_json_bool(&json, "bold", first->style & KW_STYLE_BOLD);
    kw_json_integer(&json, "underline", first->style & KW_STYLE_UNDERLINE_THICK ? 2
                    : first->style & KW_STYLE_UNDERLINE ? 1 : 0);
    kw_json_bool(&json, "reverse", first->style & KW_STYLE_REVERSE);
    if (first->style & KW_STYLE_TURNED)
        kw_json_bool(&json, "turned", true);
    if (first->style & KW_STYLE_UPSIDE_DOWN)
        kw_json_bool(&json, "upside_down", true);
    if (first->style & KW_STYLE_ITALIC)
        kw_json_bool(&json, "italic", true);
    if (first->style & KW_STYLE_RED)
        kw_json_string(&json, "colour", "red");
    int x = first->x + shift, width = last->x + last->width - first->x;
    kw_json_integer(&json, "x", first->style & KW_STYLE_UPSIDE_DOWN ? sim->width_dots - x - width : x);
    kw_json_integer(&json, "y", sim->s.paper.y + first->y);
    kw_json_integer(&json, "width_dots", width);
    kw_sim_event_end(sim, &json);
}

/* One event for a stretch of the same style without a gap. Returns how many items it took. */
static size_t text_event(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift)
{
    const struct kw_sim_item *first = &items[0];
    size_t run = 1;
    kw_buffer_clear(&sim->scratch);
    put_utf8(&sim->scratch, first->code);
    for (; run < count; run++) {
        const struct kw_sim_item *item = &items[run], *before = &items[run - 1];
        bool same = item->kind != KW_ITEM_IMAGE && item->style == first->style && item->font == first->font &&
                    item->times_wide == first->times_wide && item->times_high == first->times_high &&
                    item->x == before->x + before->advance;
        if (!same)
            break;
        put_utf8(&sim->scratch, item->code);
    }
    if (sim->watch)
        tell_text(sim, first, &items[run - 1], shift);
    if (sim->options.event)
        write_text_event(sim, first, &items[run - 1], shift);
    return run;
}

/* Before the first character only whole columns count: what is centred stands half a column off them. */
static void add_spaces(struct kw_buffer *out, int gap, int pitch)
{
    int count = (gap + (out->length > 0 ? pitch / 2 : 0)) / pitch;
    for (int i = 0; i < count && i < 400; i++)
        kw_buffer_byte(out, ' ');
}

/* The line for the text file: gaps become as many spaces as columns fit into them. */
void kw_sim_add_text_line(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift)
{
    int pitch = 0, end = -shift;
    for (size_t i = 0; i < count; i++)
        if (items[i].kind != KW_ITEM_IMAGE && (pitch == 0 || items[i].cell_width < pitch) && items[i].cell_width > 0)
            pitch = items[i].cell_width;
    if (pitch == 0)
        return;
    kw_buffer_clear(&sim->scratch);
    for (size_t i = 0; i < count; i++) {
        if (items[i].kind == KW_ITEM_IMAGE)
            continue;
        if (items[i].x > end)
            add_spaces(&sim->scratch, items[i].x - end, pitch);
        put_utf8(&sim->scratch, items[i].code);
        end = items[i].x + items[i].advance;
    }
    while (sim->scratch.length > 0 && sim->scratch.data[sim->scratch.length - 1] == ' ')
        sim->scratch.length--;
    kw_sim_text_line(sim, kw_buffer_string(&sim->scratch), sim->scratch.length);
}

void kw_sim_line_events(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift)
{
    for (size_t at = 0; at < count;) {
        if (items[at].kind != KW_ITEM_IMAGE) {
            at += text_event(sim, items + at, count - at, shift);
            continue;
        }
        kw_sim_image_event(sim, "ESC *", items[at].width, items[at].height, items[at].x + shift, items[at].offset);
        at++;
    }
}

/* ---- printing ---- */

/* Upside down the whole line is turned, from edge to edge: what stood at the left margin stands at the right one. */
static void draw_line(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift, int height)
{
    struct kw_bitmap paper;
    if (!kw_sim_paper(sim, height, &paper))
        return;
    for (size_t i = 0; i < count; i++) {
        int x = shift + items[i].x, y = sim->s.paper.y + height - items[i].height;
        if (sim->s.line.upside_down) {
            x = sim->width_dots - x - items[i].width;
            y = sim->s.paper.y;
        }
        kw_sim_draw_item(sim, &paper, &items[i], x, y);
    }
}

void kw_sim_flush_line(struct kw_sim *sim, int feed_dots)
{
    size_t count;
    struct kw_sim_item *items = items_of(sim, &count);
    int height = 0, extent = 0;
    for (size_t i = 0; i < count; i++) {
        height = items[i].height > height ? items[i].height : height;
        extent = items[i].x + items[i].advance > extent ? items[i].x + items[i].advance : extent;
    }
    if (count > 0) {
        int shift = kw_sim_area_left(sim) + kw_sim_align_x(sim, extent);
        sort_by_x(items, count);
        draw_line(sim, items, count, shift, height);
        kw_sim_line_events(sim, items, count, shift);
        kw_sim_add_text_line(sim, items, count, shift);
    }
    kw_sim_drop_line(sim);
    kw_sim_advance(sim, feed_dots > height ? feed_dots : height);
    sim->s.paper.counters[0]++;
}
