/* plots.c - bars, whiskers and lines. Each plot has a title for those who cannot see it. */
#include "report/plots.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 640, LEFT = 190, RIGHT = 40, ROW = 22, PLOT_HEIGHT = 180, BOTTOM = 24, MOST_ROWS = 40, MOST_DAYS = 400 };

void kw_html_text(struct kw_buffer *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': kw_buffer_text(out, "&lt;"); break;
        case '>': kw_buffer_text(out, "&gt;"); break;
        case '&': kw_buffer_text(out, "&amp;"); break;
        case '"': kw_buffer_text(out, "&quot;"); break;
        default: kw_buffer_byte(out, (uint8_t)*text);
        }
    }
}

/* Plots run from left to right in every language; their labels are isolated. */
static void begin(struct kw_page_out *page, int height, enum kw_word title)
{
    kw_buffer_format(page->out, "<div class=scroll><svg viewBox=\"0 0 %d %d\" role=img direction=ltr aria-label=\"",
                     WIDTH, height);
    kw_html_text(page->out, kw_word(title, page->language));
    kw_buffer_text(page->out, "\">");
}

static void label(struct kw_page_out *page, double y, const char *text)
{
    kw_buffer_format(page->out, "<text x=\"%d\" y=\"%.0f\" text-anchor=end>", LEFT - 8, y);
    kw_html_text(page->out, text);
    kw_buffer_text(page->out, "</text>");
}

static void funnel_row(struct kw_page_out *page, int row, enum kw_word word, int64_t count, int64_t most,
                       const char *class)
{
    double width = most > 0 ? (double)(WIDTH - LEFT - 90) * (double)count / (double)most : 0;
    label(page, row * ROW + 15, kw_word(word, page->language));
    kw_buffer_format(page->out,
                     "<rect class=%s x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/><text x=\"%.1f\" y=\"%d\">", class,
                     LEFT, row * ROW + 3, width, ROW - 6, LEFT + width + 6, row * ROW + 15);
    kw_put_count(page->out, count);
    kw_buffer_text(page->out, "</text>");
}

void kw_plot_funnel(struct kw_page_out *page)
{
    const struct kw_group *t = &page->report->total;
    const struct { enum kw_word word; const struct kw_step *step; } steps[] = {
        { KW_WORD_OPENS, &page->report->opened }, { KW_WORD_STARTS, &page->report->started }
    };
    int row = 2, rows = 3 + steps[0].step->measured + steps[1].step->measured;
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        rows += t->by_class[klass] > 0;
    begin(page, rows * ROW, KW_WORD_FUNNEL);
    funnel_row(page, 0, KW_WORD_SALES, t->sales, t->sales, "pale");
    funnel_row(page, 1, KW_WORD_INVITED, t->offered, t->sales, "pale");
    for (int i = 1; i <= KW_CLASS_COUNT; i++) {
        int klass = i % KW_CLASS_COUNT;
        if (t->by_class[klass] > 0)
            funnel_row(page, row++, kw_word_of_class(klass), t->by_class[klass], t->sales, "pale");
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].step->measured)
            funnel_row(page, row++, steps[i].word, steps[i].step->count, t->sales, "pale");
    funnel_row(page, row, KW_WORD_ANSWERS, t->answers, t->sales, "bar");
    kw_buffer_text(page->out, "</svg></div>");
}

/* A round number just above, so that the axis ends on it. */
static double ceiling_of(double value)
{
    double scale = pow(10, floor(log10(fmax(value, 1e-6))));
    static const double steps[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (value <= steps[i] * scale)
            return fmin(1, steps[i] * scale);
    return 1;
}

void kw_plot_rates(struct kw_page_out *page, const struct kw_group *groups, size_t count)
{
    size_t shown = 0, first = 0;
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        struct kw_interval interval = kw_wilson((double)groups[i].mature_answers[KW_CLASS_PROVEN],
                                                (double)groups[i].mature[KW_CLASS_PROVEN]);
        bool has = groups[i].mature[KW_CLASS_PROVEN] > 0;
        shown += has;
        most = has ? fmax(most, interval.high) : most;
    }
    if (shown < 2 || shown > MOST_ROWS)
        return;
    double top = ceiling_of(most), scale = (WIDTH - LEFT - RIGHT) / top;
    begin(page, (int)shown * ROW + BOTTOM, KW_WORD_RATE);
    for (int i = 0; i <= 4; i++) {
        double x = LEFT + top * i / 4 * scale;
        kw_buffer_format(page->out,
                         "<line class=grid x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%zu\"/><text class=dim x=\"%.1f\" "
                         "y=\"%zu\" text-anchor=middle>",
                         x, x, shown * ROW, x, shown * ROW + 16);
        kw_put_share(page->out, top * i / 4);
        kw_buffer_text(page->out, "</text>");
    }
    for (size_t i = 0; i < count; i++) {
        int64_t k = groups[i].mature_answers[KW_CLASS_PROVEN], n = groups[i].mature[KW_CLASS_PROVEN];
        struct kw_interval interval = kw_wilson((double)k, (double)n);
        double y = (double)first * ROW + ROW / 2.0;
        if (n == 0)
            continue;
        label(page, y + 4, groups[i].label[0] ? groups[i].label : "-");
        kw_buffer_format(page->out,
                         "<line class=mark stroke-width=2 x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>"
                         "<circle class=mark cx=\"%.1f\" cy=\"%.1f\" r=4 />",
                         LEFT + interval.low * scale, LEFT + interval.high * scale, y, y,
                         LEFT + (double)k / (double)n * scale, y);
        first++;
    }
    kw_buffer_text(page->out, "</svg></div>");
}

