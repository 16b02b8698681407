/* gather.c - one command after the other: ink and settings to the receipt, questions to where they are answered. */
#include "tap/gather.h"

#include "grammar/grammar.h"

#include <string.h>

void kw_gather_begin(struct kw_gather *gather)
{
    *gather = (struct kw_gather){ .inked = false };
    kw_buffer_init(&gather->job, KW_GATHER_BYTES);
    kw_buffer_init(&gather->partial, KW_GATHER_BYTES);
    kw_buffer_init(&gather->live, KW_GATHER_DIALOGUE);
    kw_buffer_init(&gather->after, KW_GATHER_DIALOGUE);
}

void kw_gather_end(struct kw_gather *gather)
{
    kw_buffer_free(&gather->job);
    kw_buffer_free(&gather->partial);
    kw_buffer_free(&gather->live);
    kw_buffer_free(&gather->after);
}

static bool is_named(const struct kw_grammar_token *token, const char *name)
{
    return token->name && strcmp(token->name, name) == 0;
}

/* GS a 0 asks for nothing any more; what was obeyed on arrival answers only as DLE EOT. */
static void expect(struct kw_gather *gather, struct kw_tap_wanted *wanted, const struct kw_grammar_token *token,
                   const uint8_t *bytes)
{
    if (is_named(token, "GS a"))
        gather->asb = bytes[2], wanted->blocks += bytes[2] != 0;
    else
        wanted->answers += token->class != KW_CLASS_REAL_TIME || is_named(token, "DLE EOT");
}

/* Said at once, or when the ink before it is on paper. */
static void take_question(struct kw_gather *gather, const struct kw_grammar_token *token, const uint8_t *bytes)
{
    bool waits = gather->inked && token->class == KW_CLASS_QUESTION;
    struct kw_buffer *where = waits ? &gather->after : &gather->live;
    if (where->length + token->length > KW_GATHER_DIALOGUE)
        return;
    kw_buffer_add(where, bytes, (size_t)token->length);
    expect(gather, waits ? &gather->after_wanted : &gather->live_wanted, token, bytes);
}

static void keep(struct kw_gather *gather, const uint8_t *bytes, size_t length)
{
    if (!gather->overflowed && !kw_buffer_add(&gather->job, bytes, length))
        gather->overflowed = true;
}

/* What goes to the printer by itself: questions, real-time commands, and a pulse that nothing stands before. */
static bool is_said(const struct kw_gather *gather, const struct kw_grammar_token *token)
{
    return token->class == KW_CLASS_QUESTION || token->class == KW_CLASS_REAL_TIME
        || (token->class == KW_CLASS_PULSE && !gather->inked);
}

/* Whether more of it must come before it is known what to do: its length, or all of what is said in one. */
static bool is_begun(const struct kw_gather *gather, const struct kw_grammar_token *token, size_t there)
{
    return token->kind == KW_TOKEN_PARTIAL
        || (is_said(gather, token) && token->length > there && token->length <= KW_GATHER_DIALOGUE);
}

/*
 * What stands before the last ink may go out, for without that it is no whole receipt. A command whose rest has not
 * come prints nothing whole either; its last bytes are held like other last ink.
 */
static void take_ink(struct kw_gather *gather, size_t at)
{
    gather->first_ink = gather->inked ? gather->first_ink : at;
    gather->inked = true;
    gather->cut = false;
    gather->inside = gather->skip > 0;
    gather->free = gather->inside ? gather->job.length : at;
}

static void take_token(struct kw_gather *gather, const struct kw_grammar_token *token, const uint8_t *bytes,
                       size_t there)
{
    if (is_said(gather, token) && token->length <= there) {
        if (token->class == KW_CLASS_PULSE)
            kw_buffer_add(&gather->live, bytes, (size_t)token->length);
        else
            take_question(gather, token, bytes);
        return;
    }
    if (is_named(token, "ESC @"))
        gather->asb = 0;
    size_t at = gather->job.length, now = token->length < there ? (size_t)token->length : there;
    keep(gather, bytes, now);
    gather->skip = token->length - now;
    if (token->class == KW_CLASS_INK)
        take_ink(gather, at);
    else if (token->class == KW_CLASS_CUT && gather->inked)
        gather->cut = true;
}

/* Data of a command whose head was taken already. */
static size_t take_rest(struct kw_gather *gather, const uint8_t *bytes, size_t length)
{
    size_t now = gather->skip < length ? (size_t)gather->skip : length;
    keep(gather, bytes, now);
    gather->skip -= now;
    if (gather->inside && gather->skip > 0)
        gather->free = gather->job.length;
    return now;
}

static void take_commands(struct kw_gather *gather)
{
    const uint8_t *at = gather->partial.data;
    size_t left = gather->partial.length;
    while (left > 0) {
        struct kw_grammar_token token;
        kw_grammar_next(at, left, 0, &token);
        gather->parted = gather->goes_on && gather->cut && token.class == KW_CLASS_INK;
        if (gather->parted || is_begun(gather, &token, left))
            break;
        take_token(gather, &token, at, left);
        size_t now = token.length < left ? (size_t)token.length : left;
        at += now, left -= now;
    }
    size_t used = gather->partial.length - left;
    if (used > 0 && left > 0)
        memmove(gather->partial.data, gather->partial.data + used, left);
    gather->partial.length = left;
}

void kw_gather_feed(struct kw_gather *gather, const uint8_t *bytes, size_t length)
{
    size_t rest = take_rest(gather, bytes, length);
    if (!kw_buffer_add(&gather->partial, bytes + rest, length - rest))
        gather->overflowed = true;
    take_commands(gather);
}

bool kw_gather_is_whole(const struct kw_gather *gather, int64_t silent_ms, int64_t settle_ms, int64_t idle_ms,
                        bool finished)
{
    bool anything = gather->job.length + gather->partial.length > 0;
    if (finished || gather->overflowed || gather->parted)
        return anything;
    if (!gather->inked || gather->skip > 0)
        return false;
    bool ended = gather->cut || gather->after.length > 0;
    return silent_ms >= (ended ? settle_ms : idle_ms);
}

int64_t kw_gather_patience_ms(const struct kw_gather *gather, int64_t settle_ms, int64_t idle_ms)
{
    if (!gather->inked)
        return -1;
    return (gather->cut || gather->after.length > 0) && gather->skip == 0 ? settle_ms : idle_ms;
}

void kw_gather_close(struct kw_gather *gather)
{
    if (gather->parted)
        return;
    keep(gather, gather->partial.data, gather->partial.length);
    gather->partial.length = 0;
}

void kw_gather_next(struct kw_gather *gather)
{
    gather->job.length = gather->after.length = 0;
    gather->after_wanted = (struct kw_tap_wanted){ 0 };
    gather->inked = gather->cut = gather->overflowed = gather->inside = gather->goes_on = gather->parted = false;
    gather->first_ink = gather->free = 0;
    take_commands(gather);
}
