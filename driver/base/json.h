/* json.h - writes JSON (RFC 8259) into a buffer on one line; commas and quoting are its duty. */
#ifndef KW_BASE_JSON_H
#define KW_BASE_JSON_H

#include "base/buffer.h"

enum { KW_JSON_DEPTH = 16 };

struct kw_json {
    struct kw_buffer *out;
    unsigned depth;
    bool begun[KW_JSON_DEPTH + 1];    /* whether the object or array at this depth has a member already */
};

void kw_json_init(struct kw_json *json, struct kw_buffer *out);
/* name is NULL inside arrays and at the top. */
void kw_json_object(struct kw_json *json, const char *name);
void kw_json_array(struct kw_json *json, const char *name);
void kw_json_end_object(struct kw_json *json);
void kw_json_end_array(struct kw_json *json);
/* NULL becomes null; bytes that are not UTF-8 become U+FFFD. */
void kw_json_string(struct kw_json *json, const char *name, const char *text);
void kw_json_string_n(struct kw_json *json, const char *name, const char *text, size_t length);
void kw_json_integer(struct kw_json *json, const char *name, int64_t value);
void kw_json_number(struct kw_json *json, const char *name, double value, int decimals);   /* null if not finite */
void kw_json_mm(struct kw_json *json, const char *name, int64_t um);      /* in millimetres, with one decimal */
void kw_json_bool(struct kw_json *json, const char *name, bool value);
void kw_json_null(struct kw_json *json, const char *name);
/* As RFC 3339 in UTC; a moment that has not come, or is not known (0 and less), is null. */
void kw_json_time(struct kw_json *json, const char *name, int64_t utc_ms);
void kw_json_hex(struct kw_json *json, const char *name, const void *bytes, size_t length);
void kw_json_raw(struct kw_json *json, const char *name, const char *value);               /* already JSON */

#endif
