/*
 * check.c - the proof: both streams are printed in memory, and all that may differ is one band of the strip.
 *
 * The band is where the strips begin to differ from above and from below. Between the two lies what was added; its ink
 * must be that of the run printed alone.
 */
#include "tap/stream/weave.h"

#include <string.h>

enum { OVERHANG = 400 /* dots that ink may reach below the print line */ };

struct box { int left, top, right, bottom; };       /* right and bottom: the first without ink */

static const uint8_t *row_of(const struct kw_bitmap *strip, int64_t y)
{
    return strip->bits + (size_t)y * (size_t)strip->stride;
}

/* ---- the strip ---- */

static int64_t same_from_top(const struct kw_bitmap *old, const struct kw_bitmap *made)
{
    int64_t y = 0;
    while (y < old->height && memcmp(row_of(old, y), row_of(made, y), (size_t)old->stride) == 0)
        y++;
    return y;
}

static int64_t same_from_bottom(const struct kw_bitmap *old, const struct kw_bitmap *made)
{
    int64_t y = 0;
    while (y < old->height && memcmp(row_of(old, old->height - 1 - y), row_of(made, made->height - 1 - y),
                                     (size_t)old->stride) == 0)
        y++;
    return y;
}

/* Where the old strip parts to let the band in; -1: no single band explains the difference. */
static int64_t find_seam(const struct kw_look *look, const struct kw_bitmap *made)
{
    const struct kw_bitmap *old = &look->stream.strip;
    int64_t row = look->chosen->place.row;
    if (made->height <= old->height || made->stride != old->stride)
        return -1;
    int64_t above = same_from_top(old, made), below = old->height - same_from_bottom(old, made);
    int64_t seam = below > row ? below : row;
    return seam <= above && seam - row <= OVERHANG ? seam : -1;
}

/* ---- the band ---- */

static struct box find_box(const struct kw_bitmap *strip, int64_t from, int64_t to)
{
    struct box box = { strip->width, -1, 0, -1 };
    for (int64_t y = from; y < to; y++) {
        if (kw_bitmap_row_blank(strip, (int)y))
            continue;
        int x = 0, last = strip->stride * 8 - 1;
        while (x < box.left && !kw_bitmap_get(strip, x, (int)y))
            x += row_of(strip, y)[x >> 3] ? 1 : 8;
        while (last >= box.right && !kw_bitmap_get(strip, last, (int)y))
            last -= row_of(strip, y)[last >> 3] ? 1 : 8;
        box.left = x < box.left ? x : box.left;
        box.right = last + 1 > box.right ? last + 1 : box.right;
        box.top = box.top < 0 ? (int)y : box.top;
        box.bottom = (int)y + 1;
    }
    return box;
}

/* Outside the boxes there is no ink, so that whole bytes may be compared where dots stand in the same bits. */
static bool same_row(const struct kw_bitmap *one, struct box a, const struct kw_bitmap *other, struct box b, int y)
{
    const uint8_t *first = row_of(one, a.top + y), *second = row_of(other, b.top + y);
    if ((a.left & 7) == (b.left & 7))
        return memcmp(first + a.left / 8, second + b.left / 8, (size_t)((a.right - 1) / 8 - a.left / 8 + 1)) == 0;
    for (int x = 0; x < a.right - a.left; x++)
        if (kw_bitmap_get(one, a.left + x, a.top + y) != kw_bitmap_get(other, b.left + x, b.top + y))
            return false;
    return true;
}

static bool same_ink(const struct kw_bitmap *one, struct box a, const struct kw_bitmap *other, struct box b)
{
    if (a.top < 0 || b.top < 0 || a.right - a.left != b.right - b.left || a.bottom - a.top != b.bottom - b.top)
        return false;
    for (int y = 0; y < a.bottom - a.top; y++)
        if (!same_row(one, a, other, b, y))
            return false;
    return true;
}

/* The band has the run's ink and no other: what is printed alone, on the same paper. */
static bool has_the_run(const struct kw_look *look, const struct kw_woven *woven, const struct kw_bitmap *made,
                        int64_t seam, int64_t until_ms, struct kw_arena *arena)
{
    struct kw_sim_stream alone;
    struct kw_error ignored;
    const struct kw_sim_stream_options reading = { .profile = look->profile, .until_ms = until_ms };
    if (kw_sim_read_stream(&reading, woven->bytes + woven->offset, woven->added, arena, &alone, &ignored) < 0)
        return false;
    int64_t rows = made->height - look->stream.strip.height;
    return same_ink(&alone.strip, find_box(&alone.strip, 0, alone.strip.height), made,
                    find_box(made, seam, seam + rows));
}

/* ---- what happened ---- */

static bool same_marks(const struct kw_sim_mark *old, size_t old_count, const struct kw_sim_mark *made,
                       size_t made_count, const struct kw_woven *woven, int64_t rows)
{
    for (size_t i = 0; i < old_count && old_count == made_count; i++) {
        bool behind = old[i].offset >= woven->offset;
        uint64_t offset = old[i].offset + (behind ? woven->added : 0);
        if (made[i].offset != offset || made[i].row != old[i].row + (behind ? rows : 0))
            return false;
    }
    return old_count == made_count;
}

