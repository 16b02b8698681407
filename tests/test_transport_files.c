/* test_transport_files.c - bytes to files, terminals and serial lines: exact counts, moments, faults. */
#include "base/clock.h"
#include "support/place.h"
#include "transport/transport.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* The contract allows 50 ms; a loaded machine that runs other tests may add to that. */
enum { LATENESS_MS = 20000 };

static int64_t in_ms(int ms)
{
    return kw_clock_boot_ms() + ms;
}

/* ---- files ------------------------------------------------------------------------------------------------ */

static void a_file_is_made_appended_to_and_keeps_its_identity(void **state)
{
    (void)state;
    char uri[100], before[KW_IDENTITY_MAX], path[100];
    struct kw_link *link;
    struct kw_error error;
    struct stat status;
    size_t sent, received;
    uint8_t in[4];
    umask(022);
    snprintf(path, sizeof path, "%s/paper one", place);
    snprintf(uri, sizeof uri, "file:%s/paper%%20one", place);
    assert_int_equal(kw_transport_file.identify(uri, NULL, before, &error), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kw_transport_file.open(uri, NULL, in_ms(100), &link, &error), 0);
        assert_string_equal(link->facts.identity, before);
        assert_true(link->facts.test && link->facts.instant && !link->facts.can_read);
        assert_int_equal(link->ops->transfer(link, (const uint8_t *)"abc", 3, &sent, in, 4, &received, in_ms(100),
                                             &error), 0);
        assert_int_equal(sent, 3);
        assert_int_equal(link->ops->drain(link, in_ms(100), &error), 0);
        assert_int_equal(link->ops->port_status(link), -1);
        link->ops->close(link);
    }
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_size, 6);
    assert_int_equal(status.st_mode & 0777, 0644);
}

static void a_directory_is_told_from_a_file(void **state)
{
    (void)state;
    char uri[100];
    struct kw_link *link;
    struct kw_error error;
    snprintf(uri, sizeof uri, "file:%s", place);
    assert_int_equal(kw_transport_file.open(uri, NULL, in_ms(100), &link, &error), KWIT_E_INVALID);
    assert_non_null(strstr(error.text, "is a directory"));
}

static void a_locked_file_is_busy(void **state)
{
    (void)state;
    char path[100];
    struct kw_link *link;
    struct kw_error error;
    snprintf(path, sizeof path, "%s/locked", place);
    int holder = open(path, O_WRONLY | O_CREAT, 0600);
    flock(holder, LOCK_EX);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(kw_transport_file.open(path, NULL, in_ms(200), &link, &error), KWIT_E_BUSY);
    assert_in_range(kw_clock_boot_ms() - began, 190, 190 + LATENESS_MS);
    close(holder);
    assert_int_equal(kw_transport_file.open(path, NULL, in_ms(0), &link, &error), 0);
    link->ops->close(link);
}

/* As /dev/ttyS0 or /dev/rfcomm0 given as a file. */
static void a_terminal_given_as_a_file_passes_bytes_unchanged(void **state)
{
    (void)state;
    static const uint8_t out[] = "\x1b@a\nb\x03\x04\x11\x13\r\n";
    struct kw_link *link;
    struct kw_error error;
    uint8_t in[16], got[32];
    size_t sent, received;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    assert_int_equal(kw_transport_file.open(ptsname(master), NULL, in_ms(500), &link, &error), 0);
    assert_true(link->facts.can_read && !link->facts.instant);
    assert_int_equal(link->ops->transfer(link, out, sizeof out - 1, &sent, in, 16, &received, in_ms(500), &error), 0);
    assert_int_equal(sent, sizeof out - 1);
    assert_int_equal(read(master, got, sizeof got), sizeof out - 1);
    assert_memory_equal(got, out, sizeof out - 1);
    assert_int_equal(link->ops->drain(link, in_ms(500), &error), 0);
    assert_int_equal(write(master, "\x12\r", 2), 2);
    assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in, 16, &received, in_ms(500), &error), 0);
    assert_int_equal(received, 2);
    assert_memory_equal(in, "\x12\r", 2);
    link->ops->close(link);
    close(master);
}

