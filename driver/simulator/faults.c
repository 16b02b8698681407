/*
 * faults.c - failures as settings: what, where or when it comes, how long it stays.
 *
 * SPEC is a list of WORD[=VALUE][@TRIGGER=PLACE] with options behind it, apart by commas:
 *   paper-out@mm=120          cover@byte=900,for=2s        power-loss@mm=20..60,seed=7
 *   nak@byte=300,for=2s       near-end@time=5s,every=30s,times=3
 * A place A..B is drawn by the seed. Without `for` the fault stays until somebody mends it: an order, or DLE ENQ.
 */
#include "simulator/faults.h"

#include "base/plain.h"

#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/replies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct word {
    const char *name;
    uint32_t condition;
    uint8_t trigger;            /* when no @ says otherwise: at once, or at the first cut */
    uint8_t takes;              /* 'v' a number, 'n' a number or nothing, 's' seconds, 0 nothing */
    int for_ms;
} words[] = {
    { "paper-out", KW_COND_PAPER_END, KW_AT_BYTE, 0, 0 },
    { "near-end", KW_COND_NEAR_END, KW_AT_BYTE, 0, 0 },
    { "cover", KW_COND_COVER, KW_AT_BYTE, 0, 0 },
    { "cutter-jam", KW_COND_CUTTER, KW_AT_CUT, 0, 0 },
    { "recoverable", KW_COND_RECOVERABLE, KW_AT_BYTE, 0, 0 },
    { "dead", KW_COND_DEAD, KW_AT_BYTE, 0, 0 },
    { "hot", KW_COND_HOT, KW_AT_BYTE, 0, 3000 },
    { "feeding", KW_COND_FEEDING, KW_AT_BYTE, 0, 0 },
    { "waiting", KW_COND_WAITING, KW_AT_BYTE, 0, 0 },
    { "power-loss", KW_COND_POWER, KW_AT_BYTE, 0, 0 },
    { "unplug", KW_COND_UNPLUGGED, KW_AT_BYTE, 0, 0 },
    { "stuck", KW_COND_STUCK, KW_AT_BYTE, 0, 0 },
    { "nak", KW_COND_NAK, KW_AT_BYTE, 0, 0 },
    { "mute", KW_COND_MUTE, KW_AT_BYTE, 0, 0 },
    { "garbage", KW_COND_GARBAGE, KW_AT_BYTE, 0, 0 },
    { "coalesce", KW_COND_COALESCE, KW_AT_BYTE, 0, 0 },
    { "drawer-open", KW_COND_DRAWER_OPEN, KW_AT_BYTE, 0, 0 },
    { "wrong-id", KW_COND_WRONG_ID, KW_AT_BYTE, 0, 0 },
    { "stray", KW_COND_STRAY, KW_AT_BYTE, 'n', 0 },
    { "late", KW_COND_LATE, KW_AT_BYTE, 's', 0 },
    { "short-write", KW_COND_SHORT_WRITE, KW_AT_BYTE, 'v', 0 },
};
enum { WORDS = sizeof words / sizeof words[0] };

static const struct { const char *name; uint8_t trigger; bool seconds; } triggers[] = {
    { "byte", KW_AT_BYTE, false }, { "mm", KW_AT_MM, false }, { "time", KW_AT_TIME, true },
    { "cut", KW_AT_CUT, false }, { "answer", KW_AT_ANSWER, false }, { "confirm", KW_AT_CONFIRM, false }
};
enum { TRIGGERS = sizeof triggers / sizeof triggers[0] };

/* ---- reading the spec ---- */

/* A number; "3s" and "300ms" where seconds are meant give milliseconds. */
static bool read_number(const char *text, size_t length, bool seconds, double *value)
{
    char copy[32], *end;
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = 0;
    *value = kw_plain_real(copy, &end);
    if (end == copy || !(*value >= 0 && *value <= 1e12))
        return false;
    if (!seconds)
        return *end == 0;
    if (strcmp(end, "ms") == 0)
        return true;
    *value *= 1000;
    return *end == 0 || strcmp(end, "s") == 0;
}

static bool read_range(const char *text, size_t length, bool seconds, struct kw_sim_fault *fault)
{
    const char *dots = NULL;
    for (size_t i = 0; i + 1 < length && !dots; i++)
        if (text[i] == '.' && text[i + 1] == '.')
            dots = text + i;
    size_t first = dots ? (size_t)(dots - text) : length;
    if (!read_number(text, first, seconds, &fault->from))
        return false;
    fault->to = fault->from;
    return !dots || (read_number(dots + 2, length - first - 2, seconds, &fault->to) && fault->to >= fault->from);
}

