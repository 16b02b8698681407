/*
 * html.c - the report as one page that needs nothing else: no script, no font, no address is loaded. It prints, fits a
 * phone, follows the reader's light or dark, and reads from right to left in Persian. Plots are SVG (plots.c).
 */
#include "report/html.h"
#include "report/plots.h"

#include <stdio.h>
#include <string.h>

static const int classes[] = { KW_CLASS_PROVEN, KW_CLASS_SENT, KW_CLASS_UNCONFIRMED, KW_CLASS_SEEN };
enum { CLASSES = sizeof classes / sizeof classes[0], MOST_DAYS = 400 };
/* Colours of the dark scheme keep a contrast of 4.5 and more; on paper everything is black on white. */
static const char style[] =
    ":root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--bar:#2f6f9f;--pale:#b7cfe0;--warn:#a63d00}"
    "@media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#a3adb7;--line:#3a424b;"
    "--paper:#0e1217;--bar:#7bb8e4;--pale:#31536d;--warn:#ffa657}}*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:72rem;padding:1rem;color:var(--ink);background:var(--paper);"
    "font:16px/1.5 system-ui,sans-serif}h1{font-size:1.5rem;margin:.2rem 0}"
    "h2{font-size:1.15rem;margin:2.2rem 0 .5rem;border-bottom:1px solid var(--line)}"
    "h3{font-size:1rem;margin:.8rem 0 .2rem}p{margin:.3rem 0;max-width:46rem}.soft{color:var(--soft);font-size:.9rem}"
    ".warn{color:var(--warn);font-weight:600}"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.6rem;margin:.6rem 0}"
    "dl div{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem}"
    "dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.15rem;font-variant-numeric:tabular-nums}"
    "small{color:var(--soft);font-size:.8rem}small bdi{display:inline-block;white-space:nowrap}"
    "dd small bdi{display:table}.scroll{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}.wide{width:100%}"
    "th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:end;vertical-align:top}"
    "th:first-child{text-align:start;font-weight:400;padding-inline-start:0}"
    "thead th,thead th:first-child{color:var(--soft);font-weight:600;vertical-align:bottom}td small{display:block}"
    ".rate{min-width:10.5rem}thead th{min-width:4.5rem}.funnel{width:100%;max-width:46rem}"
    ".funnel td:last-child{width:60%;padding-block:.45rem}.in th:first-child{padding-inline-start:1.2rem}"
    "details{margin:.5rem 0}summary{cursor:pointer;color:var(--soft);font-size:.9rem}svg{display:block;width:100%}"
    ".plot{max-width:40rem;height:auto;margin:.5rem 0}.bar-row{height:.9rem}.whisker{height:12px;overflow:visible}"
    "[dir=rtl] .whisker,[dir=rtl] .bar-row{transform:scaleX(-1)}"
    "svg text{fill:var(--ink);font:9px system-ui,sans-serif}svg .dim{fill:var(--soft)}.grid{stroke:var(--line)}"
    ".bar{fill:var(--bar)}.pale{fill:var(--pale)}.immature{opacity:.45}.mark{fill:var(--bar);stroke:var(--bar)}"
    ".beyond{fill:var(--warn);stroke:var(--warn)}.path{fill:none;stroke:var(--bar);stroke-width:2}"
    ".limit{fill:none;stroke:var(--soft);stroke-dasharray:4 3}"
    ".todo{list-style:none;padding:0}.todo li{border-inline-start:3px solid var(--bar);padding-inline-start:.6rem;"
    "margin:.6rem 0}blockquote{margin:.1rem 0;overflow-wrap:anywhere}.part,.part small{color:var(--soft)}"
    ".heat small{color:inherit}mark{background:var(--pale);color:var(--ink)}.heat{background:color-mix(in srgb,var(--pale) var(--h),var(--paper))}"
    ".scroll:focus-visible{outline:2px solid var(--bar)}"
    ".key{display:inline-block;width:.8em;height:.8em;margin-inline:.1em .4em;border:1px solid var(--line)}"
    ".key.bar{background:var(--bar)}.key.pale{background:var(--pale)}"
    "@page{margin:14mm;@bottom-center{content:counter(page) \" / \" counter(pages);font:8pt system-ui,sans-serif}}"
    "@media print{body{max-width:none;padding:0;font-size:10pt;color:#000;background:#fff;print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}dl{grid-template-columns:repeat(3,1fr)}h2{margin-top:1.5rem}h2,h3,h2+.soft,.soft+.soft,.plot,thead{break-after:avoid}"
    "thead{display:table-header-group}tr,svg,dl,.short,.whole{break-inside:avoid}.scroll{overflow:visible}"
    "details:not([open]){display:none}.wide th,.wide td{padding:.15rem .25rem;font-size:8.5pt;min-width:0}"
    ".wide small{font-size:7pt}.rate{min-width:0}}@media(max-width:36rem){body{padding:.6rem;font-size:15px}"
    "dl{grid-template-columns:1fr 1fr}dd{font-size:1.05rem}th,td{padding:.25rem .35rem;font-size:.82rem}"
    ".rate{min-width:6.2rem}thead th{min-width:0}td small bdi{display:table;margin-left:auto}"
    "[dir=rtl] td small bdi{margin-left:0;margin-right:auto}svg text{font-size:14px}"
    ".scroll th:first-child{position:sticky;inset-inline-start:0;background:var(--paper)}}";

