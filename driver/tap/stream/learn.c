/* learn.c - what stands before a number on every receipt names the line; what stands in it says which number it is. */
#include "tap/stream/learn.h"

#include "tap/stream/card.h"
#include "tap/stream/patterns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 64, DIGITS_MOST = 18, PART = 10, MISSED = 1 /* of ten receipts one may be without it */ };

/* A number in a line and the words before it. */
struct spot { const char *line; size_t words, from, length; bool amount; };

/* ---- numbers in lines ------------------------------------------------------------------------------------------- */

static bool is_letter(char byte)
{
    return isalpha((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

/* Digits with nothing between them that would make them a date, a time or a part of a word. */
static bool is_number(const char *line, size_t from, size_t length)
{
    char before = from > 0 ? line[from - 1] : ' ', after = line[from + length];
    return !is_letter(after) && !strchr(":/.,%-", after ? after : ' ') && !strchr(":/.,", before)
        && length <= DIGITS_MOST && !kw_card_is_one(line + from, length);
}

/* "12.50" and "1,234.50" */
static size_t amount_at(const char *text)
{
    size_t length = strspn(text, "0123456789.,"), digits = 0;
    while (digits < length && isdigit((unsigned char)text[length - 1 - digits]))
        digits++;
    return digits == 2 && length > 3 && strchr(".,", text[length - 3]) && isdigit((unsigned char)text[0]) ? length : 0;
}

/* The next number behind `at`; false: there is none. */
static bool next_spot(const char *line, size_t at, bool amounts, struct spot *spot)
{
    for (; line[at]; at++) {
        if (!isdigit((unsigned char)line[at]) || (at > 0 && isdigit((unsigned char)line[at - 1])))
            continue;
        size_t length = amounts ? amount_at(line + at) : strspn(line + at, "0123456789");
        if (length == 0 || (!amounts && !is_number(line, at, length)))
            continue;
        size_t words = at;
        while (words > 0 && line[words - 1] == ' ')
            words--;
        *spot = (struct spot){ line, words, at, length, amounts };
        return true;
    }
    return false;
}

static bool has_words(const struct spot *spot)
{
    size_t letters = 0;
    for (size_t i = 0; i < spot->words; i++) {
        if (isdigit((unsigned char)spot->line[i]))
            return false;
        letters += is_letter(spot->line[i]);
    }
    return letters >= 2 && spot->words <= WORDS_MOST;
}

static bool same_words(const struct spot *a, const struct spot *b)
{
    return a->words == b->words && strncmp(a->line, b->line, a->words) == 0;
}

/* The spot of this receipt with the same words; false: none, or several with other numbers. */
static bool find_same(const struct kw_learn_job *job, const struct spot *wanted, struct spot *found)
{
    size_t count = 0;
    for (size_t i = 0; i < job->count; i++) {
        struct spot spot;
        if (next_spot(job->lines[i], 0, wanted->amount, &spot) && same_words(&spot, wanted))
            *found = spot, count++;
    }
    return count == 1;
}

/* ---- the number ------------------------------------------------------------------------------------------------- */

static bool is_enough(size_t found, size_t count)
{
    return found >= KW_LEARN_LEAST && found * PART >= count * (PART - MISSED);
}

/* On how many receipts it stands; 0: it is the same twice, or becomes less more often than that a day begins anew. */
static size_t count_growing(const struct kw_learn_job *jobs, size_t count, const struct spot *wanted,
                            struct spot *first, struct spot *last)
{
    size_t found = 0, fallen = 0;
    unsigned long long before = 0;
    for (size_t i = 0; i < count; i++) {
        struct spot spot;
        if (!find_same(&jobs[i], wanted, &spot))
            continue;
        unsigned long long now = strtoull(spot.line + spot.from, NULL, 10);
        if (found > 0 && now == before)
            return 0;
        fallen += found > 0 && now < before;
        *first = found++ == 0 ? spot : *first;
        *last = spot;
        before = now;
    }
    return fallen * PART <= found ? found : 0;
}

/* The words as an expression that means just them. */
static const char *quote(const struct spot *spot, const char *group, struct kw_arena *arena)
{
    char text[2 * WORDS_MOST + 1];
    size_t length = 0;
    for (size_t i = 0; i < spot->words; i++) {
        if (strchr("\\^$.[]|()?*+{}", spot->line[i]))
            text[length++] = '\\';
        text[length++] = spot->line[i];
    }
    text[length] = 0;
    return kw_arena_format(arena, "%s *%s", text, group);
}

static int tell(const struct spot *first, const struct spot *last, size_t found, const char *group,
                struct kw_arena *arena, struct kw_learnt *learnt)
{
    learnt->found = found;
    learnt->pattern = quote(first, group, arena);
    learnt->first = kw_arena_copy(arena, first->line + first->from, first->length);
    learnt->last = kw_arena_copy(arena, last->line + last->from, last->length);
    return learnt->pattern && learnt->first && learnt->last ? 0 : KWIT_E_NO_MEMORY;
}

int kw_learn_number(const struct kw_learn_job *jobs, size_t count, struct kw_arena *arena, struct kw_learnt *learnt)
{
    struct spot spot, first, last, best_first, best_last;
    size_t best = 0;
    *learnt = (struct kw_learnt){ .pattern = NULL };
    for (size_t i = 0; count > 0 && i < jobs[0].count; i++) {
        if (!next_spot(jobs[0].lines[i], 0, false, &spot) || !has_words(&spot))
            continue;
        size_t found = count_growing(jobs, count, &spot, &first, &last);
        if (found > best && is_enough(found, count))
            best = found, best_first = first, best_last = last;
    }
    return best ? tell(&best_first, &best_last, best, "([0-9]+)", arena, learnt) : 0;
}

/* ---- the total -------------------------------------------------------------------------------------------------- */

static double value_of(const struct spot *spot)
{
    double value = 0;
    for (size_t i = 0; i < spot->length; i++)
        if (isdigit((unsigned char)spot->line[spot->from + i]))
            value = value * 10 + (spot->line[spot->from + i] - '0');
    return value;
}

static bool is_largest(const struct kw_learn_job *job, const struct spot *wanted)
{
    struct spot spot;
    for (size_t i = 0; i < job->count; i++)
        for (size_t at = 0; next_spot(job->lines[i], at, true, &spot); at = spot.from + spot.length)
            if (value_of(&spot) > value_of(wanted))
                return false;
    return true;
}

static size_t count_largest(const struct kw_learn_job *jobs, size_t count, const struct spot *wanted,
                            struct spot *first, struct spot *last)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct spot spot;
        if (!find_same(&jobs[i], wanted, &spot) || !is_largest(&jobs[i], &spot))
            continue;
        *first = found++ == 0 ? spot : *first;
        *last = spot;
    }
    return found;
}

int kw_learn_total(const struct kw_learn_job *jobs, size_t count, struct kw_arena *arena, struct kw_learnt *learnt)
{
    struct spot spot, first, last, best_first, best_last;
    size_t best = 0;
    *learnt = (struct kw_learnt){ .pattern = NULL };
    for (size_t i = 0; count > 0 && i < jobs[0].count; i++) {
        if (!next_spot(jobs[0].lines[i], 0, true, &spot) || !has_words(&spot))
            continue;
        size_t found = count_largest(jobs, count, &spot, &first, &last);
        if (found > best && is_enough(found, count))
            best = found, best_first = first, best_last = last;
    }
    return best ? tell(&best_first, &best_last, best, "([0-9.,]+)", arena, learnt) : 0;
}
