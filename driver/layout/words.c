/* words.c - texts put together: the receipt's words in one language or two, what they name, numbers in one piece. */
#include "layout/flow.h"

#include "base/fold.h"

#include <stdarg.h>
#include <string.h>

static void out_of_memory(struct flow *flow)
{
    if (flow->code == 0)
        flow->code = kw_fail(flow->error, KWIT_E_NO_MEMORY, "", "out of memory while laying out the receipt");
}

const char *flow_format(struct flow *flow, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = kw_arena_format_list(flow->arena, format, arguments);
    va_end(arguments);
    if (!text)
        out_of_memory(flow);
    return text ? text : "";
}

const char *flow_copy(struct flow *flow, const char *text, size_t length)
{
    const char *copy = kw_arena_copy(flow->arena, text, length);
    if (!copy)
        out_of_memory(flow);
    return copy ? copy : "";
}

const char *flow_joined(struct flow *flow, const char *one, const char *two, const char *three)
{
    const char *text = kw_arena_joined(flow->arena, one, two, three);
    if (!text)
        out_of_memory(flow);
    return text ? text : "";
}

/* A sign at the end of a word stays behind it where the receipt runs the other way. */
static const char *mark_behind(const struct flow *flow, const char *word)
{
    bool rtl = kw_locale_is_rtl(flow->customer);
    size_t length = strlen(word);
    if (rtl == flow->mirrored || length == 0 || word[length - 1] != '!')
        return "";
    return rtl ? "\u200F" : "\u200E";
}

const char *flow_label(struct flow *flow, enum kw_label label)
{
    const char *one = kw_locale_label(flow->locale, label);
    const char *two = flow->customer ? kw_locale_label_in(flow->customer, label, kw_locale_country(flow->locale)) : one;
    return strcmp(one, two) == 0 ? one : flow_format(flow, "%s / %s%s", one, two, mark_behind(flow, two));
}

/* Labels that end in an abbreviation or a number sign take no colon. */
static bool takes_colon(const char *label)
{
    static const char *const ends[] = { ".", "°", "º", "№", ":" };
    size_t length = strlen(label);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);
        if (length >= end && memcmp(label + length - end, ends[i], end) == 0)
            return false;
    }
    return true;
}

bool flow_begins_with(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 && strchr(" :", text[length]) != NULL;
}

static bool is_digit(uint32_t folded)
{
    return folded >= '0' && folded <= '9';
}

const char *flow_held(struct flow *flow, const char *value, bool whole)
{
    static const char held[] = "\u00A0";
    const size_t length = strlen(value);
    if (!strchr(value, ' '))
        return value;
    char *text = kw_arena_unset(flow->arena, 2 * length + 1, 1);
    size_t out = 0;
    bool behind = false;
    if (!text) {
        out_of_memory(flow);
        return value;
    }
    for (size_t at = 0; at < length;) {
        const size_t from = at;
        const uint32_t sign = kw_fold_next(value, length, &at);
        size_t next = at;
        const bool digits = behind && sign == ' ' && is_digit(kw_fold_next(value, length, &next));
        const bool holds = digits || (whole && value[from] == ' ');
        const size_t count = holds ? sizeof held - 1 : at - from;
        memcpy(text + out, holds ? held : value + from, count);
        out += count;
        behind = is_digit(sign) || sign == ')';
    }
    text[out] = 0;
    return text;
}

/* Many tills write "NIP 586-…" where the label is NIP: once is enough. */
const char *flow_named(struct flow *flow, const char *label, const char *value)
{
    value = flow->mirrored ? flow_held(flow, value, false) : value;
    if (!label || !*label || flow_begins_with(value, label))
        return value;
    return flow_joined(flow, label, takes_colon(label) ? kw_locale_label(flow->locale, KW_LABEL_colon) : " ",
                       value);
}
