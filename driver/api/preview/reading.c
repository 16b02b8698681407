/* reading.c - the words of a page where they stand on the paper, and in the columns of a screen. */
#include "api/preview/preview.h"

#include "base/utf8.h"
#include "text/unicode.h"

#include <string.h>

enum { MOST_BLANK_ROWS = 2 };

static size_t count_papers(const struct kw_page *page, size_t *ops)
{
    size_t papers = 0;
    *ops = 0;
    for (size_t i = 0; i < page->piece_count; i++) {
        papers += page->pieces[i].kind == KW_PIECE_PAPER;
        *ops += page->pieces[i].op_count;
    }
    return papers;
}

static int dots_of(const struct kw_rendering *rendering, uint32_t um)
{
    return (int)((double)um * rendering->profile->dpi / 25400 + 0.5);
}

bool kw_reading_make(const struct kw_rendering *rendering, const struct kw_paper *paper, struct kw_reading *reading)
{
    size_t most, ordinal = 0, papers = count_papers(&rendering->page, &most);
    bool each_cut = papers == paper->sheet_count;           /* else all of them are one long sheet */
    struct kw_shown *ops = kw_arena_array(rendering->arena, most + 1, sizeof *ops);
    int top = 0;
    *reading = (struct kw_reading){ .ops = ops };
    for (size_t i = 0; ops && i < rendering->page.piece_count; i++) {
        const struct kw_piece *piece = &rendering->page.pieces[i];
        if (piece->kind != KW_PIECE_PAPER)
            continue;
        int y = top;
        for (size_t k = 0; k < piece->op_count; k++) {
            ops[reading->count++] = (struct kw_shown){ &piece->ops[k], each_cut ? ordinal : 0, y, k == 0 };
            y += kw_op_height_dots(&piece->ops[k]);
        }
        top = each_cut ? 0 : top + dots_of(rendering, rendering->encoded.pieces[i].paper_um);
        ordinal++;
    }
    return ops != NULL;
}

/* ---- columns ------------------------------------------------------------------------------------------------ */

static int columns_of(const char *utf8)
{
    size_t length = strlen(utf8);
    int columns = 0;
    for (size_t at = 0; at < length;) {
        uint8_t flags = kw_unicode_of(kw_utf8_next(utf8, length, &at)).flags;
        columns += flags & (KW_UNICODE_MARK | KW_UNICODE_INVISIBLE) ? 0 : flags & KW_UNICODE_WIDE ? 2 : 1;
    }
    return columns;
}

static int bottom_of(const struct kw_lettering *words)
{
    return words->y_dots + words->height_dots;
}

/* What all words of a row have. */
static struct kw_style style_of(const struct kw_op *op, int bottom)
{
    struct kw_style common = { .font = KW_FONT_B, .width = 8, .height = 8, .bold = true, .invert = true };
    for (size_t i = 0; i < op->word_count; i++) {
        const struct kw_style *style = &op->words[i].style;
        if (bottom_of(&op->words[i]) != bottom)
            continue;
        uint8_t width = style->width ? style->width : 1, height = style->height ? style->height : 1;
        common.font = style->font == KW_FONT_B ? common.font : KW_FONT_A;
        common.width = width < common.width ? width : common.width;
        common.height = height < common.height ? height : common.height;
        common.bold = common.bold && style->bold;
        common.invert = common.invert && style->invert;
    }
    return common;
}

/* Where a field's first character stands: what is set to the right ends in its column, what is centred stays so. */
static int column_of(const struct kw_page *page, const struct kw_lettering *words, int cell, int columns)
{
    int left = page->mirrored ? page->width_dots - words->x_dots - words->width_dots : words->x_dots;
    int right = (left + words->width_dots + cell / 2) / cell;
    switch (words->align) {
    case KW_ALIGN_RIGHT:
        return right - columns;
    case KW_ALIGN_CENTER:
        return ((2 * left + words->width_dots) / cell - columns) / 2;
    default:
        return (left + cell / 2) / cell;
    }
}

