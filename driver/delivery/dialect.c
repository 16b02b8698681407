/* dialect.c - the languages that delivery speaks; to add one, add its row. */
#include "delivery/dialect.h"

static size_t ask_name(int which, uint8_t out[KW_QUESTION_BYTES])
{
    static const int numbers[KW_NAMES] = { [KW_NAME_MAKER] = 66, [KW_NAME_MODEL] = 67 };
    return kw_escpos_ask_name(numbers[which], out);
}

static size_t recover(bool clearing, uint8_t out[KW_QUESTION_BYTES])
{
    return kw_escpos_recover(clearing ? 2 : 1, out);
}

static const struct kw_dialect escpos = {
    .word = "ESC/POS", .status_questions = 4, .ask_status = kw_escpos_ask_status, .take_status = kw_escpos_take_status,
    .cause = kw_escpos_cause, .ask_echo = kw_escpos_ask_process_id, .ask_barrier = kw_escpos_ask_barrier,
    .ask_name = ask_name, .ask_cut_count = kw_escpos_ask_cut_count, .clear = kw_escpos_clear, .recover = recover,
    .unstick = kw_escpos_unstick, .pulse_instead = kw_escpos_pulse_instead, .read = kw_reply_feed
};

const struct kw_dialect *kw_dialect_of(const struct kw_profile *profile)
{
    return profile->quirks & KW_QUIRK_NOT_ESCPOS ? NULL : &escpos;
}
