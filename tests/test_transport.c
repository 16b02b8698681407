/* test_transport.c - addresses, and bytes over TCP, files and serial lines: exact counts, moments, faults. */
#include "base/clock.h"
#include "support/place.h"
#include "transport/address.h"
#include "transport/identity.h"
#include "transport/transport.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static const struct kw_transport_ops *const schemes[] = {
    &kw_transport_usb, &kw_transport_tcp, &kw_transport_serial, &kw_transport_file, NULL
};

/* The contract allows 50 ms; a loaded machine that runs other tests may add to that. */
enum { LATENESS_MS = 500 };

static int64_t in_ms(int ms)
{
    return kw_clock_boot_ms() + ms;
}

/* ---- addresses -------------------------------------------------------------------------------------------- */

static void every_scheme_is_found_by_its_address(void **state)
{
    (void)state;
    struct kw_error error;
    assert_ptr_equal(kw_transport_find(schemes, "usb:", &error), &kw_transport_usb);
    assert_ptr_equal(kw_transport_find(schemes, "tcp://printer", &error), &kw_transport_tcp);
    assert_ptr_equal(kw_transport_find(schemes, "serial:/dev/ttyS0", &error), &kw_transport_serial);
    assert_ptr_equal(kw_transport_find(schemes, "file:/tmp/x", &error), &kw_transport_file);
    assert_ptr_equal(kw_transport_find(schemes, "/dev/usb/lp0", &error), &kw_transport_file);
    const char *const wrong[] = { "", "usb", "USB:", "usbx:", "http://printer", "lp0", ":", "us:" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(kw_transport_find(schemes, wrong[i], &error));
        assert_int_equal(error.code, KWIT_E_INVALID);
    }
}

static void a_query_gives_its_pairs_decoded(void **state)
{
    (void)state;
    struct kw_address_pair pair;
    const char *at = NULL, *uri = "usb:?serial=A%20B%2f&port=1-2.3&odd&bad=%zz";
    assert_true(kw_address_next(uri, &at, &pair));
    assert_string_equal(pair.key, "serial");
    assert_string_equal(pair.value, "A B/");
    assert_true(kw_address_next(uri, &at, &pair));
    assert_string_equal(pair.value, "1-2.3");
    assert_false(pair.fault);
    assert_true(kw_address_next(uri, &at, &pair) && pair.fault);
    assert_true(kw_address_next(uri, &at, &pair) && pair.fault);
    assert_false(kw_address_next(uri, &at, &pair));
}

static void what_was_escaped_decodes_to_itself(void **state)
{
    (void)state;
    char escaped[800], back[300], text[256];
    for (int i = 0; i < 255; i++)
        text[i] = (char)(i + 1);
    text[255] = 0;
    assert_true(kw_address_escape(text, escaped, sizeof escaped));
    char uri[1024];
    snprintf(uri, sizeof uri, "file:%s", escaped);
    assert_true(kw_address_path(uri, false, back, sizeof back));
    assert_string_equal(back, text);
    assert_false(kw_address_escape(text, escaped, 20));
}

static void serials_that_factories_share_do_not_count(void **state)
{
    (void)state;
    const char *const worthless[] = { "", "0", "00000000", "FFFFFFFF", "0123456789", "1234567890" };
    for (size_t i = 0; i < sizeof worthless / sizeof worthless[0]; i++)
        assert_false(kw_identity_serial_counts(worthless[i]));
    const char *const real[] = { "J4HF012345", "X2ZF001234", "FAKE0001", "00000001", "L80A1" };
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        assert_true(kw_identity_serial_counts(real[i]));
}

/* ---- TCP -------------------------------------------------------------------------------------------------- */

static int listen_on(int family, int backlog, int *port)
{
    struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
    struct sockaddr_in four = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr *address = family == AF_INET6 ? (struct sockaddr *)&six : (struct sockaddr *)&four;
    socklen_t length = family == AF_INET6 ? sizeof six : sizeof four;
    int file = socket(family, SOCK_STREAM, 0);
    if (file < 0 || bind(file, address, length) != 0 || listen(file, backlog) != 0) {
        close(file);
        return -1;
    }
    getsockname(file, address, &length);
    *port = ntohs(family == AF_INET6 ? six.sin6_port : four.sin_port);
    return file;
}

