/*
 * transport_sim.c - `sim:DIR[?profile=P&peer=WORD&fault=SPEC&scenario=WORD&speed=real|fast|MM&roll=M&drawer=none]` and
 * `&pictures=no`: the machine behind the transport interface, in this process.
 */
#include "base/clock.h"
#include "simulator/doors/folder.h"
#include "simulator/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WAIT_STEP_MS = 20, DEFAULT_SPEED = KW_SIM_FAST };

struct sim_link {
    struct kw_link link;
    struct kw_sim_folder *folder;
    char identity[KW_IDENTITY_MAX];
};

/* The address in parts; strings point into `text`. */
struct address {
    char text[KW_URI_MAX];
    const char *folder, *profile, *peer, *fault, *scenario, *speed, *roll, *drawer, *pictures;
};

static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        unsigned code;
        if (*from == '%' && sscanf(from + 1, "%2x", &code) == 1 && from[1] && from[2]) {
            *to++ = (char)code;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = 0;
}

static int set_parameter(struct address *address, char *parameter, struct kw_error *error)
{
    const struct { const char *name; const char **value; } names[] = {
        { "profile", &address->profile }, { "peer", &address->peer }, { "fault", &address->fault },
        { "scenario", &address->scenario },
        { "speed", &address->speed }, { "roll", &address->roll }, { "drawer", &address->drawer },
        { "pictures", &address->pictures }
    };
    char *equals = strchr(parameter, '=');
    if (equals)
        *equals = 0;
    for (size_t i = 0; equals && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].name, parameter) != 0)
            continue;
        unescape(equals + 1);
        *names[i].value = equals + 1;
        return 0;
    }
    return kw_fail(error, KWIT_E_INVALID, address->folder,
                   "\"%s\" is no setting of a simulated printer; there are profile, peer, fault, "
                   "scenario, speed, roll, drawer, pictures", parameter);
}

static int read_address(const char *uri, struct address *address, struct kw_error *error)
{
    memset(address, 0, sizeof *address);
    if (strncmp(uri, "sim:", 4) != 0 || !uri[4] || uri[4] == '?' || strlen(uri) >= sizeof address->text)
        return kw_fail(error, KWIT_E_INVALID, uri, "write sim:FOLDER, for example sim:/tmp/paper");
    snprintf(address->text, sizeof address->text, "%s", uri + 4);
    address->folder = address->text;
    char *query = strchr(address->text, '?');
    if (query)
        *query++ = 0;
    while (query && *query) {
        char *next = strchr(query, '&');
        if (next)
            *next++ = 0;
        int code = set_parameter(address, query, error);
        if (code < 0)
            return code;
        query = next;
    }
    return 0;
}

static int fill_options(const struct address *address, struct kw_sim_options *options, struct kw_error *error)
{
    const char *profile = address->profile ? address->profile : KW_SIM_DEFAULT_PROFILE;
    *options = (struct kw_sim_options){ .peer = address->peer, .faults = address->fault, .scenario = address->scenario,
                                        .speed_mm_s = DEFAULT_SPEED };
    int code = kw_profile_choose(profile, KWIT_E_INVALID, address->folder, &options->profile, error);
    if (code < 0)
        return code;
    if (!kw_sim_read_speed(address->speed, &options->speed_mm_s))
        return kw_fail(error, KWIT_E_INVALID, address->folder, "speed=%s: write real, fast or millimetres a second",
                       address->speed);
    if (address->roll && !kw_sim_read_roll(address->roll, &options->roll_mm))
        return kw_fail(error, KWIT_E_INVALID, address->folder, "roll=%s: write metres, or 300mm", address->roll);
    options->no_drawer = address->drawer && strcmp(address->drawer, "none") == 0;
    struct kw_error why;
    if (kw_sim_check_options(options, &why) == KWIT_E_USAGE)
        return kw_fail(error, KWIT_E_INVALID, address->folder, "%s", why.text);
    return 0;
}

