/* raqm_layout.c - any script through libraqm, which is loaded with HarfBuzz when the first such text comes. */
#include "text/raqm_drawer.h"

#include "base/module.h"

#include <raqm.h>

#define RAQM_LIBRARY "libraqm.so.0"

/* X(name): what is called of libraqm. */
#define CALLS(X) \
    X(raqm_create) X(raqm_destroy) X(raqm_set_text) X(raqm_set_par_direction) X(raqm_set_language) \
    X(raqm_set_freetype_face_range) X(raqm_set_freetype_load_flags) X(raqm_layout) X(raqm_get_glyphs)

struct raqm_calls {
    struct kw_module *module;
#define MEMBER(name) __typeof__(name) *name;
    CALLS(MEMBER)
#undef MEMBER
};

static int load(struct kw_drawer *drawer, struct kw_error *error)
{
    struct raqm_calls *calls = kw_arena_alloc(drawer->own, sizeof *calls);
    if (!calls)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while drawing text");
    int code = kw_module_open(RAQM_LIBRARY, &calls->module, error);
    if (code < 0)
        return code;
#define FIND(name) calls->name = (__typeof__(name) *)(uintptr_t)kw_module_symbol(calls->module, #name, error);
    CALLS(FIND)
#undef FIND
    bool whole = true;
#define CHECK(name) whole &= calls->name != NULL;
    CALLS(CHECK)
#undef CHECK
    if (!whole) {
        kw_module_close(calls->module);
        return KWIT_E_UNSUPPORTED;
    }
    drawer->raqm = calls;
    return 0;
}

bool kw_raqm_open(struct kw_drawer *drawer)
{
    struct kw_error error = { 0 };
    if (!drawer->raqm && !drawer->raqm_missing)
        drawer->raqm_missing = load(drawer, &error) < 0;
    return drawer->raqm != NULL;
}

void kw_raqm_close(struct kw_drawer *drawer)
{
    if (drawer->raqm)
        kw_module_close(drawer->raqm->module);
    drawer->raqm = NULL;
}

static bool set_faces(const struct kw_shaper_input *input, raqm_t *raqm)
{
    struct kw_drawer *drawer = input->drawer;
    for (size_t from = 0, to; from < input->count; from = to) {
        struct font *font = &drawer->fonts[input->fonts[from]];
        for (to = from + 1; to < input->count && input->fonts[to] == input->fonts[from];)
            to++;
        struct size size = kw_shaper_size(input, font);
        if (!kw_font_activate(font, &size) ||
            !drawer->raqm->raqm_set_freetype_face_range(raqm, font->face, from, to - from))
            return false;
    }
    return true;
}

/* Hinted advances only when every font is hinted: unhinted ones would be rounded apart. */
static int load_flags(const struct kw_shaper_input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct size size = kw_shaper_size(input, &input->drawer->fonts[input->fonts[i]]);
        if (size.outlined)
            return FT_LOAD_NO_HINTING;
    }
    return FT_LOAD_TARGET_MONO;
}

static bool lay_out(const struct kw_shaper_input *input, raqm_t *raqm)
{
    const struct raqm_calls *calls = input->drawer->raqm;
    const char *language = input->drawer->options.language;
    return calls->raqm_set_text(raqm, input->codes, input->count) &&
           calls->raqm_set_par_direction(raqm, input->rtl ? RAQM_DIRECTION_RTL : RAQM_DIRECTION_LTR) &&
           (!language || calls->raqm_set_language(raqm, language, 0, input->count)) && set_faces(input, raqm) &&
           calls->raqm_set_freetype_load_flags(raqm, load_flags(input)) && calls->raqm_layout(raqm);
}

static struct font *font_of_face(const struct kw_shaper_input *input, const raqm_glyph_t *glyph)
{
    struct kw_drawer *drawer = input->drawer;
    struct font *font = &drawer->fonts[input->fonts[glyph->cluster]];
    for (size_t i = 0; font->face != glyph->ftface && i < drawer->font_count * 2; i++)
        if (drawer->fonts[i].face == glyph->ftface)
            return &drawer->fonts[i];
    return font;
}

static bool take_glyphs(const struct kw_shaper_input *input, raqm_t *raqm, struct ordered_glyph **out, size_t *count)
{
    const raqm_glyph_t *glyphs = input->drawer->raqm->raqm_get_glyphs(raqm, count);
    *out = kw_arena_array(input->drawer->arena, *count, sizeof **out);
    for (size_t i = 0; *out && i < *count; i++) {
        struct font *font = font_of_face(input, &glyphs[i]);
        (*out)[i] = (struct ordered_glyph){ font, kw_shaper_size(input, font), glyphs[i].index, glyphs[i].cluster,
                                            glyphs[i].x_advance, glyphs[i].x_offset, glyphs[i].y_offset };
    }
    return *out != NULL;
}

int kw_raqm(const struct kw_shaper_input *input, struct ordered_glyph **glyphs, size_t *count, struct kw_error *error)
{
    int code = input->drawer->raqm ? 0 : load(input->drawer, error);
    if (code < 0)
        return code;
    raqm_t *raqm = input->drawer->raqm->raqm_create();
    if (!raqm || !lay_out(input, raqm) || !take_glyphs(input, raqm, glyphs, count))
        code = kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while shaping text");
    input->drawer->raqm->raqm_destroy(raqm);
    return code;
}
