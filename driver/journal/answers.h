/*
 * answers.h - what customers answered: imported files, verdicts on tokens, alerts. All answers are kept; of several to
 * one token the earliest submission counts.
 */
#ifndef KW_JOURNAL_ANSWERS_H
#define KW_JOURNAL_ANSWERS_H

#include "base/error.h"
#include "base/shop_days.h"
#include "record/answer.h"

struct kw_journal;

/*
 * The key by which importing the same answer again is known: its id on the platform, else form, time and token. Small
 * numbers are no id by themselves: each form begins with 1. token: as it is spelled once blanks and case are gone.
 */
void kw_answer_make_key(struct kw_answer *answer, const char *platform, const char *form, const char *response_id,
                        const char *token);
/* The verdict on an opened token against the journal: CONFLICT, UNISSUED, UNCOVERED, EXPIRED or MATCHED, and its sale.
 */
int kw_answer_judge(struct kw_journal *journal, struct kw_answer *answer, const struct kw_shop_days *days,
                    int64_t *sale, struct kw_error *error);
/* Whether a complete import holds a valid answer for this sale. */
int kw_answer_used(struct kw_journal *journal, int64_t sale, bool *used, struct kw_error *error);

/* Whether the journal holds an answer to this sale under another key, also of an import that goes on. */
int kw_answer_other(struct kw_journal *journal, int64_t sale, const uint8_t key[KW_ANSWER_KEY], bool *other,
                    struct kw_error *error);

/* An import is invisible until it is finished. */
int kw_import_begin(struct kw_journal *journal, const char *platform, const char *form, int64_t *import,
                    struct kw_error *error);
struct kw_import_totals { int64_t rows, reach_ms, opened, started; };       /* the last two: rows of such events */
int kw_import_finish(struct kw_journal *journal, int64_t import, const struct kw_import_totals *totals,
                     struct kw_error *error);
/* Inside a transaction. */
int kw_answer_add(struct kw_journal *journal, int64_t import, const struct kw_answer *answer, int64_t sale,
                  enum kw_answer_change *change, struct kw_error *error);
/* Judges uncovered answers again (a till's journal was merged), at most 200 a transaction. */
int kw_answers_rejudge(struct kw_journal *journal, const struct kw_shop_days *days, int64_t *changed,
                       struct kw_error *error);

/* A private database beside the journal where a file is checked before any of it is merged. */
struct kw_staging;
int kw_staging_open(const char *directory, struct kw_staging **staging, struct kw_error *error);
int kw_staging_add(struct kw_staging *staging, const struct kw_answer *answer, struct kw_error *error);
/* The next row in order of the file: 1, 0 at the end, or an error. Strings live until the next call. */
int kw_staging_next(struct kw_staging *staging, struct kw_answer *answer, struct kw_error *error);
void kw_staging_close(struct kw_staging *staging);      /* and removes it */

#endif
