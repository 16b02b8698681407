/* own.h - the shop's own questions in a report. */
#ifndef KW_REPORT_OWN_H
#define KW_REPORT_OWN_H

#include "record/own.h"
#include "report/tau.h"

/* So many answers to a question and to the main score, before it is told whether they go together. */
enum { KW_OWN_LEAST = 50 };

struct kw_own_asked { const char *name, *text; int low, high; };

struct kw_own_result {
    const struct kw_own_asked *asked;
    int64_t n, sum, by_grade[KW_TAU_GRADES];
    int64_t pairs;                          /* answers that have the main score as well */
    bool tested;                            /* enough of them, and not all alike */
    double tau;
    struct kw_interval interval;            /* all that were tested together: 95 % */
};

/* What the interval allows to say; never that one is the cause of the other. */
enum kw_own_word { KW_OWN_TOO_FEW, KW_OWN_WITH, KW_OWN_AGAINST, KW_OWN_NEITHER };
enum kw_own_word kw_own_goes(const struct kw_own_result *own);

struct kw_gathering;
struct kw_counted;
struct kw_json;
struct kw_report;
struct kw_writer;
int kw_own_begin(struct kw_gathering *gathering);
void kw_own_answer(struct kw_gathering *gathering, const struct kw_counted *answer);
void kw_own_end(struct kw_gathering *gathering);

void kw_own_text(struct kw_writer *page);
void kw_own_json(struct kw_json *json, const struct kw_report *report);

#endif
