/*
 * makers.c - commands of some makers alone: the boards of clones, Custom; and how dark, fast and loud a printer is told
 * to be. What changes no dot is told as an event.
 */
#include "simulator/makers.h"

#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/print.h"
#include "simulator/raster.h"
#include "simulator/replies.h"
#include "simulator/symbols.h"
#include "simulator/text.h"

#include <stdio.h>
#include <string.h>

enum { USUAL_STEP = 4, STEP_TENTHS = 125, MOST_STEPS = 8, CODE_HEAD = 7, CODE_MOST = 7089 };

static void tell_number(struct kw_sim *sim, const char *event, const char *form, const char *what, int number)
{
    struct kw_json json;
    kw_sim_event(sim, &json, event, sim->s.in.parsed);
    kw_json_string(&json, "form", form);
    kw_json_integer(&json, what, number);
    kw_sim_event_end(sim, &json);
}

void kw_sim_density(struct kw_sim *sim, const char *form, int percent)
{
    tell_number(sim, "density", form, "percent", percent);
}

void kw_sim_density_step(struct kw_sim *sim, const char *form, int step)
{
    tell_number(sim, "density", form, "step", step);
}

void kw_sim_speed(struct kw_sim *sim, const char *form, int step)
{
    tell_number(sim, "speed", form, "step", step);
}

void kw_sim_buzz(struct kw_sim *sim, const char *form, int pattern, int times, int ms)
{
    struct kw_json json;
    kw_sim_event(sim, &json, "buzzer", sim->s.in.parsed);
    kw_json_string(&json, "form", form);
    if (pattern >= 0)
        kw_json_integer(&json, "pattern", pattern);
    kw_json_integer(&json, "times", times);
    if (ms > 0)
        kw_json_integer(&json, "ms", ms);
    kw_sim_event_end(sim, &json);
}

/* ---- Epson ---- */

void kw_sim_print_control(struct kw_sim *sim, const uint8_t *parameters, size_t count)
{
    if (count < 2 || sim->profile->heat != KW_HEAT_CONTROL)
        return;
    int m = parameters[1];
    if (parameters[0] == 49 && (m <= 8 || m >= 250))
        kw_sim_density(sim, "GS ( K", 100 + (m <= 8 ? m : m - 256) * 5);
    else if (parameters[0] == 50 && m <= 13)
        kw_sim_speed(sim, "GS ( K", m);
    else if (parameters[0] == 49 || parameters[0] == 50)
        kw_sim_out_of_range(sim, "GS ( K", m);
}

/* ---- Custom ---- */

HANDLER(density)
{
    int n = kw_sim_digit(bytes[2], MOST_STEPS);
    if (n < 0)
        kw_sim_out_of_range(sim, "GS |", bytes[2]);
    else
        kw_sim_density(sim, "GS |", 100 + (n - USUAL_STEP) * STEP_TENTHS / 10);
    return length;
}

HANDLER(italic_on)
{
    (void)bytes;
    sim->s.look.italic = 1;
    return length;
}

HANDLER(italic_off)
{
    (void)bytes;
    sim->s.look.italic = 0;
    return length;
}

HANDLER(whole_status_back)
{
    kw_sim_watch_whole(sim, bytes[2]);
    return length;
}

/* The rest of the roll as text: "510cm". */
HANDLER(paper_left)
{
    char text[24];
    (void)bytes;
    int size = snprintf(text, sizeof text, "%dcm", (int)(kw_sim_paper_left_mm(sim) / 10));
    kw_sim_reply(sim, "GS E1", text, (size_t)size, sim->s.in.parsed);
    return length;
}

/* What a kiosk's printer does with the piece behind its blade, which it holds in its mouth. */
HANDLER(ejector)
{
    enum { RETRACT = 2, PRESENT = 3, EJECT = 5, TELL = 6, PRESENT_FOR = 32, NEAR_END = 1, PAPER_THERE = 4 };
    uint8_t deed = bytes[2];
    struct kw_json json;
    if (deed == TELL) {
        uint32_t conditions = sim->s.health.conditions;
        char status = (char)((conditions & KW_COND_NEAR_END ? NEAR_END : 0)
                             | (conditions & KW_COND_PAPER_END ? 0 : PAPER_THERE));
        kw_sim_reply(sim, "GS e 6", &status, 1, sim->s.in.parsed);
    } else if (deed == RETRACT || deed == PRESENT || deed == EJECT || deed == PRESENT_FOR) {
        kw_sim_event(sim, &json, "ejector", sim->s.in.parsed);
        kw_json_string(&json, "mode", deed == RETRACT ? "retract" : deed == EJECT ? "eject" : "present");
        if (length > 3)
            kw_json_integer(&json, "steps", bytes[3]);
        kw_sim_event_end(sim, &json);
    }
    return length;
}

