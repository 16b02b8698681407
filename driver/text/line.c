/* line.c - fields to one line of the page: runs in the printer's tables, or one drawn bitmap. */
#include "text/internal.h"

#include "base/buffer.h"
#include "base/utf8.h"

#include <string.h>

enum { FIELDS_MAX = 64, LINE_TEXT_BYTES = 64 * 1024, LINE_CHUNK = 256, DRAWN_MARGIN = 8 };

/* A field with its words ready and its place on the paper found. */
struct placed {
    struct kw_prepared *prepared;
    int x_dots;
    const char *origin;
    enum kw_align align;
};

struct setting {
    struct kw_text *text;
    struct placed fields[FIELDS_MAX];
    size_t count;
    int above;                      /* dots of a drawn line above its cells */
    bool drawn, plain;
};

/* The longest beginning of whole units that fits. */
static struct kw_prepared *cut(struct kw_text *text, const struct kw_span *span, int width_dots,
                               struct kw_prepared *prepared, struct kw_error *error)
{
    struct kw_span shorter = *span;
    while (prepared && prepared->width_dots > width_dots && prepared->stretch.count > 0) {
        if (kw_prepared_part(text, prepared, error) < 0)
            return NULL;
        const struct kw_stretch *stretch = &prepared->stretch;
        size_t kept = stretch->count;
        for (int width = prepared->width_dots; kept > 0 && width > width_dots; kept--)
            width -= stretch->units[kept - 1].width_dots;
        shorter.length = kept ? stretch->units[kept - 1].from + stretch->units[kept - 1].length : 0;
        prepared = kw_text_prepare(text, &shorter, error);
    }
    if (text->options.warnings)
        kw_notes_add(text->options.warnings, KWIT_WARNING_CUT_TEXT, span->origin ? span->origin : "",
                     "the text does not fit on its line and is cut");
    return prepared;
}

static int shift(enum kw_align align, int room)
{
    return align == KW_ALIGN_LEFT ? 0 : align == KW_ALIGN_RIGHT ? room : room / 2;
}

/* Where the text begins in its box, mirrored in a right-to-left receipt. */
static int place_of(const struct kw_text *text, const struct kw_field *field, int width)
{
    int left = field->x_dots, room = field->width_dots - width;
    enum kw_align align = field->align;
    if (text->options.direction == KW_DIRECTION_RTL) {
        left = text->width_dots - field->x_dots - field->width_dots;
        if (align != KW_ALIGN_CENTER)
            align = align == KW_ALIGN_LEFT ? KW_ALIGN_RIGHT : KW_ALIGN_LEFT;
    }
    return left + shift(align, room);
}

static int place(struct setting *setting, const struct kw_field *fields, size_t count, struct kw_error *error)
{
    if (count > FIELDS_MAX)
        return kw_fail(error, KWIT_E_INTERNAL, "", "a line of more than %d fields", FIELDS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct kw_span *span = &fields[i].span;
        struct kw_prepared *prepared = kw_text_prepare(setting->text, span, error);
        if (prepared && prepared->width_dots > fields[i].width_dots)
            prepared = cut(setting->text, span, fields[i].width_dots, prepared, error);
        if (!prepared)
            return KWIT_E_NO_MEMORY;
        if (prepared->stretch.count == 0)
            continue;
        struct placed placed = { prepared, place_of(setting->text, &fields[i], prepared->width_dots),
                                 span->origin, fields[i].align };
        size_t at = setting->count++;
        for (; at > 0 && setting->fields[at - 1].x_dots > placed.x_dots; at--)
            setting->fields[at] = setting->fields[at - 1];
        setting->fields[at] = placed;
        setting->drawn |= prepared->drawn;
        setting->plain &= prepared->plain;
    }
    return 0;
}

/* ---- in the printer's own font ----------------------------------------------------------------------------- */

/* The line's characters in order, each with the table that prints it. */
struct character {
    const struct placed *field;
    uint32_t code;
    int x_dots, width_dots;
    int table;
};

static size_t count_codes(const struct setting *setting)
{
    size_t count = 0;
    for (size_t i = 0; i < setting->count; i++)
        count += setting->fields[i].prepared->stretch.code_count;
    return count;
}

static size_t list_characters(struct setting *setting, struct character *characters)
{
    size_t count = 0;
    for (size_t i = 0; i < setting->count; i++) {
        const struct placed *field = &setting->fields[i];
        int x = field->x_dots;
        for (size_t k = 0; k < field->prepared->stretch.count; k++) {
            const struct kw_unit *unit = &field->prepared->stretch.units[k];
            for (size_t c = 0; unit->kind != KW_UNIT_HIDDEN && c < unit->codes; c++) {
                uint32_t code = field->prepared->stretch.codes[unit->code + c];
                int width = unit->width_dots / unit->codes;
                characters[count++] = (struct character){ field, code, x, width, 0 };
                x += width;
            }
        }
    }
    return count;
}

