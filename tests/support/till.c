/* till.c - the printer answers as it is told; the journal lies in the test's place. */
#include "support/till.h"

#include "base/clock.h"
#include "journal/touchpoint.h"
#include "support/clock.h"
#include "support/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the printer ------------------------------------------------------------------------------------------------ */

struct scripted_printer scripted;

static void put_reply(const void *bytes, size_t length)
{
    if (scripted.silent || scripted.answers_left == 0)
        return;
    if (scripted.answers_left > 0)
        scripted.answers_left--;
    memcpy(scripted.reply + scripted.reply_length, bytes, length);
    scripted.reply_length += length;
}

/* Answers DLE EOT, GS r and GS ( H wherever they stand: the pieces of these tests are plain text. */
static void read_wire(void)
{
    while (scripted.read_to < scripted.wire_length) {
        const uint8_t *at = scripted.wire + scripted.read_to;
        size_t left = scripted.wire_length - scripted.read_to;
        if (left >= 3 && at[0] == 0x10 && at[1] == 0x04) {
            put_reply(scripted.garbage ? "\x80" : at[2] == 1 ? "\x16" : "\x12", 1);
            scripted.read_to += 3;
        } else if (left >= 11 && memcmp(at, "\x1D(H\x06\x00\x30\x30", 7) == 0) {
            uint8_t echo[7] = { 0x37, 0x22, at[7], at[8], at[9], at[10], 0 };
            memcpy(scripted.last_id, at + 7, 4);
            echo[2] ^= scripted.foreign;
            put_reply(echo, scripted.no_echo ? 0 : sizeof echo);
            scripted.read_to += 11;
        } else if (left >= 3 && at[0] == 0x1D && at[1] == 'r') {
            put_reply("\0\0\0", scripted.barrier ? 1 + (size_t)scripted.barrier_answers : 0);
            scripted.read_to += 3;
        } else if (left >= 6 && memcmp(at, "\x1Dg2", 3) == 0) {
            char count[20];
            int length = snprintf(count, sizeof count, "_%d", scripted.cuts);
            put_reply(count, scripted.cuts ? (size_t)length + 1 : 0);
            scripted.read_to += 6;
        } else {
            scripted.read_to++;
        }
    }
}

static int fake_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                     struct kw_error *error)
{
    (void)uri, (void)options, (void)until_ms, (void)error;
    scripted.opened++;
    scripted.link.facts = (struct kw_link_facts){ .identity = "fake", .model = "", .serial = "", .device_id = "",
                                                 .can_read = !scripted.no_reader };
    *link = &scripted.link;
    return 0;
}

static void fake_close(struct kw_link *link)
{
    (void)link;
}

static int fake_transfer(struct kw_link *link, const uint8_t *out, size_t length, size_t *done, uint8_t *in,
                         size_t size, size_t *received, int64_t until_ms, struct kw_error *error)
{
    *done = *received = 0;
    if (length && scripted.stands_at && scripted.wire_length >= scripted.stands_at) {
        kw_clock_sleep_ms(kw_clock_left_ms(until_ms));
        link->facts.uncounted = scripted.uncounted;
        return 0;
    }
    if (scripted.dies_at && scripted.wire_length + length > scripted.dies_at) {
        *done = scripted.dies_at > scripted.wire_length ? scripted.dies_at - scripted.wire_length : 0;
        memcpy(scripted.wire + scripted.wire_length, out, *done);
        scripted.wire_length += *done;
        return kw_fail(error, KWIT_E_DISCONNECTED, "fake", "the cable is gone");
    }
    if (length)
        memcpy(scripted.wire + scripted.wire_length, out, length);
    scripted.wire_length += length;
    *done = length;
    if (length && scripted.on_bytes)
        scripted.on_bytes();
    read_wire();
    if (length && scripted.mutters) {
        put_reply(scripted.mutters, strlen(scripted.mutters));
        scripted.mutters = NULL;
    }
    *received = scripted.late ? 0 : scripted.reply_length < size ? scripted.reply_length : size;
    memcpy(in, scripted.reply, *received);
    memmove(scripted.reply, scripted.reply + *received, scripted.reply_length -= *received);
    if (*received == 0 && length == 0)
        kw_clock_sleep_ms(kw_clock_left_ms(until_ms) > 20 ? 20 : kw_clock_left_ms(until_ms));
    return 0;
}

static const struct kw_transport_ops fake_ops = { .scheme = "fake", .open = fake_open, .close = fake_close,
                                                  .transfer = fake_transfer };

/* ---- the till --------------------------------------------------------------------------------------------------- */

static struct kw_profile profile;
struct kw_delivery delivery;
int renders;
static struct kw_encoded_piece again;

static int render_again(void *data, const struct kw_job *job, enum kw_relayout why,
                        const struct kw_profile *for_profile, struct kw_arena *arena, struct kw_encoded *encoded,
                        enum kw_copy_kind *copy_kind, struct kw_error *error)
{
    (void)data, (void)job, (void)why, (void)for_profile, (void)arena, (void)error;
    static const char text[] = "REPLACES head body|tail\n";
    again = (struct kw_encoded_piece){ .kind = KW_PIECE_PAPER, .name = "receipt", .bytes = (const uint8_t *)text,
                                       .length = sizeof text - 1, .tail_offset = 19, .paper_um = 1000 };
    *encoded = (struct kw_encoded){ &again, 1 };
    *copy_kind = 4;
    renders++;
    return 0;
}

