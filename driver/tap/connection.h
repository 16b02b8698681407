/* connection.h - one program that believes to talk to a printer. */
#ifndef KW_TAP_CONNECTION_H
#define KW_TAP_CONNECTION_H

#include "tap/gather.h"
#include "tap/serve.h"

struct kw_connection {
    const struct kw_tap_options *options;
    struct kw_tap_queue *line;
    int socket, wake;
    struct kw_gather gather;
    struct kw_tap_queue_work *receipt;   /* on its way; NULL: none */
    struct kw_buffer after;         /* questions that wait for it */
    unsigned after_answers;
    int64_t heard_ms, put_ms;
    bool finished, gone;            /* it sends no more; it is not there any more */
};

/* Until both sides are done; closes the socket. */
void kw_connection_serve(const struct kw_tap_options *options, struct kw_tap_queue *line, int socket);

#endif
