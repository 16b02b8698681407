/* scan.c - the receipt printers among the USB devices, by class 7 and by rows of known ids. */
#include "transport/scan.h"

#include "transport/address.h"
#include "transport/device_id.h"
#include "transport/identity.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYSFS_USB "/sys/bus/usb/devices"

enum { DESCRIPTORS_MAX = 8192, CLASS_PRINTER = 7 };

static size_t read_descriptors(const char *dir, uint8_t bytes[DESCRIPTORS_MAX])
{
    char path[192];
    snprintf(path, sizeof path, "%s/descriptors", dir);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    if (file < 0)
        return 0;
    for (ssize_t got = 1; got > 0 && length < DESCRIPTORS_MAX; length += got > 0 ? (size_t)got : 0)
        got = read(file, bytes + length, DESCRIPTORS_MAX - length);
    close(file);
    return length;
}

static bool is_known(const struct kw_link_options *options, uint16_t vendor, uint16_t product, unsigned *quirks)
{
    *quirks = 0;
    bool known = options && options->usb_known && options->usb_known(options->usb_known_data, vendor, product, quirks);
    if (options)
        *quirks |= options->usb_quirks;
    return known;
}

static void find_lp_node(struct kw_usb_found *found)
{
    char path[224];
    snprintf(path, sizeof path, "%s/usbmisc", found->interface_dir);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        if (strncmp(entry->d_name, "lp", 2) == 0)
            snprintf(found->lp_node, sizeof found->lp_node, "/dev/usb/%.32s", entry->d_name);
    if (dir)
        closedir(dir);
}

static void read_facts(struct kw_usb_found *found)
{
    char control[16], id[1024];
    const char *dir = found->dir;
    kw_sysfs_text(dir, "serial", found->serial, sizeof found->serial);
    kw_sysfs_text(dir, "manufacturer", found->manufacturer, sizeof found->manufacturer);
    kw_sysfs_text(dir, "product", found->model, sizeof found->model);
    long speed = kw_sysfs_number(dir, "speed", 10), bus = kw_sysfs_number(dir, "busnum", 10);
    long number = kw_sysfs_number(dir, "devnum", 10);
    found->speed_mbit = speed > 0 ? (int)speed : 0;
    if (bus > 0 && number > 0 && bus < 1000 && number < 1000)
        snprintf(found->node, sizeof found->node, "/dev/bus/usb/%03ld/%03ld", bus, number);
    found->autosuspend = kw_sysfs_text(dir, "power/control", control, sizeof control) && strcmp(control, "auto") == 0;
    snprintf(found->interface_dir, sizeof found->interface_dir, "%.120s/%.60s:%u.%u", dir, found->name,
             found->choice.configuration, found->choice.interface);
    kw_sysfs_link(found->interface_dir, "driver", found->driver, sizeof found->driver);
    if (kw_sysfs_text(found->interface_dir, "ieee1284_id", id, sizeof id))
        kw_device_id_decode((const uint8_t *)id, strlen(id), found->device_id, sizeof found->device_id);
    find_lp_node(found);
}

static enum kw_usb_obstacle find_obstacle(const struct kw_usb_found *found, bool prints)
{
    if (found->quirks & KW_USB_NOT_ESCPOS)
        return KW_USB_NO_ESCPOS;
    return prints ? KW_USB_USABLE : KW_USB_NO_INTERFACE;
}

static bool read_device(const char *name, const struct kw_link_options *options, struct kw_usb_found *found)
{
    uint8_t bytes[DESCRIPTORS_MAX];
    memset(found, 0, sizeof *found);
    snprintf(found->name, sizeof found->name, "%.63s", name);
    snprintf(found->dir, sizeof found->dir, SYSFS_USB "/%.63s", name);
    size_t length = read_descriptors(found->dir, bytes);
    if (length < 18)
        return false;
    uint16_t vendor = (uint16_t)(bytes[8] | bytes[9] << 8), product = (uint16_t)(bytes[10] | bytes[11] << 8);
    long active = kw_sysfs_number(found->dir, "bConfigurationValue", 10);
    found->known = is_known(options, vendor, product, &found->quirks);
    found->configuration = active > 0 ? (int)active : 0;
    bool vendor_class = found->known && (found->quirks & KW_USB_VENDOR_CLASS);
    bool prints = kw_descriptors_choose(bytes, length, found->configuration, vendor_class, &found->choice);
    if (!prints && (!found->known || (found->quirks & KW_USB_CHIP)))
        return false;
    if (found->quirks & KW_USB_UNIDIRECTIONAL)
        found->choice.in_endpoint = 0;
    read_facts(found);
    found->obstacle = find_obstacle(found, prints);
    /* A page printer that tells so is none of ours, unless a row says that it is. */
    return found->known || !kw_device_id_other_language(found->device_id);
}

