/* encoding.c - bytes that are no UTF-8. */
#include "base/encoding.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

bool kw_encoding_is_utf16(const char *bytes, size_t length)
{
    if (length < 2)
        return false;
    return memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0 || !bytes[0] != !bytes[1];
}

void kw_encoding_fault(const char *bytes, size_t offset, char out[KW_ENCODING_FAULT])
{
    unsigned byte = (unsigned char)bytes[offset];
    char letter[5] = "";
    if (byte > 0xA0)                /* below are control characters */
        letter[kw_utf8_put(letter, byte)] = 0;
    snprintf(out, KW_ENCODING_FAULT, "the byte 0x%02X%s%s%s is not UTF-8", byte, *letter ? " (" : "", letter,
             *letter ? " in Latin-1)" : "");
}

size_t kw_encoding_find_fault(const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t before = at;
        if (kw_utf8_next(bytes, length, &at) == KW_REPLACEMENT && !kw_utf8_valid(bytes + before, at - before))
            return before;
    }
    return length;
}