static void card(struct kw_writer *page, enum kw_word word)
{
    kw_buffer_format(page->out, "<div><dt>%s</dt><dd>", kw_say(page, word));
}

static void end_card(struct kw_writer *page)
{
    kw_buffer_text(page->out, "</dd></div>");
}

static void put_head(struct kw_writer *page)
{
    static const char *const tags[] = { "en", "pl", "fr", "ru", "fa" };
    const struct kw_report *report = page->report;
    kw_buffer_format(page->out,
                     "<!doctype html><html lang=%s dir=%s><head><meta charset=utf-8><meta name=viewport "
                     "content=\"width=device-width,initial-scale=1\"><meta name=color-scheme content=\"light dark\">"
                     "<title>%s</title><style>%s</style></head><body><main><h1>%s</h1><p class=soft>",
                     tags[page->language], page->rtl ? "rtl" : "ltr", kw_say(page, KW_WORD_TITLE), style,
                     kw_say(page, KW_WORD_TITLE));
    if (report->options.shop) {
        kw_buffer_text(page->out, "<bdi>");
        kw_put_text(page, report->options.shop);
        kw_buffer_text(page->out, "</bdi> \u00b7 ");
    }
    kw_put_ltr(page, !page->rtl);
    kw_put_day(page, report->first_day);
    kw_buffer_text(page->out, " \u2013 ");
    kw_put_day(page, report->last_day);
    kw_buffer_text(page->out, "</bdi></p>");
    kw_html_soft(page, KW_WORD_CAVEAT);
}

/* What these tills sold since then may be missing below. */
static void put_behind(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_CODE, KW_WORD_AS_OF };
    const struct kw_report_options *options = &page->report->options;
    char when[32];
    if (options->behind_count == 0)
        return;
    kw_html_heading(page, KW_WORD_BEHIND);
    kw_html_table(page, "short", KW_WORD_BEHIND, columns, 2);
    kw_html_rows(page);
    for (size_t i = 0; i < options->behind_count; i++) {
        kw_time_text_utc(options->behind[i].as_of_ms, when);
        kw_buffer_text(page->out, "<tr><th scope=row>");
        kw_put_place(page, options->behind[i].store, options->behind[i].till);
        kw_buffer_format(page->out, "<td><bdi>%s</bdi>", options->behind[i].as_of_ms > 0 ? when : "-");
    }
    kw_html_end_table(page);
}

static void put_step(struct kw_writer *page, enum kw_word word, const struct kw_step *step)
{
    card(page, word);
    if (step->measured)
        kw_put_count(page, step->count);
    else
        kw_buffer_text(page->out, kw_say(page, KW_WORD_NOT_MEASURED));
    end_card(page);
}

static void put_delay(struct kw_writer *page, enum kw_word word, double seconds)
{
    card(page, word);
    kw_put_duration(page, seconds);
    end_card(page);
}

