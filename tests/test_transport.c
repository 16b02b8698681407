/* test_transport.c - addresses, and bytes over TCP: exact counts, moments, faults. */
#include "base/clock.h"
#include "transport/address.h"
#include "transport/identity.h"
#include "transport/transport.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct kw_transport_ops *const schemes[] = {
    &kw_transport_usb, &kw_transport_tcp, &kw_transport_serial, &kw_transport_file, NULL
};

/* The contract allows 50 ms; a loaded machine that runs other tests may add to that. */
enum { LATENESS_MS = 20000 };

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
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(50), &error), KWIT_E_TIMEOUT);
    assert_int_equal(read(wire.client, got, sizeof got), 0);
    close(wire.client);
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(1000), &error), 0);
    wire.client = -1;
    take_down(&wire);
}

static void an_end_before_ours_and_a_reset_are_no_end(void **state)
{
    (void)state;
    struct kw_error error;
    struct wire early = wire_up(AF_INET, "127.0.0.1");
    shutdown(early.client, SHUT_WR);
    assert_int_equal(early.link->ops->drain(early.link, in_ms(1000), &error), KWIT_E_DISCONNECTED);
    take_down(&early);
    struct wire reset = wire_up(AF_INET, "127.0.0.1");
    const struct linger at_once = { .l_onoff = 1 };
    assert_int_equal(reset.link->ops->drain(reset.link, in_ms(50), &error), KWIT_E_TIMEOUT);
    setsockopt(reset.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(reset.client);
    assert_int_equal(reset.link->ops->drain(reset.link, in_ms(1000), &error), KWIT_E_DISCONNECTED);
    reset.client = -1;
    take_down(&reset);
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
    close(wire.client);
    assert_int_equal(wire.link->ops->drain(wire.link, in_ms(500), &error), 0);
    wire.client = -1;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scheme_is_found_by_its_address),
        cmocka_unit_test(a_query_gives_its_pairs_decoded),
        cmocka_unit_test(what_was_escaped_decodes_to_itself),
        cmocka_unit_test(serials_that_factories_share_do_not_count),
        cmocka_unit_test(bytes_go_both_ways_over_tcp),
        cmocka_unit_test(an_end_before_ours_and_a_reset_are_no_end),
        cmocka_unit_test(ipv6_and_names_are_reached),
        cmocka_unit_test(a_full_printer_ends_the_call_at_its_moment_with_an_exact_count),
        cmocka_unit_test(an_answer_ends_the_call_while_the_printer_is_full),
        cmocka_unit_test(a_closed_connection_is_told),
        cmocka_unit_test(a_printer_that_refuses_is_waited_for_until_the_moment),
        cmocka_unit_test(a_name_that_nobody_knows_costs_no_more_than_the_moment),
        cmocka_unit_test(addresses_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
