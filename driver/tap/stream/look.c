/* look.c - reads a stream once, and says of each piece of paper whether it may carry an invitation. */
#include "tap/stream/logical.h"
#include "tap/stream/patterns.h"
#include "tap/stream/rest.h"

#include <string.h>

static const struct { char word[32], text[160]; } reasons[] = {
    { "invited", "the invitation stands below the receipt" },
#define THROUGH(name, word, text) { word, text },
#include "data/through.def"
#undef THROUGH
};

const char *kw_through_word(enum kw_through through)
{
    return reasons[through].word;
}

const char *kw_through_text(enum kw_through through)
{
    return reasons[through].text;
}

/* ---- languages that are none of ours ---- */

enum beginning { NO_OTHER, PRINTERS, DOCUMENTS };

/*
 * What the first bytes say: commands of another printer, or a document or picture (raster in either order of bytes).
 * Resets before them say nothing.
 */
static enum beginning beginning_of(const uint8_t *bytes, size_t length)
{
    static const struct { const char *bytes; size_t length; enum beginning what; } beginnings[] = {
        { "%PDF", 4, DOCUMENTS }, { "%!PS", 4, DOCUMENTS }, { "\x1b%-12345X", 9, DOCUMENTS }, { "RaS2", 4, DOCUMENTS },
        { "RaS3", 4, DOCUMENTS }, { "2SaR", 4, DOCUMENTS }, { "3SaR", 4, DOCUMENTS }, { "UNIRAST", 7, DOCUMENTS },
        { "\x04%!PS", 5, DOCUMENTS }, { "\x1b" "E\x1b&", 4, DOCUMENTS }, { "\x1b" "E\x1b*", 4, DOCUMENTS },
        { "@EJL", 4, DOCUMENTS }, { "\xff\xd8\xff", 3, DOCUMENTS }, { "GIF87a", 6, DOCUMENTS },
        { "GIF89a", 6, DOCUMENTS }, { "II*\0", 4, DOCUMENTS }, { "MM\0*", 4, DOCUMENTS }, { "PK\3\4", 4, DOCUMENTS },
        { "^XA", 3, DOCUMENTS }, { "\x89PNG", 4, DOCUMENTS }, { "{", 1, DOCUMENTS }, { "<?xml", 5, DOCUMENTS },
        { "<epos", 5, DOCUMENTS }, { "<svg", 4, DOCUMENTS }, { "<html", 5, DOCUMENTS }, { "<!DOCTYPE", 9, DOCUMENTS },
        { "\x1b*rA", 4, PRINTERS }, { "\x1b*rR", 4, PRINTERS }, { "\x1b\x1d", 2, PRINTERS },
    };
    static const char wake[] = "\0\0\0\x1b\x01";    /* what drivers of ESC/P-R say first */
    if (length > sizeof wake - 1 && memcmp(bytes, wake, sizeof wake - 1) == 0)
        bytes += sizeof wake - 1, length -= sizeof wake - 1;
    while (length > 2 && bytes[0] == 0x1B && bytes[1] == '@')
        bytes += 2, length -= 2;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
        if (length >= beginnings[i].length && memcmp(bytes, beginnings[i].bytes, beginnings[i].length) == 0)
            return beginnings[i].what;
    return NO_OTHER;
}

bool kw_look_is_document(const uint8_t *bytes, size_t length)
{
    return beginning_of(bytes, length) == DOCUMENTS;
}

/* Star's commands begin with ESC GS, which ESC/POS does not know, or are raster commands `ESC * r`. */
static bool has_foreign_commands(const struct kw_look *look)
{
    for (size_t i = 0; i < look->stream.token_count; i++) {
        const struct kw_sim_token *token = &look->stream.tokens[i];
        const uint8_t *at = look->bytes + token->offset;
        bool star = token->class == KW_CLASS_NONE && token->length >= 2 && at[0] == 0x1B && at[1] == 0x1D;
        bool raster = token->length > 2 && at[0] == 0x1B && at[1] == '*' && at[2] == 'r';
        if (star || raster)
            return true;
    }
    return false;
}

/* ---- pieces ---- */

