/* near.c - the distance of two words (Levenshtein's), and how much of it is still a slip. */
#include "base/near.h"

#include <string.h>

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

static char small(char letter)
{
    return (char)(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
}

size_t kw_distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t row[LONGEST + 1], a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST || b_length > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (small(a[i - 1]) != small(b[j - 1])));
            diagonal = above;
        }
    }
    return row[b_length];
}

bool kw_near(const char *typed, const char *known, size_t *best)
{
    size_t typed_length = strlen(typed), length = strlen(known), limit = length < 4 ? 1 : length / 3 + 1;
    size_t longer = typed_length > length ? typed_length - length : length - typed_length;
    if (longer > limit || longer >= *best)      /* a word is at least as far as it is longer or shorter */
        return false;
    size_t far = kw_distance(typed, known);
    if (far > limit || far >= *best)
        return false;
    *best = far;
    return true;
}
