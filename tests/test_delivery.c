/*
 * test_delivery.c - delivery before a scripted printer, in this process: history, silence, foreign answers, lateness,
 * reboots, the clock, and a disk that loses what was not synced.
 */
#include "base/clock.h"
#include "delivery/delivery.h"
#include "journal/touchpoint.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the printer ------------------------------------------------------------------------------------------------ */

static struct printer {
    struct kw_link link;
    uint8_t wire[65536], reply[4096];
    size_t wire_length, read_to, reply_length;
    bool silent, garbage, foreign, no_reader;
    size_t dies_at;                     /* wire length at which the cable goes; 0: never */
    int answers_left;                   /* -1: any number */
    int opened;
    void (*on_bytes)(void);             /* after each write, before it is answered */
} printer;

static void put_reply(const void *bytes, size_t length)
{
    if (printer.silent || printer.answers_left == 0)
        return;
    if (printer.answers_left > 0)
        printer.answers_left--;
    memcpy(printer.reply + printer.reply_length, bytes, length);
    printer.reply_length += length;
}

/* Answers DLE EOT, GS ( H and GS g 2 wherever they stand: the pieces of these tests are plain text. */
static void read_wire(void)
{
    while (printer.read_to < printer.wire_length) {
        const uint8_t *at = printer.wire + printer.read_to;
        size_t left = printer.wire_length - printer.read_to;
        if (left >= 3 && at[0] == 0x10 && at[1] == 0x04) {
            put_reply(printer.garbage ? "\x80" : at[2] == 1 ? "\x16" : "\x12", 1);
            printer.read_to += 3;
        } else if (left >= 11 && memcmp(at, "\x1D(H\x06\x00\x30\x30", 7) == 0) {
            uint8_t echo[7] = { 0x37, 0x22, at[7], at[8], at[9], at[10], 0 };
            echo[2] ^= printer.foreign;
            put_reply(echo, sizeof echo);
            printer.read_to += 11;
        } else {
            printer.read_to++;
        }
    }
}

static int fake_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                     struct kw_error *error)
{
    (void)uri, (void)options, (void)until_ms, (void)error;
    printer.opened++;
    printer.link.facts = (struct kw_link_facts){ .identity = "fake", .model = "", .serial = "", .device_id = "",
                                                 .can_read = !printer.no_reader };
    *link = &printer.link;
    return 0;
}

static void fake_close(struct kw_link *link)
{
    (void)link;
}

static int fake_transfer(struct kw_link *link, const uint8_t *out, size_t length, size_t *done, uint8_t *in, size_t size,
                         size_t *received, int64_t until_ms, struct kw_error *error)
{
    (void)link;
    *done = *received = 0;
    if (printer.dies_at && printer.wire_length + length > printer.dies_at) {
        *done = printer.dies_at > printer.wire_length ? printer.dies_at - printer.wire_length : 0;
        memcpy(printer.wire + printer.wire_length, out, *done);
        printer.wire_length += *done;
        return kw_fail(error, KWIT_E_DISCONNECTED, "fake", "the cable is gone");
    }
    if (length)
        memcpy(printer.wire + printer.wire_length, out, length);
    printer.wire_length += length;
    *done = length;
    if (length && printer.on_bytes)
        printer.on_bytes();
    read_wire();
    *received = printer.reply_length < size ? printer.reply_length : size;
    memcpy(in, printer.reply, *received);
    memmove(printer.reply, printer.reply + *received, printer.reply_length -= *received);
    if (*received == 0 && length == 0)
        kw_clock_sleep_ms(kw_clock_left_ms(until_ms) > 20 ? 20 : kw_clock_left_ms(until_ms));
    return 0;
}

static const struct kw_transport_ops fake_ops = { .scheme = "fake", .open = fake_open, .close = fake_close,
                                                  .transfer = fake_transfer };

/* ---- the bench -------------------------------------------------------------------------------------------------- */

static char place[] = "/tmp/kwit-delivery-XXXXXX";
static struct kw_profile profile;
static struct kw_delivery delivery;
static int renders;
static struct kw_encoded_piece again;

static int render_again(void *data, const struct kw_job *job, enum kw_delivery_again why, const struct kw_profile *for_profile,
                        struct kw_arena *arena, struct kw_encoded *encoded, int *copy_kind, struct kw_error *error)
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

static void journal_path(char path[200])
{
    snprintf(path, 200, "%s/journal.db", place);
}

static void open_bench(const char *boot, const char *vfs)
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

static void close_bench(void)
{
    kw_journal_close(delivery.journal);
    kw_state_close(delivery.state);
    kw_arena_free(delivery.arena);
}

