/* serve.c - kwit_tap_serve: a door that looks like a printer, until it is asked to end. */
#include "api/result.h"
#include "api/tap/listen.h"
#include "api/tap/through.h"
#include "api/tap/web.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TIDY_MS = 60 * 60 * 1000, OTHER_MS = 200 /* a copy of a killed one lets go by then */ };

struct serving {
    const kwit_context *context;
    kwit_context *own;                      /* the same, for calls that keep fonts in it */
    const struct kwit_tap_options *options;
    struct kw_call call;                    /* for its settings alone */
    const struct kw_config_tap *tap;
    struct kw_tap_printer where;
    struct kw_tap *door;
    struct kw_tap_web *web;                 /* NULL: nothing of the web is served */
    struct kw_tap_meanwhile meanwhile;
    char place[KW_HTTP_WHERE], web_place[KW_HTTP_WHERE];
    _Atomic int64_t tidied_ms;
    struct kw_state *state;                 /* and the lock of who is at work under this name; both may be NULL */
    struct kw_lock *at_work;
    int64_t killed_ms;                      /* when this began, where the tap before it did not end by itself; or 0 */
    int socket;
    bool handed;                            /* by whoever started this process: it closes it */
};

struct kept { const struct serving *serving; struct kw_tap_queue_work *work; };

/* ---- what is done with the printer ---- */

static void meanwhile(void *data, struct kw_talk *talk, bool at_break)
{
    struct serving *serving = data;
    kw_tap_answer_meanwhile(&serving->meanwhile, talk, at_break);
}

/*
 * What could not even be printed without a memory, for the configuration is at fault: as if the tap were a cable.
 * Something else than a result is said of it.
 */
static bool pass(struct serving *serving, const struct kw_tap_way *way, const kwit_result *result, const uint8_t *bytes,
                 size_t length)
{
    if (kwit_result_outcome(result) != KWIT_OUTCOME_ERROR || way->accepted)
        return false;
    if (way->ahead)
        return kw_ahead_finish(way->ahead);
    return kw_tap_pass(&serving->where, bytes, length, kw_clock_boot_ms() + serving->tap->patience_ms);
}

/* again: NULL, or what names the try. */
static void print_stream(struct serving *serving, const uint8_t *bytes, size_t length, struct kw_tap_way way,
                         const char *again, kwit_result **result)
{
    const struct kwit_stream_options options = { .print = { .printer = serving->where.printer },
                                                 .tap = serving->tap->name, .own = 1, .again = again };
    way.between = (struct kw_tap_between){ meanwhile, serving };
    way.hold_ms = serving->tap->hold_ms;
    way.killed_ms = serving->killed_ms;
    if (serving->options->record)
        kw_tap_record(serving->options->record, kw_clock_wall_ms(), bytes, length);
    serving->meanwhile.queue = kw_tap_queue_of(serving->door);
    kw_tap_print_surely(serving->context, bytes, length, &options, &way, result);
    kw_tap_end_meanwhile(&serving->meanwhile);
    if (pass(serving, &way, *result, bytes, length))
        kw_log(&serving->context->log, KW_LOG_ERROR, "a receipt of %zu bytes went as it came and is in no journal: %s",
               length, kwit_result_text(*result));
}

static void print_epos(struct serving *serving, struct kw_tap_queue_work *work, kwit_result **result)
{
    struct kw_tap_laid laid;
    struct kw_error error = { 0 };
    kw_tap_laid_begin(&laid);
    int code = kw_tap_epos(&serving->where, work->bytes, work->length, &laid, work->again, &error);
    if (code == 0)
        print_stream(serving, laid.bytes.data, laid.bytes.length, (struct kw_tap_way){ .given = kw_tap_given(&laid) },
                     work->again[0] ? work->again : NULL, result);
    else if ((*result = kw_result_new()) != NULL)
        kw_result_fail(*result, &error);
    kw_tap_laid_end(&laid);
}

static void print_document(struct serving *serving, const struct kw_tap_queue_work *work, kwit_result **result)
{
    const struct kwit_print_options options = { .printer = serving->where.printer,
                                                .from = work->from[0] ? work->from : NULL };
    kwit_print(serving->own, work->bytes, work->length, &options, result);
}

/* From now on its program may be told that it is kept. */
static void keep(void *data)
{
    const struct kept *kept = data;
    kw_tap_queue_keep(kw_tap_queue_of(kept->serving->door), kept->work);
}

/* No result: nothing was to be printed. */
static void print_bytes(struct serving *serving, struct kw_tap_queue_work *work, struct kept *kept,
                        kwit_result **result)
{
    const struct kw_tap_between between = { meanwhile, serving };
    struct kw_tap_through through;
    serving->meanwhile.queue = kw_tap_queue_of(serving->door);
    if (kw_tap_go_through(&through, &serving->where, serving->tap, &between, serving->meanwhile.queue, work)) {
        const struct kw_tap_way way = { .end = work->end, .stored = keep, .stored_data = kept, .begun = work->begun,
                                        .ahead = through.begun ? &through.ahead : NULL };
        print_stream(serving, work->bytes, work->length, way, NULL, result);
    }
    kw_tap_end_through(&through);
    kw_tap_end_meanwhile(&serving->meanwhile);
}

