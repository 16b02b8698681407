/* words.c - finds the rows' words in a folded line, whole words only where their script parts words. */
#include "tap/stream/words.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static const struct kw_tap_row rows[] = {
#define TAPWORDS(language, role, words) { #language, KW_TAP_##role, words },
#include "data/tapwords.def"
#undef TAPWORDS
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const struct kw_tap_row *kw_tap_row_at(size_t index)
{
    return index < ROWS ? &rows[index] : NULL;
}

const char *kw_tap_role_word(enum kw_tap_role role)
{
    static const char *const words[] = {
        [KW_TAP_NONE] = "", [KW_TAP_TOTAL] = "total", [KW_TAP_NOT_TOTAL] = "not_total", [KW_TAP_COUNT] = "count",
        [KW_TAP_NEGATION] = "negation", [KW_TAP_COPY] = "copy", [KW_TAP_PAPER] = "paper",
        [KW_TAP_REFUND_SUM] = "refund_sum", [KW_TAP_REPORT_ROW] = "report_row",
        [KW_TAP_REFUND] = "refund", [KW_TAP_VOID] = "void",
        [KW_TAP_TRAINING] = "training", [KW_TAP_REPORT] = "report", [KW_TAP_KITCHEN] = "kitchen",
        [KW_TAP_MERCHANT] = "merchant_copy", [KW_TAP_PROFORMA] = "proforma", [KW_TAP_GIFT] = "gift",
        [KW_TAP_PAYOUT] = "payout", [KW_TAP_NEVER] = "never",
    };
    return words[role];
}

/* Chinese, Japanese, Thai and the like write words side by side. */
static bool parts_words(uint32_t code)
{
    enum { LATIN_MARKS_END = 0xBF, THAI = 0xE00, THAI_END = 0xEFF, IDEOGRAPHS = 0x2E80 };
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9');
    return code > LATIN_MARKS_END && code < IDEOGRAPHS && !(code >= THAI && code <= THAI_END)
        && !(code >= 0x2000 && code <= 0x2BFF);
}

static uint32_t letter_before(const char *line, const char *at)
{
    const char *from = at;
    if (at == line)
        return ' ';
    do
        from--;
    while (from > line && ((unsigned char)*from & 0xC0) == 0x80);
    size_t place = 0;
    return kw_utf8_next(from, (size_t)(at - from), &place);
}

static bool stands_alone(const char *line, const char *at, size_t length)
{
    size_t place = 0;
    uint32_t after = at[length] ? kw_utf8_next(at + length, strlen(at + length), &place) : ' ';
    place = 0;
    uint32_t first = kw_utf8_next(at, length, &place);
    if (!parts_words(first))
        return true;
    return !parts_words(letter_before(line, at)) && !parts_words(after);
}

static const char *find_word(const char *line, const char *word, size_t length)
{
    for (const char *at = line; (at = memmem(at, strlen(at), word, length)) != NULL; at++)
        if (stands_alone(line, at, length))
            return at;
    return NULL;
}

/* Which two bytes stand side by side in a line, by a hash: most words have others, and need not be looked for. */
enum { PAIRS = 1024, PAIRS_WORD = 64 };
struct pairs { uint64_t bits[PAIRS / PAIRS_WORD]; };

static unsigned pair_of(const char *at)
{
    return ((unsigned char)at[0] * 37u + (unsigned char)at[1]) % PAIRS;
}

static void note_pairs(const char *line, struct pairs *pairs)
{
    *pairs = (struct pairs){ .bits = { 0 } };
    for (const char *at = line; at[0] && at[1]; at++)
        pairs->bits[pair_of(at) / PAIRS_WORD] |= (uint64_t)1 << pair_of(at) % PAIRS_WORD;
}

static bool has_pair(const struct pairs *pairs, const char *at)
{
    return pairs->bits[pair_of(at) / PAIRS_WORD] >> pair_of(at) % PAIRS_WORD & 1;
}

static bool may_hold(const struct pairs *pairs, const char *word, size_t length)
{
    return length < 2 || (has_pair(pairs, word) && has_pair(pairs, word + length - 2));
}

bool kw_tap_begins(enum kw_tap_role role, const char *line, const char *at, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (const char *word = rows[i].words; rows[i].role == role && *word;) {
            size_t size = strcspn(word, "|");
            if (size > *length && strncmp(at, word, size) == 0 && stands_alone(line, at, size))
                *length = size;
            word += size + (word[size] == '|');
        }
    }
    return *length > 0;
}

bool kw_tap_find(enum kw_tap_role role, const char *line, struct kw_tap_hit *hit)
{
    struct pairs pairs;
    *hit = (struct kw_tap_hit){ .language = "", .word = "", .role = KW_TAP_NONE };
    note_pairs(line, &pairs);
    for (size_t i = 0; i < ROWS; i++) {
        for (const char *word = rows[i].words; rows[i].role == role && *word;) {
            size_t length = strcspn(word, "|");
            bool better = length > hit->length || (length == hit->length && strcmp(rows[i].language, "en") == 0);
            const char *at = better && may_hold(&pairs, word, length) ? find_word(line, word, length) : NULL;
            if (at)
                *hit = (struct kw_tap_hit){ rows[i].language, at, word, length, role };
            word += length + (word[length] == '|');
        }
    }
    return hit->length > 0;
}
