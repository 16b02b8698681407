/* nearest.c - the word that was meant, for who reads words of a command line. */
#include "base/near.h"

#include <kwit/tool.h>

#include <stdint.h>

const char *kwit_nearest(const char *word, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        if (kw_near(word, words[i], &best))
            nearest = words[i];
    return nearest;
}
