/*
 * answers.h - what customers answered: imported files, verdicts on tokens, alerts. All answers are kept; of several to
 * one token the earliest submission counts.
 */
#ifndef KW_JOURNAL_ANSWERS_H
#define KW_JOURNAL_ANSWERS_H

#include "record/book.h"

struct kw_journal;

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
int kw_import_finish(struct kw_journal *journal, int64_t import, const struct kw_intake_totals *totals,
                     struct kw_error *error);
/* Inside a transaction. */
int kw_answer_add(struct kw_journal *journal, int64_t import, const struct kw_answer *answer, int64_t sale,
                  enum kw_answer_change *change, struct kw_error *error);
/*
 * Inside a transaction: the alert of that answer, where it raises one and there is none yet, with its event;
 * to an open one a wish to be contacted is added, and it is told again.
 */
int kw_alert_raise(struct kw_journal *journal, int64_t id, const struct kw_answer *answer, int64_t sale,
                   struct kw_error *error);
/*
 * The sealed address that came with an alert's answer, at most `size` bytes of it; NOT_FOUND: none was left, or it is
 * forgotten.
 */
int kw_alert_contact(struct kw_journal *journal, int64_t alert, void *sealed, size_t size, size_t *length,
                     struct kw_error *error);
/* Inside a transaction: a closed alert's address is forgotten 14 days later, if not before. */
int kw_contact_end(struct kw_journal *journal, int64_t alert, int64_t now_ms, struct kw_error *error);
/* Forgets addresses whose time is over. */
int kw_contacts_forget(struct kw_journal *journal, int64_t now_ms, struct kw_error *error);
/* Judges uncovered answers again (a till's journal was merged), at most 200 a transaction. */
int kw_answers_rejudge(struct kw_journal *journal, const struct kw_shop_days *days, int64_t *changed,
                       struct kw_error *error);

/*
 * In a durable transaction of its own: all that was said with this code is erased, as its customer can do it; *count
 * answers. That there were some still counts. *ordered: its till is told to erase the sale; false: it does not push
 * here.
 */
int kw_answers_erase(struct kw_journal *journal, const struct kw_answer *answer, int64_t *count, bool *ordered,
                     struct kw_error *error);

#endif
