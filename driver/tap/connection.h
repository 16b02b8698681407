/* connection.h - one program that believes to talk to a printer. */
#ifndef KW_TAP_CONNECTION_H
#define KW_TAP_CONNECTION_H

#include "escpos/escpos.h"
#include "tap/gather.h"
#include "tap/serve.h"

struct kw_connection {
    const struct kw_tap_options *options;
    struct kw_tap_queue *line;
    int socket, wake;
    struct kw_gather gather;
    struct kw_tap_queue_work *receipt;   /* on its way; NULL: none */
    size_t passed;                  /* bytes of one that is open which it has */
    int64_t slow_ms;                /* since when ink waits for the receipt's end, or was declined; 0: none does */
    bool begun;                     /* a part of what is gathered went out, and came to nothing */
    struct kw_buffer after;         /* questions that wait for it */
    struct kw_tap_wanted after_wanted;
    bool watches, told, owed;       /* GS a: it is to be told how the printer is; was told; will be once on line */
    uint8_t block[KW_ASB_BYTES];
    int64_t told_ms;                /* what was seen before that is old */
    int64_t heard_ms, put_ms;
    bool finished, gone;            /* it sends no more; it is not there any more */
    bool refused;                   /* its receipt was not begun in time, and is nobody's */
    void (*heard)(void *data);
    void *heard_data;
};

/*
 * Until both sides are done; closes the socket. It tells (NULL: nobody) when the program has ended it and all of it is
 * in the queue, and before it closes.
 */
void kw_connection_serve(const struct kw_tap_options *options, struct kw_tap_queue *line, int socket,
                         void (*heard)(void *data), void *data);
/*
 * The end of a connection means that the receipt is settled. Where this process dies the system ends it, and must not
 * say so: it resets what is open then, and the program sends its receipt again. Of a door: each that it accepts.
 */
void kw_connection_end_by_reset(int socket, bool resets);

#endif
