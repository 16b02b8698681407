/* named.c - asks an open printer for its maker and model. */
#include "api/setup/named.h"

#include "base/clock.h"
#include "delivery/dialect.h"

enum { ANSWER_MS = 1000, QUIET_MS = 50 };

const struct kw_profile *kw_named_ask(struct kw_link *link, struct kw_talk *talk)
{
    struct kw_error ignored;
    bool all = false;
    kw_talk_begin(talk, link, kw_dialect_of(kw_profile_find("generic")));
    if (link->facts.can_read && kw_talk_drain(talk, QUIET_MS, kw_clock_boot_ms() + ANSWER_MS, &ignored) == 0
        && kw_talk_ask(talk, 1, talk->dialect->status_questions, kw_clock_boot_ms() + ANSWER_MS, &all, &ignored) == 0
        && all && kw_talk_is_clean(talk) && kw_talk_ask_text(talk, KW_TEXT_MAKER, kw_clock_boot_ms() + ANSWER_MS))
        kw_talk_ask_text(talk, KW_TEXT_MODEL, kw_clock_boot_ms() + ANSWER_MS);
    const char *model = talk->names[KW_NAME_MODEL];
    return model[0] ? kw_profile_for_names(talk->names[KW_NAME_MAKER], model) : NULL;
}
