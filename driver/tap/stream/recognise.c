/*
 * recognise.c - what kind of document a piece of paper is, by its words.
 *
 * A sale says what is to be paid, with an amount. Words for other kinds count where a till prints a heading: alone on
 * their line, large, or on a short line of the head. "No refunds without receipt" in a footer is none of these.
 */
#include "tap/stream/look.h"

#include "tap/stream/lines.h"
#include "tap/stream/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_LINES = 8, SHORT_WORDS = 4 };

/* ---- amounts ---- */

struct amount {
    const char *from;
    size_t length;
    bool decimals, negative;
};

static size_t number_at(const char *text)
{
    size_t length = 0;
    while (isdigit((unsigned char)text[length])
           || (length > 0 && text[length] && strchr(".,'", text[length]) && isdigit((unsigned char)text[length + 1]))
           || (length > 0 && text[length] == ' ' && strspn(text + length + 1, "0123456789") == 3))
        length++;
    return length;
}

/* What stands behind a number without decimals decides whether it is an amount: "3 items" is none. */
static bool counts_things(const char *behind)
{
    struct kw_tap_hit hit;
    behind += strspn(behind, " ");
    return *behind == '%' || (kw_tap_find(KW_TAP_COUNT, behind, &hit) && hit.at == behind);
}

/* The last amount of the text. */
static bool find_amount(const char *text, struct amount *amount)
{
    bool found = false;
    for (const char *at = text; *at;) {
        size_t length = number_at(at), part = length;
        if (length == 0) {
            at++;
            continue;
        }
        while (part > 0 && isdigit((unsigned char)at[part - 1]))
            part--;
        size_t digits = length - part;
        bool decimals = part > 0 && (at[part - 1] == '.' || at[part - 1] == ',') && digits >= 1 && digits <= 3;
        bool letter_before = at > text && isalpha((unsigned char)at[-1]);
        if (!letter_before && (decimals || !counts_things(at + length))) {
            const char *before = at;
            while (before > text && before[-1] == ' ')
                before--;
            bool minus = (before > text && before[-1] == '-') || at[length] == '-';
            *amount = (struct amount){ at, length, decimals, minus };
            found = true;
        }
        at += length;
    }
    return found;
}

/* "1.234,50", "1 234.50" and "1'234.50" are 1234.50; three digits behind one mark are thousands. */
static const char *plain_amount(struct kw_arena *arena, const struct amount *amount)
{
    char text[64];
    size_t made = 0, last = amount->length, digits;
    while (last > 0 && !strchr(".,", amount->from[last - 1]))
        last--;
    digits = amount->length - last;
    bool decimals = last > 0 && digits != 3;
    for (size_t i = 0; i < amount->length && made + 2 < sizeof text; i++) {
        if (isdigit((unsigned char)amount->from[i]))
            text[made++] = amount->from[i];
        else if (decimals && i + 1 == last)
            text[made++] = '.';
    }
    return kw_arena_copy(arena, text, made);
}

const char *kw_words_amount(const char *text, struct kw_arena *arena, bool *negative)
{
    struct amount amount;
    *negative = false;
    if (!find_amount(text, &amount))
        return NULL;
    *negative = amount.negative;
    return plain_amount(arena, &amount);
}

/* ---- the total ---- */

static bool is_bare_amount(const char *text, struct amount *amount)
{
    enum { CURRENCY = 4 };
    if (!find_amount(text, amount))
        return false;
    size_t before = (size_t)(amount->from - text), after = strlen(amount->from + amount->length);
    return before <= CURRENCY && after <= CURRENCY;
}

