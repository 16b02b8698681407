/*
 * pagemode.c - ESC L to FF: a page in memory, an area on it, text in four directions.
 *
 * A position is (u, v): u along the text, v down from line to line, both from the corner where the direction begins.
 * What is put there stands on v with its lower edge; something taller than v moves v down, so that nothing is lost.
 */
#include "simulator/pagemode.h"

#include "simulator/events.h"
#include "simulator/glyph.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/paper.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_MM = 208, DIRECTION_SHIFT = 12 };

static int page_height(const struct kw_sim *sim)
{
    return PAGE_MM * sim->dpi * 10 / 254;
}

static bool page_view(struct kw_sim *sim, struct kw_bitmap *view)
{
    struct kw_buffer *page = &sim->parts[KW_PART_PAGE];
    size_t wanted = sim->stride * (size_t)page_height(sim);
    if (page->length < wanted && !kw_buffer_fill(page, 0, wanted - page->length))
        return false;
    *view = (struct kw_bitmap){ sim->width_dots, page_height(sim), (int)sim->stride, page->data };
    return true;
}

/* A place along and across the text to a place on the page. */
static void to_page(const struct kw_sim_page_mode *mode, int u, int v, int *x, int *y)
{
    switch (mode->direction) {
    case 1: *x = mode->area_x + v; *y = mode->area_y + mode->area_height - 1 - u; break;
    case 2: *x = mode->area_x + mode->area_width - 1 - u; *y = mode->area_y + mode->area_height - 1 - v; break;
    case 3: *x = mode->area_x + mode->area_width - 1 - v; *y = mode->area_y + u; break;
    default: *x = mode->area_x + u; *y = mode->area_y + v; break;
    }
}

/* A dot by its place along and across the text; outside the area it is lost. */
static void put_dot(const struct kw_sim_page_mode *mode, struct kw_bitmap *page, int u, int v)
{
    int x, y;
    to_page(mode, u, v, &x, &y);
    bool inside = x >= mode->area_x && x < mode->area_x + mode->area_width && y >= mode->area_y &&
                  y < mode->area_y + mode->area_height && x < page->width && y < page->height;
    if (inside)
        kw_bitmap_set(page, x, y);
}

/* Of a box in the first direction no dot is lost. */
static bool is_on_area(const struct kw_sim_page_mode *mode, const struct kw_bitmap *page, int u, int v, int width,
                       int height)
{
    return u >= 0 && v >= 0 && u + width <= mode->area_width && v + height <= mode->area_height &&
           mode->area_x + u + width <= page->width && mode->area_y + v + height <= page->height;
}

static void put_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int u, int v, int wide, int high)
{
    const struct kw_sim_page_mode *mode = &sim->s.page;
    struct kw_bitmap page;
    if (!page_view(sim, &page))
        return;
    if (mode->direction == 0 && is_on_area(mode, &page, u, v, bitmap->width * wide, bitmap->height * high)) {
        kw_bitmap_blend_grown(&page, bitmap, mode->area_x + u, mode->area_y + v, wide, high);
        return;
    }
    for (int row = 0; row < bitmap->height * high; row++)
        for (int column = 0; column < bitmap->width * wide; column++)
            if (kw_bitmap_get(bitmap, column / wide, row / high))
                put_dot(mode, &page, u + column, v + row);
}

static void make_room(struct kw_sim_page_mode *mode, int height)
{
    if (mode->y < height)
        mode->y = height;
}

/* Places from the corner of the page in the direction of the text, so that lines of areas side by side meet. */
static void remember(struct kw_sim *sim, struct kw_sim_item *item)
{
    const struct kw_sim_page_mode *mode = &sim->s.page;
    const int from_left[] = { mode->area_x, page_height(sim) - mode->area_y - mode->area_height,
                              sim->width_dots - mode->area_x - mode->area_width, mode->area_y };
    const int from_top[] = { mode->area_y, mode->area_x, page_height(sim) - mode->area_y - mode->area_height,
                             sim->width_dots - mode->area_x - mode->area_width };
    item->x += from_left[mode->direction];
    item->y += from_top[mode->direction];
    item->style |= (uint16_t)(mode->direction << DIRECTION_SHIFT);
    kw_buffer_add(&sim->parts[KW_PART_PAGE_ITEMS], item, sizeof *item);
    sim->parts[KW_PART_PAGE_ITEMS].failed = false;
}

