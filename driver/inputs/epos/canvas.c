/*
 * canvas.c - <page>: areas of the paper, and what stands at places on them.
 *
 * Places are those of Epson's page mode: a text's is the left end of its baseline, 21 dots down for the plain font
 * where nothing else is said; a picture or bars stand on theirs, other codes hang from it. What would leave its area
 * is refused: a printer would lose it.
 */
#include "inputs/epos/internal.h"

#include <string.h>

/* As high as page mode is on the models that have it; of eight rows of a letter one is below the baseline. */
enum { CANVAS_MM = 207, CELL_PARTS = 8 };

static int most_height(const struct kw_epos_reading *reading)
{
    return CANVAS_MM * reading->profile->dpi * 10 / 254;
}

static int below_baseline(const struct kw_epos_reading *reading, int height)
{
    return reading->profile->font_a_height * (height > 1 ? height : 1) / CELL_PARTS;
}

static int above_baseline(const struct kw_epos_reading *reading, int height)
{
    return (CELL_PARTS - 1) * below_baseline(reading, height);
}

/* ---- areas ------------------------------------------------------------------------------------------------------ */

static struct kw_area *area_of(const struct kw_epos_reading *reading)
{
    return &reading->canvas.canvas->areas[reading->canvas.canvas->area_count - 1];
}

static void begin_area(struct kw_epos_reading *reading, struct kw_area area)
{
    struct kw_epos_canvas *canvas = &reading->canvas;
    struct kw_canvas *all = canvas->canvas;
    struct kw_area *areas = kw_arena_grow(reading->arena, all->areas, all->area_count, &all->area_capacity,
                                          sizeof *areas);
    kw_page_init(&canvas->lines, reading->arena, kw_area_along(&area));
    if (!areas || !kw_page_add_piece(&canvas->lines, KW_PIECE_PAPER, "page")) {
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
        return;
    }
    area.placed = NULL;
    area.placed_count = area.placed_capacity = 0;
    all->areas = areas;
    all->areas[all->area_count++] = area;
    canvas->taken = 0;
    canvas->x = 0;
    canvas->y = above_baseline(reading, 1);
    canvas->placed = false;
}

/* What stands in the line yet is printed before anything is moved. */
static bool settle(struct kw_epos_reading *reading)
{
    if (reading->line.count > 0)
        kw_epos_line_end(reading);
    kw_epos_page_take(reading);
    return reading->code == 0;
}

void kw_epos_area(struct kw_epos_reading *reading)
{
    int paper = reading->out->page.width_dots, most = most_height(reading);
    struct kw_area area = { .x_dots = kw_epos_number(reading, "x", 0, 65535, 0),
                            .y_dots = kw_epos_number(reading, "y", 0, 65535, 0),
                            .width_dots = kw_epos_number(reading, "width", 0, 65535, 0),
                            .height_dots = kw_epos_number(reading, "height", 0, 65535, 0) };
    if (!settle(reading))
        return;
    area.heading = area_of(reading)->heading;
    bool nothing = area.width_dots == 0 || area.height_dots == 0;
    if (nothing || area.x_dots >= paper || area.y_dots + area.height_dots > most) {
        kw_epos_refuse(reading, "area", "it leaves the paper, or is nothing, or ends lower than pages are");
        return;
    }
    if (area.width_dots > paper - area.x_dots)
        area.width_dots = paper - area.x_dots;
    reading->canvas.own_area = true;
    begin_area(reading, area);
}

void kw_epos_direction(struct kw_epos_reading *reading)
{
    static const char *const headings[] = { [KW_HEADING_RIGHT] = "left_to_right", [KW_HEADING_UP] = "bottom_to_top",
                                            [KW_HEADING_LEFT] = "right_to_left", [KW_HEADING_DOWN] = "top_to_bottom" };
    const char *value = kw_epos_attribute(reading, "dir");
    size_t heading = 0;
    while (value && heading <= KW_HEADING_DOWN && strcmp(headings[heading], value) != 0)
        heading++;
    if (heading > KW_HEADING_DOWN)
        kw_epos_refuse(reading, "direction", "there is no such direction");
    if (!settle(reading))
        return;
    struct kw_area area = *area_of(reading);
    area.heading = (uint8_t)heading;
    begin_area(reading, area);
}

void kw_epos_position(struct kw_epos_reading *reading)
{
    struct kw_epos_canvas *canvas = &reading->canvas;
    int x = kw_epos_number(reading, "x", 0, 65535, 0), y = kw_epos_number(reading, "y", 0, 65535, canvas->y);
    if (!settle(reading))
        return;
    canvas->x = x;
    canvas->y = y;
    canvas->placed = true;
}

/* ---- what stands on them ---------------------------------------------------------------------------------------- */

static void place(struct kw_epos_reading *reading, struct kw_placed placed)
{
    struct kw_area *area = area_of(reading);
    int height = placed.bitmap ? placed.bitmap->height : 0, width = placed.bitmap ? placed.bitmap->width : 0;
    struct kw_placed *all = kw_arena_grow(reading->arena, area->placed, area->placed_count, &area->placed_capacity,
                                          sizeof *all);
    if (!all) {
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
        return;
    }
    area->placed = all;
    if (placed.y_dots > kw_area_down(area) || height > placed.y_dots
        || (!placed.words && placed.x_dots + width > kw_area_along(area)))
        kw_epos_refuse(reading, "page", "what is printed leaves its area");
    else
        area->placed[area->placed_count++] = placed;
}

static int text_height(const struct kw_line *line)
{
    int height = 1;
    for (size_t i = 0; i < line->run_count; i++)
        height = line->runs[i].style.height > height ? line->runs[i].style.height : height;
    return height;
}

