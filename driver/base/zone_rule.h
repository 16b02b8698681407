/* zone_rule.h - the line at the end of a zone file: how clocks change in all years behind its table. */
#ifndef KW_BASE_ZONE_RULE_H
#define KW_BASE_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When clocks change: the `week`-th (5: last) weekday of a month; or a day of the year where month is 0. */
struct kw_change { int month, week, weekday, day; bool leap_days; int64_t second; };
struct kw_zone_rule {
    bool known, changes;                    /* changes: there is summer time */
    int64_t standard, summer;               /* what clocks add to UTC, in seconds */
    struct kw_change begins, ends;          /* of summer time */
};

/* "CET-1CEST,M3.5.0,M10.5.0/3", as POSIX and RFC 8536 have it. Not known: a line that is none. */
struct kw_zone_rule kw_zone_rule_parse(const char *text);
int64_t kw_zone_rule_offset(const struct kw_zone_rule *rule, int64_t utc_s);

#endif
