/*
 * html.c - the report as one page that needs nothing else: no script, no font, no address is loaded. It prints, fits a
 * phone, follows the reader's light or dark, and reads from right to left in Persian. Plots are SVG (plots.c).
 */
#include "report/plots.h"

#include <stdio.h>
#include <string.h>

static const char style[] =
    ":root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--bar:#2f6f9f;--pale:#c9dbe8;--warn:#a63d00}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa4ae;--line:#3a424b;--paper:#0e1217;--bar:#6fb0de;"
    "--pale:#27435a;--warn:#ffa657}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:64rem;padding:1rem;font:16px/1.5 "
    "system-ui,sans-serif;color:var(--ink);background:var(--paper)}"
    "h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .4rem;border-bottom:1px solid var(--line)}"
    "p{margin:.3rem 0}.soft{color:var(--soft);font-size:.9rem}.warn{color:var(--warn);font-weight:600}"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.6rem;margin:.6rem 0}dl "
    "div{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem}"
    "dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.15rem;font-variant-numeric:tabular-nums}dd "
    "small{color:var(--soft);font-size:.8rem}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-"
    "nums}"
    "th,td{padding:.25rem .5rem;border-bottom:1px solid "
    "var(--line);text-align:end;white-space:nowrap}th:first-child,td:first-child{text-align:start}"
    "thead "
    "th{color:var(--soft);font-weight:600}svg{display:block;width:100%;height:auto;min-width:26rem;max-width:44rem;"
    "margin:.5rem 0}"
    "svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .dim{fill:var(--soft)}svg "
    ".grid{stroke:var(--line)}svg .bar{fill:var(--bar)}svg .pale{fill:var(--pale)}"
    "svg .mark{fill:var(--bar);stroke:var(--bar)}svg .beyond{fill:var(--warn);stroke:var(--warn)}svg "
    ".path{fill:none;stroke:var(--bar);stroke-width:2}"
    "svg .limit{fill:none;stroke:var(--soft);stroke-dasharray:4 3}"
    "@media "
    "print{body{max-width:none;padding:0;font-size:10.5pt;color:#000;background:#fff}h2{break-after:avoid}table,svg,dl{"
    "break-inside:avoid}.scroll{overflow:visible}}"
    "@media(max-width:32rem){body{padding:.6rem;font-size:15px}th,td{padding:.2rem .3rem;white-space:"
    "normal}td small{display:block}svg{min-width:22rem}}";

static void put_rate(struct kw_buffer *out, int64_t k, int64_t n)
{
    if (n == 0) {
        kw_buffer_text(out, "\u2013");
        return;
    }
    kw_buffer_text(out, "<bdi dir=ltr>");
    kw_put_share(out, (double)k / (double)n);
    kw_buffer_text(out, "</bdi> <small><bdi dir=ltr>(");
    kw_put_interval(out, kw_wilson((double)k, (double)n));
    kw_buffer_text(out, "; ");
    kw_put_count(out, k);
    kw_buffer_byte(out, '/');
    kw_put_count(out, n);
    kw_buffer_text(out, ")</bdi></small>");
}

static void put_nps(struct kw_buffer *out, const struct kw_scores *s)
{
    int64_t n = s->promoters + s->passives + s->detractors;
    struct kw_interval i = kw_nps_interval((double)s->promoters, (double)s->passives, (double)s->detractors);
    if (n == 0)
        kw_buffer_text(out, "\u2013");
    else
        kw_buffer_format(out, "<bdi dir=ltr>%+.0f</bdi> <small><bdi dir=ltr>(%+.0f \u2026 %+.0f; n %lld)</bdi></small>",
                         kw_nps(s->promoters, s->passives, s->detractors), i.low, i.high, (long long)n);
}

static void card(struct kw_page_out *page, enum kw_word word)
{
    kw_buffer_format(page->out, "<div><dt>%s</dt><dd>", kw_word(word, page->language));
}

static void end_card(struct kw_page_out *page)
{
    kw_buffer_text(page->out, "</dd></div>");
}

