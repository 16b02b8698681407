/* answer.c - the words of verdicts, and the rules by which an answer is judged. */
#include "record/answer.h"

#include "base/clock.h"

#include <ctype.h>
#include <stddef.h>

enum { LOW_CSAT = 2, LOW_NPS = 6, EARLY_MS = 60000 /* clocks differ */ };

const char *kw_verdict_word(enum kw_verdict verdict)
{
    static const char *const words[] = {
#define VERDICT(name, number, word, ...) [number] = word,
#include "data/verdicts.def"
#undef VERDICT
    };
    return verdict > 0 && verdict < KW_VERDICT_COUNT ? words[verdict] : "unknown";
}

static bool is_late(const struct kw_answer *answer, const struct kw_touchpoint *sale, const struct kw_shop_days *days)
{
    return sale->expires_day > 0 && answer->submitted_ms > 0
        && kw_till_day(days, answer->submitted_ms, kw_touchpoint_time(sale), sale->offset_minutes) > sale->expires_day;
}

int kw_verdict_of_sale(const struct kw_answer *answer, const struct kw_touchpoint *sale,
                       const struct kw_shop_days *days)
{
    if (sale->reason != 0)
        return KW_VERDICT_UNISSUED;
    if (sale->variant != answer->variant || sale->flag != answer->flag || sale->kid != answer->kid)
        return KW_VERDICT_CONFLICT;
    if (sale->annulled_ms > 0 && answer->submitted_ms >= sale->annulled_ms)
        return KW_VERDICT_ANNULLED;
    if (answer->submitted_ms > 0 && answer->submitted_ms < sale->ts_ms - EARLY_MS)
        return KW_VERDICT_EARLY;
    return is_late(answer, sale, days) ? KW_VERDICT_EXPIRED : KW_VERDICT_MATCHED;
}

int kw_verdict_when_whole(const struct kw_answer *answer)
{
    bool counts = answer->verdict == KW_VERDICT_MATCHED || answer->verdict == KW_VERDICT_NO_TOKEN;
    return counts && !answer->complete ? KW_VERDICT_INCOMPLETE : answer->verdict;
}

bool kw_answer_is_odd(const struct kw_answer *answer)
{
    return answer->verdict == KW_VERDICT_INCOMPLETE || answer->verdict == KW_VERDICT_UNREADABLE;
}

static bool says_something(const struct kw_answer *answer)
{
    return answer->nps != KW_SCORE_NONE || answer->csat != KW_SCORE_NONE || answer->ces != KW_SCORE_NONE
           || (answer->comment && answer->comment[0]) || (answer->own && answer->own[0]);
}

bool kw_answer_is_heard(const struct kw_answer *came, const struct kw_answer_stored *stored)
{
    return stored->id == 0 || (stored->incomplete && !kw_answer_is_odd(came));
}

enum kw_answer_change kw_answer_becomes(const struct kw_answer *came, const struct kw_answer_stored *stored, bool twin)
{
    if (stored->left_behind || kw_answer_is_heard(came, stored))
        return twin ? KW_ANSWER_TWIN : KW_ANSWER_ADDED;
    if (stored->bare && !kw_answer_is_odd(came) && says_something(came))
        return KW_ANSWER_FILLED;
    return stored->edited ? KW_ANSWER_EDITED : KW_ANSWER_KNOWN;
}

const char *kw_answer_alert(const struct kw_answer *answer)
{
    if (answer->verdict == KW_VERDICT_MESSAGE)
        return "message";
    if (answer->contact)
        return "contact";
    if (answer->csat != KW_SCORE_NONE && answer->csat <= LOW_CSAT)
        return "low_csat";
    bool low = answer->nps != KW_SCORE_NONE && answer->nps <= LOW_NPS;
    return low && answer->comment && answer->comment[0] ? "low_nps" : NULL;
}

void kw_thanks_spell(const char *typed, char out[KW_THANKS_TEXT])
{
    size_t length = 0;
    for (; *typed && length < KW_THANKS_TEXT - 1; typed++) {
        const char c = (char)toupper((unsigned char)*typed);
        if (c != ' ' && c != '-')
            out[length++] = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
    }
    out[length] = 0;
}

int kw_thanks_refuse(int64_t redeemed_ms, struct kw_error *error)
{
    char when[32];
    kw_time_text_utc(redeemed_ms, when);
    return redeemed_ms == 0
               ? kw_fail(error, KWIT_E_NOT_FOUND, "redeem", "no thank-you was given with this code")
               : kw_fail(error, KWIT_E_CONFLICT, "redeem", "this thank-you was redeemed already, at %s", when);
}
