/* cups.c - the queue's address, its states, and the side channel. */
#include "cups.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- address ---------------------------------------------------------------------------------------------------- */

static int hex_value(char digit)
{
    const char *at = strchr("0123456789abcdef", digit | 0x20);
    return digit && at ? (int)(at - "0123456789abcdef") : -1;
}

/* Up to one of the ends, with %XX undone; false when it is too long or undone wrongly. */
static bool take_part(const char **at, const char *ends, char *out, size_t size)
{
    size_t length = 0;
    while (**at && !strchr(ends, **at) && length + 1 < size) {
        int high = **at == '%' ? hex_value((*at)[1]) : 0, low = **at == '%' && high >= 0 ? hex_value((*at)[2]) : 0;
        if (high < 0 || low < 0)
            return false;
        out[length++] = **at == '%' ? (char)(high * 16 + low) : **at;
        *at += **at == '%' ? 3 : 1;
    }
    out[length] = 0;
    return !**at || strchr(ends, **at);
}

static void read_uuid(const char *options, char *out, size_t size)
{
    static const char key[] = "job-uuid=urn:uuid:";
    const char *at = strstr(options, key);
    size_t length = at ? strspn(at + sizeof key - 1, "0123456789abcdefABCDEF-") : 0;
    snprintf(out, size, "%s%.*s", length > 0 ? "cups-" : "", (int)length, at ? at + sizeof key - 1 : "");
}

bool cups_read_queue(const char *uri, const char *options, struct cups_queue *queue)
{
    static const char scheme[] = "kwit://";
    const char *at = uri + sizeof scheme - 1;
    *queue = (struct cups_queue){ .copies = 1 };
    read_uuid(options, queue->uuid, sizeof queue->uuid);
    if (strncmp(uri, scheme, sizeof scheme - 1) != 0 || !take_part(&at, "/?", queue->name, sizeof queue->name))
        return false;
    at += *at == '/';
    if (strncmp(at, "?tap=", 5) == 0) {
        at += 5;
        if (!take_part(&at, "&", queue->till, sizeof queue->till))
            return false;
    }
    queue->printer = queue->name[0] ? queue->name : NULL;
    queue->tap = queue->till[0] ? queue->till : NULL;
    return *at == 0;
}

/* ---- states ----------------------------------------------------------------------------------------------------- */

static const char *const words[CUPS_STATE_COUNT] = {
    [CUPS_PAPER] = "media-empty-error", [CUPS_COVER] = "cover-open-error", [CUPS_CONNECTING] = "connecting-to-device",
    [CUPS_OFFLINE] = "offline-report", [CUPS_JAM] = "media-jam-error", [CUPS_CONFIG_ERROR] = "com.kwit.config-error"
};

static void change(struct cups_states *states, enum cups_state state, bool on)
{
    if (states->set[state] != on)
        fprintf(stderr, "STATE: %c%s\n", on ? '+' : '-', words[state]);
    states->set[state] = on;
}

void cups_states_clear(void)
{
    for (int state = 0; state < CUPS_STATE_COUNT; state++)
        fprintf(stderr, "STATE: -%s\n", words[state]);
}

void cups_state_set(struct cups_states *states, enum cups_state state)
{
    change(states, state, true);
}

void cups_state_follow(struct cups_states *states, int reason)
{
    static const struct { int reason; enum cups_state state; } rows[] = {
        { KWIT_E_PAPER_OUT, CUPS_PAPER }, { KWIT_E_COVER_OPEN, CUPS_COVER }, { KWIT_E_CUTTER_JAM, CUPS_JAM },
        { KWIT_E_UNAVAILABLE, CUPS_CONNECTING }, { KWIT_E_NO_PRINTER, CUPS_CONNECTING },
        { KWIT_E_DISCONNECTED, CUPS_CONNECTING }, { KWIT_E_OFFLINE, CUPS_OFFLINE }, { KWIT_E_NO_ANSWER, CUPS_OFFLINE },
        { KWIT_E_PRINTER_ERROR, CUPS_OFFLINE }, { KWIT_E_PRINTER_DEAD, CUPS_OFFLINE }
    };
    bool wanted[CUPS_STATE_COUNT] = { false };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].reason == reason)
            wanted[rows[i].state] = true;
    for (int state = 0; state < CUPS_STATE_COUNT; state++)
        change(states, (enum cups_state)state, wanted[state]);
}

void cups_states_end(struct cups_states *states)
{
    for (int state = 0; state < CUPS_CONFIG_ERROR; state++)
        change(states, (enum cups_state)state, false);
}

/* ---- back channel ----------------------------------------------------------------------------------------------- */

int cups_back_channel(void)
{
    enum { BACK_FD = 3 };
    struct stat back;
    bool heard = fstat(BACK_FD, &back) == 0 && (S_ISFIFO(back.st_mode) || S_ISSOCK(back.st_mode));
    return heard ? BACK_FD : -1;
}

/* ---- side channel ----------------------------------------------------------------------------------------------- */

/* cups/sidechannel.h: a command, a status, a length of two bytes, data. */
enum { SIDE_FD = 4, SIDE_HEAD = 4, SIDE_BYTES = 65540 };
enum { SIDE_DRAIN_OUTPUT = 2, SIDE_GET_BIDI = 3, SIDE_GET_DEVICE_ID = 4, SIDE_GET_STATE = 5 };
enum { SIDE_STATUS_OK = 1, SIDE_STATUS_NOT_IMPLEMENTED = 7 };
enum { SIDE_NOT_BIDI = 0, SIDE_BIDI = 1, SIDE_ONLINE = 1 };

static void answer_side(uint8_t command)
{
    static const char device[] = "MFG:kwit;MDL:receipt printer;CMD:ESC/POS;CLS:PRINTER;";
    uint8_t out[SIDE_HEAD + sizeof device] = { command, SIDE_STATUS_OK, 0, 0 };
    size_t length = 0;
    if (command == SIDE_GET_BIDI)
        out[SIDE_HEAD + length++] = cups_back_channel() < 0 ? SIDE_NOT_BIDI : SIDE_BIDI;
    else if (command == SIDE_GET_STATE)
        out[SIDE_HEAD + length++] = SIDE_ONLINE;
    else if (command == SIDE_GET_DEVICE_ID)
        memcpy(out + SIDE_HEAD, device, length = sizeof device - 1);
    else if (command != SIDE_DRAIN_OUTPUT)
        out[1] = SIDE_STATUS_NOT_IMPLEMENTED;
    out[2] = (uint8_t)(length >> 8), out[3] = (uint8_t)length;
    ssize_t ignored = write(SIDE_FD, out, SIDE_HEAD + length);
    (void)ignored;                  /* who does not read its answer has gone */
}

/* A cupsd makes its end of the channel so that a read does not wait. */
static bool await_side(void)
{
    struct pollfd side = { .fd = SIDE_FD, .events = POLLIN };
    int found;
    do
        found = poll(&side, 1, -1);
    while (found < 0 && errno == EINTR);
    return found > 0;
}

static void *serve_side(void *data)
{
    uint8_t packet[SIDE_BYTES];
    (void)data;
    while (await_side() && read(SIDE_FD, packet, sizeof packet) >= SIDE_HEAD)
        answer_side(packet[0]);
    return NULL;
}

void cups_side_begin(void)
{
    struct stat side;
    pthread_t thread;
    if (fstat(SIDE_FD, &side) == 0 && S_ISSOCK(side.st_mode) && pthread_create(&thread, NULL, serve_side, NULL) == 0)
        pthread_detach(thread);
}