static void put_cards(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const struct kw_group *t = &report->total;
    int klass = kw_report_main_class(report);
    kw_html_heading(page, KW_WORD_FUNNEL);
    kw_buffer_text(page->out, "<dl>");
    card(page, KW_WORD_SALES);
    kw_put_count(page, t->sales);
    if (report->options.sales_total > 0) {
        kw_buffer_text(page->out, " <small>");
        kw_put_share(page, (double)t->sales / (double)report->options.sales_total);
        kw_buffer_format(page->out, " %s</small>", kw_say(page, KW_WORD_COVERAGE));
    }
    end_card(page);
    if (report->foreign > 0) {
        card(page, KW_WORD_FOREIGN);
        kw_put_count(page, report->foreign);
        kw_buffer_text(page->out, " <small>");
        kw_put_share(page, (double)report->foreign_certain / (double)report->foreign);
        kw_buffer_format(page->out, " %s</small>", kw_say(page, KW_WORD_CERTAIN));
        end_card(page);
    }
    card(page, KW_WORD_INVITED);
    kw_put_count(page, t->offered);
    end_card(page);
    put_step(page, KW_WORD_OPENS, &report->opened);
    if (report->started.measured)
        put_step(page, KW_WORD_STARTS, &report->started);
    card(page, KW_WORD_ANSWERS);
    kw_put_count(page, t->answers);
    if (t->contested) {
        kw_buffer_text(page->out, " <small>");
        kw_put_count(page, t->contested);
        kw_buffer_format(page->out, " %s</small>", kw_say(page, KW_WORD_CONTESTED));
    }
    end_card(page);
    kw_buffer_format(page->out, "<div><dt>%s (%s)</dt><dd>", kw_say(page, KW_WORD_RATE),
                     kw_say(page, kw_word_of_class(klass)));
    kw_html_rate(page, t->mature_answers[klass], t->mature[klass]);
    end_card(page);
    put_delay(page, KW_WORD_DELAY, report->median_delay_s);
    if (report->opened.measured)
        put_delay(page, KW_WORD_OPEN_DELAY, report->median_open_s);
    kw_buffer_text(page->out, "</dl>");
}

static void put_funnel_row(struct kw_writer *page, enum kw_word word, int64_t count, const char *bar, bool inner)
{
    double most = (double)page->report->total.sales;
    kw_buffer_format(page->out, "<tr%s><th scope=row>%s<td>", inner ? " class=in" : "", kw_say(page, word));
    kw_put_count(page, count);
    kw_buffer_text(page->out, "<td>");
    kw_plot_bar(page, most > 0 ? (double)count / most : 0, bar);
}

static void put_funnel(struct kw_writer *page)
{
    const struct kw_group *t = &page->report->total;
    kw_buffer_format(page->out, "<table class=\"funnel short\" aria-label=\"%s\"><tbody>",
                     kw_say(page, KW_WORD_FUNNEL));
    put_funnel_row(page, KW_WORD_SALES, t->sales, "pale", false);
    put_funnel_row(page, KW_WORD_INVITED, t->offered, "pale", false);
    for (int i = 1; i <= KW_CLASS_COUNT; i++)
        if (t->by_class[i % KW_CLASS_COUNT] > 0)
            put_funnel_row(page, kw_word_of_class(i % KW_CLASS_COUNT), t->by_class[i % KW_CLASS_COUNT], "pale", true);
    if (page->report->opened.measured)
        put_funnel_row(page, KW_WORD_OPENS, page->report->opened.count, "pale", false);
    if (page->report->started.measured)
        put_funnel_row(page, KW_WORD_STARTS, page->report->started.count, "pale", false);
    put_funnel_row(page, KW_WORD_ANSWERS, t->answers, "bar", false);
    if (page->report->any_import)
        put_funnel_row(page, KW_WORD_EXPIRED, page->report->expired, "pale", false);
    kw_buffer_text(page->out, "</tbody></table>");
    if (t->forced == 0)
        return;
    kw_buffer_text(page->out, "<p class=soft>");
    kw_put_count(page, t->forced);
    kw_buffer_format(page->out, " %s</p>", kw_say(page, KW_WORD_FORCED));
}

