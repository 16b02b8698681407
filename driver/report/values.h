/* values.h - cells of an export to times, scores, yes and no. */
#ifndef KW_REPORT_VALUES_H
#define KW_REPORT_VALUES_H

#include "report/zone.h"

#include <stdbool.h>
#include <stddef.h>

enum kw_clock_change { KW_CLOCK_ASK, KW_CLOCK_FIRST, KW_CLOCK_SECOND };

struct kw_time_rules {
    const struct kw_zone *zone;     /* of times without an offset */
    const char *dates;              /* "dmy", "mdy", "ymd", "" not known: what can be read two ways is an error */
    int clock_change;               /* which of two moments where clocks go back */
};

/* Milliseconds UTC; 0 for an empty cell and for 1980-01-01, which stands for unknown. NULL, or what is wrong. */
const char *kw_value_time(const char *text, const struct kw_time_rules *rules, int64_t *utc_ms);

/* A label and what it stands for: "Very satisfied" 5. */
struct kw_label { const char *text; int value; };

/* A score as digits (also Persian), as "10 - Extremely likely", or by the labels; -1 for an empty cell. */
const char *kw_value_score(const char *text, int low, int high, const struct kw_label *labels, size_t count,
                           int *score);
/* Yes in the five languages, true, 1, and any other sign of consent that the platforms write. */
bool kw_value_yes(const char *text);
/* Copies at most size - 1 bytes and never half a character. */
void kw_value_copy(char *out, size_t size, const char *text);
/* Replaces what looks like an e-mail address or a telephone number, in place. */
void kw_value_scrub(char *text);

#endif
