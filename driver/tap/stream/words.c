/* words.c - finds the rows' words in a folded line, whole words only where their script parts words. */
#include "tap/stream/words.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* The words of all rows, one row's behind the other's: addresses would be written by the loader in every call. */
static const char texts[] =
#define TAPWORDS(language, role, words) words "\0"
#include "data/tapwords.def"
#undef TAPWORDS
    ;

static const struct { char language[9]; uint8_t role; uint16_t size; } rows[] = {
#define TAPWORDS(language, role, words) { #language, KW_TAP_##role, sizeof words },
#include "data/tapwords.def"
#undef TAPWORDS
};
enum { ROWS = sizeof rows / sizeof rows[0] };

bool kw_tap_row_at(size_t index, struct kw_tap_row *row)
{
    const char *words = texts;
    for (size_t i = 0; i < index && i < ROWS; i++)
        words += rows[i].size;
    if (index < ROWS)
        *row = (struct kw_tap_row){ rows[index].language, (enum kw_tap_role)rows[index].role, words };
    return index < ROWS;
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

/* ---- letters that were read with another page than they were written in ---- */

/* No letter of a word that is otherwise Latin: "R▄CKGABE", "ANNUL╔E". */
static bool is_misread(uint32_t code)
{
    return (code > 0x80 && code <= 0xBF) || code == 0xD7 || code == 0xF7 || (code >= 0x370 && code < 0x400)
        || (code >= 0x2000 && code < 0x2C00) || code == KW_REPLACEMENT;
}

static bool has_misread(const char *line)
{
    const size_t length = strlen(line);
    for (size_t at = 0; at < length;)
        if (is_misread(kw_utf8_next(line, length, &at)))
            return true;
    return false;
}

/* How much of the line from there on is the word, where a letter that was misread may be any; 0: it is another one. */
static size_t loosely_at(const char *line, const char *at, const char *word, size_t length)
{
    enum { MISREAD_MOST = 2, READ_LEAST = 4 };
    size_t place = 0, misread = 0, left = strlen(at);
    for (size_t i = 0; i < length; i++) {
        uint32_t code = place < left ? kw_utf8_next(at, left, &place) : 0;
        bool same = code == (uint8_t)word[i] && code < 0x80;
        misread += !same;
        if (!same && (!is_misread(code) || word[i] < 'a' || word[i] > 'z'))
            return 0;
    }
    size_t end = place;
    uint32_t before = letter_before(line, at), behind = place < left ? kw_utf8_next(at, left, &place) : ' ';
    bool alone = !parts_words(before) && !parts_words(behind) && !is_misread(before) && !is_misread(behind);
    return alone && misread > 0 && misread <= MISREAD_MOST && length - misread >= READ_LEAST ? end : 0;
}

static const char *find_loosely(const char *line, const char *word, size_t length, size_t *found)
{
    for (const char *at = line; *at; at++)
        if (((unsigned char)*at & 0xC0) != 0x80 && (*found = loosely_at(line, at, word, length)) > 0)
            return at;
    return NULL;
}

/* ---- rows ---- */

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
    const char *words = texts;
    for (size_t i = 0; i < ROWS; words += rows[i++].size) {
        for (const char *word = words; rows[i].role == role && *word;) {
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
    const bool loosely = role >= KW_TAP_REFUND && has_misread(line);
    *hit = (struct kw_tap_hit){ .language = "", .word = "", .role = KW_TAP_NONE };
    const char *words = texts;
    note_pairs(line, &pairs);
    for (size_t i = 0; i < ROWS; words += rows[i++].size) {
        for (const char *word = words; rows[i].role == role && *word;) {
            const size_t length = strcspn(word, "|");
            size_t found = length;
            bool better = length > hit->length || (length == hit->length && strcmp(rows[i].language, "en") == 0);
            const char *at = better && may_hold(&pairs, word, length) ? find_word(line, word, length) : NULL;
            if (!at && better && loosely)
                at = find_loosely(line, word, length, &found);
            if (at)
                *hit = (struct kw_tap_hit){ rows[i].language, at, word, found, role };
            word += length + (word[length] == '|');
        }
    }
    return hit->length > 0;
}
