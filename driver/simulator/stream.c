/*
 * stream.c - reads a finished stream through the machine and keeps, for each command, what came of it.
 *
 * The machine says when a command begins; what came of the one before it is the difference between then and now.
 */
#include "simulator/stream.h"

#include "base/clock.h"
#include "simulator/faults.h"
#include "simulator/line.h"
#include "simulator/machine.h"
#include "simulator/paper.h"
#include "simulator/state.h"
#include "simulator/text.h"
#include "simulator/watch.h"

#include <string.h>

enum { STRIP_CEILING = 48 * 1024 * 1024, STRIP_REST = 32 * 1024 /* usually enough for what follows a cut */,
       CHUNK = 2048 };

/* A growing array of the arena. */
struct list {
    void *items;
    size_t count, capacity;
};

/* The paper, row by row, in the arena. */
struct strip {
    uint8_t *rows;
    size_t length, capacity;
};

/* What a command is measured by. */
struct measure {
    uint32_t warnings, cuts, pulses;
    uint64_t inked;
    int64_t row;
};

struct reader {
    struct kw_sim *sim;
    struct kw_arena *arena;
    struct list tokens, texts, codes, cuts, pulses, pieces;
    struct strip strip;
    uint64_t base;                  /* bytes that had come before the stream */
    bool open, failed;              /* open: the last token has not come to its end */
    struct measure before;
};

static void *add(struct reader *reader, struct list *list, size_t size)
{
    char *grown = kw_arena_grow(reader->arena, list->items, list->count, &list->capacity, size);
    if (!grown) {
        reader->failed = true;
        return NULL;
    }
    list->items = grown;
    return memset(grown + list->count++ * size, 0, size);
}

/* Room for so many bytes behind the rows; NULL without memory. What is not written to costs none. */
static uint8_t *add_rows(struct reader *reader, size_t bytes)
{
    struct strip *strip = &reader->strip;
    if (bytes > STRIP_CEILING - strip->length) {
        reader->failed = true;
        return NULL;
    }
    if (bytes > strip->capacity - strip->length) {
        size_t capacity = strip->length + strip->length / 2 + bytes + STRIP_REST;
        uint8_t *rows = kw_arena_unset(reader->arena, capacity, 1);
        reader->failed = reader->failed || !rows;
        if (!rows)
            return NULL;
        if (strip->length > 0)
            memcpy(rows, strip->rows, strip->length);
        strip->rows = rows;
        strip->capacity = capacity;
    }
    strip->length += bytes;
    return strip->rows + strip->length - bytes;
}

static int64_t rows_handed_out(const struct reader *reader)
{
    return (int64_t)(reader->strip.length / reader->sim->stride);
}

static int64_t row_now(const struct reader *reader)
{
    return rows_handed_out(reader) + reader->sim->s.paper.y;
}

static uint64_t offset_in_stream(const struct reader *reader, uint64_t offset)
{
    return offset > reader->base ? offset - reader->base : 0;
}

static struct measure measure(const struct reader *reader)
{
    return (struct measure){ .warnings = reader->sim->warnings, .cuts = (uint32_t)reader->cuts.count,
                             .pulses = (uint32_t)reader->pulses.count, .inked = reader->sim->inked,
                             .row = row_now(reader) };
}

/* ---- what is in force ---- */

/* What has to be said so that so many dots come of it. */
static int units_for(const struct kw_sim *sim, int dots)
{
    int per_inch = sim->s.line.unit_x;
    return per_inch <= 0 ? dots : (dots * per_inch + sim->dpi - 1) / sim->dpi;
}

static struct kw_sim_standing standing(const struct kw_sim *sim)
{
    const struct kw_sim_state *s = &sim->s;
    const struct kw_sim_look *look = &s->look;
    int left = kw_sim_area_left(sim), most = sim->width_dots - left;
    int width = s->line.area_width > 0 && s->line.area_width < most ? s->line.area_width : most;
    return (struct kw_sim_standing){
        .page_mode = s->page.active, .macro_defining = s->macro.defining, .deselected = s->host.deselected,
        .upside_down = s->line.upside_down, .line_empty = kw_sim_at_line_start(sim),
        .two_byte = look->kanji, .utf8 = look->utf8, .bold = look->bold || look->double_strike,
        .reverse = look->reverse, .turned = look->turned, .align = s->line.align, .table = look->table,
        .international = look->international, .font = look->font, .times_wide = look->times_wide,
        .times_high = look->times_high, .underline = look->underline, .area_left = left, .area_width = width,
        .area_left_units = units_for(sim, left), .area_width_units = units_for(sim, width),
        .unit_x = s->line.unit_x, .unit_y = s->line.unit_y, .line_spacing = s->line.line_spacing[0]
    };
}

