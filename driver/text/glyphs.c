/* glyphs.c - a head that says of which font, rows of glyphs, their bits, and a sum over all of it. */
#include "text/glyphs.h"

#include "image/bitmap.h"

#include <kwit/kwit.h>
#include <stdio.h>
#include <string.h>

struct head {
    char maker[16];
    struct kw_glyphs_font font;
    uint64_t count, sum;
};

#define FNV_BASIS 14695981039346656037u
#define FNV_PRIME 1099511628211u

uint64_t kw_glyphs_hash(const char *path)
{
    uint64_t hash = FNV_BASIS;
    for (; *path; path++)
        hash = (hash ^ (uint8_t)*path) * FNV_PRIME;
    return hash;
}

void kw_glyphs_name(const struct kw_glyphs_font *font, char name[KW_GLYPHS_NAME_SIZE])
{
    snprintf(name, KW_GLYPHS_NAME_SIZE, "glyphs-%016llx-%d", (unsigned long long)font->path, (int)font->face);
}

size_t kw_glyphs_bits(const struct kw_glyph_row *glyph)
{
    return (size_t)(glyph->width + 7) / 8 * glyph->height;
}

/* Over everything but the sum itself, the last of the head; eight bytes at a time, a tail counts by its length. */
static uint64_t sum_of(const uint8_t *bytes, size_t length)
{
    uint64_t sum = FNV_BASIS ^ length, word;
    for (size_t at = 0; at < length; at += sizeof word) {
        word = 0;
        memcpy(&word, bytes + at, length - at < sizeof word ? length - at : sizeof word);
        if (at != offsetof(struct head, sum))
            sum = (sum ^ word) * FNV_PRIME;
    }
    return sum;
}

static struct head head_of(const struct kw_glyphs_font *font, size_t count)
{
    struct head head = { .font = *font, .count = count };
    snprintf(head.maker, sizeof head.maker, "kwit %s", KWIT_VERSION);
    return head;
}

static bool is_near(int32_t dots)
{
    return dots >= -KW_BITMAP_MAX_WIDTH && dots <= KW_BITMAP_MAX_WIDTH;
}

static bool fits(const struct kw_glyph_row *glyph, size_t bits)
{
    return glyph->width <= KW_BITMAP_MAX_WIDTH && is_near(glyph->height) && is_near(glyph->left) && is_near(glyph->top)
        && is_near(glyph->advance) && is_near(glyph->advance_64 / 64) && glyph->bits <= bits
        && kw_glyphs_bits(glyph) <= bits - glyph->bits;
}

/* A bit behind the width would be set beside whatever the glyph is drawn on. */
static bool is_clean(const struct kw_glyph_row *glyph, const uint8_t *bits)
{
    const size_t stride = (size_t)(glyph->width + 7) / 8;
    const uint8_t behind = glyph->width % 8 ? (uint8_t)(0xFF >> glyph->width % 8) : 0;
    uint8_t found = 0;
    for (size_t y = 0; behind && y < glyph->height; y++)
        found |= bits[glyph->bits + (y + 1) * stride - 1];
    return (found & behind) == 0;
}

bool kw_glyphs_read(const void *bytes, size_t length, const struct kw_glyphs_font *font, struct kw_glyphs *kept)
{
    struct head head;
    if (length < sizeof head || length > KW_GLYPHS_CEILING)
        return false;
    memcpy(&head, bytes, sizeof head);
    const struct head wanted = head_of(font, head.count);
    const size_t room = length - sizeof head;
    if (memcmp(&head, &wanted, offsetof(struct head, sum)) != 0 || head.count > room / sizeof *kept->glyphs
        || head.sum != sum_of(bytes, length))
        return false;
    kept->count = head.count;
    kept->glyphs = (const void *)((const uint8_t *)bytes + sizeof head);
    kept->bits = (const uint8_t *)(kept->glyphs + kept->count);
    for (size_t i = 0; i < kept->count; i++)
        if (!fits(&kept->glyphs[i], room - kept->count * sizeof *kept->glyphs)
            || !is_clean(&kept->glyphs[i], kept->bits))
            return false;
    return true;
}

void *kw_glyphs_make(struct kw_arena *arena, const struct kw_glyphs_font *font, size_t count, size_t bits,
                   struct kw_glyph_row **glyphs, uint8_t **places, size_t *length)
{
    *length = sizeof(struct head) + count * sizeof **glyphs + bits;
    struct head *head = *length <= KW_GLYPHS_CEILING ? kw_arena_alloc(arena, *length) : NULL;
    if (!head)
        return NULL;
    *head = head_of(font, count);
    *glyphs = (void *)(head + 1);
    *places = (uint8_t *)(*glyphs + count);
    return head;
}

void kw_glyphs_seal(void *bytes, size_t length)
{
    ((struct head *)bytes)->sum = sum_of(bytes, length);
}
