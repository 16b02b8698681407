/*
 * text.c - the line buffer: characters and column pictures side by side until something prints them.
 *
 * What stands in a line shares its lower edge. A character that does not fit prints the line first, as LF would.
 */
#include "base/utf8.h"
#include "simulator/machine.h"
#include "simulator/watch.h"

#include <string.h>

static struct kw_sim_item *items_of(struct kw_sim *sim, size_t *count)
{
    *count = sim->parts[KW_PART_ITEMS].length / sizeof(struct kw_sim_item);
    return (struct kw_sim_item *)(void *)sim->parts[KW_PART_ITEMS].data;
}

bool kw_sim_at_line_start(const struct kw_sim *sim)
{
    return sim->parts[KW_PART_ITEMS].length == 0 && !sim->s.moved;
}

void kw_sim_drop_line(struct kw_sim *sim)
{
    kw_buffer_clear(&sim->parts[KW_PART_ITEMS]);
    kw_buffer_clear(&sim->parts[KW_PART_ITEM_BITS]);
    sim->s.x = 0;
    sim->s.moved = 0;
}

int kw_sim_align_x(const struct kw_sim *sim, int width)
{
    int spare = kw_sim_area_width(sim) - width;
    if (spare < 0 || sim->s.align == 0)
        return 0;
    return sim->s.align == 1 ? spare / 2 : spare;
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
        .row = sim->s.y + first->y, .x = first->x + shift, .width = last->x + last->width - first->x,
        .font = first->font, .times_wide = first->times_wide, .times_high = first->times_high,
        .underline = first->style & KW_STYLE_UNDERLINE_THICK ? 2 : first->style & KW_STYLE_UNDERLINE ? 1 : 0,
        .bold = first->style & KW_STYLE_BOLD, .reverse = first->style & KW_STYLE_REVERSE,
        .turned = first->style & KW_STYLE_TURNED, .upside_down = first->style & KW_STYLE_UPSIDE_DOWN,
        .red = first->style & KW_STYLE_RED
    };
    sim->watch->text(sim->watch->data, &text);
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
    const struct kw_sim_item *last = &items[run - 1];
    if (sim->watch)
        tell_text(sim, first, last, shift);
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
    kw_json_integer(&json, "x", first->x + shift);
    kw_json_integer(&json, "y", sim->s.y + first->y);
    kw_json_integer(&json, "width_dots", last->x + last->width - first->x);
    kw_sim_event_end(sim, &json);
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

