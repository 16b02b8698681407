/* buffer.c - the growing run of bytes. */
#include "base/buffer.h"

#include "base/plain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kw_buffer_init(struct kw_buffer *buffer, size_t ceiling)
{
    *buffer = (struct kw_buffer){ .ceiling = ceiling };
}

void kw_buffer_free(struct kw_buffer *buffer)
{
    free(buffer->data);
    kw_buffer_init(buffer, buffer->ceiling);
}

void kw_buffer_clear(struct kw_buffer *buffer)
{
    buffer->length = 0;
    buffer->failed = false;
    if (buffer->data)
        buffer->data[0] = 0;
}

static bool make_room(struct kw_buffer *buffer, size_t length)
{
    if (buffer->failed || length > buffer->ceiling - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t wanted = buffer->length + length + 1;
    if (wanted <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < wanted)
        capacity *= 2;
    uint8_t *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = buffer->starved = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

uint8_t *kw_buffer_extend(struct kw_buffer *buffer, size_t length)
{
    if (!make_room(buffer, length))
        return NULL;
    uint8_t *place = buffer->data + buffer->length;
    buffer->length += length;
    buffer->data[buffer->length] = 0;
    return place;
}

bool kw_buffer_add(struct kw_buffer *buffer, const void *bytes, size_t length)
{
    uint8_t *place = kw_buffer_extend(buffer, length);
    if (place && length)
        memcpy(place, bytes, length);
    return place != NULL;
}

bool kw_buffer_byte(struct kw_buffer *buffer, uint8_t byte)
{
    if (buffer->length + 1 >= buffer->capacity || buffer->length >= buffer->ceiling || buffer->failed)
        return kw_buffer_add(buffer, &byte, 1);
    buffer->data[buffer->length++] = byte;
    buffer->data[buffer->length] = 0;
    return true;
}

bool kw_buffer_text(struct kw_buffer *buffer, const char *text)
{
    return kw_buffer_add(buffer, text, strlen(text));
}

bool kw_buffer_fill(struct kw_buffer *buffer, uint8_t byte, size_t count)
{
    uint8_t *place = kw_buffer_extend(buffer, count);
    if (place && count)
        memset(place, byte, count);
    return place != NULL;
}

bool kw_buffer_markup(struct kw_buffer *buffer, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': kw_buffer_text(buffer, "&lt;"); break;
        case '>': kw_buffer_text(buffer, "&gt;"); break;
        case '&': kw_buffer_text(buffer, "&amp;"); break;
        case '"': kw_buffer_text(buffer, "&quot;"); break;
        default: kw_buffer_byte(buffer, (uint8_t)*text);
        }
    }
    return !buffer->failed;
}

bool kw_buffer_format(struct kw_buffer *buffer, const char *format, ...)
{
    char brief[256];
    va_list arguments, again;
    locale_t before = kw_plain_begin();
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, arguments);
    bool done = length >= 0 && make_room(buffer, (size_t)length);
    if (done && (size_t)length < sizeof brief)
        memcpy(buffer->data + buffer->length, brief, (size_t)length + 1);
    else if (done)
        vsnprintf((char *)buffer->data + buffer->length, (size_t)length + 1, format, again);
    if (done)
        buffer->length += (size_t)length;
    va_end(again);
    va_end(arguments);
    kw_plain_end(before);
    return done;
}

const char *kw_buffer_string(const struct kw_buffer *buffer)
{
    return buffer->data ? (const char *)buffer->data : "";
}
