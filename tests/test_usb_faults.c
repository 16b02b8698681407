/* test_usb_faults.c - every fault of the bus at every place: the books hold, and every error has its word. */
#include "usb/bench.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What holds whatever failed: the printer has a prefix of the payload, exactly as long as the calls said. */
static void check_books(const struct kw_link *link, size_t done, size_t length)
{
    (void)link;
    assert_true(done <= length);
    assert_int_equal(printer->accepted_length, done);
    assert_memory_equal(printer->accepted, payload, done);
}

static bool is_word_of_the_bus(int status)
{
    return status == KWIT_E_DISCONNECTED || status == KWIT_E_IO || status == KWIT_E_BUSY || status == KWIT_E_TIMEOUT ||
           status == KWIT_E_PERMISSION || status == KWIT_E_GARBAGE || status == KWIT_E_NO_MEMORY ||
           status == KWIT_E_UNSUPPORTED || status == KWIT_E_INTERNAL;
}

/* Opens, sends, asks and closes, in so many times its time; returns how many requests and transfers it took. */
static void run_job(int times, long *urbs, long *ioctls, int *outcome, bool *complete)
{
    struct kw_link *link;
    struct kw_error error = { 0 };
    size_t done = 0;
    int64_t began = kw_clock_boot_ms();
    *complete = false;
    *outcome = kw_transport_usb.open("usb:", &known, in_ms(300 * times), &link, &error);
    if (*outcome == 0) {
        *outcome = send_all(link, PAYLOAD_SIZE, in_ms(400 * times), &done, &error);
        *complete = done == PAYLOAD_SIZE;
        link->ops->port_status(link);
        link->ops->close(link);
        check_books(link, done, PAYLOAD_SIZE);
    }
    assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
    if (*outcome != 0) {
        assert_true(is_word_of_the_bus(*outcome));
        assert_int_equal(error.code, *outcome);
        assert_true(strlen(error.text) > 10 && error.where[0]);
    }
    *urbs = printer->urbs;
    *ioctls = printer->ioctls;
}

static void restore(void)
{
    bed_reset(printer);
    snprintf(printer->driver, sizeof printer->driver, "usblp");
}

struct fault {
    long urb, ioctl;
    enum bed_urb_fault kind;
    int number;
    bool ends;                      /* in an error, or with all that was sent */
};
enum { NEVER = -1, MORE = 20 };

/* On a machine with much else to do its time may be over before that: then it is given more. */
static void run_fault(const struct fault *fault, int *outcome, bool *complete)
{
    long urbs, ioctls;
    *outcome = 0;
    *complete = false;
    for (int times = 1; times <= (fault->ends ? MORE : 1) && *outcome == 0 && !*complete; times *= MORE) {
        restore();
        printer->fault_urb = fault->urb;
        printer->fault = fault->kind;
        printer->fault_ioctl = fault->ioctl;
        printer->fault_errno = fault->number;
        run_job(times, &urbs, &ioctls, outcome, complete);
    }
}

static void every_error_at_every_transfer_keeps_the_books(void **state)
{
    (void)state;
    long ioctls, most;
    int outcome;
    bool complete;
    run_job(1, &most, &ioctls, &outcome, &complete);
    assert_true(outcome == 0 && complete && most > 4);
    for (int fault = BED_STALL; fault < BED_URB_FAULTS; fault++) {
        for (long at = 0; at < most; at++) {
            bool left = fault == BED_UNPLUG || fault == BED_SHUTDOWN;
            bool passes = fault == BED_STALL || fault == BED_PARTIAL || fault == BED_PARTIAL_STALL
                || fault == BED_PROTOCOL;
            run_fault(&(struct fault){ at, NEVER, (enum bed_urb_fault)fault, 0, passes }, &outcome, &complete);
            if (left && printer->gone && !complete)
                assert_int_equal(outcome, KWIT_E_DISCONNECTED);
            else if (passes)
                assert_true(outcome == 0 && complete);
            if (!left)
                assert_string_equal(printer->driver, "usblp");
        }
    }
}

static void every_error_at_every_request_has_its_word(void **state)
{
    (void)state;
    static const int errors[] = { EIO, ENODEV, EPERM, EACCES, EBUSY, ENOMEM, ETIMEDOUT, EPIPE, EINVAL, ENOTTY, EPROTO };
    long urbs, most;
    int outcome;
    bool complete;
    run_job(1, &urbs, &most, &outcome, &complete);
    for (size_t error = 0; error < sizeof errors / sizeof errors[0]; error++) {
        for (long at = 0; at < most; at++) {
            run_fault(&(struct fault){ NEVER, at, BED_STALL, errors[error], true }, &outcome, &complete);
            assert_true(outcome != 0 || complete);
        }
    }
}

static void stalls_without_end_give_up_in_time(void **state)
{
    (void)state;
    struct kw_link *link;
    struct exchange moved;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    printer->always_stalls = true;
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(exchange(link, payload, 100, 5000, &moved), KWIT_E_IO);
    assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
    assert_int_equal(moved.sent, 0);
    assert_non_null(strstr(moved.error.text, "refuses"));
    printer->always_stalls = false;
    assert_int_equal(exchange(link, payload, 100, 1000, &moved), 0);
    assert_int_equal(moved.sent, 100);
    link->ops->close(link);
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        WITH_PRINTER(every_error_at_every_transfer_keeps_the_books),
        WITH_PRINTER(every_error_at_every_request_has_its_word),
        WITH_PRINTER(stalls_without_end_give_up_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
