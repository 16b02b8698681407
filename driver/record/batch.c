/* batch.c - what an office says of a batch: words, HTTP statuses, and the rules by which it is taken. */
#include "record/batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct { enum kw_batch_outcome outcome; int status; const char *word; } rows[] = {
#define OUTCOME(name, number, status, word) { number, status, word },
#include "record/batch_outcomes.def"
#undef OUTCOME
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *kw_batch_word(enum kw_batch_outcome outcome)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].outcome == outcome)
            return rows[i].word;
    return "unknown";
}

int kw_batch_status(enum kw_batch_outcome outcome)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].outcome == outcome)
            return rows[i].status;
    return 500;
}

/* Who may have this handle: nobody beside a journal that is live on it, nor after one that was revoked with it. */
static enum kw_batch_outcome claim(const struct kw_batch_standing *standing)
{
    return standing->revoked ? KW_BATCH_REVOKED : standing->claimed ? KW_BATCH_CLAIMED : KW_BATCH_TAKEN;
}

static void set_state(struct kw_batch_standing *standing, const char *state)
{
    snprintf(standing->state, sizeof standing->state, "%s", state);
}

static enum kw_batch_outcome admit(struct kw_batch_standing *standing)
{
    const bool is_new = standing->state[0] == 0;
    const enum kw_batch_outcome outcome = claim(standing);
    if (is_new && outcome != KW_BATCH_REVOKED)
        set_state(standing, outcome == KW_BATCH_CLAIMED ? "waits" : "live");
    if (is_new)
        return outcome;
    if (!standing->same_key)
        return KW_BATCH_SIGNATURE;
    if (strcmp(standing->state, "revoked") == 0)
        return KW_BATCH_REVOKED;
    if (strcmp(standing->state, "closed") == 0)
        return KW_BATCH_CLAIMED;
    if (outcome == KW_BATCH_TAKEN && strcmp(standing->state, "waits") == 0)     /* on another handle now */
        set_state(standing, "live");
    return outcome;
}

/* The gapless continuation, or what is wrong with it. */
static enum kw_batch_outcome compare(const struct kw_batch *batch, const struct kw_batch_standing *standing)
{
    const bool fresh = standing->n == 0 && !standing->has_hash, pruned = batch->first == batch->begins + 1;
    if (batch->schema > standing->version)
        return KW_BATCH_NEWER;
    if (batch->first <= standing->n)
        return KW_BATCH_TAKEN;              /* it was: the head says how far */
    if (batch->first == standing->n + 1)
        return fresh || memcmp(batch->prev, standing->hash, KW_BATCH_HASH) == 0 ? KW_BATCH_TAKEN : KW_BATCH_FORK;
    if (!pruned)
        return KW_BATCH_GAP;
    return fresh || strcmp(standing->state, "gap") == 0 ? KW_BATCH_TAKEN : KW_BATCH_LOST;
}

enum kw_batch_outcome kw_batch_judge(const struct kw_batch *batch, struct kw_batch_standing *standing)
{
    const enum kw_batch_outcome outcome = admit(standing);
    return outcome == KW_BATCH_TAKEN ? compare(batch, standing) : outcome;
}

int64_t kw_batch_lost(const struct kw_batch *batch, const struct kw_batch_standing *standing)
{
    const bool is_continued = standing->n > 0 || standing->has_hash;
    return is_continued && batch->count > 0 && batch->first > standing->n ? batch->first - standing->n - 1 : 0;
}

void kw_batch_order_write(const struct kw_batch_order *order, char text[KW_BATCH_ORDER_TEXT])
{
    snprintf(text, KW_BATCH_ORDER_TEXT, "%" PRIu32 " %" PRId64 " %" PRIu32, order->handle, order->day, order->seq);
}

bool kw_batch_order_read(const char *text, struct kw_batch_order *order)
{
    int length = 0;
    return sscanf(text, "%" SCNu32 " %" SCNd64 " %" SCNu32 "%n", &order->handle, &order->day, &order->seq, &length) == 3
        && text[length] == 0;
}
