/*
 * reporter.h - the report as staff see it now: one thread makes a page, and whoever asks for the same within a minute
 * gets that one, so that a hundred readers cost one computing.
 */
#ifndef KW_OFFICE_REPORTER_H
#define KW_OFFICE_REPORTER_H

#include "office/http/http.h"
#include "office/people.h"

struct kw_reporter;
struct kw_reporter_options {
    const struct kw_http_calls *http;
    /* On the reporter's thread: the page for such a person (name and mark say nothing), in a language of the report. */
    int (*make)(void *data, const struct kw_person *person, const char *language, struct kw_buffer *page);
    void *data;
};
int kw_reporter_start(const struct kw_reporter_options *options, struct kw_reporter **reporter, struct kw_error *error);
/* Makes no more pages; who waits still is answered by the server when that stops. Then it is freed. NULL: nothing. */
void kw_reporter_stop(struct kw_reporter *reporter);
void kw_reporter_free(struct kw_reporter *reporter);
/* Answers at once, when the page is made, or with 503 where too many wait. */
void kw_reporter_ask(struct kw_reporter *reporter, struct kw_http_exchange *exchange, const struct kw_person *person,
                     const char *language);

#endif