static size_t host_of(const char *url, const char **host)
{
    const char *at = strstr(url, "://");
    *host = at ? at + 3 : url;
    return strcspn(*host, "/?#{:");
}

/* A symbol that leads where ours would. */
static bool invites_already(const struct kw_look *look, const struct kw_sim_piece *piece, const char *survey_url)
{
    const char *host;
    size_t length = survey_url ? host_of(survey_url, &host) : 0;
    for (size_t i = 0; i < piece->code_count && length > 0; i++) {
        const struct kw_sim_code *code = &look->stream.codes[piece->first_code + i];
        const char *there;
        if (host_of(code->data, &there) == length && strncasecmp(there, host, length) == 0)
            return true;
    }
    return false;
}

/* Paper without a letter, where the shop has said what to make of it. */
static bool is_picture_of_sale(const struct kw_look *look, const struct kw_look_options *options,
                               const struct kw_look_piece *piece)
{
    const struct kw_sim_piece *paper = piece->paper;
    double ink_mm = look->stream.dpi > 0 ? (double)(paper->ink_bottom - paper->ink_top) * 25.4 / look->stream.dpi : 0;
    if (piece->lines.count > 0 || paper->text_count > 0 || options->image_only == KW_IMAGE_ONLY_NEVER)
        return false;
    return options->image_only == KW_IMAGE_ONLY_INVITE || (paper->cut && ink_mm >= options->min_mm);
}

static bool has_ink(const struct kw_sim_piece *paper)
{
    return paper->ink_top < paper->ink_bottom;
}

/* How many pieces have ink before that one; of all: before the end. */
static size_t inked_before(const struct kw_sim_stream *stream, const struct kw_sim_piece *end)
{
    size_t count = 0;
    for (const struct kw_sim_piece *paper = stream->pieces; paper < end; paper++)
        count += has_ink(paper);
    return count;
}

/*
 * The words that were given with the stream, where they are those of this piece: of as many as there are on paper, or
 * of all where a printer without a cutter made one of them. Else what the machine reads.
 */
static int read_lines(const struct kw_look *look, const struct kw_given *given, const struct kw_tap_words *rows,
                      struct kw_arena *arena, struct kw_look_piece *piece)
{
    const struct kw_sim_stream *stream = &look->stream;
    size_t inked = inked_before(stream, stream->pieces + stream->piece_count), pieces = kw_given_pieces(given);
    piece->given = pieces > 0 && (inked == 1 || inked == pieces);
    int code = piece->given ? 0 : kw_lines_read(stream, piece->paper, arena, &piece->lines);
    if (code < 0 || !piece->given)
        return code < 0 ? code : kw_lines_logical(rows, arena, &piece->lines);
    return kw_given_read(given, inked_before(stream, piece->paper), inked == 1 ? pieces : 1, arena, &piece->lines);
}

static int judge_piece(struct kw_look *look, const struct kw_look_options *options, const struct kw_tap_words *rows,
                       struct kw_arena *arena, struct kw_look_piece *piece)
{
    int code = read_lines(look, &options->given, rows, arena, piece);
    if (code == 0)
        code = kw_words_read(rows, &piece->lines, arena, &piece->words);
    if (code == 0)
        code = kw_patterns_apply(&options->patterns, rows, &piece->lines, arena, &piece->words);
    if (code < 0)
        return code;
    piece->through = kw_place_find(look, options, piece->paper, &piece->place);
    if (piece->through != KW_THROUGH_NOT)
        return 0;
    if (invites_already(look, piece->paper, options->survey_url))
        piece->through = KW_THROUGH_OTHER_INVITATION;
    else if (piece->words.kind || piece->words.negative)
        piece->through = KW_THROUGH_DOCUMENT_TYPE;
    else if ((!piece->words.total || piece->words.unsold) && !piece->words.sale
             && !is_picture_of_sale(look, options, piece))
        piece->through = !piece->given && kw_words_doubtful(&look->stream, piece->paper)
            ? KW_THROUGH_TEXT_DOUBTFUL : KW_THROUGH_NOT_A_SALE;
    return 0;
}

