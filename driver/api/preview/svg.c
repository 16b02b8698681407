/* svg.c - the paper as a picture of lines: its dots as one path, its words as text above them. */
#include "api/preview/preview.h"

#include "base/utf8.h"
#include "text/unicode.h"

#include <string.h>

/* A letter of a monospaced font is six tenths of its size wide, and stands on four fifths of its height. */
enum { BASELINE_TENTHS = 8, SIZE_TENTHS = 8 };

static int run_length(const struct kw_bitmap *dots, int x, int y)
{
    int length = 0;
    while (x + length < dots->width && kw_bitmap_get(dots, x + length, y))
        length++;
    return length;
}

static void put_dots(const struct kw_bitmap *dots, struct kw_buffer *out)
{
    kw_buffer_text(out, "<path shape-rendering=\"crispEdges\" d=\"");
    for (int y = 0; y < dots->height; y++) {
        for (int x = 0; x < dots->width;) {
            int length = run_length(dots, x, y);
            if (length > 0)
                kw_buffer_format(out, "M%d %dh%dv1h-%dz", x, y, length, length);
            x += length + 1;
        }
    }
    kw_buffer_text(out, "\"/>\n");
}

static bool is_right_to_left(const char *utf8)
{
    size_t length = strlen(utf8);
    for (size_t at = 0; at < length;)
        if (kw_unicode_of(kw_utf8_next(utf8, length, &at)).flags & KW_UNICODE_RTL)
            return true;
    return false;
}

static void put_words(const struct kw_lettering *words, int y, struct kw_buffer *out)
{
    bool turned = is_right_to_left(words->utf8);
    kw_buffer_format(out, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" textLength=\"%d\"%s>",
                     words->x_dots + (turned ? words->width_dots : 0),
                     y + words->y_dots + words->height_dots * BASELINE_TENTHS / 10,
                     words->height_dots * SIZE_TENTHS / 10, words->width_dots, turned ? " direction=\"rtl\"" : "");
    kw_buffer_markup(out, words->utf8);
    kw_buffer_text(out, "</text>\n");
}

void kw_paper_svg(const struct kw_rendering *rendering, const struct kw_paper *paper, const struct kw_reading *reading,
                  const struct kw_bitmap *dots, struct kw_buffer *out)
{
    double mm = 25.4 / paper->dpi;
    kw_buffer_format(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.2fmm\" height=\"%.2fmm\" "
                          "viewBox=\"0 0 %d %d\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>",
                     dots->width * mm, dots->height * mm, dots->width, dots->height, dots->width, dots->height);
    put_dots(dots, out);
    kw_buffer_format(out, "<g lang=\"%s\" font-family=\"monospace\" fill-opacity=\"0\" style=\"white-space:pre\">\n",
                     kw_locale_tag(rendering->locale));
    for (size_t i = 0; i < reading->count; i++) {
        const struct kw_shown *shown = &reading->ops[i];
        for (size_t k = 0; k < shown->op->word_count; k++)
            put_words(&shown->op->words[k], kw_paper_top(paper, shown->sheet) + shown->y, out);
    }
    kw_buffer_text(out, "</g></svg>\n");
}
