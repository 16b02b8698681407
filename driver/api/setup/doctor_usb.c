/* doctor_usb.c - what can be seen of a USB printer without opening it: where, whose, may we, do the rules hold. */
#include "api/setup/doctor.h"
#include "api/setup/devices.h"
#include "profile/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RULES_FILE "udev/rules.d/70-kwit-receipt.rules"

static const char install_anew[] = "install kwit anew: its package, or sudo make install where its sources are";

/* In the order in which udev lets one shadow the next. */
static const char *const rules_dirs[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib" };

/* The number in the installed rules; false when none are installed. */
static bool read_rules(char path[64], unsigned long *digest)
{
    char line[200];
    FILE *file = NULL;
    for (size_t i = 0; !file && i < sizeof rules_dirs / sizeof rules_dirs[0]; i++) {
        snprintf(path, 64, "%s/" RULES_FILE, rules_dirs[i]);
        file = fopen(path, "re");
    }
    if (!file)
        return false;
    *digest = 0;
    while (*digest == 0 && fgets(line, sizeof line, file))
        if (strncmp(line, "# kwit-rules ", 13) == 0)
            *digest = strtoul(line + 13, NULL, 16);
    fclose(file);
    return true;
}

static void check_rules(struct kw_doctor *doctor)
{
    char path[64];
    unsigned long digest;
    if (!read_rules(path, &digest))
        kw_doctor_mention(doctor, KW_FOUND_RULES, install_anew, "the udev rules of "
                          "kwit are not installed, so rights and names of printers are left to chance");
    else if (digest != kw_usb_rows_digest())
        kw_doctor_mention(doctor, KW_FOUND_RULES, install_anew, "the udev rules in %s "
                          "were made by another version of kwit", path);
}

static void check_obstacle(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    if (device->obstacle == KW_USB_NO_ESCPOS)
        kw_doctor_bad(doctor, KW_FOUND_LANGUAGE, KWIT_E_UNSUPPORTED, "switch it to ESC/POS emulation, if it has one",
                      "the printer at port %s speaks no ESC/POS", device->port);
    else
        kw_doctor_bad(doctor, KW_FOUND_ENDPOINT, KWIT_E_UNSUPPORTED, "switch it to \"USB printer class\", or use "
                      "serial:/dev/ttyACM0 if it is set to be a serial line", "the device at port %s has a receipt "
                      "printer's id but no interface that prints", device->port);
}

/* usbip's driver holds a whole device, not its interface. */
static bool is_exported(const struct kw_usb_device *device)
{
    char path[160], driver[200];
    snprintf(path, sizeof path, "/sys/bus/usb/devices/%.60s/driver", device->port);
    ssize_t length = readlink(path, driver, sizeof driver - 1);
    driver[length > 0 ? length : 0] = 0;
    const char *name = strrchr(driver, '/');
    return name && strcmp(name, "/usbip-host") == 0;
}

static void check_exported(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    char mend[100];
    snprintf(mend, sizeof mend, KW_RUN "sudo usbip unbind -b %.60s", device->port);
    kw_doctor_bad(doctor, KW_FOUND_HELD, KWIT_E_BUSY, mend, "the printer at port %s is given to another machine by "
                  "usbip", device->port);
}

static void check_holder(struct kw_doctor *doctor, const struct kw_usb_device *device, bool queued)
{
    bool cups = strncmp(device->holder, "usb ", 4) == 0 || strncmp(device->holder, "cups", 4) == 0 ||
                strncmp(device->holder, "parallel ", 9) == 0;
    if (cups)
        kw_doctor_bad(doctor, KW_FOUND_HELD, KWIT_E_BUSY,
                      KW_RUN "lpstat -v   # then sudo lpadmin -x and the name of its queue",
                      "CUPS holds the printer (%s); a receipt printer should have no CUPS queue", device->holder);
    else if (device->holder[0])
        kw_doctor_bad(doctor, KW_FOUND_HELD, KWIT_E_BUSY, "wait until it has ended, or stop it",
                      "%s holds the printer", device->holder);
    else if (strcmp(device->driver, "usbfs") == 0 && queued)
        kw_doctor_bad(doctor, KW_FOUND_HELD, KWIT_E_BUSY, KW_RUN "lpstat -o   # what CUPS still prints",
                      "a process of another user holds the printer, and CUPS has a queue on it");
    else if (strcmp(device->driver, "usbfs") == 0)
        kw_doctor_bad(doctor, KW_FOUND_HELD, KWIT_E_BUSY, KW_RUN "sudo kwit devices   # names it",
                      "a process of another user holds the printer");
}

static void check_bus(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    char mend[160];
    snprintf(mend, sizeof mend, KW_RUN "echo on | sudo tee /sys/bus/usb/devices/%.60s/power/control", device->port);
    if (device->autosuspend)
        kw_doctor_mention(doctor, KW_FOUND_AUTOSUSPEND, mend, "the kernel may put the printer to sleep, which some "
                          "do not survive");
    if (device->speed_mbit > 0 && device->speed_mbit < 12)
        kw_doctor_mention(doctor, KW_FOUND_SPEED, "try another cable and a port of the machine itself",
                          "the printer runs at low speed, as with a bad cable or hub");
}

static void choose_profile(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    enum kw_match match;
    const struct kw_profile *found = kw_profile_for_usb(device->vendor, device->product, device->device_id, &match);
    if (!doctor->profile)
        doctor->profile = found;
    if (doctor->profile_named && match == KW_MATCH_ID && found != doctor->profile)
        kw_doctor_mention(doctor, KW_FOUND_PROFILE, "leave `profile` out of the configuration, or correct it",
                          "profile %s is asked for, but by its USB id this is %s", kw_profile_name(doctor->profile),
                          kw_profile_name(found));
}

static void check_device(struct kw_doctor *doctor, const struct kw_usb_device *device)
{
    struct kw_access access;
    char mend[sizeof access.mend + sizeof KW_RUN];
    kw_doctor_good(doctor, KW_FOUND_DEVICE, "%s at port %s", device->model[0] ? device->model : "a printer",
                   device->port);
    check_bus(doctor, device);
    choose_profile(doctor, device);
    bool queued = kw_doctor_cups(doctor, device);
    if (is_exported(device))
        check_exported(doctor, device);
    else if (device->obstacle != KW_USB_USABLE)
        check_obstacle(doctor, device);
    else if (!kw_devices_refused(device->node, &access))
        check_holder(doctor, device, queued);
    else {
        snprintf(mend, sizeof mend, "%s%s", access.runs ? KW_RUN : "", access.mend);
        kw_doctor_bad(doctor, KW_FOUND_ACCESS, KWIT_E_PERMISSION, mend, "%s", access.text);
    }
}

/* The one that the address means, else the only obstacle there is. */
static const struct kw_usb_device *find_device(const struct kw_usb_device *devices, size_t count, const char *identity)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(devices[i].identity, identity) == 0)
            return &devices[i];
    return NULL;
}

