/* talk.c - sending, listening and sorting replies. */
#include "delivery/talk.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

enum { INPUT_BYTES = 512, DRAIN_LIMIT = 64 * 1024 };

/* Process ids are four characters from 20 to 7E: a number to the base 95. */
enum { ID_BASE = 95, ID_LIMIT = ID_BASE * ID_BASE * ID_BASE * ID_BASE };

static void spell_id(uint32_t id, uint8_t out[KW_PROCESS_ID_BYTES])
{
    for (int i = KW_PROCESS_ID_BYTES - 1; i >= 0; i--, id /= ID_BASE)
        out[i] = (uint8_t)(0x20 + id % ID_BASE);
}

static uint32_t read_id(const uint8_t text[KW_PROCESS_ID_BYTES])
{
    uint32_t id = 0;
    for (int i = 0; i < KW_PROCESS_ID_BYTES; i++)
        id = id * ID_BASE + (text[i] - 0x20u);
    return id + 1;
}

void kw_talk_begin(struct kw_talk *talk, struct kw_link *link, const struct kw_dialect *dialect)
{
    uint32_t random = 0;
    *talk = (struct kw_talk){ .ops = link->ops, .link = link, .dialect = dialect, .count = -1 };
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint32_t)kw_clock_wall_ms();
    talk->next_id = random % ID_LIMIT;
}

/* ---- replies ---------------------------------------------------------------------------------------------------- */

/* The oldest so many status questions are open no more. */
static void close_oldest(struct kw_talk *talk, size_t count)
{
    talk->asked_count -= count;
    talk->asked_before_id -= count < talk->asked_before_id ? count : talk->asked_before_id;
    memmove(talk->asked, talk->asked + count, talk->asked_count);
}

static void take_status(struct kw_talk *talk, uint8_t answer)
{
    if (talk->asked_count == 0) {
        talk->strays++;
        return;
    }
    int n = talk->asked[0];
    close_oldest(talk, 1);
    if (talk->dialect->take_status(&talk->state, n, answer))
        talk->answered++;
    else
        talk->strays++;
}

static void take_byte(struct kw_talk *talk)
{
    if (talk->barriers_open == 0) {
        talk->strays++;
        return;
    }
    talk->barriers_open--;
    talk->barrier_came = talk->barriers_open == 0;
}

/* It tells everything at once, asked or not; the count of barriers answers all of them when it is the one expected. */
static void take_frame(struct kw_talk *talk, const struct kw_reply *reply)
{
    if (!talk->dialect->take_frame) {
        talk->strays++;
        return;
    }
    talk->count_told = talk->dialect->take_frame(&talk->state, reply);
    talk->answered += talk->asked_count > 0;
    close_oldest(talk, talk->asked_count);
    if (talk->barriers_open > 0 && talk->counting && talk->count_told == talk->count_expected) {
        talk->barriers_open = 0;
        talk->barrier_came = true;
    }
}

static void take_echo(struct kw_talk *talk, uint32_t id)
{
    if (id == talk->awaited_id) {
        talk->id_came = true;
        close_oldest(talk, talk->asked_before_id);
        talk->barriers_open = 0;
        talk->text_asked = KW_TEXT_NONE;
    } else if (id == talk->sync_id) {
        talk->sync_came = true;
    } else if (talk->other_count < KW_OTHER_IDS) {
        talk->other_ids[talk->other_count++] = id;
    }
}

/* The text between the head of a block and its NUL. */
static void take_name(const struct kw_reply *reply, char name[KW_NAME_SIZE])
{
    size_t length = reply->length - 2 < KW_NAME_SIZE - 1 ? reply->length - 2 : KW_NAME_SIZE - 1;
    memcpy(name, reply->bytes + 1, length);
    name[length] = 0;
}

static bool take_count(struct kw_talk *talk, const struct kw_reply *reply)
{
    int64_t count = 0;
    for (size_t i = 1; i + 1 < reply->length; i++) {
        if (reply->bytes[i] < '0' || reply->bytes[i] > '9' || i > KW_COUNT_DIGITS)
            return false;
        count = count * 10 + (reply->bytes[i] - '0');
    }
    talk->count = reply->length > 2 ? count : -1;
    return talk->count >= 0;
}

static void take_text(struct kw_talk *talk, const struct kw_reply *reply)
{
    switch (talk->text_asked) {
    case KW_TEXT_MAKER:
        take_name(reply, talk->names[KW_NAME_MAKER]);
        break;
    case KW_TEXT_MODEL:
        take_name(reply, talk->names[KW_NAME_MODEL]);
        break;
    case KW_TEXT_CUTS:
        talk->strays += !take_count(talk, reply);
        break;
    default:
        talk->strays++;
    }
    talk->text_asked = KW_TEXT_NONE;
}

