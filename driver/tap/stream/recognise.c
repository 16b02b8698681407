/*
 * recognise.c - what kind of document a piece of paper is, by its words.
 *
 * A sale says what is to be paid, with an amount. Words for other kinds count where a till prints a heading: alone on
 * their line (beside "receipt no. 12 of ..."), large, framed by marks, or on a short line of the head, which ends where
 * amounts begin. "No refunds without receipt" in a footer is none of these, and "The Kitchen" is a shop.
 */
#include "tap/stream/look.h"

#include "tap/stream/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_LINES = 8, HEAD_MOST = 20, SHORT_WORDS = 4, FRAMED_WORDS = 3, SAYING_WORDS = 6 };

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
static bool counts_things(const struct kw_tap_words *rows, const char *behind)
{
    struct kw_tap_hit hit;
    behind += strspn(behind, " ");
    return *behind == '%' || (kw_tap_find(rows, KW_TAP_COUNT, behind, &hit) && hit.at == behind);
}

/* "-2.00", "2.00-", "(2.00)", "2.00 CR"; "-- 2.00 --" is a frame. */
static bool is_negative(const char *text, const char *before, const char *behind)
{
    char first = before > text ? before[-1] : ' ';
    if ((first == '-' && before - text > 1 && before[-2] == '-') || (behind[0] == '-' && behind[1] == '-'))
        return false;
    const char *next = behind + strspn(behind, " ");
    bool credit = strncmp(next, "cr", 2) == 0 && (next[2] == 0 || next[2] == ' ');
    return first == '-' || *behind == '-' || (first == '(' && *next == ')') || credit;
}

/* The last amount of the text. */
static bool find_amount(const struct kw_tap_words *rows, const char *text, struct amount *amount)
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
        if ((!letter_before || decimals) && (decimals || !counts_things(rows, at + length))) {
            const char *before = at;
            while (before > text && before[-1] == ' ')
                before--;
            bool minus = is_negative(text, before, at + length);
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
    const struct kw_tap_words *rows = kw_tap_words_new(arena);
    struct amount amount;
    *negative = false;
    if (!rows || !find_amount(rows, text, &amount))
        return NULL;
    *negative = amount.negative;
    return plain_amount(arena, &amount);
}

/* ---- the total ---- */

static bool is_bare_amount(const struct kw_tap_words *rows, const char *text, struct amount *amount)
{
    enum { CURRENCY = 4 };
    if (!find_amount(rows, text, amount))
        return false;
    size_t before = (size_t)(amount->from - text), after = strlen(amount->from + amount->length);
    return before <= CURRENCY && after <= CURRENCY;
}

/* Nothing but marks and at most the letters of a currency. */
static bool is_bare_currency(const char *text)
{
    enum { CURRENCY = 4 };
    text += strspn(text, " :.*=-");
    size_t letters = strcspn(text, " :.*=-");
    return letters <= CURRENCY && strspn(text + letters, " :.*=-") == strlen(text + letters);
}

static int take_total(const struct kw_tap_words *rows, const struct kw_lines *page, size_t i, struct kw_arena *arena,
                      struct kw_words *words)
{
    struct kw_tap_hit total, other;
    struct amount amount;
    const char *line = page->lines[i].folded;
    if (!kw_tap_find(rows, KW_TAP_TOTAL, line, &total))
        return 0;
    if (kw_tap_find(rows, KW_TAP_NOT_TOTAL, line, &other) && other.length > total.length)
        return 0;
    bool here = find_amount(rows, total.at + total.length, &amount);
    bool alone = total.at == line && is_bare_currency(line + total.length);
    bool below = !here && alone && i + 1 < page->count && is_bare_amount(rows, page->lines[i + 1].folded, &amount);
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
    return letter != 0 && strchr(" *-=<>:#.!_|/[]()+~'\",", letter) != NULL;
}

static bool is_mark(char letter)
{
    return letter != 0 && strchr("*-=<>#!_|+~", letter) != NULL;
}

/* Marks on both sides of a line make a heading of it wherever it stands. */
static bool is_framed(const char *line)
{
    size_t length = strlen(line);
    return length > 4 && is_mark(line[0]) && is_mark(line[1]) && is_mark(line[length - 1]) && is_mark(line[length - 2]);
}

/* Words with a letter, the found one as one; numbers, dates and marks are none. */
static size_t words_beside(const char *line, const struct kw_tap_hit *hit)
{
    size_t count = 1;
    for (const char *at = line; *at;) {
        if (at == hit->at) {
            at += hit->length;
            continue;
        }
        size_t length = 0, letters = 0;
        while (at[length] && at[length] != ' ' && at + length != hit->at) {
            letters += !is_decoration(at[length]) && !isdigit((unsigned char)at[length]);
            length++;
        }
        count += letters > 0;
        at += length > 0 ? length : 1;
    }
    return count;
}

/* Nothing beside the word but its like, decoration, numbers, and what such a heading says of its paper. */
static bool is_alone(const struct kw_tap_words *rows, const char *line, const struct kw_tap_hit *hit)
{
    for (const char *at = line; *at;) {
        size_t length;
        if (at == hit->at)
            at += hit->length;
        else if (is_decoration(*at) || isdigit((unsigned char)*at))
            at++;
        else if (kw_tap_begins(rows, hit->role, line, at, &length)
                 || kw_tap_begins(rows, KW_TAP_PAPER, line, at, &length))
            at += length;
        else
            return false;
    }
    return true;
}

static bool is_taken_back(const struct kw_tap_words *rows, const char *line, const struct kw_tap_hit *hit)
{
    struct kw_tap_hit other;
    if (kw_tap_find(rows, KW_TAP_NEGATION, line, &other) && other.at < hit->at)
        return true;
    return (hit->role == KW_TAP_REFUND || hit->role == KW_TAP_VOID) && kw_tap_find(rows, KW_TAP_TERMS, line, &other);
}

