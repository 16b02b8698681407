/* columns.c - columns side by side: how wide each is, the lines between them, and their text on the page. */
#include "inputs/receiptline/internal.h"

#include <string.h>

static int cell_dots(const struct kw_rl_reading *reading)
{
    static const struct kw_style plain = { .width = 1, .height = 1 };
    return kw_text_cell_dots(reading->text, &plain);
}

static int room(const struct kw_rl_reading *reading)
{
    return reading->page->width_dots / cell_dots(reading);
}

static int between(const struct kw_rl_settings *settings)
{
    return settings->border == KW_RL_NONE ? 0 : 1;
}

/* Where they want more than there is, the widest give way. */
static int narrow(struct kw_rl_plan *plan, int missing)
{
    while (missing > 0) {
        int widest = 0;
        for (int i = 1; i < plan->count; i++)
            if (plan->width[i] > plan->width[widest])
                widest = i;
        if (plan->width[widest] <= 1)
            break;
        plan->width[widest]--;
        missing--;
    }
    return missing;
}

/* What is left when the others have theirs is shared by those with a star. */
static void share(int left, struct kw_rl_plan *plan)
{
    int stars = 0;
    for (int i = 0; i < plan->count; i++) {
        stars += plan->width[i] == KW_RL_STAR;
        left -= plan->width[i] == KW_RL_STAR ? 0 : plan->width[i];
    }
    if (left < stars)
        left = stars - narrow(plan, stars - left);
    for (int i = 0; i < plan->count; i++) {
        if (plan->width[i] != KW_RL_STAR)
            continue;
        plan->width[i] = left / stars;
        left -= plan->width[i];
        stars--;
    }
}

/* Every width that was named has its place, also on a line with fewer columns. How many of them can be seen. */
static int take_widths(const struct kw_rl_settings *settings, struct kw_rl_plan *plan)
{
    int seen = 0;
    for (int i = 0; i < plan->count; i++) {
        plan->width[i] = i < settings->width_count ? settings->widths[i] : settings->width_count > 0 ? 0 : KW_RL_STAR;
        seen += plan->width[i] != 0;
    }
    return seen;
}

static int make_plan(struct kw_rl_reading *reading, int columns, struct kw_rl_plan *plan)
{
    const struct kw_rl_settings *settings = &reading->settings;
    int count = columns > settings->width_count ? columns : settings->width_count, cells = room(reading);
    bool lined = settings->border == KW_RL_LINE;
    *plan = (struct kw_rl_plan){ .count = count };
    int seen = take_widths(settings, plan), gaps = lined ? seen + 1 : seen > 0 ? between(settings) * (seen - 1) : 0;
    if (cells < gaps + seen)
        return kw_rl_refuse(reading, "|", "so many columns do not fit the paper");
    share(cells - gaps, plan);
    int at = lined ? 1 : 0;
    for (int i = 0; i < count; i++) {
        plan->at[i] = at;
        at += plan->width[i] > 0 ? plan->width[i] + between(settings) : 0;
    }
    plan->total = lined || seen == 0 ? at : at - between(settings);
    int spare = cells - plan->total;
    plan->left = settings->align == KW_ALIGN_LEFT ? 0 : settings->align == KW_ALIGN_RIGHT ? spare : spare / 2;
    return 0;
}

/* ---- lines ---- */

static int print_rule(struct kw_rl_reading *reading, int left, const char *signs, size_t length, int cells)
{
    int cell = cell_dots(reading);
    struct kw_field field = { .span = { .length = length, .origin = "" }, .x_dots = left * cell,
                              .width_dots = cells * cell };
    field.span.utf8 = kw_arena_copy(reading->arena, signs, length);
    kw_rl_open_piece(reading);
    if (!field.span.utf8)
        return kw_rl_no_memory(reading);
    return reading->code = kw_text_line(reading->text, reading->page, &field, 1, reading->error);
}

/* Whether a line stands upright at this cell of the paper. */
static bool is_upright(const struct kw_rl_plan *plan, int cell)
{
    bool found = false;
    for (int i = 0; i < plan->count; i++)
        found = found || (plan->width[i] > 0 && cell == plan->left + plan->at[i] - 1);
    return found || (plan->count > 0 && cell == plan->left + plan->total - 1);
}

static bool is_inside(const struct kw_rl_plan *plan, int cell)
{
    return plan->count > 0 && cell >= plan->left && cell < plan->left + plan->total;
}

/* Between two rows, or above or below them all: joined to the upright lines on both sides. */
static int print_joint(struct kw_rl_reading *reading, const struct kw_rl_plan *above, const struct kw_rl_plan *below)
{
    /* By what meets there: 1 from the left, 2 from the right, 4 from above, 8 from below. */
    static const char *const signs[16] = { " ", "─", "─", "─", "│", "┘", "└", "┴", "│", "┐", "┌", "┬", "│", "┤", "├", "┼" };
    struct kw_buffer line;
    int cells = room(reading);
    kw_buffer_init(&line, 4 * (size_t)cells + 4);
    for (int cell = 0; cell < cells; cell++) {
        bool left = (is_inside(above, cell) && is_inside(above, cell - 1))
            || (is_inside(below, cell) && is_inside(below, cell - 1));
        bool right = (is_inside(above, cell) && is_inside(above, cell + 1))
            || (is_inside(below, cell) && is_inside(below, cell + 1));
        kw_buffer_text(&line, signs[left + 2 * right + 4 * is_upright(above, cell) + 8 * is_upright(below, cell)]);
    }
    print_rule(reading, 0, kw_buffer_string(&line), line.length, cells);
    kw_buffer_free(&line);
    return reading->code;
}

