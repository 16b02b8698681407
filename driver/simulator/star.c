/*
 * star.c - a printer of Star's languages: raster mode, Star Line and StarPRNT as far as receipts use them. What such a
 * one sets by itself, letters and codes, is in star_set.c.
 *
 * Commands are gathered byte by byte until they are whole. What a model of the graphic kind is sent beside rasters
 * comes out as nothing, as it does on paper.
 */
#include "simulator/star.h"

#include "simulator/events.h"
#include "simulator/line.h"
#include "simulator/makers.h"
#include "simulator/paper.h"
#include "simulator/print.h"
#include "simulator/replies.h"
#include "simulator/reset.h"
#include "simulator/text.h"

#include <stdlib.h>
#include <string.h>

enum { ESC = 0x1B, GS = 0x1D, RS = 0x1E, ETB = 0x17, COUNT_MASK = 31, UNKNOWN = 0, MORE = -1,
       DIGITS_MOST = 12, USUAL_DENSITY = 3, SLOWEST = 2, RING_MS = 20 };
enum { MODE_PRINTS = 1, MODE_TO_CUTTER = 2, MODE_TO_BAR = 3, MODE_FULL = 8, MODE_FEED_FULL = 9, MODE_PARTIAL = 12,
       MODE_FEED_PARTIAL = 13 };

/* ---- lengths ---------------------------------------------------------------------------------------------------- */

/* `ESC * r` with a letter: most have a number that NUL ends. */
static int raster_length(const uint8_t *bytes, size_t length)
{
    if (length < 4)
        return MORE;
    if (strchr("RABCV", bytes[3]))
        return 4;
    size_t from = bytes[3] == 'm' ? 5 : 4;
    const uint8_t *end = length > from ? memchr(bytes + from, 0, length - from) : NULL;
    return end ? (int)(end - bytes) + 1 : length - from > DIGITS_MOST && length > from ? (int)length : MORE;
}

/* `ESC GS y` (QR) and `ESC GS x` (PDF417): settings, data with their length, and what prints or asks. */
static int symbol_length(const uint8_t *bytes, size_t length)
{
    if (length < 4)
        return MORE;
    if (bytes[3] == 'S')
        return 6;
    if (bytes[3] != 'D')
        return 4;
    return length < 8 ? MORE : 8 + (bytes[6] | bytes[7] << 8);
}

/* What is longer than anything is read over unseen. */
static int band_length(const uint8_t *bytes)
{
    int64_t dots = (int64_t)(bytes[4] | bytes[5] << 8) * (bytes[6] | bytes[7] << 8);
    return dots < KW_SIM_COMMAND_CEILING - 9 ? 9 + (int)dots : KW_SIM_COMMAND_CEILING + 1;
}

static int group_length(const uint8_t *bytes, size_t length)
{
    if (length < 3)
        return MORE;
    switch (bytes[2]) {
    case 'x': case 'y': return symbol_length(bytes, length);
    case ')': return length < 6 ? MORE : 6 + (bytes[4] | bytes[5] << 8);
    case 'c': return 5;
    case 0x03: case 0x07: return 6;
    case 0x19: return 7;
    case 'S': return length < 9 ? MORE : band_length(bytes);
    case 'a': case 't': case 'b': return 4;
    case 'A': case 'R': return 5;
    default: return 3;
    }
}

/* Pictures of columns or of rows, and bars, which RS ends. */
static int printed_length(const uint8_t *bytes, size_t length)
{
    if (length < 4)
        return MORE;
    switch (bytes[1]) {
    case 'X': return 4 + 3 * (bytes[2] | bytes[3] << 8);
    case 'k': return 4 + KW_SIM_STAR_BAND * bytes[2];
    case 'K': case 'L': return 4 + (bytes[2] | bytes[3] << 8);
    default: return length > 6 && bytes[length - 1] == RS ? (int)length : MORE;
    }
}

/* Bytes of the command that begins so; MORE: not known yet; UNKNOWN: it is none. */
static int command_length(const struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (sim->s.star.raster && (bytes[0] == 'b' || bytes[0] == 'k'))
        return length < 3 ? MORE : 3 + (bytes[1] | bytes[2] << 8);
    if (bytes[0] != ESC)
        return 1;
    if (length < 2)
        return MORE;
    switch (bytes[1]) {
    case '@': case 'E': case 'F': case '4': case '5': case 'M': case 'P': case '0': case ':': case 'g': return 2;
    case 0x0E: case 0x14: case 'p': case 'q': return 2;
    case 'd': case 'I': case 'J': case 'a': case 'W': case 'h': case 'z': case '-': case ' ': case 0x0C: return 3;
    case '_': case 'l': case 'Q': case 'R': case '$': case 'C': return 3;
    case 's': case 't': case '?': return 4;
    case 'X': case 'k': case 'K': case 'L': case 'b': return printed_length(bytes, length);
    case 0x06: return 3;
    case 0x07: case 'i': return 4;
    case '*': return length < 3 ? MORE : bytes[2] == 'r' ? raster_length(bytes, length) : 3;
    case GS: return group_length(bytes, length);
    case RS: return 4;
    default: return UNKNOWN;
    }
}

