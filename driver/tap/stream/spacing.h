/* spacing.h - blanks in a folded line that part what belongs together, and those that part two numbers. */
#ifndef KW_TAP_STREAM_SPACING_H
#define KW_TAP_STREAM_SPACING_H

#include "base/fold.h"

/* Copies the text; where more than one blank parts two digits, a mark stands between them, which folding leaves. */
void kw_spacing_keep(const char *text, char out[KW_FOLD]);
/* Puts together, in a folded line, letters that stand apart and amounts with a currency for their point. */
void kw_spacing_close(char *folded);

#endif