/* ---- heads without a command ---- */

/* By the row, rasters; of wires, by Epson's guide 10.01, "printers not featuring this command". */
bool kw_sim_lacks(const struct kw_sim *sim, const uint8_t pair[2])
{
    static const char gs[] = "!$*/BLPWTfhkwvb\\", esc[] = "$LSTVW\\Z";
    if (pair[0] == 0x1D && pair[1] == 'v' && !(sim->profile->graphics & KW_GRAPHICS_RASTER))
        return true;
    if (sim->profile->firmware != KW_FIRMWARE_IMPACT || pair[1] < 0x20)
        return false;
    return (pair[0] == 0x1D && strchr(gs, pair[1])) || (pair[0] == 0x1B && strchr(esc, pair[1]));
}

/* ---- boards of clones ---- */

HANDLER(heat)
{
    struct kw_json json;
    kw_sim_event(sim, &json, "heat", sim->s.in.parsed);
    kw_json_integer(&json, "dots", (bytes[2] + 1) * 8);
    kw_json_integer(&json, "us", bytes[3] * 10);
    kw_json_integer(&json, "rest_us", bytes[4] * 10);
    kw_sim_event_end(sim, &json);
    return length;
}

static uint8_t level_of(uint8_t byte)
{
    static const char words[] = "LMQH";
    const char *at = byte ? strchr(words, byte) : NULL;
    return (uint8_t)(48 + (at ? at - words : 0));
}

/* ESC Z version level module nL nH data: a QR code in one command. */
HANDLER(board_code)
{
    size_t count = length - CODE_HEAD;
    uint8_t store[3 + CODE_MOST] = { 49, 80, 48 };
    if (count == 0 || count > CODE_MOST) {
        kw_sim_warn(sim, sim->s.in.parsed, "ESC Z with %zu bytes is no code", count);
        return length;
    }
    memcpy(store + 3, bytes + CODE_HEAD, count);
    kw_sim_symbol(sim, (const uint8_t[]){ 49, 67, bytes[4] >= 1 && bytes[4] <= 8 ? bytes[4] : 4 }, 3);
    kw_sim_symbol(sim, (const uint8_t[]){ 49, 69, level_of(bytes[3]) }, 3);
    kw_sim_symbol(sim, store, 3 + count);
    kw_sim_symbol(sim, (const uint8_t[]){ 49, 81, 48 }, 3);
    return length;
}

/* DC2 * rows bytes: as a raster of small numbers. */
static void small_raster(struct kw_sim *sim, const uint8_t *bytes)
{
    struct kw_bitmap bitmap = { bytes[3] * 8, bytes[2], bytes[3], (uint8_t *)(uintptr_t)(bytes + 4) };
    if (bitmap.width == 0 || bitmap.height == 0)
        return;
    if (!sim->s.page.active && sim->parts[KW_PART_ITEMS].length > 0)
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
    kw_sim_image_event(sim, "DC2 *", bitmap.width, bitmap.height, kw_sim_area_left(sim), sim->s.in.parsed);
    kw_sim_print_bitmap(sim, &bitmap, 1, 1);
}

static void self_test(struct kw_sim *sim)
{
    static const char text[] = "*** SELF TEST ***";
    kw_sim_flush_line(sim, 0);
    kw_sim_put_text(sim, (const uint8_t *)text, sizeof text - 1, sim->s.in.parsed);
    kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
}

void kw_sim_board_command(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (bytes[0] == 0x07)
        kw_sim_buzz(sim, "BEL", -1, 1, 0);
    else if (length >= 3 && bytes[1] == 0x23)
        kw_sim_density(sim, "DC2 #", 50 + (bytes[2] & 0x1F) * 5);
    else if (length >= 4 && bytes[1] == 0x2A)
        small_raster(sim, bytes);
    else if (length >= 2 && bytes[1] == 0x54)
        self_test(sim);
}