/* ---- commands ---- */

static bool pulsed_on_arrival(const struct reader *reader, uint64_t offset)
{
    const struct kw_sim_mark *pulses = reader->pulses.items;
    for (size_t i = 0; i < reader->pulses.count; i++)
        if (pulses[i].offset == offset)
            return true;
    return false;
}

static bool has_happened(const struct reader *reader, const struct kw_sim_token *token, const struct measure *now)
{
    bool refused = now->warnings != reader->before.warnings;
    bool was_deaf = token->after.deselected && (!token->name || strcmp(token->name, "ESC =") != 0);
    if (was_deaf || token->class == KW_CLASS_NONE)
        return false;
    if (token->name && strcmp(token->name, "ESC p") == 0)
        return token->pulses > 0;
    if (token->name && strcmp(token->name, "DLE DC4 1") == 0)
        return pulsed_on_arrival(reader, token->offset);
    switch (token->class) {
    case KW_CLASS_CUT: return token->cuts > 0;
    case KW_CLASS_INK: return token->inked || !refused;
    case KW_CLASS_FEED: return token->row != reader->before.row || !refused;
    default: return !refused;
    }
}

static void close_token(struct reader *reader, uint64_t end)
{
    struct kw_sim_token *token = reader->tokens.items;
    struct measure now = measure(reader);
    if (!reader->open)
        return;
    token += reader->tokens.count - 1;
    token->length = end - token->offset;
    token->cuts = now.cuts - reader->before.cuts;
    token->pulses = now.pulses - reader->before.pulses;
    token->inked = now.inked != reader->before.inked;
    token->row = now.row;
    token->after = standing(reader->sim);
    token->happened = has_happened(reader, token, &now);
    reader->open = false;
}

/* Text that comes in parts is one token, and so is what the machine has to come by again for. */
static void take_token(void *data, const struct kw_grammar_token *token, uint64_t offset)
{
    struct reader *reader = data;
    const struct kw_sim_token *last = reader->tokens.items;
    uint64_t place = offset_in_stream(reader, offset);
    last += reader->open ? reader->tokens.count - 1 : 0;
    bool goes_on = reader->open && (last->offset == place || (token->kind == KW_TOKEN_TEXT && !last->name &&
                                                              last->class == KW_CLASS_INK));
    if (goes_on)
        return;
    close_token(reader, place);
    reader->before = measure(reader);
    struct kw_sim_token *made = add(reader, &reader->tokens, sizeof *made);
    if (made)
        *made = (struct kw_sim_token){ .offset = place, .class = token->class, .name = token->name };
    reader->open = made != NULL;
}

/* ---- what the machine tells ---- */

static void take_text(void *data, const struct kw_sim_text *text)
{
    struct reader *reader = data;
    struct kw_sim_text *made = add(reader, &reader->texts, sizeof *made);
    char *copy = kw_arena_copy(reader->arena, text->text, text->length);
    reader->failed = reader->failed || !copy;
    if (!made)
        return;
    *made = *text;
    made->text = copy;
    made->offset = offset_in_stream(reader, text->offset);
    made->row += rows_handed_out(reader);
}

static void take_code(void *data, const struct kw_sim_code *code)
{
    struct reader *reader = data;
    struct kw_sim_code *made = add(reader, &reader->codes, sizeof *made);
    char *copy = kw_arena_copy(reader->arena, code->data, code->length);
    reader->failed = reader->failed || !copy;
    if (!made)
        return;
    *made = *code;
    made->data = copy;
    made->offset = offset_in_stream(reader, code->offset);
    made->row += rows_handed_out(reader);
}

static void take_mark(struct reader *reader, struct list *marks, uint64_t offset)
{
    struct kw_sim_mark *made = add(reader, marks, sizeof *made);
    if (made)
        *made = (struct kw_sim_mark){ .offset = offset_in_stream(reader, offset), .row = row_now(reader) };
}

static void take_cut(void *data, uint64_t offset)
{
    struct reader *reader = data;
    take_mark(reader, &reader->cuts, offset);
}

static void take_pulse(void *data, uint64_t offset)
{
    struct reader *reader = data;
    take_mark(reader, &reader->pulses, offset);
}

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct reader *reader = data;
    (void)text;
    (void)dpi;
    size_t bytes = (size_t)dots->stride * (size_t)dots->height;
    uint8_t *rows = add_rows(reader, bytes);
    if (rows && bytes > 0)
        memcpy(rows, dots->bits, bytes);
}

