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
        [KW_TAP_REFUND_SUM] = "refund_sum", [KW_TAP_REPORT_ROW] = "report_row", [KW_TAP_OWNER] = "owner",
        [KW_TAP_TERMS] = "terms", [KW_TAP_LABEL] = "label", [KW_TAP_TENDER] = "tender", [KW_TAP_CHANGE] = "change",
        [KW_TAP_BY_HAND] = "by_hand", [KW_TAP_CUSTOMERS] = "customers",
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

/*
 * A word by itself: where the texts have it, in which row; and the next of those that begin with the same two bytes in
 * the same role, by its number from one: 0 is none.
 */
struct word { uint32_t at; uint16_t row, length, next; };

enum { BEGINNINGS = 8192 };

struct kw_tap_words {
    struct word *words;             /* those of a role side by side, in the order of the rows */
    size_t ends[KW_TAP_NEVER + 1];  /* of each role; it begins where the one before it ends */
    int exponent;
    const char *currency;
    uint16_t first[BEGINNINGS];     /* of those that begin alike, so that few are looked for at each place of a line */
};

/* Of a role's words that begin with those two bytes. */
static size_t place_of(enum kw_tap_role role, const char *at)
{
    return (((unsigned char)at[0] * 37u + (unsigned char)at[1]) * 23u + role) % BEGINNINGS;
}

static size_t count_words(const char *words)
{
    size_t count = 1;
    while ((words = strchr(words, '|')) != NULL)
        words++, count++;
    return count;
}

/* Puts a row's words from there on; the result: behind the last. */
static struct word *put_words(const char *words, size_t row, struct word *put)
{
    for (const char *at = words; *at; put++) {
        size_t length = strcspn(at, "|");
        *put = (struct word){ .at = (uint32_t)(at - texts), .row = (uint16_t)row, .length = (uint16_t)length };
        at += length + (at[length] == '|');
    }
    return put;
}

static void list_beginnings(struct kw_tap_words *words)
{
    for (size_t i = words->ends[KW_TAP_NEVER]; i > 0; i--) {
        struct word *word = &words->words[i - 1];
        uint16_t *first = &words->first[place_of((enum kw_tap_role)rows[word->row].role, texts + word->at)];
        word->next = *first;
        *first = (uint16_t)i;
    }
}

const struct kw_tap_words *kw_tap_words_new(struct kw_arena *arena, int exponent, const char *currency)
{
    struct kw_tap_words *made = kw_arena_alloc(arena, sizeof *made);
    size_t counts[KW_TAP_NEVER + 1] = { 0 }, all = 0;
    const char *words = texts;
    for (size_t i = 0; i < ROWS; words += rows[i++].size)
        counts[rows[i].role] += count_words(words);
    for (size_t role = 0; role <= KW_TAP_NEVER; role++)
        all += counts[role];
    if (!made || !(made->words = kw_arena_array(arena, all, sizeof *made->words)))
        return NULL;
    for (size_t role = 1; role <= KW_TAP_NEVER; role++)
        made->ends[role] = made->ends[role - 1] + counts[role - 1];
    words = texts;
    for (size_t i = 0; i < ROWS; words += rows[i++].size) {
        size_t *end = &made->ends[rows[i].role];
        *end = (size_t)(put_words(words, i, made->words + *end) - made->words);
    }
    list_beginnings(made);
    made->exponent = exponent;
    made->currency = currency;
    return made;
}

int kw_tap_exponent(const struct kw_tap_words *words)
{
    return words->exponent;
}

const char *kw_tap_currency(const struct kw_tap_words *words)
{
    return words->currency;
}

static const struct word *first_of(const struct kw_tap_words *words, enum kw_tap_role role)
{
    return words->words + (role > 0 ? words->ends[role - 1] : 0);
}

bool kw_tap_begins(const struct kw_tap_words *words, enum kw_tap_role role, const char *line, const char *at,
                   size_t *length)
{
    *length = 0;
    for (const struct word *word = first_of(words, role); word < words->words + words->ends[role]; word++)
        if (word->length > *length && strncmp(at, texts + word->at, word->length) == 0
            && stands_alone(line, at, word->length))
            *length = word->length;
    return *length > 0;
}

/* The longer one; of two as long the English one, and of others the one whose row stands first. */
static bool is_better(const struct word *word, size_t found, const struct word *best, size_t length)
{
    if (!best || found != length)
        return found > length;
    bool english = strcmp(rows[word->row].language, "en") == 0;
    bool other = strcmp(rows[best->row].language, "en") == 0;
    return english != other ? english : english ? word > best : word < best;
}

static void take(struct kw_tap_hit *hit, const struct word *word, const char *at, size_t length)
{
    *hit = (struct kw_tap_hit){ rows[word->row].language, at, texts + word->at, length,
                                (enum kw_tap_role)rows[word->row].role };
}

/* The best that begins at this place of the line, against what was found before it. */
static void find_at(const struct kw_tap_words *words, enum kw_tap_role role, const char *line, const char *at,
                    const struct word **best, struct kw_tap_hit *hit)
{
    for (uint16_t i = words->first[place_of(role, at)]; i > 0;) {
        const struct word *word = &words->words[i - 1];
        i = word->next;
        if ((enum kw_tap_role)rows[word->row].role != role || !is_better(word, word->length, *best, hit->length)
            || strncmp(at, texts + word->at, word->length) != 0 || !stands_alone(line, at, word->length))
            continue;
        *best = word;
        take(hit, word, at, word->length);
    }
}

bool kw_tap_find(const struct kw_tap_words *words, enum kw_tap_role role, const char *line, struct kw_tap_hit *hit)
{
    const struct word *best = NULL;
    *hit = (struct kw_tap_hit){ .language = "", .word = "", .role = KW_TAP_NONE };
    for (const char *at = line; *at; at++)
        find_at(words, role, line, at, &best, hit);
    if (role < KW_TAP_REFUND || !has_misread(line))
        return hit->length > 0;
    for (const struct word *word = first_of(words, role); word < words->words + words->ends[role]; word++) {
        size_t found = 0;
        bool longer = word->length >= hit->length;
        const char *at = longer ? find_loosely(line, texts + word->at, word->length, &found) : NULL;
        if (at && is_better(word, found, best, hit->length)) {
            best = word;
            take(hit, word, at, found);
        }
    }
    return hit->length > 0;
}
