/* test_tap_door.c - the door of the tap: what of a connection is a receipt, who is served when, when it ends. */
#include "base/clock.h"
#include "tap/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define RECEIPT "\x1b@SHOP\nTOTAL 2.00\n\x1b" "d\x04\x1dV\x00"
#define EOT "\x10\x04\x01"
#define PULSE "\x1bp\x00\x19\xfa"
#define BYTES(text) (const void *)(text), sizeof(text) - 1
#define ROW_BYTES(text) (text), sizeof(text) - 1
enum { PATIENT_MS = 60000 };

/* ---- the line --------------------------------------------------------------------------------------------------- */

/* A printer that writes down what is done with it, and waits at a receipt until it is let go. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char done[256];
    bool held, printing, away, mute;
    uint8_t block[4];
    struct kw_tap_status status;
    struct kw_tap_queue *line;
} printer = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void note(char kind, const uint8_t *bytes, size_t length)
{
    pthread_mutex_lock(&printer.lock);
    size_t at = strlen(printer.done);
    printer.done[at++] = kind;
    for (size_t i = 0; i < length && at + 1 < sizeof printer.done; i++)
        printer.done[at++] = bytes[i] < 0x20 ? '.' : (char)bytes[i];
    printer.done[at] = 0;
    pthread_mutex_unlock(&printer.lock);
}

static void print(void *data, struct kw_tap_queue_work *work)
{
    (void)data;
    if (printer.line)
        kw_tap_queue_keep(printer.line, work);
    pthread_mutex_lock(&printer.lock);
    printer.printing = true;
    pthread_cond_broadcast(&printer.changed);
    while (printer.held)
        pthread_cond_wait(&printer.changed, &printer.lock);
    pthread_mutex_unlock(&printer.lock);
    note('P', work->bytes, work->length);
}

static size_t ask(void *data, const uint8_t *bytes, size_t length, struct kw_tap_wanted wanted,
                  uint8_t out[KW_TAP_ANSWER])
{
    (void)data;
    note('?', bytes, length);
    memset(out, 0x12, wanted.answers);
    for (unsigned i = 0; i < wanted.blocks; i++)
        memcpy(out + wanted.answers + 4 * i, printer.block, 4);
    return wanted.answers + 4 * (printer.mute ? 0 : wanted.blocks);
}

/* Whoever waits for the printer's status to change is told at the next look. */
static void watch(void *data, struct kw_tap_status *status)
{
    (void)data;
    pthread_mutex_lock(&printer.lock);
    *status = printer.status;
    status->asked_ms = kw_clock_boot_ms();
    pthread_mutex_unlock(&printer.lock);
}

static bool ready(void *data)
{
    (void)data;
    return !printer.away;
}

static const struct kw_tap_queue_calls calls = { .print = print, .ask = ask, .watch = watch, .ready = ready };

static void hold(bool held)
{
    pthread_mutex_lock(&printer.lock);
    printer.held = held;
    pthread_cond_broadcast(&printer.changed);
    pthread_mutex_unlock(&printer.lock);
}

static void await_printing(void)
{
    pthread_mutex_lock(&printer.lock);
    while (!printer.printing)
        pthread_cond_wait(&printer.changed, &printer.lock);
    pthread_mutex_unlock(&printer.lock);
}

static struct kw_tap_queue_work *put(const char *text, bool receipt)
{
    struct kw_tap_queue_work *work = kw_tap_queue_work_new((const uint8_t *)text, strlen(text), receipt, -1);
    assert_non_null(work);
    kw_tap_queue_put(printer.line, work);
    return work;
}

static int begin_line(void **state)
{
    struct kw_error error;
    (void)state;
    printer.done[0] = 0;
    printer.held = printer.printing = printer.away = false;
    return kw_tap_queue_start(&calls, &printer.line, &error);
}

static int end_line(void **state)
{
    (void)state;
    kw_tap_queue_stop(printer.line);
    return 0;
}

static void questions_come_before_receipts_and_those_in_their_order(void **state)
{
    (void)state;
    struct kw_tap_queue_work *all[4];
    hold(true);
    all[0] = put("one", true);
    await_printing();
    all[1] = put("two", true), all[2] = put("three", true), all[3] = put("how", false);
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_string_equal(printer.done, "Pone?howPtwoPthree");
    for (size_t i = 0; i < 4; i++) {
        assert_true(all[i]->done);
        kw_tap_queue_work_free(all[i]);
    }
    begin_line(NULL);
}