static int take_total(const struct kw_lines *page, size_t i, struct kw_arena *arena, struct kw_words *words)
{
    struct kw_tap_hit total, other;
    struct amount amount;
    const char *line = page->lines[i].folded;
    if (!kw_tap_find(KW_TAP_TOTAL, line, &total))
        return 0;
    if (kw_tap_find(KW_TAP_NOT_TOTAL, line, &other) && other.length > total.length)
        return 0;
    bool here = find_amount(total.at + total.length, &amount);
    bool alone = total.at == line && strspn(line + total.length, " :.*=-") == strlen(line + total.length);
    bool below = !here && alone && i + 1 < page->count && is_bare_amount(page->lines[i + 1].folded, &amount);
    if (!here && !below)
        return 0;
    words->total = plain_amount(arena, &amount);
    words->language = total.language;
    words->negative = words->negative || amount.negative;
    return words->total ? 0 : KWIT_E_NO_MEMORY;
}

/* ---- the kind ---- */

static bool is_decoration(char letter)
{
    return letter != 0 && strchr(" *-=<>:#.!_|/[]()+~", letter) != NULL;
}

static size_t words_in(const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at; count++) {
        at += strspn(at, " ");
        if (!*at)
            break;
        at += strcspn(at, " ");
    }
    return count;
}

/* Nothing beside the word but decoration and numbers ("refund no. 12" is not alone, "*** refund *** 12" is). */
static bool is_alone(const char *line, const struct kw_tap_hit *hit)
{
    for (const char *at = line; *at; at++) {
        if (at == hit->at)
            at += hit->length;
        if (!*at)
            break;
        if (!is_decoration(*at) && !isdigit((unsigned char)*at))
            return false;
    }
    return true;
}

static bool is_taken_back(const char *line, const struct kw_tap_hit *hit)
{
    struct kw_tap_hit negation;
    return kw_tap_find(KW_TAP_NEGATION, line, &negation) && negation.at < hit->at;
}

static bool is_heading(const struct kw_stream_line *line, bool head, const struct kw_tap_hit *hit)
{
    struct amount amount;
    if (is_taken_back(line->folded, hit))
        return false;
    bool priced = find_amount(hit->at + hit->length, &amount) && amount.decimals;
    if (is_alone(line->folded, hit))
        return head || line->big || !priced;
    return !priced && (head || line->big) && words_in(line->folded) <= SHORT_WORDS;
}

static void take_kind(const struct kw_stream_line *line, bool head, struct kw_words *words)
{
    for (enum kw_tap_role role = KW_TAP_REFUND; role <= KW_TAP_PAYOUT && !words->kind; role++) {
        struct kw_tap_hit hit;
        if (!kw_tap_find((enum kw_tap_role)role, line->folded, &hit) || !is_heading(line, head, &hit))
            continue;
        words->kind = role;
        words->word = kw_tap_role_word((enum kw_tap_role)role);
    }
    struct kw_tap_hit copy;
    if (kw_tap_find(KW_TAP_COPY, line->folded, &copy) && is_heading(line, head, &copy))
        words->copy = true;
}

/* ---- date and time ---- */

static bool has_pattern(const char *text, const char *pattern)
{
    for (const char *at = text; *at; at++) {
        size_t i = 0;
        while (pattern[i] && (pattern[i] == '0' ? isdigit((unsigned char)at[i]) != 0
                              : pattern[i] == '/' ? at[i] && strchr("./-", at[i]) != NULL : at[i] == pattern[i]))
            i++;
        if (!pattern[i])
            return true;
    }
    return false;
}

int kw_words_read(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece, struct kw_arena *arena,
                  struct kw_words *words)
{
    struct kw_lines page;
    bool date = false, time = false;
    *words = (struct kw_words){ .word = "", .language = "" };
    int code = kw_lines_read(stream, piece, arena, &page);
    for (size_t i = 0; i < page.count && code == 0; i++) {
        const char *text = page.lines[i].folded;
        take_kind(&page.lines[i], i < HEAD_LINES, words);
        date = date || has_pattern(text, "0/0/00") || has_pattern(text, "00/00/00") || has_pattern(text, "0000/00/00");
        time = time || has_pattern(text, "0:00");
        code = take_total(&page, i, arena, words);
    }
    words->timed = date && time;
    return code;
}
