/*
 * usbip.c - USB/IP (Linux Documentation/usb/usbip_protocol.rst): requests of a host to the simulated printer.
 *
 * A transfer of OUT that the printer cannot take whole waits, as on a real bus. When the host takes it back, nothing
 * tells how much of it went over: so do the kernel's own servers, whose confirmation has no place for a count.
 */
#include "simulator/doors/usbip.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    VERSION = 0x0111, REQUEST_LIST = 0x8005, REPLY_LIST = 0x0005, REQUEST_IMPORT = 0x8003, REPLY_IMPORT = 0x0003,
    SUBMIT = 1, UNLINK = 2, RETURN_SUBMIT = 3, RETURN_UNLINK = 4,
    HEADER_SIZE = 48, RECORD_SIZE = 312, BUS_ID_SIZE = 32, SPEED_FULL = 2,
    URBS_MAX = 64, URB_BYTES_MAX = 1 << 20, LOOK_MS = 200, SLOW_PEER_MS = 5000
};
#define BUS_ID "1-1"

struct urb {
    uint32_t number;
    bool in;
    bool idle;                      /* of an interface beside: waits until it is taken back */
    size_t length, done;
    uint8_t *bytes;                 /* of OUT */
};

struct session {
    int connection;
    struct kw_usbip_device *device;
    struct kw_sim *sim;
    struct urb urbs[URBS_MAX];      /* in the order of arrival */
    int count;
    bool unplugged;
};

static void put_16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_32(uint8_t *at, uint32_t value)
{
    put_16(at, value >> 16);
    put_16(at + 2, value & 0xffff);
}

static uint32_t get_32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool going_on(const struct kw_sim_door *door)
{
    return !door->go_on || door->go_on(door->data);
}

static bool is_there(const struct kw_sim_door *door)
{
    return kw_sim_port_status(door->sim) >= 0;
}

/* ---- moving bytes ------------------------------------------------------------------------------------------ */