static int by_port(const void *left, const void *right)
{
    return strverscmp(((const struct kw_usb_found *)left)->name, ((const struct kw_usb_found *)right)->name);
}

static bool same_serial(const struct kw_usb_found *a, const struct kw_usb_found *b)
{
    return a->choice.vendor == b->choice.vendor && a->choice.product == b->choice.product &&
           strcmp(a->serial, b->serial) == 0;
}

/* Two that carry the same serial number are told apart by their ports. */
static void name_all(struct kw_usb_found *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct kw_usb_found *one = &found[i];
        bool shared = (one->quirks & KW_USB_SHARED_SERIAL) != 0;
        for (size_t other = 0; other < count; other++)
            shared = shared || (other != i && same_serial(one, &found[other]));
        kw_identity_usb(one->choice.vendor, one->choice.product, one->serial, one->name, shared, one->identity);
        char escaped[400];
        if (!shared && kw_identity_serial_counts(one->serial) &&
            kw_address_escape(one->serial, escaped, sizeof escaped))
            snprintf(one->uri, sizeof one->uri, "usb:%04x:%04x?serial=%s", one->choice.vendor, one->choice.product,
                     escaped);
        else
            snprintf(one->uri, sizeof one->uri, "usb:?port=%s", one->name);
    }
}

