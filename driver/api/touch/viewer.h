/* viewer.h - a report as somebody sees it: some stores alone, with or without what tells of cashiers. */
#ifndef KW_API_TOUCH_VIEWER_H
#define KW_API_TOUCH_VIEWER_H

#include "api/touch/regions.h"

struct kw_viewer {
    const char *const *stores, *const *regions;     /* NULL-terminated, or NULL; both empty: all stores */
    bool faceless;                                  /* without cashiers and signs of gaming */
};
/* kwit_report for that viewer: everything is opened anew, so any thread may call it. */
int kw_report_for(const kwit_context *context, const struct kwit_report_options *options,
                  const struct kw_viewer *viewer, kwit_result **result);

#endif
