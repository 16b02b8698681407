/*
 * http_mhd.c - the server on libmicrohttpd, whose only user it is; becomes kwit-http.so.
 *
 * What the library leaves open is closed here: a deadline for a whole request (its own is about silence alone), one
 * way to say a length, no header over several lines, and no byte in a path that is not a plain one.
 */
#include "office/http/http.h"
#include "office/http/http_reaper.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_OF_A_CONNECTION = 16 * 1024, IDLE_S = 10, MOST_THREADS = 8 };

struct kw_http_server {
    struct MHD_Daemon *daemon;
    struct kw_http_options options;
    struct kw_http_reaper *reaper;
    pthread_mutex_t lock;                   /* of what follows */
    struct kw_http_exchange *waiting;       /* exchanges that are suspended */
    size_t large;                           /* bytes that large bodies hold */
    bool stopping;
};

enum { NEW, READING, TOO_MUCH, HANDED, ANSWERED };    /* how far an exchange is; TOO_MUCH: no room for its body */
struct kw_http_exchange {
    struct kw_http_server *server;
    struct MHD_Connection *connection;
    struct MHD_Response *response;
    struct kw_http_exchange *next, **link;  /* in `waiting`, link NULL: not there */
    char *uri;                              /* as it was sent */
    int state, status;
    bool suspended;
    size_t length, room;                    /* room: most bytes of a body that such a path may have */
    char *body;                             /* NULL: nothing of it came yet */
    size_t capacity, large;                 /* of the body; what of it counts among the server's large ones */
};

/* ---- what is refused ---------------------------------------------------------------------------------------- */

struct header_count { int lengths, encodings; size_t bytes; };

static enum MHD_Result count_header(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct header_count *count = data;
    (void)kind;
    value = value ? value : "";
    count->lengths += strcasecmp(name, "Content-Length") == 0;
    count->encodings += strcasecmp(name, "Transfer-Encoding") == 0;
    count->bytes += strlen(name) + strlen(": ") + strlen(value) + strlen("\r\n");
    return MHD_YES;
}

/* Bytes that stand in no line as clients write them: a header over several lines, or padded. */
static bool is_folded(struct MHD_Connection *connection, size_t expected)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return size && size->header_size > expected;
}

static bool is_plain(const char *uri)
{
    if (uri[0] != '/')
        return false;
    for (const char *at = uri; *at; at++) {
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7f)
            return false;
        if (*at == '%' && (strncmp(at, "%0", 2) == 0 || strncmp(at, "%1", 2) == 0 || strncasecmp(at, "%7f", 3) == 0))
            return false;
    }
    return true;
}

/* All large bodies together have an end, so that who begins a thousand of them takes no memory from the pages. */
static bool may_grow(struct kw_http_exchange *exchange, size_t capacity)
{
    struct kw_http_server *server = exchange->server;
    if (exchange->room <= KW_HTTP_BODY || server->options.large_bodies == 0)
        return true;
    pthread_mutex_lock(&server->lock);
    const bool may = server->large - exchange->large + capacity <= server->options.large_bodies;
    if (may) {
        server->large += capacity - exchange->large;
        exchange->large = capacity;
    }
    pthread_mutex_unlock(&server->lock);
    return may;
}

static void drop_body(struct kw_http_exchange *exchange)
{
    if (exchange->large > 0) {
        pthread_mutex_lock(&exchange->server->lock);
        exchange->server->large -= exchange->large;
        pthread_mutex_unlock(&exchange->server->lock);
    }
    exchange->large = exchange->capacity = exchange->length = 0;
    free(exchange->body);
    exchange->body = NULL;
}

/* A body takes the room of what has come of it, whatever length was said. */
static bool make_room(struct kw_http_exchange *exchange, size_t more)
{
    const size_t needed = exchange->length + more, twice = 2 * exchange->capacity;
    size_t capacity = needed > twice ? needed : twice;
    if (exchange->body && needed <= exchange->capacity)
        return true;
    capacity = capacity < exchange->room ? capacity : exchange->room;
    char *body = may_grow(exchange, capacity) ? realloc(exchange->body, capacity + 1) : NULL;
    if (!body)
        return false;
    exchange->body = body;
    exchange->capacity = capacity;
    return true;
}

/* Of a body that finds no room the rest is read and forgotten: only behind it may something be said. */
static void take_body(struct kw_http_exchange *exchange, const char *bytes, size_t count)
{
    if (exchange->state == TOO_MUCH)
        return;
    if (!make_room(exchange, count)) {
        drop_body(exchange);
        exchange->state = TOO_MUCH;
        return;
    }
    memcpy(exchange->body + exchange->length, bytes, count);
    exchange->length += count;
}