size_t kw_usb_scan(const struct kw_link_options *options, struct kw_usb_found found[KW_SCAN_MAX])
{
    DIR *dir = opendir(SYSFS_USB);
    size_t count = 0;
    if (!dir)
        return 0;
    for (struct dirent *entry; count < KW_SCAN_MAX && (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.' && !strchr(entry->d_name, ':') && strncmp(entry->d_name, "usb", 3) != 0)
            count += read_device(entry->d_name, options, &found[count]);
    closedir(dir);
    qsort(found, count, sizeof *found, by_port);
    name_all(found, count);
    return count;
}

struct selector {
    int vendor, product;            /* -1: any */
    char serial[128], port[64];     /* "": any */
};

static bool read_ids(const char *text, struct selector *selector)
{
    unsigned vendor, product;
    int used = 0;
    if (!*text)
        return true;
    if (sscanf(text, "%4x:%4x%n", &vendor, &product, &used) != 2 || text[used] || strspn(text, "+- ") > 0)
        return false;
    selector->vendor = (int)vendor;
    selector->product = (int)product;
    return true;
}

static bool read_pair(const struct kw_address_pair *pair, struct selector *selector)
{
    bool serial = strcmp(pair->key, "serial") == 0;
    if (pair->fault || !pair->value[0] || (!serial && strcmp(pair->key, "port") != 0))
        return false;
    char *place = serial ? selector->serial : selector->port;
    size_t size = serial ? sizeof selector->serial : sizeof selector->port;
    return snprintf(place, size, "%s", pair->value) < (int)size;
}

static int read_selector(const char *uri, struct selector *selector, struct kw_error *error)
{
    char ids[64];
    struct kw_address_pair pair;
    *selector = (struct selector){ .vendor = -1, .product = -1 };
    bool fine = kw_address_path(uri, true, ids, sizeof ids) && read_ids(ids, selector);
    for (const char *at = NULL; fine && kw_address_next(uri, &at, &pair);)
        fine = read_pair(&pair, selector);
    return fine ? 0 : kw_fail(error, KWIT_E_INVALID, uri, "this is not the address of a USB printer; write usb:, "
                              "usb:VVVV:PPPP, usb:?serial=X or usb:?port=1-2.3, as kwit devices lists them%s",
                              strstr(uri, ":0x") ? "; ids are written without 0x" : "");
}

static bool fits(const struct selector *selector, const struct kw_usb_found *found)
{
    return (selector->vendor < 0 || selector->vendor == found->choice.vendor) &&
           (selector->product < 0 || selector->product == found->choice.product) &&
           (!selector->serial[0] || strcmp(selector->serial, found->serial) == 0) &&
           (!selector->port[0] || strcmp(selector->port, found->name) == 0);
}

/* A printer that a row knows is meant rather than one that only has the class: an office printer has it too. */
static size_t count_fitting(const struct selector *selector, const struct kw_usb_found *found, size_t count, bool known,
                            size_t *at)
{
    size_t fitting = 0;
    for (size_t i = 0; i < count; i++) {
        if (fits(selector, &found[i]) && found[i].obstacle == KW_USB_USABLE && (found[i].known || !known)) {
            *at = i;
            fitting++;
        }
    }
    return fitting;
}

static int several(const char *uri, const struct kw_usb_found *found, size_t count, const struct selector *selector,
                   struct kw_error *error)
{
    char list[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (fits(selector, &found[i]) && found[i].obstacle == KW_USB_USABLE && used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", found[i].uri);
    return kw_fail(error, KWIT_E_SEVERAL_PRINTERS, uri, "more than one printer fits; name one of %s", list);
}

static int obstructed(const struct kw_usb_found *found, struct kw_error *error)
{
    if (found->obstacle == KW_USB_NO_ESCPOS)
        return kw_fail(error, KWIT_E_UNSUPPORTED, found->uri, "this printer speaks no ESC/POS; if it can be switched "
                       "to ESC/POS emulation, do that, else it cannot be used");
    return kw_fail(error, KWIT_E_UNSUPPORTED, found->uri, "this device has a receipt printer's id but no interface "
                   "that prints; switch it to \"USB printer class\", or use serial:/dev/ttyACM0 if it is a serial "
                   "one");
}

static int none(const char *uri, const struct kw_usb_found *found, size_t count, const struct selector *selector,
                struct kw_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (fits(selector, &found[i]) && found[i].obstacle != KW_USB_USABLE)
            return obstructed(&found[i], error);
    if (access(SYSFS_USB, R_OK) != 0)
        return kw_fail(error, KWIT_E_NO_PRINTER, uri, "this machine shows no USB at all (no " SYSFS_USB "); in a "
                       "container, start it with /sys mounted and -v /dev/bus/usb:/dev/bus/usb");
    return kw_fail(error, KWIT_E_NO_PRINTER, uri, "no such receipt printer is plugged in; check its power and cable, "
                   "then kwit devices");
}

int kw_usb_pick(const char *uri, const struct kw_link_options *options, struct kw_usb_found *picked,
                struct kw_error *error)
{
    struct selector selector;
    int status = read_selector(uri, &selector, error);
    if (status != 0)
        return status;
    struct kw_usb_found *found = calloc(KW_SCAN_MAX, sizeof *found);
    if (!found)
        return kw_fail(error, KWIT_E_NO_MEMORY, uri, "out of memory");
    size_t count = kw_usb_scan(options, found), at = 0;
    size_t fitting = count_fitting(&selector, found, count, false, &at);
    if (fitting > 1 && count_fitting(&selector, found, count, true, &at) == 1)
        fitting = 1;
    if (fitting == 1)
        *picked = found[at];
    status = fitting == 1 ? 0 : fitting == 0 ? none(uri, found, count, &selector, error) : several(uri, found, count,
                                                                                                   &selector, error);
    free(found);
    return status;
}

bool kw_usb_name_absent(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX])
{
    struct selector selector;
    unsigned quirks;
    if (read_selector(uri, &selector, NULL) != 0 || selector.vendor < 0 || !kw_identity_serial_counts(selector.serial))
        return false;
    is_known(options, (uint16_t)selector.vendor, (uint16_t)selector.product, &quirks);
    if (quirks & KW_USB_SHARED_SERIAL)
        return false;
    kw_identity_usb((uint16_t)selector.vendor, (uint16_t)selector.product, selector.serial, "", false, identity);
    return true;
}
