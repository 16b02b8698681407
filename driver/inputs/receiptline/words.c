/* words.c - the text of a column: decorations and escapes to stretches of one style, broken to the column's width. */
#include "base/utf8.h"
#include "inputs/receiptline/internal.h"

#include <string.h>

static int hex_of(char sign)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = sign ? strchr(digits, sign >= 'A' && sign <= 'F' ? sign | 0x20 : sign) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* `signs` stand for themselves behind a backslash. A control character is none: data is never a command. */
size_t kw_rl_escape(const char *text, size_t length, const char *signs, uint32_t *code)
{
    *code = 0;
    if (length < 2)
        return length;
    int high = length >= 4 ? hex_of(text[2]) : -1, low = high >= 0 ? hex_of(text[3]) : -1;
    if (text[1] == 'n') {
        *code = '\n';
        return 2;
    }
    if (text[1] == 'x' && low >= 0) {
        int byte = high * 16 + low;
        *code = byte >= 0x20 && (byte < 0x7F || byte >= 0xA0) ? (uint32_t)byte : 0;
        return 4;
    }
    if (strchr(signs, text[1]) && text[1])
        *code = (uint32_t)text[1];
    size_t at = 1;
    kw_utf8_next(text, length, &at);        /* what else stands behind it goes with it */
    return at;
}

/* ---- lines of a column ---- */

struct setting {
    struct kw_rl_reading *reading;
    struct kw_rl_words *words;
    struct kw_buffer bytes;                 /* of the stretch that is open */
    struct kw_style style;
    int row, used_dots, room_dots;
};

/* No line is broken again behind this; what is wider than its column, one sign, is cut with a warning. */
static void add_part(struct setting *setting, const struct kw_span *span, int width_dots)
{
    struct kw_rl_words *words = setting->words;
    int left = setting->room_dots - setting->used_dots;
    width_dots = width_dots < left ? width_dots : left;
    if (words->count == words->capacity) {
        size_t capacity = words->capacity ? 2 * words->capacity : 8;
        struct kw_rl_part *parts = kw_arena_array(setting->reading->arena, capacity, sizeof *parts);
        if (!parts) {
            kw_rl_no_memory(setting->reading);
            return;
        }
        if (words->count > 0)
            memcpy(parts, words->parts, words->count * sizeof *parts);
        words->parts = parts;
        words->capacity = capacity;
    }
    words->parts[words->count] = (struct kw_rl_part){ .span = *span, .row = setting->row, .width_dots = width_dots };
    words->parts[words->count++].span.flags = KW_FIELD_NO_BREAK;
    setting->used_dots += width_dots;
}

static void next_row(struct setting *setting)
{
    setting->row++;
    setting->used_dots = 0;
}

/* One line, whatever there is: what does not fit is cut, with a warning. */
static void add_cut(struct setting *setting, const struct kw_span *span)
{
    int width = kw_text_measure(setting->reading->text, span), left = setting->room_dots - setting->used_dots;
    if (left > 0)
        add_part(setting, span, width);
    else
        kw_notes_add(setting->reading->warnings, KWIT_WARNING_CUT_TEXT, "", "line %ld: \"%.*s\" does not fit its column",
                     setting->reading->line, (int)(span->length < 80 ? span->length : 80), span->utf8);
}

static void add_broken(struct setting *setting, const struct kw_span *span)
{
    struct kw_rl_reading *reading = setting->reading;
    struct kw_breaks breaks;
    int cell = kw_text_cell_dots(reading->text, &span->style);
    int whole = kw_text_measure(reading->text, span);
    if (whole <= setting->room_dots - setting->used_dots) {
        add_part(setting, span, whole);
        return;
    }
    if (setting->used_dots > 0 && setting->room_dots - setting->used_dots < cell)
        next_row(setting);
    int code = kw_text_wrap(reading->text, span, setting->room_dots - setting->used_dots, setting->room_dots, &breaks,
                            reading->error);
    if (code < 0) {
        reading->code = code;
        return;
    }
    for (size_t i = 0; i < breaks.count && reading->code == 0; i++) {
        struct kw_span part = kw_text_part(span, &breaks.lines[i]);
        if (i > 0)
            next_row(setting);
        if (i == breaks.count - 1)
            part.length = span->length - breaks.lines[i].from;
        int width = kw_text_measure(reading->text, &part), left = setting->room_dots - setting->used_dots;
        if (width > left && i == breaks.count - 1)
            part.length = breaks.lines[i].length, width = kw_text_measure(reading->text, &part);
        if (part.length > 0)
            add_part(setting, &part, width);
    }
}

