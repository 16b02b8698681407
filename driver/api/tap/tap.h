/* tap.h - what the calls of the tap share. */
#ifndef KW_API_TAP_TAP_H
#define KW_API_TAP_TAP_H

#include "api/call.h"
#include "tap/serve.h"

/* Told of the printer's conversation now and then, while something is printed. NULL: nobody wants to know. */
struct kw_tap_between {
    void (*call)(void *data, struct kw_talk *talk);
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
/* Answers the real-time questions that wait, on the conversation that is going on. */
void kw_tap_answer_meanwhile(struct kw_tap_queue *line, struct kw_talk *talk);

#endif