static void put_rates(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const struct kw_group *t = &report->total;
    int64_t k;
    struct kw_interval bounds = kw_group_bounds(t, &k);
    kw_html_heading(page, KW_WORD_RATE);
    kw_html_soft(page, KW_WORD_MATURE_ONLY);
    kw_buffer_format(page->out, "<p class=soft>%s",
                     kw_say(page, report->any_import ? KW_WORD_REACH : KW_WORD_NO_REACH));
    if (report->any_import) {
        kw_buffer_byte(page->out, ' ');
        kw_put_day(page, report->reach_day);
    }
    kw_buffer_text(page->out, "</p>");
    kw_buffer_format(page->out, "<table class=short aria-label=\"%s\"><tbody>", kw_say(page, KW_WORD_RATE));
    for (size_t i = 0; i < CLASSES; i++) {
        if (t->mature[classes[i]] == 0)
            continue;
        kw_buffer_format(page->out, "<tr><th scope=row>%s<td>", kw_say(page, kw_word_of_class(classes[i])));
        kw_html_rate(page, t->mature_answers[classes[i]], t->mature[classes[i]]);
    }
    if (k > 0) {
        kw_buffer_format(page->out, "<tr><th scope=row>%s<td><bdi dir=ltr>", kw_say(page, KW_WORD_BOUNDS));
        kw_put_interval(page, bounds);
        kw_buffer_text(page->out, "</bdi>");
    }
    if (report->p_changes && report->weighted_rate.n > 0) {
        kw_buffer_format(page->out, "<tr><th scope=row>%s<td>", kw_say(page, KW_WORD_WEIGHTED));
        kw_html_estimate(page, KW_CSAT, &report->weighted_rate, "n_eff");
    }
    kw_buffer_text(page->out, "</tbody></table>");
}

static void begin_score(struct kw_writer *page, enum kw_question question, const char *note)
{
    kw_buffer_format(page->out, "<div><dt>%s%s%s", kw_question_names[question],
                     note ? kw_say(page, KW_WORD_COMMA) : "", note ? note : "");
    if (question == KW_CES)
        kw_buffer_format(page->out, " (%s)", kw_say(page, KW_WORD_CES_DIRECTION));
    kw_buffer_text(page->out, "</dt><dd>");
}