/* "** MERCHANT **", "[HÄNDLER]", or large: whose copy it is, and no number, colon or name beside it. */
static bool names_owner(const struct kw_tap_words *rows, const struct kw_stream_line *line)
{
    struct kw_tap_hit hit;
    const char *text = line->folded;
    size_t length = strlen(text);
    if (!kw_tap_find(rows, KW_TAP_OWNER, text, &hit) || strpbrk(text, ":0123456789") || !is_alone(rows, text, &hit))
        return false;
    return line->big || (is_decoration(text[0]) && is_decoration(text[length - 1]));
}

/* Words that shops are called by, too: they are a kind only where nothing else is said. */
static bool is_name(const struct kw_tap_hit *hit)
{
    return (hit->role == KW_TAP_KITCHEN || hit->role == KW_TAP_TRAINING) && !memchr(hit->at, ' ', hit->length);
}

/* Several words that mean one thing, wherever they stand: nobody's footer speaks of them. */
static bool is_saying(const struct kw_tap_hit *hit)
{
    switch (hit->role) {
    case KW_TAP_VOID: case KW_TAP_TRAINING: case KW_TAP_REPORT: case KW_TAP_PROFORMA:
        return memchr(hit->at, ' ', hit->length);
    default:
        return hit->role == KW_TAP_MERCHANT;
    }
}

static bool is_heading(const struct kw_tap_words *rows, const struct kw_stream_line *line, bool head,
                       const struct kw_tap_hit *hit)
{
    struct amount amount;
    if (is_taken_back(rows, line->folded, hit))
        return false;
    bool priced = find_amount(rows, hit->at + hit->length, &amount) && amount.decimals;
    bool framed = is_framed(line->folded);
    if (is_alone(rows, line->folded, hit))
        return head || line->big || framed || !priced;
    size_t words = words_beside(line->folded, hit);
    if (priced || (is_name(hit) && !framed))
        return false;
    return (is_saying(hit) && words <= SAYING_WORDS) || (framed && words <= FRAMED_WORDS)
        || ((head || line->big) && words <= SHORT_WORDS + (hit->at == line->folded));
}

/* What only such paper sums up: given back in all; sold in a day. */
static enum kw_tap_role kind_of_sum(const struct kw_tap_words *rows, const char *line)
{
    struct kw_tap_hit hit, total;
    struct amount amount;
    if (!find_amount(rows, line, &amount))
        return KW_TAP_NONE;
    if (kw_tap_find(rows, KW_TAP_REPORT_ROW, line, &hit))
        return KW_TAP_REPORT;
    bool back = amount.decimals && kw_tap_find(rows, KW_TAP_REFUND_SUM, line, &hit)
        && (!kw_tap_find(rows, KW_TAP_NOT_TOTAL, line, &total) || total.length <= hit.length);
    return back ? KW_TAP_REFUND : KW_TAP_NONE;
}

static void take_kind(const struct kw_tap_words *rows, const struct kw_stream_line *line, bool head,
                      struct kw_words *words)
{
    struct kw_tap_hit hit;
    for (enum kw_tap_role role = KW_TAP_REFUND; role <= KW_TAP_PAYOUT && !words->kind; role++)
        if (kw_tap_find(rows, role, line->folded, &hit) && is_heading(rows, line, head, &hit))
            words->kind = role;
    if (!words->kind && names_owner(rows, line))
        words->kind = KW_TAP_MERCHANT;
    if (!words->kind)
        words->kind = kind_of_sum(rows, line->folded);
    /* "Duplicate", not "customer copy". */
    if (!words->kind && kw_tap_find(rows, KW_TAP_COPY, line->folded, &hit) && is_alone(rows, line->folded, &hit))
        words->kind = KW_TAP_COPY;
    words->word = kw_tap_role_word(words->kind);
}

/* The head ends where amounts begin, which a date or a telephone may look like; never behind what is to be paid. */
static size_t head_of(const struct kw_tap_words *rows, const struct kw_lines *page)
{
    struct amount amount;
    struct kw_tap_hit total;
    size_t count = 0;
    for (bool priced = false; count < page->count && count < (priced ? HEAD_LINES : HEAD_MOST); count++) {
        const char *line = page->lines[count].folded;
        if (find_amount(rows, line, &amount) && amount.decimals && kw_tap_find(rows, KW_TAP_TOTAL, line, &total))
            break;
        priced = priced || (find_amount(rows, line, &amount) && amount.decimals);
    }
    return count;
}

/* Where most lines are large, none says more than the others. */
static void level(struct kw_lines *page)
{
    size_t big = 0;
    for (size_t i = 0; i < page->count; i++)
        big += page->lines[i].big;
    for (size_t i = 0; big * 2 > page->count && i < page->count; i++)
        page->lines[i].big = false;
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

int kw_words_read(const struct kw_tap_words *rows, struct kw_lines *page, struct kw_arena *arena,
                  struct kw_words *words)
{
    bool date = false, time = false;
    *words = (struct kw_words){ .word = "", .language = "" };
    size_t head = head_of(rows, page);
    int code = 0;
    level(page);
    for (size_t i = 0; i < page->count && code == 0; i++) {
        const char *text = page->lines[i].folded;
        take_kind(rows, &page->lines[i], i < head, words);
        date = date || has_pattern(text, "0/0/00") || has_pattern(text, "00/00/00") || has_pattern(text, "0000/00/00");
        time = time || has_pattern(text, "0:00");
        code = take_total(rows, page, i, arena, words);
    }
    words->timed = date && time;
    return code;
}