static void the_address_of_a_file_has_no_query_and_fits(void **state)
{
    (void)state;
    char identity[KW_IDENTITY_MAX], path[400];
    struct kw_error error;
    assert_int_equal(kw_transport_file.identify("file:", NULL, identity, &error), KWIT_E_INVALID);
    assert_int_equal(kw_transport_file.identify("file:/tmp/a?b=c", NULL, identity, &error), KWIT_E_INVALID);
    assert_int_equal(kw_transport_file.identify("file:/no/such/folder/a", NULL, identity, &error), KWIT_E_UNAVAILABLE);
    assert_int_equal(kw_transport_file.identify("/etc/passwd/a", NULL, identity, &error), KWIT_E_UNAVAILABLE);
    snprintf(path, sizeof path, "%s/%0250d", place, 0);
    assert_int_equal(kw_transport_file.identify(path, NULL, identity, &error), KWIT_E_INVALID);
    assert_non_null(strstr(error.text, "too long"));
}

static void a_missing_device_is_never_made_as_a_file(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    assert_int_equal(kw_transport_file.open("file:/dev/kwit-no-such-printer", NULL, in_ms(0), &link, &error),
                     KWIT_E_NO_PRINTER);
    assert_int_equal(access("/dev/kwit-no-such-printer", F_OK), -1);
    assert_int_equal(kw_transport_file.identify("/dev/kwit-no-such-printer", NULL, identity, &error),
                     KWIT_E_NO_PRINTER);
    assert_int_equal(kw_transport_file.open(place, NULL, in_ms(0), &link, &error), KWIT_E_INVALID);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    size_t sent, received;
    assert_int_equal(kw_transport_file.open("file:/dev/full", NULL, in_ms(0), &link, &error), 0);
    assert_int_equal(link->ops->transfer(link, (const uint8_t *)"abc", 3, &sent, NULL, 0, &received, in_ms(100),
                                         &error),
                     KWIT_E_DISK_FULL);
    assert_int_equal(sent, 0);
    link->ops->close(link);
}

/* ---- serial lines ----------------------------------------------------------------------------------------- */

static int open_pty(char uri[200], const char *query)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0);
    assert_int_equal(grantpt(master), 0);
    assert_int_equal(unlockpt(master), 0);
    snprintf(uri, 200, "serial:%s%s", ptsname(master), query);
    return master;
}

static void a_serial_line_is_set_as_its_address_says(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link;
    struct kw_error error;
    struct termios line;
    int master = open_pty(uri, "?baud=19200&parity=even&flow=xon&stop=2");
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    assert_int_equal(tcgetattr(master, &line), 0);
    assert_int_equal(cfgetospeed(&line), B19200);
    assert_int_equal(line.c_cflag & CSTOPB, CSTOPB);
    assert_int_equal(line.c_cflag & CRTSCTS, 0);
    assert_int_equal(line.c_iflag & (IXON | IXOFF), IXON | IXOFF);
    assert_int_equal(line.c_lflag & (ICANON | ECHO | ISIG), 0);
    assert_int_equal(line.c_oflag & OPOST, 0);
    link->ops->close(link);
    close(master);
}

static void every_byte_passes_a_serial_line_unchanged(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link;
    struct kw_error error;
    uint8_t out[256], got[256], in[256];
    size_t sent, received, at = 0;
    int master = open_pty(uri, "?baud=115200&flow=none");
    for (int i = 0; i < 256; i++)
        out[i] = (uint8_t)i;
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    assert_int_equal(link->ops->transfer(link, out, 256, &sent, in, sizeof in, &received, in_ms(500), &error), 0);
    assert_int_equal(sent, 256);
    for (ssize_t part; at < 256 && (part = read(master, got + at, 256 - at)) > 0;)
        at += (size_t)part;
    assert_memory_equal(got, out, 256);
    assert_int_equal(write(master, out, 256), 256);
    for (at = 0; at < 256; at += received)
        assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in + at, 256 - at, &received, in_ms(500), &error),
                         0);
    assert_memory_equal(in, out, 256);
    assert_int_equal(link->ops->drain(link, in_ms(500), &error), 0);
    link->ops->close(link);
    close(master);
}

static void a_held_serial_line_neither_hangs_nor_miscounts(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link;
    struct kw_error error;
    enum { SIZE = 300000 };
    uint8_t *out = calloc(1, SIZE), in[1], buffer[4096];
    size_t sent, received, counted = 0;
    int master = open_pty(uri, "?flow=none");
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, out, SIZE, &sent, in, 1, &received, in_ms(200), &error), 0);
    assert_in_range(kw_clock_boot_ms() - began, 190, 190 + LATENESS_MS);
    assert_true(sent > 0 && sent < SIZE);
    fcntl(master, F_SETFL, O_NONBLOCK);
    for (ssize_t got = 0; got >= 0; got = read(master, buffer, sizeof buffer)) {
        counted += (size_t)got;
        struct pollfd entry = { .fd = master, .events = POLLIN };
        poll(&entry, 1, 100);
    }
    assert_int_equal(counted, sent);
    link->ops->close(link);
    close(master);
    free(out);
}

