/*
 * star_set.c - what a printer of Star Line or StarPRNT sets by itself: letters and how they look, QR codes, bars,
 * pictures in bands. Facts: Star Line Mode Command Specifications; StarPRNT Command Specifications.
 */
#include "simulator/star.h"

#include "simulator/decode.h"
#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/symbols.h"

enum { ESC = 0x1B, GS = 0x1D, SIZES = 6, PITCH_4_MM = 32, PITCH_3_MM = 24, QR = 49, WHOLE_CEILING = 64 * 1024 };

int kw_sim_star_pitch(const struct kw_sim *sim)
{
    return sim->s.star.pitch ? sim->s.star.pitch : PITCH_4_MM;
}

/* Many numbers may be sent as their digit too. */
static uint8_t number(uint8_t said)
{
    return said >= '0' && said <= '9' ? (uint8_t)(said - '0') : said;
}

/* ---- letters ---------------------------------------------------------------------------------------------------- */

static void size_of(struct kw_sim *sim, uint8_t *times, uint8_t said)
{
    if (number(said) < SIZES)
        *times = (uint8_t)(number(said) + 1);
    else
        kw_sim_out_of_range(sim, "ESC i", said);
}

static void place(struct kw_sim *sim, int x)
{
    if (x < 0 || x > kw_sim_area_width(sim))
        return;
    sim->s.line.x = x;
    sim->s.line.moved = 1;
}

static void set_table(struct kw_sim *sim, uint8_t n)
{
    if (!kw_sim_select_table(sim, n))
        kw_sim_warn(sim, sim->s.in.parsed, "ESC GS t %d: this model has no such table; the old one stays", n);
}

/* ---- symbols ---------------------------------------------------------------------------------------------------- */

/* A command of the other language that prints the same. */
static void as_escpos(struct kw_sim *sim, const void *head, size_t head_length, const uint8_t *data, size_t count,
                      void (*act)(struct kw_sim *sim, const uint8_t *bytes, size_t length))
{
    struct kw_buffer whole;
    kw_buffer_init(&whole, WHOLE_CEILING);
    kw_buffer_add(&whole, head, head_length);
    kw_buffer_add(&whole, data, count);
    if (!whole.failed)
        act(sim, whole.data, whole.length);
    kw_buffer_free(&whole);
}

static void act_barcode(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    kw_sim_do_barcode(sim, bytes, length);
}

static void act_columns(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    kw_sim_do_bit_image(sim, bytes, length);
}

/* S0 model, S1 correction, S2 cell; D1 data; P prints. */
static void set_qr(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    uint8_t setting[3] = { QR, bytes[4] == '0' ? 65 : bytes[4] == '1' ? 69 : 67,
                           bytes[4] == '2' ? bytes[5] : (uint8_t)('0' + bytes[5]) };
    if (bytes[3] == 'S') {
        kw_sim_symbol(sim, setting, sizeof setting);
    } else if (bytes[3] == 'D') {
        as_escpos(sim, (const uint8_t[]){ QR, 80, '0' }, 3, bytes + 8, length - 8, kw_sim_symbol);
    } else if (bytes[3] == 'P') {
        kw_sim_flush_line(sim, 0);
        kw_sim_symbol(sim, (const uint8_t[]){ QR, 81, '0' }, 3);
    }
}

/* Kind, text below, width of a bar, height, data, RS. */
static void set_bars(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    static const uint8_t kinds[] = { 66, 65, 68, 67, 69, 70, 79, 72, 71, 79 };
    uint8_t kind = number(bytes[2]), text = number(bytes[3]), width = number(bytes[4]);
    size_t count = length - 7;
    if (kind >= sizeof kinds || width < 1 || bytes[5] == 0 || count > 255) {
        kw_sim_out_of_range(sim, "ESC b", bytes[2]);
        return;
    }
    kw_sim_flush_line(sim, 0);
    sim->s.symbols.bars_text = text == 2 || text == 4 ? 2 : 0;
    sim->s.symbols.bars_module = (uint8_t)(width < 3 ? width + 1 : 4);
    sim->s.symbols.bars_height = bytes[5];
    as_escpos(sim, (const uint8_t[]){ GS, 'k', kinds[kind], (uint8_t)count }, 4, bytes + 6, count, act_barcode);
}

/* ---- pictures in the line --------------------------------------------------------------------------------------- */

static void set_columns(struct kw_sim *sim, const uint8_t *columns, int count)
{
    const uint8_t head[] = { ESC, '*', 33, (uint8_t)count, (uint8_t)(count >> 8) };
    as_escpos(sim, head, sizeof head, columns, (size_t)count * 3, act_columns);
}

/* Twenty-four rows, each so many bytes. */
static void set_rows(struct kw_sim *sim, const uint8_t *rows, int bytes_wide)
{
    uint8_t columns[255 * 8 * 3] = { 0 };
    for (int y = 0; y < KW_SIM_STAR_BAND; y++)
        for (int x = 0; x < bytes_wide * 8; x++)
            if (rows[y * bytes_wide + x / 8] & (0x80 >> (x & 7)))
                columns[x * 3 + y / 8] |= (uint8_t)(0x80 >> (y & 7));
    set_columns(sim, columns, bytes_wide * 8);
}

/* ---- one command ------------------------------------------------------------------------------------------------ */

static void set_group(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    switch (bytes[2]) {
    case 'a': sim->s.line.align = number(bytes[3]) <= 2 ? number(bytes[3]) : 0; break;
    case 't': set_table(sim, bytes[3]); break;
    case 'A': place(sim, bytes[3] | bytes[4] << 8); break;
    case 'R': place(sim, sim->s.line.x + (int16_t)(bytes[3] | bytes[4] << 8)); break;
    case 'y': set_qr(sim, bytes, length); break;
    default: break;
    }
}

static void set_look(struct kw_sim *sim, const uint8_t *bytes)
{
    struct kw_sim_look *look = &sim->s.look;
    switch (bytes[1]) {
    case 'i': size_of(sim, &look->times_high, bytes[2]); size_of(sim, &look->times_wide, bytes[3]); break;
    case 'W': size_of(sim, &look->times_wide, bytes[2]); break;
    case 'h': size_of(sim, &look->times_high, bytes[2]); break;
    case 0x0E: look->times_high = 2; break;
    case 0x14: look->times_high = 1; break;
    case '4': case '5': look->reverse = bytes[1] == '4'; break;
    case '-': look->underline = number(bytes[2]) == 1; break;
    case '0': sim->s.star.pitch = PITCH_3_MM; break;
    case 'z': sim->s.star.pitch = number(bytes[2]) == 1 ? PITCH_4_MM : PITCH_3_MM; break;
    default: break;
    }
}

void kw_sim_star_set(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (sim->profile->language == KW_LANGUAGE_STAR_RASTER) {
        sim->s.star.dropped = 1;
        return;
    }
    if (bytes[0] != ESC)
        sim->s.look.times_wide = bytes[0] == 0x0E ? 2 : 1;
    else if (bytes[1] == GS)
        set_group(sim, bytes, length);
    else if (bytes[1] == 'b')
        set_bars(sim, bytes, length);
    else if (bytes[1] == 'X')
        set_columns(sim, bytes + 4, bytes[2] | bytes[3] << 8);
    else if (bytes[1] == 'k')
        set_rows(sim, bytes + 4, bytes[2]);
    else
        set_look(sim, bytes);
}
