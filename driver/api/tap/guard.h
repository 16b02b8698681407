/*
 * guard.h - work that may crash or take for ever, tried first in a process of its own: whatever becomes of that, this
 * process has lost nothing.
 */
#ifndef KW_API_TAP_GUARD_H
#define KW_API_TAP_GUARD_H

#include <stdint.h>

enum kw_survival {
    KW_SURVIVED,                    /* it came to its end, or no process was to be had for trying */
    KW_SURVIVED_TOO_LONG,
    KW_SURVIVED_NOT                 /* it crashed */
};

/*
 * Runs the work in a copy of this process: its memory, and of its files none but the standard streams. It may have as
 * much of a processor's time as limit_ms says; a machine that is busy with others gets more patience than that.
 */
enum kw_survival kw_guard_try(int64_t limit_ms, void (*work)(void *data), void *data);

#endif
