/* regions.h - which stores a region has, as [office] region says, and a report's scope made of them. */
#ifndef KW_API_TOUCH_REGIONS_H
#define KW_API_TOUCH_REGIONS_H

#include "api/touch/touch.h"
#include "record/scope.h"

/* Adds a store, or the stores of a region; CONFIG: there is no such region. The scope lives as long as the call. */
int kw_scope_add_store(struct kw_touch *call, struct kw_scope *scope, const char *store);
int kw_scope_add_region(struct kw_touch *call, struct kw_scope *scope, const char *region);

/* Whether that region has that store. */
bool kw_region_holds(const struct kw_config *config, const char *region, const char *store);

#endif
