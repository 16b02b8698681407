/*
 * machine.c - the printer as a whole: made, fed, read, run; its receive buffer and its time.
 *
 * Bytes are looked at by the real-time reader as they come, then wait in the receive buffer for the parser, which
 * works while the printer can print and the head is not behind. What came before a real-time command is
 * worked off first where paper takes no time, so that the paper does not depend on how the stream was split.
 */
#include "simulator/machine.h"

#include "simulator/decode.h"
#include "simulator/events.h"
#include "simulator/faults.h"
#include "simulator/line.h"
#include "simulator/paper.h"
#include "simulator/parser.h"
#include "simulator/peer.h"
#include "simulator/realtime.h"
#include "simulator/replies.h"
#include "simulator/reset.h"
#include "simulator/star.h"
#include "simulator/zint.h"

#include <stdlib.h>
#include <string.h>

enum { RECEIVE_DEFAULT = 4096, RECEIVE_MOST = 1024 * 1024 };

/* The most that each run of bytes may hold. */
static const size_t ceilings[KW_PARTS] = {
    [KW_PART_RECEIVE] = 4 * RECEIVE_MOST, [KW_PART_COMMAND] = KW_SIM_COMMAND_CEILING + 16, [KW_PART_ROW] = 65536,
    [KW_PART_ITEMS] = (KW_SIM_ITEMS_MAX + 16) * sizeof(struct kw_sim_item), [KW_PART_ITEM_BITS] = 1024 * 1024,
    [KW_PART_PAPER] = 24u * 1024 * 1024, [KW_PART_TEXT] = 512 * 1024,
    [KW_PART_TEXT_ROWS] = 256 * 1024, [KW_PART_REPLIES] = 64 * 1024,
    [KW_PART_MACRO] = 2048, [KW_PART_PAGE] = 4u * 1024 * 1024, [KW_PART_PAGE_ITEMS] = 1024 * 1024,
    [KW_PART_DOWNLOAD] = 128 * 1024, [KW_PART_STORED] = 1024 * 1024, [KW_PART_GRAPHICS] = 2 * 1024 * 1024,
    [KW_PART_NV_IMAGES] = 2 * 1024 * 1024, [KW_PART_USER_CHARACTERS] = 64 * 1024, [KW_PART_MEMORY] = 64 * 1024,
    [KW_PART_SYMBOLS] = 128 * 1024
};

static void set_geometry(struct kw_sim *sim)
{
    int width = sim->profile->width_dots > 0 ? sim->profile->width_dots : 384;
    sim->width_dots = width < KW_SIM_ROW_MAX * 8 ? width : KW_SIM_ROW_MAX * 8;
    sim->dpi = sim->profile->dpi > 0 ? sim->profile->dpi : 203;
    sim->stride = (size_t)(sim->width_dots + 7) / 8;
}

int kw_sim_new(const struct kw_sim_options *options, struct kw_sim **sim, struct kw_error *error)
{
    struct kw_sim *made = calloc(1, sizeof *made);
    *sim = NULL;
    if (!made)
        return kw_fail(error, KWIT_E_NO_MEMORY, "simulator", "out of memory");
    made->options = *options;
    made->own_profile = *options->profile;
    kw_profile_without_face(&made->own_profile);
    made->profile = &made->own_profile;
    for (int part = 0; part < KW_PARTS; part++)
        kw_buffer_init(&made->parts[part], ceilings[part]);
    kw_buffer_init(&made->line, 1024 * 1024);
    kw_buffer_init(&made->scratch, 256 * 1024);
    made->read_most = UINT64_MAX;
    set_geometry(made);
    kw_sim_select_table(made, 0);
    made->s.times.power_on_ms = made->s.times.last_ms = kw_sim_now(made);
    made->s.random = 1;
    made->s.paper.roll_dots = (int64_t)options->roll_mm * made->dpi * 10 / 254;
    int code = kw_sim_choose_peer(made, options->peer, error);
    if (code == 0)
        code = kw_sim_parse_faults(made, made->peer->faults, error);
    if (code == 0)
        code = kw_sim_parse_faults(made, options->faults, error);
    if (code == 0)
        code = kw_sim_parse_scenario(made, options->scenario, error);
    if (code < 0) {
        kw_sim_free(made);
        return code;
    }
    kw_sim_initialise(made);
    kw_sim_check_faults(made, KW_AT_BYTE);
    kw_sim_check_faults(made, KW_AT_MM);
    kw_sim_peer_power_on(made);
    *sim = made;
    return 0;
}

