/* verdict.c - the part of a verdict that keys alone can give. */
#include "report/verdict.h"

#include <string.h>

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

void kw_verdict_open(const struct kw_key_lookup *keys, const char *typed, int64_t today, struct kw_answer *answer)
{
    char token[KW_TOKEN_LENGTH + 1];
    struct kw_terminal_key key;
    struct kw_token fields;
    uint8_t kid;
    uint32_t handle;
    answer->opened = false;
    if (!typed || is_blank(typed)) {
        answer->verdict = KW_VERDICT_NO_TOKEN;
        return;
    }
    if (!kw_token_normalise(typed, token)) {
        answer->verdict = KW_VERDICT_MISTYPED;
        return;
    }
    if (!kw_token_header(token, &kid, &handle) || !keys->find(keys->data, kid, handle, &key)) {
        answer->verdict = KW_VERDICT_FOREIGN;
        return;
    }
    bool genuine = kw_token_open(&key, token, &fields);
    kw_key_wipe(&key, sizeof key);
    if (!genuine) {
        answer->verdict = KW_VERDICT_FORGED;
        return;
    }
    answer->opened = true;
    answer->kid = fields.kid;
    answer->handle = fields.handle;
    answer->seq = fields.seq;
    answer->variant = fields.variant;
    answer->flag = fields.flag;
    answer->day = kw_resolve_day(fields.day, today);
    answer->verdict = fields.flag ? KW_VERDICT_TEST : 0;
}