static void print(void *data, struct kw_tap_queue_work *work)
{
    struct serving *serving = data;
    struct kept kept = { serving, work };
    kwit_result *result = NULL;
    if (work->form == KW_TAP_EPOS)
        print_epos(serving, work, &result);
    else if (work->form == KW_TAP_DOCUMENT)
        print_document(serving, work, &result);
    else
        print_bytes(serving, work, &kept, &result);
    if (!result)
        return;
    work->outcome = kwit_result_outcome(result);
    work->reason = kwit_result_reason(result);
    work->line = strdup(kwit_result_json(result));
    if (serving->options->say)
        serving->options->say(serving->options->data, serving->options->json ? kwit_result_json(result)
                                                                              : kwit_result_text(result));
    kwit_result_free(result);
}

static size_t ask(void *data, const uint8_t *bytes, size_t length, struct kw_tap_wanted wanted,
                  uint8_t out[KW_TAP_ANSWER])
{
    const struct serving *serving = data;
    return kw_tap_ask(&serving->where, bytes, length, wanted, out);
}

static void watch(void *data, struct kw_tap_status *status)
{
    const struct serving *serving = data;
    kw_tap_watch(&serving->where, status);
}

static bool is_ready(void *data)
{
    const struct serving *serving = data;
    return kw_tap_is_ready(&serving->where);
}

/* What is kept of receipts goes when it is old, also where no new one comes. */
static void tidy(const struct serving *serving)
{
    char path[PATH_MAX];
    struct kw_state *state;
    struct kw_error ignored;
    if (serving->options->record)
        kw_tap_tidy(serving->options->record, kw_clock_wall_ms());
    if (kw_state_open(serving->context->state_dir, &state, &ignored) < 0)
        return;
    if (kw_tap_doubts(state, path))
        kw_tap_tidy(path, kw_clock_wall_ms());
    kw_state_close(state);
}

/* Asked by every thread; one of them tidies. */
static int go_on(void *data)
{
    struct serving *serving = data;
    int64_t last_ms = atomic_load(&serving->tidied_ms), now_ms = kw_clock_boot_ms();
    if (now_ms - last_ms >= TIDY_MS && atomic_compare_exchange_strong(&serving->tidied_ms, &last_ms, now_ms))
        tidy(serving);
    return serving->options->go_on(serving->options->data);
}

/* ---- how the one before it ended ---- */

/* A file that lies there for as long as a tap of that name is at work, and longer where it was killed. */
static bool mark_of(const struct serving *serving, char path[PATH_MAX])
{
    char name[NAME_MAX];
    struct kw_error ignored;
    int length = snprintf(name, sizeof name, "tap-at-work%s%s", serving->tap->name[0] ? "-" : "", serving->tap->name);
    return length > 0 && (size_t)length < sizeof name
        && kw_state_path(serving->state, name, path, PATH_MAX, &ignored) == 0;
}

/* Whose connections a killed one broke has not heard what became of their receipts. One that lives keeps its mark. */
static void begin_work(struct serving *serving)
{
    char path[PATH_MAX];
    struct kw_error ignored;
    if (kw_state_open(serving->context->state_dir, &serving->state, &ignored) < 0 || !mark_of(serving, path)
        || kw_state_lock(serving->state, path, kw_clock_boot_ms() + OTHER_MS, &serving->at_work, &ignored) < 0)
        return;
    int mark = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0660);
    serving->killed_ms = mark < 0 && errno == EEXIST ? kw_clock_boot_ms() : 0;
    if (mark >= 0)
        close(mark);
}

static void end_work(struct serving *serving)
{
    char path[PATH_MAX];
    if (serving->at_work && mark_of(serving, path))
        unlink(path);
    kw_state_unlock(serving->at_work);
    kw_state_close(serving->state);
}

/* ---- the door ---- */

/* The socket that systemd holds for us, as sd_listen_fds(3) describes it: then a restart loses no connection. */
static bool take_handed(struct serving *serving)
{
    enum { FIRST = 3 };
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    serving->handed = pid && count && strtol(pid, NULL, 10) == (long)getpid() && strtol(count, NULL, 10) >= 1;
    if (serving->handed)
        serving->socket = FIRST;
    return serving->handed;
}

static const char *http_place(const struct serving *serving)
{
    return serving->options->http ? serving->options->http : serving->tap->http;
}