static size_t most_bytes(const struct kw_http_exchange *exchange)
{
    const struct kw_http_options *options = &exchange->server->options;
    const char *prefix = options->large_prefix;
    return prefix && strncmp(exchange->uri, prefix, strlen(prefix)) == 0 ? options->large_body : KW_HTTP_BODY;
}

static int refusal_of(struct kw_http_exchange *exchange, const char *method, const char *version)
{
    struct header_count count = { 0 };
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, count_header, &count);
    const size_t line = strlen(method) + 1 + strlen(exchange->uri) + 1 + strlen(version) + strlen("\r\n");
    const char *said = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Content-Length");
    const long long length = said ? strtoll(said, NULL, 10) : 0;
    if (count.encodings > 0)
        return MHD_HTTP_LENGTH_REQUIRED;
    if (count.lengths > 1 || is_folded(exchange->connection, line + count.bytes + strlen("\r\n")))
        return MHD_HTTP_BAD_REQUEST;
    if (length > (long long)most_bytes(exchange))
        return MHD_HTTP_CONTENT_TOO_LARGE;
    bool asks = exchange->server->options.preflights && strcmp(method, "OPTIONS") == 0;
    if (!asks && strcmp(method, "POST") != 0 && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    if (!is_plain(exchange->uri))
        return MHD_HTTP_NOT_FOUND;
    exchange->room = length > 0 ? (size_t)length : 0;
    return make_room(exchange, 0) ? 0 : MHD_HTTP_SERVICE_UNAVAILABLE;
}

/* ---- responses ---------------------------------------------------------------------------------------------- */

static struct MHD_Response *make_response(const void *body, size_t length)
{
    return MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY);
}

/* The connection is closed: what else stands in it is not trusted. */
static enum MHD_Result refuse(struct MHD_Connection *connection, int status)
{
    char body[64];
    int length = snprintf(body, sizeof body, "%d\n", status);
    struct MHD_Response *response = make_response(body, (size_t)length);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", "text/plain");
    MHD_add_response_header(response, "Connection", "close");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD, POST");
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header(response, "Retry-After", "30");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static void forget_waiting(struct kw_http_exchange *exchange)
{
    if (!exchange->link)
        return;
    *exchange->link = exchange->next;
    if (exchange->next)
        exchange->next->link = exchange->link;
    exchange->link = NULL;
}

static void reply(struct kw_http_exchange *exchange, const struct kw_http_response *response)
{
    struct kw_http_server *server = exchange->server;
    struct MHD_Response *made = make_response(response->body, response->length);
    for (int i = 0; made && i < KW_HTTP_HEADERS && response->headers[i].name; i++)
        MHD_add_response_header(made, response->headers[i].name, response->headers[i].value);
    pthread_mutex_lock(&server->lock);
    exchange->response = made;
    exchange->status = response->status;
    exchange->state = ANSWERED;
    bool resume = exchange->suspended;
    exchange->suspended = false;
    forget_waiting(exchange);
    pthread_mutex_unlock(&server->lock);
    if (resume)
        MHD_resume_connection(exchange->connection);
}

static enum MHD_Result send_reply(struct kw_http_exchange *exchange)
{
    if (!exchange->response)
        return MHD_NO;
    return MHD_queue_response(exchange->connection, (unsigned)exchange->status, exchange->response);
}

/* ---- requests ----------------------------------------------------------------------------------------------- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

/* Suspended before it is handed over, so that whoever answers at once finds it so. */
static enum MHD_Result hand_over(struct kw_http_exchange *exchange, const char *method)
{
    struct kw_http_server *server = exchange->server;
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *mark = strchr(exchange->uri, '?');
    if (mark)
        *mark = 0;
    const struct kw_http_request request = { .method = method,
                                             .path = exchange->uri,
                                             .query = mark ? mark + 1 : "",
                                             .languages = header(exchange->connection, "Accept-Language"),
                                             .origin = header(exchange->connection, "Origin"),
                                             .cookie = header(exchange->connection, "Cookie"),
                                             .host = header(exchange->connection, "Host"),
                                             .authorization = header(exchange->connection, "Authorization"),
                                             .type = header(exchange->connection, "Content-Type"),
                                             .forwarded = header(exchange->connection, "X-Forwarded-For"),
                                             .peer = peer ? peer->client_addr : NULL,
                                             .body = exchange->body,
                                             .length = exchange->length };
    exchange->body[exchange->length] = 0;
    exchange->state = HANDED;
    server->options.handle(server->options.data, exchange, &request);
    pthread_mutex_lock(&server->lock);
    bool answered = exchange->state == ANSWERED;
    if (!answered) {
        exchange->suspended = true;
        exchange->next = server->waiting;
        exchange->link = &server->waiting;
        if (exchange->next)
            exchange->next->link = &exchange->next;
        server->waiting = exchange;
        MHD_suspend_connection(exchange->connection);
    }
    pthread_mutex_unlock(&server->lock);
    return answered ? send_reply(exchange) : MHD_YES;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *upload_size, void **kept)
{
    struct kw_http_exchange *exchange = *kept;
    (void)data, (void)url;
    if (!exchange)
        return MHD_NO;
    exchange->connection = connection;
    if (exchange->state == NEW) {
        int status = refusal_of(exchange, method, version);
        exchange->state = READING;
        return status ? refuse(connection, status) : MHD_YES;
    }
    if (*upload_size > 0) {
        if (exchange->state == READING && *upload_size > exchange->room - exchange->length)
            return MHD_NO;
        take_body(exchange, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (exchange->state == TOO_MUCH)
        return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE);
    if (exchange->state != READING)
        return exchange->state == ANSWERED ? send_reply(exchange) : MHD_YES;
    kw_http_reaper_whole(exchange->server->reaper, connection);
    return hand_over(exchange, method);
}

/* Called with the target as it was sent, before the library decodes it. */
static void *on_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
    struct kw_http_exchange *exchange = calloc(1, sizeof *exchange);
    (void)connection;
    if (!exchange || !(exchange->uri = strdup(uri))) {
        free(exchange);
        return NULL;
    }
    exchange->server = data;
    kw_http_reaper_begin(exchange->server->reaper, connection);
    return exchange;
}

static void on_completed(void *data, struct MHD_Connection *connection, void **kept,
                         enum MHD_RequestTerminationCode why)
{
    struct kw_http_exchange *exchange = *kept;
    (void)data, (void)connection, (void)why;
    if (!exchange)
        return;
    kw_http_reaper_begin(exchange->server->reaper, connection);      /* of the next request, if one comes */
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    drop_body(exchange);
    free(exchange->uri);
    free(exchange);
    *kept = NULL;
}

static void on_connection(void *data, struct MHD_Connection *connection, void **kept,
                          enum MHD_ConnectionNotificationCode what)
{
    struct kw_http_server *server = data;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    (void)kept;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED)
        kw_http_reaper_remove(server->reaper, connection);
    else if (info)
        kw_http_reaper_add(server->reaper, connection, info->connect_fd);
}

