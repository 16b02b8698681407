/* value_slips.h - what is said where the JSON reader stopped, so that whoever wrote the text knows what to change. */
#ifndef KW_BASE_VALUE_SLIPS_H
#define KW_BASE_VALUE_SLIPS_H

#include "base/arena.h"

/*
 * `at` is where the reader stopped, in its own NUL-terminated copy; `wanted` is what would have had to stand there, and
 * is returned where no common slip is recognized. Nothing is NULL.
 */
const char *kw_value_slip(const char *at, const char *wanted);
/* Of a byte below 0x20 that stands in a string as it is, and of what stands behind a backslash there. */
const char *kw_value_slip_control(struct kw_arena *arena, unsigned char byte);
const char *kw_value_slip_escape(struct kw_arena *arena, const char *at);

#endif
