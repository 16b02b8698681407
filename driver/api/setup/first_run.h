/* first_run.h - what a first run settles before it writes anything, and what it prints. */
#ifndef KW_API_SETUP_FIRST_RUN_H
#define KW_API_SETUP_FIRST_RUN_H

#include "api/context.h"
#include "base/buffer.h"
#include "base/error.h"

#include <kwit/tool.h>

struct kw_first_run {
    const char *name, *locale, *currency, *url, *uri, *profile;   /* url, profile: NULL where there is none */
};

/* A sale of one line that never counts, in the shop's currency. */
void kw_first_document(const struct kw_first_run *run, struct kw_buffer *out);
/* The configuration as text. */
void kw_first_config(const struct kw_first_run *run, struct kw_buffer *out);

#endif
