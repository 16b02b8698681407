/* verdict.c - the part of a verdict that keys alone can give. */
#include "answers/verdict.h"

#include <stdio.h>
#include <string.h>

enum { PART = 128 };

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

bool kw_verdict_token(const char *typed, char token[KW_TOKEN_LENGTH + 1])
{
    static const char around[] = "/?=&#:;,.'\"()<>[]%|\t\r\n";
    char part[PART];
    if (kw_token_normalise(typed, token))
        return true;
    while (*typed) {
        size_t length = strcspn(typed, around);
        snprintf(part, sizeof part, "%.*s", (int)length, typed);
        if (length < sizeof part && kw_token_normalise(part, token))
            return true;
        typed += length + strspn(typed + length, around);
    }
    return false;
}

/* From a preview or a dry run: made with the key that guards nothing, which only a test may be. */
static bool is_sample(const char token[KW_TOKEN_LENGTH + 1])
{
    struct kw_terminal_key key;
    struct kw_token fields;
    kw_key_sample(&key);
    return kw_token_open(&key, token, &fields) && fields.flag;
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
    if (!kw_verdict_token(typed, token)) {
        answer->verdict = KW_VERDICT_MISTYPED;
        return;
    }
    if (is_sample(token)) {
        answer->verdict = KW_VERDICT_TEST;
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
    if (today - answer->day > KW_EPOCH_DAYS)
        answer->day += KW_DAY_WRAP;
    answer->verdict = fields.flag ? KW_VERDICT_TEST : answer->day > today + 1 ? KW_VERDICT_FUTURE : 0;
}