/* Whole or not at all; a peer that stops in the middle is given up after a while. */
static bool receive(int connection, void *bytes, size_t length)
{
    int64_t until_ms = kw_clock_boot_ms() + SLOW_PEER_MS;
    for (size_t at = 0; at < length;) {
        ssize_t got = recv(connection, (uint8_t *)bytes + at, length - at, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        at += got > 0 ? (size_t)got : 0;
        struct pollfd entry = { .fd = connection, .events = POLLIN };
        if (at < length && poll(&entry, 1, kw_clock_left_ms(until_ms)) == 0)
            return false;
    }
    return true;
}

static bool put(int connection, const void *bytes, size_t length)
{
    int64_t until_ms = kw_clock_boot_ms() + SLOW_PEER_MS;
    for (size_t at = 0; at < length;) {
        ssize_t sent = send(connection, (const uint8_t *)bytes + at, length - at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        at += sent > 0 ? (size_t)sent : 0;
        struct pollfd entry = { .fd = connection, .events = POLLOUT };
        if (at < length && poll(&entry, 1, kw_clock_left_ms(until_ms)) == 0)
            return false;
    }
    return true;
}

static bool return_submit(struct session *session, uint32_t number, int status, size_t length, const uint8_t *bytes)
{
    uint8_t header[HEADER_SIZE] = { 0 };
    put_32(header, RETURN_SUBMIT);
    put_32(header + 4, number);
    put_32(header + 20, (uint32_t)status);
    put_32(header + 24, (uint32_t)length);
    return put(session->connection, header, sizeof header) &&
           (!bytes || length == 0 || put(session->connection, bytes, length));
}

static bool return_unlink(struct session *session, uint32_t number, int status)
{
    uint8_t header[HEADER_SIZE] = { 0 };
    put_32(header, RETURN_UNLINK);
    put_32(header + 4, number);
    put_32(header + 20, (uint32_t)status);
    return put(session->connection, header, sizeof header);
}

/* ---- transfers --------------------------------------------------------------------------------------------- */

static void drop_urb(struct session *session, int at)
{
    free(session->urbs[at].bytes);
    memmove(session->urbs + at, session->urbs + at + 1, sizeof session->urbs[0] * (size_t)(--session->count - at));
}

/* The first transfer of OUT goes on; those behind it wait for it. */
static bool serve_out(struct session *session)
{
    for (int i = 0; i < session->count;) {
        struct urb *urb = &session->urbs[i];
        if (urb->in) {
            i++;
            continue;
        }
        ptrdiff_t taken = kw_sim_write(session->sim, urb->bytes + urb->done, urb->length - urb->done);
        if (taken < 0) {
            session->unplugged = true;
            return false;
        }
        urb->done += (size_t)taken;
        if (urb->done < urb->length)
            return true;
        if (!return_submit(session, urb->number, 0, urb->length, NULL))
            return false;
        drop_urb(session, i);
    }
    return true;
}

static bool serve_in(struct session *session)
{
    uint8_t bytes[4096];
    for (int i = 0; i < session->count;) {
        struct urb *urb = &session->urbs[i];
        size_t room = urb->length < sizeof bytes ? urb->length : sizeof bytes;
        size_t length = urb->in && !urb->idle ? kw_sim_read(session->sim, bytes, room) : 0;
        if (length == 0) {
            i++;
            continue;
        }
        if (!return_submit(session, urb->number, 0, length, bytes))
            return false;
        drop_urb(session, i);
    }
    return true;
}

static bool control(struct session *session, const uint8_t *header, uint8_t *data, size_t length, bool in)
{
    int answer = kw_usbip_control(session->device, session->sim, header + 40, data, length);
    size_t done = answer < 0 ? 0 : in ? (size_t)answer : length;
    return return_submit(session, get_32(header + 4), answer < 0 ? -EPIPE : 0, done, in ? data : NULL);
}

static bool submit(struct session *session, const uint8_t *header)
{
    uint32_t endpoint = get_32(header + 16), length = get_32(header + 24);
    bool in = get_32(header + 12) == 1;
    if (length > URB_BYTES_MAX || session->count == URBS_MAX)
        return false;
    uint8_t *bytes = !in || endpoint == 0 ? malloc(length ? length : 1) : NULL;
    if ((!in || endpoint == 0) && !bytes)
        return false;
    if (!in && length > 0 && !receive(session->connection, bytes, length)) {
        free(bytes);
        return false;
    }
    bool known = in ? endpoint == (session->device->in_endpoint & 0x0fu) : endpoint == session->device->out_endpoint;
    bool beside = endpoint != 0 && kw_usbip_beside_has(session->device, endpoint, in), idle = in && beside;
    bool halted = beside ? false : in ? session->device->in_halted : session->device->out_halted;
    if (endpoint == 0 || !(known || idle) || halted) {
        bool fine = endpoint == 0 ? control(session, header, bytes, length, in)
                    : beside ? return_submit(session, get_32(header + 4), 0, length, NULL)
                             : return_submit(session, get_32(header + 4), -EPIPE, 0, NULL);
        free(bytes);
        return fine;
    }
    session->urbs[session->count++] = (struct urb){ .number = get_32(header + 4), .in = in, .idle = idle,
                                                    .length = length, .bytes = bytes };
    return true;
}

static bool unlink_urb(struct session *session, const uint8_t *header)
{
    uint32_t wanted = get_32(header + 20);
    int status = 0;
    for (int i = 0; i < session->count; i++) {
        if (session->urbs[i].number != wanted)
            continue;
        status = -ECONNRESET;
        drop_urb(session, i);
        break;
    }
    return return_unlink(session, get_32(header + 4), status);
}

static bool take_request(struct session *session)
{
    uint8_t header[HEADER_SIZE];
    if (!receive(session->connection, header, sizeof header))
        return false;
    switch (get_32(header)) {
    case SUBMIT:
        return submit(session, header);
    case UNLINK:
        return unlink_urb(session, header);
    default:
        return false;
    }
}

/* The machine's own time, its orders and its files. 0, or the disk's error. */
static int run_machine(const struct kw_sim_door *door, int64_t *next_ms, struct kw_error *error)
{
    if (door->control)
        kw_sim_control_run(door->control);
    *next_ms = kw_sim_run(door->sim);
    return door->folder ? kw_sim_folder_flush(door->folder, error) : 0;
}

/* True when the descriptor has something to read. */
static bool wait(const struct kw_sim_door *door, int descriptor, int64_t next_ms)
{
    struct pollfd entries[KW_CONTROL_CLIENTS + 3] = { { .fd = descriptor, .events = POLLIN } };
    size_t count = 1 + (door->control ? kw_sim_control_fds(door->control, entries + 1) : 0);
    int most = next_ms >= 0 && next_ms < LOOK_MS ? (int)next_ms + 1 : LOOK_MS;
    return poll(entries, count, most) > 0 && entries[0].revents != 0;
}

int kw_usbip_rest(const struct kw_sim_door *door, int descriptor, struct kw_error *error)
{
    int64_t next_ms;
    int code = run_machine(door, &next_ms, error);
    if (code == 0)
        wait(door, descriptor, next_ms);
    return code;
}

int kw_usbip_session(int connection, struct kw_usbip_device *device, const struct kw_sim_door *door,
                     struct kw_error *error)
{
    struct session *session = calloc(1, sizeof *session);
    int64_t next_ms;
    int code = 0;
    if (!session)
        return kw_fail(error, KWIT_E_NO_MEMORY, "usbip", "out of memory");
    *session = (struct session){ .connection = connection, .device = device, .sim = door->sim };
    for (bool there = true; there && code == 0 && going_on(door);) {
        code = run_machine(door, &next_ms, error);
        there = code == 0 && is_there(door) && serve_out(session) && serve_in(session);
        if (there && wait(door, connection, next_ms))
            there = take_request(session);
    }
    while (session->count > 0)
        drop_urb(session, 0);
    free(session);
    return code;
}

/* ---- who asks what there is -------------------------------------------------------------------------------- */

static void describe(const struct kw_usbip_device *device, uint8_t record[RECORD_SIZE])
{
    memset(record, 0, RECORD_SIZE);
    snprintf((char *)record, 256, "/kwit/simulated/" BUS_ID);
    snprintf((char *)record + 256, BUS_ID_SIZE, BUS_ID);
    put_32(record + 288, 1);
    put_32(record + 292, 2);
    put_32(record + 296, SPEED_FULL);
    put_16(record + 300, device->vendor);
    put_16(record + 302, device->product);
    put_16(record + 304, 0x0100);
    record[306] = device->vendor_class ? 0xff : 0;
    record[309] = 1;
    record[310] = 1;
    record[311] = (uint8_t)(1 + kw_usbip_beside_count(device));
}

static bool answer_list(int connection, const struct kw_usbip_device *device)
{
    uint8_t head[12] = { 0 }, record[RECORD_SIZE], before[8], behind[8];
    size_t stand_before = (size_t)kw_usbip_beside_list(device, true, before);
    size_t stand_behind = (size_t)kw_usbip_beside_list(device, false, behind);
    const uint8_t interface[4] = { device->vendor_class ? 0xff : 7, device->vendor_class ? 0 : 1,
                                   device->vendor_class ? 0 : device->in_endpoint ? 2 : 1, 0 };
    put_16(head, VERSION);
    put_16(head + 2, REPLY_LIST);
    put_32(head + 8, 1);
    describe(device, record);
    return put(connection, head, sizeof head) && put(connection, record, sizeof record) &&
           put(connection, before, stand_before) && put(connection, interface, sizeof interface) &&
           put(connection, behind, stand_behind);
}

/* True when the device was handed over: what follows on this connection are its transfers. */
static bool answer_import(int connection, const struct kw_usbip_device *device)
{
    char wanted[BUS_ID_SIZE];
    uint8_t head[8] = { 0 }, record[RECORD_SIZE];
    if (!receive(connection, wanted, sizeof wanted))
        return false;
    bool ours = strncmp(wanted, BUS_ID, sizeof wanted) == 0;
    put_16(head, VERSION);
    put_16(head + 2, REPLY_IMPORT);
    put_32(head + 4, ours ? 0 : 1);
    describe(device, record);
    return put(connection, head, sizeof head) && ours && put(connection, record, sizeof record);
}

static bool hand_over(int connection, const struct kw_usbip_device *device)
{
    uint8_t head[8];
    if (!receive(connection, head, sizeof head))
        return false;
    unsigned code = (unsigned)(head[2] << 8 | head[3]);
    if (code == REQUEST_LIST)
        answer_list(connection, device);
    return code == REQUEST_IMPORT && answer_import(connection, device);
}

static int open_listener(const char *place, char name[64], struct kw_error *error)
{
    char host[128], *colon;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    int one = 1;
    snprintf(host, sizeof host, "%s", place[0] == '[' ? place + 1 : place);
    colon = strrchr(host, ':');
    bool fine = colon && (place[0] != '[' || (colon > host && colon[-1] == ']'));
    if (fine) {
        *colon = 0;
        if (place[0] == '[')
            colon[-1] = 0;
        fine = getaddrinfo(host, colon + 1, &hints, &list) == 0;
    }
    if (!fine)
        return kw_fail(error, KWIT_E_USAGE, place, "write an address in numbers and a port: 127.0.0.1:3240 or "
                       "[::1]:3240");
    int file = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fine = file >= 0 && setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
           bind(file, list->ai_addr, list->ai_addrlen) == 0 && listen(file, 4) == 0 &&
           getsockname(file, (struct sockaddr *)&bound, &size) == 0;
    int number = errno;
    freeaddrinfo(list);
    if (!fine) {
        if (file >= 0)
            close(file);
        return kw_fail(error, KWIT_E_UNAVAILABLE, place, "cannot listen there: %s", strerror(number));
    }
    char shown[48] = "", port[8] = "";
    getnameinfo((struct sockaddr *)&bound, size, shown, sizeof shown, port, sizeof port, NI_NUMERICHOST |
                NI_NUMERICSERV);
    snprintf(name, 64, "%s port %s", shown, port);
    return file;
}

static void say(const struct kw_sim_door *door, const char *format, const char *detail)
{
    char line[200];
    snprintf(line, sizeof line, format, detail);
    if (door->say)
        door->say(door->data, line);
}

static int take_host(const struct kw_sim_door *door, int listener, struct kw_usbip_device *device, struct kw_error
                     *error)
{
    int status = 0, one = 1, connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0)
        return 0;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (is_there(door) && hand_over(connection, device)) {
        say(door, "%s", "attached");
        status = kw_usbip_session(connection, device, door, error);
        say(door, "%s", "detached");
    }
    close(connection);
    return status;
}

int kw_usbip_serve(const struct kw_sim_door *door, const char *place, struct kw_usbip_device *device,
                   struct kw_error *error)
{
    char name[64];
    int code = 0, listener = open_listener(place, name, error);
    if (listener < 0)
        return listener;
    say(door, "listening for usbip on %s; attach with: usbip attach -r HOST -b " BUS_ID, name);
    while (code == 0 && going_on(door)) {
        struct pollfd entry = { .fd = listener, .events = POLLIN };
        if (poll(&entry, 1, 0) > 0)
            code = take_host(door, listener, device, error);
        else
            code = kw_usbip_rest(door, listener, error);
    }
    close(listener);
    return code;
}
