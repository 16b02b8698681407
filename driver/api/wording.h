/* wording.h - the shop's own words over kwit's, by language. */
#ifndef KW_API_WORDING_H
#define KW_API_WORDING_H

#include "base/arena.h"
#include "config/config.h"
#include "locale/locale.h"

/*
 * The locale with the words of [words LANG], those of the region over those of the language. A word that lacks what
 * has to stand in it ({code}) is left as kwit has it. The locale itself where the shop says nothing or memory is short.
 */
const struct kw_locale *kw_wording_choose(struct kw_arena *arena, const struct kw_config *config,
                                          const struct kw_locale *locale);
/* The reward line in that language, else NULL. */
const char *kw_wording_reward(const struct kw_config *config, const struct kw_locale *locale);
/* What is wrong with a key of [words …] and its value, NULL: nothing. */
const char *kw_wording_fault(struct kw_arena *arena, const struct kw_config_entry *entry);

#endif
