/* behind.h - the tills of an office whose latest sales a report may lack. */
#ifndef KW_API_TOUCH_BEHIND_H
#define KW_API_TOUCH_BEHIND_H

#include "api/touch/store.h"
#include "report/report.h"

/* Fills options->behind, which lives as long as the call. */
int kw_behind_find(struct kw_touch *call, const struct kw_store *store, struct kw_report_options *options);

#endif