static void explain_missing(struct kw_doctor *doctor, const struct kw_usb_device *devices, size_t count,
                            const struct kw_error *error)
{
    for (size_t i = 0; error->code == KWIT_E_UNSUPPORTED && i < count; i++)
        if (devices[i].obstacle != KW_USB_USABLE)
            check_device(doctor, &devices[i]);
    if (doctor->bad)
        return;
    if (error->code == KWIT_E_SEVERAL_PRINTERS)
        kw_doctor_bad(doctor, KW_FOUND_SEVERAL, error->code,
                      KW_RUN "kwit devices   # then uri = and one of their addresses in [printer]", "%s",
                      error->text);
    else
        kw_doctor_bad(doctor, KW_FOUND_DEVICE, error->code, "switch it on, plug it in, then: kwit devices", "%s",
                      error->text);
}

void kw_doctor_usb(struct kw_doctor *doctor)
{
    struct kw_link_options options = kw_link_options_for(doctor->context);
    struct kw_usb_device *devices = NULL;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    size_t count = 0;
    check_rules(doctor);
    if (access("/sys/bus", F_OK) != 0)
        kw_doctor_mention(doctor, KW_FOUND_SYSFS, KW_RUN "sudo mount -t sysfs sysfs /sys", "/sys is not there, so "
                          "ports, drivers and holders of USB devices are unknown; give a container -v /sys:/sys:ro");
    if (kw_usb_list(doctor->arena, &options, &devices, &count, &error) != 0) {
        doctor->no_memory = true;
        return;
    }
    if (kw_transport_usb.identify(doctor->uri, &options, identity, &error) != 0) {
        explain_missing(doctor, devices, count, &error);
        return;
    }
    const struct kw_usb_device *device = find_device(devices, count, identity);
    if (device)
        check_device(doctor, device);
    else
        kw_doctor_bad(doctor, KW_FOUND_DEVICE, KWIT_E_NO_PRINTER, "switch it on, plug it in, then: kwit devices",
                      "%s is not plugged in", doctor->uri);
}
