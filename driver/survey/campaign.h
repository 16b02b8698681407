/* campaign.h - what is wrong with the words of [survey] that only the rooms which heed them can tell. */
#ifndef KW_SURVEY_CAMPAIGN_H
#define KW_SURVEY_CAMPAIGN_H

#include "base/arena.h"
#include "config/config.h"

/* NULL, or what is wrong with one value in force and what to do, in the arena. */
const char *kw_campaign_fault(struct kw_arena *arena, const struct kw_config_entry *entry);

#endif
