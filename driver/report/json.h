/* json.h - what the files that write the report's JSON share. Private to the report, and to `report comments`. */
#ifndef KW_REPORT_JSON_H
#define KW_REPORT_JSON_H

#include "base/json.h"
#include "report/words.h"

void kw_json_day(struct kw_json *json, const char *name, int64_t day);
void kw_json_focus(struct kw_json *json, const struct kw_report *report);
void kw_json_comment(struct kw_json *json, const struct kw_comment *comment);

#endif