static double week_x(const struct kw_report *report, size_t i)
{
    return 60 + (WIDTH - 60.0 - RIGHT) * ((double)i + 0.5) / (double)report->week_count;
}

static void limit_path(struct kw_page_out *page, bool high, double scale)
{
    const struct kw_report *report = page->report;
    kw_buffer_text(page->out, "<path class=limit d=\"");
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        double share = (double)(high ? week->high : week->low) / (double)week->delivered;
        kw_buffer_format(page->out, "%c%.1f %.1f", i ? 'L' : 'M', week_x(report, i), PLOT_HEIGHT - share * scale);
    }
    kw_buffer_text(page->out, "\"/>");
}

static void trend_axis(struct kw_page_out *page, double top, double scale)
{
    const struct kw_report *report = page->report;
    size_t step = report->week_count / 8 + 1;
    for (int i = 0; i <= 4; i++) {
        double y = PLOT_HEIGHT - top * i / 4 * scale;
        kw_buffer_format(page->out,
                         "<line class=grid x1=\"60\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text class=dim x=\"54\" "
                         "y=\"%.1f\" text-anchor=end>",
                         WIDTH - RIGHT, y, y, y + 4);
        kw_put_share(page->out, top * i / 4);
        kw_buffer_text(page->out, "</text>");
    }
    for (size_t i = 0; i < report->week_count; i += step) {
        kw_buffer_format(page->out, "<text class=dim x=\"%.1f\" y=\"%d\" text-anchor=middle>", week_x(report, i),
                         PLOT_HEIGHT + 16);
        kw_put_day(page->out, report->weeks[i].day);
        kw_buffer_text(page->out, "</text>");
    }
}

void kw_plot_trend(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    double most = 0;
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        most = fmax(most, (double)(week->high > week->answers ? week->high : week->answers) / (double)week->delivered);
    }
    double top = ceiling_of(most), scale = (PLOT_HEIGHT - 10) / top;
    begin(page, PLOT_HEIGHT + BOTTOM, KW_WORD_TREND);
    trend_axis(page, top, scale);
    limit_path(page, false, scale);
    limit_path(page, true, scale);
    kw_buffer_text(page->out, "<path class=path d=\"");
    for (size_t i = 0; i < report->week_count; i++)
        kw_buffer_format(page->out, "%c%.1f %.1f", i ? 'L' : 'M', week_x(report, i),
                         PLOT_HEIGHT - (double)report->weeks[i].answers / (double)report->weeks[i].delivered * scale);
    kw_buffer_text(page->out, "\"/>");
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        kw_buffer_format(page->out, "<circle class=%s cx=\"%.1f\" cy=\"%.1f\" r=%d><title>",
                         week->beyond ? "beyond" : "mark", week_x(report, i),
                         PLOT_HEIGHT - (double)week->answers / (double)week->delivered * scale, week->beyond ? 5 : 3);
        kw_put_day(page->out, week->day);
        kw_buffer_format(page->out, ": %lld/%lld</title></circle>", (long long)week->answers,
                         (long long)week->delivered);
    }
    kw_buffer_format(page->out, "</svg></div><p class=soft>%s <bdi dir=ltr>", kw_word(KW_WORD_MEAN, page->language));
    kw_put_share(page->out, report->trend_mean);
    kw_buffer_format(page->out, "</bdi>; - - - %s</p>", kw_word(KW_WORD_LIMITS, page->language));
}

void kw_plot_cohorts(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    size_t from = report->cohort_count > MOST_DAYS ? report->cohort_count - MOST_DAYS : 0,
           shown = report->cohort_count - from;
    int64_t most = 1;
    for (size_t i = from; i < report->cohort_count; i++)
        most = report->cohorts[i].delivered > most ? report->cohorts[i].delivered : most;
    double step = (WIDTH - 60.0 - RIGHT) / (double)shown, scale = (PLOT_HEIGHT - 10) / (double)most;
    begin(page, PLOT_HEIGHT + BOTTOM, KW_WORD_COHORTS);
    kw_buffer_format(page->out,
                     "<text class=dim x=\"54\" y=\"14\" text-anchor=end>%lld</text><text class=dim x=\"54\" y=\"%d\" "
                     "text-anchor=end>0</text>",
                     (long long)most, PLOT_HEIGHT);
    for (size_t i = from; i < report->cohort_count; i++) {
        const struct kw_cohort *c = &report->cohorts[i];
        double x = 60 + step * (double)(i - from);
        kw_buffer_format(page->out, "<g%s><title>", c->mature ? "" : " opacity=.45");
        kw_put_day(page->out, c->day);
        kw_buffer_format(page->out,
                         ": %lld/%lld</title><rect class=pale x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>"
                         "<rect class=bar x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>",
                         (long long)c->answers, (long long)c->delivered, x, PLOT_HEIGHT - (double)c->delivered * scale,
                         step * .85, (double)c->delivered * scale, x, PLOT_HEIGHT - (double)c->answers * scale,
                         step * .85, (double)c->answers * scale);
    }
    kw_buffer_format(page->out, "<text class=dim x=\"60\" y=\"%d\">", PLOT_HEIGHT + 16);
    kw_put_day(page->out, report->cohorts[from].day);
    kw_buffer_format(page->out, "</text><text class=dim x=\"%d\" y=\"%d\" text-anchor=end>", WIDTH - RIGHT,
                     PLOT_HEIGHT + 16);
    kw_put_day(page->out, report->cohorts[report->cohort_count - 1].day);
    kw_buffer_format(page->out, "</text></svg></div><p class=soft>%s / %s; %s</p>",
                     kw_word(KW_WORD_INVITED, page->language), kw_word(KW_WORD_ANSWERS, page->language),
                     kw_word(KW_WORD_IMMATURE, page->language));
}
