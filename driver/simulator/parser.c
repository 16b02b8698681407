/*
 * parser.c - the main reader: takes the receive buffer in order, one token at a time, and never loses step.
 *
 * A command is run where it lies when it is whole; else it is gathered. Rasters are taken row by row as they come,
 * and what is too long to keep is read over, so that memory stays bounded.
 */
#include "simulator/parser.h"

#include "grammar/grammar.h"
#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/makers.h"
#include "simulator/pagemode.h"
#include "simulator/paper.h"
#include "simulator/raster.h"
#include "simulator/star.h"
#include "simulator/text.h"
#include "simulator/watch.h"

#include <string.h>

enum { MACRO_MOST_MM = 10000, MACRO_BYTES = 2048 };

/* Which handler a command has: numbers, since a start puts every address right, and few of all places have one. */
enum {
    NO_HANDLER,
#define ENTRY(lead, second, name) HANDLER_##lead##_##second,
    KW_SIM_HANDLERS(ENTRY)
#undef ENTRY
};
static const uint8_t places[3][256] = {
#define ENTRY(lead, second, name) [(lead) - 0x1B][second] = HANDLER_##lead##_##second,
    KW_SIM_HANDLERS(ENTRY)
#undef ENTRY
};
static kw_sim_handler *const handlers[] = {
    [NO_HANDLER] = NULL,
#define ENTRY(lead, second, name) [HANDLER_##lead##_##second] = kw_sim_do_##name,
    KW_SIM_HANDLERS(ENTRY)
#undef ENTRY
};

/* Tells whoever watches what begins; what a macro holds is part of the command that runs it. */
static void tell_token(struct kw_sim *sim, const struct kw_grammar_token *token, uint64_t offset)
{
    if (sim->watch && !sim->in_macro)
        sim->watch->token(sim->watch->data, token, offset);
}

static unsigned grammar_flags(const struct kw_sim *sim)
{
    static const unsigned kanji[] = { 0, KW_GRAMMAR_KANJI_20, KW_GRAMMAR_KANJI_16 };
    static const unsigned own[] = {
        [KW_FIRMWARE_BOARD] = KW_GRAMMAR_BOARD, [KW_FIRMWARE_NT5890K] = KW_GRAMMAR_BOARD,
        [KW_FIRMWARE_CUSTOM] = KW_GRAMMAR_CUSTOM, [KW_FIRMWARE_IMPACT] = 0
    };
    return kanji[sim->s.look.kanji_font] | own[sim->profile->firmware] |
           (sim->profile->quirks & KW_QUIRK_BUZZER ? KW_GRAMMAR_BUZZER : 0);
}

/* ---- single bytes ---- */

static void control(struct kw_sim *sim, uint8_t byte)
{
    bool empty = sim->parts[KW_PART_ITEMS].length == 0;
    switch (byte) {
    case 0x09:
        kw_sim_tab(sim);
        break;
    case 0x0A:
        if (sim->s.page.active) {
            kw_sim_page_newline(sim, sim->s.line.line_spacing[1]);
            break;
        }
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
        kw_sim_blank_text_lines(sim, empty ? 1 : 0);
        break;
    case 0x0C:
        if (sim->s.page.active)
            kw_sim_page_leave(sim, true);
        else if (!empty)
            kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
        break;
    case 0x18:
        kw_sim_page_clear(sim);
        break;
    default:                                    /* CR: line feeds are not added */
        break;
    }
}

/* ---- whole tokens ---- */

static size_t run_command(struct kw_sim *sim, const uint8_t *bytes, size_t length, const char *name)
{
    if (bytes[0] < 0x1B) {
        if (bytes[0] == 0x12 || bytes[0] == 0x07)
            kw_sim_board_command(sim, bytes, length);
        else if (bytes[0] != 0x10)
            control(sim, bytes[0]);
        return length;
    }
    kw_sim_handler *handler = handlers[places[bytes[0] - 0x1B][bytes[1]]];
    if (!handler) {
        kw_sim_warn(sim, sim->s.in.parsed, "%s does nothing on this printer", name);
        return length;
    }
    return handler(sim, bytes, length);
}