static void heading(struct kw_page_out *page, enum kw_word word)
{
    kw_buffer_format(page->out, "<h2>%s</h2>", kw_word(word, page->language));
}

static void put_head(struct kw_page_out *page)
{
    static const char *const tags[] = { "en", "pl", "fr", "ru", "fa" };
    const struct kw_report *report = page->report;
    bool rtl = page->language == 4;
    kw_buffer_format(page->out,
                     "<!doctype html><html lang=%s dir=%s><meta charset=utf-8><meta name=viewport "
                     "content=\"width=device-width,initial-scale=1\">"
                     "<title>%s</title><style>%s</style><h1>%s</h1><p class=soft>",
                     tags[page->language], rtl ? "rtl" : "ltr", kw_word(KW_WORD_TITLE, page->language), style,
                     kw_word(KW_WORD_TITLE, page->language));
    if (report->options.shop) {
        kw_html_text(page->out, report->options.shop);
        kw_buffer_text(page->out, " \u00b7 ");
    }
    kw_buffer_text(page->out, "<bdi dir=ltr>");
    kw_put_day(page->out, report->first_day);
    kw_buffer_text(page->out, " \u2013 ");
    kw_put_day(page->out, report->last_day);
    kw_buffer_format(page->out, "</bdi></p><p class=soft>%s</p>", kw_word(KW_WORD_CAVEAT, page->language));
}

static void put_step(struct kw_page_out *page, enum kw_word word, const struct kw_step *step)
{
    card(page, word);
    if (step->measured)
        kw_put_count(page->out, step->count);
    else
        kw_buffer_text(page->out, kw_word(KW_WORD_NOT_MEASURED, page->language));
    end_card(page);
}

static void put_delay(struct kw_page_out *page, enum kw_word word, double seconds)
{
    card(page, word);
    kw_buffer_text(page->out, "<bdi dir=ltr>");
    kw_put_duration(page->out, seconds);
    kw_buffer_text(page->out, "</bdi>");
    end_card(page);
}

static void put_cards(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    const struct kw_group *t = &report->total;
    kw_buffer_text(page->out, "<dl>");
    card(page, KW_WORD_SALES);
    kw_put_count(page->out, t->sales);
    if (report->options.sales_total > 0) {
        kw_buffer_text(page->out, " <small>");
        kw_put_share(page->out, (double)t->sales / (double)report->options.sales_total);
        kw_buffer_format(page->out, " %s</small>", kw_word(KW_WORD_COVERAGE, page->language));
    }
    end_card(page);
    card(page, KW_WORD_INVITED);
    kw_put_count(page->out, t->offered);
    end_card(page);
    put_step(page, KW_WORD_OPENS, &report->opened);
    if (report->started.measured)
        put_step(page, KW_WORD_STARTS, &report->started);
    card(page, KW_WORD_ANSWERS);
    kw_put_count(page->out, t->answers);
    if (t->contested)
        kw_buffer_format(page->out, " <small>%lld %s</small>", (long long)t->contested,
                         kw_word(KW_WORD_CONTESTED, page->language));
    end_card(page);
    card(page, KW_WORD_RATE);
    put_rate(page->out, t->mature_answers[KW_CLASS_PROVEN], t->mature[KW_CLASS_PROVEN]);
    end_card(page);
    put_delay(page, KW_WORD_DELAY, report->median_delay_s);
    if (report->opened.measured)
        put_delay(page, KW_WORD_OPEN_DELAY, report->median_open_s);
    kw_buffer_text(page->out, "</dl>");
}

