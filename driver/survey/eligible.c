/* eligible.c - the rules of exclusion. */
#include "survey/eligible.h"

#include "sale/words.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const weekdays[] = {
#define WEEKDAY(name, number, word, ...) [number] = word,
#include "data/weekdays.def"
#undef WEEKDAY
    NULL
};

enum { LINE_DEPTH = 8 };

static bool read_hours(const char *value, int *from, int *until)
{
    int used = 0;
    return sscanf(value, "%2d-%2d%n", from, until, &used) == 2 && value[used] == 0 && *from >= 0 && *from < 24
        && *until >= 0 && *until <= 24;
}

static bool read_amount(const char *value, struct kw_decimal *amount)
{
    return kw_decimal_parse(value, strlen(value), 4, amount);
}

static const char *kind_fault(const char *value)
{
    return kw_words_find(kw_words_sale_kinds, value) >= 0 ? NULL : "there is no such kind of sale";
}

static const char *line_fault(const char *value)
{
    return kw_words_find(kw_words_line_kinds, value) >= 0 ? NULL : "there is no such kind of line";
}

static const char *weekday_fault(const char *value)
{
    return kw_words_find(weekdays, value) >= 0 ? NULL : "weekdays are mon, tue, wed, thu, fri, sat, sun";
}

static const char *hour_fault(const char *value)
{
    int from, until;
    return read_hours(value, &from, &until) ? NULL : "hours are written 22-6";
}

static const char *amount_fault(const char *value)
{
    struct kw_decimal amount;
    return read_amount(value, &amount) ? NULL : "amounts are written 12.50";
}

static const char *text_fault(const char *value)
{
    return value[0] ? NULL : "a value is missing";
}

static bool kind_met(const char *value, const struct kw_sale *sale)
{
    return (int)sale->kind == kw_words_find(kw_words_sale_kinds, value);
}

static bool any_line(const struct kw_sale_line *lines, size_t count, int depth,
                     bool (*met)(const char *, const struct kw_sale_line *), const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (met(value, &lines[i])
            || (depth < LINE_DEPTH && any_line(lines[i].children, lines[i].child_count, depth + 1, met, value)))
            return true;
    return false;
}

static bool is_line_kind(const char *value, const struct kw_sale_line *line)
{
    return (int)line->kind == kw_words_find(kw_words_line_kinds, value);
}

static bool is_sku(const char *value, const struct kw_sale_line *line)
{
    return line->sku && fnmatch(value, line->sku, 0) == 0;
}

static bool line_met(const char *value, const struct kw_sale *sale)
{
    return any_line(sale->lines, sale->line_count, 0, is_line_kind, value);
}

static bool sku_met(const char *value, const struct kw_sale *sale)
{
    return any_line(sale->lines, sale->line_count, 0, is_sku, value);
}

static bool segment_met(const char *value, const struct kw_sale *sale)
{
    return sale->survey.segment && strcmp(sale->survey.segment, value) == 0;
}

static bool weekday_met(const char *value, const struct kw_sale *sale)
{
    int64_t day = kw_civil_to_days(sale->time.year, sale->time.month, sale->time.day);
    return (int)(((day + 3) % 7 + 7) % 7) == kw_words_find(weekdays, value);         /* 1970-01-01 was a Thursday */
}

static bool hour_met(const char *value, const struct kw_sale *sale)
{
    int from, until, hour = sale->time.hour;
    if (!read_hours(value, &from, &until))
        return false;
    return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
}

static bool less_met(const char *value, const struct kw_sale *sale)
{
    struct kw_decimal limit;
    return sale->total.text && read_amount(value, &limit) && kw_decimal_compare(sale->total.value, limit) < 0;
}

static bool more_met(const char *value, const struct kw_sale *sale)
{
    struct kw_decimal limit;
    return sale->total.text && read_amount(value, &limit) && kw_decimal_compare(sale->total.value, limit) > 0;
}

static const struct rule {
    const char *prefix;
    const char *(*fault)(const char *value);
    bool (*met)(const char *value, const struct kw_sale *sale);
} rules[] = {
    { "kind=", kind_fault, kind_met }, { "line=", line_fault, line_met }, { "segment=", text_fault, segment_met },
    { "sku=", text_fault, sku_met }, { "weekday=", weekday_fault, weekday_met }, { "hour=", hour_fault, hour_met },
    { "amount<", amount_fault, less_met }, { "amount>", amount_fault, more_met }
};

static const struct rule *find_rule(const char *text)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strncmp(text, rules[i].prefix, strlen(rules[i].prefix)) == 0)
            return &rules[i];
    return NULL;
}

const char *kw_rule_fault(const char *text)
{
    const struct rule *rule = find_rule(text);
    return rule ? rule->fault(text + strlen(rule->prefix))
                : "a rule is kind=, line=, segment=, sku=, weekday=, hour=, amount< or amount> with a value";
}

const char *kw_rule_met(const char *const *list, const struct kw_sale *sale)
{
    for (; list && *list; list++) {
        const struct rule *rule = find_rule(*list);
        if (rule && !rule->fault(*list + strlen(rule->prefix)) && rule->met(*list + strlen(rule->prefix), sale))
            return *list;
    }
    return NULL;
}
