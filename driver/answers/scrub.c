/*
 * scrub.c - comments without what leads to a person. Digits, blanks and dashes of any script are read as one; dates,
 * hours, years and prices stay. What is no sign but a word (a name, a street) is not found.
 */
#include "answers/values.h"

#include "base/fold.h"

#include <stdint.h>
#include <string.h>

enum { PHONE_DIGITS = 7, SINGLE_DIGITS = 9, LONGEST_PHONE = 15, GROUPS = 24, HANDLE_LETTERS = 3 };

/* A place in the text, and the sign that stands there. */
struct cursor { const char *text; size_t length, at, next; uint32_t sign; };

static struct cursor look(const char *text, size_t length, size_t at)
{
    struct cursor cursor = { text, length, at, at, 0 };
    cursor.sign = kw_fold_next(text, length, &cursor.next);
    return cursor;
}

static void step(struct cursor *cursor)
{
    *cursor = look(cursor->text, cursor->length, cursor->next);
}

static bool is_digit(uint32_t sign)
{
    return sign >= '0' && sign <= '9';
}

static bool is_letter(uint32_t sign)
{
    return (sign >= 'a' && sign <= 'z') || sign >= 0xC0;
}

static bool is_any(uint32_t sign, const char *list)
{
    return sign > 0 && sign < 0x80 && strchr(list, (int)sign);
}

static bool is_word(uint32_t sign)
{
    return is_letter(sign) || is_digit(sign) || sign == '_';
}

static void skip(struct cursor *cursor, const char *list)
{
    while (is_any(cursor->sign, list))
        step(cursor);
}

/* Moves behind the first of the words parted by `|` that stands here whole; false: none does. */
static bool take_word(struct cursor *cursor, const char *words)
{
    while (*words) {
        const size_t length = strcspn(words, "|");
        struct cursor at = *cursor;
        size_t read = 0;
        bool same = true;
        while (same && read < length) {
            same = at.sign != 0 && at.sign == kw_fold_next(words, length, &read);
            if (same)
                step(&at);
        }
        if (same && !is_letter(at.sign)) {
            *cursor = at;
            return true;
        }
        words += length + (words[length] == '|');
    }
    return false;
}

/* ---- addresses ---------------------------------------------------------------------------------------------- */

/* The sign itself, `(at)`, or a word for it that means nothing else before a domain. */
static bool take_at(struct cursor *cursor)
{
    const bool apart = cursor->sign == ' ';
    skip(cursor, " ");
    if (is_any(cursor->sign, "([{<")) {
        step(cursor);
        skip(cursor, " ");
        if (!take_word(cursor, "at|@|a|małpa|собака|arobase"))
            return false;
        skip(cursor, " ");
        if (!is_any(cursor->sign, ")]}>"))
            return false;
        step(cursor);
    } else if (is_any(cursor->sign, "@")) {
        step(cursor);
        if (apart && cursor->sign != ' ')       /* behind a word: somebody's page */
            return false;
    } else if (!take_word(cursor, "małpa|malpa|собака|arobase"))
        return false;
    skip(cursor, " ");
    return true;
}

/* `.`, `(dot)`, ` dot ` and the like. */
static bool take_dot(struct cursor *cursor)
{
    struct cursor at = *cursor;
    if (is_any(at.sign, ".")) {
        step(cursor);
        return true;
    }
    skip(&at, " ([{");
    if (!take_word(&at, "dot|kropka|точка|punkt"))
        return false;
    skip(&at, " )]}");
    *cursor = at;
    return true;
}

static bool take_label(struct cursor *cursor)
{
    const size_t from = cursor->at;
    while (is_word(cursor->sign) || is_any(cursor->sign, "-"))
        step(cursor);
    return cursor->at > from;
}

/* Where an address of mail that begins here ends; 0: none does. */
static size_t mail_end(struct cursor cursor)
{
    size_t end = 0;
    while (is_word(cursor.sign) || is_any(cursor.sign, ".%+-"))
        step(&cursor);
    if (!take_at(&cursor) || !take_label(&cursor))
        return 0;
    while (take_dot(&cursor) && take_label(&cursor))
        end = cursor.at;
    if (end == 0 && take_word(&cursor, ",com|,net|,org|,eu|,uk|,de|,fr|,pl|,ru|,ir"))     /* a slip of the finger */
        end = cursor.at;
    return end;
}

/* `@anna_shop` */
static size_t handle_end(struct cursor cursor)
{
    size_t letters = 0, end;
    if (!is_any(cursor.sign, "@"))
        return 0;
    step(&cursor);
    if (!is_letter(cursor.sign))
        return 0;
    do {
        letters++;
        step(&cursor);
        end = cursor.at;
        while (is_any(cursor.sign, "."))
            step(&cursor);
    } while (is_word(cursor.sign));
    return letters >= HANDLE_LETTERS ? end : 0;
}