static void put_score(struct kw_writer *page, enum kw_question question)
{
    const struct kw_score *score = &page->report->total.scores.of[question];
    struct kw_estimate e = kw_score_estimate(question, score);
    begin_score(page, question, NULL);
    if (page->report->total.hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_html_estimate(page, question, &e, "n");
    if (question == KW_CES && !page->report->total.hidden[question]) {
        kw_buffer_format(page->out, " <small>%s ", kw_say(page, KW_WORD_MEAN));
        kw_put_number(page, (double)score->sum / (double)score->n, 2);
        kw_buffer_text(page->out, "</small>");
    }
    end_card(page);
}

static void put_uncontested(struct kw_writer *page, enum kw_question question)
{
    struct kw_interval between;
    const struct kw_score *score = &page->report->uncontested.of[question];
    struct kw_estimate e = kw_score_estimate(question, score);
    begin_score(page, question, kw_say(page, KW_WORD_UNCONTESTED));
    if (kw_report_uncontested(page->report, question, &between))
        kw_html_estimate(page, question, &e, "n");
    else {
        kw_buffer_format(page->out, "%s <bdi dir=ltr>", kw_say(page, KW_WORD_BETWEEN));
        kw_put_range(page, question, between);
        kw_buffer_text(page->out, "</bdi> <small><bdi dir=ltr>n ");
        kw_put_count(page, score->n);
        kw_buffer_text(page->out, "</bdi></small>");
    }
    end_card(page);
}

static void put_refunded(struct kw_writer *page, enum kw_question question)
{
    const struct kw_group *refunded = &page->report->refunded;
    struct kw_estimate e = kw_score_estimate(question, &refunded->scores.of[question]);
    begin_score(page, question, kw_say(page, KW_WORD_REFUNDED));
    if (refunded->hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_html_estimate(page, question, &e, "n");
    end_card(page);
}

static void put_weighted(struct kw_writer *page, enum kw_question question)
{
    begin_score(page, question, "1/p");
    if (page->report->weighted_hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_html_estimate(page, question, &page->report->weighted[question], "n_eff");
    end_card(page);
}

static void put_scores(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    if (report->total.answers == 0)
        return;
    kw_html_heading(page, KW_WORD_SCORES);
    kw_buffer_text(page->out, "<dl>");
    for (int i = 0; i < KW_QUESTION_COUNT; i++) {
        enum kw_question question = (enum kw_question)i;
        if (report->total.scores.of[question].n == 0)
            continue;
        put_score(page, question);
        if (report->total.contested && !report->total.hidden[question])
            put_uncontested(page, question);
        if (report->refunded.scores.of[question].n > 0)
            put_refunded(page, question);
        if (report->p_changes)
            put_weighted(page, question);
    }
    kw_buffer_text(page->out, "</dl>");
    if (report->p_changes)
        kw_html_soft(page, KW_WORD_WEIGHTED);
}

static void put_counted(struct kw_writer *page, enum kw_word title, enum kw_word (*word_of)(int), const int64_t *counts,
                        int count)
{
    int64_t all = 0;
    for (int i = 1; i < count; i++)
        all += counts[i];
    if (all == 0)
        return;
    kw_html_heading(page, title);
    kw_buffer_format(page->out, "<table class=short aria-label=\"%s\"><tbody>", kw_say(page, title));
    for (int i = 1; i < count; i++) {
        if (counts[i] == 0)
            continue;
        kw_buffer_format(page->out, "<tr><th scope=row>%s<td>", kw_say(page, word_of(i)));
        kw_put_count(page, counts[i]);
    }
    kw_buffer_text(page->out, "</tbody></table>");
}

static void put_weeks(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_WEEK, KW_WORD_RATE, KW_WORD_LIMITS };
    kw_buffer_format(page->out, "<details><summary>%s</summary>", kw_say(page, KW_WORD_TABLE));
    kw_html_table(page, "", KW_WORD_TREND, columns, 3);
    kw_html_rows(page);
    for (size_t i = 0; i < page->report->week_count; i++) {
        const struct kw_week *week = &page->report->weeks[i];
        kw_buffer_text(page->out, "<tr><th scope=row>");
        kw_put_day(page, week->day);
        kw_buffer_text(page->out, "<td>");
        kw_html_rate(page, week->answers, week->delivered);
        kw_buffer_text(page->out, "<td><bdi dir=ltr>");
        kw_put_count(page, week->low);
        kw_buffer_text(page->out, "\u2013");
        kw_put_count(page, week->high);
        kw_buffer_format(page->out, "</bdi>%s%s", week->beyond ? " " : "",
                         week->beyond ? kw_say(page, KW_WORD_BEYOND) : "");
        if (week->is_part)
            kw_buffer_format(page->out, " <small>%s</small>", kw_say(page, KW_WORD_PART_WEEK));
    }
    kw_html_end_table(page);
    kw_buffer_text(page->out, "</details>");
}

static void put_trend(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_html_heading(page, KW_WORD_TREND);
    if (report->week_count == 0) {
        kw_buffer_format(page->out, "<p>%s</p>", kw_say(page, KW_WORD_IMMATURE));
        return;
    }
    kw_plot_trend(page);
    kw_buffer_format(page->out, "<p class=soft>%s <bdi dir=ltr>", kw_say(page, KW_WORD_MEAN));
    kw_put_share(page, report->trend.mean);
    kw_buffer_format(page->out, "</bdi>%s- - - %s</p>", kw_say(page, KW_WORD_SEMICOLON),
                     kw_say(page, KW_WORD_LIMITS));
    if (report->trend.run_of_eight)
        kw_buffer_format(page->out, "<p class=warn>%s</p>", kw_say(page, KW_WORD_RUN));
    if (report->trend.falling) {
        kw_buffer_format(page->out, "<p class=warn>%s%s<bdi dir=ltr>", kw_say(page, KW_WORD_FALLING),
                         kw_say(page, KW_WORD_COLON));
        kw_put_p(page, report->trend.p);
        kw_buffer_text(page->out, "</bdi></p>");
    }
    put_weeks(page);
}

static void put_days(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_DAY, KW_WORD_INVITED, KW_WORD_ANSWERS };
    const struct kw_report *report = page->report;
    size_t from = report->cohort_count > MOST_DAYS ? report->cohort_count - MOST_DAYS : 0;
    kw_html_heading(page, KW_WORD_COHORTS);
    kw_plot_cohorts(page);
    kw_buffer_format(page->out,
                     "<p class=soft><span class=\"key pale\"></span>%s <span class=\"key bar\"></span>%s "
                     "<span class=\"key pale immature\"></span>%s</p><details><summary>%s</summary>",
                     kw_say(page, KW_WORD_INVITED), kw_say(page, KW_WORD_ANSWERS), kw_say(page, KW_WORD_IMMATURE),
                     kw_say(page, KW_WORD_TABLE));
    kw_html_table(page, "", KW_WORD_COHORTS, columns, 3);
    kw_html_rows(page);
    for (size_t i = from; i < report->cohort_count; i++) {
        const struct kw_cohort *c = &report->cohorts[i];
        kw_buffer_text(page->out, "<tr><th scope=row>");
        kw_put_day(page, c->day);
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, c->delivered);
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, c->answers);
        if (!c->mature)
            kw_buffer_format(page->out, " <small>%s</small>", kw_say(page, KW_WORD_IMMATURE));
    }
    kw_html_end_table(page);
    kw_buffer_text(page->out, "</details>");
}

