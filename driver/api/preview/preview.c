/* preview.c - kwit_preview: a rendering, its paper, and the form that was asked for. */
#include "api/maps.h"
#include "api/preview/preview.h"
#include "api/result.h"
#include "image/png.h"

#include <kwit/tool.h>

#include <string.h>

enum { SETTINGS_CEILING = 64 * 1024 * 1024 };

/* What a form is made of. */
struct view {
    const struct kw_rendering *rendering;
    const struct kw_paper *paper;
    struct kw_reading reading;
};

static int add_picture(const struct view *view, enum kwit_preview_format format, struct kw_buffer *out,
                       struct kw_error *error)
{
    struct kw_bitmap *stack = kw_paper_stack(view->paper);
    if (!stack)
        return kw_fail(error, KWIT_E_TOO_LARGE, "",
                       "the paper is too long for one picture; print it to sim:DIR instead");
    if (format == KWIT_PREVIEW_PNG)
        return kw_png_write(stack, view->paper->dpi, out, error);
    kw_paper_svg(view->rendering, view->paper, &view->reading, stack, out);
    return 0;
}

/* A paper that another program laid out has no page of ours: its words are what the machine read. */
static void add_words(const struct view *view, size_t i, struct kw_buffer *out)
{
    if (view->rendering->page.piece_count > 0)
        kw_reading_text(view->rendering, &view->reading, i, out);
    else
        kw_buffer_text(out, view->paper->sheets[i].text);
}

static void add_sheet(const struct view *view, size_t i, struct kw_json *json)
{
    struct kw_buffer text;
    kw_buffer_init(&text, SETTINGS_CEILING);
    add_words(view, i, &text);
    kw_json_object(json, NULL);
    kw_json_integer(json, "width_dots", view->paper->sheets[i].dots.width);
    kw_json_integer(json, "height_dots", view->paper->sheets[i].dots.height);
    kw_json_string(json, "text", kw_buffer_string(&text));
    kw_json_end_object(json);
    kw_buffer_free(&text);
}

static void add_json(const struct view *view, struct kw_buffer *out)
{
    struct kw_json json;
    kw_json_init(&json, out);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "profile", kw_profile_name(view->rendering->profile));
    kw_json_integer(&json, "dpi", view->paper->dpi);
    kw_json_array(&json, "papers");
    for (size_t i = 0; i < view->paper->sheet_count; i++)
        add_sheet(view, i, &json);
    kw_json_end_array(&json);
    kw_json_array(&json, "events");
    if (view->paper->events.length > 0)
        kw_json_raw(&json, NULL, kw_buffer_string(&view->paper->events));
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    kw_buffer_byte(out, '\n');
}

static void add_text(const struct view *view, struct kw_buffer *out)
{
    for (size_t i = 0; i < view->paper->sheet_count; i++) {
        kw_buffer_text(out, i ? "\f" : "");
        add_words(view, i, out);
    }
}

int kw_preview_form(const struct kw_rendering *rendering, const struct kw_paper *paper, enum kwit_preview_format format,
                    struct kw_buffer *out, struct kw_error *error)
{
    struct view view = { .rendering = rendering, .paper = paper };
    if (!kw_reading_make(rendering, paper, &view.reading))
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    switch (format) {
    case KWIT_PREVIEW_PNG:
    case KWIT_PREVIEW_SVG:
        return add_picture(&view, format, out, error);
    case KWIT_PREVIEW_JSON:
        add_json(&view, out);
        break;
    case KWIT_PREVIEW_TERMINAL:
        if (rendering->page.piece_count > 0) {
            kw_paper_terminal(rendering, paper, &view.reading, out);
            break;
        }
        add_text(&view, out);
        break;
    case KWIT_PREVIEW_TEXT:
        add_text(&view, out);
        break;
    case KWIT_PREVIEW_BYTES:
        for (size_t i = 0; i < rendering->encoded.count; i++)
            kw_buffer_add(out, rendering->encoded.pieces[i].bytes, rendering->encoded.pieces[i].length);
        break;
    }
    return out->failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}

static void tell(const struct kw_rendering *rendering, kwit_result *result)
{
    struct kw_json json;
    double paper_mm = 0;
    for (size_t i = 0; i < rendering->encoded.count; i++)
        paper_mm += rendering->encoded.pieces[i].paper_um / 1000.0;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "id", rendering->sale->id);
    kw_json_string(&json, "profile", kw_profile_name(rendering->profile));
    kw_json_number(&json, "paper_mm", paper_mm, 1);
    kw_result_warnings(&json, rendering->warnings);
    kw_json_end_object(&json);
    for (size_t i = 0; i < rendering->warnings->count; i++) {
        const struct kw_note *note = &rendering->warnings->items[i];
        kw_buffer_format(&result->text, "warning: %s%s%s\n", note->pointer, note->pointer[0] ? ": " : "", note->text);
    }
}

static int preview(struct kw_rendering *rendering, const struct kwit_print_options *options,
                   enum kwit_preview_format format, kwit_result *result, struct kw_error *error)
{
    struct kw_render_choice choice = { .sample = true, .words = true, .copy = 1,
                                       .drawer = rendering->sale->drawer.asked };
    int code = kw_rendering_make(rendering, options, &choice, error);
    if (code < 0)
        return code;
    struct kw_paper paper;
    code = kw_paper_make(rendering, &paper, error);
    if (code == 0)
        code = kw_preview_form(rendering, &paper, format, &result->data, error);
    kw_paper_free(&paper);
    if (code == 0)
        tell(rendering, result);
    return code;
}

/* Configuration and document, both strictly where that is asked for. */
static int begin(const kwit_context *context, const void *document, size_t length,
                 const struct kwit_print_options *options, struct kw_arena *arena, struct kw_rendering **rendering,
                 struct kw_error *error)
{
    struct kw_config *config = kw_arena_alloc(arena, sizeof *config);
    struct kw_notes *warnings = kw_arena_alloc(arena, sizeof *warnings);
    if (!config || !warnings)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(warnings, arena);
    int code = kw_config_load(arena, context->config_file, options->strict, config, warnings, error);
    if (code == 0 && options->from)
        code = kw_maps_apply(context, config, options->from, arena, &document, &length, error);
    return code < 0 ? code : kw_rendering_begin(config, warnings, document, length, options, rendering, error);
}

int kwit_preview(kwit_context *context, const void *document, size_t length, const struct kwit_print_options *options,
                 enum kwit_preview_format format, kwit_result **result)
{
    static const struct kwit_print_options defaults;
    struct kw_rendering *rendering = NULL;
    struct kw_error error = { 0 };
    *result = kw_result_new();
    if (!options)
        options = &defaults;
    struct kw_arena *arena = kw_arena_new(SETTINGS_CEILING);
    int code = arena ? begin(context, document, length, options, arena, &rendering, &error)
                     : kw_fail(&error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = preview(rendering, options, format, *result, &error);
    if (code < 0) {
        kw_buffer_clear(&(*result)->data);
        kw_result_fail(*result, &error);
    }
    kw_rendering_end(rendering);
    kw_arena_free(arena);
    return code;
}