/*
 * The fewest switches: stay in the table in force as long as it holds what comes, then take the longest stretch that
 * any one table holds, and so on.
 */
static void choose_tables(struct kw_tables *tables, struct character *characters, size_t count)
{
    kw_table_set usable = tables->last < 0 ? ~(kw_table_set)0 : (kw_table_set)1 << tables->last;
    size_t from = 0;
    for (size_t i = 0; i <= count; i++) {
        kw_table_set held = i < count ? kw_tables_among(tables, usable, characters[i].code) : 0;
        if (held) {
            usable = held;
            continue;
        }
        int table = kw_tables_first(tables, usable);
        for (size_t k = from; k < i; k++)
            characters[k].table = table;
        if (i > from && table < KW_TABLES_TWO_BYTE)
            tables->last = table;
        if (i < count)
            usable = kw_tables_holding(tables, characters[i].code);
        from = i;
    }
}

static uint8_t encoding_of(int table)
{
    return table == KW_TABLES_TWO_BYTE ? KW_ENCODING_TWO_BYTE : table == KW_TABLES_UTF8 ? KW_ENCODING_UTF8
                                                                                         : KW_ENCODING_TABLE;
}

static bool same_run(const struct character *a, const struct character *b)
{
    return a->field == b->field && a->table == b->table;
}

static void begin_run(struct kw_run *run, const struct kw_profile *profile, int table, const struct placed *field,
                      int x_dots)
{
    *run = (struct kw_run){ .x_dots = x_dots, .style = field->prepared->style, .encoding = encoding_of(table) };
    if (run->encoding == KW_ENCODING_TABLE && (size_t)table < profile->table_count)
        run->table = kw_profile_tables(profile)[table].n;
}

static bool fill_run(struct kw_text *text, struct kw_run *run, const struct character *characters, size_t count)
{
    uint8_t *bytes = kw_arena_alloc(text->arena, count * 4);
    if (!bytes)
        return false;
    int table = characters[0].table;
    begin_run(run, text->options.profile, table, characters[0].field, characters[0].x_dots);
    run->bytes = bytes;
    for (size_t i = 0, size = 0; i < count; i++, run->length += size) {
        uint8_t *place = bytes + run->length;
        if (i > 0 && characters[i].code == characters[i - 1].code)
            memcpy(place, place - size, size);
        else
            size = kw_tables_bytes(&text->tables, table, characters[i].code, place);
        run->width_dots += characters[i].width_dots;
    }
    return true;
}

static int set_runs(struct setting *setting, struct kw_line *line, struct kw_error *error)
{
    struct kw_text *text = setting->text;
    size_t most = count_codes(setting), runs = 0;
    struct character *characters = kw_arena_array(text->arena, most, sizeof *characters);
    if (!characters)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    size_t count = list_characters(setting, characters);
    choose_tables(&text->tables, characters, count);
    for (size_t i = 0; i < count; i++)
        runs += i == 0 || !same_run(&characters[i - 1], &characters[i]);
    struct kw_run *list = kw_arena_array(text->arena, runs, sizeof *list);
    if (!list)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    line->runs = list;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_run(&characters[from], &characters[to]);)
            to++;
        if (!fill_run(text, &list[line->run_count++], characters + from, to - from))
            return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    }
    return 0;
}

/* Whether the table in force holds all of the line, as it does most: then none is chosen, and each field is a run. */
static bool is_in_force(const struct setting *setting)
{
    struct kw_tables *tables = &setting->text->tables;
    for (size_t i = 0; !setting->plain && tables->last >= 0 && i < setting->count; i++) {
        const struct kw_prepared *prepared = setting->fields[i].prepared;
        for (size_t k = 0; !prepared->plain && k < prepared->stretch.code_count; k++)
            if (!kw_tables_among(tables, (kw_table_set)1 << tables->last, prepared->stretch.codes[k]))
                return false;
    }
    return setting->plain || tables->last >= 0;
}

/* What is plain has its bytes already. NULL: no memory. */
static const uint8_t *bytes_in_force(struct kw_text *text, const struct kw_prepared *prepared)
{
    const struct kw_stretch *stretch = &prepared->stretch;
    if (prepared->plain)
        return (const uint8_t *)prepared->utf8;
    uint8_t *bytes = kw_arena_unset(text->arena, stretch->code_count, 1), one[4];
    for (size_t i = 0; bytes && i < stretch->code_count; i++) {
        kw_tables_bytes(&text->tables, text->tables.last, stretch->codes[i], one);
        bytes[i] = one[0];
    }
    return bytes;
}