/* Ends the stretch: what comes next looks otherwise, or stands on another line. */
static void end_stretch(struct setting *setting)
{
    struct kw_rl_reading *reading = setting->reading;
    struct kw_span span = { .length = setting->bytes.length, .style = setting->style, .origin = "" };
    if (span.length == 0 || reading->code < 0)
        return;
    while (span.style.width > 1 && kw_text_cell_dots(reading->text, &span.style) > setting->room_dots)
        span.style.width--;                         /* a letter as wide as its column is better than none */
    span.utf8 = kw_arena_copy(reading->arena, kw_buffer_string(&setting->bytes), span.length);
    kw_buffer_clear(&setting->bytes);
    if (!span.utf8)
        kw_rl_no_memory(reading);
    else if (reading->settings.nowrap)
        add_cut(setting, &span);
    else
        add_broken(setting, &span);
}

/* ---- decorations ---- */

static void enlarge(struct setting *setting, size_t count)
{
    static const uint8_t sizes[][2] = { { 1, 1 }, { 2, 1 }, { 1, 2 }, { 2, 2 },
                                        { 3, 3 }, { 4, 4 }, { 5, 5 }, { 6, 6 } };
    const uint8_t *size = sizes[count < 7 ? count : 7];
    bool again = setting->style.width == size[0] && setting->style.height == size[1];
    setting->style.width = again ? 1 : size[0];
    setting->style.height = again ? 1 : size[1];
}

/* How many bytes a decoration takes; 0: it is none. The same again ends it. */
static size_t decorate(struct setting *setting, const char *text, size_t length)
{
    size_t count = 0;
    if (!strchr("_\"`^", text[0]) || !text[0])
        return 0;
    end_stretch(setting);
    switch (text[0]) {
    case '_': setting->style.underline = !setting->style.underline; return 1;
    case '"': setting->style.bold = !setting->style.bold; return 1;
    case '`': setting->style.invert = !setting->style.invert; return 1;
    }
    while (count < length && text[count] == '^')
        count++;
    enlarge(setting, count);
    return count;
}

static void put(struct setting *setting, uint32_t code)
{
    char utf8[4];
    if (code == '\n') {
        end_stretch(setting);
        next_row(setting);
    } else if (code >= 0x20 && code != 0x7F && !kw_buffer_add(&setting->bytes, utf8, kw_utf8_put(utf8, code))) {
        kw_rl_no_memory(setting->reading);
    }
}

int kw_rl_words_break(struct kw_rl_reading *reading, const struct kw_rl_column *column, int room_dots,
                      struct kw_rl_words *out)
{
    struct setting setting = { .reading = reading, .words = out, .style = { .width = 1, .height = 1 },
                               .room_dots = room_dots };
    kw_buffer_init(&setting.bytes, 2 * column->length + 16);
    *out = (struct kw_rl_words){ .count = 0 };
    for (size_t at = 0; at < column->length && reading->code == 0;) {
        const char *text = column->text + at;
        size_t left = column->length - at, taken = decorate(&setting, text, left);
        uint32_t code = 0;
        if (taken == 0 && text[0] == '\\')
            taken = kw_rl_escape(text, left, "\\|{}-=~_\"`^", &code);
        else if (taken == 0)
            code = kw_utf8_next(text, left, &taken);
        put(&setting, code == '~' && text[0] == '~' ? ' ' : code);
        at += taken;
    }
    end_stretch(&setting);
    out->rows = setting.row + 1;
    kw_buffer_free(&setting.bytes);
    return reading->code;
}