static void put_scores(struct kw_page_out *page)
{
    const struct kw_scores *s = &page->report->total.scores;
    heading(page, KW_WORD_SCORES);
    if (page->report->total.hidden) {
        kw_buffer_format(page->out, "<p>%s</p>", kw_word(KW_WORD_HIDDEN, page->language));
        return;
    }
    kw_buffer_text(page->out, "<dl><div><dt>NPS</dt><dd>");
    put_nps(page->out, s);
    kw_buffer_text(page->out, "</dd></div><div><dt>CSAT 4\u20135</dt><dd>");
    put_rate(page->out, s->csat_good, s->csat);
    kw_buffer_format(page->out, "</dd></div><div><dt>CES 5\u20137 (%s)</dt><dd>",
                     kw_word(KW_WORD_CES_DIRECTION, page->language));
    put_rate(page->out, s->ces_good, s->ces);
    kw_buffer_text(page->out, "</dd></div>");
    if (page->report->total.contested) {
        kw_buffer_format(page->out, "<div><dt>NPS, %s</dt><dd>", kw_word(KW_WORD_UNCONTESTED, page->language));
        put_nps(page->out, &page->report->total.uncontested);
        kw_buffer_text(page->out, "</dd></div>");
    }
    kw_buffer_text(page->out, "</dl>");
}

static void put_rates(struct kw_page_out *page)
{
    static const int classes[] = { KW_CLASS_PROVEN, KW_CLASS_SENT, KW_CLASS_UNCONFIRMED, KW_CLASS_SEEN };
    const struct kw_group *t = &page->report->total;
    int64_t k;
    struct kw_interval bounds = kw_group_bounds(t, &k);
    heading(page, KW_WORD_RATE);
    kw_buffer_format(page->out, "<p class=soft>%s</p><div class=scroll><table>",
                     kw_word(KW_WORD_MATURE_ONLY, page->language));
    for (size_t i = 0; i < 4; i++) {
        if (t->mature[classes[i]] == 0)
            continue;
        kw_buffer_format(page->out, "<tr><td>%s<td>", kw_word(kw_word_of_class(classes[i]), page->language));
        put_rate(page->out, t->mature_answers[classes[i]], t->mature[classes[i]]);
    }
    kw_buffer_format(page->out, "<tr><td>%s<td>", kw_word(KW_WORD_BOUNDS, page->language));
    if (k > 0)
        kw_put_interval(page->out, bounds);
    if (page->report->effective_n > 0) {
        kw_buffer_format(page->out, "<tr><td>%s<td>", kw_word(KW_WORD_WEIGHTED, page->language));
        kw_put_share(page->out, page->report->weighted_rate);
    }
    kw_buffer_text(page->out, "</table></div>");
}

static void put_counts(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    heading(page, KW_WORD_SUPPRESSED);
    kw_buffer_text(page->out, "<div class=scroll><table>");
    for (int reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        if (report->total.suppressed[reason])
            kw_buffer_format(page->out, "<tr><td>%s<td>%lld",
                             kw_word((enum kw_word)(KW_WORD_REASON_1 + reason - 1), page->language),
                             (long long)report->total.suppressed[reason]);
    kw_buffer_text(page->out, "</table></div>");
    heading(page, KW_WORD_VERDICTS);
    kw_buffer_text(page->out, "<div class=scroll><table>");
    for (int verdict = 1; verdict < KW_VERDICT_COUNT; verdict++)
        if (report->verdicts[verdict])
            kw_buffer_format(page->out, "<tr><td>%s<td>%lld",
                             kw_word((enum kw_word)(KW_WORD_VERDICT_1 + verdict - 1), page->language),
                             (long long)report->verdicts[verdict]);
    kw_buffer_text(page->out, "</table></div>");
}

static void put_group_row(struct kw_page_out *page, const struct kw_group *g)
{
    kw_buffer_text(page->out, "<tr><td><bdi>");
    kw_html_text(page->out, g->label[0] ? g->label : "-");
    kw_buffer_text(page->out, "</bdi><td>");
    kw_put_count(page->out, g->sales);
    kw_buffer_text(page->out, "<td>");
    kw_put_count(page->out, g->offered);
    kw_buffer_text(page->out, "<td>");
    kw_put_count(page->out, g->answers);
    kw_buffer_text(page->out, "<td>");
    put_rate(page->out, g->mature_answers[KW_CLASS_PROVEN], g->mature[KW_CLASS_PROVEN]);
    kw_buffer_text(page->out, "<td>");
    if (g->hidden && g->answers > 0)
        kw_buffer_format(page->out, "<small>%s</small>", kw_word(KW_WORD_HIDDEN, page->language));
    else
        put_nps(page->out, &g->scores);
}

static void put_breakdowns(struct kw_page_out *page)
{
    enum { MOST_ROWS = 200 };
    const struct kw_report *report = page->report;
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++) {
        size_t count = report->group_count[dimension];
        if (count < 2)
            continue;
        kw_buffer_format(page->out, "<h2>%s: %s</h2>", kw_word(KW_WORD_BREAKDOWN, page->language),
                         kw_word((enum kw_word)(KW_WORD_BY_STORE + dimension), page->language));
        kw_plot_rates(page, report->groups[dimension], count);
        kw_buffer_format(page->out,
                         "<div "
                         "class=scroll><table><thead><tr><th><th>%s<th>%s<th>%s<th>%s<br><small>%s</small><th>NPS</"
                         "thead>",
                         kw_word(KW_WORD_SALES, page->language), kw_word(KW_WORD_INVITED, page->language),
                         kw_word(KW_WORD_ANSWERS, page->language), kw_word(KW_WORD_RATE, page->language),
                         kw_word(KW_WORD_PROVEN, page->language));
        for (size_t i = 0; i < count && i < MOST_ROWS; i++)
            put_group_row(page, &report->groups[dimension][i]);
        kw_buffer_text(page->out, "</table></div>");
        if (count > MOST_ROWS)
            kw_buffer_format(page->out, "<p class=soft>+ %zu</p>", count - MOST_ROWS);
    }
}

