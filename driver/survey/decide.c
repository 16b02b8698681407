/*
 * decide.c - whether a sale is invited, and with which arm and token.
 *
 * The order of tests is fixed (survey/token.md): what the shop or the machine rules out comes first, then the draw by
 * secret hash, then what a person or a limit refuses, so that refusals among drawn sales can be counted.
 */
#include "survey/hash.h"

#include <string.h>

enum { BASIS_POINTS = 10000 };

const char *kw_suppression_word(enum kw_suppression reason)
{
    static const char *const words[] = {
#define REASON(name, number, word, ...) [number] = word,
#include "data/reasons.def"
#undef REASON
    };
    return (size_t)reason < sizeof words / sizeof words[0] && words[reason] ? words[reason] : "";
}

static uint32_t draw(const uint8_t key[KW_KEY_BYTES], const char *label, const char *experiment, int64_t day,
                     uint32_t seq)
{
    uint8_t day_bytes[4], seq_bytes[4], hash[KW_KEY_BYTES];
    kw_be32((uint32_t)day, day_bytes);
    kw_be32(seq, seq_bytes);
    const struct kw_part parts[] = {
        { label, strlen(label) }, { experiment, strlen(experiment) }, { day_bytes, 4 }, { seq_bytes, 4 }
    };
    kw_hash(key, parts, 4, hash);
    return kw_read_be32(hash);
}

bool kw_survey_below(uint32_t u, int p_bp)
{
    return p_bp > 0 && (uint64_t)u * BASIS_POINTS < (uint64_t)p_bp << 32;
}

/* The arm whose share of the weights the hash falls into. */
static uint8_t choose_variant(const uint8_t *key, const struct kw_survey_facts *facts, int *p_bp)
{
    int64_t total = 0, below = 0;
    *p_bp = BASIS_POINTS;
    for (size_t i = 0; facts->weights && i < facts->variant_count; i++)
        total += facts->weights[i] > 0 ? facts->weights[i] : 0;
    if (total == 0)
        return 0;
    uint32_t u = draw(key, "svt1/var/", facts->experiment ? facts->experiment : "", facts->day, facts->seq);
    size_t chosen = 0;
    for (size_t i = 0; i < facts->variant_count && i < 16; i++) {
        int64_t weight = facts->weights[i] > 0 ? facts->weights[i] : 0;
        if (weight == 0)
            continue;
        chosen = i;
        below += weight;
        if ((uint64_t)u * (uint64_t)total < (uint64_t)below << 32)
            break;
    }
    *p_bp = (int)((int64_t)facts->weights[chosen] * BASIS_POINTS / total);
    return (uint8_t)chosen;
}

static int ruled_out(const struct kw_survey_facts *facts, bool have_key)
{
    if (!facts->configured)
        return KW_SUPPRESSED_NOT_CONFIGURED;
    if (facts->training)
        return KW_SUPPRESSED_TRAINING;
    if (!facts->document_type_allowed)
        return KW_SUPPRESSED_DOCUMENT_TYPE;
    if (!facts->policy_allows)
        return KW_SUPPRESSED_POLICY;
    if (!facts->receipt_requested)
        return KW_SUPPRESSED_RECEIPT_NOT_REQUESTED;
    if (!facts->can_qr)
        return KW_SUPPRESSED_NO_QR;
    if (!facts->qr_fits)
        return KW_SUPPRESSED_QR_DOES_NOT_FIT;
    if (facts->excluded)
        return KW_SUPPRESSED_EXCLUDED;
    if (facts->passed_through)
        return KW_SUPPRESSED_PASSED_THROUGH;
    if (!have_key)
        return KW_SUPPRESSED_NO_KEY;
    if (!facts->clock_ok)
        return KW_SUPPRESSED_NO_CLOCK;
    if (facts->too_late)
        return KW_SUPPRESSED_TOO_LATE;
    return facts->seq >= KW_SEQ_LIMIT ? KW_SUPPRESSED_SEQUENCE_EXHAUSTED : KW_SUPPRESSED_NONE;
}

static int refused(const struct kw_survey_facts *facts, bool drawn)
{
    if (facts->cashier_declined)
        return KW_SUPPRESSED_CASHIER_DECLINED;
    if (facts->customer_opted_out)
        return KW_SUPPRESSED_CUSTOMER_OPTED_OUT;
    if (facts->in_cooldown)
        return KW_SUPPRESSED_COOLDOWN;
    if (!drawn && !facts->forced)
        return KW_SUPPRESSED_SAMPLED_OUT;
    return facts->over_cap ? KW_SUPPRESSED_DAILY_CAP : KW_SUPPRESSED_NONE;
}

void kw_survey_decide(const struct kw_terminal_key *key, const struct kw_survey_facts *facts,
                      struct kw_survey_decision *decision)
{
    struct kw_terminal_key sample;
    bool is_sample = facts->seq == 0, have_key = key && facts->have_key;
    *decision = (struct kw_survey_decision){ .forced = facts->forced, .p_bp = facts->rate_bp };
    if (is_sample && !have_key) {
        kw_key_sample(&sample);
        key = &sample;
        have_key = true;
    }
    decision->reason = ruled_out(facts, have_key);
    if (decision->reason != KW_SUPPRESSED_NONE)
        return;
    decision->u = draw(key->key, "svt1/samp", "", facts->day, facts->seq);
    decision->drawn = is_sample || kw_survey_below(decision->u, facts->rate_bp);
    decision->variant = choose_variant(key->key, facts, &decision->variant_p_bp);
    decision->fields = (struct kw_token){ .kid = key->kid, .handle = key->handle, .seq = (uint16_t)facts->seq,
                                          .day = (uint16_t)((uint64_t)facts->day % KW_DAY_WRAP),
                                          .variant = decision->variant, .flag = facts->test || is_sample };
    kw_token_encode(key, &decision->fields, decision->token);
    decision->reason = refused(facts, decision->drawn);
    decision->invited = decision->reason == KW_SUPPRESSED_NONE;
}

int64_t kw_resolve_day(unsigned day_mod, int64_t today)
{
    int64_t latest = today + 1;
    int64_t behind = ((latest - (int64_t)day_mod) % KW_DAY_WRAP + KW_DAY_WRAP) % KW_DAY_WRAP;
    return latest - behind;
}
