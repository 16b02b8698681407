/*
 * place.c - where an invitation may stand in a piece: behind its last ink, before the feed that the other program
 * sends for its cut, and before the first of several cuts. That feed then does for the invitation what it did for the
 * receipt.
 */
#include "tap/stream/look.h"

#include <string.h>

/* The commands of a piece by their numbers. */
struct span {
    const struct kw_sim_token *tokens;
    size_t first, end;              /* end: the first that is not of the piece */
    size_t ink;                     /* the last that inked */
    size_t cut;                     /* the first behind it that cut; end: none */
    bool inked, vain_cut;           /* vain_cut: a cut behind the ink that a cutter did not cut */
    bool cut_told;                  /* such a command, with a cutter or without one */
};

static bool is_named(const struct kw_sim_token *token, const char *name)
{
    return token->name && strcmp(token->name, name) == 0;
}

/* A model without a cutter cuts nothing, wherever it is told to: that command is in vain and wakes nothing. */
static struct span find_span(const struct kw_look *look, const struct kw_sim_piece *piece)
{
    const struct kw_sim_stream *stream = &look->stream;
    bool cuts = look->profile->cutter != KW_CUTTER_NONE;
    struct span span = { .tokens = stream->tokens };
    while (span.first < stream->token_count && stream->tokens[span.first].offset < piece->from)
        span.first++;
    span.end = span.first;
    while (span.end < stream->token_count && stream->tokens[span.end].offset < piece->to)
        span.end++;
    for (size_t i = span.first; i < span.end; i++) {
        span.inked = span.inked || stream->tokens[i].inked;
        span.ink = stream->tokens[i].inked ? i : span.ink;
    }
    span.cut = span.end;
    for (size_t i = span.end; span.inked && i > span.ink; i--) {
        const struct kw_sim_token *token = &stream->tokens[i - 1];
        span.cut = token->cuts > 0 ? i - 1 : span.cut;
        span.cut_told = span.cut_told || token->class == KW_CLASS_CUT;
        span.vain_cut = span.vain_cut || (cuts && token->class == KW_CLASS_CUT && token->cuts == 0);
    }
    return span;
}

static bool is_open(const struct kw_sim_standing *standing)
{
    return !standing->page_mode && !standing->macro_defining && !standing->deselected;
}

/* A feed that would also end the line: LF and CR do nothing else, so what they end they may keep. */
static bool feeds_more(const struct kw_sim_token *token)
{
    return token->class == KW_CLASS_FEED && !is_named(token, "LF") && !is_named(token, "CR") && !is_named(token, "FF");
}

/* The command behind which it stands; *end_line: the line has to be ended first. False: there is no such place. */
static bool find_command(const struct span *span, size_t *at, bool *end_line)
{
    for (size_t i = span->ink; i < span->end && i <= span->cut; i++) {
        const struct kw_sim_standing *after = &span->tokens[i].after;
        if (i == span->cut)
            return false;
        bool feed_next = i + 1 < span->end && feeds_more(&span->tokens[i + 1]);
        *at = i;
        *end_line = is_open(after) && !after->line_empty;
        if (is_open(after) && (after->line_empty || feed_next))
            return true;
    }
    return false;
}

/* Functions B to D of GS V feed the paper to the blade themselves. */
static bool feeds_itself(const uint8_t *bytes, const struct kw_sim_token *token)
{
    return is_named(token, "GS V") && token->length > 3 && bytes[token->offset + 2] >= 'A';
}

/*
 * White below the invitation. Where the other program feeds before its cut, as much as stood below its own last ink:
 * its feed then brings the one past the blade as it brought the other.
 */
static int feed_missing(const struct kw_look *look, const struct kw_sim_piece *piece, const struct span *span,
                        size_t at)
{
    if (span->cut == span->end || feeds_itself(look->bytes, &span->tokens[span->cut]))
        return 0;
    int64_t row = span->tokens[at].row, below = row - piece->ink_bottom;
    int cut_feed = kw_profile_cut_feed_dots(look->profile);
    if (span->tokens[span->cut - 1].row <= row)
        return cut_feed;
    return below < 0 ? 0 : below < cut_feed ? (int)below : cut_feed;
}

/* ---- width ---- */

static int last_column(const struct kw_bitmap *strip)
{
    for (int byte = strip->stride - 1; byte >= 0; byte--)
        for (int y = 0; y < strip->height; y++)
            if (strip->bits[(size_t)y * (size_t)strip->stride + (size_t)byte])
                return byte * 8 + 7;
    return -1;
}

