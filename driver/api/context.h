/* context.h - what a kwit_context holds: where the files are and who reads the log. */
#ifndef KW_API_CONTEXT_H
#define KW_API_CONTEXT_H

#include "api/kept.h"
#include "base/log.h"
#include "text/text.h"
#include "transport/transport.h"

#include <kwit/kwit.h>

struct kwit_context {
    char *config_file, *state_dir;      /* NULL: the default places */
    struct kw_log log;
    struct kw_text_fonts *fonts;        /* kept between receipts; NULL: no memory for it */
    struct kw_kept *kept;               /* between calls */
    bool alone, one_thread;             /* kwit_context_alone */
};

/* Every transport there is, NULL-terminated: the one place that knows them all. */
extern const struct kw_transport_ops *const kw_schemes[];

#endif