static int begin(void **state)
{
    (void)state;
    memset(&printer, 0, sizeof printer);
    printer.link.ops = &fake_ops;
    printer.answers_left = -1;
    renders = 0;
    profile = *kw_profile_find("generic");
    profile.name = "tested";
    profile.confirm = KW_CONFIRM_PROCESS_ID;
    profile.speed_mm_s = 1000;
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s/*", place);
    assert_int_equal(system(command), 0);
    open_bench("boot-1", NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    close_bench();
    return 0;
}

struct order { const char *name; int64_t age_ms, deadline_ms; int late; bool live, drawer; const char *boot; };

static int64_t accept_job(const struct order *order)
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
    assert_int_equal(kw_sale_add(delivery.journal, &key, (const uint8_t[32]){ 0 }, "{}", 2, job.accepted_ms, &sale, &error), 0);
    job.sale = touchpoint.sale = sale;
    assert_int_equal(kw_touchpoint_add(delivery.journal, &touchpoint, &error), 0);
    assert_int_equal(kw_job_add(delivery.journal, &job, &error), 0);
    if (order->drawer)
        assert_int_equal(kw_piece_add(delivery.journal, job.id, &drawer, &error), 0);
    assert_int_equal(kw_piece_add(delivery.journal, job.id, &paper, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    return job.id;
}

static struct kw_job job_now(int64_t id)
{
    struct kw_job job;
    struct kw_error error;
    assert_int_equal(kw_job_get(delivery.journal, id, delivery.arena, &job, &error), 0);
    return job;
}

static void run(int64_t id, int64_t patience_ms)
{
    struct kw_error error = { 0 };
    delivery.cause = 0;
    assert_int_equal(kw_delivery_run(&delivery, id, kw_clock_boot_ms() + patience_ms, &error), 0);
}

static int flush(void)
{
    struct kw_error error = { 0 };
    int left;
    delivery.cause = 0;
    assert_int_equal(kw_delivery_flush(&delivery, kw_clock_boot_ms() + 3000, &left, &error), 0);
    return left;
}

static size_t times_on_wire(const char *text)
{
    size_t count = 0;
    for (size_t at = 0; at + strlen(text) <= printer.wire_length; at++)
        count += memcmp(printer.wire + at, text, strlen(text)) == 0;
    return count;
}

/* ---- proof ------------------------------------------------------------------------------------------------------ */

static void an_echoed_id_proves_the_paper(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(times_on_wire("head body|"), 1);
}

static void another_ones_id_proves_nothing(void **state)
{
    (void)state;
    printer.foreign = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 2500);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
}

static void a_printer_that_never_answered_ends_as_sent(void **state)
{
    (void)state;
    printer.silent = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_SENT);
    assert_int_equal(job_now(id).reason, KWIT_E_NEVER_ANSWERS);
}

static void a_printer_that_answered_before_and_is_silent_now_is_doubted(void **state)
{
    (void)state;
    run(accept_job(&(struct order){ "a", .live = true }), 3000);
    printer.silent = true;
    int64_t id = accept_job(&(struct order){ "b", .live = true });
    int64_t began = kw_clock_boot_ms();
    run(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    assert_true(kw_clock_boot_ms() - began < 2300);
    run(id, 1000);
    assert_int_equal(times_on_wire("head body|"), 2);
}

static void silence_is_an_error_where_proof_is_required(void **state)
{
    (void)state;
    printer.silent = true;
    delivery.confirm = KW_DELIVERY_REQUIRE;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
}

static void garbage_is_no_answer(void **state)
{
    (void)state;
    printer.garbage = true;
    printer.foreign = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 2500);
    assert_true(job_now(id).state == KW_JOB_UNCONFIRMED || job_now(id).state == KW_JOB_SENT);
}

/* ---- interruption ----------------------------------------------------------------------------------------------- */

static size_t wire_before_tail(void)
{
    int64_t id = accept_job(&(struct order){ "measure", .live = true });
    run(id, 3000);
    for (size_t at = 0; at < printer.wire_length; at++)
        if (printer.wire[at] == 'h')
            return at;
    fail();
    return 0;
}

static void a_cable_pulled_in_the_body_means_printing_again_marked(void **state)
{
    (void)state;
    size_t body = wire_before_tail();
    printer.wire_length = printer.read_to = 0;
    printer.dies_at = body + 4;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_INTERRUPTED);
    assert_true(job_now(id).partial_um > 0);
    printer.dies_at = 0;
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("REPLACES head body|"), 1);
    assert_int_equal(times_on_wire("\nhead"), 0);
}