int kw_sim_check_options(const struct kw_sim_options *options, struct kw_error *error)
{
    struct kw_sim_options silent = *options;
    struct kw_sim *sim;
    silent.paper = NULL;
    silent.event = NULL;
    silent.note = NULL;
    int code = kw_sim_new(&silent, &sim, error);
    if (code == 0)
        kw_sim_free(sim);
    return code;
}

void kw_sim_free(struct kw_sim *sim)
{
    if (!sim)
        return;
    kw_sim_zint_close(sim);
    kw_sim_decode_end(sim);
    for (int part = 0; part < KW_PARTS; part++)
        kw_buffer_free(&sim->parts[part]);
    kw_buffer_free(&sim->line);
    kw_buffer_free(&sim->scratch);
    free(sim);
}

/* ---- working ---- */

static bool head_is_behind(struct kw_sim *sim)
{
    return sim->options.speed_mm_s != KW_SIM_FAST && sim->s.times.busy_until_us > kw_sim_now(sim) * 1000;
}

/* A part that missed something for want of memory, not at its ceiling, makes the machine's account untrue. */
static void note_starved(struct kw_sim *sim)
{
    bool starved = sim->scratch.starved || sim->line.starved;
    for (int part = 0; part < KW_PARTS; part++)
        starved = starved || sim->parts[part].starved;
    sim->out_of_memory = sim->out_of_memory || starved;
}

void kw_sim_process(struct kw_sim *sim)
{
    if (sim->s.health.power_returned) {
        kw_sim_power_cycle(sim);
        kw_sim_peer_power_on(sim);
    }
    while (kw_sim_can_print(sim)) {
        if (head_is_behind(sim)) {
            sim->s.times.working = 1;           /* what waits is printed right behind, however late we look again */
            return;
        }
        if (!kw_sim_step_macro(sim) && !kw_sim_step(sim))
            break;
        kw_sim_check_faults(sim, KW_AT_ANSWER);
    }
    sim->s.times.working = 0;
    note_starved(sim);
}

static size_t receive_room(const struct kw_sim *sim)
{
    int bytes = sim->profile->receive_buffer_bytes;
    size_t size = bytes > 0 ? (size_t)bytes : RECEIVE_DEFAULT;
    size_t used = sim->parts[KW_PART_RECEIVE].length - sim->s.in.receive_at;
    size = size < RECEIVE_MOST ? size : RECEIVE_MOST;
    return used < size ? size - used : 0;
}

/* How many of these bytes may be taken before something else must happen. */
static size_t next_part(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    size_t part = receive_room(sim);
    part = part < length ? part : length;
    uint64_t before = kw_sim_bytes_before_fault(sim);
    if (before > 0 && before < part)
        part = (size_t)before;
    if (part == 0)
        return 0;
    uint8_t first = kw_sim_is_star(sim) ? 0x1B : 0x10;
    if (sim->s.in.rt_length > 0 || bytes[0] == first)
        return 1;
    const uint8_t *lead = memchr(bytes, first, part);
    return lead ? (size_t)(lead - bytes) : part;
}

/* Room first: what stands in the log has been accepted, whatever happens then. */
static bool accept(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    struct kw_buffer *receive = &sim->parts[KW_PART_RECEIVE];
    if (!kw_buffer_add(receive, bytes, length)) {
        note_starved(sim);
        return false;
    }
    if (sim->options.accept && !sim->options.accept(sim->options.output_data, bytes, length)) {
        receive->length -= length;
        return false;
    }
    sim->s.in.accepted += length;
    if (length == 1 && kw_sim_is_star(sim))
        kw_sim_star_realtime(sim, bytes[0]);
    else if (length == 1 && !kw_sim_is_foreign(sim))
        kw_sim_realtime_byte(sim, bytes[0]);
    kw_sim_check_faults(sim, KW_AT_ANSWER);
    kw_sim_process(sim);
    kw_sim_check_faults(sim, KW_AT_BYTE);
    return true;
}