static void what_has_no_ink_keeps_its_place_among_receipts(void **state)
{
    (void)state;
    hold(true);
    struct kw_tap_queue_work *all[] = { put("one", true), put("two", true),
                                        kw_tap_queue_work_new((const uint8_t *)"feed", 4, false, -1), NULL };
    all[2]->in_turn = true;
    kw_tap_queue_put(printer.line, all[2]);
    all[3] = put("three", true);
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_string_equal(printer.done, "PonePtwo?feedPthree");
    for (size_t i = 0; i < 4; i++)
        kw_tap_queue_work_free(all[i]);
    begin_line(NULL);
}

static void only_what_is_answered_at_any_time_is_asked_meanwhile(void **state)
{
    (void)state;
    hold(true);
    struct kw_tap_queue_work *receipt = put("one", true);
    await_printing();
    struct kw_tap_queue_work *plain = put("\x1dr\x01", false), *eot = put(EOT, false);
    assert_ptr_equal(kw_tap_queue_question(printer.line), eot);
    assert_null(kw_tap_queue_question(printer.line));
    kw_tap_queue_return(printer.line, eot);
    assert_ptr_equal(kw_tap_queue_question(printer.line), eot);
    eot->answer[eot->answer_length++] = 0x16;
    kw_tap_queue_answer(printer.line, eot);
    assert_true(kw_tap_queue_is_done(printer.line, eot));
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_true(receipt->done && plain->done);
    kw_tap_queue_work_free(receipt), kw_tap_queue_work_free(plain), kw_tap_queue_work_free(eot);
    begin_line(NULL);
}

static void what_nobody_waits_for_is_done_all_the_same(void **state)
{
    (void)state;
    hold(true);
    struct kw_tap_queue_work *receipt = put("one", true);
    await_printing();
    kw_tap_queue_leave(printer.line, receipt);
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_string_equal(printer.done, "Pone");
    begin_line(NULL);
}

/* ---- a connection ----------------------------------------------------------------------------------------------- */

static struct kw_tap_options options;

static void *converse(void *data)
{
    kw_connection_serve(&options, printer.line, *(int *)data, NULL, NULL);
    return NULL;
}

struct program { int end; pthread_t thread; };

static struct program connect_program(void)
{
    struct program program;
    int both[2];
    static int other;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, both), 0);
    program.end = both[0], other = both[1];
    assert_int_equal(pthread_create(&program.thread, NULL, converse, &other), 0);
    return program;
}

static void say(const struct program *program, const char *bytes, size_t length)
{
    assert_int_equal(send(program->end, bytes, length, MSG_NOSIGNAL), length);
}

/* What comes next, up to so much; 0: the end. */
static size_t hear(const struct program *program, char *out, size_t size)
{
    struct pollfd end = { .fd = program->end, .events = POLLIN };
    assert_int_equal(poll(&end, 1, PATIENT_MS), 1);
    ssize_t got = recv(program->end, out, size, 0);
    return got > 0 ? (size_t)got : 0;
}

static void leave(struct program *program)
{
    pthread_join(program->thread, NULL);
    close(program->end);
}

static int begin_talk(void **state)
{
    options = (struct kw_tap_options){ .settle_ms = 20, .gather_ms = PATIENT_MS, .idle_ms = PATIENT_MS,
                                       .patience_ms = PATIENT_MS };
    return begin_line(state);
}

static void the_end_comes_when_it_is_settled(void **state)
{
    char byte;
    (void)state;
    hold(true);
    struct program program = connect_program();
    say(&program, BYTES("\x1b@Tea\n"));
    shutdown(program.end, SHUT_WR);
    await_printing();
    assert_int_equal(recv(program.end, &byte, 1, MSG_DONTWAIT), -1);
    hold(false);
    assert_int_equal(hear(&program, &byte, 1), 0);
    leave(&program);
    assert_string_equal(printer.done, "P.@Tea.");
}

static void patience_ends_the_connection_and_not_the_receipt(void **state)
{
    char byte;
    (void)state;
    options.patience_ms = 30;
    hold(true);
    struct program program = connect_program();
    say(&program, BYTES("Tea\n"));
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, &byte, 1), 0);
    leave(&program);
    assert_string_equal(printer.done, "");
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_string_equal(printer.done, "PTea.");
    begin_line(NULL);
}

