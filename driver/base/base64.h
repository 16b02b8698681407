/* base64.h - base64 to bytes (RFC 4648, section 4), as documents of others carry their pictures. */
#ifndef KW_BASE_BASE64_H
#define KW_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes there are, at most length * 3 / 4; -1: it is no base64. White space and padding count for nothing. */
long kw_base64_decode(const char *text, size_t length, uint8_t *out);

#endif