bool kw_sim_page_item(struct kw_sim *sim, const struct kw_sim_item *item)
{
    struct kw_sim_page_mode *mode = &sim->s.page;
    struct kw_sim_item placed = *item;
    if (item->kind != KW_ITEM_IMAGE && mode->x > 0 && mode->x + item->width > kw_sim_area_width(sim))
        kw_sim_page_newline(sim, sim->s.line.line_spacing[1]);
    make_room(mode, item->height);
    int width = item->width > item->advance ? item->width : item->advance;
    size_t stride = (size_t)(width + 7) / 8;
    kw_buffer_clear(&sim->scratch);
    if (kw_buffer_fill(&sim->scratch, 0, stride * (size_t)item->height)) {
        struct kw_bitmap bitmap = { width, item->height, (int)stride, sim->scratch.data };
        kw_sim_draw_item(sim, &bitmap, item, 0, 0);
        put_bitmap(sim, &bitmap, mode->x, mode->y - item->height, 1, 1);
    }
    placed.x = mode->x;
    placed.y = mode->y;
    mode->x += item->advance;
    sim->s.line.x = mode->x;
    remember(sim, &placed);
    if (item->kind == KW_ITEM_IMAGE)
        kw_buffer_clear(&sim->parts[KW_PART_ITEM_BITS]);
    return true;
}

void kw_sim_page_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high)
{
    struct kw_sim_page_mode *mode = &sim->s.page;
    make_room(mode, bitmap->height * times_high);
    put_bitmap(sim, bitmap, mode->x, mode->y - bitmap->height * times_high, times_wide, times_high);
    mode->x += bitmap->width * times_wide;
}

void kw_sim_page_raster_row(struct kw_sim *sim, const struct kw_bitmap *row)
{
    const struct kw_sim_raster *raster = &sim->s.raster;
    int total = (int)raster->rows_total * raster->times_high,
        done = (int)(raster->rows_total - raster->rows_left) * raster->times_high;
    make_room(&sim->s.page, total < page_height(sim) ? total : page_height(sim));
    if (done <= page_height(sim))
        put_bitmap(sim, row, sim->s.page.x, sim->s.page.y - total + done, raster->times_wide, raster->times_high);
}

void kw_sim_page_raster_end(struct kw_sim *sim)
{
    int64_t wide = (int64_t)sim->s.raster.row_bytes * 8 * sim->s.raster.times_wide;
    sim->s.page.x += wide < 65536 ? (int)wide : 65536;
}

void kw_sim_page_newline(struct kw_sim *sim, int feed_dots)
{
    sim->s.page.x = sim->s.line.x = 0;
    if (sim->s.page.y < 1000000)
        sim->s.page.y += feed_dots;
}

/* ---- area ---- */

static void to_corner(struct kw_sim *sim)
{
    sim->s.page.x = sim->s.line.x = 0;
    sim->s.page.y = 0;
    make_room(&sim->s.page, kw_sim_cell_height(sim, 0));
}

static void reset_area(struct kw_sim *sim)
{
    struct kw_sim_page_mode *mode = &sim->s.page;
    mode->area_x = mode->area_y = 0;
    mode->area_width = sim->width_dots;
    mode->area_height = page_height(sim);
    mode->max_height = 0;
    to_corner(sim);
}

HANDLER(page_enter)
{
    (void)bytes;
    if (sim->s.page.active)
        return length;
    if (!kw_sim_at_line_start(sim)) {
        kw_sim_warn(sim, sim->s.in.parsed, "ESC L inside a line is ignored");
        return length;
    }
    uint8_t direction = sim->s.page.direction;
    sim->s.page = (struct kw_sim_page_mode){ .active = 1, .direction = direction };
    kw_buffer_clear(&sim->parts[KW_PART_PAGE]);
    kw_buffer_clear(&sim->parts[KW_PART_PAGE_ITEMS]);
    reset_area(sim);
    return length;
}