/* Whether one field goes on where the one before it ends, as a sign does behind its amount. */
static bool touches(const struct kw_page *page, const struct kw_lettering *before, const struct kw_lettering *words)
{
    return page->mirrored ? words->x_dots + words->width_dots == before->x_dots
                          : before->x_dots + before->width_dots == words->x_dots;
}

/* Apart from its neighbours, and the way that it runs: what was not drawn runs from left to right. */
static void put_isolated(const struct kw_lettering *words, struct kw_buffer *out)
{
    static const char rtl_mark[] = "\u200F", lri[] = "\u2066", rli[] = "\u2067", pdi[] = "\u2069";
    const char *text = words->ordered ? words->ordered : words->utf8;
    kw_buffer_text(out, strncmp(text, rtl_mark, sizeof rtl_mark - 1) == 0 ? rli : lri);
    kw_buffer_text(out, text);
    kw_buffer_text(out, pdi);
}

static void put_row(const struct kw_rendering *rendering, const struct kw_op *op, int bottom, int cell, bool isolated,
                    struct kw_buffer *out)
{
    const struct kw_lettering *before = NULL;
    int column = 0;
    for (size_t i = 0; i < op->word_count; i++) {
        const struct kw_lettering *words = &op->words[rendering->page.mirrored ? op->word_count - 1 - i : i];
        if (bottom_of(words) != bottom)
            continue;
        int columns = columns_of(words->utf8), at = column_of(&rendering->page, words, cell, columns);
        int gap = at > column ? at - column : before && !touches(&rendering->page, before, words);
        kw_buffer_fill(out, ' ', (size_t)gap);
        if (isolated && (words->ordered || rendering->page.mirrored))
            put_isolated(words, out);
        else
            kw_buffer_text(out, words->utf8);
        column += gap + columns;
        before = words;
    }
}

bool kw_reading_row(const struct kw_rendering *rendering, const struct kw_op *op, int *bottom, struct kw_style *style,
                    struct kw_buffer *out)
{
    const struct kw_profile *profile = rendering->profile;
    int next = 0;
    for (size_t i = 0; i < op->word_count; i++) {
        int below = bottom_of(&op->words[i]);
        if (below > *bottom && (next == 0 || below < next))
            next = below;
    }
    if (next == 0)
        return false;
    *bottom = next;
    struct kw_style common = style_of(op, next);
    int cell = common.font == KW_FONT_B ? profile->font_b_width : profile->font_a_width;
    if (style)
        *style = common;
    put_row(rendering, op, next, style ? cell * common.width : cell, style != NULL, out);
    return true;
}

/* ---- the whole ---------------------------------------------------------------------------------------------- */

static void put_white(int dots, int pitch, struct kw_buffer *out)
{
    int rows = (dots + pitch / 2) / pitch;
    kw_buffer_fill(out, '\n', (size_t)(rows < MOST_BLANK_ROWS ? rows : MOST_BLANK_ROWS));
}

void kw_reading_text(const struct kw_rendering *rendering, const struct kw_reading *reading, size_t sheet,
                     struct kw_buffer *out)
{
    int white = 0, pitch = rendering->profile->font_a_height * 5 / 4;
    for (size_t i = 0; i < reading->count; i++) {
        const struct kw_shown *shown = &reading->ops[i];
        if (shown->sheet != sheet)
            continue;
        if (shown->op->word_count == 0)
            white += kw_op_height_dots(shown->op);
        for (int bottom = 0, before = bottom; ; before = bottom) {
            size_t length = out->length;
            if (before == 0 && shown->op->word_count > 0)
                put_white(white, pitch, out);
            if (!kw_reading_row(rendering, shown->op, &bottom, NULL, out))
                break;
            white = 0;
            if (out->length > length)
                kw_buffer_byte(out, '\n');
        }
    }
}
