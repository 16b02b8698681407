/* near.h - which of the known words was probably meant by one that is not among them. */
#ifndef KW_BASE_NEAR_H
#define KW_BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/* How many letters to add, drop or change from one word to the other; words beyond 31 letters are far from any.
   Capitals are as small letters. */
size_t kw_distance(const char *a, const char *b);
/* Whether `typed` is near enough to be a slip for `known`, and nearer than *best, which begins at SIZE_MAX. */
bool kw_near(const char *typed, const char *known, size_t *best);

#endif
