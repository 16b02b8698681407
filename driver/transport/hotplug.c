/*
 * hotplug.c - waits for printers to come and go.
 *
 * The kernel's uevents wake it at once where they can be heard (not in a container); sysfs is looked at anyway every
 * half second, so that hearing nothing only costs that much. What counts as a change is read from sysfs alone.
 */
#include "transport/identity.h"
#include "transport/transport.h"

#include "base/clock.h"

#include <dirent.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SYSFS_USB "/sys/bus/usb/devices"

enum { LOOK_MS = 500, KERNEL_GROUP = 1 };

static int listen_to_kernel(void)
{
    struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP };
    int file = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (file >= 0 && bind(file, (struct sockaddr *)&address, sizeof address) != 0) {
        close(file);
        file = -1;
    }
    return file;
}

/* FNV-1a: the set of devices as one number. */
static uint64_t mix(uint64_t sum, const char *text)
{
    for (; *text; text++)
        sum = (sum ^ (uint8_t)*text) * 1099511628211u;
    return sum * 31;
}

static bool is_meant(const char *dir, const char *name, const char *identity)
{
    char serial[128], one[KW_IDENTITY_MAX];
    long vendor = kw_sysfs_number(dir, "idVendor", 16), product = kw_sysfs_number(dir, "idProduct", 16);
    if (vendor < 0 || product < 0)
        return false;
    if (!identity)
        return true;
    kw_sysfs_text(dir, "serial", serial, sizeof serial);
    kw_identity_usb((uint16_t)vendor, (uint16_t)product, serial, name, false, one);
    if (strcmp(one, identity) == 0)
        return true;
    kw_identity_usb((uint16_t)vendor, (uint16_t)product, serial, name, true, one);
    return strcmp(one, identity) == 0;
}

/* A device counts with its number on the bus, which is new after each plugging in, and with its usable node. */
static uint64_t look(const char *identity)
{
    DIR *dir = opendir(SYSFS_USB);
    uint64_t sum = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char path[300], node[64], number[16];
        snprintf(path, sizeof path, SYSFS_USB "/%.255s", entry->d_name);
        if (entry->d_name[0] == '.' || strchr(entry->d_name, ':') || !is_meant(path, entry->d_name, identity))
            continue;
        kw_sysfs_text(path, "devnum", number, sizeof number);
        snprintf(node, sizeof node, "/dev/bus/usb/%03ld/%03ld", kw_sysfs_number(path, "busnum", 10) % 1000,
                 kw_sysfs_number(path, "devnum", 10) % 1000);
        uint64_t one = mix(mix(14695981039346656037u, entry->d_name), number);
        sum += access(node, R_OK | W_OK) == 0 ? one * 3 : one;
    }
    if (dir)
        closedir(dir);
    return sum;
}

static void hear(int file, int wait_ms)
{
    struct pollfd entry = { .fd = file, .events = POLLIN };
    char message[8192];
    if (poll(&entry, 1, wait_ms) > 0)
        while (recv(file, message, sizeof message, MSG_DONTWAIT) > 0)
            ;
}

bool kw_usb_wait(const char *identity, int64_t until_ms)
{
    int file = listen_to_kernel();
    uint64_t before = look(identity), after = before;
    while (after == before && kw_clock_left_ms(until_ms) > 0) {
        int left = kw_clock_left_ms(until_ms);
        hear(file, left < LOOK_MS ? left : LOOK_MS);
        after = look(identity);
    }
    if (file >= 0)
        close(file);
    return after != before;
}