/* ---- beginning and end -------------------------------------------------------------------------------------- */

static unsigned count_threads(const struct kw_http_options *options)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = options->threads ? options->threads : cores > 0 ? (unsigned)cores : 1;
    return threads > MOST_THREADS ? MOST_THREADS : threads;
}

static void release(struct kw_http_server *server)
{
    kw_http_reaper_free(server->reaper);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static int start(const struct kw_http_options *options, struct kw_http_server **started, struct kw_error *error)
{
    struct kw_http_server *server = calloc(1, sizeof *server);
    unsigned threads = count_threads(options);
    *started = NULL;
    if (!server)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    server->options = *options;
    pthread_mutex_init(&server->lock, NULL);
    server->reaper = kw_http_reaper_new(options->deadline_s ? options->deadline_s : KW_HTTP_DEADLINE_S);
    if (server->reaper)
        server->daemon = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, server,
            MHD_OPTION_LISTEN_SOCKET, (MHD_socket)options->socket,
            MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)KW_HTTP_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_OF_A_CONNECTION, MHD_OPTION_STRICT_FOR_CLIENT, 1,
            MHD_OPTION_URI_LOG_CALLBACK, on_uri, server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
    if (!server->daemon) {
        int number = errno;
        release(server);
        return kw_fail(error, KWIT_E_IO, "", "the HTTP server does not start: %s", strerror(number));
    }
    *started = server;
    return 0;
}

/* Connections must be resumed before the daemon stops. */
static void answer_waiting(struct kw_http_server *server)
{
    const struct kw_http_response busy = { .status = MHD_HTTP_SERVICE_UNAVAILABLE, .body = "", .length = 0 };
    for (;;) {
        pthread_mutex_lock(&server->lock);
        struct kw_http_exchange *exchange = server->waiting;
        pthread_mutex_unlock(&server->lock);
        if (!exchange)
            return;
        reply(exchange, &busy);
    }
}

static void stop(struct kw_http_server *server)
{
    MHD_socket socket = MHD_quiesce_daemon(server->daemon);
    answer_waiting(server);
    MHD_stop_daemon(server->daemon);
    if (socket != MHD_INVALID_SOCKET)
        close(socket);
    release(server);
}

extern const struct kw_http_calls kw_http_module __attribute__((visibility("default")));
const struct kw_http_calls kw_http_module = { KW_HTTP_VERSION, start, reply, stop };