static bool takes_bytes(const struct kw_sim *sim)
{
    return !(sim->s.health.conditions & (KW_COND_GONE | KW_COND_NAK));
}

/* What is no printer takes all and forgets it. */
static ptrdiff_t discard(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (length == 0 || (sim->options.accept && !sim->options.accept(sim->options.output_data, bytes, length)))
        return 0;
    sim->s.in.accepted += length;
    sim->s.in.parsed = sim->s.in.accepted;
    kw_sim_check_faults(sim, KW_AT_BYTE);
    kw_sim_peer_heard(sim, bytes, length);
    return (ptrdiff_t)length;
}

ptrdiff_t kw_sim_write(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    size_t done = 0;
    kw_sim_check_faults(sim, KW_AT_TIME);
    kw_sim_process(sim);
    if (sim->s.health.write_most > 0 && (size_t)sim->s.health.write_most < length)
        length = (size_t)sim->s.health.write_most;
    if (!sim->peer->prints && takes_bytes(sim))
        return discard(sim, bytes, length);
    while (done < length && takes_bytes(sim)) {
        size_t part = next_part(sim, bytes + done, length - done);
        if (part == 0 || !accept(sim, bytes + done, part))
            break;
        done += part;
    }
    return done == 0 && length > 0 && (sim->s.health.conditions & KW_COND_GONE) ? -1 : (ptrdiff_t)done;
}

int64_t kw_sim_run(struct kw_sim *sim)
{
    int64_t now = kw_sim_now(sim), next = kw_sim_next_fault_ms(sim);
    sim->s.times.last_ms = now;
    kw_sim_check_faults(sim, KW_AT_TIME);
    int64_t said = kw_sim_peer_run(sim);
    kw_sim_process(sim);
    int64_t head = head_is_behind(sim) ? sim->s.times.busy_until_us / 1000 + 1 : -1;
    int64_t reply = kw_sim_next_reply_ms(sim);
    if (head >= 0 && (next < 0 || head < next))
        next = head;
    if (reply >= 0 && (next < 0 || reply < next))
        next = reply;
    if (said >= 0 && (next < 0 || said < next))
        next = said;
    return next < 0 ? -1 : next > now ? next - now : 0;
}

/* What came is told where the rest never came: nothing of it was printed. */
static void tell_of_the_unfinished(struct kw_sim *sim)
{
    size_t waiting = sim->parts[KW_PART_COMMAND].length;
    if (sim->s.raster.active)
        kw_sim_warn(sim, sim->s.raster.offset, "the data end inside a picture: %u of %u rows are missing",
                    (unsigned)sim->s.raster.rows_left, (unsigned)sim->s.raster.rows_total);
    else if (kw_sim_can_print(sim) && (waiting > 0 || sim->s.in.skip > 0))
        kw_sim_warn(sim, sim->s.in.command_offset, "the data end inside a command: %zu bytes are not printed", waiting);
}

int kw_sim_finish(struct kw_sim *sim, struct kw_error *error)
{
    tell_of_the_unfinished(sim);
    if (sim->parts[KW_PART_ITEMS].length > 0)
        kw_sim_flush_line(sim, 0);
    kw_sim_end_piece(sim, kw_sim_piece_has_something(sim));
    return sim->out_of_memory ? kw_fail(error, KWIT_E_NO_MEMORY, "simulator", "out of memory") : 0;
}

size_t kw_sim_waiting(const struct kw_sim *sim)
{
    return sim->parts[KW_PART_RECEIVE].length - (size_t)sim->s.in.receive_at + sim->parts[KW_PART_COMMAND].length;
}

bool kw_sim_is_idle(struct kw_sim *sim)
{
    return sim->parts[KW_PART_RECEIVE].length == sim->s.in.receive_at && sim->s.macro.runs == 0 && !head_is_behind(sim);
}

int kw_sim_port_status(const struct kw_sim *sim)
{
    bool paper_out = sim->s.health.conditions & KW_COND_PAPER_END;
    bool fault = sim->s.health.conditions & KW_COND_OFFLINE;
    if (sim->s.health.conditions & KW_COND_GONE)
        return -1;
    return (paper_out ? 0x20 : 0) | 0x10 | (fault ? 0 : 0x08);
}