static int set_in_force(struct setting *setting, struct kw_line *line, struct kw_error *error)
{
    struct kw_text *text = setting->text;
    struct kw_run *runs = kw_arena_array(text->arena, setting->count, sizeof *runs);
    bool held = runs != NULL;
    if (text->tables.last < 0)
        text->tables.last = kw_tables_first(&text->tables, ~(kw_table_set)0);
    for (size_t i = 0; held && i < setting->count; i++) {
        const struct placed *field = &setting->fields[i];
        struct kw_run *run = &runs[line->run_count];
        if (field->prepared->stretch.code_count == 0)           /* all of it was left out */
            continue;
        begin_run(run, text->options.profile, text->tables.last, field, field->x_dots);
        run->bytes = bytes_in_force(text, field->prepared);
        run->length = field->prepared->stretch.code_count;
        run->width_dots = field->prepared->width_dots;
        line->run_count++;
        held = run->bytes != NULL;
    }
    if (!held)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    line->runs = runs;
    return 0;
}

/* ---- in dots ----------------------------------------------------------------------------------------------- */

/* Heights of a drawn line: marks may need more than the pitch. */
struct heights {
    int cell, pitch, above, below;
};

static int find_heights(struct setting *setting, struct heights *heights, struct kw_error *error)
{
    struct kw_text *text = setting->text;
    for (size_t i = 0; i < setting->count; i++) {
        int cell = kw_text_cell_height(text, &setting->fields[i].prepared->style);
        heights->cell = cell > heights->cell ? cell : heights->cell;
    }
    for (size_t i = 0; i < setting->count; i++) {
        struct kw_stretch stretch = setting->fields[i].prepared->stretch;
        int above = 0, below = 0;
        int code = text->drawer_ops->overshoot(text->drawer, &stretch, &above, &below, error);
        if (code < 0)
            return code;
        above -= heights->cell - kw_text_cell_height(text, &stretch.style);
        below -= heights->pitch - heights->cell;
        heights->above = above > heights->above ? above : heights->above;
        heights->below = below > heights->below ? below : heights->below;
    }
    return 0;
}

static int draw_fields(struct setting *setting, const struct heights *heights, struct kw_bitmap *bitmap, int left,
                       struct kw_error *error)
{
    struct kw_text *text = setting->text;
    for (size_t i = 0; i < setting->count; i++) {
        struct kw_stretch stretch = setting->fields[i].prepared->stretch;
        int y = heights->above + heights->cell - kw_text_cell_height(text, &stretch.style);
        int code = text->drawer_ops->draw(text->drawer, &stretch, bitmap, setting->fields[i].x_dots - left, y, error);
        if (code < 0)
            return code;
    }
    return 0;
}

static int draw_line(struct setting *setting, struct kw_line *line, struct kw_error *error)
{
    const struct placed *last = &setting->fields[setting->count - 1];
    struct heights heights = { .pitch = line->height_dots };
    int code = find_heights(setting, &heights, error);
    if (code < 0)
        return code;
    int left = setting->fields[0].x_dots - DRAWN_MARGIN;
    int right = last->x_dots + last->prepared->width_dots + DRAWN_MARGIN;
    left = left < 0 ? 0 : left;
    right = right > setting->text->width_dots ? setting->text->width_dots : right;
    struct kw_bitmap *bitmap = kw_bitmap_new(setting->text->arena, right - left,
                                             heights.above + heights.pitch + heights.below);
    if (!bitmap)
        return kw_fail(error, KWIT_E_NO_MEMORY, last->origin, "out of memory while drawing a line");
    setting->above = heights.above;
    line->height_dots = bitmap->height;
    line->bitmap = bitmap;
    line->bitmap_x_dots = left;
    return draw_fields(setting, &heights, bitmap, left, error);
}

/* ---- for people -------------------------------------------------------------------------------------------- */

static void add_text(struct kw_buffer *out, const struct kw_prepared *prepared)
{
    const struct kw_stretch *stretch = &prepared->stretch;
    char utf8[LINE_CHUNK];
    size_t length = 0;
    if (prepared->plain) {
        kw_buffer_add(out, prepared->utf8, prepared->length);
        return;
    }
    for (size_t i = 0; i < stretch->code_count; i++) {
        if (length > sizeof utf8 - 4) {
            kw_buffer_add(out, utf8, length);
            length = 0;
        }
        length += kw_utf8_put(utf8 + length, stretch->codes[i]);
    }
    kw_buffer_add(out, utf8, length);
}