static void put_arm_name(struct kw_page_out *page, int arm)
{
    if ((size_t)arm < page->report->options.variant_count)
        kw_html_text(page->out, page->report->options.variant_names[arm]);
    else
        kw_buffer_format(page->out, "%s %d", kw_word(KW_WORD_BY_VARIANT, page->language), arm);
}

static void put_verdict(struct kw_page_out *page, const struct kw_experiment *e)
{
    if (e->broken)
        kw_buffer_format(page->out, "<p class=warn>%s</p>", kw_word(KW_WORD_BROKEN, page->language));
    else if (e->until_day == 0 && e->planned == 0)
        kw_buffer_format(page->out, "<p>%s</p>", kw_word(KW_WORD_NO_VERDICT, page->language));
    else if (e->until_day == 0)
        kw_buffer_format(page->out, "<p>%s (%s: %lld)</p>", kw_word(KW_WORD_NO_VERDICT, page->language),
                         kw_word(KW_WORD_PLANNED, page->language), (long long)e->planned);
    for (int arm = 1; arm < e->arms && !e->broken && e->until_day > 0; arm++) {
        const struct kw_cmh *c = &e->test[arm];
        kw_buffer_text(page->out, "<p><b>");
        put_arm_name(page, arm);
        kw_buffer_text(page->out, "</b> \u2013 ");
        put_arm_name(page, 0);
        kw_buffer_format(page->out, ": <bdi dir=ltr>%+.2f (%+.2f \u2026 %+.2f) pp, p = %.4f</bdi>: %s</p>",
                         100 * c->difference, 100 * c->interval.low, 100 * c->interval.high, c->p,
                         kw_word(c->p < 0.05 ? KW_WORD_DIFFERENCE : KW_WORD_NO_DIFFERENCE, page->language));
        if (c->difference * e->pooled[arm] < 0)
            kw_buffer_format(page->out, "<p class=warn><bdi dir=ltr>%+.2f pp</bdi>: %s</p>", 100 * e->pooled[arm],
                             kw_word(KW_WORD_REVERSAL, page->language));
    }
}