void till_model(int confirm)
{
    profile.confirm = confirm;
}

static void journal_path(char path[200])
{
    snprintf(path, 200, "%s/journal.db", place);
}

void till_open(const char *boot, const char *vfs)
{
    char path[200];
    struct kw_error error;
    journal_path(path);
    struct kw_journal_options options = { .path = path, .create = true, .vfs = vfs };
    delivery = (struct kw_delivery){ .ops = &fake_ops, .uri = "fake:", .identity = "fake", .profile = &profile,
                                     .profile_fixed = true, .render = render_again };
    snprintf(delivery.boot, sizeof delivery.boot, "%s", boot);
    delivery.arena = kw_arena_new(1 << 24);
    assert_int_equal(kw_state_open(place, &delivery.state, &error), 0);
    assert_int_equal(kw_journal_open(&options, &delivery.journal, &error), 0);
}

void till_close(void)
{
    kw_journal_close(delivery.journal);
    kw_state_close(delivery.state);
    kw_arena_free(delivery.arena);
}

int till_begin(void **state)
{
    (void)state;
    memset(&scripted, 0, sizeof scripted);
    scripted.link.ops = &fake_ops;
    scripted.answers_left = -1;
    renders = 0;
    profile = *kw_profile_find("generic");
    profile.described = "tested";
    profile.confirm = KW_CONFIRM_PROCESS_ID;
    profile.speed_mm_s = 1000;
    place_empty();
    till_open("boot-1", NULL);
    clock_stands(true);
    return 0;
}

int till_end(void **state)
{
    (void)state;
    clock_stands(false);
    till_close();
    return 0;
}

int64_t accept_job(const struct order *order)
{
    static const char text[] = "head body|tail\n", pulse[] = "PULSE";
    struct kw_error error;
    struct kw_sale_key key = { "s", "t", "", order->name };
    int64_t sale, now = kw_clock_boot_ms();
    struct kw_job job = {
        .part = "receipt", .copy = 1, .state = KW_JOB_WAITING, .printer = "fake", .uri = "fake:", .printer_name = "",
        .profile = "tested", .station = "", .late = order->late, .armed = KW_ARMED_BODY,
        .boot = order->boot ? order->boot : "boot-1", .accepted_boot_ms = now - order->age_ms,
        .accepted_ms = kw_clock_wall_ms() - order->age_ms, .until_boot_ms = order->live ? now + 5000 : 0,
        .deadline_boot_ms = now - order->age_ms + (order->deadline_ms ? order->deadline_ms : 900000), .drawer = ""
    };
    job.deadline_ms = job.accepted_ms + (order->deadline_ms ? order->deadline_ms : 900000);
    struct kw_piece_row paper = { .n = 1, .kind = KW_PIECE_PAPER, .name = "receipt", .bytes = (const uint8_t *)text,
                                  .length = sizeof text - 1, .tail_offset = 10, .paper_um = 1000 };
    struct kw_piece_row drawer = { .n = 0, .kind = KW_PIECE_DRAWER, .name = "drawer", .bytes = (const uint8_t *)pulse,
                                   .length = sizeof pulse - 1 };
    struct kw_touchpoint touchpoint = { .ts_ms = job.accepted_ms, .day = 1000, .reason = 12, .store = "s", .till = "t",
                                        .cashier = "", .campaign = "", .language = "en", .channel = "paper" };
    assert_int_equal(kw_journal_begin(delivery.journal, KW_DURABLE, &error), 0);
    const uint8_t digest[32] = { 0 };
    assert_int_equal(kw_sale_add(delivery.journal, &key, digest, "{}", 2, job.accepted_ms, &sale, &error), 0);
    job.sale = touchpoint.sale = sale;
    assert_int_equal(kw_touchpoint_add(delivery.journal, &touchpoint, &error), 0);
    assert_int_equal(kw_job_add(delivery.journal, &job, &error), 0);
    if (order->drawer)
        assert_int_equal(kw_piece_add(delivery.journal, job.id, &drawer, &error), 0);
    assert_int_equal(kw_piece_add(delivery.journal, job.id, &paper, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    return job.id;
}

struct kw_job job_now(int64_t id)
{
    struct kw_job job;
    struct kw_error error;
    assert_int_equal(kw_job_get(delivery.journal, id, delivery.arena, &job, &error), 0);
    return job;
}

void run_job(int64_t id, int64_t patience_ms)
{
    struct kw_error error = { 0 };
    delivery.cause = 0;
    assert_int_equal(kw_delivery_run(&delivery, id, kw_clock_boot_ms() + patience_ms, &error), 0);
}

int flush_jobs(void)
{
    struct kw_error error = { 0 };
    int left;
    delivery.cause = 0;
    assert_int_equal(kw_delivery_flush(&delivery, kw_clock_boot_ms() + 3000, &left, &error), 0);
    return left;
}

size_t times_on_wire(const char *text)
{
    size_t count = 0;
    for (size_t at = 0; at + strlen(text) <= scripted.wire_length; at++)
        count += memcmp(scripted.wire + at, text, strlen(text)) == 0;
    return count;
}

size_t wire_before_paper(void)
{
    int64_t id = accept_job(&(struct order){ "measure", .live = true });
    run_job(id, 3000);
    const uint8_t *head = memmem(scripted.wire, scripted.wire_length, "head body|", 10);
    assert_non_null(head);
    return (size_t)(head - scripted.wire);
}
