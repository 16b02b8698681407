/*
 * doctor_cups.c - whether CUPS has a queue on the printer, also an idle one that holds nothing yet: it is asked for its
 * queues over its socket, as lpstat does.
 */
#include "api/setup/doctor.h"
#include "base/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_CEILING = 256 * 1024, PATIENCE_MS = 2000, IPP_HEAD = 8, TAG_END = 3, TAG_DELIMITERS = 0x10,
       NAME_MOST = 128 };

/* IPP 1.1, CUPS-Get-Printers: the address and the name of each queue. */
static const char question[] =
    "\x01\x01\x40\x02\x00\x00\x00\x01\x01"
    "\x47\x00\x12" "attributes-charset" "\x00\x05" "utf-8"
    "\x48\x00\x1b" "attributes-natural-language" "\x00\x02" "en"
    "\x44\x00\x14" "requested-attributes" "\x00\x0a" "device-uri"
    "\x44\x00\x00\x00\x0c" "printer-name"
    "\x03";

struct queue {
    char name[NAME_MOST], uri[512];
};

/* CUPS_SERVER is where CUPS' own commands look for it; only a socket of this machine is asked. One whose queue of
 * callers is full belongs to a CUPS that hangs: it is not waited for. */
static int open_cups(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *said = getenv("CUPS_SERVER");
    const char *path = said && said[0] == '/' ? said : "/run/cups/cups.sock";
    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool ask(int fd)
{
    char text[200 + sizeof question];
    int head = snprintf(text, 200, "POST / HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/ipp\r\n"
                        "Content-Length: %zu\r\n\r\n", sizeof question - 1);
    memcpy(text + head, question, sizeof question - 1);
    size_t length = (size_t)head + sizeof question - 1;
    return send(fd, text, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static void take_answer(int fd, struct kw_buffer *answer)
{
    uint8_t part[4096];
    int64_t until_ms = kw_clock_boot_ms() + PATIENCE_MS;
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    ssize_t got = 1;
    while (got > 0 && !answer->failed && poll(&wait, 1, (int)kw_clock_left_ms(until_ms)) > 0) {
        got = recv(fd, part, sizeof part, 0);
        kw_buffer_add(answer, part, got > 0 ? (size_t)got : 0);
    }
}

static size_t pair(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

static void keep(char *out, size_t size, const uint8_t *value, size_t length)
{
    snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), (const char *)value);
}

/* The next attribute into its place; false at the end, or at what is no IPP. *ends: a queue is told whole. */
static bool next_attribute(const uint8_t **at, const uint8_t *end, struct queue *queue, bool *ends)
{
    const uint8_t *p = *at;
    *ends = p < end && *p < TAG_DELIMITERS;
    if (*ends) {
        *at = p + 1;
        return *p != TAG_END;
    }
    if (end - p < 5 || (size_t)(end - p) < 5 + pair(p + 1))
        return false;
    const uint8_t *name = p + 3;
    size_t named = pair(p + 1);
    const uint8_t *value = name + named + 2;
    size_t length = pair(name + named);
    if ((size_t)(end - value) < length)
        return false;
    if (named == 10 && memcmp(name, "device-uri", named) == 0)
        keep(queue->uri, sizeof queue->uri, value, length);
    if (named == 12 && memcmp(name, "printer-name", named) == 0)
        keep(queue->name, sizeof queue->name, value, length);
    *at = value + length;
    return true;
}

/* By serial number where the queue's address has one, else by the model in it. */
static bool is_queue_of(const struct queue *queue, const struct kw_usb_device *device)
{
    const char *serial = strstr(queue->uri, "serial=");
    if (strncmp(queue->uri, "usb://", 6) != 0)
        return false;
    if (serial)
        return device->serial[0] && strncmp(serial + 7, device->serial, strcspn(serial + 7, "&")) == 0;
    const char *word = strrchr(device->model, ' ');
    word = word ? word + 1 : device->model;
    return *word && strstr(queue->uri, word);
}

static void tell(struct kw_doctor *doctor, const struct queue *queue)
{
    char mend[NAME_MOST + 32];
    snprintf(mend, sizeof mend, KW_RUN "sudo lpadmin -x '%s'", queue->name);
    if (!strchr(queue->name, '\''))
        kw_doctor_mention(doctor, KW_FOUND_QUEUE, mend, "CUPS has the queue %s on this printer: what is printed there "
                          "holds it", queue->name);
}

bool kw_doctor_cups(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    struct queue queue = { { 0 }, { 0 } };
    struct kw_buffer answer;
    bool ends, goes_on = true, found = false;
    int fd = open_cups();
    if (fd < 0)
        return false;
    kw_buffer_init(&answer, ANSWER_CEILING);
    if (ask(fd))
        take_answer(fd, &answer);
    close(fd);
    const char *text = kw_buffer_string(&answer), *body = strstr(text, "\r\n\r\n");
    const uint8_t *at = answer.data + (body ? body - text + 4 : 0) + IPP_HEAD, *end = answer.data + answer.length;
    while (body && at < end && goes_on) {
        goes_on = next_attribute(&at, end, &queue, &ends);
        if (!ends)
            continue;
        if (queue.name[0] && is_queue_of(&queue, device)) {
            tell(doctor, &queue);
            found = true;
        }
        queue = (struct queue){ { 0 }, { 0 } };
    }
    kw_buffer_free(&answer);
    return found;
}
