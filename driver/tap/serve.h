/* serve.h - the door that looks like a printer: connections of other programs, each in a thread of its own. */
#ifndef KW_TAP_SERVE_H
#define KW_TAP_SERVE_H

#include "base/net.h"
#include "tap/queue.h"

enum { KW_TAP_CONNECTIONS = 32 };

struct kw_tap_options {
    int socket;                     /* that listens; closed by nobody here */
    const struct kw_net *allow;     /* who may print */
    size_t allow_count;
    bool refuse;                    /* while the printer is away be off like it: reset whoever comes */
    bool drop_rest;                 /* of a program that broke off without a cut nothing is printed */
    int64_t settle_ms, idle_ms, patience_ms;
    int64_t gather_ms;              /* how long ink waits for the end of its receipt; then it goes out as it comes */
    struct kw_tap_queue_calls calls;
    int (*go_on)(void *data);       /* asked every now and then; 0: come to an end */
    void *go_on_data;
};

struct kw_tap;
/* Starts the printer's thread. The options are copied; what they point to must stay. */
int kw_tap_start(const struct kw_tap_options *options, struct kw_tap **tap, struct kw_error *error);
/* Takes connections until go_on says no. */
int kw_tap_run(struct kw_tap *tap, struct kw_error *error);
/* Waits for connections that have a receipt on its way, and ends. */
void kw_tap_stop(struct kw_tap *tap);
/* For kw_tap_queue_question, while something is printed. */
struct kw_tap_queue *kw_tap_queue_of(struct kw_tap *tap);

#endif