static bool read_trigger(const char *text, size_t length, struct kw_sim_fault *fault)
{
    for (size_t i = 0; i < TRIGGERS; i++) {
        size_t name = strlen(triggers[i].name);
        if (length > name && strncmp(text, triggers[i].name, name) == 0 && text[name] == '=') {
            fault->trigger = triggers[i].trigger;
            return read_range(text + name + 1, length - name - 1, triggers[i].seconds, fault);
        }
    }
    return false;
}

static bool read_fault(const char *text, size_t length, struct kw_sim_fault *fault)
{
    const char *at = memchr(text, '@', length), *equals = memchr(text, '=', length);
    size_t head = at ? (size_t)(at - text) : length;
    size_t name = equals && (size_t)(equals - text) < head ? (size_t)(equals - text) : head;
    for (size_t i = 0; i < WORDS; i++) {
        if (strlen(words[i].name) != name || strncmp(words[i].name, text, name) != 0)
            continue;
        double value = 0;
        *fault = (struct kw_sim_fault){ .condition = words[i].condition, .trigger = words[i].trigger,
                                        .for_ms = words[i].for_ms };
        fault->from = fault->to = words[i].trigger == KW_AT_CUT ? 1 : 0;
        bool valued = name < head;
        if (words[i].takes != 'n' && valued != (words[i].takes != 0))
            return false;
        if (valued && !read_number(text + name + 1, head - name - 1, words[i].takes == 's', &value))
            return false;
        fault->value = (int64_t)value;
        return !at || read_trigger(at + 1, length - head - 1, fault);
    }
    return false;
}

/* An option of the fault before it: for=2s, every=500, times=3, seed=7. */
static bool read_option(struct kw_sim *sim, const char *text, size_t length, bool *is_option)
{
    static const char *const names[] = { "for", "every", "times", "seed" };
    const char *equals = memchr(text, '=', length);
    size_t name = equals ? (size_t)(equals - text) : 0, which = 0;
    while (which < 4 && (strlen(names[which]) != name || strncmp(names[which], text, name) != 0))
        which++;
    *is_option = which < 4 && sim->fault_count > 0;
    if (!*is_option)
        return true;
    struct kw_sim_fault *fault = &sim->faults[sim->fault_count - 1];
    double value;
    bool seconds = which == 0 || (which == 1 && fault->trigger == KW_AT_TIME);
    if (!read_number(equals + 1, length - name - 1, seconds, &value))
        return false;
    switch (which) {
    case 0: fault->for_ms = (int64_t)value; break;
    case 1: fault->every = value; break;
    case 2: fault->times = (uint32_t)value; break;
    default: sim->s.random = (uint64_t)value * 2 + 1; break;
    }
    return true;
}

int kw_sim_parse_faults(struct kw_sim *sim, const char *spec, struct kw_error *error)
{
    for (const char *text = spec; text && *text;) {
        size_t length = strcspn(text, ",;");
        bool is_option, good = read_option(sim, text, length, &is_option);
        if (good && !is_option)
            good = sim->fault_count < KW_SIM_FAULTS_MAX && read_fault(text, length, &sim->faults[sim->fault_count]);
        if (good && !is_option)
            sim->fault_count++;
        if (!good)
            return kw_fail(error, KWIT_E_USAGE, "fault",
                           "\"%.*s\" is no fault; write for example paper-out@mm=120, cover@byte=900, "
                           "late=3s or nak@byte=300,for=2s", (int)(length < 60 ? length : 60), text);
        text += length + (text[length] != 0);
    }
    kw_sim_arm_faults(sim);
    return 0;
}

int kw_sim_parse_scenario(struct kw_sim *sim, const char *word, struct kw_error *error)
{
    static const char *const scenarios[][2] = {
        { "printed", "" }, { "sent", "mute" }, { "queued", "paper-out" }, { "interrupted", "paper-out@mm=15" },
        { "unconfirmed", "mute@cut=1;mute@confirm=1" }, { "expired", "feeding" }
    };
    if (!word)
        return 0;
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        if (strcmp(scenarios[i][0], word) == 0)
            return kw_sim_parse_faults(sim, scenarios[i][1], error);
    return kw_fail(error, KWIT_E_USAGE, "scenario",
                   "\"%s\" is no scenario; it is one of printed, sent, queued, interrupted, "
                   "unconfirmed, expired", word);
}

