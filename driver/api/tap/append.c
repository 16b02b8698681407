/*
 * append.c - kwit_append and kwit_tap_explain: what the tap does with a stream, without a printer and without a
 * journal.
 */
#include "api/result.h"
#include "api/block.h"
#include "api/stream.h"
#include "api/tap/tap.h"
#include "simulator/simulator.h"

#include <kwit/tool.h>

#include <string.h>

enum { CEILING = 512 * 1024 * 1024, DOCUMENT_CEILING = 64 * 1024, PATIENCE_MS = 10000 };

struct append {
    const struct kwit_append_options *options;
    struct kw_arena *arena;
    struct kw_config config;
    const struct kw_config_tap *tap;
    struct kw_notes warnings;
    struct kw_config_printer printer;
    const struct kw_profile *profile;
    bool profile_known;
    int64_t until_ms;
    struct kw_look look;
    struct kw_woven woven;
    struct kw_rendering *rendering;
    const char *word, *text;            /* the verdict, in the end */
};

/* ---- the printer that it is meant for ---- */

static int choose_tap(struct append *call, struct kw_error *error)
{
    call->tap = kw_config_find_tap(&call->config, call->options->tap);
    return call->tap ? 0 : kw_fail(error, KWIT_E_CONFIG, call->options->tap, "the configuration has no [tap %s]",
                                   call->options->tap);
}

static int choose_profile(struct append *call, struct kw_error *error)
{
    const struct kwit_append_options *options = call->options;
    const char *uri, *name = options->profile;
    if (!name) {
        int code = kw_printer_choose(&call->config, options->printer, &call->printer, &uri, error);
        if (code < 0)
            return code;
        name = call->printer.profile;
    }
    call->profile_known = name != NULL;
    return kw_profile_choose(name ? name : KW_SIM_DEFAULT_PROFILE, options->profile ? KWIT_E_USAGE : KWIT_E_CONFIG,
                             options->profile ? "--profile" : "[printer] profile", &call->profile, error);
}

static int begin(const kwit_context *context, struct append *call, struct kw_error *error)
{
    call->arena = kw_arena_new(CEILING);
    if (!call->arena)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&call->warnings, call->arena);
    call->until_ms = kw_clock_boot_ms() + PATIENCE_MS;
    int code = kw_config_load(call->arena, context->config_file, call->options->strict, &call->config, &call->warnings,
                              error);
    if (code == 0)
        code = choose_tap(call, error);
    return code < 0 ? code : choose_profile(call, error);
}

/* ---- the invitation ---- */

/* NULL: this sale gets none, and call->word says why. */
static int draw(struct append *call, struct kw_bitmap **picture, struct kw_error *error)
{
    const struct kw_look_piece *piece = call->look.chosen;
    const struct kwit_print_options print = { .printer = call->options->printer,
                                              .profile = call->profile_known ? kw_profile_name(call->profile) : NULL };
    const struct kw_render_choice choice = { .sample = true, .copy = 1 };
    struct kw_buffer document;
    kw_buffer_init(&document, DOCUMENT_CEILING);
    int code = kw_block_document(&call->config, call->tap, &piece->words,
                                 call->options->id ? call->options->id : "sample", "sale", kw_clock_wall_ms(),
                                 &document, error);
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, document.data, document.length, &print,
                                  &call->rendering, error);
    if (code == 0)
        code = kw_stream_invite(call->rendering, &print, &choice, call->tap, &call->look, picture, &call->woven, error);
    kw_buffer_free(&document);
    return code;
}

static void settle(struct append *call)
{
    call->word = kw_through_word(call->look.through);
    call->text = kw_through_text(call->look.through);
    if (call->look.through == KW_THROUGH_NOT_INVITED)
        call->word = kw_suppression_word(call->rendering->decision.reason);
}

/* A text of ReceiptLine becomes bytes like any other's, in `laid`. */
static int lay(struct append *call, const kwit_context *context, const void **bytes, size_t *length,
               struct kw_tap_laid *laid, struct kw_error *error)
{
    struct kw_call laying = { .context = context, .arena = call->arena, .config = call->config,
                              .warnings = call->warnings };
    if (!call->options->receiptline)
        return 0;
    int code = kw_tap_receiptline(&laying, &call->printer, call->profile, *bytes, *length, laid);
    call->warnings = laying.warnings;
    *error = laying.error;
    *bytes = laid->bytes.data;
    *length = laid->bytes.length;
    return code;
}

static int run(struct append *call, const void *bytes, size_t length, struct kw_given given, struct kw_error *error)
{
    struct kw_look_options looking = { .profile = call->profile, .profile_known = call->profile_known, .given = given,
                                       .cutless = call->options->cutless || call->profile->cutter == KW_CUTTER_NONE,
                                       .until_ms = call->until_ms };
    struct kw_bitmap *picture = NULL;
    kw_stream_configure(&call->config, call->tap, &looking);
    int code = kw_look(&looking, bytes, length, call->arena, &call->look, error);
    if (code == 0 && call->look.through == KW_THROUGH_NOT)
        code = draw(call, &picture, error);
    if (code < 0)
        return code;
    if (call->look.through == KW_THROUGH_NOT && !picture)
        call->look.through = KW_THROUGH_NOT_INVITED;
    if (call->woven.added == 0)
        kw_weave(&call->look, picture, call->until_ms, call->arena, &call->woven);
    settle(call);
    return 0;
}