static void a_process_that_died_in_the_body_is_found(void **state)
{
    struct kw_error error;
    bool moved;
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    struct kw_job job = job_now(id);
    struct kw_piece_row piece = { .n = 1, .state = KW_PIECE_BODY };
    job.state = KW_JOB_BODY;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_piece_move(delivery.journal, id, &piece, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("head body|"), 1);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static void what_is_older_than_a_minute_is_held_printed_or_dropped_as_set(void **state)
{
    (void)state;
    int64_t held = accept_job(&(struct order){ "a", .age_ms = 61000, .late = KW_DELIVERY_HOLD });
    int64_t printed = accept_job(&(struct order){ "b", .age_ms = 61000, .late = KW_DELIVERY_PRINT });
    int64_t dropped = accept_job(&(struct order){ "c", .age_ms = 61000, .late = KW_DELIVERY_DROP });
    int64_t young = accept_job(&(struct order){ "d", .age_ms = 30000, .late = KW_DELIVERY_HOLD });
    assert_int_equal(flush(), 0);
    assert_int_equal(job_now(held).state, KW_JOB_WAITING);
    assert_true(job_now(held).held);
    assert_int_equal(job_now(printed).state, KW_JOB_PRINTED);
    assert_int_equal(job_now(dropped).state, KW_JOB_EXPIRED);
    assert_int_equal(job_now(young).state, KW_JOB_PRINTED);
}

static void what_is_too_late_is_not_done_late(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .age_ms = 20000, .deadline_ms = 10000, .late = KW_DELIVERY_PRINT });
    assert_int_equal(flush(), 0);
    assert_int_equal(job_now(id).state, KW_JOB_EXPIRED);
    assert_int_equal(times_on_wire("head"), 0);
}

static void a_pulse_older_than_five_seconds_is_not_given(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .age_ms = 6000, .live = true, .drawer = true });
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_string_equal(job_now(id).drawer, "late");
    assert_int_equal(times_on_wire("PULSE"), 0);
}

static void a_pulse_is_given_once_and_never_replayed(void **state)
{
    (void)state;
    size_t body = wire_before_tail();
    printer.wire_length = printer.read_to = 0;
    printer.dies_at = body + 8;
    int64_t id = accept_job(&(struct order){ "a", .live = true, .drawer = true });
    run(id, 2000);
    printer.dies_at = 0;
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(times_on_wire("PULSE"), 1);
}

static void after_a_reboot_with_an_unsure_clock_everything_is_held(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .late = KW_DELIVERY_PRINT, .boot = "boot-0" });
    struct kw_error error;
    struct kw_job job = job_now(id);
    bool moved;
    job.armed = KW_ARMED_NOT;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    delivery.clock_unsure = true;
    flush();
    assert_true(job_now(id).held);
    assert_int_equal(times_on_wire("head"), 0);
}

static void a_machine_that_died_with_a_call_on_its_way_does_not_print_it_unmarked(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .late = KW_DELIVERY_PRINT, .boot = "boot-0" });
    flush();
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("REPLACES head body|"), 1);
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

static void older_live_jobs_come_first_and_old_paper_never_before_a_live_sale(void **state)
{
    (void)state;
    int64_t old = accept_job(&(struct order){ "old", .age_ms = 10000 });
    int64_t other = accept_job(&(struct order){ "other", .live = true });
    int64_t own = accept_job(&(struct order){ "own", .live = true });
    run(own, 3000);
    assert_int_equal(job_now(old).state, KW_JOB_WAITING);
    assert_int_equal(job_now(other).state, KW_JOB_PRINTED);
    assert_int_equal(job_now(own).state, KW_JOB_PRINTED);
    assert_int_equal(printer.opened, 1);
    assert_int_equal(flush(), 0);
    assert_int_equal(job_now(old).state, KW_JOB_PRINTED);
}

/* ---- a disk that loses what was not synced ---------------------------------------------------------------------- */

/* Each sync copies the file to FILE.synced; a power cut is going back to those. */
struct losing { sqlite3_io_methods methods; const sqlite3_io_methods *system; const char *name; };
static sqlite3_vfs losing_vfs;
static size_t losing_offset;

static struct losing *losing_of(sqlite3_file *file)
{
    return (struct losing *)(void *)((char *)file + losing_offset);
}

static int losing_sync(sqlite3_file *file, int flags)
{
    char command[500];
    struct losing *losing = losing_of(file);
    int status = losing->system->xSync(file, flags);
    snprintf(command, sizeof command, "cp %s %s.synced", losing->name, losing->name);
    return system(command) == 0 ? status : SQLITE_IOERR;
}

