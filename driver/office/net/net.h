/*
 * net.h - one mail or one POST before a deadline. Nothing else of the network is used; the library behind it is a
 * module (kwit-net.so), loaded where something is sent.
 */
#ifndef KW_OFFICE_NET_NET_H
#define KW_OFFICE_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_NET_VERSION = 4, KW_NET_RECIPIENTS = 8, KW_NET_HEADERS = 8, KW_NET_TEXT = 200 };
#define KW_NET_SYMBOL "kw_net_module"

/* Asked about once a second while something is under way; 0: it is given up. NULL: never asked. */
struct kw_net_patience { int (*go_on)(void *data); void *data; };

struct kw_net_mail {
    const char *server;                     /* smtp://HOST:PORT or smtps://HOST */
    bool plain;                             /* it may go unencrypted: the server is this machine */
    const char *user, *password;            /* NULL: none */
    const char *from;                       /* an address alone */
    const char *to[KW_NET_RECIPIENTS];      /* up to the first NULL */
    const void *message;                    /* RFC 5322 */
    size_t length;
    int64_t deadline_ms;                    /* from now */
    struct kw_net_patience patience;
};

struct kw_net_post {
    const char *url;
    const char *headers[KW_NET_HEADERS];    /* "Name: value", up to the first NULL */
    const void *body;
    size_t length;
    int64_t deadline_ms;
    struct kw_net_patience patience;
    const char *socket;                     /* path of a Unix socket to reach the URL's host by; NULL: the network */
    const char *ca_file;                    /* who vouches for the server, instead of the system's; NULL */
    void *response;                         /* room for what it says, NULL: that is nothing to us */
    size_t room;
};

struct kw_net_answer {
    bool done;                              /* the other side took it */
    bool final;                             /* it never will: trying again is of no use */
    char text[KW_NET_TEXT];                 /* why not, for people */
    long status;                            /* of a POST that came to an answer, else 0 */
    int64_t retry_after_s;                  /* of a POST: when it may be tried again; 0: nothing was said of that */
    size_t length;                          /* of the response, as far as there was room */
};

/* What the module exports under KW_NET_SYMBOL. Both block until the deadline at most, and follow no redirection. */
struct kw_net_calls {
    uint32_t version;
    void (*mail)(const struct kw_net_mail *mail, struct kw_net_answer *answer);
    void (*post)(const struct kw_net_post *post, struct kw_net_answer *answer);
};

#endif