static int open_door(struct serving *serving)
{
    struct kw_error *error = &serving->call.error;
    const char *place = serving->options->listen ? serving->options->listen : serving->tap->listen;
    if (take_handed(serving)) {
        strcpy(serving->place, "the socket that was handed over");
        return 0;
    }
    if (!place && http_place(serving))
        return 0;
    if (!place)
        return kw_fail(error, KWIT_E_USAGE, "--listen", "say where the other program finds its printer: --listen "
                       "127.0.0.1:9100, or listen = in [tap]; --http 127.0.0.1:8008 for programs of the web");
    if (!serving->tap->allow && kw_http_is_open(place))
        return kw_fail(error, KWIT_E_PERMISSION, place, "others could reach it; say in [tap] who may print, as "
                       "allow = 192.0.2.0/24, or listen on 127.0.0.1");
    return kw_tap_listen(place, serving->tap->allow != NULL, &serving->socket, serving->place, error);
}

static int list_allowed(struct serving *serving, struct kw_tap_options *options)
{
    size_t count = 0;
    while (serving->tap->allow && serving->tap->allow[count])
        count++;
    struct kw_net *nets = kw_arena_array(serving->call.arena, count + 1, sizeof *nets);
    for (size_t i = 0; nets && i < count; i++)
        kw_net_parse(serving->tap->allow[i], &nets[i]);
    options->allow = nets;
    options->allow_count = count;
    return nets ? 0 : kw_fail(&serving->call.error, KWIT_E_NO_MEMORY, "", "out of memory");
}

static void tell_where(const struct serving *serving, kwit_result *result)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "listening", serving->place[0] ? serving->place : NULL);
    if (serving->web)
        kw_json_string(&json, "http", serving->web_place);
    kw_json_end_object(&json);
    if (serving->place[0])
        kw_buffer_format(&result->text, "listening on %s\n", serving->place);
    if (serving->web)
        kw_buffer_format(&result->text, "for programs of the web at http://%s\n", serving->web_place);
    if (serving->options->say)
        serving->options->say(serving->options->data, kw_buffer_string(serving->options->json ? &result->json
                                                                                              : &result->text));
    kw_buffer_clear(&result->json);
    kw_buffer_clear(&result->text);
}

static int open_web(struct serving *serving)
{
    const struct kw_tap_web_options options = { .queue = kw_tap_queue_of(serving->door), .tap = serving->tap,
                                                .place = http_place(serving) };
    return options.place ? kw_tap_web_start(&options, serving->web_place, &serving->web, &serving->call.error) : 0;
}

static int serve(struct serving *serving, kwit_result *result)
{
    const struct kw_config_tap *tap = serving->tap;
    struct kw_tap_options options = {
        .socket = serving->socket, .refuse = tap->away == KW_AWAY_REFUSE, .settle_ms = tap->settle_ms,
        .drop_rest = tap->rest == KW_REST_DROP,
        .idle_ms = tap->idle_ms, .gather_ms = tap->gather_ms, .patience_ms = tap->patience_ms,
        .calls = { .data = serving, .print = print, .ask = ask, .watch = watch },
        .go_on = go_on, .go_on_data = serving
    };
    if (options.refuse)
        options.calls.ready = is_ready;
    int code = list_allowed(serving, &options);
    if (code == 0)
        code = kw_tap_start(&options, &serving->door, &serving->call.error);
    if (code < 0)
        return code;
    begin_work(serving);
    code = open_web(serving);
    if (code == 0) {
        tell_where(serving, result);
        code = kw_tap_run(serving->door, &serving->call.error);
    }
    kw_tap_web_stop(serving->web);
    kw_tap_stop(serving->door);
    end_work(serving);
    return code;
}

static int choose(struct serving *serving)
{
    struct kw_call *call = &serving->call;
    const char *name = serving->options->tap;
    serving->tap = kw_config_find_tap(&call->config, name);
    if (!serving->tap)
        return kw_fail(&call->error, KWIT_E_CONFIG, name, "the configuration has no [tap %s]", name);
    serving->where = (struct kw_tap_printer){ serving->context, &call->config, serving->options->printer };
    if (!serving->where.printer)
        serving->where.printer = serving->tap->printer;
    return kw_config_tap_check(serving->tap, &call->error);
}

int kwit_tap_serve(kwit_context *context, const struct kwit_tap_options *options, kwit_result **result)
{
    struct serving serving = { .context = context, .own = context, .options = options, .socket = -1,
                               .tidied_ms = -TIDY_MS, .call = { .context = context } };
    *result = kw_result_new();
    int code = kw_call_begin(&serving.call);
    if (code == 0)
        code = kw_call_configure(&serving.call, false);
    if (code == 0)
        code = choose(&serving);
    if (code == 0)
        code = open_door(&serving);
    if (code == 0)
        code = serve(&serving, *result);
    if (serving.socket >= 0 && !serving.handed)
        close(serving.socket);
    if (code < 0)
        kw_result_fail(*result, &serving.call.error);
    kw_call_close(&serving.call);
    return code;
}
