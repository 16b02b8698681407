/* simulate.c - kwit_simulate: the simulated printer behind one of its doors. */
#include "api/result.h"
#include "base/clock.h"
#include "simulator/doors/serve.h"
#include "simulator/doors/usbip.h"

#include <kwit/tool.h>

#include <stdio.h>
#include <string.h>

enum { FAULTS_MOST = 2000, INPUT_CHUNK = 64 * 1024 };

struct session {
    const struct kwit_simulate_options *options;
    struct kw_sim_options machine;
    struct kw_sim *sim;
    struct kw_sim_folder *folder;
    size_t left;                        /* bytes of the input that the machine did not take */
    char faults[FAULTS_MOST];
};

static void say(void *data, const char *line)
{
    const struct session *session = data;
    if (session->options->say)
        session->options->say(session->options->data, line);
}

static bool go_on(void *data)
{
    const struct session *session = data;
    return !session->options->go_on || session->options->go_on(session->options->data);
}

/* Without a folder the text of the paper is all there is to see. */
static void say_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    (void)dots;
    (void)dpi;
    say(data, text);
}

static int fill_machine(struct session *session, struct kw_error *error)
{
    const struct kwit_simulate_options *options = session->options;
    const char *profile = options->profile ? options->profile : KW_SIM_DEFAULT_PROFILE;
    size_t used = 0;
    session->machine = (struct kw_sim_options){ .peer = options->peer, .scenario = options->scenario,
                                                .no_drawer = options->no_drawer,
                                                .faults = session->faults, .paper = say_paper, .output_data = session };
    int code = kw_profile_choose(profile, KWIT_E_USAGE, "--profile", &session->machine.profile, error);
    if (code < 0)
        return code;
    if (!kw_sim_read_speed(options->speed, &session->machine.speed_mm_s))
        return kw_fail(error, KWIT_E_USAGE, "--speed", "\"%s\" is not real, fast or millimetres a second",
                       options->speed);
    if (options->roll && !kw_sim_read_roll(options->roll, &session->machine.roll_mm))
        return kw_fail(error, KWIT_E_USAGE, "--roll", "\"%s\" is no length of paper; write metres, or 300mm",
                       options->roll);
    for (size_t i = 0; i < options->fault_count; i++) {
        int length = snprintf(session->faults + used, sizeof session->faults - used, "%s%s", i ? ";" : "",
                              options->faults[i]);
        if (length < 0 || (size_t)length >= sizeof session->faults - used)
            return kw_fail(error, KWIT_E_USAGE, "--fault", "too many faults");
        used += (size_t)length;
    }
    return 0;
}

static int open_machine(struct session *session, struct kw_error *error)
{
    const char *folder = session->options->folder;
    if (!folder)
        return kw_sim_new(&session->machine, &session->sim, error);
    int code = session->options->input ? kw_sim_folder_clear(folder, error) : 0;
    if (code == 0)
        code = kw_sim_folder_open(folder, &session->machine, true, kw_clock_boot_ms(), &session->folder, error);
    if (code == 0)
        session->sim = kw_sim_folder_machine(session->folder);
    return code;
}

/* Feeds until all is taken, or until nothing will change any more by itself. */
static int run_input(struct session *session, struct kw_error *error)
{
    const uint8_t *bytes = session->options->input;
    uint8_t replies[4096];
    session->left = session->options->input_length;
    int code = 0;
    while (code == 0 && go_on(session)) {
        size_t chunk = session->left < INPUT_CHUNK ? session->left : INPUT_CHUNK;
        ptrdiff_t part = kw_sim_write(session->sim, bytes, chunk);
        if (part > 0) {
            bytes += part;
            session->left -= (size_t)part;
        }
        int64_t next_ms = kw_sim_run(session->sim);
        while (kw_sim_read(session->sim, replies, sizeof replies) > 0)
            ;
        code = session->folder ? kw_sim_folder_flush(session->folder, error) : 0;
        bool is_done = session->left == 0 && kw_sim_is_idle(session->sim);
        if (part < 0 || (part == 0 && (next_ms < 0 || is_done)))
            break;
        if (part == 0)
            kw_clock_sleep_ms(next_ms < 50 ? next_ms : 50);
    }
    return code;
}

static bool is_usb(const struct kwit_simulate_options *options)
{
    return options->usbip || options->vhci;
}

