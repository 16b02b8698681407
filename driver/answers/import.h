/* import.h - a file of answers into a book: checked as a whole first, then taken in small batches. */
#ifndef KW_ANSWERS_IMPORT_H
#define KW_ANSWERS_IMPORT_H

#include "answers/table.h"
#include "answers/times.h"
#include "answers/values.h"
#include "answers/verdict.h"
#include "base/shop_days.h"
#include "record/book.h"

enum { KW_COLUMN_NAME = 80, KW_IMPORT_ODD = 20, KW_FAULT_TEXT = 400 };

/* A row that could not be read: its place, and what is wrong there. */
struct kw_odd_row { int64_t line; char fault[KW_FAULT_TEXT]; };

struct kw_import_options {
    const char *path, *staging_directory;
    const struct kw_platform *platform;
    const char *own[KW_ROLE_COUNT];
    const char *encoding, *zone, *dates, *form;     /* NULL: what the file or the platform says */
    int header_rows;                                /* 0: the platform's */
    enum kw_clock_change clock_change;
    bool strict;                                    /* one row that cannot be read refuses the file */
    const char *sheet;                              /* of a workbook: its name or number; NULL: the first shown */
    int64_t header_at;                              /* line of the header; 0: the first that is not empty */
    struct kw_import_question { const char *name, *header; int low, high; } questions[KW_OWN_QUESTIONS];
    size_t question_count;
    const struct kw_score_label *labels;
    size_t label_count;
    struct kw_shop_days shop;                       /* also of times that nobody says the zone of */
    int64_t today;
    struct kw_key_lookup keys;
    void (*progress)(void *data, const char *stage, int64_t done);      /* may be NULL */
    void *progress_data;
};

/* rows = added + known + previews + opened + started. The last two are rows of events before an answer. */
struct kw_import_result {
    int64_t rows, added, known, previews, opened, started;
    int64_t twins;                                  /* new ones with the id of another answer and another code */
    int64_t edited;                                 /* known ones with other scores, which stay as they were */
    int64_t filled;                                 /* known ones that had no scores and no comment until now */
    int64_t future;                                 /* dated after now */
    int64_t unreadable;                             /* rows of a cell that means nothing; kept by that verdict */
    struct kw_odd_row odd[KW_IMPORT_ODD];           /* the first of them */
    int64_t verdicts[KW_VERDICT_COUNT];             /* of the added ones; used: their sale had an answer already */
    int64_t new_events;                             /* of sales that had no such event yet */
    int64_t event_verdicts[KW_VERDICT_COUNT];       /* of all rows of events */
    int64_t reach_ms, rejudged;
    char columns[KW_ROLE_COUNT][KW_COLUMN_NAME];    /* what each role was found as, "" not found */
};

/*
 * Rows that cannot be read are kept as such, unless that goes for all of them, or in a long file for most: then it is
 * the wrong file. On a fault of the file nothing is changed, and the error names its line and column.
 */
int kw_import_file(const struct kw_book *book, const struct kw_import_options *options,
                   struct kw_import_result *result, struct kw_error *error);
/* Only reads and counts the rows (also for fuzzing): no book. */
int kw_import_check(const struct kw_import_options *options, FILE *file, int64_t *rows, struct kw_error *error);

#endif