static void take_reply(struct kw_talk *talk, const struct kw_reply *reply)
{
    switch (reply->kind) {
    case KW_REPLY_STATUS:
        take_status(talk, reply->bytes[0]);
        break;
    case KW_REPLY_BYTE:
        take_byte(talk);
        break;
    case KW_REPLY_FRAME:
        take_frame(talk, reply);
        break;
    case KW_REPLY_ECHO:
        take_echo(talk, read_id(kw_reply_process_id(reply)));
        break;
    case KW_REPLY_TEXT:
        take_text(talk, reply);
        break;
    case KW_REPLY_CLEARED:
        talk->cleared = true;
        break;
    case KW_REPLY_GARBAGE:
        talk->strays++;
        break;
    default:
        break;                      /* a status that it sends by itself, a notice, flow control */
    }
}

/* One step of the transport: what was accepted and what came. */
static int step(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *accepted, size_t *received,
                int64_t until_ms, struct kw_error *error)
{
    uint8_t input[INPUT_BYTES];
    struct kw_reply reply;
    *accepted = *received = 0;
    int code = talk->ops->transfer(talk->link, bytes, length, accepted, input, sizeof input, received, until_ms, error);
    for (size_t i = 0; i < *received; i++)
        if (talk->dialect->read(&talk->reader, input[i], &reply))
            take_reply(talk, &reply);
    talk->came += (unsigned)*received;
    return code;
}

bool kw_talk_is_clean(const struct kw_talk *talk)
{
    return talk->strays == 0 && talk->reader.broken == 0 && talk->reader.length == 0;
}

/* ---- moving bytes ----------------------------------------------------------------------------------------------- */

static void call_between(struct kw_talk *talk, bool at_break)
{
    if (!talk->between || talk->is_between)
        return;
    talk->is_between = true;
    talk->between(talk->between_data, talk, at_break);
    talk->is_between = false;
}

void kw_talk_break(struct kw_talk *talk)
{
    call_between(talk, true);
}

int kw_talk_send(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *done, int64_t until_ms,
                 struct kw_error *error)
{
    *done = 0;
    for (bool late = false; *done < length && !late;) {
        size_t accepted, received;
        late = kw_clock_left_ms(until_ms) == 0;     /* the last step leaves nothing under way */
        int code = step(talk, bytes + *done, length - *done, &accepted, &received, until_ms, error);
        *done += accepted;
        if (code < 0 && code != KWIT_E_TIMEOUT)
            return code;
        if (received > 0)
            call_between(talk, false);
    }
    talk->stuck = *done < length && !talk->link->facts.uncounted;
    return 0;
}

/* Whoever waits with a question of its own is asked for it every few milliseconds. */
static int64_t look_between(struct kw_talk *talk, int64_t until_ms)
{
    enum { SLICE_MS = 20 };
    if (!talk->between || talk->is_between)
        return until_ms;
    kw_talk_break(talk);
    int64_t slice_ms = kw_clock_boot_ms() + SLICE_MS;
    return slice_ms < until_ms ? slice_ms : until_ms;
}

int kw_talk_listen(struct kw_talk *talk, bool (*enough)(const struct kw_talk *talk), int64_t until_ms,
                   struct kw_error *error)
{
    while (talk->link->facts.can_read && !enough(talk) && kw_clock_left_ms(until_ms) > 0) {
        size_t accepted, received;
        int64_t slice_ms = look_between(talk, until_ms);
        int code = step(talk, NULL, 0, &accepted, &received, slice_ms, error);
        if (code < 0 && code != KWIT_E_TIMEOUT)
            return code;
    }
    return 0;
}

int kw_talk_hear(struct kw_talk *talk, struct kw_error *error)
{
    size_t accepted, received;
    int code = talk->link->facts.can_read ? step(talk, NULL, 0, &accepted, &received, kw_clock_boot_ms(), error) : 0;
    return code == KWIT_E_TIMEOUT ? 0 : code;
}

int kw_talk_drain(struct kw_talk *talk, int quiet_ms, int64_t until_ms, struct kw_error *error)
{
    if (!talk->link->facts.can_read)
        return 0;
    size_t accepted, received = 1, total = 0;
    int code = 0;
    for (; received > 0 && total < DRAIN_LIMIT && code == 0; total += received) {
        int64_t quiet_until_ms = kw_clock_boot_ms() + quiet_ms;
        code = step(talk, NULL, 0, &accepted, &received, quiet_until_ms, error);
        if (quiet_ms > 0 && kw_clock_left_ms(until_ms) == 0)
            break;
    }
    talk->reader = (struct kw_reply_reader){ .length = 0 };
    talk->strays = talk->came = 0;
    talk->cleared = false;
    return code == KWIT_E_TIMEOUT ? 0 : code;
}