static bool prints_nothing(const struct kw_sim *sim, const uint8_t *bytes)
{
    return sim->s.host.deselected && !(bytes[0] == 0x1B && bytes[1] == 0x3D);
}

static void record_macro(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    bool ends = bytes[0] == 0x1D && length == 2 && bytes[1] == 0x3A;
    if (sim->s.macro.defining && !sim->in_macro && !ends)
        kw_buffer_add(&sim->parts[KW_PART_MACRO], bytes, length);
}

/* Pages of junk come of a Star job: why is said once. */
static void tell_star(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (sim->s.star.told || !kw_sim_looks_like_star(bytes, length))
        return;
    sim->s.star.told = 1;
    kw_sim_warn(sim, sim->s.in.parsed,
                "this is a job for a Star printer: be one with --profile tsp100 or another of its models");
}

/* Runs one whole token; returns how many of its bytes were taken. */
static size_t run_token(struct kw_sim *sim, const uint8_t *bytes, const struct kw_grammar_token *token)
{
    size_t length = (size_t)token->length;
    tell_token(sim, token, sim->s.in.parsed);
    bool eaten = sim->s.raster.eats_feed && bytes[0] == 0x0A;
    sim->s.raster.eats_feed = 0;
    if (eaten)
        return length;
    if (sim->s.macro.defining)
        record_macro(sim, bytes, length);
    if (prints_nothing(sim, bytes))
        return length;
    if (token->kind == KW_TOKEN_TEXT)
        return kw_sim_put_text(sim, bytes, length, sim->s.in.parsed);
    sim->s.line.pending_lead = 0;
    tell_star(sim, bytes, length);
    if (token->kind == KW_TOKEN_COMMAND)
        return run_command(sim, bytes, length, token->name);
    if (length > 1)
        kw_sim_warn(sim, sim->s.in.parsed, "undefined command %02X %02X: two bytes dropped", bytes[0], bytes[1]);
    else if (bytes[0] != 0)
        kw_sim_warn(sim, sim->s.in.parsed, "undefined code %02X: dropped", bytes[0]);
    return length;
}

/* ---- taking from the receive buffer ---- */

static uint8_t *receive_at(struct kw_sim *sim, size_t *length)
{
    struct kw_buffer *receive = &sim->parts[KW_PART_RECEIVE];
    *length = receive->length - sim->s.in.receive_at;
    uint64_t head = sim->s.in.accepted - *length, most = sim->read_most > head ? sim->read_most - head : 0;
    if (most < *length)
        *length = (size_t)most;
    return *length > 0 ? receive->data + sim->s.in.receive_at : NULL;
}

static void consume(struct kw_sim *sim, size_t length)
{
    struct kw_buffer *receive = &sim->parts[KW_PART_RECEIVE];
    sim->s.in.receive_at += length;
    if (sim->s.in.receive_at >= receive->length) {
        kw_buffer_clear(receive);
        sim->s.in.receive_at = 0;
    } else if (sim->s.in.receive_at > receive->length / 2) {
        memmove(receive->data, receive->data + sim->s.in.receive_at, receive->length - sim->s.in.receive_at);
        receive->length -= sim->s.in.receive_at;
        sim->s.in.receive_at = 0;
    }
}

static void tell_stream(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    struct kw_grammar_token token;
    if (!sim->watch)
        return;
    kw_grammar_next(bytes, length, grammar_flags(sim), &token);
    token.class = bytes[0] == 0x1C ? KW_CLASS_STORE : KW_CLASS_INK;
    tell_token(sim, &token, sim->s.in.parsed);
}

/* The head of a raster or of FS q is enough to begin; the data are taken as they come. */
static bool begin_stream(struct kw_sim *sim, const uint8_t *bytes, size_t length, size_t *taken)
{
    if (sim->s.macro.defining || prints_nothing(sim, bytes))
        return false;
    if (length >= 8 && bytes[0] == 0x1D && bytes[1] == 0x76 && bytes[2] == 0x30) {
        tell_stream(sim, bytes, length);
        *taken = kw_sim_begin_raster(sim, bytes);
        return true;
    }
    if (length >= 3 && bytes[0] == 0x1C && bytes[1] == 0x71) {
        tell_stream(sim, bytes, length);
        kw_sim_begin_nv_images(sim, bytes[2]);
        *taken = 3;
        return true;
    }
    return false;
}

