/*
 * web.c - the printer for programs of the web: ePOS-Print as Epson's printers take it, and sales and finished bytes in
 * kwit's own way. Who may, is this machine's browsers on pages of named origins, and whoever has the token.
 */
#include "api/tap/web.h"

#include "api/tap/listen.h"
#include "base/clock.h"
#include "base/module.h"
#include "base/net.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { JOBS_MOST = 16, BODY_MOST = 2 * 1024 * 1024, ANSWER_BYTES = 512, STATUS_USUAL = 0x0F000010 };

struct kw_tap_web {
    struct kw_tap_web_options options;
    const struct kw_http_calls *calls;
    struct kw_module *module;
    struct kw_http_server *server;
    char where[KW_HTTP_WHERE];
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int jobs;
};

struct web_job {
    struct kw_tap_web *web;
    struct kw_http_exchange *exchange;
    struct kw_tap_queue_work *work;
    const char *origin;             /* of the configuration; NULL: none was said */
    int64_t patience_ms;
};

/* What a request asks for. */
struct web_wish {
    enum kw_tap_form form;
    char from[KW_TAP_FROM];
};

/* ---- who may ---- */

static bool is_host(const struct kw_tap_web *web, const char *host)
{
    const char *own = strrchr(web->where, ':'), *port = strrchr(host, ':');
    return port && strcmp(port, own) == 0 && kw_net_is_here(host, (size_t)(port - host));
}

/* As long for a wrong one as for the right one. */
static bool is_token(const char *token, const char *said)
{
    static const char scheme[] = "Bearer ";
    size_t length = strlen(token), unlike = 0;
    if (strncmp(said, scheme, sizeof scheme - 1) != 0 || strlen(said + sizeof scheme - 1) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        unlike |= (size_t)(token[i] ^ said[sizeof scheme - 1 + i]);
    return unlike == 0;
}

static bool may_print(const struct kw_tap_web *web, const struct kw_http_request *request, const char **origin)
{
    const struct kw_config_tap *tap = web->options.tap;
    *origin = NULL;
    if (!is_host(web, request->host))
        return false;
    if (!request->origin[0])
        return tap->token && is_token(tap->token, request->authorization);
    for (size_t i = 0; tap->origins && tap->origins[i]; i++)
        if (strcmp(tap->origins[i], request->origin) == 0)
            *origin = tap->origins[i];
    return *origin != NULL;
}

/* ---- answers ---- */

static void reply(struct kw_tap_web *web, struct kw_http_exchange *exchange, const char *origin, int status,
                  const char *type, const char *body)
{
    struct kw_http_response response = { .status = status, .body = body, .length = strlen(body) };
    struct kw_http_header *header = response.headers;
    *header++ = (struct kw_http_header){ "Content-Type", type };
    *header++ = (struct kw_http_header){ "Cache-Control", "no-store" };
    if (origin) {
        *header++ = (struct kw_http_header){ "Access-Control-Allow-Origin", origin };
        *header++ = (struct kw_http_header){ "Vary", "Origin" };
    }
    if (status == 204) {
        *header++ = (struct kw_http_header){ "Access-Control-Allow-Methods", "POST" };
        *header++ = (struct kw_http_header){ "Access-Control-Allow-Headers",
                                             "Content-Type, SOAPAction, If-Modified-Since, Authorization" };
        *header++ = (struct kw_http_header){ "Access-Control-Allow-Private-Network", "true" };
        *header++ = (struct kw_http_header){ "Access-Control-Max-Age", "600" };
    }
    web->calls->reply(exchange, &response);
}

/* What became of it in the words of ePOS-Print; success is what "" says. */
static const char *epos_code(int outcome, int reason)
{
    static const struct { int reason; const char *code; } rows[] = {
        { KWIT_E_PAPER_OUT, "EPTR_REC_EMPTY" }, { KWIT_E_COVER_OPEN, "EPTR_COVER_OPEN" },
        { KWIT_E_CUTTER_JAM, "EPTR_CUTTER" }, { KWIT_E_PRINTER_ERROR, "EPTR_MECHANICAL" },
        { KWIT_E_PRINTER_DEAD, "EPTR_UNRECOVERABLE" }, { KWIT_E_HEAD_HOT, "EPTR_AUTOMATICAL" },
        { KWIT_E_SYNTAX, "SchemaError" }, { KWIT_E_INVALID, "SchemaError" }, { KWIT_E_TOO_LARGE, "SchemaError" },
        { KWIT_E_UNPRINTABLE, "SchemaError" }, { KWIT_E_NO_PRINTER, "DeviceNotFound" },
        { KWIT_E_CONFIG, "DeviceNotFound" }, { KWIT_E_NO_ANSWER, "EX_TIMEOUT" }, { KWIT_E_TIMEOUT, "EX_TIMEOUT" },
    };
    if (outcome == KWIT_OUTCOME_PRINTED || outcome == KWIT_OUTCOME_SENT || outcome == KWIT_OUTCOME_DUPLICATE)
        return "";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].reason == reason)
            return rows[i].code;
    return outcome == KWIT_OUTCOME_UNCONFIRMED ? "EX_TIMEOUT" : "EX_BADPORT";
}