/* The line's words in the order of reading, with as many spaces between fields as there are columns. */
static const char *line_text(struct setting *setting)
{
    struct kw_text *text = setting->text;
    bool mirrored = text->options.direction == KW_DIRECTION_RTL;
    int cell = kw_text_cell_dots(text, &(struct kw_style){ 0 }), column = 0;
    struct kw_buffer out;
    kw_buffer_init(&out, LINE_TEXT_BYTES);
    for (size_t i = 0; i < setting->count; i++) {
        const struct placed *field = &setting->fields[mirrored ? setting->count - 1 - i : i];
        int width = field->prepared->width_dots;
        int at = (mirrored ? text->width_dots - field->x_dots - width : field->x_dots) / cell;
        int gap = at > column ? at - column : i > 0 && at >= 0;
        kw_buffer_fill(&out, ' ', (size_t)gap);
        add_text(&out, field->prepared);
        column = at + (width + cell - 1) / cell;
    }
    const char *copy = out.failed ? NULL : kw_arena_copy(text->arena, kw_buffer_string(&out), out.length);
    kw_buffer_free(&out);
    return copy;
}

static char *words_of(struct kw_text *text, const struct kw_prepared *prepared)
{
    struct kw_buffer out;
    kw_buffer_init(&out, LINE_TEXT_BYTES);
    add_text(&out, prepared);
    char *copy = out.failed ? NULL : kw_arena_copy(text->arena, kw_buffer_string(&out), out.length);
    kw_buffer_free(&out);
    return copy;
}

/* NULL where the order of the letters is that of the paper anyway. */
static char *ordered_words(struct kw_text *text, const struct kw_prepared *prepared)
{
    struct kw_stretch ordered = prepared->stretch;
    if (!prepared->drawn || !text->drawer || !text->drawer_ops->order(text->drawer, &prepared->stretch, &ordered.codes,
                                                                      &ordered.code_count))
        return NULL;
    return words_of(text, &(struct kw_prepared){ .stretch = ordered });
}

/* What stands in a line shares its lower edge. */
static int keep_words(const struct setting *setting, struct kw_op *op, struct kw_error *error)
{
    struct kw_lettering *words = kw_arena_array(setting->text->arena, setting->count, sizeof *words);
    int tallest = 0;
    op->words = words;
    op->word_count = words ? setting->count : 0;
    for (size_t i = 0; i < op->word_count; i++) {
        const struct placed *field = &setting->fields[i];
        words[i] = (struct kw_lettering){
            .utf8 = words_of(setting->text, field->prepared),
            .ordered = ordered_words(setting->text, field->prepared), .x_dots = field->x_dots,
            .width_dots = field->prepared->width_dots, .style = field->prepared->style, .align = (uint8_t)field->align,
            .height_dots = kw_text_cell_height(setting->text, &field->prepared->style)
        };
        tallest = words[i].height_dots > tallest ? words[i].height_dots : tallest;
        if (!words[i].utf8)
            op->word_count = 0;
    }
    for (size_t i = 0; i < op->word_count; i++)
        words[i].y_dots = setting->above + tallest - words[i].height_dots;
    return op->word_count == setting->count ? 0
        : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while keeping the words of a line");
}

static int part_fields(struct setting *setting, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < setting->count; i++)
        code = kw_prepared_part(setting->text, setting->fields[i].prepared, error);
    return code;
}

static int set_line(struct setting *setting, struct kw_op *op, struct kw_error *error)
{
    bool in_force = !setting->drawn && is_in_force(setting);
    int code = in_force ? 0 : part_fields(setting, error);
    if (code == 0)
        code = setting->drawn ? draw_line(setting, &op->line, error)
            : in_force ? set_in_force(setting, &op->line, error) : set_runs(setting, &op->line, error);
    return code == 0 && setting->text->options.words ? keep_words(setting, op, error) : code;
}

