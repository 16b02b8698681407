/*
 * guard.h - work that may crash or take for ever, tried first in a process of its own: whatever becomes of that, this
 * process has lost nothing.
 */
#ifndef KW_API_TAP_GUARD_H
#define KW_API_TAP_GUARD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum kw_survival {
    KW_SURVIVED,
    KW_SURVIVED_TOO_LONG,
    KW_SURVIVED_NOT                 /* it crashed */
};

struct kw_guard {
    pid_t child;                    /* 0: it has ended */
    int from;
    int64_t until_ms;
    enum kw_survival survived;      /* so far */
};

/*
 * Begins the work in a copy of this process: its memory, and of its files none but the standard streams. It may have as
 * much of a processor's time as limit_ms says; a machine that is busy with others gets more patience than that. False:
 * no process is to be had.
 */
bool kw_guard_begin(struct kw_guard *guard, int64_t limit_ms, void (*work)(void *data), void *data);
/* In the copy: so far it has come. The end of the work says it too. */
void kw_guard_say(void);
/* Waits until that was said once more. */
enum kw_survival kw_guard_hear(struct kw_guard *guard);
/* Nobody waits for it any more. */
void kw_guard_end(struct kw_guard *guard);

#endif
