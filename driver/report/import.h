/* import.h - a file of answers into the journal: checked as a whole first, then merged in small transactions. */
#ifndef KW_REPORT_IMPORT_H
#define KW_REPORT_IMPORT_H

#include "report/table.h"
#include "report/times.h"
#include "report/values.h"
#include "report/verdict.h"

struct kw_import_options {
    const char *path, *staging_directory;
    const struct kw_platform *platform;
    const char *own[KW_ROLE_COUNT];
    const char *encoding, *zone, *dates, *form;     /* NULL: what the file or the platform says */
    const char *shop_zone;                          /* of times that nobody says the zone of; NULL: UTC */
    int header_rows;                                /* 0: the platform's */
    int clock_change;                               /* enum kw_clock_change */
    const struct kw_score_label *labels;
    size_t label_count;
    int day_starts_minutes, offset_minutes;         /* of the shop, for the day of a submission */
    int64_t today;
    struct kw_key_lookup keys;
    void (*progress)(void *data, const char *stage, int64_t done);      /* may be NULL */
    void *progress_data;
};

struct kw_import_result {
    int64_t rows, added, known, previews;           /* rows = added + known + previews */
    int64_t verdicts[KW_VERDICT_COUNT];             /* of the added ones */
    int64_t reach_ms, rejudged;
};

/* On a fault of the file nothing is changed, and the error names its line and column. */
int kw_import_file(struct kw_journal *journal, const struct kw_import_options *options, struct kw_import_result *result,
                   struct kw_error *error);
/* Only reads and counts the rows (also for fuzzing): no journal. */
int kw_import_check(const struct kw_import_options *options, FILE *file, int64_t *rows, struct kw_error *error);

#endif
