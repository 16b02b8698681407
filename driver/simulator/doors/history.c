/* history.c - the machine's past beside its bytes: kept line by line, and lived through again. */
#include "simulator/doors/history.h"

#include "base/file.h"
#include "simulator/conditions.h"
#include "simulator/faults.h"
#include "simulator/machine.h"
#include "simulator/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HISTORY_MOST = 64 * 1024 * 1024, LINE_MOST = KW_SIM_SETTINGS_MOST + 64 };

void kw_sim_history_note(struct kw_sim_history *history, struct kw_sim *sim, const char *what)
{
    char line[LINE_MOST];
    int length = snprintf(line, sizeof line, "%llu %llu %s\n", (unsigned long long)sim->s.in.accepted,
                          (unsigned long long)sim->s.in.parsed, what);
    bool fits = length > 0 && (size_t)length < sizeof line;
    if (fits && kw_file_write(history->file, line, (size_t)length) == 0)
        history->bytes += (uint64_t)length;
    else
        history->failed = true;
}

/* ---- openings ---- */

/* Roll, drawer, faults and scenario, apart by tabs. */
static void write_settings(const struct kw_sim_options *options, char out[KW_SIM_SETTINGS_MOST])
{
    snprintf(out, KW_SIM_SETTINGS_MOST, "%d\t%d\t%s\t%s", options->roll_mm, options->no_drawer,
             options->faults ? options->faults : "", options->scenario ? options->scenario : "");
}

/* The faults and the scenario begin to hold here; they were checked when they were given. */
static void set_faults(struct kw_sim *sim, const char *settings)
{
    char copy[KW_SIM_SETTINGS_MOST];
    snprintf(copy, sizeof copy, "%s", settings);
    char *drawer = copy + strcspn(copy, "\t"), *faults = drawer + 1 + strcspn(drawer + 1, "\t") + 1;
    char *scenario = faults + strcspn(faults, "\t");
    *scenario++ = 0;
    sim->options.roll_mm = atoi(copy);
    sim->options.no_drawer = atoi(drawer + 1) != 0;
    sim->fault_count = 0;
    memset(sim->s.health.faults, 0, sizeof sim->s.health.faults);
    kw_sim_parse_faults(sim, sim->peer->faults, NULL);
    kw_sim_parse_faults(sim, faults, NULL);
    kw_sim_parse_scenario(sim, *scenario ? scenario : NULL, NULL);
}

static void apply_opening(struct kw_sim_history *history, struct kw_sim *sim, const char *settings)
{
    bool first = !history->settings[0], same = strcmp(history->settings, settings) == 0;
    if (!first && !same)
        kw_sim_mend(sim, ~(uint32_t)(KW_COND_DRAWER_OPEN | KW_COND_STARTING));
    if (!same) {
        snprintf(history->settings, sizeof history->settings, "%s", settings);
        set_faults(sim, settings);
        if (first)
            sim->s.paper.roll_dots = (int64_t)sim->options.roll_mm * sim->dpi * 10 / 254;
        kw_sim_check_faults(sim, KW_AT_BYTE);
        kw_sim_check_faults(sim, KW_AT_MM);
    } else {
        kw_sim_mend(sim, KW_COND_GONE);
    }
    kw_sim_process(sim);
}

void kw_sim_history_open(struct kw_sim_history *history, struct kw_sim *sim, const struct kw_sim_options *options)
{
    char settings[KW_SIM_SETTINGS_MOST], line[KW_SIM_SETTINGS_MOST + 8];
    write_settings(options, settings);
    if (strcmp(history->settings, settings) == 0 && !kw_sim_has(sim, KW_COND_GONE))
        return;
    snprintf(line, sizeof line, "open %s", settings);
    kw_sim_history_note(history, sim, line);
    apply_opening(history, sim, settings);
}

/* ---- living through it again ---- */

static int feed(struct kw_sim *sim, int wire, uint64_t until, struct kw_error *error)
{
    uint8_t bytes[4096];
    while (sim->s.in.accepted < until) {
        uint64_t left = until - sim->s.in.accepted;
        ssize_t count = pread(wire, bytes, left < sizeof bytes ? (size_t)left : sizeof bytes,
                              (off_t)sim->s.in.accepted);
        if (count <= 0)
            return kw_fail(error, KWIT_E_IO, "sim:", "cannot read wire.bin: %s",
                           count < 0 ? strerror(errno) : "it is shorter than its history says");
        if (kw_sim_write(sim, bytes, (size_t)count) <= 0)
            break;
    }
    kw_sim_process(sim);
    return 0;
}

