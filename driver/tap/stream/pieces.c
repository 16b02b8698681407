/* pieces.c - a stream cut into what delivery sends and proves one by one. */
#include "tap/stream/pieces.h"

#include "grammar/grammar.h"

#include <string.h>

enum { SMALL_TAIL = 2048, MICROMETRES_PER_INCH = 25400 };

struct cutting {
    const struct kw_look *look;
    const struct kw_woven *woven;
    struct kw_arena *arena;
    enum kw_pulses pulses;
    int height_dots;
    struct kw_encoded *encoded;
};

/* An offset of the stream in the woven one: what was added stands before what it was put before. */
static uint64_t woven_at(const struct cutting *cut, uint64_t offset)
{
    return offset + (cut->woven->added && offset >= cut->woven->offset ? cut->woven->added : 0);
}

static bool may_break(const struct kw_sim_token *token)
{
    return !token->after.page_mode && !token->after.macro_defining && !token->after.deselected;
}

/* A pulse that opens the drawer before the run as it would behind it: in nobody's macro or page. */
static bool goes_first(const struct cutting *cut, const struct kw_sim_token *token)
{
    return cut->pulses == KW_PULSES_FIRST && cut->woven->added && token->offset >= cut->woven->offset
        && token->class == KW_CLASS_PULSE && token->happened && may_break(token);
}

static bool is_left_out(const struct cutting *cut, const struct kw_sim_token *token, bool run)
{
    return (cut->pulses == KW_PULSES_NONE && token->class == KW_CLASS_PULSE) || (run && goes_first(cut, token));
}

/* Whether the added run stands in this piece. */
static bool holds_run(const struct cutting *cut, uint64_t from, uint64_t to)
{
    return cut->woven->added && cut->woven->offset >= from && cut->woven->offset <= to;
}

/* The end of the command that begins there, of those that were added. */
static uint64_t run_token(const struct cutting *cut, uint64_t at, bool *inks)
{
    const struct kw_woven *woven = cut->woven;
    uint64_t end = woven->offset + woven->added;
    struct kw_grammar_token token;
    kw_grammar_next(woven->bytes + at, (size_t)(end - at), 0, &token);
    *inks = token.class == KW_CLASS_INK;
    return token.length > 0 && token.length < end - at ? at + token.length : end;
}

static size_t run_tokens(const struct cutting *cut)
{
    const struct kw_woven *woven = cut->woven;
    size_t count = 0;
    bool unused;
    for (uint64_t at = woven->offset; at < woven->offset + woven->added; count++)
        at = run_token(cut, at, &unused);
    return count;
}

/* The last band of the run; all of it where the first thing that it does is to put a setting aside. */
static size_t find_run_tail(const struct cutting *cut)
{
    const struct kw_woven *woven = cut->woven;
    uint64_t tail = woven->offset;
    bool inks;
    for (uint64_t at = woven->offset; at < woven->offset + woven->added;) {
        uint64_t end = run_token(cut, at, &inks);
        if (!inks && at == woven->offset)
            break;
        tail = inks ? at : tail;
        at = end;
    }
    return (size_t)tail;
}

/* The last command that inked, and what is behind it, where that is little; else what is behind it alone. */
static size_t find_tail(const struct cutting *cut, uint64_t from, uint64_t to)
{
    const struct kw_sim_stream *stream = &cut->look->stream;
    uint64_t begin = from, end = from;
    for (size_t i = 0; i < stream->token_count; i++) {
        const struct kw_sim_token *token = &stream->tokens[i];
        if (token->offset < from || token->offset >= to || !token->inked)
            continue;
        begin = woven_at(cut, token->offset), end = woven_at(cut, token->offset + token->length);
    }
    if (holds_run(cut, from, to))
        return find_run_tail(cut);
    return (size_t)(end >= woven_at(cut, to) || end - begin <= SMALL_TAIL ? begin : end);
}

struct copying {
    uint8_t *bytes;
    size_t *breaks, length, break_count, tail, tail_at;
    uint64_t from, to;              /* of the stream: the piece */
};

/* Up to this offset of the woven stream; the tail's place moves with what is left out before it. */
static void copy_to(const struct cutting *cut, struct copying *copy, uint64_t from, uint64_t to)
{
    if (from <= copy->tail_at && copy->tail_at <= to)
        copy->tail = copy->length + (size_t)(copy->tail_at - from);
    memcpy(copy->bytes + copy->length, cut->woven->bytes + from, (size_t)(to - from));
    copy->length += (size_t)(to - from);
}

static void add_break(struct copying *copy)
{
    copy->breaks[copy->break_count++] = copy->length;
}

/* The piece's pulses that stand behind the run. */
static void copy_pulses(const struct cutting *cut, struct copying *copy)
{
    const struct kw_sim_stream *stream = &cut->look->stream;
    for (size_t i = 0; i < stream->token_count; i++) {
        const struct kw_sim_token *token = &stream->tokens[i];
        if (token->offset < copy->from || token->offset >= copy->to || !goes_first(cut, token))
            continue;
        add_break(copy);
        memcpy(copy->bytes + copy->length, cut->look->bytes + token->offset, (size_t)token->length);
        copy->length += (size_t)token->length;
    }
}