static unsigned epos_status(const char *code)
{
    static const struct { const char *code; unsigned bit; } rows[] = {
        { "", 0x2 }, { "EX_TIMEOUT", 0x1 }, { "EX_BADPORT", 0x1 | 0x8 }, { "EPTR_REC_EMPTY", 0x80000 | 0x8 },
        { "EPTR_COVER_OPEN", 0x20 | 0x8 }, { "EPTR_CUTTER", 0x800 | 0x8 }, { "EPTR_MECHANICAL", 0x400 | 0x8 },
        { "EPTR_UNRECOVERABLE", 0x2000 | 0x8 }, { "EPTR_AUTOMATICAL", 0x4000 | 0x8 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].code, code) == 0)
            return STATUS_USUAL | rows[i].bit;
    return STATUS_USUAL;
}

static void reply_epos(const struct web_job *job, const char *code)
{
    char body[ANSWER_BYTES];
    snprintf(body, sizeof body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
             "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><response success=\"%s\" "
             "code=\"%s\" status=\"%u\" battery=\"0\" xmlns=\"http://www.epson-pos.com/schemas/2011/03/epos-print\">"
             "</response></s:Body></s:Envelope>", *code ? "false" : "true", code, epos_status(code));
    reply(job->web, job->exchange, job->origin, 200, "text/xml; charset=utf-8", body);
}

static void answer(const struct web_job *job, bool done)
{
    const struct kw_tap_queue_work *work = job->work;
    if (work->form == KW_TAP_EPOS)
        reply_epos(job, done ? epos_code(work->outcome, work->reason) : "EX_TIMEOUT");
    else if (done && work->line)
        reply(job->web, job->exchange, job->origin, 200, "application/json", work->line);
    else
        reply(job->web, job->exchange, job->origin, 504, "text/plain", "it is kept, and not settled yet\n");
}

/* ---- one job ---- */

static void change_jobs(struct kw_tap_web *web, int by)
{
    pthread_mutex_lock(&web->lock);
    web->jobs += by;
    pthread_cond_signal(&web->changed);
    pthread_mutex_unlock(&web->lock);
}

static void *run(void *data)
{
    struct web_job *job = data;
    struct kw_tap_web *web = job->web;
    struct kw_tap_queue *queue = web->options.queue;
    int wake = job->work->wake;
    int64_t until_ms = kw_clock_boot_ms() + job->patience_ms;
    kw_tap_queue_put(queue, job->work);
    while (!kw_tap_queue_is_done(queue, job->work) && kw_clock_left_ms(until_ms) > 0) {
        struct pollfd end = { .fd = wake, .events = POLLIN };
        poll(&end, 1, kw_clock_left_ms(until_ms));
    }
    bool done = kw_tap_queue_is_done(queue, job->work);
    answer(job, done);
    if (done)
        kw_tap_queue_work_free(job->work);
    else
        kw_tap_queue_leave(queue, job->work);
    close(wake);
    free(job);
    change_jobs(web, -1);
    return NULL;
}

static bool begin(struct web_job *job)
{
    pthread_t thread;
    change_jobs(job->web, 1);
    if (pthread_create(&thread, NULL, run, job) != 0) {
        change_jobs(job->web, -1);
        return false;
    }
    pthread_detach(thread);
    return true;
}

/* The program's own patience, where that is less. */
static int64_t patience_ms(const struct kw_tap_web *web, const char *query)
{
    char said[16];
    kw_http_query(query, "timeout", said, sizeof said);
    long ms = strtol(said, NULL, 10);
    return ms > 0 && ms < web->options.tap->patience_ms ? ms : web->options.tap->patience_ms;
}

static struct web_job *make_job(struct kw_tap_web *web, const struct kw_http_request *request,
                                const struct web_wish *wish)
{
    struct web_job *job = calloc(1, sizeof *job);
    int wake = eventfd(0, EFD_CLOEXEC);
    if (job && wake >= 0)
        job->work = kw_tap_queue_work_new((const uint8_t *)request->body, request->length, true, wake);
    if (!job || !job->work) {
        free(job);
        if (wake >= 0)
            close(wake);
        return NULL;
    }
    job->work->form = wish->form;
    memcpy(job->work->from, wish->from, sizeof wish->from);
    job->web = web;
    job->patience_ms = patience_ms(web, request->query);
    return job;
}

