/* encoding.h - text that was meant to be UTF-8 and is not: what it probably is, for who has to save it again. */
#ifndef KW_BASE_ENCODING_H
#define KW_BASE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

enum { KW_ENCODING_FAULT = 64 };

/* Whether the bytes look like UTF-16, by a byte order mark or by the zero half of a first ASCII character. */
bool kw_encoding_is_utf16(const char *bytes, size_t length);
/* "the byte 0xE9 (é in Latin-1) is not UTF-8", of the byte at `offset`. */
void kw_encoding_fault(const char *bytes, size_t offset, char out[KW_ENCODING_FAULT]);
/* Where the first byte stands that is not UTF-8; `length` where there is none. */
size_t kw_encoding_find_fault(const char *bytes, size_t length);

#endif