/* The same; where the run lies in it, a break behind each of its commands. */
static void copy_with_run(const struct cutting *cut, struct copying *copy, uint64_t from, uint64_t to)
{
    const struct kw_woven *woven = cut->woven;
    uint64_t end = woven->offset + woven->added;
    bool unused;
    if (woven->added && from <= woven->offset && end <= to) {
        copy_to(cut, copy, from, woven->offset);
        copy_pulses(cut, copy);
        for (from = woven->offset; from < end;) {
            uint64_t next = run_token(cut, from, &unused);
            add_break(copy);
            copy_to(cut, copy, from, next);
            from = next;
        }
    }
    copy_to(cut, copy, from, to);
}

static void copy_tokens(const struct cutting *cut, struct copying *copy)
{
    const struct kw_sim_stream *stream = &cut->look->stream;
    uint64_t from = copy->from, to = copy->to, at = woven_at(cut, from);
    bool run = holds_run(cut, from, to);
    for (size_t i = 0; i < stream->token_count; i++) {
        const struct kw_sim_token *token = &stream->tokens[i];
        if (token->offset < from || token->offset >= to)
            continue;
        uint64_t end = woven_at(cut, token->offset + token->length);
        if (is_left_out(cut, token, run)) {
            copy_with_run(cut, copy, at, woven_at(cut, token->offset));
            at = end;
        } else if (may_break(token) && end < woven_at(cut, to)) {
            copy_with_run(cut, copy, at, end);
            add_break(copy);
            at = end;
        }
    }
    copy_with_run(cut, copy, at, woven_at(cut, to));
}

static int add_piece(struct cutting *cut, uint64_t from, uint64_t to, int64_t rows)
{
    struct kw_encoded_piece *piece = &cut->encoded->pieces[cut->encoded->count];
    size_t room = (size_t)(woven_at(cut, to) - woven_at(cut, from));
    struct copying copy = { .bytes = kw_arena_alloc(cut->arena, room + 1), .tail_at = find_tail(cut, from, to),
                            .from = from, .to = to,
                            .breaks = kw_arena_array(cut->arena, cut->look->stream.token_count + run_tokens(cut) + 1,
                                                     sizeof *copy.breaks) };
    if (!copy.bytes || !copy.breaks)
        return KWIT_E_NO_MEMORY;
    copy_tokens(cut, &copy);
    int dpi = cut->look->stream.dpi > 0 ? cut->look->stream.dpi : 203;
    rows += holds_run(cut, from, to) ? cut->height_dots : 0;
    *piece = (struct kw_encoded_piece){
        .kind = KW_PIECE_PAPER, .bytes = copy.bytes, .length = copy.length, .tail_offset = copy.tail,
        .breaks = copy.breaks, .break_count = copy.break_count, .height_dots = (int)rows,
        .paper_um = (uint32_t)(rows * MICROMETRES_PER_INCH / dpi)
    };
    piece->name = cut->encoded->count == 0 ? "receipt" : kw_arena_format(cut->arena, "piece %zu",
                                                                          cut->encoded->count + 1);
    cut->encoded->count += copy.length > 0;
    return piece->name ? 0 : KWIT_E_NO_MEMORY;
}

/* One that was not understood, or has no ink: a single run of bytes that may stop anywhere and prints at its end. */
static int add_whole(struct cutting *cut)
{
    struct kw_encoded_piece *piece = &cut->encoded->pieces[0];
    const size_t *none = kw_arena_array(cut->arena, 1, sizeof *none);
    *piece = (struct kw_encoded_piece){ .kind = KW_PIECE_PAPER, .name = "receipt", .bytes = cut->look->bytes,
                                        .length = cut->look->length, .breaks = none };
    cut->encoded->count = 1;
    return none ? 0 : KWIT_E_NO_MEMORY;
}

/* A piece without ink goes with the next, and what stands behind the last cut with the last. */
static int cut_up(struct cutting *cut)
{
    const struct kw_sim_stream *stream = &cut->look->stream;
    uint64_t from = 0;
    int64_t rows = 0;
    size_t last = 0;
    for (size_t i = 0; i < stream->piece_count; i++)
        last = stream->pieces[i].ink_top < stream->pieces[i].ink_bottom ? i : last;
    for (size_t i = 0; i < stream->piece_count; i++) {
        const struct kw_sim_piece *paper = &stream->pieces[i];
        rows += paper->bottom - paper->top;
        if (i < last && paper->ink_top >= paper->ink_bottom)
            continue;
        uint64_t to = i >= last ? cut->look->length : paper->to;
        int code = add_piece(cut, from, to, rows);
        if (code < 0 || i >= last)
            return code;
        from = to, rows = 0;
    }
    return 0;
}

bool kw_stream_pulses(const struct kw_look *look)
{
    for (size_t i = 0; i < look->stream.token_count; i++)
        if (look->stream.tokens[i].class == KW_CLASS_PULSE)
            return true;
    return false;
}

int kw_stream_pieces(const struct kw_look *look, const struct kw_woven *woven, int height_dots, enum kw_pulses pulses,
                     struct kw_arena *arena, struct kw_encoded *encoded, struct kw_error *error)
{
    struct cutting cut = { look, woven, arena, pulses, height_dots, encoded };
    *encoded = (struct kw_encoded){ .pieces = kw_arena_array(arena, look->stream.piece_count + 1,
                                                             sizeof *encoded->pieces) };
    int code = encoded->pieces ? 0 : KWIT_E_NO_MEMORY;
    if (code == 0 && !kw_look_breaks_off(look))
        code = cut_up(&cut);
    if (code == 0 && encoded->count == 0)
        code = add_whole(&cut);
    return code == 0 ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
}