static bool too_long(struct kw_sim *sim, const struct kw_grammar_token *token, size_t have)
{
    if (token->length <= KW_SIM_COMMAND_CEILING)
        return false;
    tell_token(sim, token, sim->s.in.command_offset);
    kw_sim_warn(sim, sim->s.in.command_offset, "%s with %llu bytes is too long to keep: read over",
                token->name ? token->name : "command", (unsigned long long)token->length);
    sim->s.in.skip = token->length - have;
    return true;
}

/* Bytes that were taken go; the rest (behind a bad byte) are ordinary data. */
static void drop_gathered(struct kw_sim *sim, size_t done)
{
    struct kw_buffer *command = &sim->parts[KW_PART_COMMAND];
    struct kw_sim_state *s = &sim->s;
    s->in.parsed = s->in.command_offset + done;
    if (done < command->length) {
        memmove(command->data, command->data + done, command->length - done);
        command->length -= done;
        s->in.command_offset += done;
        s->in.command_need = 1;
        return;
    }
    kw_buffer_clear(command);
    if (s->in.nv_images_left == 0)                 /* else the head of its first image is what is needed now */
        s->in.command_need = 0;
}

static bool drops_pair(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (length < 2 || !kw_sim_lacks(sim, bytes))
        return false;
    kw_sim_warn(sim, sim->s.in.parsed, "this model has no %s %c: two bytes dropped, the rest is data",
                bytes[0] == 0x1D ? "GS" : "ESC", bytes[1]);
    return true;
}

/* Runs what lies in the command buffer, or says how much more it needs. */
static void try_gathered(struct kw_sim *sim)
{
    struct kw_buffer *command = &sim->parts[KW_PART_COMMAND];
    struct kw_grammar_token token;
    size_t done = 0;
    sim->s.in.parsed = sim->s.in.command_offset;
    if (sim->s.in.nv_images_left > 0) {
        kw_sim_gathered_nv_image(sim);
        return;
    }
    if (drops_pair(sim, command->data, command->length)) {
        drop_gathered(sim, 2);
        return;
    }
    kw_grammar_next(command->data, command->length, grammar_flags(sim), &token);
    if (begin_stream(sim, command->data, command->length, &done)) {
        drop_gathered(sim, done);
    } else if (too_long(sim, &token, command->length)) {
        drop_gathered(sim, command->length);
    } else if (token.kind == KW_TOKEN_PARTIAL || token.length > command->length) {
        sim->s.in.command_need = token.length;
    } else {
        done = run_token(sim, command->data, &token);
        drop_gathered(sim, done);
    }
}

static void gather(struct kw_sim *sim, const uint8_t *bytes, size_t available)
{
    struct kw_buffer *command = &sim->parts[KW_PART_COMMAND];
    struct kw_sim_state *s = &sim->s;
    if (command->length == 0)
        s->in.command_offset = s->in.parsed;
    size_t wanted = s->in.command_need > command->length ? s->in.command_need - command->length : 0;
    size_t part = wanted < available ? wanted : available;
    if (part > 0) {
        kw_buffer_add(command, bytes, part);
        consume(sim, part);
    }
    if (command->failed) {
        kw_buffer_clear(command);
        s->in.command_need = 0;
        sim->out_of_memory = true;
    } else if (command->length >= s->in.command_need) {
        try_gathered(sim);
    }
}

static void step_fresh(struct kw_sim *sim, const uint8_t *bytes, size_t available)
{
    struct kw_grammar_token token;
    size_t taken = drops_pair(sim, bytes, available) ? 2 : 0;
    if (taken > 0 || begin_stream(sim, bytes, available, &taken)) {
        sim->s.in.parsed += taken;
        consume(sim, taken);
        return;
    }
    kw_grammar_next(bytes, available, grammar_flags(sim), &token);
    sim->s.in.command_offset = sim->s.in.parsed;
    if (token.kind == KW_TOKEN_COMMAND && too_long(sim, &token, 0))
        return;
    if (token.kind == KW_TOKEN_PARTIAL || token.length > available) {
        sim->s.in.command_need = token.kind == KW_TOKEN_PARTIAL || !token.head ? token.length : token.head;
        gather(sim, bytes, available);
        return;
    }
    taken = run_token(sim, bytes, &token);
    sim->s.in.parsed += taken;
    consume(sim, taken);
}

