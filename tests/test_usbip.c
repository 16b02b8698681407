/* test_usbip.c - the simulated printer over USB/IP: descriptors, transfers, what is taken back, and nonsense. */
#include "base/clock.h"
#include "simulator/doors/usbip.h"
#include "transport/descriptors.h"
#include "transport/device_id.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct host {
    struct kw_usbip_device device;
    struct kw_sim *sim;
    int near, far;                  /* this side, the server's side */
    pthread_t thread;
    uint32_t number;
};

static void *serve(void *data)
{
    struct host *host = data;
    struct kw_error error;
    const struct kw_sim_door door = { .sim = host->sim };
    kw_usbip_session(host->far, &host->device, &door, &error);
    close(host->far);
    return NULL;
}

static void connect_host(struct host *host, const char *spec, const char *faults)
{
    struct kw_error error = { 0 };
    const struct kw_sim_options options = { .profile = kw_profile_find("tm-t20ii"), .faults = faults };
    int pair[2];
    memset(host, 0, sizeof *host);
    assert_int_equal(kw_usbip_read_device(options.profile, spec, &host->device, &error), 0);
    assert_int_equal(kw_sim_new(&options, &host->sim, &error), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    host->near = pair[0];
    host->far = pair[1];
    pthread_create(&host->thread, NULL, serve, host);
}

static void leave_host(struct host *host)
{
    close(host->near);
    pthread_join(host->thread, NULL);
    kw_sim_free(host->sim);
}

static void put_32(uint8_t *at, uint32_t value)
{
    value = htonl(value);
    memcpy(at, &value, 4);
}

static uint32_t get_32(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return ntohl(value);
}

static uint32_t submit(struct host *host, int endpoint, bool in, const uint8_t *setup, const void *bytes, uint32_t
                       length)
{
    uint8_t header[48] = { 0 };
    put_32(header, 1);
    put_32(header + 4, ++host->number);
    put_32(header + 12, in);
    put_32(header + 16, (uint32_t)endpoint);
    put_32(header + 24, length);
    if (setup)
        memcpy(header + 40, setup, 8);
    assert_int_equal(send(host->near, header, 48, MSG_NOSIGNAL), 48);
    if (!in && length)
        assert_int_equal(send(host->near, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
    return host->number;
}

struct answer { uint32_t command, number; int status; uint32_t length; };

static bool next_answer(struct host *host, struct answer *answer, int wait_ms)
{
    uint8_t header[48];
    struct pollfd entry = { .fd = host->near, .events = POLLIN };
    if (poll(&entry, 1, wait_ms) <= 0 || recv(host->near, header, 48, MSG_WAITALL) != 48)
        return false;
    *answer = (struct answer){ get_32(header), get_32(header + 4), (int)get_32(header + 20), get_32(header + 24) };
    return true;
}

static int ask(struct host *host, const uint8_t setup[8], uint8_t *out)
{
    struct answer answer;
    uint32_t number = submit(host, 0, (setup[0] & 0x80) != 0, setup, NULL, setup[0] & 0x80 ? (uint32_t)(setup[6] |
                                                                                                        setup[7] << 8)
                             : 0);
    assert_true(next_answer(host, &answer, 2000));
    assert_int_equal(answer.number, number);
    if (answer.status != 0)
        return answer.status;
    if (answer.length && (setup[0] & 0x80))
        assert_int_equal(recv(host->near, out, answer.length, MSG_WAITALL), (ssize_t)answer.length);
    return (int)answer.length;
}

static void a_host_reads_what_the_words_said(void **state)
{
    (void)state;
    struct host host;
    uint8_t bytes[1024];
    char id[300];
    struct kw_usb_choice choice;
    connect_host(&host, "id=0519:0001,serial=X17,maker=Star,out=3,in=84,settings=2", NULL);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 1, 0, 0, 18, 0 }, bytes), 18);
    int length = ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 2, 0, 0, 255, 0 }, bytes + 18);
    assert_true(kw_descriptors_choose(bytes, 18 + (size_t)length, 1, false, &choice));
    assert_int_equal(choice.vendor, 0x0519);
    assert_int_equal(choice.out_endpoint, 3);
    assert_int_equal(choice.in_endpoint, 0x84);
    assert_int_equal(choice.alternate, 1);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x80, 6, 3, 3, 9, 4, 255, 0 }, bytes), 8);
    assert_memory_equal(bytes, "\x08\x03X\0001\0007\0", 8);
    length = ask(&host, (const uint8_t[8]){ 0xa1, 0, 0, 0, 0, 0, 0, 4 }, bytes);
    assert_true(length > 2);
    kw_device_id_decode(bytes, (size_t)length, id, sizeof id);
    assert_non_null(strstr(id, "MFG:Star;CMD:ESC/POS;"));
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0xa1, 1, 0, 0, 0, 0, 1, 0 }, bytes), 1);
    assert_int_equal(bytes[0] & 0x38, 0x18);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x01, 11, 1, 0, 0, 0, 0, 0 }, bytes), 0);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x01, 11, 2, 0, 0, 0, 0, 0 }, bytes), -EPIPE);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 6, 0, 0, 10, 0 }, bytes), -EPIPE);
    leave_host(&host);
}