HANDLER(page_direction)
{
    int n = kw_sim_digit(bytes[2], 3);
    if (n < 0) {
        kw_sim_out_of_range(sim, "ESC T", bytes[2]);
        return length;
    }
    sim->s.page.direction = (uint8_t)n;
    if (sim->s.page.active)
        to_corner(sim);
    return length;
}

HANDLER(page_area)
{
    struct kw_sim_page_mode *mode = &sim->s.page;
    int x = kw_sim_x_dots(sim, kw_sim_pair(bytes + 2)), y = kw_sim_y_dots(sim, kw_sim_pair(bytes + 4));
    int width = kw_sim_x_dots(sim, kw_sim_pair(bytes + 6)), height = kw_sim_y_dots(sim, kw_sim_pair(bytes + 8));
    size_t bad = x >= sim->width_dots ? 4 : y >= page_height(sim) ? 6 : width == 0 ? 8 : height == 0 ? 10 : 0;
    if (bad) {
        kw_sim_warn(sim, sim->s.in.parsed, "ESC W: area out of range");
        return bad;
    }
    if (!mode->active)
        return length;
    mode->area_x = x;
    mode->area_y = y;
    mode->area_width = width < sim->width_dots - x ? width : sim->width_dots - x;
    mode->area_height = height < page_height(sim) - y ? height : page_height(sim) - y;
    if (y + mode->area_height > mode->max_height)
        mode->max_height = y + mode->area_height;
    to_corner(sim);
    return length;
}

HANDLER(page_absolute)
{
    if (sim->s.page.active)
        sim->s.page.y = kw_sim_y_dots(sim, kw_sim_pair(bytes + 2));
    return length;
}

HANDLER(page_relative)
{
    int y = sim->s.page.y + kw_sim_y_dots(sim, (int16_t)kw_sim_pair(bytes + 2));
    if (sim->s.page.active && y >= 0)
        sim->s.page.y = y;
    return length;
}

void kw_sim_page_clear(struct kw_sim *sim)
{
    struct kw_bitmap page;
    const struct kw_sim_page_mode *mode = &sim->s.page;
    if (!mode->active || !page_view(sim, &page))
        return;
    for (int y = mode->area_y; y < mode->area_y + mode->area_height; y++)
        for (int x = mode->area_x; x < mode->area_x + mode->area_width; x++)
            page.bits[(size_t)y * sim->stride + (size_t)(x >> 3)] &= (uint8_t)~(0x80 >> (x & 7));
    kw_buffer_clear(&sim->parts[KW_PART_PAGE_ITEMS]);
}

/* ---- lines ---- */

/* A line as broad as its pen; both ends belong to it. */
static void put_line(struct kw_sim *sim, struct kw_bitmap *page, const int from[2], const int to[2], int pen)
{
    int along = abs(to[0] - from[0]), across = abs(to[1] - from[1]), steps = along > across ? along : across;
    for (int step = 0; step <= steps; step++) {
        int u = from[0], v = from[1];
        if (steps > 0) {
            u += (int)((int64_t)(to[0] - from[0]) * step / steps);
            v += (int)((int64_t)(to[1] - from[1]) * step / steps);
        }
        for (int dot = 0; dot < pen * pen; dot++)
            put_dot(&sim->s.page, page, u + dot % pen, v + dot / pen);
    }
}

static void put_rectangle(struct kw_sim *sim, struct kw_bitmap *page, const int from[2], const int to[2], int pen)
{
    const int right[2] = { to[0], from[1] }, below[2] = { from[0], to[1] };
    put_line(sim, page, from, right, pen);
    put_line(sim, page, right, to, pen);
    put_line(sim, page, to, below, pen);
    put_line(sim, page, below, from, pen);
}

static void say_line(struct kw_sim *sim, const char *name, const int from[2], const int to[2], int pen)
{
    struct kw_json json;
    kw_sim_event(sim, &json, name, sim->s.in.parsed);
    kw_json_integer(&json, "x", from[0]);
    kw_json_integer(&json, "y", from[1]);
    kw_json_integer(&json, "to_x", to[0]);
    kw_json_integer(&json, "to_y", to[1]);
    kw_json_integer(&json, "pen", pen);
    kw_sim_event_end(sim, &json);
}

