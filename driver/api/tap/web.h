/* web.h - the printer for programs of the web, in threads of its own. */
#ifndef KW_API_TAP_WEB_H
#define KW_API_TAP_WEB_H

#include "config/config.h"
#include "office/http/http.h"
#include "tap/queue.h"

struct kw_tap_web;
struct kw_tap_web_options {
    struct kw_tap_queue *queue;             /* that prints what comes; outlives this */
    const struct kw_config_tap *tap;
    const char *place;                      /* HOST:PORT of this machine itself */
};
int kw_tap_web_start(const struct kw_tap_web_options *options, char where[KW_HTTP_WHERE], struct kw_tap_web **web,
                     struct kw_error *error);
/* Waits for what is on its way. */
void kw_tap_web_stop(struct kw_tap_web *web);

#endif
