/*
 * known.c - whether all that an invitation in the printer's own letters touches is known where it stands: since an
 * ESC @ of this very stream nothing was said but what is understood here. In every doubt it is not.
 */
#include "tap/stream/look.h"

#include <string.h>

enum { WIDE = 0x20, TALL = 0x10, BOLD = 0x08, UNDERLINE = 0x80, FONT_B = 0x01 };
enum { SPACING, QR_MODEL, QR_SIZE, QR_LEVEL, AGAIN_COUNT };

static const uint8_t usual_spacing[] = { 0x1B, '2' };

static bool is_named(const struct kw_sim_token *token, const char *name)
{
    return token->name && strcmp(token->name, name) == 0;
}

/* Settings that are taken back, that are never touched, or whose effect is seen in what is in force; and were taken. */
static bool is_understood(const struct kw_sim_token *token)
{
    static const char *const names[] = { "ESC !", "ESC $", "ESC -", "ESC 2", "ESC 3", "ESC @", "ESC D", "ESC E", "ESC M",
                                         "ESC R", "ESC \\", "ESC a", "ESC t", "FS .", "GS !", "GS B", "GS H", "GS L", "GS P", "GS W",
                                         "GS f", "GS h", "GS w", "GS ( k" };
    if (token->class != KW_CLASS_SETTING && token->class != KW_CLASS_STORE)
        return token->class != KW_CLASS_NONE || !token->name;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is_named(token, names[i]))
            return token->happened;
    return false;
}

/* Which way of drawing QR codes GS ( k says; AGAIN_COUNT: none. */
static int way_of_codes(const uint8_t *bytes, const struct kw_sim_token *token)
{
    enum { KIND = 5, FUNCTION = 6, QR = 49 };
    if (!is_named(token, "GS ( k") || token->length <= FUNCTION || bytes[token->offset + KIND] != QR)
        return AGAIN_COUNT;
    switch (bytes[token->offset + FUNCTION]) {
    case 65: return QR_MODEL;
    case 67: return QR_SIZE;
    case 69: return QR_LEVEL;
    default: return AGAIN_COUNT;
    }
}

static void say_again(struct kw_known *known, int which, const struct kw_look *look, const struct kw_sim_token *token)
{
    known->again[which] = look->bytes + token->offset;
    known->again_length[which] = (size_t)token->length;
}

/* From the last ESC @ before the place. False: there is none, or something stands behind it that is not understood. */
static bool read_since_reset(const struct kw_look *look, size_t count, struct kw_known *known)
{
    const struct kw_sim_token *tokens = look->stream.tokens;
    size_t at = count;
    while (at > 0 && !is_named(&tokens[at - 1], "ESC @"))
        at--;
    bool understood = at > 0 && tokens[at - 1].happened;
    known->again[SPACING] = usual_spacing;
    known->again_length[SPACING] = sizeof usual_spacing;
    for (; understood && at < count; at++) {
        const struct kw_sim_token *token = &tokens[at];
        int way = way_of_codes(look->bytes, token);
        understood = is_understood(token);
        if (is_named(token, "ESC t"))
            known->table = token->after.table;
        if (is_named(token, "ESC 3") || is_named(token, "ESC 2"))
            say_again(known, SPACING, look, token);
        if (way < AGAIN_COUNT)
            say_again(known, way, look, token);
    }
    return understood;
}

/* A code of the other program behind it that is drawn as nobody has said: as it was before all. */
static bool codes_follow(const struct kw_look *look, size_t from, const struct kw_known *known)
{
    const struct kw_sim_stream *stream = &look->stream;
    bool said = known->again[QR_MODEL] && known->again[QR_SIZE] && known->again[QR_LEVEL];
    size_t i = from;
    while (!said && i < stream->token_count && !is_named(&stream->tokens[i], "ESC @")
           && !is_named(&stream->tokens[i], "GS ( k"))
        i++;
    return !said && i < stream->token_count && is_named(&stream->tokens[i], "GS ( k");
}

static uint8_t mode_of(const struct kw_sim_standing *standing)
{
    return (uint8_t)((standing->font == 1 ? FONT_B : 0) | (standing->bold ? BOLD : 0)
                     | (standing->underline ? UNDERLINE : 0) | (standing->times_wide == 2 ? WIDE : 0)
                     | (standing->times_high == 2 ? TALL : 0));
}

static bool is_plain(const struct kw_look *look, const struct kw_sim_standing *standing)
{
    return !standing->upside_down && !standing->two_byte && !standing->utf8 && !standing->turned
        && standing->international == 0 && standing->font <= 1 && standing->underline <= 1 && standing->area_left == 0
        && standing->area_width >= look->profile->width_dots;
}

bool kw_known_find(const struct kw_look *look, struct kw_known *known)
{
    const struct kw_sim_stream *stream = &look->stream;
    const struct kw_place *place = &look->chosen->place;
    size_t count = 0;
    *known = (struct kw_known){ .table = look->before_length > 0 ? look->before[2] : -1,
                                .end_line = place->aside.end_line };
    while (count < stream->token_count && stream->tokens[count].offset < place->offset)
        count++;
    if (count == 0 || place->width != look->profile->width_dots || place->aside.margins)
        return false;
    const struct kw_sim_standing *standing = &stream->tokens[count - 1].after;
    known->mode = mode_of(standing);
    known->size = (uint8_t)((standing->times_wide - 1) << 4 | (standing->times_high - 1));
    known->align = standing->align;
    known->reverse = standing->reverse;
    known->unit_x = standing->unit_x, known->unit_y = standing->unit_y;
    return is_plain(look, standing) && read_since_reset(look, count, known) && !codes_follow(look, count, known);
}