/* ---- questions -------------------------------------------------------------------------------------------------- */

bool kw_talk_all_answered(const struct kw_talk *talk)
{
    return talk->asked_count == 0;
}

bool kw_talk_is_asked(const struct kw_talk *talk, int n)
{
    return memchr(talk->asked, n, talk->asked_count) != NULL;
}

/* *whole: every byte of it was accepted. */
static int put(struct kw_talk *talk, int first, int last, int64_t until_ms, bool *whole, struct kw_error *error)
{
    uint8_t bytes[KW_STATUS_QUESTIONS_MAX * KW_QUESTION_BYTES];
    size_t length = 0, done;
    *whole = false;
    if (!talk->link->facts.can_read)
        return 0;
    for (int n = first; n <= last && n <= talk->dialect->status_questions; n++) {
        if (kw_talk_is_asked(talk, n))
            continue;
        length += talk->dialect->ask_status(n, bytes + length);
        talk->asked[talk->asked_count++] = (uint8_t)n;
    }
    int code = kw_talk_send(talk, bytes, length, &done, until_ms, error);
    *whole = code == 0 && done == length;
    return code;
}

int kw_talk_put(struct kw_talk *talk, int first, int last, int64_t until_ms, struct kw_error *error)
{
    bool whole;
    return put(talk, first, last, until_ms, &whole, error);
}

int kw_talk_ask(struct kw_talk *talk, int first, int last, int64_t until_ms, bool *all, struct kw_error *error)
{
    bool whole;
    int code = put(talk, first, last, until_ms, &whole, error);
    if (whole)
        code = kw_talk_listen(talk, kw_talk_all_answered, until_ms, error);
    *all = code == 0 && kw_talk_all_answered(talk) && talk->link->facts.can_read;
    return code;
}

size_t kw_talk_process_id(struct kw_talk *talk, uint8_t out[KW_QUESTION_BYTES])
{
    uint8_t id[KW_PROCESS_ID_BYTES];
    talk->next_id = (talk->next_id + 1) % ID_LIMIT;
    talk->awaited_id = talk->next_id + 1;
    talk->asked_before_id = talk->asked_count;
    talk->id_came = false;
    spell_id(talk->next_id, id);
    return talk->dialect->ask_echo(id, out);
}

void kw_talk_leave_sync(struct kw_talk *talk)
{
    talk->sync_id = talk->awaited_id;
    talk->sync_came = talk->id_came;
    talk->awaited_id = 0;
}

size_t kw_talk_barrier(struct kw_talk *talk, uint8_t out[KW_QUESTION_BYTES])
{
    bool counts = talk->dialect->count_barrier != NULL;
    size_t length = counts
        ? talk->dialect->count_barrier(!talk->counting, talk->count_told, &talk->count_expected, out)
        : talk->dialect->ask_barrier(out);
    talk->counting |= counts;
    talk->barriers_open += length > 0;
    talk->barrier_came = false;
    return length;
}

static bool text_came(const struct kw_talk *talk)
{
    return talk->text_asked == KW_TEXT_NONE;
}

bool kw_talk_ask_text(struct kw_talk *talk, enum kw_text_asked what, int64_t until_ms)
{
    uint8_t bytes[KW_QUESTION_BYTES];
    struct kw_error ignored;
    size_t done, length = what == KW_TEXT_CUTS ? talk->dialect->ask_cut_count(bytes)
        : talk->dialect->ask_name(what == KW_TEXT_MAKER ? KW_NAME_MAKER : KW_NAME_MODEL, bytes);
    if (length == 0 || talk->text_asked != KW_TEXT_NONE)
        return false;
    talk->text_asked = what;
    return kw_talk_send(talk, bytes, length, &done, until_ms, &ignored) == 0 && done == length
        && kw_talk_listen(talk, text_came, until_ms, &ignored) == 0 && text_came(talk);
}

/* ---- what came -------------------------------------------------------------------------------------------------- */

bool kw_talk_took_none(const struct kw_talk *talk, size_t done)
{
    return done == 0 && !talk->link->facts.uncounted;
}

bool kw_talk_id_came(const struct kw_talk *talk)
{
    return talk->id_came;
}

bool kw_talk_barrier_came(const struct kw_talk *talk)
{
    return talk->barrier_came;
}

bool kw_talk_cleared(const struct kw_talk *talk)
{
    return talk->cleared;
}

bool kw_talk_other_id(const struct kw_talk *talk, uint32_t id)
{
    for (size_t i = 0; i < talk->other_count; i++)
        if (talk->other_ids[i] == id)
            return true;
    return false;
}
