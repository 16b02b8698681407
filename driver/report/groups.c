/* groups.c - the lines of each breakdown: found by their labels, sorted, and with the scores of few answers hidden. */
#include "report/gathering.h"

#include "base/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_SIZE = 40, MANY_EARLIER = 5 };

const char *const kw_dimension_words[KW_DIMENSION_COUNT] = {
#define DIMENSION(name, number, word, ...) [number] = word,
#include "data/dimensions.def"
#undef DIMENSION
};

enum kind {
#define KIND(name, number, ...) KIND_##name = number,
#include "data/kinds.def"
#undef KIND
};

/* The stages of a customer's journey, and which kinds of documents belong to them. */
static const char *const stages[KW_STAGE_COUNT] = { "order", "sale", "return", "service", "other" };
enum { STAGE_ORDER, STAGE_SALE, STAGE_RETURN, STAGE_SERVICE, STAGE_OTHER };

static int stage_of(int kind)
{
    switch (kind) {
    case KIND_ORDER:
    case KIND_DEPOSIT:
    case KIND_PROFORMA: return STAGE_ORDER;
    case KIND_SALE: return STAGE_SALE;
    case KIND_REFUND:
    case KIND_EXCHANGE: return STAGE_RETURN;
    case KIND_SURVEY: return STAGE_SERVICE;
    default: return STAGE_OTHER;
    }
}

/* The parts of a day begin at these hours; what comes before the first belongs to the last. */
static const int part_from[KW_PART_COUNT] = { 5, 11, 14, 17, 20 };
static const char *const parts[KW_PART_COUNT] = { "morning", "noon", "afternoon", "evening", "night" };

static int part_of(int hour)
{
    int part = KW_PART_COUNT - 1;
    for (int i = 0; i < KW_PART_COUNT; i++)
        part = hour >= part_from[i] ? i : part;
    return part;
}

static int weekday_of(int64_t day)
{
    return (int)(((day % KW_WEEK_DAYS) + KW_WEEK_DAYS) % KW_WEEK_DAYS);
}

static const char *const weekdays[KW_WEEK_DAYS] = {
#define WEEKDAY(name, number, word, english, ...) [number] = english,
#include "data/weekdays.def"
#undef WEEKDAY
};

static uint64_t hash_label(const char *label)
{
    uint64_t hash = 1469598103934665603u;
    for (; *label; label++)
        hash = (hash ^ (unsigned char)*label) * 1099511628211u;
    return hash;
}

/* Doubles the table when it is half full. */
static bool make_room(struct kw_arena *arena, struct kw_group_set *set)
{
    if (set->slots && set->count * 2 < set->slot_count)
        return true;
    size_t wanted = set->slots ? set->slot_count * 2 : 64;
    struct kw_group **slots = kw_arena_array(arena, wanted, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < set->slot_count; i++) {
        if (!set->slots[i])
            continue;
        size_t at = (size_t)(hash_label(set->slots[i]->label) % wanted);
        while (slots[at])
            at = (at + 1) % wanted;
        slots[at] = set->slots[i];
    }
    set->slots = slots;
    set->slot_count = wanted;
    return true;
}

static struct kw_group *make_group(struct kw_arena *arena, const char *label, int rank)
{
    struct kw_group *made = kw_arena_alloc(arena, sizeof *made);
    if (!made || !(made->label = kw_arena_string(arena, label)))
        return NULL;
    made->rank = rank;
    return made;
}

struct kw_group *kw_group_labelled(struct kw_arena *arena, struct kw_group_set *set, const char *label, int rank)
{
    if (set->last && strcmp(set->last->label, label) == 0)
        return set->last;
    if (!make_room(arena, set))
        return NULL;
    size_t at = (size_t)(hash_label(label) % set->slot_count);
    while (set->slots[at] && strcmp(set->slots[at]->label, label) != 0)
        at = (at + 1) % set->slot_count;
    if (!set->slots[at]) {
        struct kw_group *made = make_group(arena, label, rank);
        if (!made)
            return NULL;
        set->slots[at] = made;
        set->count++;
    }
    return set->last = set->slots[at];
}

/* Without an experiment, or with one arm that takes all, a sale has no variant. */
static bool has_line(const struct kw_report *report, int dimension, const struct kw_touchpoint *t, int hour)
{
    switch (dimension) {
    case KW_BY_HOUR:
    case KW_BY_MOMENT: return hour >= 0;
    case KW_BY_CASHIER: return t->cashier[0] != 0 && !report->options.faceless;
    case KW_BY_EARLIER: return t->earlier > 0;
    case KW_BY_VARIANT: return t->variant_p_bp > 0 && t->variant_p_bp < KW_BASIS_POINTS;
    default: return true;
    }
}

