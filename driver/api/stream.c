/*
 * stream.c - a rendering whose paper another program has laid out: what would be a page is the bytes that came, with
 * the invitation as one run more where the sale is invited and the proof holds.
 */
#include "api/stream.h"

#include "api/invite.h"
#include "api/block.h"
#include "simulator/simulator.h"

#include <string.h>

enum { LOOK_MS = 2000, BRIEF_DOTS = 288 /* a code in letters, and no more bytes than its symbol needs */ };

const struct kw_profile *kw_stream_profile(const struct kw_profile *profile, bool *known)
{
    *known = profile && strcmp(kw_profile_name(profile), "generic") != 0;
    return *known ? profile : kw_profile_find(KW_SIM_DEFAULT_PROFILE);
}

void kw_stream_configure(const struct kw_config *config, const struct kw_config_tap *tap,
                         struct kw_look_options *options)
{
    options->survey_url = config->survey.url;
    options->own_piece = config->survey.position == KW_POSITION_SLIP || config->survey.form == KW_FORM_SLIP;
    options->patterns = (struct kw_look_patterns){ tap->total, tap->time, tap->sale, tap->never, tap->merchant,
                                                   tap->customer };
    options->piece = tap->piece;
    options->image_only = tap->image_only;
    options->min_mm = tap->min_mm;
    options->encoding = tap->encoding;
    options->currency = config->store.currency;
    options->exponent = config->store.currency ? kw_currency_exponent(config->store.currency) : -1;
}

static struct kw_look_options looking(const struct kw_config *config, const struct kw_config_tap *tap,
                                      const struct kw_profile *profile, const struct kw_stream_body *stream)
{
    struct kw_look_options options = { .until_ms = kw_clock_boot_ms() + LOOK_MS };
    kw_stream_configure(config, tap, &options);
    options.given = stream->given;
    options.profile = kw_stream_profile(profile, &options.profile_known);
    options.cutless = tap->cutless == KW_CUTLESS_END && !(stream->marks & KW_STREAM_OPEN)
        && (stream->marks & KW_STREAM_CUTLESS || options.profile->cutter == KW_CUTTER_NONE);
    return options;
}

int kw_stream_look(const struct kw_config *config, const struct kw_config_tap *tap, const struct kw_profile *profile,
                   const struct kw_stream_body *stream, struct kw_arena *arena, struct kw_look *look,
                   struct kw_error *error)
{
    struct kw_look_options options = looking(config, tap, profile, stream);
    if (stream->marks & (KW_STREAM_SLOW | KW_STREAM_CRASHES)) {
        *look = (struct kw_look){ .bytes = stream->bytes, .length = stream->length, .profile = options.profile,
                                  .through = stream->marks & KW_STREAM_SLOW ? KW_THROUGH_LIMIT : KW_THROUGH_INTERNAL };
        return 0;
    }
    return kw_look(&options, stream->bytes, stream->length, arena, look, error);
}

/* ---- the decision ---- */

/* Paper that is no receipt of a sale is of another kind; a receipt that has no place for it is left as it was. */
static enum kw_suppression refusal_of(enum kw_through through)
{
    switch (through) {
    case KW_THROUGH_NOT:
        return KW_SUPPRESSED_NONE;
    case KW_THROUGH_EMPTY:
    case KW_THROUGH_NO_INK:
    case KW_THROUGH_NOT_A_SALE:
    case KW_THROUGH_DOCUMENT_TYPE:
        return KW_SUPPRESSED_DOCUMENT_TYPE;
    default:
        return KW_SUPPRESSED_PASSED_THROUGH;
    }
}

static void refuse(struct kw_rendering *rendering, enum kw_through through)
{
    rendering->refusal = refusal_of(through);
    rendering->through = through == KW_THROUGH_NOT ? "" : kw_through_word(through);
    rendering->url = rendering->code = NULL;
    if (through != KW_THROUGH_NOT)
        kw_notes_add(rendering->warnings, KWIT_WARNING_PASSED_THROUGH, "", "%s: %s", kw_through_word(through),
                     kw_through_text(through));
}