static bool is_of_run(const struct kw_woven *woven, uint64_t offset)
{
    return offset >= woven->offset && offset < woven->offset + woven->added;
}

/* A text or a symbol, as far as it must stay what it was. */
struct said {
    uint64_t offset;
    int x;
    const char *bytes;
    size_t length;
};

static struct said code_at(const struct kw_sim_stream *stream, size_t i)
{
    const struct kw_sim_code *code = &stream->codes[i];
    return (struct said){ code->offset, code->x, code->data, code->length };
}

static struct said text_at(const struct kw_sim_stream *stream, size_t i)
{
    const struct kw_sim_text *text = &stream->texts[i];
    return (struct said){ text->offset, text->x, text->text, text->length };
}

/* All of the other program's; those of the run are looked at with it. */
static bool same_said(struct said (*at)(const struct kw_sim_stream *stream, size_t i), const struct kw_sim_stream *old,
                      size_t old_count, const struct kw_sim_stream *made, size_t made_count,
                      const struct kw_woven *woven)
{
    size_t found = 0;
    for (size_t i = 0; i < made_count; i++) {
        const struct said now = at(made, i);
        if (is_of_run(woven, now.offset))
            continue;
        if (found == old_count)
            return false;
        const struct said was = at(old, found++);
        if (now.length != was.length || now.x != was.x || memcmp(now.bytes, was.bytes, was.length) != 0)
            return false;
    }
    return found == old_count;
}

static bool same_standing(const struct kw_sim_standing *a, const struct kw_sim_standing *b)
{
    return a->page_mode == b->page_mode && a->macro_defining == b->macro_defining && a->deselected == b->deselected
        && a->upside_down == b->upside_down && a->line_empty == b->line_empty && a->two_byte == b->two_byte
        && a->utf8 == b->utf8 && a->bold == b->bold && a->reverse == b->reverse && a->turned == b->turned
        && a->align == b->align && a->table == b->table && a->international == b->international && a->font == b->font
        && a->times_wide == b->times_wide && a->times_high == b->times_high && a->underline == b->underline
        && a->area_left == b->area_left && a->area_width == b->area_width && a->unit_x == b->unit_x
        && a->unit_y == b->unit_y && a->line_spacing == b->line_spacing;
}

/* What is in force behind the bytes up to there. */
static const struct kw_sim_standing *standing_at(const struct kw_sim_stream *stream, uint64_t offset)
{
    const struct kw_sim_standing *found = &stream->start;
    for (size_t i = 0; i < stream->token_count && stream->tokens[i].offset < offset; i++)
        found = &stream->tokens[i].after;
    return found;
}

/* The run leaves behind what it found; a line that was open is ended where the stream ends it anyway. */
static bool leaves_all(const struct kw_look *look, const struct kw_woven *woven, const struct kw_sim_stream *made)
{
    struct kw_sim_standing before = *standing_at(&look->stream, woven->offset);
    before.line_empty = true;
    return same_standing(&before, standing_at(made, woven->offset + woven->added));
}

static const char *fault_of(const struct kw_look *look, const struct kw_woven *woven, const struct kw_sim_stream *made,
                            int64_t until_ms, struct kw_arena *arena)
{
    const struct kw_sim_stream *old = &look->stream;
    int64_t rows = made->strip.height - old->strip.height, seam = find_seam(look, &made->strip);
    if (made->unfinished != old->unfinished || made->piece_count != old->piece_count
        || (old->unfinished && made->unfinished_at != old->unfinished_at + woven->added))
        return "the number of pieces";
    if (!same_marks(old->cuts, old->cut_count, made->cuts, made->cut_count, woven, rows))
        return "a cut";
    if (!same_marks(old->pulses, old->pulse_count, made->pulses, made->pulse_count, woven, rows))
        return "a drawer pulse";
    if (seam < 0)
        return "the strip of paper";
    if (!same_said(code_at, old, old->code_count, made, made->code_count, woven)
        || !same_said(text_at, old, old->text_count, made, made->text_count, woven))
        return "a text or a symbol";
    if (!leaves_all(look, woven, made))
        return "the settings behind it";
    if (!same_standing(&old->end, &made->end))
        return "the settings at the end";
    return has_the_run(look, woven, &made->strip, seam, until_ms, arena) ? NULL : "the invitation itself";
}

const char *kw_weave_fault(const struct kw_look *look, const struct kw_woven *woven, int64_t until_ms,
                           struct kw_arena *arena)
{
    struct kw_sim_stream made;
    struct kw_error ignored;
    const struct kw_sim_stream_options reading = { .profile = look->profile, .until_ms = until_ms,
                                                   .before = look->before, .before_length = look->before_length };
    if (kw_sim_read_stream(&reading, woven->bytes, woven->length, arena, &made, &ignored) < 0)
        return "it cannot be read any more";
    return fault_of(look, woven, &made, until_ms, arena);
}
