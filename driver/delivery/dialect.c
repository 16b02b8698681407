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
    .word = "ESC/POS", .encode = kw_escpos_encode, .status_questions = 4, .ask_status = kw_escpos_ask_status,
    .take_status = kw_escpos_take_status, .cause = kw_escpos_cause, .ask_echo = kw_escpos_ask_process_id,
    .ask_barrier = kw_escpos_ask_barrier, .ask_name = ask_name, .ask_cut_count = kw_escpos_ask_cut_count,
    .clear = kw_escpos_clear, .recover = recover, .unstick = kw_escpos_unstick,
    .pulse_instead = kw_escpos_pulse_instead, .read = kw_reply_feed
};

/* ---- Star ------------------------------------------------------------------------------------------------------- */

static size_t no_echo(const uint8_t id[KW_PROCESS_ID_BYTES], uint8_t out[KW_QUESTION_BYTES])
{
    (void)id;
    (void)out;
    return 0;
}

static size_t no_name(int which, uint8_t out[KW_QUESTION_BYTES])
{
    (void)which;
    (void)out;
    return 0;
}

static size_t no_question(uint8_t out[KW_QUESTION_BYTES])
{
    (void)out;
    return 0;
}

static size_t no_recovery(bool clearing, uint8_t out[KW_QUESTION_BYTES])
{
    (void)clearing;
    (void)out;
    return 0;
}

static const struct kw_dialect star = {
    .word = "Star", .encode = kw_star_encode, .status_questions = 1, .ask_status = kw_star_ask_status,
    .take_frame = kw_star_take_frame, .cause = kw_escpos_cause, .ask_echo = no_echo,
    .count_barrier = kw_star_ask_barrier, .ask_name = no_name, .ask_cut_count = no_question, .clear = no_question,
    .recover = no_recovery, .unstick = kw_star_unstick, .pulse_instead = kw_star_pulse_instead,
    .read = kw_star_reply_feed
};

const struct kw_dialect *kw_dialect_of(const struct kw_profile *profile)
{
    if (profile->language != KW_LANGUAGE_ESCPOS)
        return &star;
    return profile->quirks & KW_QUIRK_NOT_ESCPOS ? NULL : &escpos;
}
