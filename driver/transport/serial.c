/* serial.c - serial:/dev/ttyUSB0?baud=38400&parity=none&flow=rts: a printer on a serial line. */
#include "transport/address.h"
#include "transport/identity.h"
#include "transport/stream.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

enum { OPEN_LOOK_MS = 100 };

struct line {
    char path[PATH_MAX];
    speed_t speed;
    tcflag_t set;                   /* of c_cflag, in place of all that it is about */
    tcflag_t input;                 /* of c_iflag */
};

struct serial {
    struct kw_stream stream;
    struct termios before;
};

/* One word of the address: X(key, value, c_cflag set, c_cflag cleared, c_iflag set) */
#define LINE_WORDS(X) \
    X("parity", "none", 0, PARENB, 0) \
    X("parity", "even", PARENB, PARODD, 0) \
    X("parity", "odd", PARENB | PARODD, 0, 0) \
    X("flow", "rts", CRTSCTS, 0, 0) \
    X("flow", "xon", 0, CRTSCTS, IXON | IXOFF) \
    X("flow", "none", 0, CRTSCTS, 0) \
    X("bits", "8", CS8, 0, 0) \
    X("bits", "7", CS7, 0, 0) \
    X("stop", "1", 0, CSTOPB, 0) \
    X("stop", "2", CSTOPB, 0, 0)

struct line_word { const char *key, *value; tcflag_t set, clear, input; };
static const struct line_word line_words[] = {
#define LINE_WORD(key, value, set, clear, input) { key, value, set, clear, input },
    LINE_WORDS(LINE_WORD)
};

static const struct { long baud; speed_t speed; } speeds[] = {
    { 1200, B1200 }, { 2400, B2400 }, { 4800, B4800 }, { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
    { 57600, B57600 }, { 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 }, { 921600, B921600 }
};

static bool read_speed(const char *text, speed_t *speed)
{
    char *end;
    long baud = strtol(text, &end, 10);
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        if (speeds[i].baud == baud && *end == 0) {
            *speed = speeds[i].speed;
            return true;
        }
    }
    return false;
}

/* A later word for the same key replaces an earlier one. */
static bool read_word(const struct kw_address_pair *pair, struct line *line)
{
    if (strcmp(pair->key, "baud") == 0)
        return read_speed(pair->value, &line->speed);
    for (size_t i = 0; i < sizeof line_words / sizeof line_words[0]; i++) {
        const struct line_word *word = &line_words[i];
        if (strcmp(word->key, pair->key) != 0 || strcmp(word->value, pair->value) != 0)
            continue;
        if (strcmp(word->key, "bits") == 0)
            line->set &= ~(tcflag_t)CSIZE;
        if (strcmp(word->key, "flow") == 0)
            line->input = word->input;
        line->set = (line->set & ~word->clear) | word->set;
        return true;
    }
    return false;
}

static int read_line(const char *uri, struct line *line, struct kw_error *error)
{
    struct kw_address_pair pair;
    *line = (struct line){ .speed = B9600, .set = CS8 | CRTSCTS };
    if (!kw_address_path(uri, false, line->path, sizeof line->path) || line->path[0] != '/' || strchr(line->path, ','))
        return kw_fail(error, KWIT_E_INVALID, uri, "this is not the address of a serial line; write "
                       "serial:/dev/ttyUSB0?baud=38400");
    for (const char *at = NULL; kw_address_next(uri, &at, &pair);)
        if (pair.fault || !read_word(&pair, line))
            return kw_fail(error, KWIT_E_INVALID, uri, "%s=%s is not understood; there are baud=1200…921600, "
                           "parity=none|even|odd, flow=rts|xon|none, bits=8|7 and stop=1|2", pair.key, pair.value);
    return 0;
}

static void identify_node(const struct stat *status, char identity[KW_IDENTITY_MAX])
{
    snprintf(identity, KW_IDENTITY_MAX, "dev-%u-%u", major(status->st_rdev), minor(status->st_rdev));
}

static int serial_identify(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                           struct kw_error *error)
{
    struct line line;
    struct stat status;
    (void)options;
    int outcome = read_line(uri, &line, error);
    if (outcome != 0)
        return outcome;
    if (stat(line.path, &status) != 0)
        return kw_stream_open_failed(errno, line.path, error);
    if (!S_ISCHR(status.st_mode))
        return kw_fail(error, KWIT_E_INVALID, line.path, "this is not a serial line");
    identify_node(&status, identity);
    return 0;
}

static int open_until(const char *path, int64_t until_ms, struct kw_error *error)
{
    for (;;) {
        int file = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (file >= 0)
            return file;
        if (errno != EBUSY || kw_clock_left_ms(until_ms) == 0)
            return kw_stream_open_failed(errno, path, error);
        kw_clock_sleep_ms(OPEN_LOOK_MS);
    }
}

static int set_line(struct serial *serial, const struct line *line, struct kw_error *error)
{
    int file = serial->stream.fd;
    struct termios wish;
    if (tcgetattr(file, &serial->before) != 0)
        return kw_fail(error, KWIT_E_INVALID, line->path, "this is not a serial line");
    wish = serial->before;
    cfmakeraw(&wish);
    wish.c_cflag &= ~(tcflag_t)(CSIZE | CSTOPB | PARENB | PARODD | CRTSCTS | HUPCL);
    wish.c_cflag |= line->set | CREAD | CLOCAL;
    wish.c_iflag |= line->input;
    wish.c_cc[VMIN] = 0;
    wish.c_cc[VTIME] = 0;
    cfsetspeed(&wish, line->speed);
    if (tcsetattr(file, TCSANOW, &wish) != 0)
        return kw_fail(error, KWIT_E_INVALID, line->path, "this line cannot be set so: %s", strerror(errno));
    ioctl(file, TIOCEXCL);
    return 0;
}

static int serial_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                       struct kw_error *error)
{
    struct line line;
    struct stat status;
    int outcome = read_line(uri, &line, error);
    if (outcome != 0)
        return outcome;
    struct serial *serial = kw_stream_new(sizeof *serial, &kw_transport_serial, uri, options, error);
    if (!serial)
        return KWIT_E_NO_MEMORY;
    serial->stream.fd = open_until(line.path, until_ms, error);
    outcome = serial->stream.fd < 0 ? serial->stream.fd
                                    : kw_stream_lock(serial->stream.fd, line.path, until_ms, error);
    if (outcome == 0)
        outcome = set_line(serial, &line, error);
    if (outcome != 0) {
        kw_stream_close(&serial->stream.link);
        return outcome;
    }
    if (fstat(serial->stream.fd, &status) == 0)
        identify_node(&status, serial->stream.identity);
    *link = &serial->stream.link;
    return 0;
}

static int serial_drain(struct kw_link *link, int64_t until_ms, struct kw_error *error)
{
    return kw_stream_drain(link, TIOCOUTQ, until_ms, error);
}

/* What still waits behind a line that is held (no paper, no cable) would block close() for half a minute. */
static void serial_close(struct kw_link *link)
{
    struct serial *serial = (struct serial *)link;
    tcflush(serial->stream.fd, TCOFLUSH);
    tcsetattr(serial->stream.fd, TCSANOW, &serial->before);
    ioctl(serial->stream.fd, TIOCNXCL);
    kw_stream_close(link);
}

const struct kw_transport_ops kw_transport_serial = {
    .scheme = "serial", .identify = serial_identify, .open = serial_open, .close = serial_close,
    .transfer = kw_stream_transfer, .drain = serial_drain
};
