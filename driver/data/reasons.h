/* reasons.h - why a sale has no invitation (reasons.def, survey/token.md), for the rooms that decide, keep and tell it. */
#ifndef KW_DATA_REASONS_H
#define KW_DATA_REASONS_H

enum kw_suppression {
    KW_SUPPRESSED_NONE = 0,             /* it has one */
#define REASON(name, number, ...) KW_SUPPRESSED_##name = number,
#include "data/reasons.def"
#undef REASON
    KW_SUPPRESSION_LIMIT                /* one above the last */
};

#endif
