/* patterns.h - extended regular expressions for the lines of a shop's own receipts. */
#ifndef KW_TAP_STREAM_PATTERNS_H
#define KW_TAP_STREAM_PATTERNS_H

#include "tap/stream/look.h"

enum { KW_PATTERN_LIMIT = 64 };     /* bytes of what a group may catch */

/* The texts of a piece's lines; NULL without memory. */
const char *const *kw_patterns_texts(const struct kw_lines *lines, struct kw_arena *arena, size_t *count);
/* The first group of the pattern in a line, trimmed and cut to a name; NULL: it is not there. */
const char *kw_patterns_match(const char *pattern, const char *const *lines, size_t count, struct kw_arena *arena);
/* Whether a line is what one of these expressions describes; NULL, or ended by one. */
bool kw_patterns_any(const char *const *patterns, const char *const *lines, size_t count, struct kw_arena *arena);

/* What the shop's own patterns say of a piece, over what its words say. NO_MEMORY. */
int kw_patterns_apply(const struct kw_look_patterns *patterns, const struct kw_tap_words *rows,
                      const struct kw_lines *lines, struct kw_arena *arena, struct kw_words *words);

#endif