/* ---- coming and going ---- */

static uint64_t place_now(struct kw_sim *sim, uint8_t trigger)
{
    switch (trigger) {
    case KW_AT_BYTE: return sim->s.in.accepted;
    case KW_AT_MM: return (uint64_t)sim->s.paper.travel_dots;
    case KW_AT_TIME: return (uint64_t)kw_sim_now(sim);
    case KW_AT_CUT: return sim->s.paper.cut_tries;
    case KW_AT_CONFIRM: return sim->s.health.confirms;
    default: return sim->s.health.answers;
    }
}

static uint64_t distance(struct kw_sim *sim, const struct kw_sim_fault *fault, double from, double to)
{
    double place = from + (to - from) * (double)(kw_sim_random(sim) & 0xFFFF) / 65536.0;
    return (uint64_t)(fault->trigger == KW_AT_MM ? place * sim->dpi / 25.4 : place);
}

void kw_sim_arm_faults(struct kw_sim *sim)
{
    for (size_t i = 0; i < sim->fault_count; i++) {
        const struct kw_sim_fault *fault = &sim->faults[i];
        sim->s.health.faults[i] = (struct kw_sim_fault_state){
            .next = place_now(sim, fault->trigger) + distance(sim, fault, fault->from, fault->to)
        };
    }
}

static bool is_waiting(const struct kw_sim *sim, size_t i)
{
    const struct kw_sim_fault *fault = &sim->faults[i];
    const struct kw_sim_fault_state *state = &sim->s.health.faults[i];
    uint32_t times = fault->every > 0 ? fault->times : 1;
    return !state->holding && (times == 0 || state->fired < times);
}

static void say(struct kw_sim *sim, uint32_t condition, bool begins, uint64_t offset)
{
    struct kw_json json;
    const char *name = "";
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].condition == condition)
            name = words[i].name;
    kw_sim_event(sim, &json, "fault", offset);
    kw_json_string(&json, "fault", name);
    kw_json_string(&json, "state", begins ? "begins" : "ends");
    kw_sim_event_end(sim, &json);
}

static void note(struct kw_sim *sim, const char *what, size_t i)
{
    char line[40];
    snprintf(line, sizeof line, "%s %zu", what, i);
    if (sim->options.note && !sim->replaying)
        sim->options.note(sim->options.output_data, line);
}

static void begin(struct kw_sim *sim, size_t i)
{
    const struct kw_sim_fault *fault = &sim->faults[i];
    if (fault->trigger == KW_AT_TIME)
        note(sim, "begin", i);
    else if (fault->trigger == KW_AT_BYTE)
        kw_sim_note_place(sim, 0);
    struct kw_sim_fault_state *state = &sim->s.health.faults[i];
    state->fired++;
    state->holding = 1;
    state->until_ms = fault->for_ms > 0 ? kw_sim_now(sim) + fault->for_ms : 0;
    if (fault->every > 0)
        state->next += distance(sim, fault, fault->every, fault->every + fault->to - fault->from);
    uint32_t also = fault->condition == KW_COND_COVER && sim->s.raster.active ? KW_COND_OPENED_PRINTING : 0;
    if (fault->condition == KW_COND_STRAY) {    /* no state, but a moment */
        const uint8_t byte = (uint8_t)fault->value;
        state->holding = 0;
        kw_sim_say(sim, "stray", &byte, 1);
        return;
    }
    if (fault->condition == KW_COND_LATE)
        sim->s.health.late_ms = fault->value;
    if (fault->condition == KW_COND_SHORT_WRITE)
        sim->s.health.write_most = fault->value;
    say(sim, fault->condition, true, fault->trigger == KW_AT_BYTE ? sim->s.in.accepted : sim->s.in.parsed);
    kw_sim_conditions(sim, fault->condition | also, 0);
}

static void end_due(struct kw_sim *sim)
{
    for (size_t i = 0; i < sim->fault_count; i++) {
        struct kw_sim_fault_state *state = &sim->s.health.faults[i];
        if (state->holding && state->until_ms > 0 && state->until_ms <= kw_sim_now(sim)) {
            note(sim, "end", i);
            kw_sim_mend(sim, sim->faults[i].condition);
        }
    }
}

void kw_sim_begin_fault(struct kw_sim *sim, size_t index)
{
    if (index < sim->fault_count)
        begin(sim, index);
}

