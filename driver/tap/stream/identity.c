/* identity.c - the number on the paper where its pattern is known, else a digest of the ink. */
#include "tap/stream/identity.h"

#include "tap/stream/lines.h"

#include <regex.h>
#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 10 };

/* ---- ink ---- */

static void add_rows(crypto_generichash_state *state, const struct kw_bitmap *strip, const struct kw_sim_piece *piece)
{
    const unsigned char mark = 0xFF;
    for (int64_t y = piece->ink_top; y < piece->ink_bottom && y < strip->height; y++)
        crypto_generichash_update(state, strip->bits + (size_t)y * (size_t)strip->stride, (size_t)strip->stride);
    crypto_generichash_update(state, &mark, 1);
}

static void digest_ink(const struct kw_look *look, uint8_t out[KW_INK_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, KW_INK_BYTES);
    for (size_t i = 0; i < look->piece_count; i++)
        add_rows(&state, &look->stream.strip, look->pieces[i].paper);
    if (look->piece_count == 0)             /* not understood: its bytes are what there is */
        crypto_generichash_update(&state, look->bytes, look->length);
    crypto_generichash_final(&state, out, KW_INK_BYTES);
}

static const char *name_ink(const uint8_t ink[KW_INK_BYTES], struct kw_arena *arena)
{
    char name[2 * NAME_BYTES + 1];
    for (int i = 0; i < NAME_BYTES; i++)
        snprintf(name + 2 * (size_t)i, 3, "%02x", ink[i]);
    return kw_arena_format(arena, "ink-%s", name);
}

/* ---- numbers ---- */

static const char *trimmed(const char *from, size_t length, struct kw_arena *arena)
{
    while (length > 0 && (unsigned char)*from <= ' ')
        from++, length--;
    while (length > 0 && (unsigned char)from[length - 1] <= ' ')
        length--;
    return length > 0 && length < KW_IDENTITY_LIMIT ? kw_arena_copy(arena, from, length) : NULL;
}

const char *kw_identity_match(const char *pattern, const char *const *lines, size_t count, struct kw_arena *arena)
{
    regex_t compiled;
    regmatch_t matches[2];
    const char *found = NULL;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_ICASE) != 0)
        return NULL;
    for (size_t i = 0; i < count && !found; i++) {
        if (regexec(&compiled, lines[i], 2, matches, 0) != 0)
            continue;
        const regmatch_t *part = matches[1].rm_so >= 0 ? &matches[1] : &matches[0];
        found = trimmed(lines[i] + part->rm_so, (size_t)(part->rm_eo - part->rm_so), arena);
    }
    regfree(&compiled);
    return found;
}

/* The texts of a piece's lines; NULL without memory. */
static const char *const *texts_of(const struct kw_look *look, const struct kw_look_piece *piece,
                                   struct kw_arena *arena, size_t *count)
{
    struct kw_lines lines;
    *count = 0;
    if (kw_lines_read(&look->stream, piece->paper, arena, &lines) < 0)
        return NULL;
    const char **texts = kw_arena_array(arena, lines.count + 1, sizeof *texts);
    for (size_t i = 0; texts && i < lines.count; i++)
        texts[i] = lines.lines[i].text;
    *count = texts ? lines.count : 0;
    return texts;
}

bool kw_identity_says(const struct kw_look *look, const struct kw_look_piece *piece, const char *const *patterns,
                      struct kw_arena *arena)
{
    size_t count;
    if (!patterns || !*patterns)
        return false;
    const char *const *texts = texts_of(look, piece, arena, &count);
    for (; texts && *patterns; patterns++)
        if (kw_identity_match(*patterns, texts, count, arena))
            return true;
    return false;
}

static const char *find_number(const struct kw_look *look, const char *pattern, struct kw_arena *arena)
{
    const char *found = NULL;
    for (size_t i = 0; i < look->piece_count && !found; i++) {
        size_t count;
        const char *const *texts = texts_of(look, &look->pieces[i], arena, &count);
        found = texts ? kw_identity_match(pattern, texts, count, arena) : NULL;
    }
    return found;
}

int kw_identity_find(const struct kw_look *look, const char *pattern, struct kw_arena *arena,
                     struct kw_identity *identity)
{
    const struct kw_look_piece *piece = look->chosen ? look->chosen : look->piece_count ? &look->pieces[0] : NULL;
    *identity = (struct kw_identity){ .id = NULL };
    digest_ink(look, identity->ink);
    if (pattern)
        identity->id = find_number(look, pattern, arena);
    identity->numbered = identity->id != NULL;
    identity->strong = identity->numbered || (piece && piece->words.timed && piece->words.total);
    if (!identity->numbered)
        identity->id = name_ink(identity->ink, arena);
    return identity->id ? 0 : KWIT_E_NO_MEMORY;
}