static void drop_job(struct web_job *job)
{
    close(job->work->wake);
    kw_tap_queue_work_free(job->work);
    free(job);
}

/* ---- requests ---- */

/* False: there is nothing at that address. */
static bool read_wish(const struct kw_http_request *request, struct web_wish *wish)
{
    *wish = (struct web_wish){ .form = KW_TAP_EPOS };
    if (strcmp(request->method, "POST") != 0)
        return false;
    if (strcmp(request->path, "/kwit/print") != 0)
        return strcmp(request->path, "/cgi-bin/epos/service.cgi") == 0;
    kw_http_query(request->query, "from", wish->from, sizeof wish->from);
    bool document = wish->from[0] || strncmp(request->type, "application/json", 16) == 0;
    wish->form = document ? KW_TAP_DOCUMENT : KW_TAP_STREAM;
    return true;
}

static bool is_busy(struct kw_tap_web *web)
{
    pthread_mutex_lock(&web->lock);
    bool busy = web->jobs >= JOBS_MOST;
    pthread_mutex_unlock(&web->lock);
    return busy;
}

/* It is answered now, or later by a thread of its own. */
static void take(struct kw_tap_web *web, struct kw_http_exchange *exchange, const struct kw_http_request *request,
                 const char *origin, const struct web_wish *wish)
{
    struct web_job *job = is_busy(web) ? NULL : make_job(web, request, wish);
    if (job)
        job->exchange = exchange, job->origin = origin;
    if (job && begin(job))
        return;
    reply(web, exchange, origin, 503, "text/plain", "too many receipts wait\n");
    if (job)
        drop_job(job);
}

static void handle(void *data, struct kw_http_exchange *exchange, const struct kw_http_request *request)
{
    struct kw_tap_web *web = data;
    struct web_wish wish;
    const char *origin;
    if (!may_print(web, request, &origin))
        reply(web, exchange, NULL, 403, "text/plain", "this page is not among the origins of [tap], or the token is "
              "missing\n");
    else if (strcmp(request->method, "OPTIONS") == 0)
        reply(web, exchange, origin, 204, "text/plain", "");
    else if (!read_wish(request, &wish))
        reply(web, exchange, origin, 404, "text/plain", "");
    else if (strchr(wish.from, '/'))        /* no page reads files of this machine */
        reply(web, exchange, origin, 400, "text/plain", "from= is the name of a map: kwit map list\n");
    else
        take(web, exchange, request, origin, &wish);
}

/* ---- beginning and end ---- */

static int load(struct kw_tap_web *web, struct kw_error *error)
{
    if (kw_module_open("kwit-http.so", &web->module, error) < 0)
        return kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-http.so", "programs of the web need this module, and it is not "
                       "here; install the package kwit-office, or build kwit with libmicrohttpd");
    web->calls = kw_module_table(web->module, KW_HTTP_SYMBOL, KW_HTTP_VERSION, error);
    return web->calls ? 0 : error->code;
}

static void release(struct kw_tap_web *web)
{
    kw_module_close(web->module);
    pthread_cond_destroy(&web->changed);
    pthread_mutex_destroy(&web->lock);
    free(web);
}

int kw_tap_web_start(const struct kw_tap_web_options *options, char where[KW_HTTP_WHERE], struct kw_tap_web **started,
                     struct kw_error *error)
{
    struct kw_http_options serving = { .threads = 1, .large_prefix = "/", .large_body = BODY_MOST, .preflights = true,
                                       .handle = handle };
    struct kw_tap_web *web = calloc(1, sizeof *web);
    *started = NULL;
    if (!web)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    web->options = *options;
    pthread_mutex_init(&web->lock, NULL);
    pthread_cond_init(&web->changed, NULL);
    int code = kw_tap_listen(options->place, false, &serving.socket, web->where, error);
    if (code == 0) {
        serving.data = web;
        code = load(web, error);
        if (code == 0)
            code = web->calls->start(&serving, &web->server, error);
        if (code < 0)
            close(serving.socket);
    }
    if (code < 0) {
        release(web);
        return code;
    }
    snprintf(where, KW_HTTP_WHERE, "%s", web->where);
    *started = web;
    return 0;
}

void kw_tap_web_stop(struct kw_tap_web *web)
{
    if (!web)
        return;
    pthread_mutex_lock(&web->lock);
    while (web->jobs > 0)
        pthread_cond_wait(&web->changed, &web->lock);
    pthread_mutex_unlock(&web->lock);
    web->calls->stop(web->server);
    release(web);
}