static int identity_of(const char *folder, char identity[KW_IDENTITY_MAX], struct kw_error *error)
{
    struct stat facts;
    if (mkdir(folder, 0775) != 0 && errno != EEXIST)
        return kw_fail(error, errno == ENOENT ? KWIT_E_NO_PRINTER : kw_error_from_errno(errno), folder,
                       "cannot make the folder of the simulated printer: %s", strerror(errno));
    if (stat(folder, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return kw_fail(error, KWIT_E_NO_PRINTER, folder, "is no folder; a simulated printer keeps its paper in one");
    snprintf(identity, KW_IDENTITY_MAX, "sim:%llx:%llu", (unsigned long long)facts.st_dev,
             (unsigned long long)facts.st_ino);
    return 0;
}

static int identify(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                    struct kw_error *error)
{
    struct address address;
    struct kw_sim_options machine;
    (void)options;
    int code = read_address(uri, &address, error);
    if (code == 0)
        code = fill_options(&address, &machine, error);
    return code < 0 ? code : identity_of(address.folder, identity, error);
}

static int open_link(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                     struct kw_error *error)
{
    struct address address;
    struct kw_sim_options machine;
    (void)options;
    *link = NULL;
    int code = read_address(uri, &address, error);
    if (code == 0)
        code = fill_options(&address, &machine, error);
    struct sim_link *made = code == 0 ? calloc(1, sizeof *made) : NULL;
    if (code == 0 && !made)
        code = kw_fail(error, KWIT_E_NO_MEMORY, address.folder, "out of memory");
    if (code == 0)
        code = identity_of(address.folder, made->identity, error);
    bool pictures = !address.pictures || strcmp(address.pictures, "no") != 0;
    if (code == 0)
        code = kw_sim_folder_open(address.folder, &machine, pictures, until_ms, &made->folder, error);
    if (code < 0) {
        free(made);
        return code;
    }
    made->link.ops = &kw_transport_sim;
    made->link.facts = (struct kw_link_facts){ .identity = made->identity, .model = machine.profile->model,
                                               .serial = "",
                                               .device_id = "", .can_read = true, .test = true };
    *link = &made->link;
    return 0;
}

static void close_link(struct kw_link *link)
{
    struct sim_link *sim = (struct sim_link *)link;
    kw_sim_folder_close(sim->folder, NULL);
    free(sim);
}

/* How long to sleep before looking again, given what the machine says of itself. */
static int64_t pause_ms(int64_t machine_ms, int64_t until_ms)
{
    int64_t left = kw_clock_left_ms(until_ms);
    int64_t step = machine_ms >= 0 && machine_ms < WAIT_STEP_MS ? machine_ms + 1 : WAIT_STEP_MS;
    return step < left ? step : left;
}

static int transfer(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done, uint8_t *in,
                    size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error)
{
    struct sim_link *own = (struct sim_link *)link;
    struct kw_sim *sim = kw_sim_folder_machine(own->folder);
    *out_done = *in_done = 0;
    for (;;) {
        ptrdiff_t part = *out_done < out_length ? kw_sim_write(sim, out + *out_done, out_length - *out_done) : 0;
        int64_t wait = kw_sim_run(sim);
        int code = kw_sim_folder_flush(own->folder, error);
        *out_done += part > 0 ? (size_t)part : 0;
        if (code < 0)
            return code;
        if (sim->out_of_memory)
            return kw_fail(error, KWIT_E_NO_MEMORY, "sim:", "out of memory");
        if (part < 0 || (sim->s.health.conditions & KW_COND_GONE))
            return kw_fail(error, KWIT_E_DISCONNECTED, "sim:", "the simulated printer is %s",
                           sim->s.health.conditions & KW_COND_POWER ? "without power" : "unplugged");
        *in_done = kw_sim_read(sim, in, in_size);
        if (*in_done > 0 || (out_length > 0 && *out_done == out_length) || kw_clock_boot_ms() >= until_ms)
            return 0;
        if (part <= 0)
            kw_clock_sleep_ms(pause_ms(wait, until_ms));
    }
}

static int port_status(struct kw_link *link)
{
    return kw_sim_port_status(kw_sim_folder_machine(((struct sim_link *)link)->folder));
}

const struct kw_transport_ops kw_transport_sim = {
    .scheme = "sim", .identify = identify, .open = open_link, .close = close_link, .transfer = transfer,
    .port_status = port_status
};
