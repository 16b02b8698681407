/* tap.h - what the calls of the tap share. */
#ifndef KW_API_TAP_TAP_H
#define KW_API_TAP_TAP_H

#include "api/call.h"
#include "tap/stream/given.h"
#include "tap/serve.h"

#include <limits.h>

/* Told of the printer's conversation now and then, while something is printed. NULL: nobody wants to know. */
struct kw_tap_between {
    void (*call)(void *data, struct kw_talk *talk, bool at_break);
    void *data;
};

/* How a stream goes its way. */
struct kw_tap_way {
    struct kw_tap_between between;  /* without a call: nobody has anything to ask meanwhile */
    int64_t hold_ms;                /* what looking at it may take, tried apart; 0: it is looked at here */
    struct kw_given given;          /* the words of what kwit has laid out */
    enum kw_tap_end end;            /* of the bytes */
    unsigned marks;                 /* of its body, beside those that it gets by itself; how a trial ended */
    int64_t killed_ms;              /* boot time at which this tap came after one that was killed; 0: it did not */
    void (*stored)(void *data);     /* told when nobody else has to care for it any more; NULL: nobody asks */
    void *stored_data;
    bool forgets;                   /* the journal is left alone */
    struct kw_ahead *ahead;         /* its first bytes are out already; NULL: none */
    bool begun;                     /* its first bytes went out, and came to nothing */
    bool accepted;                  /* in the end: it is in the journal, and nobody else has to care for it */
};
/* kwit_print_stream in this process, with whatever may become of it. */
int kw_tap_print(const kwit_context *context, const void *bytes, size_t length,
                 const struct kwit_stream_options *options, struct kw_tap_way *way, kwit_result **result);
/*
 * For a program that does not come again: bytes that cannot be looked at without a crash, or not within hold_ms, go as
 * they came, and where the journal is at fault the receipt is printed without it.
 */
int kw_tap_print_surely(const kwit_context *context, const void *bytes, size_t length,
                        const struct kwit_stream_options *options, struct kw_tap_way *way, kwit_result **result);

/* ask.c: the printer, opened for a moment. */
struct kw_tap_printer {
    const kwit_context *context;
    const struct kw_config *config;         /* as the tap began with it */
    const char *printer;
};
size_t kw_tap_ask(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, struct kw_tap_wanted wanted,
                  uint8_t out[KW_TAP_ANSWER]);
/* How it is now; what it does not answer stays as it was. */
void kw_tap_watch(const struct kw_tap_printer *where, struct kw_tap_status *status);
/* Sends bytes as they are, with no more promised than that they were taken to the last: true. */
bool kw_tap_pass(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, int64_t until_ms);
/* laid.c: what kwit itself lays out. */
struct kw_tap_laid {
    struct kw_buffer bytes;         /* finished, as another program would send them */
    struct kw_buffer given;         /* the words on their paper */
};
void kw_tap_laid_begin(struct kw_tap_laid *laid);
void kw_tap_laid_end(struct kw_tap_laid *laid);
struct kw_given kw_tap_given(const struct kw_tap_laid *laid);      /* lives as long as that */
/* A text that lays out for this printer, and a page's bytes and words. */
int kw_tap_text(struct kw_call *call, const struct kw_config_printer *printer, const struct kw_profile *profile,
                struct kw_text **text);
int kw_tap_encode(struct kw_call *call, const struct kw_page *page, const struct kw_profile *profile,
                  struct kw_tap_laid *laid);
/* Finished bytes of one receipt out of ReceiptLine, for this printer. */
int kw_tap_receiptline(struct kw_call *call, const struct kw_config_printer *printer, const struct kw_profile *profile,
                       const char *utf8, size_t length, struct kw_tap_laid *laid);
/* Finished bytes of one receipt out of ePOS-Print XML; again names the try where the document does. */
int kw_tap_epos(const struct kw_tap_printer *where, const void *xml, size_t length, struct kw_tap_laid *laid,
                char again[KW_TAP_AGAIN], struct kw_error *error);
bool kw_tap_is_ready(const struct kw_tap_printer *where);

/*
 * Keeps a receipt in the directory, with card numbers masked, for this user alone; what is older than 14 days goes.
 * False: there are 500 already, or it cannot be written. now_ms: wall clock, which names it.
 */
bool kw_tap_record(const char *directory, int64_t now_ms, const uint8_t *bytes, size_t length);
/* Removes what is too old. How many are left; -1: the directory cannot be read. */
int kw_tap_tidy_records(int folder, int64_t now_s);
void kw_tap_tidy(const char *directory, int64_t now_ms);
/* Where receipts are kept of which somebody may ask why; it may not be there. */
bool kw_tap_doubts(const struct kw_state *state, char path[PATH_MAX]);

/* Real-time questions of others while a receipt is printed. Begin with the queue alone. */
enum { KW_TAP_STATUSES = 5 };
struct kw_tap_meanwhile {
    struct kw_tap_queue *queue;
    struct kw_tap_queue_work *work;             /* asked and not answered yet; NULL: none */
    int64_t seen_ms[KW_TAP_STATUSES];           /* when the answer to DLE EOT n came; 0: it did not */
    int64_t watched_ms, asked_ms;               /* for those who watch: asked last; and not answered yet, 0: it is */
};
/* Asks what waits, where that may be, and answers what was asked, on the conversation that is going on. */
void kw_tap_answer_meanwhile(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk, bool at_break);
/* That conversation is over: what it did not answer is asked again. */
void kw_tap_end_meanwhile(struct kw_tap_meanwhile *meanwhile);

#endif
