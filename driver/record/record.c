/* record.c - the words of what is recorded. */
#include "record/record.h"

#include <stddef.h>

const char *kw_event_word(enum kw_event event)
{
    static const char *const words[] = {
#define EVENT(name, number, word) [number] = word,
#include "data/events.def"
#undef EVENT
    };
    return event > 0 && (size_t)event < sizeof words / sizeof words[0] && words[event] ? words[event] : "unknown";
}

const char *kw_class_word(enum kw_class klass)
{
    static const char *const words[] = {
#define CLASS(name, number, word, ...) [number] = word,
#include "data/classes.def"
#undef CLASS
    };
    return klass >= 0 && klass < KW_CLASS_COUNT ? words[klass] : "unknown";
}

bool kw_class_is_paper(enum kw_class klass)
{
    return klass == KW_CLASS_PROVEN || klass == KW_CLASS_SENT || klass == KW_CLASS_UNCONFIRMED
           || klass == KW_CLASS_SEEN;
}

const char *kw_kind_word(enum kw_sale_kind kind)
{
    static const char *const words[] = {
#define KIND(name, number, word, ...) [number] = word,
#include "data/kinds.def"
#undef KIND
    };
    return (size_t)kind < sizeof words / sizeof words[0] ? words[kind] : "other";
}

enum kw_class kw_class_of_event(enum kw_event event)
{
    switch (event) {
    case KW_EVENT_PRINTED:
        return KW_CLASS_PROVEN;
    case KW_EVENT_SENT:
        return KW_CLASS_SENT;
    case KW_EVENT_UNCONFIRMED:
        return KW_CLASS_UNCONFIRMED;
    case KW_EVENT_PRINT_FAILED:
        return KW_CLASS_NOT_PRINTED;
    case KW_EVENT_SEEN_BY_PERSON:
        return KW_CLASS_SEEN;
    case KW_EVENT_MISSING_BY_PERSON:
        return KW_CLASS_MISSING;
    default:
        return KW_CLASS_UNTOLD;
    }
}

int64_t kw_touchpoint_time(const struct kw_touchpoint *touchpoint)
{
    return touchpoint->sold_ms ? touchpoint->sold_ms : touchpoint->ts_ms;
}

int kw_touchpoint_hour(const struct kw_touchpoint *touchpoint)
{
    enum { MINUTES_PER_DAY = 1440 };
    int64_t minutes = kw_touchpoint_time(touchpoint) / 60000 + touchpoint->offset_minutes;
    return (int)(((minutes % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY / 60);
}