struct wire { int server, client; struct kw_link *link; };

static struct wire wire_up(int family, const char *host)
{
    struct wire wire;
    struct kw_error error;
    char uri[100];
    int port = 0;
    wire.server = listen_on(family, 4, &port);
    assert_true(wire.server >= 0);
    snprintf(uri, sizeof uri, "tcp://%s:%d", host, port);
    assert_int_equal(kw_transport_tcp.open(uri, NULL, in_ms(2000), &wire.link, &error), 0);
    wire.client = accept(wire.server, NULL, NULL);
    return wire;
}

static void take_down(struct wire *wire)
{
    wire->link->ops->close(wire->link);
    close(wire->client);
    close(wire->server);
}

static void bytes_go_both_ways_over_tcp(void **state)
{
    (void)state;
    struct wire wire = wire_up(AF_INET, "127.0.0.1");
    struct kw_error error;
    uint8_t in[16], got[16];
    size_t sent, received;
    assert_int_equal(wire.link->ops->transfer(wire.link, (const uint8_t *)"hello", 5, &sent, in, sizeof in, &received,
                                              in_ms(1000), &error), 0);
    assert_int_equal(sent, 5);
    assert_int_equal(received, 0);
    assert_int_equal(read(wire.client, got, sizeof got), 5);
    assert_int_equal(write(wire.client, "\x12", 1), 1);
    assert_int_equal(wire.link->ops->transfer(wire.link, NULL, 0, &sent, in, sizeof in, &received, in_ms(1000), &error),
                     0);
    assert_int_equal(received, 1);
    assert_int_equal(in[0], 0x12);
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(1000), &error), 0);
    take_down(&wire);
}

static void ipv6_and_names_are_reached(void **state)
{
    (void)state;
    int port;
    int probe = listen_on(AF_INET6, 1, &port);
    if (probe >= 0) {
        close(probe);
        struct wire six = wire_up(AF_INET6, "[::1]");
        assert_non_null(strstr(six.link->facts.identity, "tcp-::1-"));
        take_down(&six);
    }
    struct addrinfo *known = NULL;
    if (getaddrinfo("localhost", NULL, NULL, &known) != 0) {
        print_message("this machine has no /etc/hosts that knows localhost: names were not tried\n");
        return;
    }
    freeaddrinfo(known);
    struct wire named = wire_up(AF_INET, "localhost");
    /* By its first address, whichever of them answered: which one that is, is the machine's own affair. */
    assert_true(strstr(named.link->facts.identity, "127.0.0.1") || strstr(named.link->facts.identity, "tcp-::1-"));
    take_down(&named);
}

static void a_full_printer_ends_the_call_at_its_moment_with_an_exact_count(void **state)
{
    (void)state;
    struct wire wire = wire_up(AF_INET, "127.0.0.1");
    enum { SIZE = 16 * 1024 * 1024 };
    uint8_t *out = malloc(SIZE), in[1];
    size_t sent, received, counted = 0;
    struct kw_error error;
    memset(out, 'x', SIZE);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(wire.link->ops->transfer(wire.link, out, SIZE, &sent, in, 1, &received, in_ms(300), &error), 0);
    assert_in_range(kw_clock_boot_ms() - began, 290, 290 + LATENESS_MS);
    assert_true(sent > 0 && sent < SIZE);
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(50), &error), KWIT_E_TIMEOUT);
    while (counted < sent) {
        ssize_t got = recv(wire.client, out, SIZE, 0);
        assert_true(got > 0);
        counted += (size_t)got;
    }
    assert_int_equal(counted, sent);
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(500), &error), 0);
    free(out);
    take_down(&wire);
}

static void an_answer_ends_the_call_while_the_printer_is_full(void **state)
{
    (void)state;
    struct wire wire = wire_up(AF_INET, "127.0.0.1");
    enum { SIZE = 16 * 1024 * 1024 };
    uint8_t *out = calloc(1, SIZE), in[4];
    size_t sent, received;
    struct kw_error error;
    assert_int_equal(write(wire.client, "ab", 2), 2);
    assert_int_equal(wire.link->ops->transfer(wire.link, out, SIZE, &sent, in, 4, &received, in_ms(5000), &error), 0);
    assert_int_equal(received, 2);
    assert_true(sent > 0 && sent < SIZE);
    free(out);
    take_down(&wire);
}

