/* sold.c - goods and their prices, how they were paid, and blanks to be filled in. */
#include "tap/stream/sold.h"

#include "tap/stream/amount.h"

#include <ctype.h>
#include <string.h>

enum { BLANK = 6 /* marks in a row that are a line to write on */, MASKED = 4, CARD_DIGITS = 4 };

/* ---- what is only a label ---- */

/* The longest word of the kinds that say what a sum is, not what it is for. */
static size_t label_at(const struct kw_tap_words *rows, const char *line, const char *at)
{
    static const enum kw_tap_role labels[] = { KW_TAP_LABEL, KW_TAP_TENDER, KW_TAP_CHANGE, KW_TAP_TOTAL,
                                               KW_TAP_NOT_TOTAL, KW_TAP_REPORT_ROW, KW_TAP_REFUND_SUM, KW_TAP_PAPER };
    size_t longest = 0, length;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (kw_tap_begins(rows, labels[i], line, at, &length) && length > longest)
            longest = length;
    return longest;
}

static bool is_letter(char letter)
{
    return isalpha((unsigned char)letter) || (unsigned char)letter >= 0x80;
}

/* Labels, numbers and marks from end to end; no word at all, and "2 x 1.00", is none of these. */
static bool is_label(const struct kw_tap_words *rows, const char *line)
{
    bool any = false;
    for (const char *at = line; *at;) {
        size_t length = label_at(rows, line, at);
        if (length == 0 && is_letter(*at))
            return false;
        any = any || length > 1;
        at += length > 0 ? length : 1;
    }
    return any;
}

/* ---- cards ---- */

/* "************4412": the number of a card, as it may be printed. */
static bool shows_card(const char *line)
{
    for (const char *at = line; *at; at++) {
        size_t masked = strspn(at, "*"), digits;
        if (masked < MASKED)
            continue;
        digits = strspn(at + masked, "0123456789");
        if (digits == CARD_DIGITS && !isdigit((unsigned char)at[masked + digits]))
            return true;
        at += masked - 1;
    }
    return false;
}

static bool says(const struct kw_tap_words *rows, enum kw_tap_role role, const struct kw_lines *page)
{
    struct kw_tap_hit hit;
    for (size_t i = 0; i < page->count; i++)
        if (kw_tap_find(rows, role, page->lines[i].folded, &hit))
            return true;
    return false;
}

/* ---- goods ---- */

/* "30.11.26", "2026-11-30": what stands beside it is a time or a number. */
static bool has_date(const char *line)
{
    for (const char *at = line; *at; at++) {
        size_t first = strspn(at, "0123456789"), second = first > 0 && strchr("./-", at[first]) && at[first]
            ? strspn(at + first + 1, "0123456789") : 0;
        const char *behind = at + first + 1 + second;
        if (second > 0 && second <= 2 && *behind == at[first] && isdigit((unsigned char)behind[1]))
            return true;
        at += first > 1 ? first - 1 : 0;
    }
    return false;
}

static bool is_priced(const struct kw_tap_words *rows, const char *line, bool decimals)
{
    struct kw_amount amount;
    return kw_amount_find(rows, line, &amount) && (amount.decimals || !decimals) && !has_date(line);
}

/* Whether one means of payment has just the total, or somebody got change. */
static bool is_paid(const struct kw_tap_words *rows, const struct kw_lines *page, const char *total,
                    struct kw_arena *arena)
{
    struct kw_tap_hit hit;
    struct kw_amount amount;
    size_t tenders = 0, alike = 0, change = 0;
    for (size_t i = 0; i < page->count; i++) {
        const char *line = page->lines[i].folded;
        if (shows_card(line))
            return false;
        if (!kw_amount_find(rows, line, &amount))
            continue;
        change += kw_tap_find(rows, KW_TAP_CHANGE, line, &hit);
        if (!kw_tap_find(rows, KW_TAP_TENDER, line, &hit) || kw_tap_find(rows, KW_TAP_TOTAL, line, &hit))
            continue;
        const char *plain = kw_amount_plain(arena, &amount);
        tenders++;
        alike += plain && strcmp(plain, total) == 0;
    }
    return change > 0 || (tenders == 1 && alike == 1);
}

bool kw_is_bought(const struct kw_tap_words *rows, const char *line, bool decimals)
{
    struct kw_amount amount;
    return is_priced(rows, line, decimals) && kw_amount_find(rows, line, &amount) && !amount.negative
        && !is_label(rows, line);
}

/* "-2.00", "2.00-" or " -500", not "R-77". */
bool kw_is_taken_back(const struct kw_tap_words *rows, const char *line, bool decimals)
{
    struct kw_amount amount;
    if (!is_priced(rows, line, decimals) || !kw_amount_find(rows, line, &amount) || !amount.negative)
        return false;
    return amount.decimals || amount.from < line + 2 || amount.from[-2] == ' ';
}

bool kw_sold(const struct kw_tap_words *rows, const struct kw_lines *page, size_t total_line, const char *total,
             struct kw_arena *arena)
{
    bool decimals = strchr(total, '.'), labels = false;
    for (size_t i = 0; i < page->count; i++) {
        const char *line = page->lines[i].folded;
        bool priced = i != total_line && is_priced(rows, line, decimals), label = priced && is_label(rows, line);
        if (priced && !label && i < total_line)
            return true;
        labels = labels || label || shows_card(line);
    }
    return !labels || says(rows, KW_TAP_CUSTOMERS, page) || is_paid(rows, page, total, arena);
}

/* ---- blanks ---- */

/* A line to write on, with nothing printed behind it. */
static const char *find_blank(const char *line)
{
    for (const char *at = line; *at; at++) {
        size_t length = strspn(at, "_");
        length = length > 0 ? length : strspn(at, ".");
        if (length >= BLANK && strspn(at + length, " ._|") == strlen(at + length))
            return at;
        at += length > 1 ? length - 1 : 0;
    }
    return NULL;
}

/* Nothing but the blank, or an X where the name goes. */
static bool is_blank(const char *line)
{
    const char *blank = find_blank(line);
    return blank && strspn(line, "x: ") >= (size_t)(blank - line);
}

bool kw_is_signed(const struct kw_tap_words *rows, const struct kw_lines *page)
{
    for (size_t i = 0; i < page->count; i++) {
        struct kw_tap_hit hit;
        const char *line = page->lines[i].folded, *blank = find_blank(line);
        if (!kw_tap_find(rows, KW_TAP_BY_HAND, line, &hit))
            continue;
        bool beside = blank && blank > hit.at;
        bool alone = is_label(rows, line) || strlen(line) <= hit.length + 2;
        bool below = alone && i + 1 < page->count && is_blank(page->lines[i + 1].folded);
        bool above = alone && i > 0 && is_blank(page->lines[i - 1].folded);
        if ((beside || below || above) && !says(rows, KW_TAP_CUSTOMERS, page))
            return true;
    }
    return false;
}
