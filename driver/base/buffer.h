/* buffer.h - a growing run of bytes with a ceiling; a failure sticks, so that it is asked once at the end. */
#ifndef KW_BASE_BUFFER_H
#define KW_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kw_buffer {
    uint8_t *data;        /* always NUL-terminated behind length once anything was added */
    size_t length;
    size_t capacity;
    size_t ceiling;       /* most bytes it will hold */
    bool failed;          /* no memory, or the ceiling: later additions do nothing */
    bool starved;         /* it once was for want of memory; stays until the buffer is freed */
};

void kw_buffer_init(struct kw_buffer *buffer, size_t ceiling);
void kw_buffer_free(struct kw_buffer *buffer);
void kw_buffer_clear(struct kw_buffer *buffer);        /* length 0, not failed, memory kept */
bool kw_buffer_add(struct kw_buffer *buffer, const void *bytes, size_t length);
bool kw_buffer_byte(struct kw_buffer *buffer, uint8_t byte);
bool kw_buffer_text(struct kw_buffer *buffer, const char *text);
bool kw_buffer_markup(struct kw_buffer *buffer, const char *text);      /* as HTML and XML want it: < > & " escaped */
bool kw_buffer_format(struct kw_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool kw_buffer_fill(struct kw_buffer *buffer, uint8_t byte, size_t count);
/* Room for length more bytes, counted as used; NULL on failure. */
uint8_t *kw_buffer_extend(struct kw_buffer *buffer, size_t length);
const char *kw_buffer_string(const struct kw_buffer *buffer);      /* "" when empty */

#endif