/* Whether this one carries it rather than the one that was chosen before it. */
static bool is_chosen(const struct kw_look *look, const struct kw_look_options *options,
                      const struct kw_look_piece *piece)
{
    if (piece->through != KW_THROUGH_NOT || (options->piece == KW_TAP_PIECE_MATCH && !piece->words.customer))
        return false;
    return !look->chosen || options->piece == KW_TAP_PIECE_LAST;
}

static int judge_pieces(struct kw_look *look, const struct kw_look_options *options, struct kw_arena *arena)
{
    const struct kw_tap_words *rows = kw_tap_words_new(arena, options->exponent, options->currency);
    look->pieces = kw_arena_array(arena, look->stream.piece_count, sizeof *look->pieces);
    if (!look->pieces || !rows)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < look->stream.piece_count; i++) {
        const struct kw_sim_piece *paper = &look->stream.pieces[i];
        struct kw_look_piece *piece = &look->pieces[look->piece_count];
        if (!has_ink(paper))
            continue;
        piece->paper = paper;
        int code = judge_piece(look, options, rows, arena, piece);
        if (code < 0)
            return code;
        look->piece_count++;
        if (is_chosen(look, options, piece))
            look->chosen = piece;
    }
    return 0;
}

bool kw_look_breaks_off(const struct kw_look *look)
{
    const struct kw_sim_stream *stream = &look->stream;
    uint8_t unused[KW_REST_BYTES];
    return stream->unfinished && kw_rest_missing(look->bytes + stream->unfinished_at,
                                                 look->length - (size_t)stream->unfinished_at, unused) == 0;
}

static enum kw_through judge(struct kw_look *look, const struct kw_look_options *options, struct kw_arena *arena)
{
    const struct kw_sim_standing *end = &look->stream.end;
    if (look->stream.token_count > KW_LOOK_COMMANDS)
        return KW_THROUGH_LIMIT;
    if (has_foreign_commands(look))
        return KW_THROUGH_LANGUAGE;
    if (kw_look_breaks_off(look) || end->page_mode || end->macro_defining || end->deselected)
        return KW_THROUGH_UNFINISHED;
    if (judge_pieces(look, options, arena) < 0)
        return KW_THROUGH_LIMIT;
    if (look->piece_count == 0)
        return KW_THROUGH_NO_INK;
    if (look->chosen && options->own_piece)
        return KW_THROUGH_OWN_PIECE;
    if (look->chosen)
        return look->profile->graphics & KW_GRAPHICS_RASTER ? KW_THROUGH_NOT : KW_THROUGH_NO_PICTURE;
    return look->pieces[0].through == KW_THROUGH_NOT ? KW_THROUGH_DOCUMENT_TYPE : look->pieces[0].through;
}

/* The command that says the code page of the printer's setting; its length, 0: it has none of that name. */
static size_t say_encoding(const struct kw_look_options *options, uint8_t out[3])
{
    for (size_t i = 0; options->encoding && i < options->profile->table_count; i++) {
        if (strcasecmp(kw_profile_tables(options->profile)[i].page, options->encoding) != 0)
            continue;
        out[0] = 0x1B, out[1] = 't', out[2] = kw_profile_tables(options->profile)[i].n;
        return 3;
    }
    return 0;
}

int kw_look(const struct kw_look_options *options, const void *bytes, size_t length, struct kw_arena *arena,
            struct kw_look *look, struct kw_error *error)
{
    *look = (struct kw_look){ .bytes = bytes, .length = length, .profile = options->profile };
    look->before_length = say_encoding(options, look->before);
    const struct kw_sim_stream_options reading = { .profile = options->profile, .until_ms = options->until_ms,
                                                   .before = look->before, .before_length = look->before_length };
    if (length == 0)
        look->through = KW_THROUGH_EMPTY;
    else if (length > KW_LOOK_BYTES)
        look->through = KW_THROUGH_LIMIT;
    else if (options->profile->language != KW_LANGUAGE_ESCPOS || beginning_of(bytes, length) != NO_OTHER)
        look->through = KW_THROUGH_LANGUAGE;
    else if (kw_sim_read_stream(&reading, bytes, length, arena, &look->stream, error) < 0)
        look->through = KW_THROUGH_LIMIT;
    else
        look->through = judge(look, options, arena);
    return 0;
}