/* ---- doing ------------------------------------------------------------------------------------------------------ */

static void draw_rows(struct kw_sim *sim, const uint8_t *dots, int width, int rows, bool feeds)
{
    struct kw_bitmap paper;
    if (!kw_sim_paper(sim, rows, &paper))
        return;
    const struct kw_bitmap picture = { width * 8, rows, width, (uint8_t *)(uintptr_t)dots };
    kw_bitmap_blend(&paper, &picture, 0, sim->s.paper.y);
    sim->inked++;
    if (feeds)
        kw_sim_advance(sim, rows);
}

static void feed_to_cutter(struct kw_sim *sim)
{
    kw_sim_advance(sim, kw_profile_cut_feed_dots(sim->profile));
}

static void end_by(struct kw_sim *sim, int mode)
{
    int chosen = mode ? mode : sim->profile->cutter == KW_CUTTER_FULL ? MODE_FEED_FULL : MODE_FEED_PARTIAL;
    bool feeds = chosen == MODE_FEED_FULL || chosen == MODE_FEED_PARTIAL;
    bool cuts = feeds || chosen == MODE_FULL || chosen == MODE_PARTIAL;
    if (feeds || chosen == MODE_TO_CUTTER || chosen == MODE_TO_BAR)
        feed_to_cutter(sim);
    if (cuts && sim->profile->cutter != KW_CUTTER_NONE)
        kw_sim_cut(sim, chosen == MODE_FULL || chosen == MODE_FEED_FULL, sim->s.in.parsed);
    sim->s.star.rows_waiting = 0;
}

static void quit_raster(struct kw_sim *sim)
{
    if (sim->s.star.raster && sim->s.star.rows_waiting)
        end_by(sim, sim->s.star.end_mode);
    sim->s.star.raster = 0;
}

static void set_raster(struct kw_sim *sim, const uint8_t *bytes)
{
    int number = atoi((const char *)bytes + 4);
    switch (bytes[3]) {
    case 'R': kw_sim_star_initialise(sim); break;
    case 'A': sim->s.star.raster = 1; break;
    case 'B': quit_raster(sim); break;
    case 'C': sim->s.star.rows_waiting = 0; break;
    case 'D': kw_sim_pulse(sim, number == 2 ? 5 : 2, 200, 200, sim->s.in.parsed); break;
    case 'E': sim->s.star.end_mode = sim->s.star.rows_waiting ? sim->s.star.end_mode : (uint8_t)number; break;
    case 'F': sim->s.star.page_mode = sim->s.star.rows_waiting ? sim->s.star.page_mode : (uint8_t)number; break;
    case 'Y':
        if (sim->s.star.raster)
            kw_sim_advance(sim, number);
        break;
    default: break;
    }
}

static void put_row(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    draw_rows(sim, bytes + 3, (int)length - 3, 1, bytes[0] == 'b');
    sim->s.star.rows_waiting = 1;
}

/* Counted when the motor stands: everything before it is on the paper by then. */
static void count(struct kw_sim *sim)
{
    kw_sim_flush_line(sim, 0);
    sim->s.star.count = (sim->s.star.count + 1) & COUNT_MASK;
    sim->s.star.executed = 1;
    kw_sim_star_status(sim, "ETB");
}

static void cut(struct kw_sim *sim, int n)
{
    n = n >= '0' ? n - '0' : n;
    if (n > 3)
        return;
    kw_sim_flush_line(sim, 0);
    if (n >= 2)
        feed_to_cutter(sim);
    if (sim->profile->cutter != KW_CUTTER_NONE)
        kw_sim_cut(sim, n == 0 || n == 2, sim->s.in.parsed);
}

static void run_group(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (bytes[2] == 'S') {
        int width = bytes[4] | bytes[5] << 8, rows = bytes[6] | bytes[7] << 8;
        kw_sim_flush_line(sim, 0);
        kw_sim_image_event(sim, "ESC GS S", width * 8, rows, 0, sim->s.in.parsed);
        draw_rows(sim, bytes + 9, width, rows, true);
    } else if (bytes[2] == 0x03 && (bytes[3] == 0 || bytes[3] == 1)) {
        kw_sim_flush_line(sim, 0);
        sim->s.star.documents = (uint8_t)(sim->s.star.documents + (bytes[3] == 1));
        const uint8_t answer[] = { ESC, GS, 0x03, bytes[3], bytes[4], bytes[5], sim->s.star.documents, 0 };
        kw_sim_reply(sim, "ESC GS ETX", answer, sizeof answer, sim->s.in.parsed);
    } else if (bytes[2] == 0x07) {
        kw_sim_buzz(sim, "ESC GS BEL", -1, 1, bytes[4] * RING_MS);
    } else if (bytes[2] != 0x03) {
        kw_sim_star_set(sim, bytes, length);
    }
}

