/* json.c - the JSON writer. */
#include "base/json.h"

#include "base/clock.h"
#include "base/digits.h"
#include "base/eight.h"
#include "base/utf8.h"
#include "base/visible.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void kw_json_init(struct kw_json *json, struct kw_buffer *out)
{
    memset(json, 0, sizeof *json);
    json->out = out;
}

static void put_escaped(struct kw_buffer *out, uint32_t code)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i + 1 < sizeof shorts; i += 2) {
        if ((unsigned char)shorts[i] == code) {
            kw_buffer_byte(out, '\\');
            kw_buffer_byte(out, (uint8_t)shorts[i + 1]);
            return;
        }
    }
    if (kw_steers(code)) {
        kw_buffer_format(out, "\\u%04" PRIx32, code);
        return;
    }
    char bytes[4];
    kw_buffer_add(out, bytes, kw_utf8_put(bytes, code));
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

static void put_quoted(struct kw_buffer *out, const char *text, size_t length)
{
    kw_buffer_byte(out, '"');
    for (size_t at = 0; at < length;) {
        size_t from = at;
        at += kw_eight_quotable(text + at, length - at);
        while (at < length && is_plain((unsigned char)text[at]))
            at++;
        if (at > from)
            kw_buffer_add(out, text + from, at - from);
        else
            put_escaped(out, kw_utf8_next(text, length, &at));
    }
    kw_buffer_byte(out, '"');
}

static void begin_member(struct kw_json *json, const char *name)
{
    if (json->begun[json->depth])
        kw_buffer_byte(json->out, ',');
    json->begun[json->depth] = json->depth > 0;
    if (name) {
        put_quoted(json->out, name, strlen(name));
        kw_buffer_byte(json->out, ':');
    }
}

static void open_level(struct kw_json *json, const char *name, char bracket)
{
    begin_member(json, name);
    kw_buffer_byte(json->out, (uint8_t)bracket);
    if (json->depth < KW_JSON_DEPTH)
        json->depth++;
    else
        json->out->failed = true;
    json->begun[json->depth] = false;
}

static void close_level(struct kw_json *json, char bracket)
{
    if (json->depth > 0)
        json->depth--;
    kw_buffer_byte(json->out, (uint8_t)bracket);
}

void kw_json_object(struct kw_json *json, const char *name)
{
    open_level(json, name, '{');
}

void kw_json_array(struct kw_json *json, const char *name)
{
    open_level(json, name, '[');
}

void kw_json_end_object(struct kw_json *json)
{
    close_level(json, '}');
}

void kw_json_end_array(struct kw_json *json)
{
    close_level(json, ']');
}

void kw_json_string_n(struct kw_json *json, const char *name, const char *text, size_t length)
{
    begin_member(json, name);
    put_quoted(json->out, text, length);
}

void kw_json_string(struct kw_json *json, const char *name, const char *text)
{
    if (text)
        kw_json_string_n(json, name, text, strlen(text));
    else
        kw_json_null(json, name);
}

void kw_json_integer(struct kw_json *json, const char *name, int64_t value)
{
    char room[KW_DIGITS];
    begin_member(json, name);
    kw_buffer_text(json->out, kw_digits(value, room));
}

/* Half a tenth goes to the even one. */
void kw_json_mm(struct kw_json *json, const char *name, int64_t um)
{
    const int64_t length = um > 0 ? um : 0, tenths = length / 100, rest = length % 100;
    const int64_t rounded = tenths + (rest > 50 || (rest == 50 && tenths % 2 == 1));
    kw_json_integer(json, name, rounded / 10);
    kw_buffer_byte(json->out, '.');
    kw_buffer_byte(json->out, (uint8_t)('0' + rounded % 10));
}

void kw_json_number(struct kw_json *json, const char *name, double value, int decimals)
{
    begin_member(json, name);
    if (isfinite(value))
        kw_buffer_format(json->out, "%.*f", decimals, value);
    else
        kw_buffer_text(json->out, "null");
}

void kw_json_bool(struct kw_json *json, const char *name, bool value)
{
    begin_member(json, name);
    kw_buffer_text(json->out, value ? "true" : "false");
}

void kw_json_null(struct kw_json *json, const char *name)
{
    begin_member(json, name);
    kw_buffer_text(json->out, "null");
}

void kw_json_time(struct kw_json *json, const char *name, int64_t utc_ms)
{
    char text[32];
    kw_time_text_utc(utc_ms, text);
    kw_json_string(json, name, utc_ms > 0 ? text : NULL);
}

void kw_json_hex(struct kw_json *json, const char *name, const void *bytes, size_t length)
{
    begin_member(json, name);
    kw_buffer_byte(json->out, '"');
    for (size_t i = 0; i < length; i++)
        kw_buffer_format(json->out, "%02X", ((const unsigned char *)bytes)[i]);
    kw_buffer_byte(json->out, '"');
}

void kw_json_raw(struct kw_json *json, const char *name, const char *value)
{
    begin_member(json, name);
    kw_buffer_text(json->out, value);
}