static void put_experiments(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    if (report->experiment_count == 0)
        return;
    heading(page, KW_WORD_EXPERIMENTS);
    kw_buffer_format(page->out, "<p class=soft>%s</p>", kw_word(KW_WORD_UNIT, page->language));
    for (size_t i = 0; i < report->experiment_count; i++) {
        const struct kw_experiment *e = &report->experiments[i];
        kw_buffer_text(page->out, "<h3><bdi>");
        kw_html_text(page->out, e->campaign);
        kw_buffer_text(page->out, "</bdi></h3><div class=scroll><table>");
        for (int arm = 0; arm < e->arms; arm++) {
            kw_buffer_text(page->out, "<tr><td>");
            put_arm_name(page, arm);
            kw_buffer_format(page->out, "<td><bdi dir=ltr>%lld (%.0f)</bdi><td>", (long long)e->all[arm].offered,
                             e->all[arm].expected);
            put_rate(page->out, e->arm[arm].answers, e->arm[arm].offered);
        }
        kw_buffer_text(page->out, "</table></div>");
        put_verdict(page, e);
    }
}

static void put_trend(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    heading(page, KW_WORD_TREND);
    if (report->week_count == 0)
        kw_buffer_format(page->out, "<p>%s</p>", kw_word(KW_WORD_IMMATURE, page->language));
    else
        kw_plot_trend(page);
    if (report->run_of_eight)
        kw_buffer_format(page->out, "<p class=warn>%s</p>", kw_word(KW_WORD_RUN, page->language));
    heading(page, KW_WORD_COHORTS);
    kw_plot_cohorts(page);
}

static void put_signals(struct kw_page_out *page)
{
    const struct kw_report *report = page->report;
    heading(page, KW_WORD_SIGNALS);
    kw_buffer_text(page->out, report->suspicion_count ? "<ul>" : "<p>");
    for (size_t i = 0; i < report->suspicion_count; i++) {
        const struct kw_suspicion *s = &report->suspicions[i];
        kw_buffer_text(page->out, "<li><bdi>");
        kw_html_text(page->out, s->who);
        kw_buffer_format(page->out,
                         "</bdi>: %s, <bdi dir=ltr>%lld/%lld</bdi>; %s <bdi dir=ltr>%lld/%lld (p = %.2g)</bdi>",
                         kw_word((enum kw_word)(KW_WORD_SIGNAL_1 + s->signal), page->language), (long long)s->k,
                         (long long)s->n, kw_word(KW_WORD_ELSEWHERE, page->language), (long long)s->others_k,
                         (long long)s->others_n, s->p);
    }
    if (report->suspicion_count == 0)
        kw_buffer_text(page->out, kw_word(KW_WORD_SIGNALS_NONE, page->language));
    kw_buffer_text(page->out, report->suspicion_count ? "</ul>" : "</p>");
    kw_buffer_format(page->out, "<p>%s: %lld, %s: %lld</p>", kw_word(KW_WORD_ALERTS, page->language),
                     (long long)report->alerts, kw_word(KW_WORD_OPEN_ALERTS, page->language),
                     (long long)report->alerts_open);
    if (report->low_p < KW_REPORT_CLUSTER_P)
        kw_buffer_format(page->out, "<p class=warn>%s: %lld; %s %.1f</p>", kw_word(KW_WORD_CLUSTER, page->language),
                         (long long)report->low_now,
                         kw_word(KW_WORD_USUAL, page->language), report->low_mean);
    kw_buffer_format(page->out, "<p class=soft>%s: <bdi dir=ltr>%lld-", kw_word(KW_WORD_HEAD, page->language),
                     (long long)report->head_n);
    for (int i = 0; i < 8; i++)
        kw_buffer_format(page->out, "%02x", report->head[i]);
    kw_buffer_text(page->out, "</bdi></p></html>\n");
}

void kw_report_html(const struct kw_report *report, const char *language, struct kw_buffer *out)
{
    struct kw_page_out page = { out, report, kw_word_language(language) };
    put_head(&page);
    put_cards(&page);
    heading(&page, KW_WORD_FUNNEL);
    kw_plot_funnel(&page);
    put_rates(&page);
    put_scores(&page);
    put_experiments(&page);
    put_trend(&page);
    put_breakdowns(&page);
    put_counts(&page);
    put_signals(&page);
}
