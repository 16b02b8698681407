/* office.c - beginning and end of an office. */
#include "office/internal.h"

#include "office/push/push.h"

#include <stdlib.h>

int kw_office_start(const struct kw_office_options *options, struct kw_office **started, struct kw_error *error)
{
    struct kw_office *office = calloc(1, sizeof *office);
    *started = NULL;
    if (!office)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    office->options = *options;
    pthread_mutex_init(&office->reading, NULL);
    kw_web_look_make(&office->look, options->shop.colour);
    office->limiter = kw_limiter_new();
    const struct kw_page_writer_options writer = { options->writer, options->days, options->settle,
                                                   options->settle_data };
    const struct kw_http_options http = { .socket = options->socket, .handle = kw_office_handle, .data = office,
                                          .large_prefix = options->serves_pages ? KW_PUSH_PATH : NULL,
                                          .large_body = KW_PUSH_BODY };
    int code = office->limiter ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0 && options->serves_pages)
        code = kw_writer_start(&writer, &office->writer, error);
    if (code == 0)
        code = options->http->start(&http, &office->server, error);
    if (code == 0) {
        *started = office;
        return 0;
    }
    kw_writer_stop(office->writer);
    kw_limiter_free(office->limiter);
    pthread_mutex_destroy(&office->reading);
    free(office);
    return code;
}

/* The writer first: whoever waits for it is answered while there is still a server to answer with. */
void kw_office_stop(struct kw_office *office)
{
    if (!office)
        return;
    kw_writer_stop(office->writer);
    office->options.http->stop(office->server);
    kw_limiter_free(office->limiter);
    pthread_mutex_destroy(&office->reading);
    kw_key_wipe(office, sizeof *office);
    free(office);
}

void kw_office_counts(struct kw_office *office, struct kw_writer_counts *counts)
{
    *counts = (struct kw_writer_counts){ 0 };
    if (office->writer)
        kw_writer_counts(office->writer, counts);
}
