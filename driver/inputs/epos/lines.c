/* lines.c - texts of several styles side by side, as a printer sets them, to lines of the page. */
#include "inputs/epos/internal.h"

#include <string.h>

static struct kw_span span_of(const struct kw_epos_reading *reading, const struct kw_epos_span *part)
{
    return (struct kw_span){ .utf8 = reading->line.shown + part->from, .length = part->length,
                             .style = part->style, .origin = "" };
}

static int indent(const struct kw_epos_line *line, int room, int width)
{
    if (line->align == KW_ALIGN_LEFT || width > room)
        return 0;
    return line->align == KW_ALIGN_RIGHT ? room - width : (room - width) / 2;
}

/* Alone on its line, and longer than that: as many lines as it takes. */
static int print_long(struct kw_epos_reading *reading, const struct kw_epos_span *part, int room)
{
    struct kw_breaks breaks;
    struct kw_span whole = span_of(reading, part);
    int code = kw_text_wrap(reading->text, &whole, room, room, &breaks, reading->error);
    for (size_t i = 0; i < breaks.count && code == 0; i++) {
        struct kw_field field = { .span = kw_text_part(&whole, &breaks.lines[i]), .width_dots = room,
                                  .align = reading->line.align };
        code = kw_text_line(reading->text, reading->page, &field, 1, reading->error);
    }
    return code;
}

/* Those from `first` on that fit side by side; *next is the first that does not. */
static int print_some(struct kw_epos_reading *reading, size_t first, size_t *next)
{
    struct kw_epos_line *line = &reading->line;
    struct kw_field fields[KW_EPOS_SPANS];
    int width = 0, room = reading->page->width_dots;
    size_t count = 0;
    for (size_t i = first; i < line->count; i++) {
        struct kw_span span = span_of(reading, &line->spans[i]);
        int taken = kw_text_measure(reading->text, &span);
        int begin = line->spans[i].x > width ? line->spans[i].x : width;
        if (begin + taken > room)
            break;
        fields[count] = (struct kw_field){ .span = span, .x_dots = begin, .width_dots = taken };
        count++;
        width = begin + taken;
    }
    *next = first + (count > 0 ? count : 1);
    if (count == 0)
        return print_long(reading, &line->spans[first], room);
    for (size_t i = 0; i < count; i++)
        fields[i].x_dots += indent(line, room, width);
    return kw_text_line(reading->text, reading->page, fields, count, reading->error);
}

bool kw_epos_line_end(struct kw_epos_reading *reading)
{
    struct kw_epos_line *line = &reading->line;
    bool anything = line->count > 0;
    kw_epos_open_piece(reading);
    line->shown = kw_arena_copy(reading->arena, kw_buffer_string(&line->bytes), line->bytes.length);
    if (!line->shown)
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t at = 0; at < line->count && reading->code == 0;)
        reading->code = print_some(reading, at, &at);
    line->count = line->bytes.length = 0;
    line->x = -1;
    return anything;
}

static void add_part(struct kw_epos_reading *reading, const char *utf8, size_t length)
{
    struct kw_epos_line *line = &reading->line;
    if (length == 0)
        return;
    if (line->count == KW_EPOS_SPANS) {
        kw_epos_refuse(reading, "text", "too many texts stand on one line");
        return;
    }
    line->spans[line->count++] = (struct kw_epos_span){ line->bytes.length, length, line->style, line->x };
    line->x = -1;
    if (!kw_buffer_add(&line->bytes, utf8, length))
        kw_epos_refuse(reading, "text", "a line is too long");
}

void kw_epos_line_add(struct kw_epos_reading *reading, const char *utf8, size_t length)
{
    while (length > 0 && reading->code == 0) {
        const char *end = memchr(utf8, '\n', length);
        size_t part = end ? (size_t)(end - utf8) : length;
        size_t shown = part > 0 && utf8[part - 1] == '\r' ? part - 1 : part;
        add_part(reading, utf8, shown);
        if (end && !kw_epos_line_end(reading))
            kw_page_feed(reading->page, kw_text_line_dots(reading->text, &reading->line.style));
        utf8 += part + (end ? 1 : 0);
        length -= part + (end ? 1 : 0);
    }
}
