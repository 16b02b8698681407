/* trend.c - weeks of print: exact limits of each, runs on one side, and a test for a slow fall. */
#include "report/gathering.h"

#include <math.h>

static const double three_sigma = 0.00135, falls_below = 0.01;
enum { RUN = 8 };

/*
 * Weeks begin on Mondays; 2024-01-01, day 0, was one. A day on which a shop is closed leaves its week whole: what it
 * lacks are days that can be answered still, or that are none of the report's.
 */
static int gather_weeks(struct kw_report *report)
{
    struct kw_week *week = NULL;
    int64_t delivered = 0, answers = 0, open = report->first_day - 2 * KW_WEEK_DAYS;
    report->weeks = kw_arena_array(report->arena, report->cohort_count / KW_WEEK_DAYS + 3, sizeof *report->weeks);
    if (!report->weeks)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < report->cohort_count; i++) {
        const struct kw_cohort *cohort = &report->cohorts[i];
        int64_t monday = cohort->day - ((cohort->day % KW_WEEK_DAYS) + KW_WEEK_DAYS) % KW_WEEK_DAYS;
        if (!cohort->mature) {
            open = monday;
            if (week && week->day == monday)
                week->is_part = true;
        }
        if (!cohort->mature || cohort->delivered == 0)
            continue;
        if (!week || week->day != monday) {
            week = &report->weeks[report->week_count++];
            week->day = monday;
            week->is_part = open == monday || monday < report->first_day
                || monday + KW_WEEK_DAYS - 1 > report->cohorts[report->cohort_count - 1].day;
        }
        week->delivered += cohort->delivered;
        week->answers += cohort->answers;
        delivered += cohort->delivered;
        answers += cohort->answers;
    }
    report->trend.mean = delivered ? (double)answers / (double)delivered : 0;
    return 0;
}

static void judge_weeks(struct kw_report *report)
{
    int run = 0, side = 0;
    struct kw_trend *trend = &report->trend;
    for (size_t i = 0; i < report->week_count; i++) {
        struct kw_week *week = &report->weeks[i];
        kw_binomial_limits(week->delivered, trend->mean, three_sigma, &week->low, &week->high);
        week->beyond = week->answers < week->low || week->answers > week->high;
        double excess = (double)week->answers - trend->mean * (double)week->delivered;
        int now = (excess > 0) - (excess < 0);
        run = now != 0 && now == side ? run + 1 : 1;
        side = now;
        trend->run_of_eight = trend->run_of_eight || (now != 0 && run >= RUN);
    }
}

/* Cochran and Armitage: whether the rate goes down with the weeks since the start. One side. */
static void seek_fall(struct kw_report *report)
{
    double n = 0, n_x = 0, n_xx = 0, excess = 0, p = report->trend.mean;
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        double x = (double)(week->day - report->weeks[0].day) / KW_WEEK_DAYS, size = (double)week->delivered;
        n += size;
        n_x += size * x;
        n_xx += size * x * x;
        excess += x * ((double)week->answers - size * p);
    }
    double variance = n > 0 ? p * (1 - p) * (n_xx - n_x * n_x / n) : 0;
    report->trend.z = variance > 0 ? excess / sqrt(variance) : 0;
    report->trend.p = 0.5 * erfc(-report->trend.z / sqrt(2));
    report->trend.falling = report->trend.p < falls_below;
}

int kw_weeks_make(struct kw_report *report)
{
    int code = gather_weeks(report);
    if (code == 0) {
        judge_weeks(report);
        seek_fall(report);
    }
    return code;
}
