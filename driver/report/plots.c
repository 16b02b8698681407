/* plots.c - bars, whiskers and lines. What a plot shows stands beside it or below it in numbers as well. */
#include "report/plots.h"

#include <math.h>

enum { WIDTH = 480, LEFT = 56, RIGHT = 12, HEIGHT = 180, TOP = 10, BOTTOM = 26, MOST_DAYS = 400, DATES = 3, STEPS = 4 };

static void begin(struct kw_writer *page, enum kw_word title)
{
    kw_buffer_format(page->out, "<svg class=plot viewBox=\"0 0 %d %d\" role=img direction=ltr aria-label=\"%s\">",
                     WIDTH, TOP + HEIGHT + BOTTOM, kw_say(page, title));
}

void kw_plot_bar(struct kw_writer *page, double share, const char *style)
{
    kw_buffer_format(page->out,
                     "<svg class=bar-row aria-hidden=true><rect class=%s width=\"%.2f%%\" height=\"100%%\"/></svg>",
                     style, 100 * share);
}

void kw_plot_whisker(struct kw_writer *page, double value, struct kw_interval interval, double top)
{
    double scale = 100 / top;
    kw_buffer_format(page->out,
                     "<svg class=whisker aria-hidden=true><line class=grid x1=0 x2=\"100%%\" y1=6 y2=6 />"
                     "<line class=mark stroke-width=2 x1=\"%.2f%%\" x2=\"%.2f%%\" y1=6 y2=6 />"
                     "<circle class=mark cx=\"%.2f%%\" cy=6 r=3.5 /></svg>",
                     interval.low * scale, fmin(100, interval.high * scale), value * scale);
}

/* A round number just above, so that the axis ends on it. */
static double ceiling_of(double value)
{
    static const double steps[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
    double scale = pow(10, floor(log10(fmax(value, 1e-6))));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (value <= steps[i] * scale)
            return fmin(1, steps[i] * scale);
    return 1;
}

double kw_plot_top(const struct kw_group *groups, size_t count, int klass)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t k = groups[i].mature_answers[klass], n = groups[i].mature[klass];
        most = n > 0 ? fmax(most, kw_wilson((double)k, (double)n).high) : most;
    }
    return ceiling_of(most);
}

/* Time runs as the language is read. */
static double across(const struct kw_writer *page, double x)
{
    return page->rtl ? WIDTH - x : x;
}

static double height_of(double share, double top)
{
    return TOP + HEIGHT * (1 - share / top);
}

static void put_date(struct kw_writer *page, double x, const char *anchor, int64_t day)
{
    bool start = anchor[0] == 's', end = anchor[0] == 'e';
    kw_buffer_format(page->out, "<text class=dim x=\"%.1f\" y=\"%d\" text-anchor=%s>", across(page, x),
                     TOP + HEIGHT + 18, page->rtl && start ? "end" : page->rtl && end ? "start" : anchor);
    kw_put_day(page, day);
    kw_buffer_text(page->out, "</text>");
}

static void put_grid_line(struct kw_writer *page, double y)
{
    kw_buffer_format(page->out,
                     "<line class=grid x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>"
                     "<text class=dim x=\"%.0f\" y=\"%.1f\" text-anchor=%s>",
                     across(page, LEFT), across(page, WIDTH - RIGHT), y, y, across(page, LEFT - 6), y + 4,
                     page->rtl ? "start" : "end");
}

static double week_x(const struct kw_report *report, size_t i)
{
    return LEFT + (double)(WIDTH - LEFT - RIGHT) * ((double)i + 0.5) / (double)report->week_count;
}

static double week_share(const struct kw_week *week, int64_t answers)
{
    return (double)answers / (double)week->delivered;
}

static void trend_line(struct kw_writer *page, const char *style, double top, size_t offset)
{
    const struct kw_report *report = page->report;
    kw_buffer_format(page->out, "<path class=%s d=\"", style);
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        int64_t answers = *(const int64_t *)((const char *)week + offset);
        kw_buffer_format(page->out, "%c%.1f %.1f", i ? 'L' : 'M', across(page, week_x(report, i)),
                         height_of(week_share(week, answers), top));
    }
    kw_buffer_text(page->out, "\"/>");
}

static void trend_axis(struct kw_writer *page, double top)
{
    const struct kw_report *report = page->report;
    size_t step = (report->week_count + DATES - 1) / DATES;
    for (int i = 0; i <= STEPS; i++) {
        put_grid_line(page, height_of(top * i / STEPS, top));
        kw_put_share(page, top * i / STEPS);
        kw_buffer_text(page->out, "</text>");
    }
    for (size_t i = 0; i < report->week_count; i += step)
        put_date(page, week_x(report, i), i == 0 && report->week_count > DATES ? "start" : "middle",
                 report->weeks[i].day);
}

static double trend_top(const struct kw_report *report)
{
    double most = 0;
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        most = fmax(most, week_share(week, week->high > week->answers ? week->high : week->answers));
    }
    return ceiling_of(most);
}

void kw_plot_trend(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    double top = trend_top(report);
    begin(page, KW_WORD_TREND);
    trend_axis(page, top);
    trend_line(page, "limit", top, offsetof(struct kw_week, low));
    trend_line(page, "limit", top, offsetof(struct kw_week, high));
    trend_line(page, "path", top, offsetof(struct kw_week, answers));
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        kw_buffer_format(page->out, "<circle class=\"%s%s\" cx=\"%.1f\" cy=\"%.1f\" r=%d />",
                         week->beyond ? "beyond" : "mark", week->is_part ? " immature" : "",
                         across(page, week_x(report, i)),
                         height_of(week_share(week, week->answers), top), week->beyond ? 5 : 3);
    }
    kw_buffer_text(page->out, "</svg>");
}

static void put_day_bars(struct kw_writer *page, const struct kw_cohort *c, double x, double width, double most)
{
    double sent = HEIGHT * (double)c->delivered / most, answered = HEIGHT * (double)c->answers / most;
    x = page->rtl ? across(page, x) - width : x;
    kw_buffer_format(page->out,
                     "<g%s><rect class=pale x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
                     "<rect class=bar x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>",
                     c->mature ? "" : " class=immature", x, TOP + HEIGHT - sent, width, sent, x,
                     TOP + HEIGHT - answered, width, answered);
}

void kw_plot_cohorts(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    size_t from = report->cohort_count > MOST_DAYS ? report->cohort_count - MOST_DAYS : 0,
           shown = report->cohort_count - from;
    double most = 1, step = (double)(WIDTH - LEFT - RIGHT) / (double)shown;
    for (size_t i = from; i < report->cohort_count; i++)
        most = fmax(most, (double)report->cohorts[i].delivered);
    begin(page, KW_WORD_COHORTS);
    for (int i = 0; i <= 1; i++) {
        put_grid_line(page, height_of(i, 1));
        kw_put_count(page, (int64_t)most * i);
        kw_buffer_text(page->out, "</text>");
    }
    for (size_t i = from; i < report->cohort_count; i++)
        put_day_bars(page, &report->cohorts[i], LEFT + step * (double)(i - from), step * .85, most);
    put_date(page, LEFT, "start", report->cohorts[from].day);
    if (shown > 1)
        put_date(page, WIDTH - RIGHT, "end", report->cohorts[report->cohort_count - 1].day);
    kw_buffer_text(page->out, "</svg>");
}
