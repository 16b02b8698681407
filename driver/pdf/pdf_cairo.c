/* pdf_cairo.c - the module kwit-pdf.so: words set by Pango into the places they have on paper, pictures as outlines. */
#include "pdf/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <string.h>

/* Millimetres that the head cannot reach at the sides, and white above and below. */
static const double margin_mm = 4;
/* A letter of a monospaced face is six tenths of its size wide: this size fills a cell of one by two. */
static const double size_of_cell = 0.83, baseline_of_cell = 0.8;

struct drawing {
    const struct kw_pdf_document *document;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoFontDescription *grid, *joined;    /* letters that join are torn apart by a grid */
};

static cairo_status_t put(void *data, const unsigned char *bytes, unsigned length)
{
    return kw_buffer_add(data, bytes, length) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void set_ground(const struct drawing *drawing, const struct kw_lettering *words)
{
    if (words->style.invert) {
        cairo_rectangle(drawing->cairo, 0, 0, words->width_dots, words->height_dots);
        cairo_fill(drawing->cairo);
        cairo_set_source_rgb(drawing->cairo, 1, 1, 1);
    }
    if (words->style.underline) {
        cairo_rectangle(drawing->cairo, 0, words->height_dots - 2, words->width_dots, 2);
        cairo_fill(drawing->cairo);
    }
}

/* As wide as on the paper; what is read from the right keeps its shape and ends where it begins. */
static void fit_width(cairo_t *cairo, const struct kw_lettering *words, double natural, bool turned)
{
    double scale = natural > 0 ? words->width_dots / natural : 1;
    if (turned && scale > 1)
        cairo_translate(cairo, (words->width_dots - natural) / (words->align == KW_ALIGN_CENTER ? 2 : 1), 0);
    else
        cairo_scale(cairo, scale, 1);
}

static void draw_words(const struct drawing *drawing, const struct kw_lettering *words)
{
    PangoLayout *layout = pango_cairo_create_layout(drawing->cairo);
    PangoRectangle natural;
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, words->ordered ? words->ordered : words->utf8, -1);
    bool turned = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
    PangoFontDescription *font = turned ? drawing->joined : drawing->grid;
    pango_font_description_set_absolute_size(font, words->height_dots * size_of_cell * PANGO_SCALE);
    pango_font_description_set_weight(font, words->style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_layout_get_extents(layout, NULL, &natural);
    set_ground(drawing, words);
    fit_width(drawing->cairo, words, (double)natural.width / PANGO_SCALE, turned);
    cairo_move_to(drawing->cairo, 0, words->height_dots * baseline_of_cell
                  - (double)pango_layout_get_baseline(layout) / PANGO_SCALE);
    pango_cairo_show_layout(drawing->cairo, layout);
    g_object_unref(layout);
}

static bool same_row(const struct kw_bitmap *picture, int a, int b)
{
    size_t stride = (size_t)picture->stride;
    return memcmp(picture->bits + (size_t)a * stride, picture->bits + (size_t)b * stride, stride) == 0;
}

/* Rows that are alike are one: a symbol stays sharp at any size. */
static void draw_picture(cairo_t *cairo, const struct kw_bitmap *picture)
{
    for (int y = 0, below; y < picture->height; y = below) {
        for (below = y + 1; below < picture->height && same_row(picture, y, below);)
            below++;
        for (int x = 0, from; x < picture->width; x++) {
            for (from = x; x < picture->width && kw_bitmap_get(picture, x, y);)
                x++;
            if (x > from)
                cairo_rectangle(cairo, from, y, x - from, below - y);
        }
    }
    cairo_fill(cairo);
}

static void draw_sheet(const struct drawing *drawing, const struct kw_pdf_sheet *sheet)
{
    double points = 72.0 / drawing->document->dpi, margin = margin_mm * 72 / 25.4;
    cairo_pdf_surface_set_size(drawing->surface, drawing->document->width_dots * points + 2 * margin,
                               sheet->height_dots * points + 2 * margin);
    for (size_t i = 0; i < sheet->count; i++) {
        const struct kw_pdf_mark *mark = &sheet->marks[i];
        cairo_save(drawing->cairo);
        cairo_translate(drawing->cairo, margin, margin);
        cairo_scale(drawing->cairo, points, points);
        cairo_translate(drawing->cairo, mark->x, mark->y);
        if (mark->words)
            draw_words(drawing, mark->words);
        else
            draw_picture(drawing->cairo, mark->picture);
        cairo_restore(drawing->cairo);
    }
    cairo_show_page(drawing->cairo);
}

static void tell_what_it_is(const struct drawing *drawing)
{
    const struct kw_pdf_document *document = drawing->document;
    cairo_pdf_surface_set_metadata(drawing->surface, CAIRO_PDF_METADATA_TITLE, document->title);
    cairo_pdf_surface_set_metadata(drawing->surface, CAIRO_PDF_METADATA_AUTHOR, document->author);
    cairo_pdf_surface_set_metadata(drawing->surface, CAIRO_PDF_METADATA_CREATOR, "kwit");
    cairo_pdf_surface_set_metadata(drawing->surface, CAIRO_PDF_METADATA_CREATE_DATE, document->created);
}

static int write_document(const struct kw_pdf_document *document, struct kw_buffer *out, struct kw_error *error)
{
    struct drawing drawing = { .document = document };
    drawing.surface = cairo_pdf_surface_create_for_stream(put, out, 1, 1);
    drawing.cairo = cairo_create(drawing.surface);
    drawing.grid = pango_font_description_from_string("monospace");
    drawing.joined = pango_font_description_from_string("sans-serif");
    tell_what_it_is(&drawing);
    for (size_t i = 0; i < document->count; i++)
        draw_sheet(&drawing, &document->sheets[i]);
    cairo_destroy(drawing.cairo);
    cairo_surface_finish(drawing.surface);
    cairo_status_t status = cairo_surface_status(drawing.surface);
    cairo_surface_destroy(drawing.surface);
    pango_font_description_free(drawing.grid);
    pango_font_description_free(drawing.joined);
    if (status != CAIRO_STATUS_SUCCESS)
        return kw_fail(error, KWIT_E_INTERNAL, "", "the PDF cannot be drawn: %s", cairo_status_to_string(status));
    return 0;
}

extern const struct kw_pdf_module kw_pdf_module;
__attribute__((visibility("default"))) const struct kw_pdf_module kw_pdf_module = { KW_PDF_VERSION, write_document };