int kw_text_line(struct kw_text *text, struct kw_page *page, const struct kw_field *fields, size_t count,
                 struct kw_error *error)
{
    struct setting setting;         /* but for the fields that there are, unset: it is large and made for each line */
    setting.text = text;
    setting.count = 0;
    setting.above = 0;
    setting.drawn = false;
    setting.plain = true;
    int code = place(&setting, fields, count, error);
    if (code < 0)
        return code;
    struct kw_op *op = kw_page_add(page, KW_OP_LINE, count ? fields[0].span.origin : "");
    if (!op)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    const struct kw_style style = { .font = count ? fields[0].span.style.font : KW_FONT_A };
    op->line.height_dots = setting.count == 0 ? kw_text_line_dots(text, &style) : 0;
    for (size_t i = 0; i < setting.count; i++) {
        int height = kw_text_line_dots(text, &setting.fields[i].prepared->style);
        op->line.height_dots = height > op->line.height_dots ? height : op->line.height_dots;
    }
    if (text->options.words && !(op->line.text = line_text(&setting)))
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a line");
    return setting.count == 0 ? 0 : set_line(&setting, op, error);
}

/* ---- rules ------------------------------------------------------------------------------------------------- */

static void *repeated(struct kw_text *text, const void *bytes, size_t length, size_t times)
{
    const size_t whole = length * times;
    char *copies = kw_arena_alloc(text->arena, whole + 1);
    if (copies && times)
        memcpy(copies, bytes, length);
    for (size_t have = length; copies && have < whole; have *= 2)       /* what is there stands behind itself */
        memcpy(copies + have, copies, whole - have < have ? whole - have : have);
    return copies;
}

static int keep_rule(struct kw_text *text, struct kw_op *op, const struct kw_prepared *sign, size_t times,
                     struct kw_error *error)
{
    const struct kw_run *run = &op->line.runs[0];
    struct kw_lettering *words = kw_arena_alloc(text->arena, sizeof *words);
    op->line.text = repeated(text, sign->utf8, sign->length, times);
    if (!words || !op->line.text)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while keeping the words of a line");
    *words = (struct kw_lettering){ .utf8 = op->line.text, .x_dots = run->x_dots, .width_dots = run->width_dots,
                                .height_dots = kw_text_cell_height(text, &run->style), .style = run->style };
    op->words = words;
    op->word_count = 1;
    return 0;
}

/* One sign of the printer's own font, as often as it fits: nothing is found out again for its repetitions. */
static int set_rule(struct kw_text *text, struct kw_op *op, struct kw_prepared *sign, int width_dots,
                    struct kw_error *error)
{
    struct kw_line *line = &op->line;
    size_t times = (size_t)(width_dots / sign->width_dots);
    const struct kw_field field = { .width_dots = width_dots };
    const int width = (int)times * sign->width_dots;
    const struct placed placed = { sign, place_of(text, &field, width), "", KW_ALIGN_LEFT };
    struct character one = { .code = sign->stretch.codes[0], .field = &placed };
    uint8_t bytes[4];
    choose_tables(&text->tables, &one, 1);
    size_t size = kw_tables_bytes(&text->tables, one.table, one.code, bytes);
    struct kw_run *run = kw_arena_alloc(text->arena, sizeof *run);
    uint8_t *filled = repeated(text, bytes, size, times);
    if (!run || !filled)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a rule");
    begin_run(run, text->options.profile, one.table, &placed, placed.x_dots);
    run->bytes = filled;
    run->length = size * times;
    run->width_dots = width;
    line->runs = run;
    line->run_count = 1;
    return text->options.words ? keep_rule(text, op, sign, times, error) : 0;
}

static int set_long_text(struct kw_text *text, struct kw_page *page, const struct kw_span *sign, size_t times,
                         int width_dots, struct kw_error *error)
{
    struct kw_field field = { .span = *sign, .width_dots = width_dots };
    field.span.utf8 = repeated(text, sign->utf8, sign->length, times);
    field.span.length = sign->length * times;
    if (!field.span.utf8)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a rule");
    return kw_text_line(text, page, &field, 1, error);
}

int kw_text_rule(struct kw_text *text, struct kw_page *page, const char *sign, int width_dots, struct kw_error *error)
{
    const struct kw_span span = { .utf8 = sign, .length = strlen(sign), .style = { .width = 1, .height = 1 },
                                  .origin = "" };
    struct kw_prepared *prepared = kw_text_prepare(text, &span, error);
    if (!prepared || kw_prepared_part(text, prepared, error) < 0)
        return KWIT_E_NO_MEMORY;
    int cell = kw_text_cell_dots(text, &span.style);
    if (prepared->drawn || prepared->stretch.code_count != 1 || prepared->width_dots != cell || width_dots < cell)
        return set_long_text(text, page, &span, (size_t)(width_dots / cell), width_dots, error);
    struct kw_op *op = kw_page_add(page, KW_OP_LINE, "");
    if (!op)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting a rule");
    op->line.height_dots = kw_text_line_dots(text, &span.style);
    return set_rule(text, op, prepared, width_dots, error);
}
