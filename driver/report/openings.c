/* openings.c - the steps of the funnel between paper and answer, and the look at a reply, where the own page tells. */
#include "report/gathering.h"

struct delays { struct kw_report *report; struct kw_durations until_opened; };

static int take_opening(void *data, const struct kw_opening *opening)
{
    struct delays *delays = data;
    struct kw_report *report = delays->report;
    bool opened = opening->event == KW_EVENT_OPENED;
    if (opening->event == KW_EVENT_REPLY_SEEN) {
        report->replies_seen++;
        return 0;
    }
    struct kw_step *step = opened ? &report->opened : &report->started;
    step->count++;
    step->by_class[opening->klass]++;
    if (!opened || opening->printed_ms == 0 || opening->first_ms < opening->printed_ms)
        return 0;
    return kw_duration_add(report->arena, &delays->until_opened, opening->printed_ms, opening->first_ms)
               ? 0 : KWIT_E_NO_MEMORY;
}

int kw_openings_gather(const struct kw_book *book, struct kw_report *report, struct kw_error *error)
{
    struct delays delays = { .report = report };
    struct kw_opening_measured measured;
    int code = book->calls->measured(book->store, &measured, error);
    if (code == 0)
        code = book->calls->openings(book->store, report->first_day, report->last_day, take_opening, &delays, error);
    if (code < 0)
        return code;
    report->opened.measured = measured.opened;
    report->started.measured = measured.started;
    report->median_open_s = kw_median(&delays.until_opened);
    return 0;
}
