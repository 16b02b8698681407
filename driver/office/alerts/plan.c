/* plan.c - the rules of telling people, as plain functions. */
#include "office/alerts/plan.h"

#include <string.h>

enum { MINUTE_MS = 60000, DAY_MINUTES = 1440, HOUR_MS = 60 * MINUTE_MS };

static const char *const words[KW_NOTICE_COUNT] = {
#define WORD(name, word) word,
    KW_NOTICES(WORD)
#undef WORD
};

const char *kw_notice_word(enum kw_notice_kind kind)
{
    return words[kind];
}

enum kw_notice_kind kw_notice_of_word(const char *word)
{
    int kind = 0;
    while (kind < KW_NOTICE_COUNT && strcmp(words[kind], word) != 0)
        kind++;
    return (enum kw_notice_kind)kind;
}

enum kw_notice_kind kw_notice_first(const struct kw_alert *alert)
{
    return strcmp(alert->kind, "contact") == 0 ? KW_NOTICE_CONTACT
        : strcmp(alert->kind, "message") == 0  ? KW_NOTICE_MESSAGE : KW_NOTICE_LOW;
}

bool kw_notice_is_due(const struct kw_plan_rules *rules, const struct kw_alert *alert, enum kw_notice_kind kind,
                      int64_t now_ms)
{
    const int64_t told_ms = alert->told_ms;
    if (alert->acknowledged_ms || alert->closed_ms)
        return false;
    switch (kind) {
    case KW_NOTICE_LOW:
        return kind == kw_notice_first(alert) && now_ms >= alert->raised_ms + rules->wait_ms;
    case KW_NOTICE_REMINDER:
        return told_ms > 0 && now_ms >= told_ms + rules->remind_ms;
    case KW_NOTICE_ESCALATION:
        return rules->escalates && told_ms > 0 && now_ms >= told_ms + 2 * rules->remind_ms;
    default:
        return kind == kw_notice_first(alert);
    }
}

int64_t kw_quiet_ms(const struct kw_plan_rules *rules, int minute)
{
    const int from = rules->quiet_from, until = rules->quiet_until;
    const bool quiet = from <= until ? minute >= from && minute < until : minute >= from || minute < until;
    return quiet ? (int64_t)((until - minute + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS : 0;
}

int64_t kw_retry_ms(int tries, uint32_t seed)
{
    static const int64_t steps[] = { 5000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS,
                                     10 * HOUR_MS };
    if (tries < 1 || (size_t)tries > sizeof steps / sizeof steps[0])
        return 0;
    return steps[tries - 1] + steps[tries - 1] / 10 * (int64_t)(seed % 1000) / 1000;
}