static int paper_width(const struct kw_look *look, const struct kw_look_options *options)
{
    int width = look->profile->width_dots, shown = (last_column(&look->stream.strip) / 8 + 1) * 8;
    if (options->profile_known)
        return width / 8 * 8;
    shown = shown > KW_LOOK_NARROW ? shown : KW_LOOK_NARROW;
    return (shown < width ? shown : width) / 8 * 8;
}

/* As wide as the area that is set, where that is wide enough: then nothing has to be set and set back. */
static void fit_width(const struct kw_look *look, const struct kw_sim_standing *standing, int paper,
                      struct kw_place *place)
{
    int per_inch = standing->unit_x, dpi = look->stream.dpi;
    place->width = paper;
    if (standing->area_left == 0 && standing->area_width >= paper)
        return;
    if (standing->area_width >= KW_LOOK_NARROW) {
        place->width = standing->area_width < paper ? standing->area_width / 8 * 8 : paper;
        return;
    }
    place->aside.margins = true;
    place->aside.left_units = standing->area_left_units;
    place->aside.width_units = standing->area_width_units;
    place->aside.full_units = per_inch > 0 && dpi > 0 ? (look->stream.width_dots * per_inch + dpi - 1) / dpi
        : look->stream.width_dots;
}

/* ---- the code page ---- */

/* Printers are known that forget the page behind a picture: where text follows it is said again, as it was said. */
static void say_again(const struct kw_look *look, size_t at, struct kw_place *place)
{
    const struct kw_sim_stream *stream = &look->stream;
    bool text = false;
    for (size_t i = at + 1; i < stream->token_count && !is_named(&stream->tokens[i], "ESC @"); i++)
        text = text || (stream->tokens[i].class == KW_CLASS_INK && !stream->tokens[i].name);
    for (size_t i = at + 1; text && i > 0; i--) {
        const struct kw_sim_token *token = &stream->tokens[i - 1];
        if (is_named(token, "ESC @"))
            return;
        if (!is_named(token, "ESC t") || !token->happened)
            continue;
        place->aside.again = look->bytes + token->offset;
        place->aside.again_length = (size_t)token->length;
        return;
    }
}

static bool is_upside_down(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece)
{
    const struct kw_sim_text *texts = stream->texts + piece->first_text;
    size_t turned = 0;
    for (size_t i = 0; i < piece->text_count; i++)
        turned += texts[i].upside_down;
    return turned > 0 && turned == piece->text_count;
}

enum kw_through kw_place_find(const struct kw_look *look, const struct kw_look_options *options,
                              const struct kw_sim_piece *piece, struct kw_place *place)
{
    struct span span = find_span(look, piece);
    size_t at = 0;
    *place = (struct kw_place){ .offset = 0 };
    if (!span.inked)
        return KW_THROUGH_MACRO;
    if (span.cut < span.end && span.tokens[span.cut].class != KW_CLASS_CUT)
        return KW_THROUGH_MACRO;
    if (span.vain_cut)
        return KW_THROUGH_MID_LINE_CUT;
    if (is_upside_down(&look->stream, piece))
        return KW_THROUGH_UPSIDE_DOWN;
    if (span.cut == span.end && !options->cutless)
        return KW_THROUGH_NO_CUT;
    if (!find_command(&span, &at, &place->aside.end_line))
        return span.cut == span.end && !span.cut_told ? KW_THROUGH_UNFINISHED : KW_THROUGH_MID_LINE_CUT;
    const struct kw_sim_token *token = &span.tokens[at];
    place->offset = token->offset + token->length;
    place->row = token->row;
    place->feed_dots = feed_missing(look, piece, &span, at);
    place->aside.upside_down = token->after.upside_down;
    fit_width(look, &token->after, paper_width(look, options), place);
    say_again(look, at, place);
    return KW_THROUGH_NOT;
}

bool kw_place_find_head(const struct kw_look *look, const struct kw_look_options *options,
                        const struct kw_sim_piece *piece, struct kw_place *place)
{
    struct span span = find_span(look, piece);
    size_t at = span.first;
    *place = (struct kw_place){ .offset = 0 };
    while (at < span.end && !span.tokens[at].inked)
        at++;
    if (at == 0 || at >= span.end)
        return false;
    const struct kw_sim_token *before = &span.tokens[at - 1];
    place->offset = span.tokens[at].offset;
    place->row = before->row;
    place->aside.upside_down = before->after.upside_down;
    fit_width(look, &before->after, paper_width(look, options), place);
    say_again(look, at - 1, place);
    return is_open(&before->after) && before->after.line_empty;
}