/* HID's requests have the printer's numbers; only the interface tells them apart. */
static void a_printer_is_found_behind_another_interface(void **state)
{
    (void)state;
    struct host host;
    struct answer answer;
    struct kw_usb_choice choice;
    uint8_t bytes[1024], header[48] = { 0 };
    connect_host(&host, "beside=hid,settings=2,in=8f", NULL);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 1, 0, 0, 18, 0 }, bytes), 18);
    int length = ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 2, 0, 0, 255, 0 }, bytes + 18);
    assert_int_equal(bytes[18 + 2], length);
    assert_int_equal(bytes[18 + 4], 2);
    assert_true(kw_descriptors_choose(bytes, 18 + (size_t)length, 1, false, &choice));
    assert_int_equal(choice.interface, 1);
    assert_int_equal(choice.alternate, 1);
    assert_int_equal(choice.in_endpoint, 0x8f);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x81, 6, 0, 0x22, 0, 0, 64, 0 }, bytes), 21);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0xa1, 1, 0, 1, 0, 0, 8, 0 }, bytes), -EPIPE);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0xa1, 1, 0, 0, 1, 0, 1, 0 }, bytes), 1);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0xa1, 0, 0, 0, 0, 0, 0, 4 }, bytes), -EPIPE);
    assert_true(ask(&host, (const uint8_t[8]){ 0xa1, 0, 0, 0, 0, 1, 0, 4 }, bytes) > 2);
    assert_true(ask(&host, (const uint8_t[8]){ 0xa1, 0, 0, 0, 1, 1, 0, 4 }, bytes) > 2);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x01, 11, 1, 0, 0, 0, 0, 0 }, bytes), -EPIPE);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x01, 11, 1, 0, 1, 0, 0, 0 }, bytes), 0);
    uint32_t silent = submit(&host, 14, true, NULL, NULL, 8);
    uint32_t reading = submit(&host, 15, true, NULL, NULL, 64);
    submit(&host, 1, false, NULL, "\x10\x04\x01", 3);
    for (int i = 0; i < 2; i++) {
        assert_true(next_answer(&host, &answer, 3000));
        assert_int_not_equal(answer.number, silent);
        if (answer.number == reading)
            assert_int_equal(recv(host.near, bytes, 1, MSG_WAITALL), 1);
    }
    put_32(header, 2);
    put_32(header + 4, ++host.number);
    put_32(header + 20, silent);
    assert_int_equal(send(host.near, header, 48, MSG_NOSIGNAL), 48);
    assert_true(next_answer(&host, &answer, 2000));
    assert_int_equal(answer.status, -ECONNRESET);
    leave_host(&host);
}

static void interfaces_of_ipp_are_told_from_the_one_that_prints(void **state)
{
    (void)state;
    struct host host;
    struct answer answer;
    struct kw_usb_choice choice;
    uint8_t bytes[1024];
    connect_host(&host, "beside=ipp,out=e,in=8f", NULL);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 1, 0, 0, 18, 0 }, bytes), 18);
    int length = ask(&host, (const uint8_t[8]){ 0x80, 6, 0, 2, 0, 0, 255, 0 }, bytes + 18);
    assert_int_equal(bytes[18 + 2], length);
    assert_int_equal(bytes[18 + 4], 3);
    assert_true(kw_descriptors_choose(bytes, 18 + (size_t)length, 1, false, &choice));
    assert_int_equal(choice.interface, 0);
    assert_int_equal(choice.out_endpoint, 0x0e);
    assert_int_equal(choice.in_endpoint, 0x8f);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0x01, 11, 0, 0, 2, 0, 0, 0 }, bytes), 0);
    assert_int_equal(ask(&host, (const uint8_t[8]){ 0xa1, 1, 0, 0, 1, 0, 1, 0 }, bytes), -EPIPE);
    uint32_t silent = submit(&host, 14, true, NULL, NULL, 64), taken = submit(&host, 15, false, NULL, "GET /", 5);
    assert_true(next_answer(&host, &answer, 3000));
    assert_int_equal(answer.number, taken);
    assert_int_equal(answer.status, 0);
    uint32_t reading = submit(&host, 15, true, NULL, NULL, 64), asking = submit(&host, 14, false, NULL, "\x10\x04\x01", 3);
    for (int i = 0; i < 2; i++) {
        assert_true(next_answer(&host, &answer, 3000));
        assert_true(answer.number == asking || (answer.number == reading && answer.number != silent));
        if (answer.number == reading)
            assert_int_equal(recv(host.near, bytes, 1, MSG_WAITALL), 1);
    }
    leave_host(&host);
}

