/*
 * paper.c - the paper since the last cut: rows of dots that grow as it is fed, lines of text, the cut.
 *
 * The blade stands behind the head: what was printed on the last millimetres before a cut is on the next piece. White
 * that stays behind the blade is shown at the end of the piece it followed.
 */
#include "simulator/paper.h"

#include "simulator/events.h"
#include "simulator/faults.h"
#include "simulator/watch.h"

#include <string.h>

enum { BLADE_MM = 12, LONG_FEED_MM = 50 };

/* A line of the piece's text: where it begins there, and the row it was printed on. */
struct text_row {
    uint32_t at;
    int32_t row;
};

static int most_rows(const struct kw_sim *sim)
{
    return (int)((double)KW_SIM_PIECE_MM * sim->dpi / 25.4);
}

bool kw_sim_paper(struct kw_sim *sim, int rows, struct kw_bitmap *view)
{
    struct kw_buffer *paper = &sim->parts[KW_PART_PAPER];
    if (sim->s.paper.y + rows > most_rows(sim) && sim->s.paper.y > 0) {
        kw_sim_warn(sim, sim->s.in.parsed, "no cut for %d mm: this piece of paper is handed out in parts",
                    KW_SIM_PIECE_MM);
        kw_sim_end_piece(sim, false);
    }
    size_t wanted = (size_t)(sim->s.paper.y + rows) * sim->stride;
    if (wanted > paper->length && !kw_buffer_fill(paper, 0, wanted - paper->length)) {
        sim->out_of_memory = true;
        return false;
    }
    *view = (struct kw_bitmap){ sim->width_dots, (int)(paper->length / sim->stride), (int)sim->stride, paper->data };
    return true;
}

/* A model whose speed nobody said prints at a usual one when it is asked to be as slow as a real one. */
static int speed_of(const struct kw_sim *sim)
{
    enum { USUAL_MM_S = 200 };
    if (sim->options.speed_mm_s != KW_SIM_REAL)
        return sim->options.speed_mm_s;
    return sim->profile->speed_mm_s > 0 ? sim->profile->speed_mm_s : USUAL_MM_S;
}

static void take_time(struct kw_sim *sim, int64_t dots)
{
    int speed = speed_of(sim);
    if (speed <= 0)
        return;
    int64_t now = kw_sim_now(sim) * 1000;
    if (sim->s.times.busy_until_us < now && !sim->s.times.working)
        sim->s.times.busy_until_us = now;
    sim->s.times.busy_until_us += dots * 25400000 / ((int64_t)speed * sim->dpi);
}

static void advance_part(struct kw_sim *sim, int dots)
{
    struct kw_bitmap view;
    if (!kw_sim_paper(sim, dots, &view))
        return;
    sim->s.paper.y += dots;
    sim->s.paper.travel_dots += dots;
    take_time(sim, dots);
}

/* Feeds in parts, so that a fault that waits at a place on the paper comes at that place. */
void kw_sim_advance(struct kw_sim *sim, int dots)
{
    while (dots > 0) {
        int64_t before = kw_sim_dots_before_fault(sim);
        int part = dots < 2000 ? dots : 2000;
        if (before > 0 && before < part)
            part = (int)before;
        advance_part(sim, part);
        if (before > 0 && part == before)
            kw_sim_check_faults(sim, KW_AT_MM);
        dots -= part;
    }
}

void kw_sim_reverse(struct kw_sim *sim, int dots)
{
    if (dots > sim->s.paper.y)
        dots = sim->s.paper.y;
    sim->s.paper.y -= dots;
    take_time(sim, dots);
}

void kw_sim_text_line(struct kw_sim *sim, const char *text, size_t length)
{
    struct kw_buffer *out = &sim->parts[KW_PART_TEXT];
    const struct text_row row = { (uint32_t)out->length, sim->s.paper.y };
    kw_buffer_add(&sim->parts[KW_PART_TEXT_ROWS], &row, sizeof row);
    for (; sim->s.paper.blank_lines > 0 && out->length < out->ceiling / 2; sim->s.paper.blank_lines--)
        kw_buffer_byte(out, '\n');
    sim->s.paper.blank_lines = 0;
    if (length + 1 > out->ceiling - out->length)
        return;
    kw_buffer_add(out, text, length);
    kw_buffer_byte(out, '\n');
}

void kw_sim_blank_text_lines(struct kw_sim *sim, int count)
{
    if (count > 0 && sim->s.paper.blank_lines < 1000)
        sim->s.paper.blank_lines += (uint32_t)count;
}

/* From this row on. */
static bool is_blank(const struct kw_sim *sim, int row)
{
    const struct kw_buffer *paper = &sim->parts[KW_PART_PAPER];
    size_t from = (size_t)row * sim->stride, length = paper->length > from ? paper->length - from : 0;
    const uint8_t *data = paper->data + from;
    return length == 0 || (data[0] == 0 && memcmp(data, data + 1, length - 1) == 0);
}

static bool has_ink(const struct kw_sim *sim)
{
    return !is_blank(sim, 0) || sim->parts[KW_PART_TEXT].length > 0;
}

static bool is_long(const struct kw_sim *sim)
{
    return sim->s.paper.y * 254 > LONG_FEED_MM * 10 * sim->dpi;
}

bool kw_sim_piece_has_something(const struct kw_sim *sim)
{
    return has_ink(sim) || is_long(sim);
}