/* The invitation as a picture, by way of a document that kwit lays out itself. NULL: none. */
static int draw(struct kw_rendering *rendering, const struct kwit_print_options *options,
                const struct kw_render_choice *choice, const struct kw_look *look, struct kw_bitmap **picture,
                struct kw_error *error)
{
    const struct kw_stream_body *stream = rendering->stream;
    const struct kw_profile *profile = rendering->profile;
    struct kw_render_choice block = *choice;
    int width = look->chosen->place.width;
    block.copy = 1, block.copy_kind = KW_COPY_ORIGINAL;
    rendering->stream = NULL;
    rendering->profile = look->profile;
    width = block.brief && width > BRIEF_DOTS ? BRIEF_DOTS : width;
    int code = kw_block_draw(rendering, options, &block, width, picture, error);
    rendering->stream = stream;
    rendering->profile = profile;
    rendering->touchpoint.channel = kw_invite_channel(rendering);
    return code;
}

static int decide(struct kw_rendering *rendering, const struct kwit_print_options *options,
                  const struct kw_render_choice *choice, struct kw_error *error)
{
    struct kw_invitation unused;
    int code = kw_invite(rendering, options, choice, &unused, error);
    rendering->url = rendering->code = NULL;
    return code;
}

/* ---- in the printer's own letters ---- */

/* A picture is seven seconds of a slow line. */
static bool wants_native(const struct kw_rendering *rendering, const struct kw_config_tap *tap,
                         const struct kw_look *look)
{
    bool slow = strncmp(rendering->uri, "serial:", 7) == 0;
    return look->through == KW_THROUGH_NOT && tap->block != KW_TAP_BLOCK_RASTER
        && (slow || tap->block == KW_TAP_BLOCK_NATIVE);
}

/* The page that was drawn last as a run of its own. False: not all that it touches is known, or the proof fails. */
static bool weave_native(const struct kw_rendering *rendering, const struct kw_look *look, struct kw_woven *woven)
{
    enum { RUN_CEILING = 64 * 1024 };
    struct kw_known known;
    struct kw_buffer run;
    struct kw_error ignored;
    bool named;
    if (kw_stream_profile(rendering->profile, &named) != look->profile || !named || !kw_known_find(look, &known))
        return false;
    kw_buffer_init(&run, RUN_CEILING);
    bool proved = kw_escpos_inset(rendering->arena, look->profile, &rendering->page, &known,
                                  look->chosen->place.feed_dots, &run, &ignored) == 0
        && kw_weave_run(look, &run, kw_clock_boot_ms() + LOOK_MS, rendering->arena, woven);
    kw_buffer_free(&run);
    return proved;
}

/* Weaving it was survived in a copy of this process, where somebody tries that. */
static int await_trial(const struct kw_rendering *rendering, struct kw_error *error)
{
    return rendering->tried ? rendering->tried(rendering->tried_data, error) : 0;
}

/* Where the printer's own letters might do and cannot the picture is a small one. */
int kw_stream_invite(struct kw_rendering *rendering, const struct kwit_print_options *options,
                     const struct kw_render_choice *choice, const struct kw_config_tap *tap,
                     const struct kw_look *look, struct kw_bitmap **picture, struct kw_woven *woven,
                     struct kw_error *error)
{
    struct kw_render_choice block = *choice;
    block.native = wants_native(rendering, tap, look);
    int code = draw(rendering, options, &block, look, picture, error);
    if (code < 0 || !block.native || !*picture)
        return code;
    code = await_trial(rendering, error);
    if (code < 0 || weave_native(rendering, look, woven))
        return code;
    *woven = (struct kw_woven){ .added = 0 };
    block.brief = true;
    return draw(rendering, options, &block, look, picture, error);
}

/* ---- the mark above a copy ---- */

static int draw_marks(struct kw_rendering *rendering, const struct kwit_print_options *options,
                      const struct kw_render_choice *choice, const struct kw_look *look, struct kw_bitmap **picture,
                      struct kw_error *error)
{
    const struct kw_stream_body *stream = rendering->stream;
    const struct kw_profile *profile = rendering->profile;
    rendering->stream = NULL;
    rendering->profile = look->profile;
    int code = kw_block_draw_marks(rendering, options, choice, look->chosen->place.width, picture, error);
    rendering->stream = stream;
    rendering->profile = profile;
    return code;
}