/* A model of a language that is spoken nowhere here takes what it gets and prints none of it. */
static size_t take_foreign(struct kw_sim *sim, size_t available)
{
    if (sim->s.in.parsed == 0 && available > 0)
        kw_sim_warn(sim, 0, "a %s does not understand ESC/POS: it comes out as nothing", sim->profile->model);
    return available;
}

bool kw_sim_step(struct kw_sim *sim)
{
    struct kw_sim_state *s = &sim->s;
    bool star = kw_sim_is_star(sim);
    size_t available, taken;
    const uint8_t *bytes = receive_at(sim, &available);
    if (star || kw_sim_is_foreign(sim)) {
        taken = star ? kw_sim_star_bytes(sim, bytes, available) : take_foreign(sim, available);
        s->in.parsed += taken;
        consume(sim, taken);
        return taken > 0;
    }
    if (sim->parts[KW_PART_COMMAND].length > 0 && s->in.command_need <= sim->parts[KW_PART_COMMAND].length) {
        try_gathered(sim);
        return true;
    }
    if (available == 0)
        return false;
    if (s->in.skip > 0) {
        taken = s->in.skip < available ? (size_t)s->in.skip : available;
        s->in.skip -= taken;
    } else if (s->raster.active) {
        taken = kw_sim_raster_bytes(sim, bytes, available);
    } else if (sim->parts[KW_PART_COMMAND].length > 0 || s->in.nv_images_left > 0) {
        gather(sim, bytes, available);
        return true;
    } else {
        step_fresh(sim, bytes, available);
        return true;
    }
    s->in.parsed += taken;
    consume(sim, taken);
    return true;
}

/* ---- macros ---- */

/* Whole commands from memory; what comes of them was caused by the command that runs them, GS ^, which is over. */
static void run_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    enum { CALL = 5 };
    struct kw_grammar_token token;
    uint64_t offset = sim->s.in.parsed;
    for (size_t at = 0, taken; at < length; at += taken) {
        sim->s.in.parsed = offset > CALL ? offset - CALL : 0;
        if (begin_stream(sim, bytes + at, length - at, &taken)) {
            while (sim->s.raster.active && at + taken < length)
                taken += kw_sim_raster_bytes(sim, bytes + at + taken, length - at - taken);
            sim->s.in.nv_images_left = 0;
            continue;
        }
        kw_grammar_next(bytes + at, length - at, grammar_flags(sim), &token);
        if (token.kind == KW_TOKEN_PARTIAL || token.length > length - at)
            break;
        taken = run_token(sim, bytes + at, &token);
        if (taken == 0)
            break;
    }
    sim->s.raster.active = 0;
    sim->s.in.parsed = offset;
}

static void run_macro(struct kw_sim *sim)
{
    const struct kw_buffer *macro = &sim->parts[KW_PART_MACRO];
    uint8_t copy[MACRO_BYTES];
    size_t size = macro->length < sizeof copy ? macro->length : sizeof copy;
    if (size == 0)
        return;
    memcpy(copy, macro->data, size);
    sim->in_macro = true;
    run_bytes(sim, copy, size);
    sim->in_macro = false;
}

bool kw_sim_step_macro(struct kw_sim *sim)
{
    struct kw_sim_state *s = &sim->s;
    int64_t most = (int64_t)MACRO_MOST_MM * sim->dpi * 10 / 254;
    if (s->macro.runs == 0)
        return false;
    s->macro.runs--;
    run_macro(sim);
    if (s->macro.runs > 0 && s->paper.travel_dots - s->macro.start_dots >= most) {
        kw_sim_warn(sim, s->in.parsed, "GS ^ stopped after %d mm of paper", MACRO_MOST_MM);
        s->macro.runs = 0;
    }
    if (s->macro.runs > 0 && s->macro.waits)
        kw_sim_conditions(sim, KW_COND_WAITING, 0);
    return true;
}
