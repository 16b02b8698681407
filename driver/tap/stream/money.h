/* money.h - of which currency an amount is, by what stands beside it. */
#ifndef KW_TAP_STREAM_MONEY_H
#define KW_TAP_STREAM_MONEY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the number there, in a folded line, is of another currency than that one. What stands before *from was said
 * of others; *from is put behind what was said of this one.
 */
bool kw_money_is_foreign(const char *own, const char **from, const char *number, size_t length);

#endif