static int64_t no_clock(void *data)
{
    (void)data;
    return 0;
}

/* ---- pieces ---- */

static void measure_ink(const struct reader *reader, struct kw_sim_piece *piece)
{
    struct kw_bitmap strip = { reader->sim->width_dots, (int)rows_handed_out(reader), (int)reader->sim->stride,
                               reader->strip.rows };
    int64_t top = piece->top, bottom = piece->bottom < strip.height ? piece->bottom : strip.height;
    while (top < bottom && kw_bitmap_row_blank(&strip, (int)top))
        top++;
    while (bottom > top && kw_bitmap_row_blank(&strip, (int)bottom - 1))
        bottom--;
    piece->ink_top = top < bottom ? top : piece->top;
    piece->ink_bottom = top < bottom ? bottom : piece->top;
}

static bool is_before(const struct kw_sim_piece *piece, int64_t row, uint64_t offset)
{
    return row < piece->bottom || offset < piece->to;
}

/* Things come in the order of the paper, so that each piece has a run of them. */
static void count_things(const struct reader *reader, struct kw_sim_piece *piece, bool last)
{
    const struct kw_sim_text *texts = reader->texts.items;
    const struct kw_sim_code *codes = reader->codes.items;
    size_t text = piece->first_text, code = piece->first_code;
    while (text < reader->texts.count && (last || is_before(piece, texts[text].row, texts[text].offset)))
        text++;
    while (code < reader->codes.count && (last || is_before(piece, codes[code].row, codes[code].offset)))
        code++;
    piece->text_count = text - piece->first_text;
    piece->code_count = code - piece->first_code;
}

static void add_piece(struct reader *reader, const struct kw_sim_mark *cut, uint64_t length)
{
    struct kw_sim_piece *made = add(reader, &reader->pieces, sizeof *made);
    if (!made)
        return;
    if (reader->pieces.count > 1) {
        const struct kw_sim_piece *before = made - 1;
        *made = (struct kw_sim_piece){ .from = before->to, .top = before->bottom,
                                       .first_text = before->first_text + before->text_count,
                                       .first_code = before->first_code + before->code_count };
    }
    made->to = length;
    made->bottom = cut ? cut->row : rows_handed_out(reader);
    made->cut = cut != NULL;
    const struct kw_sim_token *tokens = reader->tokens.items;
    for (size_t i = 0; cut && i < reader->tokens.count; i++)
        if (tokens[i].offset <= cut->offset && cut->offset < tokens[i].offset + tokens[i].length)
            made->to = tokens[i].offset + tokens[i].length;
    measure_ink(reader, made);
    count_things(reader, made, !cut);
}

static void make_pieces(struct reader *reader, uint64_t length)
{
    const struct kw_sim_mark *cuts = reader->cuts.items;
    for (size_t i = 0; i < reader->cuts.count; i++)
        add_piece(reader, &cuts[i], length);
    const struct kw_sim_piece *pieces = reader->pieces.items;
    int64_t cut_off = reader->pieces.count > 0 ? pieces[reader->pieces.count - 1].bottom : 0;
    if (rows_handed_out(reader) > cut_off)
        add_piece(reader, NULL, length);
}

/* ---- reading ---- */

/* A macro that waits for the feed button: somebody presses it. False: nothing waits for it. */
static bool press_button(struct reader *reader)
{
    if (!(reader->sim->s.health.conditions & KW_COND_WAITING))
        return false;
    kw_sim_mend(reader->sim, KW_COND_WAITING);
    kw_sim_process(reader->sim);
    return true;
}

static int feed(struct reader *reader, const uint8_t *bytes, size_t length, int64_t until_ms, struct kw_error *error)
{
    uint8_t replies[256];
    for (size_t done = 0; done < length && !reader->failed;) {
        size_t part = length - done < CHUNK ? length - done : CHUNK;
        ptrdiff_t taken = kw_sim_write(reader->sim, bytes + done, part);
        while (kw_sim_read(reader->sim, replies, sizeof replies) > 0)
            ;
        if (taken <= 0 && !press_button(reader))
            return kw_fail(error, KWIT_E_INVALID, "stream", "the simulated printer stopped at byte %zu", done);
        if (until_ms > 0 && kw_clock_boot_ms() >= until_ms)
            return kw_fail(error, KWIT_E_TIMEOUT, "stream", "reading it took too long, at byte %zu", done);
        done += taken > 0 ? (size_t)taken : 0;
    }
    while (press_button(reader))
        ;
    return 0;
}