static void who_waited_in_vain_behind_others_is_not_printed_later(void **state)
{
    char byte;
    (void)state;
    options.patience_ms = 30;
    hold(true);
    struct kw_tap_queue_work *first = put("one", true);
    await_printing();
    struct program program = connect_program();
    say(&program, BYTES("Tea\n"));
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, &byte, 1), 0);
    leave(&program);
    hold(false);
    kw_tap_queue_stop(printer.line);
    assert_string_equal(printer.done, "Pone");
    kw_tap_queue_work_free(first);
    begin_line(NULL);
}

static void a_question_behind_the_receipt_is_asked_behind_it(void **state)
{
    char answer[4];
    (void)state;
    struct program program = connect_program();
    say(&program, BYTES("Tea\n\x1dr\x01"));
    assert_int_equal(hear(&program, answer, sizeof answer), 1);
    assert_string_equal(printer.done, "PTea.?.r.");
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, answer, 1), 0);
    leave(&program);
}

static void one_connection_carries_many_receipts(void **state)
{
    char answer[4];
    (void)state;
    struct program program = connect_program();
    for (int i = 0; i < 3; i++) {
        say(&program, BYTES("Tea\n\x1dr\x01"));
        assert_int_equal(hear(&program, answer, sizeof answer), 1);
    }
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, answer, 1), 0);
    leave(&program);
    assert_string_equal(printer.done, "PTea.?.r.PTea.?.r.PTea.?.r.");
}

static void settings_without_ink_are_no_receipt(void **state)
{
    char byte;
    (void)state;
    struct program program = connect_program();
    say(&program, BYTES("\x1b@"));
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, &byte, 1), 0);
    leave(&program);
    assert_string_equal(printer.done, "?.@");
}

static void set_status(uint8_t second, uint8_t fourth, bool away)
{
    pthread_mutex_lock(&printer.lock);
    printer.status = (struct kw_tap_status){ .known = true, .away = away, .raw = { 0, 0x12, second, 0x12, fourth } };
    pthread_mutex_unlock(&printer.lock);
}

static void hear_block(const struct program *program, const char *block)
{
    char told[8];
    assert_int_equal(hear(program, told, sizeof told), 4);
    assert_memory_equal(told, block, 4);
}

static void what_changes_is_told_to_who_asked_for_it(void **state)
{
    (void)state;
    set_status(0x12, 0x12, false);
    memcpy(printer.block, "\x10\x00\x40\x0e", 4);
    struct program program = connect_program();
    say(&program, BYTES("\x1d" "a\x08"));
    hear_block(&program, "\x10\x00\x40\x0e");
    set_status(0x16, 0x72, false);
    hear_block(&program, "\x30\x00\x4c\x0e");
    set_status(0x12, 0x12, false);
    hear_block(&program, "\x10\x00\x40\x0e");
    say(&program, BYTES("\x1d" "a\x02"));
    hear_block(&program, "\x10\x00\x40\x0e");
    set_status(0x12, 0x72, true);
    hear_block(&program, "\x18\x00\x4c\x0e");
    shutdown(program.end, SHUT_WR);
    leave(&program);
}

static void whom_the_printer_said_nothing_is_told_nothing(void **state)
{
    char told[8];
    (void)state;
    printer.mute = true;
    set_status(0x16, 0x12, false);
    struct program program = connect_program();
    say(&program, BYTES("\x1d" "a\xff" "\x1b@" EOT));
    assert_int_equal(hear(&program, told, sizeof told), 1);
    shutdown(program.end, SHUT_WR);
    assert_int_equal(hear(&program, told, sizeof told), 0);
    leave(&program);
    printer.mute = false;
}

/* ---- the door --------------------------------------------------------------------------------------------------- */

static int go_on_until_asked(void *data)
{
    return !__atomic_load_n((const int *)data, __ATOMIC_SEQ_CST);
}

static void *run_door(void *data)
{
    struct kw_error error;
    kw_tap_run(data, &error);
    return NULL;
}

struct door {
    struct sockaddr_in place;
    struct kw_tap *tap;
    pthread_t thread;
    int socket, stop;
};

static void open_door(struct door *door, const struct kw_net *allow, size_t allow_count)
{
    enum { WAITING = 64 };
    struct kw_error error;
    socklen_t length = sizeof door->place;
    *door = (struct door){ .place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
                           .socket = socket(AF_INET, SOCK_STREAM, 0) };
    assert_int_equal(bind(door->socket, (struct sockaddr *)&door->place, length), 0);
    assert_int_equal(listen(door->socket, WAITING), 0);
    assert_int_equal(getsockname(door->socket, (struct sockaddr *)&door->place, &length), 0);
    const struct kw_tap_options served = { .socket = door->socket, .allow = allow, .allow_count = allow_count,
                                           .refuse = true, .settle_ms = 20, .gather_ms = PATIENT_MS,
                                           .idle_ms = PATIENT_MS, .patience_ms = PATIENT_MS, .calls = calls,
                                           .go_on = go_on_until_asked, .go_on_data = &door->stop };
    assert_int_equal(kw_tap_start(&served, &door->tap, &error), 0);
    assert_int_equal(pthread_create(&door->thread, NULL, run_door, door->tap), 0);
}

