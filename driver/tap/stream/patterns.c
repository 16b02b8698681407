/* patterns.c - what a shop knows of its own receipts counts more than words that many shops use. */
#include "tap/stream/patterns.h"

#include "tap/stream/words.h"

#include <regex.h>
#include <string.h>
#include <time.h>

/* ---- lines ---- */

static const char *trimmed(const char *from, size_t length, struct kw_arena *arena)
{
    while (length > 0 && (unsigned char)*from <= ' ')
        from++, length--;
    while (length > 0 && (unsigned char)from[length - 1] <= ' ')
        length--;
    return length > 0 && length < KW_PATTERN_LIMIT ? kw_arena_copy(arena, from, length) : NULL;
}

const char *kw_patterns_match(const char *pattern, const char *const *lines, size_t count, struct kw_arena *arena)
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

const char *const *kw_patterns_texts(const struct kw_lines *lines, struct kw_arena *arena, size_t *count)
{
    const char **texts = kw_arena_array(arena, lines->count + 1, sizeof *texts);
    for (size_t i = 0; texts && i < lines->count; i++)
        texts[i] = lines->lines[i].text;
    *count = texts ? lines->count : 0;
    return texts;
}

bool kw_patterns_any(const char *const *patterns, const char *const *lines, size_t count, struct kw_arena *arena)
{
    for (; patterns && *patterns; patterns++)
        if (kw_patterns_match(*patterns, lines, count, arena))
            return true;
    return false;
}

/* ---- what they say ---- */

static bool says_time(const char *text, const char *format)
{
    struct tm unused;
    for (const char *at = text; *at; at++) {
        memset(&unused, 0, sizeof unused);
        if (strptime(at, format, &unused))
            return true;
    }
    return false;
}

static void take_total(const struct kw_tap_words *rows, const char *pattern, const char *const *texts, size_t count,
                       struct kw_arena *arena, struct kw_words *words)
{
    bool negative;
    const char *found = pattern ? kw_patterns_match(pattern, texts, count, arena) : NULL;
    const char *amount = found ? kw_words_amount(rows, found, arena, &negative) : NULL;
    if (!amount)
        return;
    words->total = amount;
    words->negative = negative;
    words->unsold = false;
}

/* `never` wins over all, `sale` and `customer` over the built-in words. */
static void take_kind(const struct kw_look_patterns *patterns, const char *const *texts, size_t count,
                      struct kw_arena *arena, struct kw_words *words)
{
    words->sale = kw_patterns_any(patterns->sale, texts, count, arena);
    words->customer = kw_patterns_any(patterns->customer, texts, count, arena);
    if (words->sale || (words->customer && words->kind == KW_TAP_MERCHANT))
        words->kind = KW_TAP_NONE;
    if (kw_patterns_any(patterns->merchant, texts, count, arena))
        words->kind = KW_TAP_MERCHANT;
    if (kw_patterns_any(patterns->never, texts, count, arena))
        words->kind = KW_TAP_NEVER;
    words->word = kw_tap_role_word(words->kind);
}

int kw_patterns_apply(const struct kw_look_patterns *patterns, const struct kw_tap_words *rows,
                      const struct kw_lines *lines, struct kw_arena *arena, struct kw_words *words)
{
    size_t count;
    bool wanted = patterns->total || patterns->time || patterns->sale || patterns->never || patterns->merchant
        || patterns->customer;
    const char *const *texts = wanted ? kw_patterns_texts(lines, arena, &count) : NULL;
    if (!texts)
        return wanted ? KWIT_E_NO_MEMORY : 0;
    take_total(rows, patterns->total, texts, count, arena, words);
    take_kind(patterns, texts, count, arena, words);
    for (size_t i = 0; patterns->time && i < count && !words->timed; i++)
        words->timed = says_time(texts[i], patterns->time);
    return 0;
}
