/*
 * families.c - the `( x` commands: which letter and function goes where, and those that need no file of their own.
 * All of them say their length, so an unknown one is read over with a warning.
 */
#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/graphics.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/logos.h"
#include "simulator/makers.h"
#include "simulator/pagemode.h"
#include "simulator/paper.h"
#include "simulator/replies.h"
#include "simulator/reset.h"
#include "simulator/status.h"
#include "simulator/symbols.h"
#include "simulator/text.h"
#include "simulator/users.h"

#include <stdio.h>
#include <string.h>

/* GS ( E: settings of the machine. What is asked is answered as an unchanged printer would. */
static void user_setup(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    char text[40];
    switch (length > 0 ? p[0] : 0) {
    case 1:
        if (length >= 3 && p[1] == 0x49 && p[2] == 0x4E)
            kw_sim_reply(sim, "GS ( E 1", "\x37\x20\x00", 3, sim->s.in.parsed);
        break;
    case 4:
        kw_sim_reply_block(sim, "GS ( E 4", 0x37, "!00000000", sim->s.in.parsed);
        break;
    case 6: case 12: case 14: case 16:
        snprintf(text, sizeof text, "%c%d\x1F%d", p[0] == 6 ? 0x27 : p[0] == 12 ? 0x33 : p[0] == 14 ? 0x4A : 0x52,
                 length > 1 ? p[1] : 0, 1);
        kw_sim_reply_block(sim, "GS ( E", 0x37, text, sim->s.in.parsed);
        break;
    default:
        break;
    }
}

static void realtime_switches(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    for (size_t i = 1; p[0] == 20 && i + 1 < length; i += 2) {
        int on = kw_sim_digit(p[i + 1], 1);
        if (on < 0)
            continue;
        if (p[i] == 1)
            sim->s.host.pulse_disabled = !on;
        else if (p[i] == 2)
            sim->s.host.power_off_enabled = (uint8_t)on;
    }
}

/* GS ( A: prints a test page; the printer starts anew afterwards. */
static void test_print(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    static const char *const lines[] = { "*** TEST PRINT ***", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789" };
    if (length < 2 || kw_sim_digit(p[0], 2) < 0 || kw_sim_digit(p[1], 3) < 1)
        return;
    kw_sim_flush_line(sim, 0);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        kw_sim_put_text(sim, (const uint8_t *)lines[i], strlen(lines[i]), sim->s.in.parsed);
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
    }
    if (sim->profile->cutter != KW_CUTTER_NONE) {
        kw_sim_advance(sim, kw_sim_dots_to_blade(sim));
        kw_sim_cut(sim, false, sim->s.in.parsed);
    }
    kw_sim_initialise(sim);
}

/* FS ( e: extended status; bit 3 asks for the block with the offline-execution state. */
static void extended_status(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    if (length >= 2 && p[0] == 0x33 && p[1] & 8)
        kw_sim_answer_dc4_7(sim, 2);
}

/* ---- the buzzer ---- */

/* The clones' own; elsewhere the two values are data, as after any undefined command. */
HANDLER(buzzer)
{
    if (length < 4)
        kw_sim_warn(sim, sim->s.in.parsed, "ESC B is undefined on this model: two bytes dropped");
    else
        kw_sim_buzz(sim, "ESC B", -1, bytes[2], bytes[3] * 100);
    return length;
}

/* ESC ( A: 48 and 97 sound; 98 and 99 say when it sounds of itself. */
static void beeper(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    if (sim->profile->drawer == KW_NO)
        kw_sim_warn(sim, sim->s.in.parsed, "ESC ( A: this model has no socket for a buzzer");
    else if (length >= 4 && p[0] == 48)
        kw_sim_buzz(sim, "ESC ( A", p[1], p[2], p[3] * 100);
    else if (length >= 3 && p[0] == 97)
        kw_sim_buzz(sim, "ESC ( A", p[1], p[2], 0);
}

HANDLER(esc_family)
{
    if (bytes[2] == 'A')
        beeper(sim, bytes + 5, length - 5);
    else
        kw_sim_warn(sim, sim->s.in.parsed, "ESC ( %02X does nothing on this printer: %zu bytes read over", bytes[2],
                    length);
    return length;
}

/* ---- the families ---- */

HANDLER(fs_family)
{
    const uint8_t *parameters = bytes + 5;
    size_t count = length - 5;
    switch (bytes[2]) {
    case 'A': return kw_sim_do_kanji_font(sim, bytes, length);
    case 'C': return kw_sim_do_encoding(sim, bytes, length);
    case 'E': kw_sim_logo_settings(sim, parameters, count); break;
    case 'e': extended_status(sim, parameters, count); break;
    default: kw_sim_warn(sim, sim->s.in.parsed, "FS ( %c does nothing on this printer", bytes[2] < 0x7F &&
                         bytes[2] > 0x20 ? bytes[2] : '?');
    }
    return length;
}

HANDLER(gs_family)
{
    const uint8_t *parameters = bytes + 5;
    size_t count = length - 5;
    switch (bytes[2]) {
    case 'k': kw_sim_symbol(sim, parameters, count); break;
    case 'L': kw_sim_graphics(sim, parameters, count); break;
    case 'H': return kw_sim_confirmation(sim, bytes, length);
    case 'A': test_print(sim, parameters, count); break;
    case 'C': kw_sim_memory(sim, parameters, count); break;
    case 'D': if (count > 0) realtime_switches(sim, parameters, count); break;
    case 'Q': kw_sim_page_lines(sim, parameters, count); break;
    case 'E': user_setup(sim, parameters, count); break;
    case 'K': kw_sim_print_control(sim, parameters, count); break;
    case 'P': case 'M': case 'N': case 'B': case 'F': case 'G': case 'J': case 'z': break;
    default:
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( %02X is unknown: %zu bytes read over", bytes[2], length);
    }
    return length;
}

HANDLER(long_graphics)
{
    kw_sim_graphics(sim, bytes + 7, length - 7);
    return length;
}
