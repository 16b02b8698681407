/* status.c - what delivery asks beside the pieces, and what the answers to DLE EOT say. */
#include "escpos/commands.h"
#include "escpos/escpos.h"

/* Every answer to DLE EOT has bits 1 and 4 set and bits 0 and 7 clear. */
enum { ANSWER_MASK = 0x93, ANSWER_BITS = 0x12, SMALL = 8, LARGE = 16, COUNTER_CUTS = 50 };

static size_t write_one(uint8_t *out, enum kw_command command, int parameter)
{
    return kw_command_write(out, SMALL, command, (const uint8_t[]){ (uint8_t)parameter }, 1);
}

size_t kw_escpos_ask_status(int n, uint8_t out[8])
{
    return write_one(out, KW_COMMAND_ASK_STATUS, n);
}

size_t kw_escpos_ask_process_id(const uint8_t id[KW_PROCESS_ID_BYTES], uint8_t out[16])
{
    return kw_command_write(out, LARGE, KW_COMMAND_ASK_PROCESS, id, KW_PROCESS_ID_BYTES);
}

size_t kw_escpos_ask_barrier(uint8_t out[8])
{
    return write_one(out, KW_COMMAND_ASK_SENSOR, 1);
}

size_t kw_escpos_ask_name(int n, uint8_t out[8])
{
    return write_one(out, KW_COMMAND_ASK_NAME, n);
}

size_t kw_escpos_ask_cut_count(uint8_t out[8])
{
    return kw_command_write(out, SMALL, KW_COMMAND_ASK_COUNTER, (const uint8_t[]){ COUNTER_CUTS, 0 }, 2);
}

size_t kw_escpos_clear(uint8_t out[16])
{
    return kw_command_write(out, LARGE, KW_COMMAND_CLEAR, NULL, 0);
}

size_t kw_escpos_recover(int how, uint8_t out[8])
{
    return write_one(out, KW_COMMAND_RECOVER, how);
}

size_t kw_escpos_pulse_now(int pin, int on_ms, uint8_t out[8])
{
    int steps = on_ms / 100 < 1 ? 1 : on_ms / 100 > 8 ? 8 : on_ms / 100;
    return kw_command_write(out, SMALL, KW_COMMAND_PULSE_NOW, (const uint8_t[]){ pin == 5, (uint8_t)steps }, 2);
}

size_t kw_escpos_pulse_instead(const uint8_t *bytes, size_t length, uint8_t out[8])
{
    enum { PULSE_BYTES = 5, PIN_AT = 2, ON_AT = 3, ON_STEP_MS = 2 };
    if (length != PULSE_BYTES || bytes[0] != 0x1B || bytes[1] != 0x70)
        return 0;
    return kw_escpos_pulse_now(bytes[PIN_AT] ? 5 : 2, bytes[ON_AT] * ON_STEP_MS, out);
}

bool kw_escpos_unstick(struct kw_buffer *out)
{
    kw_buffer_fill(out, 0, KW_COMMAND_MAX_BYTES);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
    kw_put_plain(out, KW_COMMAND_INITIALISE);
    return !out->failed;
}

/* ---- answers --------------------------------------------------------------------------------------------------- */

static void take_printer(struct kw_printer_state *state, uint8_t answer)
{
    state->drawer_pin_high = answer & 0x04;
    state->offline = answer & 0x08;
    state->waiting = answer & 0x20;
}

static void take_cause(struct kw_printer_state *state, uint8_t answer)
{
    state->cover_open = answer & 0x04;
    state->feeding = answer & 0x08;
    state->paper_out = answer & 0x20;
    state->error = answer & 0x40;
}

static void take_error(struct kw_printer_state *state, uint8_t answer)
{
    state->recoverable = answer & 0x04;
    state->cutter = answer & 0x08;
    state->unrecoverable = answer & 0x20;
    state->auto_recoverable = answer & 0x40;
}

/* Stopped by the end of paper (answer 2) and the end sensor (answer 4) both mean that there is none. */
static void take_paper(struct kw_printer_state *state, uint8_t answer)
{
    state->paper_near_end = answer & 0x0C;
    state->paper_out = (state->raw[2] & 0x20) || (answer & 0x60);
}

bool kw_escpos_take_status(struct kw_printer_state *state, int n, uint8_t answer)
{
    static void (*const take[])(struct kw_printer_state *, uint8_t) = {
        take_printer, take_cause, take_error, take_paper
    };
    if (n < 1 || n > 4 || (answer & ANSWER_MASK) != ANSWER_BITS)
        return false;
    state->raw[n] = answer;
    take[n - 1](state, answer);
    state->known = true;
    return true;
}

int kw_escpos_cause(const struct kw_printer_state *state)
{
    const struct { bool holds; enum kwit_error cause; } causes[] = {
        { state->unrecoverable, KWIT_E_PRINTER_DEAD }, { state->cutter, KWIT_E_CUTTER_JAM },
        { state->cover_open, KWIT_E_COVER_OPEN },      { state->paper_out, KWIT_E_PAPER_OUT },
        { state->auto_recoverable, KWIT_E_HEAD_HOT },  { state->recoverable || state->error, KWIT_E_PRINTER_ERROR },
        { state->feeding, KWIT_E_FEEDING },            { state->offline || state->waiting, KWIT_E_OFFLINE },
    };
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].holds)
            return causes[i].cause;
    return 0;
}
