/* key.c - by what an answer is known again. */
#include "answers/key.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <string.h>

enum { COUNTER_DIGITS = 8 };

static void add_part(crypto_generichash_state *state, const void *bytes, size_t length)
{
    uint32_t size = (uint32_t)length;
    crypto_generichash_update(state, (const uint8_t *)&size, sizeof size);
    crypto_generichash_update(state, bytes, length);
}

static bool is_counter(const char *response_id)
{
    size_t length = strspn(response_id, "0123456789");
    return response_id[length] == 0 && length < COUNTER_DIGITS;
}

void kw_answer_make_key(struct kw_answer *answer, const char *platform, const char *form, const char *response_id,
                        const char *token)
{
    crypto_generichash_state state;
    bool counter = is_counter(response_id), no_id = response_id[0] == 0;
    crypto_generichash_init(&state, NULL, 0, KW_ANSWER_KEY);
    add_part(&state, platform, strlen(platform));
    add_part(&state, form, strlen(form));
    add_part(&state, response_id, strlen(response_id));
    if (no_id || (counter && token[0] == 0)) {
        char time[24];
        int length = snprintf(time, sizeof time, "%lld", (long long)answer->submitted_ms);
        add_part(&state, time, (size_t)length);
    }
    if (no_id || counter)
        add_part(&state, token, strlen(token));
    if (no_id && token[0] == 0) {               /* nothing else tells such answers apart */
        const int scores[] = { answer->nps, answer->csat, answer->ces };
        add_part(&state, scores, sizeof scores);
        add_part(&state, answer->comment, strlen(answer->comment));
    }
    crypto_generichash_final(&state, answer->key, KW_ANSWER_KEY);
}
