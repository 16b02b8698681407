/* text.c - opening, sizes, and the loading of the drawing module. */
#include "text/internal.h"

#include "text/unicode.h"

#include <stdlib.h>

static int times(uint8_t factor)
{
    return factor > 1 ? factor : 1;
}

/* What draws, and what it has learned. */
struct drawing {
    struct kw_module *module;
    const struct kw_drawer_ops *ops;
    struct kw_drawer *drawer;
};

struct kw_text_fonts {
    struct drawing drawing;
    struct kw_glyph_shelf shelf;
};

static void let_go(struct drawing *drawing)
{
    if (drawing->drawer)
        drawing->ops->close(drawing->drawer);
    kw_module_close(drawing->module);
}

struct kw_text_fonts *kw_text_fonts_new(struct kw_glyph_shelf shelf)
{
    struct kw_text_fonts *made = calloc(1, sizeof *made);
    if (made)
        made->shelf = shelf;
    return made;
}

void kw_text_fonts_free(struct kw_text_fonts *fonts)
{
    if (fonts)
        let_go(&fonts->drawing);
    free(fonts);
}

void kw_text_fonts_keep(struct kw_text_fonts *fonts)
{
    if (fonts && fonts->drawing.drawer)
        fonts->drawing.ops->keep(fonts->drawing.drawer);
}

static bool writes_signs_out(struct kw_text *text)
{
    uint32_t letter = kw_text_letter_of(text->options.language ? text->options.language : "");
    return !letter || (!(kw_unicode_of(letter).flags & KW_UNICODE_SHAPED) && kw_tables_hold(&text->tables, letter));
}

int kw_text_open(struct kw_arena *arena, const struct kw_text_options *options, struct kw_text **out,
                 struct kw_error *error)
{
    struct kw_text *text = kw_arena_alloc(arena, sizeof *text);
    if (!text)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting text");
    text->arena = arena;
    text->options = *options;
    text->width_dots = options->width_dots > 0 ? options->width_dots : options->profile->width_dots;
    kw_tables_init(&text->tables, options->profile, options->language);
    text->substitutes = writes_signs_out(text);
    *out = text;
    return 0;
}

void kw_text_close(struct kw_text *text)
{
    if (!text)
        return;
    struct kw_text_fonts *kept = text->options.fonts_kept;
    struct drawing used = { text->module, text->drawer_ops, text->drawer };
    if (kept && text->drawer) {
        struct drawing before = kept->drawing;
        kept->drawing = used;
        used = before;
    }
    let_go(&used);
    text->module = NULL, text->drawer_ops = NULL, text->drawer = NULL;
}

int kw_text_width_dots(const struct kw_text *text)
{
    return text->width_dots;
}

int kw_text_cell_dots(const struct kw_text *text, const struct kw_style *style)
{
    const struct kw_profile *profile = text->options.profile;
    return (style->font == KW_FONT_B ? profile->font_b_width : profile->font_a_width) * times(style->width);
}

int kw_text_cell_height(const struct kw_text *text, const struct kw_style *style)
{
    const struct kw_profile *profile = text->options.profile;
    return (style->font == KW_FONT_B ? profile->font_b_height : profile->font_a_height) * times(style->height);
}

int kw_text_columns(const struct kw_text *text, const struct kw_style *style)
{
    return text->width_dots / kw_text_cell_dots(text, style);
}

/* Usually a quarter of the plain cell between lines, whatever the magnification: 30 dots for 24, as wide at any dpi. */
int kw_text_line_dots(const struct kw_text *text, const struct kw_style *style)
{
    enum { USUAL_PERCENT = 25, USUAL_DPI = 203 };
    int height = kw_text_cell_height(text, style), leading = text->options.leading_percent,
        dpi = text->options.profile->dpi;
    int white = height / times(style->height) * (leading ? leading : USUAL_PERCENT) / 100;
    return height + (dpi > 0 && dpi < USUAL_DPI ? white * dpi / USUAL_DPI : white);
}

static bool take_kept(struct kw_text *text, const struct kw_drawer_options *options)
{
    struct drawing *kept = text->options.fonts_kept ? &text->options.fonts_kept->drawing : NULL;
    if (!kept || !kept->drawer || !kept->ops->suits(kept->drawer, options))
        return false;
    text->module = kept->module, text->drawer_ops = kept->ops, text->drawer = kept->drawer;
    *kept = (struct drawing){ 0 };
    return true;
}

static int load(struct kw_text *text, const struct kw_drawer_options *options, struct kw_error *error)
{
    int code = kw_module_open(KW_DRAWER_MODULE, &text->module, error);
    if (code < 0)
        return code;
    const struct kw_drawer_ops *ops = kw_module_table(text->module, KW_DRAWER_SYMBOL, KW_DRAWER_VERSION, error);
    if (!ops)
        return KWIT_E_UNSUPPORTED;
    code = ops->open(options, &text->drawer, error);
    if (code == 0)
        text->drawer_ops = ops;
    return code;
}

static void note_missing(struct kw_text *text)
{
    const char *const *fonts = text->options.fonts;
    for (size_t i = 0; fonts && fonts[i] && text->options.warnings; i++)
        if (!text->drawer_ops->usable(text->drawer, i))
            kw_notes_add(text->options.warnings, KWIT_WARNING_FONT_MISSING, "",
                         "the configured font \"%s\" cannot be read; give the path of a scalable font file", fonts[i]);
}

bool kw_text_drawer(struct kw_text *text)
{
    if (text->drawer || text->drawer_failed)
        return text->drawer != NULL;
    const struct kw_profile *profile = text->options.profile;
    const struct kw_text_fonts *kept = text->options.fonts_kept;
    struct kw_drawer_options options = { .fonts = text->options.fonts, .language = text->options.language,
        .cell_width = { profile->font_a_width, profile->font_b_width },
        .cell_height = { profile->font_a_height, profile->font_b_height },
        .shelf = kept && kept->shelf.recall ? &kept->shelf : NULL };
    struct kw_error error = { 0 };
    if (take_kept(text, &options) || load(text, &options, &error) == 0) {
        text->drawer_ops->begin(text->drawer, text->arena);
        note_missing(text);
        return true;
    }
    text->drawer_failed = true;
    if (text->options.warnings)
        kw_notes_add(text->options.warnings, KWIT_WARNING_FONT_MISSING, "",
                     "text cannot be drawn, and what the printer's own font lacks is named instead: %s", error.text);
    return false;
}

struct kw_text *kw_text_drawn(struct kw_text *text)
{
    if (text->options.raster || text->drawn)
        return text->options.raster ? text : text->drawn;
    struct kw_text *twin = kw_text_drawer(text) ? kw_arena_alloc(text->arena, sizeof *twin) : NULL;
    if (!twin)
        return NULL;
    twin->arena = text->arena;
    twin->options = text->options;
    twin->options.raster = true;
    twin->width_dots = text->width_dots;
    kw_tables_init(&twin->tables, text->options.profile, text->options.language);
    twin->substitutes = writes_signs_out(twin);
    twin->drawer_ops = text->drawer_ops;
    twin->drawer = text->drawer;
    text->drawn = twin;
    return twin;
}