void kw_sim_end_fault(struct kw_sim *sim, size_t index)
{
    if (index < sim->fault_count)
        kw_sim_mend(sim, sim->faults[index].condition);
}

static void check_roll(struct kw_sim *sim)
{
    const struct kw_sim_paper_state *paper = &sim->s.paper;
    bool ended = paper->roll_dots > 0 && paper->travel_dots >= paper->roll_start_dots + paper->roll_dots;
    if (ended && !(sim->s.health.conditions & KW_COND_PAPER_END)) {
        say(sim, KW_COND_PAPER_END, true, sim->s.in.parsed);
        kw_sim_conditions(sim, KW_COND_PAPER_END, 0);
    }
    kw_sim_conditions(sim, 0, 0);               /* the near-end sensor may see another thing now */
}

void kw_sim_check_faults(struct kw_sim *sim, enum kw_sim_trigger trigger)
{
    if (trigger == KW_AT_TIME && sim->replaying)
        return;                                 /* its history tells what the clock brought */
    if (trigger == KW_AT_TIME)
        end_due(sim);
    if (trigger == KW_AT_MM)
        check_roll(sim);
    if (trigger == KW_AT_CUT)
        sim->s.paper.cut_tries++;
    if (trigger == KW_AT_CONFIRM)
        sim->s.health.confirms++;
    for (size_t i = 0; i < sim->fault_count; i++)
        if (sim->faults[i].trigger == trigger && is_waiting(sim, i)
            && sim->s.health.faults[i].next <= place_now(sim, trigger))
            begin(sim, i);
}

/* The least distance to a waiting fault of this trigger, 0 when there is none. */
static uint64_t least(const struct kw_sim *sim, enum kw_sim_trigger trigger, uint64_t here)
{
    uint64_t found = 0;
    for (size_t i = 0; i < sim->fault_count; i++) {
        uint64_t next = sim->s.health.faults[i].next;
        if (sim->faults[i].trigger == trigger && is_waiting(sim, i) && next > here &&
            (found == 0 || next - here < found))
            found = next - here;
    }
    return found;
}

uint64_t kw_sim_bytes_before_fault(const struct kw_sim *sim)
{
    return least(sim, KW_AT_BYTE, sim->s.in.accepted);
}

int64_t kw_sim_dots_before_fault(const struct kw_sim *sim)
{
    int64_t found = (int64_t)least(sim, KW_AT_MM, (uint64_t)sim->s.paper.travel_dots);
    if (sim->s.paper.roll_dots <= 0)
        return found;
    int64_t end = sim->s.paper.roll_start_dots + sim->s.paper.roll_dots - sim->s.paper.travel_dots;
    int64_t thin = end - (int64_t)KW_SIM_NEAR_END_MM * sim->dpi * 10 / 254;
    if (thin > 0 && (found == 0 || thin < found))
        found = thin;
    return end > 0 && (found == 0 || end < found) ? end : found;
}

int64_t kw_sim_next_fault_ms(const struct kw_sim *sim)
{
    int64_t found = -1;
    for (size_t i = 0; i < sim->fault_count; i++) {
        const struct kw_sim_fault_state *state = &sim->s.health.faults[i];
        int64_t moment = -1;
        if (state->holding && state->until_ms > 0)
            moment = state->until_ms;
        else if (sim->faults[i].trigger == KW_AT_TIME && is_waiting(sim, i))
            moment = (int64_t)state->next;
        if (moment >= 0 && (found < 0 || moment < found))
            found = moment;
    }
    return found;
}

void kw_sim_mend(struct kw_sim *sim, uint32_t conditions)
{
    for (size_t i = 0; i < sim->fault_count; i++)
        if (sim->s.health.faults[i].holding && (sim->faults[i].condition & conditions))
            sim->s.health.faults[i].holding = 0;
    for (uint32_t bit = 1; bit && bit <= conditions; bit <<= 1)
        if (conditions & sim->s.health.conditions & bit & ~(uint32_t)KW_COND_OPENED_PRINTING)
            say(sim, bit, false, sim->s.in.parsed);
    uint32_t also = conditions & KW_COND_COVER ? KW_COND_OPENED_PRINTING : 0;
    if (conditions & sim->s.health.conditions & KW_COND_POWER)
        sim->s.health.power_returned = 1;
    if (conditions & KW_COND_LATE)
        sim->s.health.late_ms = 0;
    if (conditions & KW_COND_SHORT_WRITE)
        sim->s.health.write_most = 0;
    kw_sim_conditions(sim, 0, conditions | also);
}
