/*
 * eligible.h - which sales the shop never invites: the rules of `exclude` in [survey].
 *
 * kind=refund, line=gift_card, segment=staff, sku=CIG*, weekday=sun, hour=22-6 (from, until before), amount<5.00,
 * amount>1000. A sale that meets any rule is excluded. Amounts decide eligibility, never the probability.
 */
#ifndef KW_SURVEY_ELIGIBLE_H
#define KW_SURVEY_ELIGIBLE_H

#include "sale/sale.h"

#include <stdbool.h>

/* NULL, or what is wrong with a rule. */
const char *kw_rule_fault(const char *rule);
/* The first rule of the NULL-terminated list (may be NULL) that the sale meets; NULL: none. Faulty rules meet nothing.
 */
const char *kw_rule_met(const char *const *rules, const struct kw_sale *sale);

#endif
