/* identity.c - who a USB printer is, read from sysfs, which any user may read and which needs no open device. */
#include "transport/identity.h"

#include "transport/address.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool kw_identity_serial_counts(const char *serial)
{
    size_t length = strlen(serial), same = 1, rising = 1;
    for (size_t i = 1; i < length; i++) {
        same += serial[i] == serial[0];
        rising += serial[i] == serial[i - 1] + 1 || (serial[i - 1] == '9' && serial[i] == '0');
    }
    return length > 0 && same < length && (rising < length || length < 3);
}

void kw_identity_usb(uint16_t vendor, uint16_t product, const char *serial, const char *port, bool shared,
                     char identity[KW_IDENTITY_MAX])
{
    char escaped[KW_IDENTITY_MAX - 20];
    if (!shared && kw_identity_serial_counts(serial) && kw_address_escape(serial, escaped, sizeof escaped))
        snprintf(identity, KW_IDENTITY_MAX, "usb-%04x-%04x-%s", vendor, product, escaped);
    else
        snprintf(identity, KW_IDENTITY_MAX, "usb-%04x-%04x-port-%.64s", vendor, product, port);
}

bool kw_sysfs_text(const char *dir, const char *name, char *out, size_t size)
{
    char path[PATH_MAX];
    out[0] = 0;
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t length = read(file, out, size - 1);
    close(file);
    out[length > 0 ? length : 0] = 0;
    out[strcspn(out, "\n")] = 0;
    return length > 0;
}

bool kw_sysfs_link(const char *dir, const char *name, char *out, size_t size)
{
    char path[PATH_MAX], target[PATH_MAX];
    out[0] = 0;
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        return false;
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return false;
    target[length] = 0;
    const char *slash = strrchr(target, '/');
    snprintf(out, size, "%s", slash ? slash + 1 : target);
    return true;
}

long kw_sysfs_number(const char *dir, const char *name, int base)
{
    char text[32], *end;
    if (!kw_sysfs_text(dir, name, text, sizeof text))
        return -1;
    long number = strtol(text, &end, base);
    return end == text ? -1 : number;
}

bool kw_identity_of_node(unsigned major, unsigned minor, const struct kw_link_options *options,
                         char identity[KW_IDENTITY_MAX])
{
    char path[64], device[PATH_MAX], serial[128];
    snprintf(path, sizeof path, "/sys/dev/char/%u:%u/device", major, minor);
    if (!realpath(path, device))
        return false;
    char *slash = strrchr(device, '/');
    if (!slash)
        return false;
    *slash = 0;
    long vendor = kw_sysfs_number(device, "idVendor", 16), product = kw_sysfs_number(device, "idProduct", 16);
    unsigned quirks = 0;
    slash = strrchr(device, '/');
    if (vendor < 0 || product < 0 || !slash)
        return false;
    if (options && options->usb_known)
        options->usb_known(options->usb_known_data, (uint16_t)vendor, (uint16_t)product, &quirks);
    kw_sysfs_text(device, "serial", serial, sizeof serial);
    kw_identity_usb((uint16_t)vendor, (uint16_t)product, serial, slash + 1,
                    (quirks & KW_USB_SHARED_SERIAL) != 0, identity);
    return true;
}