unsigned kw_sim_pieces(const struct kw_sim *sim)
{
    return sim->s.paper.pieces;
}

unsigned kw_sim_cuts(const struct kw_sim *sim)
{
    return sim->s.paper.cuts;
}

/* Hands the paper out. What is blank is handed out only when it was cut off on purpose. */
void kw_sim_end_piece(struct kw_sim *sim, bool even_if_blank)
{
    struct kw_buffer *paper = &sim->parts[KW_PART_PAPER];
    struct kw_bitmap dots = { sim->width_dots, (int)(paper->length / sim->stride), (int)sim->stride, paper->data };
    bool something = dots.height > 0 && (even_if_blank || has_ink(sim));
    if (something) {
        if (sim->options.paper)
            sim->options.paper(sim->options.output_data, &dots, kw_buffer_string(&sim->parts[KW_PART_TEXT]), sim->dpi);
        sim->s.paper.pieces++;
    }
    kw_buffer_clear(paper);
    kw_buffer_clear(&sim->parts[KW_PART_TEXT]);
    kw_buffer_clear(&sim->parts[KW_PART_TEXT_ROWS]);
    sim->s.paper.y = 0;
    sim->s.paper.blank_lines = 0;
    sim->s.paper.piece_shown = 0;
}

int kw_sim_dots_to_blade(const struct kw_sim *sim)
{
    int dots = sim->profile->head_to_cutter_dots;
    return dots > 0 ? dots : BLADE_MM * sim->dpi * 10 / 254;
}

/* What stands behind the blade, kept while the rest is handed out: rows of dots, text, and the text's rows. */
struct behind {
    struct kw_buffer rows, text, text_rows;
    int y;
};

static void take_behind(struct kw_sim *sim, int blade, struct behind *behind)
{
    struct kw_buffer *paper = &sim->parts[KW_PART_PAPER], *text = &sim->parts[KW_PART_TEXT];
    struct kw_buffer *rows = &sim->parts[KW_PART_TEXT_ROWS];
    size_t cut_at = (size_t)blade * sim->stride, count = rows->length / sizeof(struct text_row), first = 0;
    struct text_row *row = (struct text_row *)(void *)rows->data;
    while (first < count && row[first].row < blade)
        first++;
    size_t text_at = first < count ? row[first].at : text->length;
    for (size_t i = first; i < count; i++)
        row[i] = (struct text_row){ row[i].at - (uint32_t)text_at, row[i].row - blade };
    behind->y = sim->s.paper.y - blade;
    kw_buffer_add(&behind->rows, paper->data + cut_at, paper->length - cut_at);
    kw_buffer_add(&behind->text, text->data + text_at, text->length - text_at);
    kw_buffer_add(&behind->text_rows, row + first, (count - first) * sizeof *row);
    paper->length = cut_at;
    text->length = text_at;
    if (text->data)
        text->data[text_at] = 0;
}

static void put_back(struct kw_sim *sim, const struct behind *behind)
{
    kw_buffer_add(&sim->parts[KW_PART_PAPER], behind->rows.data, behind->rows.length);
    kw_buffer_add(&sim->parts[KW_PART_TEXT], behind->text.data, behind->text.length);
    kw_buffer_add(&sim->parts[KW_PART_TEXT_ROWS], behind->text_rows.data, behind->text_rows.length);
    sim->s.paper.y = behind->y;
}

static void end_at_blade(struct kw_sim *sim)
{
    int blade = sim->s.paper.y - kw_sim_dots_to_blade(sim);
    blade = blade > 0 ? blade : 0;
    if (is_blank(sim, blade)) {
        kw_sim_end_piece(sim, true);
        return;
    }
    struct behind behind = { .y = 0 };
    kw_buffer_init(&behind.rows, sim->parts[KW_PART_PAPER].ceiling);
    kw_buffer_init(&behind.text, sim->parts[KW_PART_TEXT].ceiling);
    kw_buffer_init(&behind.text_rows, sim->parts[KW_PART_TEXT_ROWS].ceiling);
    take_behind(sim, blade, &behind);
    kw_sim_warn(sim, sim->s.in.parsed, "cut without a feed: what was printed last stands behind the blade, on the next "
                "piece of paper");
    kw_sim_end_piece(sim, true);
    put_back(sim, &behind);
    sim->out_of_memory = sim->out_of_memory || behind.rows.failed || behind.text.failed || behind.text_rows.failed;
    kw_buffer_free(&behind.rows);
    kw_buffer_free(&behind.text);
    kw_buffer_free(&behind.text_rows);
}

void kw_sim_cut(struct kw_sim *sim, bool full, uint64_t offset)
{
    struct kw_json json;
    int cutter = sim->profile->cutter;
    bool done_full = cutter == KW_CUTTER_FULL || (full && cutter != KW_CUTTER_PARTIAL);
    kw_sim_event(sim, &json, "cut", offset);
    kw_json_string(&json, "mode", full ? "full" : "partial");
    if (done_full != full)
        kw_json_string(&json, "blade", done_full ? "full" : "partial");
    kw_sim_event_end(sim, &json);
    if (sim->watch)
        sim->watch->cut(sim->watch->data, offset);
    end_at_blade(sim);
    sim->s.paper.cuts++;
    sim->s.paper.counters[2]++;
}