static void bytes_reach_the_paper_and_answers_come_back(void **state)
{
    (void)state;
    struct host host;
    struct answer answer;
    uint8_t in[64];
    connect_host(&host, NULL, NULL);
    uint32_t reading = submit(&host, 2, true, NULL, NULL, 64);
    uint32_t writing = submit(&host, 1, false, NULL, "hello\n\x10\x04\x01", 9);
    for (int i = 0; i < 2; i++) {
        assert_true(next_answer(&host, &answer, 3000));
        assert_int_equal(answer.status, 0);
        if (answer.number == reading) {
            assert_int_equal(answer.length, 1);
            assert_int_equal(recv(host.near, in, 1, MSG_WAITALL), 1);
            assert_int_equal(in[0] & 0x93, 0x12);
        } else {
            assert_int_equal(answer.number, writing);
            assert_int_equal(answer.length, 9);
        }
    }
    leave_host(&host);
}

static void what_is_taken_back_carries_no_count(void **state)
{
    (void)state;
    struct host host;
    struct answer answer;
    uint8_t *bytes = malloc(16384), header[48] = { 0 };
    memset(bytes, '\n', 16384);
    connect_host(&host, NULL, "nak@byte=300");
    uint32_t writing = submit(&host, 1, false, NULL, bytes, 16384);
    assert_false(next_answer(&host, &answer, 300));
    put_32(header, 2);
    put_32(header + 4, ++host.number);
    put_32(header + 20, writing);
    assert_int_equal(send(host.near, header, 48, MSG_NOSIGNAL), 48);
    assert_true(next_answer(&host, &answer, 2000));
    assert_int_equal(answer.command, 4);
    assert_int_equal(answer.number, host.number);
    assert_int_equal(answer.status, -ECONNRESET);
    uint32_t reading = submit(&host, 2, true, NULL, NULL, 64);
    put_32(header + 4, ++host.number);
    put_32(header + 20, reading);
    assert_int_equal(send(host.near, header, 48, MSG_NOSIGNAL), 48);
    assert_true(next_answer(&host, &answer, 2000));
    assert_int_equal(answer.command, 4);
    assert_int_equal(answer.status, -ECONNRESET);
    free(bytes);
    leave_host(&host);
}

static void a_printer_that_is_unplugged_hangs_up(void **state)
{
    (void)state;
    struct host host;
    struct answer answer;
    uint8_t bytes[2000] = { 0 }, rest[100];
    connect_host(&host, NULL, "unplug@byte=512");
    submit(&host, 1, false, NULL, bytes, sizeof bytes);
    assert_false(next_answer(&host, &answer, 2000));
    assert_int_equal(recv(host.near, rest, sizeof rest, 0), 0);
    leave_host(&host);
}

static void requests_without_sense_end_the_session(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 200; round++) {
        struct host host;
        uint8_t noise[400];
        connect_host(&host, NULL, NULL);
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
        memset(noise, 0, 3);
        noise[3] = (uint8_t)(1 + round % 3);
        if (round % 2)
            memset(noise + 24, 0, 3);
        send(host.near, noise, sizeof noise, MSG_NOSIGNAL);
        shutdown(host.near, SHUT_WR);
        int64_t began = kw_clock_boot_ms();
        while (recv(host.near, noise, sizeof noise, 0) > 0)
            ;
        assert_true(kw_clock_boot_ms() - began < 1000);
        leave_host(&host);
    }
}

static void words_that_no_device_has_are_refused(void **state)
{
    (void)state;
    struct kw_usbip_device device;
    struct kw_error error;
    const char *const wrong[] = { "id=04b8", "class=audio", "in=2", "out=0", "serial", "settings=9", "speed=12",
                                  "beside=audio" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(kw_usbip_read_device(NULL, wrong[i], &device, &error), KWIT_E_USAGE);
    assert_int_equal(kw_usbip_read_device(NULL, "id=04b8:0e15,serial=", &device, &error), 0);
    assert_string_equal(device.serial, "");
    const struct kw_sim_door door = { .sim = NULL };
    assert_int_equal(kw_usbip_serve(&door, "3240", &device, &error), KWIT_E_USAGE);
    assert_int_equal(kw_usbip_serve(&door, "localhost:3240", &device, &error), KWIT_E_USAGE);
    assert_int_equal(kw_usbip_serve(&door, "[::1:3240", &device, &error), KWIT_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_reads_what_the_words_said),
        cmocka_unit_test(a_printer_is_found_behind_another_interface),
        cmocka_unit_test(interfaces_of_ipp_are_told_from_the_one_that_prints),
        cmocka_unit_test(bytes_reach_the_paper_and_answers_come_back),
        cmocka_unit_test(what_is_taken_back_carries_no_count),
        cmocka_unit_test(a_printer_that_is_unplugged_hangs_up),
        cmocka_unit_test(requests_without_sense_end_the_session),
        cmocka_unit_test(words_that_no_device_has_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
