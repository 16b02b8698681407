/*
 * recognise.c - what kind of document a piece of paper is, by its words.
 *
 * A sale says what is to be paid, with an amount. Words for other kinds count where a till prints a heading: alone on
 * their line (beside "receipt no. 12 of ..."), large, framed by marks, or on a short line of the head, which ends where
 * amounts begin. "No refunds without receipt" in a footer is none of these, and "The Kitchen" is a shop.
 */
#include "tap/stream/look.h"

#include "tap/stream/amount.h"
#include "tap/stream/sold.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_LINES = 8, HEAD_MOST = 20, SHORT_WORDS = 4, FRAMED_WORDS = 3, SAYING_WORDS = 6 };

/* ---- the total ---- */

static bool is_bare_amount(const struct kw_tap_words *rows, const char *text, struct kw_amount *amount)
{
    enum { CURRENCY = 4 };
    if (!kw_amount_find(rows, text, amount))
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

static bool is_decoration(char letter)
{
    return letter != 0 && strchr(" *-=<>:#.!_|/[]()+~'\",", letter) != NULL;
}

/*
 * How sure a line says what is to be paid: in the shop's money rather than another, with decimals rather than without,
 * its word in front rather than behind others ("you saved a total of 2.00"), and no means of payment beside it ("total
 * tendered").
 */
static unsigned weight_of(const struct kw_tap_words *rows, const char *line, const struct kw_tap_hit *total,
                          const struct kw_amount *amount)
{
    struct kw_tap_hit tender;
    const char *front = line;
    while (front < total->at && (is_decoration(*front) || isdigit((unsigned char)*front)))
        front++;
    return 8u * !amount->foreign + 4u * amount->decimals + 2u * (front == total->at)
        + !kw_tap_find(rows, KW_TAP_TENDER, line, &tender);
}

/* "total rp6500": letters of a currency, without decimals. */
static bool is_glued(const struct kw_tap_words *rows, const char *text, struct kw_amount *amount)
{
    static const char signs[] = " r rp rs rm kr ksh tsh ush p l q ";
    char sign[8] = " ";
    text += strspn(text, " :.*=-");
    size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    if (letters == 0 || letters > 3 || !isdigit((unsigned char)text[letters]))
        return false;
    memcpy(sign + 1, text, letters);
    sign[letters + 1] = ' ';
    return strstr(signs, sign) && kw_amount_find(rows, text + letters, amount);
}

static int take_total(const struct kw_tap_words *rows, const struct kw_lines *page, size_t i, struct kw_arena *arena,
                      struct kw_words *words, unsigned *best)
{
    struct kw_tap_hit total, other;
    struct kw_amount amount;
    const char *line = page->lines[i].folded;
    if (!kw_tap_find(rows, KW_TAP_TOTAL, line, &total))
        return 0;
    if (kw_tap_find(rows, KW_TAP_NOT_TOTAL, line, &other) && other.length > total.length)
        return 0;
    bool here = kw_amount_find(rows, total.at + total.length, &amount)
        || is_glued(rows, total.at + total.length, &amount);
    bool alone = total.at == line && is_bare_currency(line + total.length);
    bool below = !here && alone && i + 1 < page->count && is_bare_amount(rows, page->lines[i + 1].folded, &amount);
    unsigned weight = here || below ? weight_of(rows, line, &total, &amount) : 0;
    if ((!here && !below) || weight < *best)
        return 0;
    *best = weight;
    words->total = kw_amount_plain(arena, &amount);
    words->language = total.language;
    words->negative = words->negative || amount.negative;
    return words->total ? 0 : KWIT_E_NO_MEMORY;
}

/* ---- the kind ---- */

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

/* Words that shops and goods are called by, too: they are a kind only where nothing else is said. */
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
    struct kw_amount amount;
    if (is_taken_back(rows, line->folded, hit))
        return false;
    bool priced = kw_amount_find(rows, hit->at + hit->length, &amount) && amount.decimals;
    bool framed = is_framed(line->folded);
    if (is_alone(rows, line->folded, hit))
        return (head && !is_name(hit)) || line->big || framed || !priced;
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
    struct kw_amount amount;
    if (!kw_amount_find(rows, line, &amount))
        return KW_TAP_NONE;
    if (kw_tap_find(rows, KW_TAP_REPORT_ROW, line, &hit))
        return KW_TAP_REPORT;
    bool back = amount.decimals && kw_tap_find(rows, KW_TAP_REFUND_SUM, line, &hit)
        && (!kw_tap_find(rows, KW_TAP_NOT_TOTAL, line, &total) || total.length <= hit.length);
    return back ? KW_TAP_REFUND : KW_TAP_NONE;
}

/* Whether somebody pays for what stands above the total: then less for what is taken back there. */
static bool is_bought(const struct kw_tap_words *rows, const struct kw_lines *page, size_t total_line,
                      const struct kw_words *words)
{
    if (!words->total || words->negative || strspn(words->total, "0.") == strlen(words->total))
        return false;
    for (size_t i = 0; i < total_line; i++)
        if (kw_is_bought(rows, page->lines[i].folded, strchr(words->total, '.')))
            return true;
    return false;
}