/* The paper that is in the machine goes behind the rest, blank or not. */
static void take_rest(struct reader *reader)
{
    struct kw_sim *sim = reader->sim;
    const struct kw_buffer *paper = &sim->parts[KW_PART_PAPER];
    if (sim->parts[KW_PART_ITEMS].length > 0)
        kw_sim_flush_line(sim, 0);
    size_t bytes = (size_t)sim->s.paper.y * sim->stride;
    bytes = bytes > paper->length ? bytes : paper->length;
    uint8_t *rows = add_rows(reader, bytes);
    if (rows && paper->length > 0)
        memcpy(rows, paper->data, paper->length);
    if (rows && bytes > paper->length)
        memset(rows + paper->length, 0, bytes - paper->length);
}

/* Inside a picture the last command is open; of any other that is not whole the machine has not told. */
static void find_the_end(struct reader *reader, uint64_t length, struct kw_sim_stream *stream)
{
    const struct kw_sim *sim = reader->sim;
    const struct kw_sim_token *tokens = reader->tokens.items;
    bool in_picture = sim->s.raster.active || sim->s.in.skip > 0 || sim->s.in.nv_images_left > 0;
    bool gathers = !in_picture && sim->parts[KW_PART_COMMAND].length > 0;
    stream->unfinished = in_picture || gathers;
    stream->unfinished_at = gathers ? offset_in_stream(reader, sim->s.in.command_offset)
        : in_picture && reader->tokens.count > 0 ? tokens[reader->tokens.count - 1].offset : length;
    close_token(reader, gathers ? stream->unfinished_at : length);
}

static void hand_out(struct reader *reader, uint64_t length, struct kw_sim_stream *stream)
{
    struct kw_sim *sim = reader->sim;
    stream->dpi = sim->dpi;
    stream->width_dots = sim->width_dots;
    find_the_end(reader, length, stream);
    stream->end = standing(sim);
    take_rest(reader);
    make_pieces(reader, length);
    stream->strip = (struct kw_bitmap){ sim->width_dots, (int)rows_handed_out(reader), (int)sim->stride,
                                        reader->strip.rows };
    stream->tokens = reader->tokens.items;
    stream->token_count = reader->tokens.count;
    stream->texts = reader->texts.items;
    stream->text_count = reader->texts.count;
    stream->codes = reader->codes.items;
    stream->code_count = reader->codes.count;
    stream->cuts = reader->cuts.items;
    stream->cut_count = reader->cuts.count;
    stream->pulses = reader->pulses.items;
    stream->pulse_count = reader->pulses.count;
    stream->pieces = reader->pieces.items;
    stream->piece_count = reader->pieces.count;
}

static int read_all(struct reader *reader, const struct kw_sim_stream_options *options, const void *bytes,
                    size_t length, struct kw_sim_stream *stream, struct kw_error *error)
{
    const struct kw_sim_watch watch = { reader, take_token, take_text, take_code, take_cut, take_pulse };
    int code = feed(reader, options->before, options->before_length, options->until_ms, error);
    if (code < 0)
        return code;
    kw_sim_end_piece(reader->sim, false);
    reader->strip.length = 0;
    reader->base = reader->sim->s.in.accepted;
    reader->sim->usual_table = reader->sim->s.look.table;
    stream->start = standing(reader->sim);
    reader->sim->watch = &watch;
    code = feed(reader, bytes, length, options->until_ms, error);
    if (code < 0)
        return code;
    hand_out(reader, length, stream);
    reader->sim->watch = NULL;
    bool starved = reader->failed || reader->sim->out_of_memory;
    return starved ? kw_fail(error, KWIT_E_NO_MEMORY, "stream", "there is no memory to read it") : 0;
}

int kw_sim_read_stream(const struct kw_sim_stream_options *options, const void *bytes, size_t length,
                       struct kw_arena *arena, struct kw_sim_stream *stream, struct kw_error *error)
{
    struct reader reader = { .arena = arena };
    *stream = (struct kw_sim_stream){ .dpi = 0 };
    const struct kw_sim_options machine = { .profile = options->profile, .speed_mm_s = KW_SIM_FAST,
                                            .now_ms = no_clock, .paper = take_paper, .output_data = &reader };
    int code = kw_sim_new(&machine, &reader.sim, error);
    if (code == 0)
        code = read_all(&reader, options, bytes, length, stream, error);
    kw_sim_free(reader.sim);
    return code;
}
