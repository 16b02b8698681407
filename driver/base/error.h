/* error.h - how a failing call says what is wrong, where, and what to do. */
#ifndef KW_BASE_ERROR_H
#define KW_BASE_ERROR_H

#include <kwit/kwit.h>

enum { KW_WHERE_SIZE = 200, KW_TEXT_SIZE = 600 };

/*
 * Filled by the call that fails, at the place where the cause is known. `where` is a JSON pointer,
 * a file with its line, a path or a printer address; `text` is for people and ends with the mend.
 */
struct kw_error {
    enum kwit_error code;
    char where[KW_WHERE_SIZE];
    char text[KW_TEXT_SIZE];
};

/* Fills *error (which may be NULL) and returns code, so that callers write `return kw_fail(...)`. */
int kw_fail(struct kw_error *error, enum kwit_error code, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The code that an errno value means: ENOSPC, EDQUOT: DISK_FULL; EACCES, EPERM, EROFS: PERMISSION; else IO. */
enum kwit_error kw_error_from_errno(int number);

#endif