/*
 * "Void", and "cake -8.50" below it or beside it: an item that was typed wrongly, brought back for another, or a bottle's
 * deposit. A heading is large or between marks, or has another line below it.
 */
static bool is_item_back(const struct kw_tap_words *rows, const struct kw_lines *page, size_t i, size_t total_line,
                         bool decimals)
{
    enum { LINES = 3 };
    bool back = false, bought = false;
    if (page->lines[i].big || is_framed(page->lines[i].folded))
        return false;
    for (size_t at = i; at < total_line && at < i + LINES && !back && !bought; at++) {
        back = kw_is_taken_back(rows, page->lines[at].folded, decimals);
        bought = kw_is_bought(rows, page->lines[at].folded, decimals);
    }
    return back;
}

/* Kinds whose words are also said of one item. */
static bool is_of_item(enum kw_tap_role role)
{
    return role == KW_TAP_REFUND || role == KW_TAP_VOID || role == KW_TAP_PAYOUT;
}

/* "2 x 0.20", "1 @ Rp 15.000": what the line above costs. */
static bool is_quantity(const char *line)
{
    const char *behind = line + strspn(line, "0123456789.,");
    behind += strspn(behind, " ");
    return behind > line && *behind && strchr("x@*", *behind);
}

/* A price beside it or below it, above the total: "kopi 15.000" is coffee. Numbers of copies have no marks in them. */
static bool is_priced(const struct kw_tap_words *rows, const struct kw_lines *page, size_t i, size_t total_line)
{
    for (size_t at = i; at < total_line && at <= i + 1; at++) {
        const char *line = page->lines[at].folded;
        struct kw_amount amount;
        if ((at == i || is_quantity(line)) && kw_amount_find(rows, line, &amount)
            && strcspn(amount.from, ".,'") < amount.length && kw_is_bought(rows, line, false))
            return true;
    }
    return false;
}

static void take_kind(const struct kw_tap_words *rows, const struct kw_lines *page, size_t i, bool head,
                      size_t total_line, struct kw_words *words)
{
    const struct kw_stream_line *line = &page->lines[i];
    struct kw_tap_hit hit;
    for (enum kw_tap_role role = KW_TAP_REFUND; role <= KW_TAP_PAYOUT && !words->kind; role++)
        if (kw_tap_find(rows, role, line->folded, &hit) && is_heading(rows, line, head, &hit)
            && !(is_of_item(role) && is_bought(rows, page, total_line, words)
                 && is_item_back(rows, page, i, total_line, strchr(words->total, '.'))))
            words->kind = role;
    if (!words->kind && names_owner(rows, line))
        words->kind = KW_TAP_MERCHANT;
    if (!words->kind)
        words->kind = kind_of_sum(rows, line->folded);
    /* "Duplicate", not "customer copy". */
    if (!words->kind && kw_tap_find(rows, KW_TAP_COPY, line->folded, &hit) && is_alone(rows, line->folded, &hit)
        && !is_priced(rows, page, i, total_line))
        words->kind = KW_TAP_COPY;
    words->word = kw_tap_role_word(words->kind);
}

/* The head ends where amounts begin, which a date or a telephone may look like; never behind what is to be paid. */
static size_t head_of(const struct kw_tap_words *rows, const struct kw_lines *page)
{
    struct kw_amount amount;
    struct kw_tap_hit total;
    size_t count = 0;
    for (bool priced = false; count < page->count && count < (priced ? HEAD_LINES : HEAD_MOST); count++) {
        const char *line = page->lines[count].folded;
        if (kw_amount_find(rows, line, &amount) && amount.decimals && kw_tap_find(rows, KW_TAP_TOTAL, line, &total))
            break;
        priced = priced || (kw_amount_find(rows, line, &amount) && amount.decimals);
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
    size_t first = page->count;
    unsigned best = 0;
    *words = (struct kw_words){ .word = "", .language = "" };
    size_t head = head_of(rows, page);
    int code = 0;
    level(page);
    for (size_t i = 0; i < page->count && code == 0; i++) {
        const char *text = page->lines[i].folded;
        date = date || has_pattern(text, "0/0/00") || has_pattern(text, "00/00/00") || has_pattern(text, "0000/00/00");
        time = time || has_pattern(text, "0:00");
        code = take_total(rows, page, i, arena, words, &best);
        first = words->total && i < first ? i : first;
    }
    for (size_t i = 0; i < page->count; i++)
        take_kind(rows, page, i, i < head, first, words);
    words->timed = date && time;
    words->unsold = words->total && !kw_sold(rows, page, first, words->total, arena);
    if (!words->kind && kw_is_signed(rows, page))
        words->kind = KW_TAP_MERCHANT;
    words->word = kw_tap_role_word(words->kind);
    return code;
}