const char *kw_report_arm_name(const struct kw_report *report, const char *campaign, int arm)
{
    const struct kw_report_options *options = &report->options;
    bool current = options->campaign && strcmp(options->campaign, campaign) == 0;
    return current && (size_t)arm < options->variant_count ? options->variant_names[arm] : NULL;
}

const char *kw_group_join(struct kw_gathering *gathering, const char *one, const char *between, const char *two)
{
    const size_t first = strlen(one), middle = strlen(between), last = strlen(two) + 1, size = first + middle + last;
    if (size > gathering->joined_room) {
        gathering->joined = kw_arena_unset(gathering->report->arena, 2, size);
        gathering->joined_room = gathering->joined ? 2 * size : 0;
    }
    if (!gathering->joined)
        return NULL;
    memcpy(gathering->joined, one, first);
    memcpy(gathering->joined + first, between, middle);
    memcpy(gathering->joined + first + middle, two, last);
    return gathering->joined;
}

static const char *variant_label(struct kw_gathering *gathering, const struct kw_touchpoint *t)
{
    char arm[16];
    const char *name = kw_report_arm_name(gathering->report, t->campaign, t->variant);
    snprintf(arm, sizeof arm, "%u", (unsigned)t->variant);
    return name ? name : kw_group_join(gathering, t->campaign, ": arm ", arm);
}

static const char *week_label(int week, char out[LABEL_SIZE])
{
    int year, month, date;
    kw_days_to_civil((int64_t)week * KW_WEEK_DAYS + KW_FIRST_DAY, &year, &month, &date);
    snprintf(out, LABEL_SIZE, "%04d-%02d-%02d", year, month, date);
    return out;
}

static const char *label_of(struct kw_gathering *gathering, int dimension, const struct kw_touchpoint *t, int rank,
                            char out[LABEL_SIZE])
{
    switch (dimension) {
    case KW_BY_STORE: return t->store;
    case KW_BY_CASHIER: return t->cashier;
    case KW_BY_WEEKDAY: return weekdays[rank];
    case KW_BY_KIND: return kw_kind_word((int)rank);
    case KW_BY_STAGE: return stages[rank];
    case KW_BY_WEEK: return week_label(rank, out);
    case KW_BY_MOMENT:
        snprintf(out, LABEL_SIZE, "%s %s", weekdays[rank / KW_PART_COUNT], parts[rank % KW_PART_COUNT]);
        return out;
    case KW_BY_EARLIER: snprintf(out, LABEL_SIZE, rank < MANY_EARLIER ? "%d" : "%d+", rank); return out;
    case KW_BY_LANGUAGE: return t->language;
    case KW_BY_CHANNEL: return t->channel;
    case KW_BY_VARIANT: return variant_label(gathering, t);
    case KW_BY_TILL: return kw_group_join(gathering, t->store, "/", t->till);
    default: snprintf(out, LABEL_SIZE, "%02d", rank); return out;
    }
}

static int rank_of(const struct kw_report *report, int dimension, const struct kw_touchpoint *t, int hour)
{
    switch (dimension) {
    case KW_BY_WEEKDAY: return weekday_of(t->day);
    case KW_BY_WEEK: return (int)((t->day - weekday_of(t->day)) / KW_WEEK_DAYS);
    case KW_BY_MOMENT: return weekday_of(t->day) * KW_PART_COUNT + part_of(hour);
    case KW_BY_STAGE: return stage_of(t->kind);
    case KW_BY_KIND: return t->kind;
    case KW_BY_HOUR: return hour;
    case KW_BY_EARLIER: return t->earlier > MANY_EARLIER ? MANY_EARLIER : t->earlier - 1;
    case KW_BY_VARIANT: return kw_report_arm_name(report, t->campaign, t->variant) ? t->variant : -1;
    default: return -1;
    }
}

bool kw_group_find(struct kw_gathering *gathering, int dimension, const struct kw_touchpoint *facts, int hour,
                   struct kw_group **group)
{
    char text[LABEL_SIZE];
    struct kw_group_set *set = &gathering->sets[dimension];
    int rank = rank_of(gathering->report, dimension, facts, hour);
    *group = NULL;
    if (!has_line(gathering->report, dimension, facts, hour))
        return true;
    *group = set->last;
    if (rank >= 0 && set->last && set->last->rank == rank)
        return true;
    const char *label = label_of(gathering, dimension, facts, rank, text);
    *group = !label ? NULL : kw_group_labelled(gathering->report->arena, set, label, rank);
    if (*group && dimension == KW_BY_VARIANT && !(*group)->campaign)
        (*group)->campaign = kw_arena_string(gathering->report->arena, facts->campaign);
    return *group != NULL;
}

