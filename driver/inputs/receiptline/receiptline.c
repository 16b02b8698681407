/* receiptline.c - the lines of the text: what each is, and its columns. */
#include "base/utf8.h"
#include "inputs/receiptline/internal.h"

#include <string.h>

static void cut(struct kw_rl_reading *reading)
{
    struct kw_page *page = reading->page;
    kw_rl_end_table(reading);
    if (reading->piece_open && page->error == 0)
        page->pieces[page->piece_count - 1].cut = KW_CUT_PARTIAL;
    reading->piece_open = false;
}

static bool is_blank(char sign)
{
    return sign == ' ' || sign == '\t';
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank((*text)[*length - 1]))
        (*length)--;
    while (*length > 0 && is_blank((*text)[0]))
        (*text)++, (*length)--;
}

/* The text without white space at its ends, which pushes it away from its bars. */
static struct kw_rl_column column_of(const char *text, size_t length, bool first, bool last, bool barred)
{
    struct kw_rl_column column = { text, length, KW_ALIGN_CENTER };
    bool before = length > 0 && is_blank(text[0]), behind = length > 0 && is_blank(text[length - 1]);
    trim(&column.text, &column.length);
    if (!barred)
        return column;
    /* At the paper's edge, where no bar stands, is as much room as anywhere. */
    before = before || first;
    behind = behind || last;
    column.align = before == behind ? KW_ALIGN_CENTER : before ? KW_ALIGN_RIGHT : KW_ALIGN_LEFT;
    return column;
}

/* The next bar that no backslash stands before; NULL: there is none. */
static const char *next_bar(const char *at, const char *end)
{
    for (; at < end; at++) {
        if (*at == '\\')
            at++;
        else if (*at == '|')
            return at;
    }
    return NULL;
}

/* An open edge is one where no bar stands: `A|` pulls A to the right, `A |` lets it go to the left. */
static int split(struct kw_rl_reading *reading, const char *text, size_t length, struct kw_rl_column *columns)
{
    trim(&text, &length);
    const char *end = text + length, *bar = next_bar(text, end);
    bool barred = bar != NULL, open_left = true;
    int count = 0;
    if (bar == text)
        open_left = false, text++;
    while ((bar = next_bar(text, end)) != NULL || text < end || count == 0) {
        const char *stop = bar ? bar : end;
        bool tight = stop > text && !is_blank(stop[-1]), loose = stop > text && is_blank(text[0]);
        if (count == KW_RECEIPTLINE_COLUMNS) {
            kw_rl_refuse(reading, "|", "it has more than 48 columns");
            return 0;
        }
        bool first = count == 0 && open_left && tight, last = !bar && !loose;
        columns[count++] = column_of(text, (size_t)(stop - text), first, last, barred);
        text = bar ? bar + 1 : end;
    }
    return count;
}

static bool is_all(const struct kw_rl_column *column, char sign)
{
    size_t i = 0;
    while (i < column->length && column->text[i] == sign)
        i++;
    return i > 0 && i == column->length;
}

/* Braces around the whole of it, and none inside that no backslash stands before. */
static bool is_property(const struct kw_rl_column *column)
{
    size_t inside = 0;
    if (column->length < 2 || column->text[0] != '{' || column->text[column->length - 1] != '}')
        return false;
    for (size_t i = 1; i < column->length - 1; i++) {
        inside += column->text[i] == '{' || column->text[i] == '}';
        i += column->text[i] == '\\';
    }
    return inside == 0;
}

static void read_line(struct kw_rl_reading *reading, const char *text, size_t length)
{
    struct kw_rl_column columns[KW_RECEIPTLINE_COLUMNS];
    int count = split(reading, text, length, columns);
    if (reading->code < 0)
        return;
    if (count == 1 && is_all(&columns[0], '='))
        cut(reading);
    else if (count == 1 && is_property(&columns[0]))
        kw_rl_properties(reading, columns[0].text + 1, columns[0].length - 2);
    else if (count == 1 && is_all(&columns[0], '-'))
        kw_rl_rule(reading);
    else
        kw_rl_columns(reading, columns, count);
}

static void read_lines(struct kw_rl_reading *reading, const char *at, const char *end)
{
    while (at < end && reading->code == 0) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        reading->line++;
        read_line(reading, at, length > 0 && at[length - 1] == '\r' ? length - 1 : length);
        at = stop ? stop + 1 : end;
        if (reading->code == 0 && reading->page->error < 0)
            kw_rl_no_memory(reading);
    }
}

static int begin(struct kw_rl_reading *reading, const char *utf8, size_t length)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (length > KW_RECEIPTLINE_BYTES)
        return kw_fail(reading->error, KWIT_E_TOO_LARGE, "", "a receipt in ReceiptLine has at most 2 MiB");
    if (!kw_utf8_valid(utf8, length))
        return kw_fail(reading->error, KWIT_E_SYNTAX, "", "it is not UTF-8: write UTF-8");
    kw_page_init(reading->page, reading->arena, kw_text_width_dots(reading->text));
    size_t skipped = length >= 3 && memcmp(utf8, mark, 3) == 0 ? 3 : 0;
    read_lines(reading, utf8 + skipped, utf8 + length);
    cut(reading);
    if (reading->code == 0 && reading->page->piece_count == 0)
        return kw_fail(reading->error, KWIT_E_INVALID, "", "there is nothing to print");
    return reading->code;
}

int kw_receiptline_read(struct kw_arena *arena, const char *utf8, size_t length, struct kw_text *text,
                        const struct kw_profile *profile, struct kw_page *page, struct kw_notes *warnings,
                        struct kw_error *error)
{
    struct kw_rl_reading reading = { .arena = arena, .text = text, .profile = profile, .page = page,
                                     .warnings = warnings, .error = error };
    reading.settings.border = KW_RL_SPACE;
    reading.settings.align = KW_ALIGN_CENTER;
    static const char defaults[] = "option:code128";
    int code = kw_rl_properties(&reading, defaults, sizeof defaults - 1);
    return code < 0 ? code : begin(&reading, utf8, length);
}