static void a_line_that_hangs_up_is_told(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link;
    struct kw_error error;
    uint8_t in[4];
    size_t sent, received;
    int master = open_pty(uri, "");
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    close(master);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in, 4, &received, in_ms(2000), &error),
                     KWIT_E_DISCONNECTED);
    assert_in_range(kw_clock_boot_ms() - began, 0, 0 + LATENESS_MS);
    link->ops->close(link);
}

static void a_line_is_held_by_one_at_a_time(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link, *second;
    struct kw_error error;
    int master = open_pty(uri, "");
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(150), &second, &error), KWIT_E_BUSY);
    link->ops->close(link);
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    link->ops->close(link);
    close(master);
}

static void a_line_is_known_before_it_is_opened(void **state)
{
    (void)state;
    char uri[200], identity[KW_IDENTITY_MAX];
    struct kw_link *link;
    struct kw_error error;
    int master = open_pty(uri, "?baud=9600&bits=7");
    assert_int_equal(kw_transport_serial.identify(uri, NULL, identity, &error), 0);
    assert_int_equal(kw_transport_serial.open(uri, NULL, in_ms(500), &link, &error), 0);
    assert_string_equal(link->facts.identity, identity);
    link->ops->close(link);
    close(master);
    assert_int_equal(kw_transport_serial.identify("serial:/dev/no-such-line", NULL, identity, &error),
                     KWIT_E_NO_PRINTER);
    assert_int_equal(kw_transport_serial.identify("serial:/etc/passwd", NULL, identity, &error), KWIT_E_INVALID);
    assert_int_equal(kw_transport_serial.identify("serial:/dev/null?baud=1", NULL, identity, &error), KWIT_E_INVALID);
}

static void words_that_no_line_has_are_refused(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    const char *const wrong[] = { "serial:", "serial:ttyS0", "serial:/dev/null?baud=12345", "serial:/dev/null?baud=9600x",
                                  "serial:/dev/null?flow=dtr", "serial:/dev/null?speed=9600", "serial:/dev/null?parity",
                                  "serial:/dev/null" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(kw_transport_serial.open(wrong[i], NULL, in_ms(0), &link, &error), KWIT_E_INVALID);
    assert_int_equal(kw_transport_serial.open("serial:/dev/no-such-line", NULL, in_ms(0), &link, &error),
                     KWIT_E_NO_PRINTER);
}

static void pauses_between_chunks_are_kept(void **state)
{
    (void)state;
    char uri[200];
    struct kw_link *link;
    struct kw_error error;
    struct kw_link_options options = { .write_chunk_bytes = 10, .write_pause_ms = 20 };
    uint8_t out[55] = { 0 }, in[1];
    size_t sent, received;
    int master = open_pty(uri, "?flow=none");
    assert_int_equal(kw_transport_serial.open(uri, &options, in_ms(500), &link, &error), 0);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, out, 55, &sent, in, 1, &received, in_ms(1000), &error), 0);
    assert_int_equal(sent, 55);
    assert_in_range(kw_clock_boot_ms() - began, 95, 95 + LATENESS_MS);
    link->ops->close(link);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_made_appended_to_and_keeps_its_identity),
        cmocka_unit_test(a_directory_is_told_from_a_file),
        cmocka_unit_test(a_locked_file_is_busy),
        cmocka_unit_test(a_terminal_given_as_a_file_passes_bytes_unchanged),
        cmocka_unit_test(the_address_of_a_file_has_no_query_and_fits),
        cmocka_unit_test(a_missing_device_is_never_made_as_a_file),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_serial_line_is_set_as_its_address_says),
        cmocka_unit_test(every_byte_passes_a_serial_line_unchanged),
        cmocka_unit_test(a_held_serial_line_neither_hangs_nor_miscounts),
        cmocka_unit_test(a_line_that_hangs_up_is_told),
        cmocka_unit_test(a_line_is_held_by_one_at_a_time),
        cmocka_unit_test(a_line_is_known_before_it_is_opened),
        cmocka_unit_test(words_that_no_line_has_are_refused),
        cmocka_unit_test(pauses_between_chunks_are_kept),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