/* A drawn line is as high as its letters, and what hangs below the baseline is in it. */
static void place_drawn(struct kw_epos_reading *reading, const struct kw_op *op)
{
    const struct kw_line *line = &op->line;
    int y = reading->canvas.y, down = kw_area_down(area_of(reading)), paper = reading->out->page.width_dots;
    int lower = y + below_baseline(reading, 1);
    lower = lower > down && y <= down ? down : lower;
    lower = lower < line->bitmap->height ? line->bitmap->height : lower;
    if (line->bitmap_x_dots + line->bitmap->width >= paper && reading->page->width_dots > paper)
        kw_epos_refuse(reading, "page", "letters that are drawn stand no further along than paper is wide");
    else
        place(reading, (struct kw_placed){ line->bitmap_x_dots, lower, op, line->bitmap });
}

static void take_line(struct kw_epos_reading *reading, const struct kw_op *op)
{
    const struct kw_line *line = &op->line;
    struct kw_epos_canvas *canvas = &reading->canvas;
    int least = above_baseline(reading, text_height(line));
    canvas->y = canvas->y < least ? least : canvas->y;
    if (line->bitmap)
        place_drawn(reading, op);
    else if (line->run_count > 0)
        place(reading, (struct kw_placed){ 0, canvas->y, op, NULL });
    canvas->y += line->height_dots;
    canvas->x = 0;
    canvas->placed = false;
}

static void take_picture(struct kw_epos_reading *reading, const struct kw_bitmap *bitmap)
{
    int lower = reading->canvas.y > bitmap->height ? reading->canvas.y : bitmap->height;
    place(reading, (struct kw_placed){ reading->canvas.x, lower, NULL, bitmap });
}

void kw_epos_page_take(struct kw_epos_reading *reading)
{
    struct kw_epos_canvas *canvas = &reading->canvas;
    const struct kw_piece *piece = &canvas->lines.pieces[0];
    for (; reading->code == 0 && canvas->lines.error == 0 && canvas->taken < piece->op_count; canvas->taken++) {
        struct kw_op *op = kw_arena_alloc(reading->arena, sizeof *op);
        if (!op) {
            reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
            return;
        }
        *op = piece->ops[canvas->taken];
        if (op->kind == KW_OP_LINE)
            take_line(reading, op);
        else if (op->kind == KW_OP_BITMAP)
            take_picture(reading, op->image.bitmap);
        else
            canvas->y += op->feed_dots, canvas->x = 0;
    }
    if (reading->code == 0 && canvas->lines.error < 0)
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

void kw_epos_page_symbol(struct kw_epos_reading *reading, const struct kw_bitmap *bitmap, bool hangs)
{
    struct kw_epos_canvas *canvas = &reading->canvas;
    int above = above_baseline(reading, 1), top = canvas->placed || canvas->y < above ? canvas->y : canvas->y - above;
    kw_epos_page_take(reading);
    if (!hangs)
        top = canvas->y > bitmap->height ? canvas->y - bitmap->height : 0;
    if (reading->code == 0)
        place(reading, (struct kw_placed){ canvas->x, top + bitmap->height, NULL, bitmap });
    canvas->y = top + bitmap->height + above;
}

/* ---- the page --------------------------------------------------------------------------------------------------- */

void kw_epos_page_begin(struct kw_epos_reading *reading)
{
    struct kw_area whole = { .width_dots = reading->out->page.width_dots, .height_dots = most_height(reading) };
    if (reading->profile->page_mode != KW_YES) {
        kw_epos_refuse(reading, "page", "this printer is not known to have page mode; name its model (profile)");
        return;
    }
    if (reading->line.count > 0)
        kw_epos_line_end(reading);
    kw_epos_open_piece(reading);
    struct kw_canvas *canvas = kw_arena_alloc(reading->arena, sizeof *canvas);
    if (!canvas) {
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
        return;
    }
    *canvas = (struct kw_canvas){ 0 };
    reading->canvas = (struct kw_epos_canvas){ .canvas = canvas, .align = reading->line.align };
    reading->line.align = KW_ALIGN_LEFT;
    reading->page = &reading->canvas.lines;
    begin_area(reading, whole);
}

/* Where the document says no area, there is as much paper as is printed on. */
static void shrink(struct kw_epos_reading *reading, struct kw_area *area)
{
    int lowest = 0;
    for (size_t i = 0; i < area->placed_count; i++)
        lowest = area->placed[i].y_dots > lowest ? area->placed[i].y_dots : lowest;
    lowest += below_baseline(reading, 1);
    if (area->heading == KW_HEADING_RIGHT && lowest < area->height_dots)
        area->height_dots = lowest;
}

static void measure(struct kw_epos_reading *reading)
{
    struct kw_canvas *canvas = reading->canvas.canvas;
    size_t kept = 0;
    for (size_t i = 0; i < canvas->area_count; i++) {
        struct kw_area *area = &canvas->areas[i];
        if (!reading->canvas.own_area)
            shrink(reading, area);
        if (area->placed_count > 0)
            canvas->areas[kept++] = *area;
        if (area->placed_count > 0 && area->y_dots + area->height_dots > canvas->height_dots)
            canvas->height_dots = area->y_dots + area->height_dots;
    }
    canvas->area_count = kept;
}

void kw_epos_page_end(struct kw_epos_reading *reading)
{
    struct kw_canvas *canvas = reading->canvas.canvas;
    settle(reading);
    measure(reading);
    reading->page = &reading->out->page;
    reading->line.align = reading->canvas.align;
    reading->canvas = (struct kw_epos_canvas){ .canvas = NULL };
    struct kw_op *op = reading->code == 0 && canvas->area_count > 0
        ? kw_page_add(reading->page, KW_OP_CANVAS, "") : NULL;
    if (op)
        op->canvas = canvas;
}