static int print_plain_rule(struct kw_rl_reading *reading)
{
    struct kw_rl_plan plan;
    struct kw_buffer line;
    if (make_plan(reading, 1, &plan) < 0)
        return reading->code;
    kw_buffer_init(&line, 4 * (size_t)plan.total + 4);
    for (int i = 0; i < plan.total; i++)
        kw_buffer_text(&line, "─");
    print_rule(reading, plan.left, kw_buffer_string(&line), line.length, plan.total);
    kw_buffer_free(&line);
    return reading->code;
}

int kw_rl_rule(struct kw_rl_reading *reading)
{
    if (reading->settings.border != KW_RL_LINE)
        return print_plain_rule(reading);
    reading->rule_due = true;
    return 0;
}

int kw_rl_end_table(struct kw_rl_reading *reading)
{
    static const struct kw_rl_plan nothing;
    if (reading->table.count > 0 && reading->code == 0)
        print_joint(reading, &reading->table, &nothing);
    reading->table.count = 0;
    reading->rule_due = false;
    return reading->code;
}

/* The line above this row, where there is one. */
static int begin_row(struct kw_rl_reading *reading, const struct kw_rl_plan *plan)
{
    bool alike = memcmp(&reading->table, plan, sizeof *plan) == 0;
    if (reading->rule_due || !alike)
        print_joint(reading, &reading->table, plan);
    reading->table = *plan;
    reading->rule_due = false;
    return reading->code;
}

/* ---- one line of the paper ---- */

struct row { struct kw_field *fields; size_t count; };

static void add_bar(const struct kw_rl_reading *reading, const struct kw_rl_plan *plan, int at, struct row *row)
{
    int cell = cell_dots(reading);
    row->fields[row->count++] = (struct kw_field){ .span = { .utf8 = "│", .length = sizeof "│" - 1, .origin = "" },
                                                   .x_dots = (plan->left + at) * cell, .width_dots = cell };
}

static void add_column(const struct kw_rl_reading *reading, const struct kw_rl_plan *plan, int i, enum kw_align align,
                       const struct kw_rl_words *words, int n, struct row *row)
{
    int cell = cell_dots(reading), width = 0, x;
    for (size_t k = 0; k < words->count; k++)
        width += words->parts[k].row == n ? words->parts[k].width_dots : 0;
    int spare = plan->width[i] * cell - width;
    x = (plan->left + plan->at[i]) * cell + (align == KW_ALIGN_LEFT ? 0 : align == KW_ALIGN_RIGHT ? spare : spare / 2);
    for (size_t k = 0; k < words->count; k++) {
        const struct kw_rl_part *part = &words->parts[k];
        if (part->row != n)
            continue;
        row->fields[row->count++] = (struct kw_field){ .span = part->span, .x_dots = x,
                                                       .width_dots = part->width_dots };
        x += part->width_dots;
    }
}

static int print_row(struct kw_rl_reading *reading, const struct kw_rl_plan *plan, const struct kw_rl_column *columns,
                     const struct kw_rl_words *words, int n)
{
    static const struct kw_style plain = { .width = 1, .height = 1 };
    size_t most = (size_t)plan->count + 1;
    for (int i = 0; i < plan->count; i++)
        most += words[i].count;
    struct row row = { kw_arena_array(reading->arena, most, sizeof *row.fields), 0 };
    bool lined = reading->settings.border == KW_RL_LINE;
    if (!row.fields)
        return kw_rl_no_memory(reading);
    for (int i = 0; i < plan->count; i++) {
        if (plan->width[i] == 0)
            continue;
        if (lined)
            add_bar(reading, plan, plan->at[i] - 1, &row);
        add_column(reading, plan, i, columns[i].align, &words[i], n, &row);
    }
    if (lined)
        add_bar(reading, plan, plan->total - 1, &row);
    if (row.count == 0)
        kw_page_feed(reading->page, kw_text_line_dots(reading->text, &plain));
    else
        reading->code = kw_text_line(reading->text, reading->page, row.fields, row.count, reading->error);
    return reading->code;
}

/* A column of no width is not printed, as its author wrote. Where none was named for it, that is told. */
static void tell_hidden(struct kw_rl_reading *reading, const struct kw_rl_column *column, int i)
{
    if (column->length > 0 && i >= reading->settings.width_count)
        kw_notes_add(reading->warnings, KWIT_WARNING_CUT_TEXT, "", "line %ld: column %d is not printed, for `width` "
                     "names %d", reading->line, i + 1, reading->settings.width_count);
}

int kw_rl_columns(struct kw_rl_reading *reading, struct kw_rl_column *columns, int count)
{
    struct kw_rl_words words[KW_RECEIPTLINE_COLUMNS] = { 0 };
    struct kw_rl_plan plan;
    int rows = 1, cell = cell_dots(reading);
    kw_rl_open_piece(reading);
    if (make_plan(reading, count, &plan) < 0)
        return reading->code;
    if (reading->settings.border == KW_RL_LINE && begin_row(reading, &plan) < 0)
        return reading->code;
    for (int i = count; i < plan.count; i++)
        columns[i] = (struct kw_rl_column){ .text = "" };
    for (int i = 0; i < count; i++) {
        if (plan.width[i] == 0)
            tell_hidden(reading, &columns[i], i);
        else if (kw_rl_words_break(reading, &columns[i], plan.width[i] * cell, &words[i]) < 0)
            return reading->code;
        rows = words[i].rows > rows ? words[i].rows : rows;
    }
    for (int n = 0; n < rows && reading->code == 0; n++)
        print_row(reading, &plan, columns, words, n);
    return reading->code;
}