static void a_closed_connection_is_told(void **state)
{
    (void)state;
    struct wire wire = wire_up(AF_INET, "127.0.0.1");
    struct kw_error error;
    uint8_t in[4];
    size_t sent, received;
    close(wire.client);
    assert_int_equal(wire.link->ops->transfer(wire.link, NULL, 0, &sent, in, 4, &received, in_ms(1000), &error),
                     KWIT_E_DISCONNECTED);
    wire.client = -1;
    take_down(&wire);
}

static void *listen_later(void *data)
{
    int file = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons((uint16_t)*(int *)data) };
    kw_clock_sleep_ms(300);
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(file, (struct sockaddr *)&address, sizeof address) == 0 && listen(file, 1) == 0)
        close(accept(file, NULL, NULL));
    close(file);
    return NULL;
}

static void a_printer_that_refuses_is_waited_for_until_the_moment(void **state)
{
    (void)state;
    int port;
    char uri[64], identity[KW_IDENTITY_MAX];
    struct kw_link *link;
    struct kw_error error;
    close(listen_on(AF_INET, 1, &port));
    snprintf(uri, sizeof uri, "tcp://127.0.0.1:%d/", port);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(kw_transport_tcp.open(uri, NULL, in_ms(250), &link, &error), KWIT_E_UNAVAILABLE);
    assert_in_range(kw_clock_boot_ms() - began, 240, 240 + LATENESS_MS);
    assert_non_null(strstr(error.text, "refuses"));
    assert_int_equal(kw_transport_tcp.identify(uri, NULL, identity, &error), 0);
    pthread_t thread;
    pthread_create(&thread, NULL, listen_later, &port);
    assert_int_equal(kw_transport_tcp.open(uri, NULL, in_ms(3000), &link, &error), 0);
    link->ops->close(link);
    pthread_join(thread, NULL);
}

static void a_name_that_nobody_knows_costs_no_more_than_the_moment(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    int64_t began = kw_clock_boot_ms();
    int status = kw_transport_tcp.open("tcp://no-such-printer.invalid", NULL, in_ms(300), &link, &error);
    assert_true(status == KWIT_E_NO_PRINTER || status == KWIT_E_UNAVAILABLE);
    assert_true(kw_clock_boot_ms() - began < 300 + LATENESS_MS);
    assert_string_equal(error.where, "no-such-printer.invalid");
}

static void addresses_that_are_none_are_refused(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    const char *const wrong[] = { "tcp://", "tcp://host:0", "tcp://host:65536", "tcp://host:9x", "tcp://[::1", "tcp://[::1]9",
                                  "tcp://user@host", "tcp://a b", "tcp://host?x=1", "tcp://:9100" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(kw_transport_tcp.open(wrong[i], NULL, in_ms(100), &link, &error), KWIT_E_INVALID);
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
    assert_int_equal(kw_transport_file.open(place, NULL, in_ms(0), &link, &error), KWIT_E_IO);
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
        cmocka_unit_test(every_scheme_is_found_by_its_address),
        cmocka_unit_test(a_query_gives_its_pairs_decoded),
        cmocka_unit_test(what_was_escaped_decodes_to_itself),
        cmocka_unit_test(serials_that_factories_share_do_not_count),
        cmocka_unit_test(bytes_go_both_ways_over_tcp),
        cmocka_unit_test(ipv6_and_names_are_reached),
        cmocka_unit_test(a_full_printer_ends_the_call_at_its_moment_with_an_exact_count),
        cmocka_unit_test(an_answer_ends_the_call_while_the_printer_is_full),
        cmocka_unit_test(a_closed_connection_is_told),
        cmocka_unit_test(a_printer_that_refuses_is_waited_for_until_the_moment),
        cmocka_unit_test(a_name_that_nobody_knows_costs_no_more_than_the_moment),
        cmocka_unit_test(addresses_that_are_none_are_refused),
        cmocka_unit_test(a_file_is_made_appended_to_and_keeps_its_identity),
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