/*
 * The stream with the mark above its first piece, proved like an invitation; where it cannot be proved it stands
 * without one. The piece's own verdict does not matter here: any paper may be a copy.
 */
static int mark_copy(struct kw_rendering *rendering, const struct kwit_print_options *options,
                     const struct kw_render_choice *choice, const struct kw_config_tap *tap,
                     struct kw_stream_body *marked, struct kw_error *error)
{
    struct kw_look look;
    struct kw_woven woven;
    struct kw_bitmap *picture = NULL;
    struct kw_look_options reading = looking(rendering->config, tap, rendering->profile, marked);
    int code = kw_look(&reading, marked->bytes, marked->length, rendering->arena, &look, error);
    if (code < 0 || look.piece_count == 0
        || !kw_place_find_head(&look, &reading, look.pieces[0].paper, &look.pieces[0].place))
        return code;
    look.chosen = &look.pieces[0];
    look.through = KW_THROUGH_NOT;
    code = draw_marks(rendering, options, choice, &look, &picture, error);
    if (code < 0)
        return code;
    kw_weave(&look, picture, reading.until_ms, rendering->arena, &woven);
    marked->bytes = woven.bytes;
    marked->length = woven.length;
    return 0;
}

/* ---- the whole ---- */

/* Reading it is the larger part of the work, and is not done twice for the same bytes on the same model. */
static int look_once(const struct kw_rendering *rendering, const struct kw_config_tap *tap, struct kw_look *look,
                     struct kw_error *error)
{
    const struct kw_stream_body *stream = rendering->stream;
    const struct kw_look *seen = rendering->seen;
    bool known;
    if (seen && seen->profile == kw_stream_profile(rendering->profile, &known) && seen->length == stream->length
        && memcmp(seen->bytes, stream->bytes, stream->length) == 0) {
        *look = *seen;
        return 0;
    }
    return kw_stream_look(rendering->config, tap, rendering->profile, stream, rendering->arena, look, error);
}

static int render(struct kw_rendering *rendering, const struct kwit_print_options *options,
                  const struct kw_render_choice *choice, const struct kw_config_tap *tap, struct kw_error *error)
{
    struct kw_look look;
    struct kw_woven woven = { .added = 0 };
    struct kw_bitmap *picture = NULL;
    int code = look_once(rendering, tap, &look, error);
    if (code < 0)
        return code;
    refuse(rendering, look.through);
    code = look.through == KW_THROUGH_NOT
        ? kw_stream_invite(rendering, options, choice, tap, &look, &picture, &woven, error)
        : decide(rendering, options, choice, error);
    if (code == 0 && woven.added == 0)
        code = await_trial(rendering, error);
    if (code < 0)
        return code;
    if (woven.added == 0)
        kw_weave(&look, picture, kw_clock_boot_ms() + LOOK_MS, rendering->arena, &woven);
    if (picture && woven.added == 0) {
        refuse(rendering, look.through);
        code = decide(rendering, options, choice, error);
    }
    bool again = choice->copy_kind >= KW_COPY_DUPLICATE || choice->without_pulses;
    rendering->pulses = !again && kw_stream_pulses(&look);
    enum kw_pulses pulses = again ? KW_PULSES_NONE : tap->drawer == KW_TAP_DRAWER_FIRST ? KW_PULSES_FIRST
        : KW_PULSES_IN_PLACE;
    return code < 0 ? code : kw_stream_pieces(&look, &woven, picture ? picture->height : 0, pulses, rendering->arena,
                                              &rendering->encoded, error);
}

int kw_lay_paper(struct kw_rendering *rendering, const struct kwit_print_options *options,
                     const struct kw_render_choice *choice, struct kw_error *error)
{
    const struct kw_stream_body *stream = rendering->stream;
    if (!stream)
        return kw_rendering_make(rendering, options, choice, error);
    const struct kw_config_tap *tap = kw_config_find_tap(rendering->config, stream->till);
    struct kw_stream_body marked = *stream;
    int code = 0;
    tap = tap ? tap : &rendering->config->taps[0];
    if (choice->copy_kind >= KW_COPY_DUPLICATE)
        code = mark_copy(rendering, options, choice, tap, &marked, error);
    rendering->stream = &marked;
    if (code == 0)
        code = render(rendering, options, choice, tap, error);
    rendering->stream = stream;
    return code;
}