static void draw_line(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift, int height,
                      int extent)
{
    struct kw_bitmap paper;
    if (!kw_sim_paper(sim, height, &paper))
        return;
    for (size_t i = 0; i < count; i++) {
        int x = shift + items[i].x, y = sim->s.y + height - items[i].height;
        if (sim->s.upside_down) {
            x = shift + extent - items[i].x - items[i].width;
            y = sim->s.y;
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
        draw_line(sim, items, count, shift, height, extent);
        kw_sim_line_events(sim, items, count, shift);
        kw_sim_add_text_line(sim, items, count, shift);
    }
    kw_sim_drop_line(sim);
    kw_sim_advance(sim, feed_dots > height ? feed_dots : height);
    sim->s.counters[0]++;
}

static bool is_visible(const struct kw_sim_item *item)
{
    bool blank = item->code == ' ' || item->code == 0xA0;
    return item->kind == KW_ITEM_USER_GLYPH || !blank ||
           item->style & (KW_STYLE_REVERSE | KW_STYLE_UNDERLINE | KW_STYLE_UNDERLINE_THICK);
}

bool kw_sim_put_item(struct kw_sim *sim, const struct kw_sim_item *item)
{
    if (item->kind != KW_ITEM_IMAGE)            /* pictures look at their dots */
        sim->inked += is_visible(item);
    if (sim->s.page.active)
        return kw_sim_page_item(sim, item);
    size_t count;
    items_of(sim, &count);
    bool full = count >= KW_SIM_ITEMS_MAX || sim->s.x + item->width > kw_sim_area_width(sim);
    if (full && count > 0 && item->kind != KW_ITEM_IMAGE)
        kw_sim_flush_line(sim, sim->s.line_spacing[0]);
    struct kw_sim_item placed = *item;
    placed.x = sim->s.x;
    if (!kw_buffer_add(&sim->parts[KW_PART_ITEMS], &placed, sizeof placed)) {
        sim->out_of_memory = true;
        return false;
    }
    sim->s.x += placed.advance;
    return true;
}

/* ---- characters ---- */

static uint16_t style_of(const struct kw_sim *sim, bool wide)
{
    const struct kw_sim_look *look = &sim->s.look;
    int underline = wide ? look->kanji_underline : look->underline;
    return (uint16_t)((look->bold || look->double_strike ? KW_STYLE_BOLD : 0) | (look->reverse ? KW_STYLE_REVERSE : 0) |
                      (underline == 1 ? KW_STYLE_UNDERLINE : 0) | (underline == 2 ? KW_STYLE_UNDERLINE_THICK : 0) |
                      (look->turned ? KW_STYLE_TURNED : 0) | (look->smooth ? KW_STYLE_SMOOTH : 0) |
                      (sim->s.upside_down && !sim->s.page.active ? KW_STYLE_UPSIDE_DOWN : 0) | (look->red
                                                                                                ? KW_STYLE_RED : 0));
}

static void size_wide(const struct kw_sim *sim, struct kw_sim_item *item)
{
    static const uint8_t wide_cell[3] = { 24, 20, 16 }, high_cell[3] = { 24, 24, 16 };
    const struct kw_sim_look *look = &sim->s.look;
    int font = look->kanji_font < 3 ? look->kanji_font : 0;
    item->cell_width = wide_cell[font];
    item->cell_height = high_cell[font];
    if (look->kanji_quad || look->kanji_style & 4)
        item->times_wide = item->times_wide > 2 ? item->times_wide : 2;
    if (look->kanji_quad || look->kanji_style & 8)
        item->times_high = item->times_high > 2 ? item->times_high : 2;
}

/* A character as it came: its code point and the bytes that said so (0 where there is no such byte). */
struct arrived {
    uint32_t code;
    uint8_t lead, byte;
    bool wide;
    uint64_t offset;
};

static void put_character(struct kw_sim *sim, const struct arrived *arrived)
{
    bool wide = arrived->wide;
    const struct kw_sim_look *look = &sim->s.look;
    int mode = kw_sim_mode(sim);
    struct kw_sim_item item = {
        .kind = KW_ITEM_GLYPH, .code = arrived->code, .offset = arrived->offset, .font = look->font,
            .style = style_of(sim, wide),
        .times_wide = look->times_wide, .times_high = look->times_high,
        .cell_width = (uint8_t)kw_sim_cell_width(sim, look->font),
            .cell_height = (uint8_t)kw_sim_cell_height(sim, look->font)
    };
    if (wide)
        size_wide(sim, &item);
    item.width = item.cell_width * item.times_wide;
    item.height = item.cell_height * item.times_high;
    if (item.style & KW_STYLE_TURNED) {
        int turned = item.width;
        item.width = item.height;
        item.height = turned;
    }
    int spacing = wide ? look->kanji_right[mode] : look->space_right[mode];
    item.advance = item.width + kw_sim_x_dots(sim, spacing) * item.times_wide;
    if (wide && look->kanji_left[mode])
        sim->s.x += kw_sim_x_dots(sim, look->kanji_left[mode]) * item.times_wide;
    if ((wide ? arrived->lead > 0 : look->user_characters) && kw_sim_user_defined(sim, arrived->lead, arrived->byte)) {
        item.kind = KW_ITEM_USER_GLYPH;
        item.user_lead = arrived->lead;
        item.user_code = arrived->byte;
    }
    kw_sim_put_item(sim, &item);
}

/* UTF-8 arrives byte by byte; what is not well-formed shows as U+FFFD. */
static void utf8_byte(struct kw_sim *sim, uint8_t byte, uint64_t offset)
{
    struct kw_sim_state *s = &sim->s;
    if (s->pending_utf8_length == 0)
        s->pending_offset = offset;
    bool continues = (byte & 0xC0) == 0x80;
    if (s->pending_utf8_length > 0 && !continues) {
        s->pending_utf8_length = 0;
        put_character(sim, &(struct arrived){ .code = KW_SIM_NO_CHARACTER, .offset = s->pending_offset });
        s->pending_offset = offset;
    }
    s->pending_utf8[s->pending_utf8_length++] = byte;
    uint8_t lead = s->pending_utf8[0];
    size_t wanted = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (s->pending_utf8_length < wanted && lead < 0xF5)
        return;
    size_t at = 0;
    uint32_t code = kw_utf8_next((const char *)s->pending_utf8, s->pending_utf8_length, &at);
    s->pending_utf8_length = 0;
    put_character(sim, &(struct arrived){ .code = code, .byte = code < 0x80 ? (uint8_t)code : 0,
                                          .wide = kw_sim_glyph_is_wide(code), .offset = s->pending_offset });
}

static void table_byte(struct kw_sim *sim, uint8_t byte, uint64_t offset)
{
    put_character(sim, &(struct arrived){ .code = kw_sim_decode(sim, byte), .byte = byte, .offset = offset });
}

/* A lead byte waits for its trail; a trail that fits no pair is a character of the table. */
static void kanji_byte(struct kw_sim *sim, uint8_t byte, uint64_t offset)
{
    struct kw_sim_state *s = &sim->s;
    if (!s->pending_lead && kw_sim_two_byte_lead(sim, byte)) {
        s->pending_lead = byte;
        s->pending_offset = offset;
        return;
    }
    if (!s->pending_lead) {
        table_byte(sim, byte, offset);
        return;
    }
    uint8_t lead = s->pending_lead;
    s->pending_lead = 0;
    uint32_t code = kw_sim_decode_pair(sim, lead, byte);
    if (code != KW_SIM_NO_CHARACTER || byte >= 0x80) {
        put_character(sim, &(struct arrived){ code, lead, byte, true, s->pending_offset });
        return;
    }
    table_byte(sim, lead, s->pending_offset);
    kanji_byte(sim, byte, offset);
}

size_t kw_sim_text(struct kw_sim *sim, const uint8_t *bytes, size_t length, uint64_t offset)
{
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && !kw_sim_can_print(sim))
            return i;
        if (sim->s.look.utf8)
            utf8_byte(sim, bytes[i], offset + i);
        else if (sim->s.look.kanji || sim->s.look.kanji_unasked)
            kanji_byte(sim, bytes[i], offset + i);
        else
            table_byte(sim, bytes[i], offset + i);
    }
    return length;
}

/* The next stop, or just beyond the print area; a tab from there begins on the next line. */
void kw_sim_tab(struct kw_sim *sim)
{
    struct kw_sim_state *s = &sim->s;
    int area = kw_sim_area_width(sim);
    if (s->x > area) {
        kw_sim_flush_line(sim, s->line_spacing[kw_sim_mode(sim)]);
        kw_sim_tab(sim);
        return;
    }
    for (int i = 0; i < s->tab_count; i++) {
        if (s->tabs[i] > s->x) {
            s->x = s->tabs[i] <= area ? s->tabs[i] : area + 1;
            s->moved = 1;
            return;
        }
    }
}