static int losing_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    sqlite3_vfs *under = vfs->pAppData;
    int status = under->xOpen(under, name, file, flags, out);
    if (status != SQLITE_OK || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return status;
    struct losing *losing = losing_of(file);
    losing->system = file->pMethods;
    losing->methods = *file->pMethods;
    losing->methods.xSync = losing_sync;
    losing->name = name;
    file->pMethods = &losing->methods;
    return status;
}

static const char *register_losing(void)
{
    sqlite3_initialize();
    sqlite3_vfs *under = sqlite3_vfs_find(NULL);
    losing_offset = ((size_t)under->szOsFile + 15) / 16 * 16;
    losing_vfs = *under;
    losing_vfs.zName = "losing";
    losing_vfs.pAppData = under;
    losing_vfs.szOsFile = (int)(losing_offset + sizeof(struct losing));
    losing_vfs.xOpen = losing_open;
    sqlite3_vfs_register(&losing_vfs, 0);
    return "losing";
}

enum { CUTS_MAX = 64 };
static size_t cut_count, cut_wire[CUTS_MAX];

/* The disk as it would be found if the power went now. */
static void keep_cut(void)
{
    char command[700];
    assert_true(cut_count < CUTS_MAX);
    snprintf(command, sizeof command, "mkdir -p %s/cut-%zu && cp %s/*.synced %s/cut-%zu/", place, cut_count, place, place,
             cut_count);
    assert_int_equal(system(command), 0);
    cut_wire[cut_count++] = printer.wire_length;
}

static void restore_cut(size_t number)
{
    char command[900];
    snprintf(command, sizeof command,
             "cd %s && rm -f journal.db* && cp cut-%zu/journal.db.synced journal.db && "
             "{ [ ! -f cut-%zu/journal.db-wal.synced ] || cp cut-%zu/journal.db-wal.synced journal.db-wal; }",
             place, number, number, number);
    assert_int_equal(system(command), 0);
}

static void a_power_cut_at_any_write_neither_loses_nor_doubles(void **state)
{
    (void)state;
    close_bench();
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s/*", place);
    assert_int_equal(system(command), 0);
    open_bench("boot-1", register_losing());
    cut_count = 0;
    printer.on_bytes = keep_cut;
    int64_t id = accept_job(&(struct order){ "a", .live = true, .late = KW_DELIVERY_PRINT });
    run(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    keep_cut();
    printer.on_bytes = NULL;
    assert_true(cut_count >= 4);
    for (size_t i = 0; i < cut_count; i++) {
        close_bench();
        restore_cut(i);
        open_bench("boot-2", NULL);
        printer.wire_length = printer.read_to = cut_wire[i];
        bool tail_out = times_on_wire("tail") > 0, head_out = times_on_wire("head") > 0;
        flush();
        struct kw_job job = job_now(id);
        /* What stood on paper with its tail is never printed again; what began is never printed without its mark. */
        if (tail_out)
            assert_true(job.state == KW_JOB_UNCONFIRMED || job.state == KW_JOB_PRINTED);
        else
            assert_true(job.state == KW_JOB_PRINTED || job.state == KW_JOB_UNCONFIRMED);
        assert_true(times_on_wire("tail") <= 1);
        if (head_out && times_on_wire("head") > 1)
            assert_int_equal(times_on_wire("REPLACES head"), 1);
    }
}

/* ---- */

static int make_place(void **state)
{
    (void)state;
    return mkdtemp(place) ? 0 : -1;
}

static int remove_place(void **state)
{
    char command[200];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", place);
    return system(command);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_echoed_id_proves_the_paper),
        CASE(another_ones_id_proves_nothing),
        CASE(a_printer_that_never_answered_ends_as_sent),
        CASE(a_printer_that_answered_before_and_is_silent_now_is_doubted),
        CASE(silence_is_an_error_where_proof_is_required),
        CASE(garbage_is_no_answer),
        CASE(a_cable_pulled_in_the_body_means_printing_again_marked),
        CASE(a_process_that_died_in_the_body_is_found),
        CASE(what_is_older_than_a_minute_is_held_printed_or_dropped_as_set),
        CASE(what_is_too_late_is_not_done_late),
        CASE(a_pulse_older_than_five_seconds_is_not_given),
        CASE(a_pulse_is_given_once_and_never_replayed),
        CASE(after_a_reboot_with_an_unsure_clock_everything_is_held),
        CASE(a_machine_that_died_with_a_call_on_its_way_does_not_print_it_unmarked),
        CASE(older_live_jobs_come_first_and_old_paper_never_before_a_live_sale),
        CASE(a_power_cut_at_any_write_neither_loses_nor_doubles),
    };
    return cmocka_run_group_tests(tests, make_place, remove_place);
}
