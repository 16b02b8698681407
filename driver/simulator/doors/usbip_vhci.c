/* usbip_vhci.c - plugs the simulated printer into the running kernel: vhci_hcd takes any stream socket. */
#include "simulator/doors/usbip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define VHCI "/sys/devices/platform/vhci_hcd.0"

enum { SPEED_FULL = 2, STATUS_FREE = 4, STATUS_SIZE = 8192, BUS = 1 };

/* Rows of the status: "hs  0000 004 000 00000000 000000 0-0"; state 4 is a free port, hs one for full speed. */
static int find_port(struct kw_error *error)
{
    char text[STATUS_SIZE];
    int file = open(VHCI "/status", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return kw_fail(error, KWIT_E_UNAVAILABLE, VHCI, "this kernel has no vhci_hcd; run: sudo modprobe vhci-hcd");
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        int port, state;
        line += *line == '\n';
        if (sscanf(line, "hs %d %d", &port, &state) == 2 && state == STATUS_FREE)
            return port;
    }
    return kw_fail(error, KWIT_E_UNAVAILABLE, VHCI, "no port is free; detach a device: usbip port, usbip detach -p N");
}

static int attach(int port, int socket, struct kw_error *error)
{
    char order[64];
    int file = open(VHCI "/attach", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return kw_fail(error, kw_error_from_errno(errno), VHCI "/attach", "cannot plug the printer in: %s; only root "
                       "may", strerror(errno));
    int length = snprintf(order, sizeof order, "%d %d %u %d", port, socket, (unsigned)(BUS << 16 | (port + 2)),
                          SPEED_FULL);
    bool fine = write(file, order, (size_t)length) == length;
    int number = errno;
    close(file);
    return fine ? 0 : kw_fail(error, KWIT_E_UNAVAILABLE, VHCI "/attach", "the kernel does not take the printer: %s",
                              strerror(number));
}

static int plug_in(const struct kw_sim_door *door, struct kw_usbip_device *device, struct kw_error *error)
{
    int pair[2], port = find_port(error);
    char line[100];
    if (port < 0)
        return port;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return kw_fail(error, KWIT_E_IO, "vhci", "cannot make a socket: %s", strerror(errno));
    int status = attach(port, pair[1], error);
    close(pair[1]);
    if (status == 0) {
        snprintf(line, sizeof line, "plugged into port %d of vhci_hcd", port);
        if (door->say)
            door->say(door->data, line);
        status = kw_usbip_session(pair[0], device, door, error);
    }
    close(pair[0]);
    return status;
}

int kw_usbip_vhci(const struct kw_sim_door *door, struct kw_usbip_device *device, struct kw_error *error)
{
    int status = 0;
    while (status == 0 && (!door->go_on || door->go_on(door->data)))
        status = kw_sim_port_status(door->sim) >= 0 ? plug_in(door, device, error) : kw_usbip_rest(door, -1, error);
    return status;
}
