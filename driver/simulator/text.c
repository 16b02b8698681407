/* text.c - bytes of text to characters, each with its look, into the line or onto the page. */
#include "simulator/text.h"

#include "base/utf8.h"
#include "simulator/decode.h"
#include "simulator/glyph.h"
#include "simulator/line.h"
#include "simulator/pagemode.h"
#include "simulator/users.h"

static bool is_visible(const struct kw_sim_item *item)
{
    bool blank = item->code == ' ' || item->code == 0xA0;
    return item->kind == KW_ITEM_USER_GLYPH || !blank ||
           item->style & (KW_STYLE_REVERSE | KW_STYLE_UNDERLINE | KW_STYLE_UNDERLINE_THICK);
}

static bool put_in_line(struct kw_sim *sim, const struct kw_sim_item *item)
{
    size_t count = sim->parts[KW_PART_ITEMS].length / sizeof *item;
    bool full = count >= KW_SIM_ITEMS_MAX || sim->s.line.x + item->width > kw_sim_area_width(sim);
    if (full && count > 0 && item->kind != KW_ITEM_IMAGE)
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
    struct kw_sim_item placed = *item;
    placed.x = sim->s.line.x;
    if (!kw_buffer_add(&sim->parts[KW_PART_ITEMS], &placed, sizeof placed)) {
        sim->out_of_memory = true;
        return false;
    }
    sim->s.line.x += placed.advance;
    return true;
}

bool kw_sim_put_item(struct kw_sim *sim, const struct kw_sim_item *item)
{
    if (item->kind != KW_ITEM_IMAGE)            /* pictures look at their dots */
        sim->inked += is_visible(item);
    return sim->s.page.active ? kw_sim_page_item(sim, item) : put_in_line(sim, item);
}

/* ---- characters ---- */

static uint16_t style_of(const struct kw_sim *sim, bool wide)
{
    const struct kw_sim_look *look = &sim->s.look;
    int underline = wide ? look->kanji_underline : look->underline;
    return (uint16_t)((look->bold || look->double_strike ? KW_STYLE_BOLD : 0) | (look->reverse ? KW_STYLE_REVERSE : 0) |
                      (underline == 1 ? KW_STYLE_UNDERLINE : 0) | (underline == 2 ? KW_STYLE_UNDERLINE_THICK : 0) |
                      (look->turned ? KW_STYLE_TURNED : 0) | (look->smooth ? KW_STYLE_SMOOTH : 0) |
                      (sim->s.line.upside_down && !sim->s.page.active ? KW_STYLE_UPSIDE_DOWN : 0) |
                      (look->red ? KW_STYLE_RED : 0) | (look->italic ? KW_STYLE_ITALIC : 0));
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
        sim->s.line.x += kw_sim_x_dots(sim, look->kanji_left[mode]) * item.times_wide;
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
    if (s->line.pending_utf8_length == 0)
        s->line.pending_offset = offset;
    bool continues = (byte & 0xC0) == 0x80;
    if (s->line.pending_utf8_length > 0 && !continues) {
        s->line.pending_utf8_length = 0;
        put_character(sim, &(struct arrived){ .code = KW_SIM_NO_CHARACTER, .offset = s->line.pending_offset });
        s->line.pending_offset = offset;
    }
    s->line.pending_utf8[s->line.pending_utf8_length++] = byte;
    uint8_t lead = s->line.pending_utf8[0];
    size_t wanted = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    if (s->line.pending_utf8_length < wanted && lead < 0xF5)
        return;
    size_t at = 0;
    uint32_t code = kw_utf8_next((const char *)s->line.pending_utf8, s->line.pending_utf8_length, &at);
    s->line.pending_utf8_length = 0;
    put_character(sim, &(struct arrived){ .code = code, .byte = code < 0x80 ? (uint8_t)code : 0,
                                          .wide = kw_sim_glyph_is_wide(code), .offset = s->line.pending_offset });
}

static void table_byte(struct kw_sim *sim, uint8_t byte, uint64_t offset)
{
    put_character(sim, &(struct arrived){ .code = kw_sim_decode(sim, byte), .byte = byte, .offset = offset });
}

/* A lead byte waits for its trail; a trail that fits no pair is a character of the table. */
static void kanji_byte(struct kw_sim *sim, uint8_t byte, uint64_t offset)
{
    struct kw_sim_state *s = &sim->s;
    if (!s->line.pending_lead && kw_sim_two_byte_lead(sim, byte)) {
        s->line.pending_lead = byte;
        s->line.pending_offset = offset;
        return;
    }
    if (!s->line.pending_lead) {
        table_byte(sim, byte, offset);
        return;
    }
    uint8_t lead = s->line.pending_lead;
    s->line.pending_lead = 0;
    uint32_t code = kw_sim_decode_pair(sim, lead, byte);
    if (code != KW_SIM_NO_CHARACTER || byte >= 0x80) {
        put_character(sim, &(struct arrived){ code, lead, byte, true, s->line.pending_offset });
        return;
    }
    table_byte(sim, lead, s->line.pending_offset);
    kanji_byte(sim, byte, offset);
}

size_t kw_sim_put_text(struct kw_sim *sim, const uint8_t *bytes, size_t length, uint64_t offset)
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
    if (s->line.x > area) {
        kw_sim_flush_line(sim, s->line.line_spacing[kw_sim_mode(sim)]);
        kw_sim_tab(sim);
        return;
    }
    for (int i = 0; i < s->line.tab_count; i++) {
        if (s->line.tabs[i] > s->line.x) {
            s->line.x = s->line.tabs[i] <= area ? s->line.tabs[i] : area + 1;
            s->line.moved = 1;
            return;
        }
    }
}