static int serve(struct session *session, const struct kw_sim_door *door, struct kw_error *error)
{
    const struct kwit_simulate_options *options = session->options;
    struct kw_usbip_device device;
    if (options->tcp)
        return kw_sim_serve_tcp(door, options->tcp, error);
    if (options->pty)
        return kw_sim_serve_pty(door, error);
    int code = kw_usbip_read_device(session->machine.profile, options->usb, &device, error);
    if (code < 0)
        return code;
    return options->vhci ? kw_usbip_vhci(door, &device, error) : kw_usbip_serve(door, options->usbip, &device, error);
}

static int run_door(struct session *session, struct kw_error *error)
{
    const struct kwit_simulate_options *options = session->options;
    struct kw_sim_control control = { .sim = session->sim, .folder = session->folder, .say = say, .say_data = session };
    struct kw_sim_door door = { .sim = session->sim, .folder = session->folder, .control = &control, .go_on = go_on,
                                .say = say,
                                .data = session, .lockout_ms = options->lockout_ms > 0 ? options->lockout_ms : -1 };
    int code = kw_sim_control_open(&control, options->control, options->orders ? 0 : -1, error);
    if (code < 0)
        return code;
    code = serve(session, &door, error);
    kw_sim_control_close(&control);
    return code;
}

static void tell(const struct session *session, kwit_result *result)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "pieces", kw_sim_pieces(session->sim));
    kw_json_integer(&json, "cuts", kw_sim_cuts(session->sim));
    kw_json_number(&json, "paper_mm", kw_sim_mm(session->sim), 1);
    kw_json_integer(&json, "bytes_left", (int64_t)(session->left + kw_sim_waiting(session->sim)));
    kw_json_string(&json, "folder", session->options->folder);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%u piece%s of paper, %.1f mm", kw_sim_pieces(session->sim),
                     kw_sim_pieces(session->sim) == 1 ? "" : "s", kw_sim_mm(session->sim));
    if (session->options->folder)
        kw_buffer_format(&result->text, ", in %s", session->options->folder);
    kw_buffer_byte(&result->text, '\n');
    if (session->left + kw_sim_waiting(session->sim) > 0)
        kw_buffer_format(&result->text, "%zu bytes were not printed\n", session->left + kw_sim_waiting(session->sim));
}

static int check_door(const struct kwit_simulate_options *options, struct kw_error *error)
{
    if ((options->input != NULL) + (options->tcp != NULL) + (options->pty != 0) + (options->usbip != NULL) +
            (options->vhci != 0) != 1)
        return kw_fail(error, KWIT_E_USAGE, "simulate",
                       "choose one of --listen tcp:HOST:PORT, --pty, --usbip HOST:PORT, "
                       "--vhci and --input FILE");
    if (options->usb && !is_usb(options))
        return kw_fail(error, KWIT_E_USAGE, "--usb", "it goes with --usbip or --vhci");
    if (options->input && (options->control || options->orders))
        return kw_fail(error, KWIT_E_USAGE, "simulate",
                       "orders need a printer that runs: use --listen, --pty, --usbip or --vhci");
    return 0;
}

static int simulate(struct session *session, kwit_result *result, struct kw_error *error)
{
    int code = check_door(session->options, error);
    if (code == 0)
        code = fill_machine(session, error);
    if (code == 0)
        code = open_machine(session, error);
    if (code < 0)
        return code;
    code = session->options->input ? run_input(session, error) : run_door(session, error);
    if (code == 0 && (session->options->input || !session->folder))
        code = kw_sim_finish(session->sim, error);
    if (code == 0)
        tell(session, result);
    if (!session->folder) {
        kw_sim_free(session->sim);
        return code;
    }
    struct kw_error closing;
    int closed = kw_sim_folder_close(session->folder, &closing);
    if (code == 0 && closed < 0)
        *error = closing;
    return code < 0 ? code : closed;
}

int kwit_simulate(kwit_context *context, const struct kwit_simulate_options *options, kwit_result **result)
{
    static const struct kwit_simulate_options defaults;
    struct session session = { .options = options ? options : &defaults };
    struct kw_error error = { 0 };
    (void)context;
    *result = kw_result_new();
    int code = simulate(&session, *result, &error);
    if (code < 0) {
        kw_buffer_clear(&(*result)->json);
        kw_buffer_clear(&(*result)->text);
        return kw_result_fail(*result, &error);
    }
    return kw_result_finish(*result, 0);
}