static void put_in_time(struct kw_writer *page, enum kw_word word, const struct kw_in_time *count)
{
    card(page, word);
    kw_html_rate(page, count->in_time, count->all);
    end_card(page);
}

static void put_alerts(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_html_heading(page, KW_WORD_ALERTS);
    kw_buffer_text(page->out, "<dl>");
    card(page, KW_WORD_ALERTS);
    kw_put_count(page, report->alerts);
    kw_buffer_format(page->out, " <small>%s ", kw_say(page, KW_WORD_OPEN_ALERTS));
    kw_put_count(page, report->alerts_open);
    kw_buffer_text(page->out, "</small>");
    end_card(page);
    put_delay(page, KW_WORD_ACKNOWLEDGED, report->median_acknowledge_s);
    put_delay(page, KW_WORD_CLOSED, report->median_close_s);
    put_in_time(page, KW_WORD_TAKEN_IN_TIME, &report->taken_in_time);
    put_in_time(page, KW_WORD_CLOSED_IN_TIME, &report->closed_in_time);
    card(page, KW_WORD_REPLIES_SEEN);
    kw_put_count(page, report->replies_seen);
    end_card(page);
    kw_buffer_text(page->out, "</dl>");
    if (report->low_p < KW_REPORT_CLUSTER_P) {
        kw_buffer_format(page->out, "<p class=warn>%s%s", kw_say(page, KW_WORD_CLUSTER), kw_say(page, KW_WORD_COLON));
        kw_put_count(page, report->low_now);
        kw_buffer_format(page->out, "%s%s ", kw_say(page, KW_WORD_SEMICOLON), kw_say(page, KW_WORD_USUAL));
        kw_put_number(page, report->low_mean, 1);
        kw_buffer_format(page->out, "%s<bdi dir=ltr>", kw_say(page, KW_WORD_SEMICOLON));
        kw_put_p(page, report->low_p);
        kw_buffer_text(page->out, "</bdi></p>");
    }
}

static void put_chain(struct kw_writer *page)
{
    kw_buffer_format(page->out, "<p class=soft>%s%s<bdi dir=ltr>%lld-", kw_say(page, KW_WORD_HEAD),
                     kw_say(page, KW_WORD_COLON),
                    
                     (long long)page->report->head_n);
    for (int i = 0; i < 8; i++)
        kw_buffer_format(page->out, "%02x", page->report->head[i]);
    kw_buffer_text(page->out, "</bdi></p></main></body></html>\n");
}

void kw_report_html(const struct kw_report *report, const char *language, struct kw_buffer *out)
{
    struct kw_writer page = kw_writer_begin(report, language, true, out);
    put_head(&page);
    put_behind(&page);
    kw_html_focus(&page);
    kw_html_scores(&page);
    put_cards(&page);
    put_funnel(&page);
    put_rates(&page);
    put_scores(&page);
    kw_html_own(&page);
    kw_html_experiments(&page);
    put_trend(&page);
    put_days(&page);
    kw_html_breakdowns(&page);
    put_counted(&page, KW_WORD_SUPPRESSED, kw_word_of_reason, report->total.suppressed, KW_SUPPRESSION_LIMIT);
    put_counted(&page, KW_WORD_VERDICTS, kw_word_of_verdict, report->verdicts, KW_VERDICT_COUNT);
    if (kw_report_shows_signs(report))
        kw_html_signs(&page);
    put_alerts(&page);
    put_chain(&page);
}
