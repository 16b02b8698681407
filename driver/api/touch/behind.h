/* behind.h - the tills of an office whose latest sales a report may lack. */
#ifndef KW_API_TOUCH_BEHIND_H
#define KW_API_TOUCH_BEHIND_H

#include "api/touch/store.h"
#include "record/scope.h"
#include "report/report.h"

/* Fills options->behind with those of the scope's stores; it lives as long as the call. */
int kw_behind_find(struct kw_touch *call, const struct kw_store *store, const struct kw_scope *scope,
                   struct kw_report_options *options);

#endif
