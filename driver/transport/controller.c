/* controller.c - reads the controller's place and maker out of sysfs. */
#include "transport/controller.h"

#include "transport/identity.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* PCI makers of controllers that exist only inside a virtual machine (pci.ids). */
static const long virtual_makers[] = {
    0x1b36,     /* Red Hat: QEMU */
    0x1af4,     /* Red Hat: virtio */
    0x15ad,     /* VMware */
    0x80ee,     /* Oracle: VirtualBox */
    0x1414,     /* Microsoft: Hyper-V */
    0x5853,     /* Xen */
    0x1ab8      /* Parallels */
};

/* Machines whose controllers bear the names of real ones (DMI product names). */
static const char *const virtual_machines[] = { "VirtualBox", "Parallels Virtual Platform" };

/* The directory above the root hub: …/0000:00:14.0/usb1/1-1 is behind 0000:00:14.0. */
static bool find_controller(const char *dir, char path[PATH_MAX])
{
    if (!realpath(dir, path))
        return false;
    for (char *at = path; (at = strstr(at, "/usb")) != NULL; at++) {
        if (at[4] < '0' || at[4] > '9')
            continue;
        *at = 0;
        return true;
    }
    return false;
}

static bool is_virtual_machine(void)
{
    char name[80];
    kw_sysfs_text("/sys/class/dmi/id", "product_name", name, sizeof name);
    for (size_t i = 0; i < sizeof virtual_machines / sizeof virtual_machines[0]; i++)
        if (strncmp(name, virtual_machines[i], strlen(virtual_machines[i])) == 0)
            return true;
    return false;
}

bool kw_controller_counts(const char *dir)
{
    char path[PATH_MAX];
    if (!find_controller(dir, path) || strstr(path, "/vhci_hcd"))
        return false;
    long maker = kw_sysfs_number(path, "vendor", 16);
    for (size_t i = 0; i < sizeof virtual_makers / sizeof virtual_makers[0]; i++)
        if (maker == virtual_makers[i])
            return false;
    return !is_virtual_machine();
}