static void act(struct kw_sim_history *history, struct kw_sim *sim, const char *what)
{
    struct kw_buffer answer;
    if (strncmp(what, "open ", 5) == 0) {
        apply_opening(history, sim, what + 5);
    } else if (strncmp(what, "begin ", 6) == 0) {
        kw_sim_begin_fault(sim, (size_t)atoi(what + 6));
    } else if (strncmp(what, "end ", 4) == 0) {
        kw_sim_end_fault(sim, (size_t)atoi(what + 4));
    } else if (strncmp(what, "order ", 6) == 0) {
        kw_buffer_init(&answer, 4096);
        kw_sim_order(sim, what + 6, &answer, NULL);
        kw_buffer_free(&answer);
    }                                           /* "here" only says how far it had read */
}

static int live_line(struct kw_sim_history *history, struct kw_sim *sim, int wire, char *line, bool past,
                     struct kw_error *error)
{
    char *rest;
    uint64_t accepted = strtoull(line, &rest, 10), parsed = strtoull(rest, &rest, 10);
    const char *what = rest + (*rest == ' ');
    if (past) {                                 /* the snapshot knows it, but for the list of faults */
        if (strncmp(what, "open ", 5) == 0)
            snprintf(history->settings, sizeof history->settings, "%s", what + 5);
        return 0;
    }
    sim->read_most = parsed;
    int code = feed(sim, wire, accepted, error);
    sim->read_most = UINT64_MAX;
    if (code == 0)
        act(history, sim, what);
    return code;
}

static bool read_all(int file, struct kw_buffer *out)
{
    struct stat facts;
    bool good = fstat(file, &facts) == 0 && facts.st_size >= 0 && (uint64_t)facts.st_size <= HISTORY_MOST;
    uint8_t *place = good ? kw_buffer_extend(out, (size_t)facts.st_size) : NULL;
    return place && pread(file, place, (size_t)facts.st_size, 0) == facts.st_size && kw_buffer_byte(out, 0);
}

/* The list of faults that a snapshot was made under: their state is in it, what they are is not. */
static void know_faults(const struct kw_sim_history *history, struct kw_sim *sim)
{
    struct kw_sim_fault_state states[KW_SIM_FAULTS_MAX];
    uint64_t random = sim->s.random;
    if (!history->settings[0])
        return;
    memcpy(states, sim->s.health.faults, sizeof states);
    set_faults(sim, history->settings);
    memcpy(sim->s.health.faults, states, sizeof states);
    sim->s.random = random;
}

int kw_sim_history_replay(struct kw_sim_history *history, struct kw_sim *sim, int wire, uint64_t wire_bytes,
                          uint64_t from, struct kw_error *error)
{
    struct kw_buffer all;
    int speed = sim->options.speed_mm_s, code = 0;
    kw_buffer_init(&all, HISTORY_MOST + 1);
    if (!read_all(history->file, &all)) {
        kw_buffer_free(&all);
        return kw_fail(error, KWIT_E_IO, "sim:", "cannot read history.log");
    }
    sim->replaying = true;
    sim->options.speed_mm_s = KW_SIM_FAST;
    kw_sim_conditions(sim, 0, wire_bytes > 0 ? KW_COND_STARTING : 0);
    char *line = (char *)all.data, *end;
    bool past = from > 0;
    for (; code == 0 && (end = strchr(line, '\n')); line = end + 1) {
        uint64_t at = (uint64_t)(line - (char *)all.data);
        if (past && at >= from) {
            know_faults(history, sim);
            past = false;
        }
        *end = 0;
        code = live_line(history, sim, wire, line, past, error);
    }
    if (past)
        know_faults(history, sim);
    history->bytes = (uint64_t)(line - (char *)all.data);
    if (code == 0)
        code = feed(sim, wire, wire_bytes, error);
    sim->s.in.accepted = wire_bytes;
    kw_buffer_clear(&sim->parts[KW_PART_REPLIES]);
    sim->options.speed_mm_s = speed;
    sim->replaying = false;
    /* A line that was not written to its end did not happen. */
    if (code == 0 && ftruncate(history->file, (off_t)history->bytes) != 0)
        code = kw_fail(error, kw_error_from_errno(errno), "sim:", "cannot write history.log: %s", strerror(errno));
    kw_buffer_free(&all);
    return code;
}