/* ---- what is told ---- */

static double millimetres(const struct append *call, int64_t dots)
{
    return call->profile->dpi > 0 ? (double)dots * 25.4 / call->profile->dpi : 0;
}

static void tell_piece(const struct append *call, const struct kw_look_piece *piece, struct kw_json *json,
                       struct kw_buffer *text)
{
    const struct kw_words *words = &piece->words;
    double ink_mm = millimetres(call, piece->paper->ink_bottom - piece->paper->ink_top);
    bool chosen = piece == call->look.chosen;
    const char *word = chosen ? call->word : kw_through_word(piece->through);
    kw_json_object(json, NULL);
    kw_json_integer(json, "from", (int64_t)piece->paper->from);
    kw_json_integer(json, "to", (int64_t)piece->paper->to);
    kw_json_bool(json, "cut", piece->paper->cut);
    kw_json_number(json, "ink_mm", ink_mm, 1);
    kw_json_string(json, "verdict", chosen || piece->through != KW_THROUGH_NOT ? word : "later_piece");
    kw_json_string(json, "total", words->total);
    kw_json_string(json, "language", words->language[0] ? words->language : NULL);
    kw_json_string(json, "kind", words->kind ? words->word : NULL);
    kw_json_bool(json, "copy", words->kind == KW_TAP_COPY);
    kw_json_bool(json, "time", words->timed);
    kw_json_end_object(json);
    kw_buffer_format(text, "  bytes %llu to %llu, %.1f mm of ink%s: %s", (unsigned long long)piece->paper->from,
                     (unsigned long long)piece->paper->to, ink_mm, piece->paper->cut ? "" : ", no cut",
                     chosen || piece->through != KW_THROUGH_NOT ? word : "another piece carries it");
    if (words->total)
        kw_buffer_format(text, "; total %s%s (%s)", words->negative ? "-" : "", words->total, words->language);
    if (words->kind)
        kw_buffer_format(text, "; its words say: %s", words->word);
    kw_buffer_byte(text, '\n');
}

static void tell(const struct append *call, kwit_result *result)
{
    const struct kw_woven *woven = &call->woven;
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_bool(&json, "invited", woven->added > 0);
    kw_json_string(&json, "verdict", call->word);
    kw_json_string(&json, "profile", call->profile_known ? kw_profile_name(call->profile) : NULL);
    kw_json_integer(&json, "bytes", (int64_t)call->look.length);
    kw_json_integer(&json, "added", (int64_t)woven->added);
    if (woven->added > 0) {
        kw_json_integer(&json, "offset", (int64_t)woven->offset);
        kw_json_integer(&json, "width_dots", call->look.chosen->place.width);
    }
    if (woven->doubt[0])
        kw_json_string(&json, "differs", woven->doubt);
    kw_buffer_format(&result->text, "%s: %s\n", call->word, call->text);
    if (woven->doubt[0])
        kw_buffer_format(&result->text, "  what would have changed: %s\n", woven->doubt);
    kw_json_array(&json, "pieces");
    for (size_t i = 0; i < call->look.piece_count; i++)
        tell_piece(call, &call->look.pieces[i], &json, &result->text);
    kw_json_end_array(&json);
    kw_result_warnings(&json, &call->warnings);
    kw_json_end_object(&json);
    if (woven->added > 0)
        kw_buffer_format(&result->text, "  %zu bytes go in at byte %llu, %d dots wide\n", woven->added,
                         (unsigned long long)woven->offset, call->look.chosen->place.width);
}

static int hand_out(struct append *call, bool with_bytes, kwit_result *result, struct kw_error *error)
{
    if (call->options->strict && with_bytes && call->woven.added == 0)
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "%s: %s (refused because of --strict)", call->word, call->text);
    if (with_bytes && !kw_buffer_add(&result->data, call->woven.bytes, call->woven.length))
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    tell(call, result);
    return result->json.failed || result->text.failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}

static int append(kwit_context *context, const void *bytes, size_t length, const struct kwit_append_options *options,
                  bool with_bytes, kwit_result **result)
{
    static const struct kwit_append_options defaults;
    struct append call = { .options = options ? options : &defaults };
    struct kw_error error = { 0 };
    struct kw_tap_laid laid;
    *result = kw_result_new();
    kw_tap_laid_begin(&laid);
    int code = begin(context, &call, &error);
    if (code == 0)
        code = lay(&call, context, &bytes, &length, &laid, &error);
    if (code == 0)
        code = run(&call, bytes, length, kw_tap_given(&laid), &error);
    if (code == 0)
        code = hand_out(&call, with_bytes, *result, &error);
    if (code < 0) {
        kw_buffer_clear(&(*result)->data);
        kw_result_fail(*result, &error);
    }
    kw_rendering_end(call.rendering);
    kw_tap_laid_end(&laid);
    kw_arena_free(call.arena);
    return code;
}

int kwit_append(kwit_context *context, const void *bytes, size_t length, const struct kwit_append_options *options,
                kwit_result **result)
{
    return append(context, bytes, length, options, true, result);
}

int kwit_tap_explain(kwit_context *context, const void *bytes, size_t length,
                     const struct kwit_append_options *options, kwit_result **result)
{
    return append(context, bytes, length, options, false, result);
}