/* Digits or their numbers; density counts from the darkest down. */
static void set_way(struct kw_sim *sim, uint8_t which, uint8_t said)
{
    int n = said >= '0' ? said - '0' : said;
    if (which == 'E')
        sim->s.star.count = 0;
    else if (which == 'd' && n <= 2 * USUAL_DENSITY)
        kw_sim_density_step(sim, "ESC RS d", USUAL_DENSITY - n);
    else if (which == 'r' && n <= SLOWEST)
        kw_sim_speed(sim, "ESC RS r", n);
    else if (which == 'd' || which == 'r')
        kw_sim_out_of_range(sim, which == 'd' ? "ESC RS d" : "ESC RS r", said);
}

static void run_escape(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    switch (bytes[1]) {
    case '@': kw_sim_flush_line(sim, 0); quit_raster(sim); kw_sim_initialise(sim); break;
    case '*': set_raster(sim, bytes); break;
    case 0x0C: end_by(sim, bytes[2] == 0x04 ? sim->s.star.end_mode : sim->s.star.page_mode); break;
    case 'd': cut(sim, bytes[2]); break;
    case 'I': kw_sim_flush_line(sim, bytes[2]); break;
    case 'J': kw_sim_flush_line(sim, bytes[2] * 2); break;
    case 'a': kw_sim_flush_line(sim, bytes[2] * kw_sim_star_pitch(sim)); break;
    case 'E': sim->s.look.bold = 1; break;
    case 'F': sim->s.look.bold = 0; break;
    case 0x07: sim->s.star.pulse_on = bytes[2]; break;
    case GS: run_group(sim, bytes, length); break;
    case RS: set_way(sim, bytes[2], bytes[3]); break;
    default: kw_sim_star_set(sim, bytes, length); break;
    }
}

static void pulse(struct kw_sim *sim, int pin)
{
    int on_ms = (sim->s.star.pulse_on ? sim->s.star.pulse_on : 20) * 10;
    kw_sim_pulse(sim, pin, on_ms, on_ms, sim->s.in.parsed);
}

static void run_control(struct kw_sim *sim, uint8_t byte)
{
    switch (byte) {
    case ETB: count(sim); break;
    case 0x0A: kw_sim_flush_line(sim, kw_sim_star_pitch(sim)); break;
    case 0x0E: case 0x14: kw_sim_star_set(sim, &byte, 1); break;
    case 0x07: case 0x1C: pulse(sim, 2); break;
    case 0x1A: case 0x19: pulse(sim, 5); break;
    case 0x18: kw_sim_initialise(sim); sim->s.star.count = 0; break;
    default:
        if (byte >= 0x20 && !sim->s.star.raster && sim->profile->language != KW_LANGUAGE_STAR_RASTER)
            kw_sim_put_text(sim, &byte, 1, sim->s.in.parsed);
        else if (byte >= 0x20)
            sim->s.star.dropped = 1;
        break;
    }
}

/* What a person has to know who wonders why there is no paper. */
static void tell_dropped(struct kw_sim *sim)
{
    if (!sim->s.star.dropped || sim->s.star.told)
        return;
    sim->s.star.told = 1;
    kw_sim_warn(sim, sim->s.in.parsed, "text or ESC/POS on a %s comes out as nothing: it takes rasters alone",
                sim->profile->model);
}

static void run(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (bytes[0] == ESC)
        run_escape(sim, bytes, length);
    else if (length > 1)
        put_row(sim, bytes, length);
    else
        run_control(sim, bytes[0]);
    tell_dropped(sim);
}

size_t kw_sim_star_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    struct kw_buffer *command = &sim->parts[KW_PART_COMMAND];
    if (command->length == 0)
        sim->s.in.command_offset = sim->s.in.parsed;
    if (length == 0 || !kw_buffer_byte(command, bytes[0]))
        return length ? 1 : 0;
    int whole = command_length(sim, command->data, command->length);
    if (whole == MORE || (whole > 0 && (size_t)whole > command->length)) {
        if (command->length >= KW_SIM_COMMAND_CEILING)
            kw_buffer_clear(command);
        return 1;
    }
    if (whole == UNKNOWN)
        kw_sim_warn(sim, sim->s.in.command_offset, "undefined command 1B %02X: dropped", command->data[1]);
    else
        run(sim, command->data, command->length);
    kw_buffer_clear(command);
    return 1;
}
