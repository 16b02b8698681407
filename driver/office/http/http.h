/*
 * http.h - a small HTTP/1.1 server: it listens, holds limits and deadlines, and hands whole requests to a handler. It
 * knows no survey. The server itself is a module (kwit-http.so), loaded where something is served.
 */
#ifndef KW_OFFICE_HTTP_HTTP_H
#define KW_OFFICE_HTTP_HTTP_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_HTTP_VERSION = 5, KW_HTTP_BODY = 16 * 1024, KW_HTTP_HEADERS = 12, KW_HTTP_DEADLINE_S = 12,
       KW_HTTP_CONNECTIONS = 1000 };
#define KW_HTTP_SYMBOL "kw_http_module"

struct kw_http_server;
struct sockaddr;
struct kw_http_exchange;                    /* a request that waits for its response */

/* A whole request. Texts live until the response was given. */
struct kw_http_request {
    const char *method;                     /* GET, HEAD, POST (or OPTIONS): others were answered by the server */
    const char *path;                       /* as it was sent, not decoded, without the query; begins with / */
    const char *query;                      /* behind the ?, "" none */
    const char *languages, *origin, *cookie;        /* Accept-Language, Origin, Cookie; "" none */
    const char *host, *authorization;       /* Host, Authorization, "" none */
    const char *type;                       /* Content-Type, "" none */
    const char *forwarded;                  /* X-Forwarded-For, "" none; whoever sent it may have made it up */
    const struct sockaddr *peer;            /* NULL: not known */
    const char *body;                       /* ends with NUL */
    size_t length;
};

struct kw_http_header { const char *name, *value; };
struct kw_http_response {
    int status;
    struct kw_http_header headers[KW_HTTP_HEADERS];         /* up to the first without a name */
    const void *body;                       /* copied */
    size_t length;
};

/*
 * Called on one of the server's threads; it must not wait. It answers with `reply`, now or later and from any thread,
 * exactly once; a request that is not answered when the server stops is forgotten.
 */
typedef void (*kw_http_handler)(void *data, struct kw_http_exchange *exchange, const struct kw_http_request *request);

struct kw_http_options {
    int socket;                             /* that listens already; the server closes it */
    unsigned threads;                       /* 0: one a core */
    const char *large_prefix;               /* below that path a body may be large_body bytes; NULL: nowhere */
    size_t large_body;
    size_t large_bodies;                    /* bytes of all such bodies that are under way, else 503; 0: no end */
    bool preflights;                        /* OPTIONS is handed over like any other */
    unsigned deadline_s;                    /* for a whole request; 0: KW_HTTP_DEADLINE_S */
    kw_http_handler handle;
    void *data;
};

/* What the module exports under KW_HTTP_SYMBOL. */
struct kw_http_calls {
    uint32_t version;
    int (*start)(const struct kw_http_options *options, struct kw_http_server **server, struct kw_error *error);
    void (*reply)(struct kw_http_exchange *exchange, const struct kw_http_response *response);
    /* No new connections; whoever waits for a reply gets it before, or 503 now. Returns when all threads ended. */
    void (*stop)(struct kw_http_server *server);
};

/* Whether other machines can reach that place. */
bool kw_http_is_open(const char *place);

/*
 * A socket that listens on "127.0.0.1:8080", "[::1]:8080" (port 0: any) or "unix:PATH"; `where` says on which in the
 * end. PERMISSION for an address that others can reach, unless any_address.
 */
enum { KW_HTTP_WHERE = 128 };
int kw_http_listen(const char *place, bool any_address, int *socket, char where[KW_HTTP_WHERE], struct kw_error *error);

/* The value of "name=value" in a query, not decoded, as far as it fits; "" where it has none. */
void kw_http_query(const char *query, const char *name, char *out, size_t size);

#endif