static void close_door(struct door *door)
{
    __atomic_store_n(&door->stop, 1, __ATOMIC_SEQ_CST);
    pthread_join(door->thread, NULL);
    kw_tap_stop(door->tap);
    close(door->socket);
}

static struct program come(const struct door *door)
{
    struct program program = { .end = socket(AF_INET, SOCK_STREAM, 0) };
    assert_int_equal(connect(program.end, (const struct sockaddr *)&door->place, sizeof door->place), 0);
    return program;
}

/* Whether a program that connects from this machine is served. */
static bool is_served(const struct kw_net *allow, size_t allow_count)
{
    struct door door;
    char byte = 0;
    open_door(&door, allow, allow_count);
    struct program program = come(&door);
    ssize_t sent = send(program.end, EOT, 3, MSG_NOSIGNAL);
    size_t heard = sent == 3 ? hear(&program, &byte, 1) : 0;
    close(program.end);
    close_door(&door);
    return heard == 1 && byte == 0x12;
}

static void a_paper_that_comes_in_parts_is_printed_in_their_order(void **state)
{
    enum { PARTS = KW_TAP_CONNECTIONS + 8 };           /* more than are served at once */
    struct program parts[PARTS];
    struct door door;
    char wanted[PARTS * 6] = "", byte;
    (void)state;
    printer.done[0] = 0;
    printer.line = NULL;
    printer.printing = false;
    hold(true);
    open_door(&door, NULL, 0);
    for (int i = 0; i < PARTS; i++) {
        char part[] = { (char)('0' + i), '\n', 0 };
        parts[i] = come(&door);
        if (i % 6 == 5)                             /* a feed by itself */
            say(&parts[i], BYTES("\x1b" "d\4"));
        else
            say(&parts[i], part, 2);
        shutdown(parts[i].end, SHUT_WR);
        snprintf(wanted + strlen(wanted), 6, i % 6 == 5 ? "?.d." : "P%c.", part[0]);
    }
    hold(false);
    for (int i = 0; i < PARTS; i++) {
        assert_int_equal(hear(&parts[i], &byte, 1), 0);
        close(parts[i].end);
    }
    close_door(&door);
    assert_string_equal(printer.done, wanted);
}

static void this_machine_alone_is_served_where_nobody_is_named(void **state)
{
    struct kw_net other, own;
    (void)state;
    assert_true(kw_net_parse("192.0.2.0/24", &other) && kw_net_parse("127.0.0.0/8", &own));
    assert_true(is_served(NULL, 0));
    assert_true(is_served(&own, 1));
    assert_false(is_served(&other, 1));
}

static void while_the_printer_is_away_nobody_is(void **state)
{
    (void)state;
    printer.away = true;
    assert_false(is_served(NULL, 0));
    printer.away = false;
    assert_true(is_served(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(questions_come_before_receipts_and_those_in_their_order, begin_line, end_line),
        cmocka_unit_test_setup_teardown(what_has_no_ink_keeps_its_place_among_receipts, begin_line, end_line),
        cmocka_unit_test_setup_teardown(only_what_is_answered_at_any_time_is_asked_meanwhile, begin_line, end_line),
        cmocka_unit_test_setup_teardown(what_nobody_waits_for_is_done_all_the_same, begin_line, end_line),
        cmocka_unit_test_setup_teardown(the_end_comes_when_it_is_settled, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(patience_ends_the_connection_and_not_the_receipt, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(who_waited_in_vain_behind_others_is_not_printed_later, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(a_question_behind_the_receipt_is_asked_behind_it, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(one_connection_carries_many_receipts, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(what_changes_is_told_to_who_asked_for_it, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(whom_the_printer_said_nothing_is_told_nothing, begin_talk, end_line),
        cmocka_unit_test_setup_teardown(settings_without_ink_are_no_receipt, begin_talk, end_line),
        cmocka_unit_test(this_machine_alone_is_served_where_nobody_is_named),
        cmocka_unit_test(while_the_printer_is_away_nobody_is),
        cmocka_unit_test(a_paper_that_comes_in_parts_is_printed_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
