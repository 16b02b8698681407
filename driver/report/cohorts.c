/* cohorts.c - the days of print: when everything that can be answered of one is in. */
#include "report/gathering.h"

int kw_cohorts_begin(struct kw_report *report)
{
    report->cohort_count = (size_t)(report->last_day - report->first_day + 1);
    report->cohorts = kw_arena_array(report->arena, report->cohort_count, sizeof *report->cohorts);
    for (size_t i = 0; report->cohorts && i < report->cohort_count; i++)
        report->cohorts[i] = (struct kw_cohort){ .day = report->first_day + (int64_t)i, .mature = true };
    return report->cohorts ? 0 : KWIT_E_NO_MEMORY;
}

bool kw_is_mature(const struct kw_report *report, const struct kw_touchpoint *facts)
{
    int64_t ends = facts->expires_day > 0 ? facts->expires_day : facts->day + KW_REPORT_NEVER_DAYS;
    return report->any_import && ends < report->options.today && ends <= report->reach_day;
}
