/* openings.c - the steps of the funnel between paper and answer, where the shop's own page tells of them. */
#include "journal/openings.h"
#include "report/gather.h"

struct delays { struct kw_report *report; double *values; size_t count, capacity; };

static int take_opening(void *data, const struct kw_opening *opening)
{
    struct delays *delays = data;
    struct kw_report *report = delays->report;
    bool opened = opening->event == KW_EVENT_OPENED;
    struct kw_step *step = opened ? &report->opened : &report->started;
    step->count++;
    step->by_class[opening->klass]++;
    if (!opened || opening->printed_ms == 0 || opening->first_ms < opening->printed_ms)
        return 0;
    double *grown = kw_arena_grow(report->arena, delays->values, delays->count, &delays->capacity, sizeof *grown);
    if (!grown)
        return KWIT_E_NO_MEMORY;
    delays->values = grown;
    grown[delays->count++] = (double)(opening->first_ms - opening->printed_ms) / 1000;
    return 0;
}

int kw_openings_gather(struct kw_journal *journal, struct kw_report *report, struct kw_error *error)
{
    struct delays delays = { .report = report };
    struct kw_opening_measured measured;
    int code = kw_summary_measured(journal, &measured, error);
    if (code == 0)
        code = kw_summary_openings(journal, report->first_day, report->last_day, take_opening, &delays, error);
    if (code < 0)
        return code;
    report->opened.measured = measured.opened;
    report->started.measured = measured.started;
    report->median_open_s = kw_median(delays.values, delays.count);
    return 0;
}