/* GS ( Q: fn x1 y1 x2 y2 c m1 m2, from where the direction begins; m1 is the pen. */
void kw_sim_page_lines(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    struct kw_bitmap page;
    int ends[4] = { 0 }, most = page_height(sim) > sim->width_dots ? page_height(sim) : sim->width_dots;
    bool rectangle = length > 0 && p[0] == 49;
    bool good = length >= 12 && (p[0] == 48 || rectangle) && p[9] == 1 && p[10] >= 1 && p[10] <= 3;
    for (int i = 0; i < 4 && good; i++) {
        int units = kw_sim_pair(p + 1 + 2 * i);
        ends[i] = i & 1 ? kw_sim_y_dots(sim, units) : kw_sim_x_dots(sim, units);
        good = ends[i] < most;
    }
    if (!good || !sim->s.page.active) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( Q: %s",
                    good ? "lines are drawn in page mode only" : "parameters out of range");
    } else if (page_view(sim, &page)) {
        sim->inked++;
        say_line(sim, rectangle ? "rectangle" : "line", ends, ends + 2, p[10]);
        (rectangle ? put_rectangle : put_line)(sim, &page, ends, ends + 2, p[10]);
    }
}

/* ---- printing ---- */

static int by_place(const void *one, const void *two)
{
    const struct kw_sim_item *a = one, *b = two;
    int direction_a = a->style >> DIRECTION_SHIFT, direction_b = b->style >> DIRECTION_SHIFT;
    if (direction_a != direction_b)
        return direction_a - direction_b;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Where the text of a turned direction begins; upright text begins at the edge of the paper. */
static int left_edge(const struct kw_sim_item *items, size_t count, int direction)
{
    int least = -1;
    for (size_t i = 0; i < count && direction > 0; i++)
        if (items[i].style >> DIRECTION_SHIFT == direction && (least < 0 || items[i].x < least))
            least = items[i].x;
    return least < 0 ? 0 : least;
}

static void print_texts(struct kw_sim *sim)
{
    struct kw_buffer *all = &sim->parts[KW_PART_PAGE_ITEMS];
    struct kw_sim_item *items = (struct kw_sim_item *)(void *)all->data;
    size_t count = all->length / sizeof *items;
    if (count > 0)
        qsort(items, count, sizeof *items, by_place);
    for (size_t at = 0, run; at < count; at += run) {
        for (run = 1; at + run < count && items[at + run].y == items[at].y; run++)
            if (items[at + run].style >> DIRECTION_SHIFT != items[at].style >> DIRECTION_SHIFT)
                break;
        kw_sim_line_events(sim, items + at, run, 0);
        kw_sim_add_text_line(sim, items + at, run, -left_edge(items, count, items[at].style >> DIRECTION_SHIFT));
    }
}

static int used_rows(const struct kw_bitmap *page)
{
    int rows = page->height;
    while (rows > 0 && kw_bitmap_row_blank(page, rows - 1))
        rows--;
    return rows;
}

static void print_page(struct kw_sim *sim)
{
    struct kw_bitmap page, paper;
    if (!page_view(sim, &page))
        return;
    print_texts(sim);
    int rows = used_rows(&page);
    if (sim->s.page.max_height > rows)
        rows = sim->s.page.max_height;
    page.height = rows;
    if (rows > 0 && kw_sim_paper(sim, rows, &paper)) {
        kw_bitmap_blend_grown(&paper, &page, 0, sim->s.paper.y, 1, 1);
        kw_sim_advance(sim, rows);
    }
}

void kw_sim_page_leave(struct kw_sim *sim, bool print)
{
    if (!sim->s.page.active)
        return;
    if (print)
        print_page(sim);
    sim->s.page.active = 0;
    sim->s.line.x = 0;
    sim->s.line.moved = 0;
    kw_buffer_clear(&sim->parts[KW_PART_PAGE]);
    kw_buffer_clear(&sim->parts[KW_PART_PAGE_ITEMS]);
}

HANDLER(page_print)
{
    (void)bytes;
    if (sim->s.page.active)
        print_page(sim);
    return length;
}

HANDLER(page_quit)
{
    (void)bytes;
    kw_sim_page_leave(sim, false);
    return length;
}
