/* utf8.h - UTF-8 in and out (Unicode 15, section 3.9, table 3-7). */
#ifndef KW_BASE_UTF8_H
#define KW_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_REPLACEMENT = 0xFFFD };

/*
 * Reads one code point at text[*at], moves *at behind it. Ill-formed bytes give KW_REPLACEMENT and move
 * by the longest ill-formed prefix (at least 1). At the end it gives 0 and does not move.
 */
uint32_t kw_utf8_next(const char *text, size_t length, size_t *at);
/* Writes 1 to 4 bytes and returns how many; 0 for surrogates and beyond U+10FFFF. */
size_t kw_utf8_put(char out[4], uint32_t code);
bool kw_utf8_valid(const char *text, size_t length);
size_t kw_utf8_count(const char *text, size_t length);

#endif
