/* tap.h - what the calls of the tap share. */
#ifndef KW_API_TAP_TAP_H
#define KW_API_TAP_TAP_H

#include "api/call.h"
#include "tap/serve.h"

/* Told of the printer's conversation now and then, while something is printed. NULL: nobody wants to know. */
struct kw_tap_between {
    void (*call)(void *data, struct kw_talk *talk, bool at_break);
    void *data;
};

/* kwit_print_stream for who has something to ask meanwhile. */
int kw_tap_print(const kwit_context *context, const void *bytes, size_t length,
                 const struct kwit_stream_options *options, const struct kw_tap_between *between,
                 kwit_result **result);

/* ask.c: the printer, opened for a moment. */
struct kw_tap_printer { const kwit_context *context; const char *printer; };
size_t kw_tap_ask(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, unsigned answers,
                  uint8_t out[KW_TAP_ANSWER]);
bool kw_tap_is_ready(const struct kw_tap_printer *where);

/*
 * Keeps a receipt in the directory, with card numbers masked, for this user alone; what is older than 14 days goes.
 * False: there are 500 already, or it cannot be written. now_ms: wall clock, which names it.
 */
bool kw_tap_record(const char *directory, int64_t now_ms, const uint8_t *bytes, size_t length);
/* Removes what is too old. How many are left; -1: the directory cannot be read. */
int kw_tap_tidy_records(int folder, int64_t now_s);

/* Real-time questions of others while a receipt is printed. Begin with the queue alone. */
enum { KW_TAP_STATUSES = 5 };
struct kw_tap_meanwhile {
    struct kw_tap_queue *queue;
    struct kw_tap_queue_work *work;             /* asked and not answered yet; NULL: none */
    int64_t seen_ms[KW_TAP_STATUSES];           /* when the answer to DLE EOT n came; 0: it did not */
};
/* Asks what waits, where that may be, and answers what was asked, on the conversation that is going on. */
void kw_tap_answer_meanwhile(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk, bool at_break);
/* That conversation is over: what it did not answer is asked again. */
void kw_tap_end_meanwhile(struct kw_tap_meanwhile *meanwhile);

#endif