/* The page of a person, where people have pages. */
static size_t page_end(struct cursor cursor)
{
    static const char *const hosts[] = { "instagram.com/", "facebook.com/", "fb.com/", "t.me/", "wa.me/", "vk.com/",
                                         "tiktok.com/", "linkedin.com/in/", "x.com/", "twitter.com/" };
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct cursor at = cursor;
        const char *host = hosts[i];
        while (*host && at.sign == (uint32_t)*host) {
            step(&at);
            host++;
        }
        size_t end = 0;
        while (*host == 0 && (is_word(at.sign) || is_any(at.sign, "@+-."))) {
            const bool last = !is_any(at.sign, ".");
            step(&at);
            end = last ? at.at : end;
        }
        if (end > 0)
            return end;
    }
    return 0;
}

/* An account number of ISO 13616 with true check digits, in whatever groups. */
static size_t account_end(struct cursor cursor)
{
    enum { LEAST = 15, MOST = 34, HEAD = 4 };
    unsigned value[MOST], count = 0;
    size_t end = 0;
    while (count < MOST && (is_digit(cursor.sign) || (cursor.sign >= 'a' && cursor.sign <= 'z'))) {
        value[count++] = is_digit(cursor.sign) ? cursor.sign - '0' : cursor.sign - 'a' + 10;
        if (count <= HEAD && (count <= 2) != (value[count - 1] >= 10))
            return 0;
        step(&cursor);
        unsigned rest = 0;
        for (unsigned i = 0; count >= LEAST && i < count; i++) {
            unsigned v = value[(i + HEAD) % count];
            rest = (rest * (v >= 10 ? 100 : 10) + v) % 97;
        }
        end = rest == 1 && !is_word(cursor.sign) ? cursor.at : end;
        if (is_any(cursor.sign, " -"))
            step(&cursor);
    }
    return end;
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* Digits that stand together, and the first sign behind them. */
struct group { size_t begin, end, digits; unsigned value; uint32_t behind; };
struct number { struct group group[GROUPS]; size_t count; bool plus; uint32_t before; };

/* Whether what parts two groups may stand inside a telephone number: a few signs, and no end of a sentence. */
static bool take_part(struct cursor *cursor)
{
    enum { MOST = 3 };
    int signs = 0;
    bool dot = false;
    while (is_any(cursor->sign, " -()./") && signs++ < MOST) {
        if (dot && cursor->sign == ' ')
            return false;
        dot = cursor->sign == '.';
        step(cursor);
    }
    return is_digit(cursor->sign);
}

static struct cursor read_number(struct cursor cursor, struct number *number)
{
    *number = (struct number){ .plus = is_any(cursor.sign, "+") };
    struct cursor end = cursor;
    skip(&cursor, "+(");
    while (is_digit(cursor.sign) && number->count < GROUPS) {
        struct group *group = &number->group[number->count++];
        *group = (struct group){ .begin = cursor.at };
        while (is_digit(cursor.sign)) {
            group->value = group->value < 100000000 ? group->value * 10 + (unsigned)(cursor.sign - '0') : group->value;
            group->digits++;
            group->end = cursor.next;
            step(&cursor);
        }
        group->behind = cursor.sign;
        end = cursor;
        if (!take_part(&cursor))
            break;
    }
    return end;
}

static bool is_day(const struct group *day, const struct group *month)
{
    return day->digits <= 2 && month->digits <= 2 && day->value >= 1 && day->value <= 31 && month->value >= 1
           && month->value <= 12;
}

static bool is_year(const struct group *year)
{
    return year->digits == 4 && ((year->value >= 1900 && year->value < 2100)
                                 || (year->value >= 1300 && year->value < 1500));
}

/* How many groups from here on are a date, an hour, a year or a share; 0: none. */
static size_t plain_groups(const struct group *at, size_t left)
{
    const uint32_t part = at->behind;
    if (left >= 3 && at[1].behind == part && part != '(' && part != ')') {
        bool short_year = at[2].digits == 2 && part != ' ' && part != '-' && (left == 3 || at[2].behind != part);
        if ((is_day(at, at + 1) || is_day(at + 1, at)) && (is_year(at + 2) || short_year))
            return 3;
        if (is_year(at) && is_day(at + 2, at + 1))
            return 3;
    }
    if (at->digits == 8 && ((at->value / 10000 >= 1990 && at->value / 10000 < 2100 && at->value / 100 % 100 <= 12
                             && at->value / 100 % 100 >= 1 && at->value % 100 <= 31 && at->value % 100 >= 1)))
        return 1;
    if (left >= 4 && part == '.' && at[1].behind == '-' && at[2].behind == '.' && at->digits <= 2 && at->value <= 24
        && at[1].digits == 2 && at[2].digits <= 2 && at[2].value <= 24 && at[3].digits == 2)
        return 4;                                       /* 8.00-20.00, 12.11-15.11 */
    if (left >= 2 && part == '/' && at->digits <= 2 && at[1].digits <= 2)
        return 2;
    return is_year(at) && (left == 1 || part != ' ') && (left == 1 || is_year(at + 1)) ? 1 : at->behind == ':' ? 1 : 0;
}

/* 1 234 567, 1.234.567, or one group: how sums are written. */
static bool is_sum(const struct number *number, size_t from, size_t count)
{
    const struct group *group = &number->group[from];
    bool sum = count == 1 || group->digits <= 3;
    for (size_t i = 1; i < count; i++)
        sum = sum && group[i].digits == 3 && (i + 1 == count || group[i].behind == group->behind);
    return sum && group->behind != '-' && group->behind != '/';
}

static bool is_money(struct cursor behind, uint32_t before)
{
    static const char words[] = "zł|zl|pln|eur|euro|usd|gbp|руб|р|rub|грн|kč|czk|₽|€|£|$|﷼|₴|تومان|ریال|تومن|"
                                "rial|rials|toman|tomans|zlotych|złotych|рублей|dollars|euros|pounds|francs|chf";
    if (before == 0x20AC || before == '$' || before == 0xA3 || before == 0x20BD)
        return true;
    if (is_any(behind.sign, ",."))
        for (step(&behind); is_digit(behind.sign);)
            step(&behind);
    skip(&behind, " ");
    return take_word(&behind, words);
}

static bool is_telephone(const struct number *number, size_t from, size_t count, size_t *digits)
{
    size_t singles = 0;
    *digits = 0;
    for (size_t i = from; i < from + count; i++) {
        *digits += number->group[i].digits;
        singles += number->group[i].digits == 1;
    }
    return *digits >= (count > 1 && singles == count ? SINGLE_DIGITS : PHONE_DIGITS);
}

/* The first telephone number among the groups: which ones it takes, 0: there is none. */
static size_t find_telephone(const struct number *number, struct cursor behind, uint32_t before, size_t *from,
                             size_t *digits)
{
    for (size_t i = 0; i < number->count;) {
        size_t plain = number->plus ? 0 : plain_groups(&number->group[i], number->count - i), count = 0;
        if (plain > 0) {
            i += plain;
            continue;
        }
        while (i + count < number->count
               && (number->plus || count == 0
                   || plain_groups(&number->group[i + count], number->count - i - count) < 3))
            count++;
        bool last = i + count == number->count, money = last && !number->plus && is_sum(number, i, count)
            && is_money(behind, i == 0 ? before : 0);
        *from = i;
        if (!money && is_telephone(number, i, count, digits))
            return count;
        i += count;
    }
    return 0;
}

/* ---- the text ----------------------------------------------------------------------------------------------- */

static size_t replace(char *text, size_t begin, size_t end, const char *with)
{
    const size_t size = strlen(with);
    if (end - begin < size)
        return end;
    memcpy(text + begin, with, size);
    memmove(text + begin + size, text + end, strlen(text + end) + 1);
    return begin + size;
}

/* Behind the number that begins here, which is gone where somebody could call it. */
static size_t scrub_number(char *text, struct cursor cursor, uint32_t before)
{
    struct number number;
    size_t from, digits;
    const struct cursor behind = read_number(cursor, &number);
    if (number.count == 0)
        return cursor.next;
    const size_t count = find_telephone(&number, behind, before, &from, &digits);
    if (count == 0)
        return behind.at;
    size_t begin = number.group[from].begin;
    const size_t end = number.group[from + count - 1].end;
    const bool closed = count > 1 && number.group[0].behind == ')';
    if (from == 0 && (number.plus || (is_any(cursor.sign, "(") && closed)))
        begin = cursor.at;
    return replace(text, begin, end, digits > LONGEST_PHONE ? "[number]" : "[tel]");
}

static size_t scrub_word(char *text, struct cursor cursor)
{
    size_t end = account_end(cursor);
    if (end > 0)
        return replace(text, cursor.at, end, "[iban]");
    end = mail_end(cursor);
    if (end == 0)
        end = handle_end(cursor);
    if (end == 0)
        end = page_end(cursor);
    return end > 0 ? replace(text, cursor.at, end, "[@]") : 0;
}

void kw_value_scrub(char *text)
{
    uint32_t before = 0, blank = 0;
    for (size_t at = 0; text[at];) {
        struct cursor cursor = look(text, strlen(text), at);
        const bool begins = !is_word(before) && !is_any(before, ".%+-");
        size_t next = begins && cursor.sign ? scrub_word(text, cursor) : 0;
        const uint32_t second = look(text, strlen(text), cursor.next).sign;
        const bool number = is_digit(cursor.sign) || (is_any(cursor.sign, "+(") && is_digit(second))
            || (is_any(cursor.sign, "+") && is_any(second, "("));
        if (next == 0 && !is_letter(before) && number)
            next = scrub_number(text, cursor, before == ' ' ? blank : before);
        else if (next == 0)
            next = cursor.next;
        blank = cursor.sign == ' ' ? before : 0;
        before = next == cursor.next ? cursor.sign : ']';
        at = next;
    }
}
