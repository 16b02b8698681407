/* handlers.h - one function for each command; parser.c has the table that finds them. */
#ifndef KW_SIMULATOR_HANDLERS_H
#define KW_SIMULATOR_HANDLERS_H

#include "simulator/state.h"

/*
 * One whole command. Returns how many bytes it really took: fewer than length when it stopped at a bad byte, the
 * rest is then ordinary data.
 */
typedef size_t kw_sim_handler(struct kw_sim *sim, const uint8_t *bytes, size_t length);

#define HANDLER(name) size_t kw_sim_do_##name(struct kw_sim *sim, const uint8_t *bytes, size_t length)

/* X(lead, second, name): every command that does something. */
#define KW_SIM_HANDLERS(X) \
    X(0x1B, 0x20, right_space) X(0x1B, 0x21, print_mode) X(0x1B, 0x24, absolute) X(0x1B, 0x25, user_set) \
    X(0x1B, 0x26, user_characters) X(0x1B, 0x28, esc_family) X(0x1B, 0x2A, bit_image) X(0x1B, 0x2D, underline) \
    X(0x1B, 0x32, default_spacing) X(0x1B, 0x33, line_spacing) X(0x1B, 0x3D, peripheral) X(0x1B, 0x3F, cancel_user) \
    X(0x1B, 0x40, initialise) X(0x1B, 0x42, buzzer) X(0x1B, 0x44, tab_stops) X(0x1B, 0x45, bold) \
    X(0x1B, 0x47, double_strike) X(0x1B, 0x4A, feed_units) \
    X(0x1B, 0x4B, reverse_units) X(0x1B, 0x4C, page_enter) X(0x1B, 0x4D, font) X(0x1B, 0x52, international) \
    X(0x1B, 0x53, page_quit) X(0x1B, 0x54, page_direction) X(0x1B, 0x56, turn) X(0x1B, 0x57, page_area) \
    X(0x1B, 0x5C, relative) X(0x1B, 0x61, justify) X(0x1B, 0x63, panel) X(0x1B, 0x64, feed_lines) \
    X(0x1B, 0x65, reverse_lines) X(0x1B, 0x69, old_cut) X(0x1B, 0x6D, old_cut) X(0x1B, 0x70, pulse) \
    X(0x1B, 0x72, colour) X(0x1B, 0x74, table) X(0x1B, 0x75, old_drawer_status) X(0x1B, 0x76, old_paper_status) \
    X(0x1B, 0x7B, upside_down) X(0x1B, 0x0C, page_print) \
    X(0x1C, 0x21, kanji_mode) X(0x1C, 0x26, kanji_on) X(0x1C, 0x28, fs_family) X(0x1C, 0x2D, kanji_underline) \
    X(0x1C, 0x2E, kanji_off) X(0x1C, 0x32, kanji_character) X(0x1C, 0x3F, cancel_kanji) X(0x1C, 0x43, kanji_system) \
    X(0x1C, 0x53, kanji_space) X(0x1C, 0x57, kanji_quad) X(0x1C, 0x67, user_memory) X(0x1C, 0x70, nv_image) \
    X(0x1D, 0x21, character_size) X(0x1D, 0x24, page_absolute) X(0x1D, 0x28, gs_family) X(0x1D, 0x2A, download_image) \
    X(0x1D, 0x2F, print_download) X(0x1D, 0x38, long_graphics) X(0x1D, 0x3A, macro) X(0x1D, 0x42, reverse) \
    X(0x1D, 0x43, count_mode) X(0x1D, 0x44, bitmap_file) X(0x1D, 0x63, print_count) \
    X(0x1D, 0x48, bars_text) X(0x1D, 0x49, identify) X(0x1D, 0x4C, left_margin) X(0x1D, 0x50, motion_units) \
    X(0x1D, 0x51, column_image) X(0x1D, 0x54, to_line_start) X(0x1D, 0x56, cut) X(0x1D, 0x57, area_width) \
    X(0x1D, 0x5C, page_relative) X(0x1D, 0x5E, run_macro) X(0x1D, 0x61, automatic_status) X(0x1D, 0x62, smoothing) \
    X(0x1D, 0x66, bars_font) X(0x1D, 0x67, counters) X(0x1D, 0x68, bars_height) X(0x1D, 0x6A, ink_status) \
    X(0x1D, 0x6B, barcode) X(0x1D, 0x72, status) X(0x1D, 0x77, bars_width)

#define DECLARE(lead, second, name) HANDLER(name);
KW_SIM_HANDLERS(DECLARE)
#undef DECLARE
HANDLER(kanji_font);
HANDLER(encoding);

static inline int kw_sim_pair(const uint8_t *bytes)
{
    return bytes[0] | bytes[1] << 8;
}

/* 0 or 48, 1 or 49, …: the number, or -1 above most. */
static inline int kw_sim_digit(uint8_t byte, int most)
{
    int value = byte >= 48 ? byte - 48 : byte;
    return value <= most ? value : -1;
}

#endif
