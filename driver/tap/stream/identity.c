/* identity.c - the number on the paper where its pattern is known, else a digest of the ink. */
#include "tap/stream/identity.h"

#include "tap/stream/patterns.h"

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

static void digest_bytes(const uint8_t *bytes, size_t length, uint8_t out[KW_INK_BYTES])
{
    crypto_generichash(out, KW_INK_BYTES, bytes, length, NULL, 0);
}

static void digest_ink(const struct kw_look *look, uint8_t out[KW_INK_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, KW_INK_BYTES);
    for (size_t i = 0; i < look->piece_count; i++)
        add_rows(&state, &look->stream.strip, look->pieces[i].paper);
    if (look->piece_count > 0)
        crypto_generichash_final(&state, out, KW_INK_BYTES);
    else                                    /* not understood: its bytes are what there is */
        digest_bytes(look->bytes, look->length, out);
}

static const char *name_ink(const uint8_t ink[KW_INK_BYTES], struct kw_arena *arena)
{
    char name[2 * NAME_BYTES + 1];
    for (int i = 0; i < NAME_BYTES; i++)
        snprintf(name + 2 * (size_t)i, 3, "%02x", ink[i]);
    return kw_arena_format(arena, "ink-%s", name);
}

/* ---- numbers ---- */

static const char *find_in_text(const struct kw_look *look, const char *pattern, struct kw_arena *arena)
{
    const char *found = NULL;
    for (size_t i = 0; pattern && i < look->piece_count && !found; i++) {
        size_t count;
        const char *const *texts = kw_patterns_texts(&look->pieces[i].lines, arena, &count);
        found = texts ? kw_patterns_match(pattern, texts, count, arena) : NULL;
    }
    return found;
}

static const char *find_in_codes(const struct kw_look *look, const char *pattern, struct kw_arena *arena)
{
    const char *found = NULL;
    for (size_t i = 0; pattern && i < look->stream.code_count && !found; i++)
        found = kw_patterns_match(pattern, &look->stream.codes[i].data, 1, arena);
    return found;
}

static const char *find_number(const struct kw_look *look, const struct kw_identity_patterns *patterns,
                               struct kw_arena *arena)
{
    const char *number = find_in_text(look, patterns->number, arena);
    const char *till = number ? find_in_text(look, patterns->till, arena) : NULL;
    if (till)
        return kw_arena_format(arena, "%s/%s", till, number);
    return number ? number : find_in_codes(look, patterns->code, arena);
}

int kw_identity_find(const struct kw_look *look, const struct kw_identity_patterns *patterns, struct kw_arena *arena,
                     struct kw_identity *identity)
{
    const struct kw_look_piece *piece = look->chosen ? look->chosen : look->piece_count ? &look->pieces[0] : NULL;
    *identity = (struct kw_identity){ .id = NULL };
    digest_ink(look, identity->ink);
    identity->id = find_number(look, patterns, arena);
    identity->numbered = identity->id != NULL;
    identity->strong = identity->numbered || (piece && piece->words.timed && piece->words.total);
    if (!identity->numbered)
        identity->id = name_ink(identity->ink, arena);
    return identity->id ? 0 : KWIT_E_NO_MEMORY;
}

int kw_identity_unread(const void *bytes, size_t length, struct kw_arena *arena, struct kw_identity *identity)
{
    *identity = (struct kw_identity){ .id = NULL };
    digest_bytes(bytes, length, identity->ink);
    identity->id = name_ink(identity->ink, arena);
    return identity->id ? 0 : KWIT_E_NO_MEMORY;
}
