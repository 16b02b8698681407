/* answer.h - what a customer answered, and the verdict on the token that came with it. */
#ifndef KW_RECORD_ANSWER_H
#define KW_RECORD_ANSWER_H

#include "base/error.h"
#include "base/shop_days.h"
#include "record/record.h"

/* What the code of an answer proved to be. */
enum kw_verdict {
#define VERDICT(name, number, ...) KW_VERDICT_##name = number,
#include "data/verdicts.def"
#undef VERDICT
    KW_VERDICT_COUNT                    /* one above the last */
};
const char *kw_verdict_word(enum kw_verdict verdict);

enum { KW_ANSWER_KEY = 16, KW_ANSWER_BATCH = 200, KW_SCORE_NONE = -1 };

struct kw_answer {
    int64_t id, submitted_ms;               /* 0: not known */
    uint8_t key[KW_ANSWER_KEY];             /* the same for the same answer, whenever it comes in again */
    const char *token;                      /* as typed */
    bool opened;                            /* a key opened it: the fields below count */
    uint8_t kid, variant, flag;
    uint32_t handle, seq;
    int64_t day;                            /* absolute */
    enum kw_verdict verdict;                            /* static part: never USED */
    int nps, csat, ces;                     /* KW_SCORE_NONE: not asked */
    bool contact, complete;
    const char *language, *comment;
    const char *own;                        /* to the shop's own questions (record/own.h); "" none */
    const char *fault;                      /* what of its row could not be read, ""; then its verdict is UNREADABLE */
    enum kw_event event;                              /* KW_EVENT_COMPLETED: an answer; else what the page saw before */
    int64_t line;                           /* of the file; kept where the row could not be read */
};

/* The verdict on an opened token against its sale: UNISSUED, CONFLICT, ANNULLED, EARLY, EXPIRED or MATCHED. */
int kw_verdict_of_sale(const struct kw_answer *answer, const struct kw_touchpoint *sale,
                       const struct kw_shop_days *days);
/* The answer's verdict, but INCOMPLETE where it was broken off and would have counted. */
int kw_verdict_when_whole(const struct kw_answer *answer);
/* The kind of alert that it raises; NULL: none. */
const char *kw_answer_alert(const struct kw_answer *answer);

/* The code of a thank-you as it is meant, however it is typed: without blanks, in capitals; O is 0, I and L 1. */
enum { KW_THANKS_TEXT = 41, KW_THANKS_MARK = 16 };
void kw_thanks_spell(const char *typed, char out[KW_THANKS_TEXT]);
/* Why one is not redeemed: CONFLICT where it was before, at that time; NOT_FOUND (0): none was given with that code. */
int kw_thanks_refuse(int64_t redeemed_ms, struct kw_error *error);

/*
 * What became of an answer that came in: new; known; or known without scores and comment, which it brings now; or
 * known with other scores, which stay. One that an import left behind that never ended is new, and the same goes for
 * one that was broken off or unreadable then and is whole now. A twin is new, though its platform's id is that of an
 * answer with another code.
 */
enum kw_answer_change { KW_ANSWER_KNOWN, KW_ANSWER_ADDED, KW_ANSWER_FILLED, KW_ANSWER_EDITED, KW_ANSWER_TWIN };

/* What a store holds under the key of one that comes in; id 0: nothing. */
struct kw_answer_stored {
    int64_t id;
    bool left_behind;                       /* by an import that never ended */
    bool incomplete;                        /* broken off, or unreadable */
    bool bare;                              /* without scores and words */
    bool edited;                            /* with other scores */
    bool other_code;                        /* of another code: the one that comes is a twin, under another key */
};
enum kw_answer_change kw_answer_becomes(const struct kw_answer *came, const struct kw_answer_stored *stored, bool twin);
/* Broken off or unreadable. */
bool kw_answer_is_odd(const struct kw_answer *answer);
/* Whether its sale hears of it now, and so may an alert: it is new, or whole by now. */
bool kw_answer_is_heard(const struct kw_answer *came, const struct kw_answer_stored *stored);

#endif
