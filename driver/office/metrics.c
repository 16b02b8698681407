/* metrics.c - GET /metrics: counters in Prometheus' text form, for this machine alone. */
#include "office/internal.h"

static void put(struct kw_buffer *out, const char *name, const char *kind, const char *help, int64_t value)
{
    kw_buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, kind, name, (long long)value);
}

void kw_office_metrics(struct kw_office *office, struct kw_http_exchange *exchange)
{
    enum { CEILING = 16 * 1024 };
    static const char batches[] = "kwit_batches_total";
    struct kw_writer_counts counts, tills;
    struct kw_buffer out;
    kw_writer_counts(office->writer, &counts);
    kw_writer_counts(office->taker, &tills);
    kw_buffer_init(&out, CEILING);
    put(&out, "kwit_submissions_total", "counter", "What customers handed in, on disk.", counts.writes);
    put(&out, "kwit_commits_total", "counter", "Transactions that held them.", counts.commits);
    put(&out, "kwit_submissions_failed_total", "counter", "What customers handed in and were told is not saved.",
        counts.failed);
    put(&out, "kwit_waiting", "gauge", "What waits for the writer.", counts.waiting);
    put(&out, "kwit_batches_waiting", "gauge", "What waits for the store of what tills push.", tills.waiting);
    kw_buffer_format(&out, "# HELP %s Batches of tills, by what was said of them.\n# TYPE %s counter\n", batches,
                     batches);
    for (int outcome = KW_BATCH_TAKEN; outcome < KW_WRITER_OUTCOMES; outcome++)
        if (outcome == KW_BATCH_TAKEN || tills.batches[outcome] > 0)
            kw_buffer_format(&out, "%s{outcome=\"%s\"} %lld\n", batches, kw_batch_word(outcome),
                             (long long)tills.batches[outcome]);
    if (out.failed)
        kw_office_send(office, exchange, 503, "text/plain", NULL, "503\n", 4);
    else
        kw_office_send(office, exchange, 200, "text/plain; version=0.0.4; charset=utf-8", NULL, out.data, out.length);
    kw_buffer_free(&out);
}
