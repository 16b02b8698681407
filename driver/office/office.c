/* office.c - beginning and end of an office. */
#include "office/internal.h"

#include "office/push/push.h"

#include <stdlib.h>

/* Bytes of batches that tills are sending: some five hundred, of a busy day each. */
enum { PUSHES = 16 * 1024 * 1024 };

/* What waits for another store keeps no customer waiting. */
static int start_taker(struct kw_office *office, struct kw_error *error)
{
    const struct kw_office_options *options = &office->options;
    const struct kw_page_writer_options taker = { options->tills, options->days, NULL, NULL };
    const bool is_apart = options->tills.calls && options->tills.store != options->writer.store;
    office->taker = office->writer;
    return is_apart ? kw_writer_start(&taker, &office->taker, error) : 0;
}

static void stop_writers(struct kw_office *office)
{
    if (office->taker != office->writer)
        kw_writer_stop(office->taker);
    kw_writer_stop(office->writer);
}

/* When nobody asks them any more. */
static void free_writers(struct kw_office *office)
{
    if (office->taker != office->writer)
        kw_writer_free(office->taker);
    kw_writer_free(office->writer);
}

int kw_office_start(const struct kw_office_options *options, struct kw_office **started, struct kw_error *error)
{
    struct kw_office *office = calloc(1, sizeof *office);
    *started = NULL;
    if (!office)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    office->options = *options;
    pthread_mutex_init(&office->reading, NULL);
    pthread_mutex_init(&office->signing_in, NULL);
    kw_web_look_make(&office->look, options->shop.colour);
    office->limiter = kw_limiter_new();
    const struct kw_page_writer_options writer = { options->writer, options->days, options->settle,
                                                   options->settle_data };
    const struct kw_reporter_options reporter = { options->http, options->staff ? options->staff->report : NULL,
                                                  options->staff_data };
    const struct kw_http_options http = { .socket = options->socket, .handle = kw_office_handle, .data = office,
                                          .large_prefix = options->serves_pages ? KW_PUSH_PATH : NULL,
                                          .large_body = KW_PUSH_BODY, .large_bodies = PUSHES };
    int code = office->limiter ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0 && options->serves_pages)
        code = kw_writer_start(&writer, &office->writer, error);
    if (code == 0)
        code = start_taker(office, error);
    if (code == 0 && options->staff)
        code = kw_reporter_start(&reporter, &office->reporter, error);
    if (code == 0)
        code = options->http->start(&http, &office->server, error);
    if (code == 0) {
        *started = office;
        return 0;
    }
    stop_writers(office);
    kw_reporter_stop(office->reporter);
    kw_reporter_free(office->reporter);
    free_writers(office);
    kw_limiter_free(office->limiter);
    pthread_mutex_destroy(&office->reading);
    pthread_mutex_destroy(&office->signing_in);
    free(office);
    return code;
}

/* The writer first: whoever waits for it is answered while there is still a server to answer with. */
void kw_office_stop(struct kw_office *office)
{
    if (!office)
        return;
    stop_writers(office);
    kw_reporter_stop(office->reporter);
    office->options.http->stop(office->server);
    kw_reporter_free(office->reporter);
    free_writers(office);
    kw_limiter_free(office->limiter);
    pthread_mutex_destroy(&office->reading);
    pthread_mutex_destroy(&office->signing_in);
    kw_key_wipe(office, sizeof *office);
    free(office);
}

void kw_office_counts(struct kw_office *office, struct kw_writer_counts *counts)
{
    *counts = (struct kw_writer_counts){ 0 };
    if (office->writer)
        kw_writer_counts(office->writer, counts);
}