static int by_rank_and_label(const void *one, const void *two)
{
    const struct kw_group *a = one, *b = two;
    return a->rank != b->rank ? (a->rank > b->rank) - (a->rank < b->rank) : strverscmp(a->label, b->label);
}

static bool is_small(int64_t n)
{
    return n > 0 && n < KW_REPORT_HIDE_BELOW;
}

/* Whether a till, "store/till", stands in it; store "": whatever the label. */
static bool stands_in(const struct kw_group *group, const char *store)
{
    const size_t length = strlen(store);
    return length == 0 || (strncmp(group->label, store, length) == 0 && group->label[length] == '/');
}

/* The smallest one that is still shown, of those that stand in a store. */
static struct kw_group *smallest_shown(struct kw_group *groups, size_t count, const char *store, int question)
{
    struct kw_group *found = NULL;
    for (size_t i = 0; i < count; i++) {
        struct kw_group *group = &groups[i];
        if (!stands_in(group, store) || !kw_group_shows(group, question))
            continue;
        if (!found || group->scores.of[question].n < found->scores.of[question].n)
            found = group;
    }
    return found;
}

/*
 * A score of few could be had by subtracting its siblings from the whole, so the next smallest sibling hides too. Those
 * who have no label here (no cashier known, no experiment) are a sibling that is not shown.
 */
static void hide_few(const struct kw_report *report, struct kw_group *groups, size_t count, int question)
{
    int64_t rest = report->total.scores.of[question].n;
    bool few = false;
    for (size_t i = 0; report->options.shared && i < count; i++) {
        int64_t n = groups[i].scores.of[question].n;
        rest -= n;
        groups[i].hidden[question] = is_small(n);
        few = few || is_small(n);
    }
    bool tells = report->options.shared && (few || is_small(rest));
    struct kw_group *next = tells ? smallest_shown(groups, count, "", question) : NULL;
    if (next)
        next->hidden[question] = true;
}

/*
 * Tills add up to their store: where the store is hidden they must not tell it, where it is shown they must not tell
 * the hidden one among them.
 */
static void hide_within_store(struct kw_report *report, const struct kw_group *store, int question)
{
    struct kw_group *tills = report->groups[KW_BY_TILL];
    size_t count = report->group_count[KW_BY_TILL], hidden = 0;
    for (size_t i = 0; i < count; i++)
        hidden += tills[i].hidden[question] && stands_in(&tills[i], store->label);
    bool exposed = store->hidden[question] ? hidden == 0 : hidden == 1;
    struct kw_group *next = exposed ? smallest_shown(tills, count, store->label, question) : NULL;
    if (next)
        next->hidden[question] = true;
}

/* Arms stand side by side once there is a verdict, and nowhere before. */
static bool may_show(const struct kw_report *report, const struct kw_group *group)
{
    for (size_t i = 0; group->campaign && i < report->experiment_count; i++)
        if (strcmp(report->experiments[i].campaign, group->campaign) == 0)
            return kw_experiment_is_final(&report->experiments[i]);
    return !group->campaign;
}

static int list_dimension(struct kw_gathering *gathering, int dimension)
{
    struct kw_report *report = gathering->report;
    struct kw_group_set *set = &gathering->sets[dimension];
    struct kw_group *groups = kw_arena_array(report->arena, set->count + 1, sizeof *groups);
    size_t count = 0;
    if (!groups)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < set->slot_count; i++)
        if (set->slots[i] && may_show(report, set->slots[i]))
            groups[count++] = *set->slots[i];
    qsort(groups, count, sizeof *groups, by_rank_and_label);
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        hide_few(report, groups, count, question);
    report->groups[dimension] = groups;
    report->group_count[dimension] = count;
    return 0;
}

/* Nor may what is left without them tell of few. */
static bool hides_refunded(const struct kw_report *report, int question)
{
    const int64_t n = report->refunded.scores.of[question].n, all = report->total.scores.of[question].n;
    return report->options.shared && (is_small(n) || is_small(all - n) || report->total.hidden[question]);
}

int kw_groups_list(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    int code = 0;
    for (int dimension = 0; code == 0 && dimension < KW_DIMENSION_COUNT; dimension++)
        code = list_dimension(gathering, dimension);
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        report->total.hidden[question] = report->options.shared && is_small(report->total.scores.of[question].n);
        report->refunded.hidden[question] = hides_refunded(report, question);
        for (size_t i = 0; code == 0 && report->options.shared && i < report->group_count[KW_BY_STORE]; i++)
            hide_within_store(report, &report->groups[KW_BY_STORE][i], question);
    }
    return code;
}
