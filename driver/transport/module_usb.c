/*
 * module_usb.c - usb:… : finds the printer, opens its node for this process alone and loads libusb's module.
 *
 * libusb is loaded only when a USB printer is really opened. The node is opened and locked here, so that the causes
 * of a refusal are known exactly; the module takes the open node over.
 */
#include "transport/controller.h"
#include "transport/device_id.h"
#include "transport/holder.h"
#include "transport/scan.h"
#include "transport/stream.h"
#include "transport/usb_module.h"

#include "base/clock.h"
#include "base/module.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LOOK_MS = 100, ID_TIMEOUT_MS = 500, ID_SIZE = 1024 };

struct usb {
    struct kw_link link;
    struct kw_usb_found found;
    struct kw_module *module;
    struct kw_link *inner;          /* the module's link */
    int file;
    char model[128], serial[128];
};

static int usb_identify(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                        struct kw_error *error)
{
    struct kw_usb_found found;
    int status = kw_usb_pick(uri, options, &found, error);
    if (status == 0)
        snprintf(identity, KW_IDENTITY_MAX, "%s", found.identity);
    return status == KWIT_E_NO_PRINTER && kw_usb_name_absent(uri, options, identity) ? 0 : status;
}

/* Whoever has /dev/usb/lp0 open would lose the printer in the middle when usblp is detached: it is waited for. */
static int wait_for_usblp(const struct kw_usb_found *found, int64_t until_ms, struct kw_error *error)
{
    char holder[128];
    while (found->lp_node[0]) {
        int file = open(found->lp_node, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        if (file >= 0)
            close(file);
        if (file >= 0 || errno != EBUSY)
            return 0;
        if (kw_clock_left_ms(until_ms) == 0) {
            bool known = kw_holder_of(found->lp_node, holder, sizeof holder);
            return kw_fail(error, KWIT_E_BUSY, found->lp_node, "%s prints through usblp; wait for it, or stop it",
                           known ? holder : "another process (CUPS?)");
        }
        kw_clock_sleep_ms(LOOK_MS);
    }
    return 0;
}

static int open_node(struct usb *usb, int64_t until_ms, struct kw_error *error)
{
    const char *node = usb->found.node;
    usb->file = open(node, O_RDWR | O_CLOEXEC);
    while (usb->file < 0 && errno == EACCES && kw_stream_settling(node) && kw_clock_left_ms(until_ms) > 0) {
        kw_clock_sleep_ms(LOOK_MS);
        usb->file = open(node, O_RDWR | O_CLOEXEC);
    }
    if (usb->file < 0 && errno == ENOENT)
        return kw_fail(error, KWIT_E_UNAVAILABLE, node, "the printer is plugged in, but its device node is not here; "
                       "in a container, start it with -v /dev/bus/usb:/dev/bus/usb");
    if (usb->file < 0)
        return kw_stream_open_failed(errno, node, error);
    int status = kw_stream_lock(usb->file, node, until_ms, error);
    return status != 0 ? status : wait_for_usblp(&usb->found, until_ms, error);
}

static const struct kw_usb_module *load(struct usb *usb, struct kw_error *error)
{
    if (kw_module_open(KW_USB_MODULE_FILE, &usb->module, error) != 0)
        return NULL;
    return kw_module_table(usb->module, KW_USB_MODULE_SYMBOL, KW_USB_MODULE_VERSION, error);
}

static void learn_facts(struct usb *usb, const struct kw_usb_module *table, int64_t until_ms)
{
    struct kw_usb_found *found = &usb->found;
    uint8_t bytes[ID_SIZE];
    if (!found->device_id[0]) {
        size_t length = table->device_id(usb->inner, bytes, sizeof bytes, until_ms);
        kw_device_id_decode(bytes, length, found->device_id, sizeof found->device_id);
    }
    if (!kw_device_id_value(found->device_id, "MDL", usb->model, sizeof usb->model) || !usb->model[0])
        snprintf(usb->model, sizeof usb->model, "%s", found->model);
    snprintf(usb->serial, sizeof usb->serial, "%s", found->serial);
    usb->link.facts = (struct kw_link_facts){
        .identity = found->identity, .model = usb->model, .serial = usb->serial, .device_id = found->device_id,
        .usb_vendor = found->choice.vendor, .usb_product = found->choice.product,
        .can_read = usb->inner->facts.can_read
    };
}

static int take_over(struct usb *usb, const struct kw_link_options *options, int64_t until_ms, struct kw_error *error)
{
    const struct kw_usb_module *table = load(usb, error);
    if (!table)
        return KWIT_E_UNSUPPORTED;
    const struct kw_usb_place place = {
        .file = usb->file, .choice = usb->found.choice, .quirks = usb->found.quirks,
        .configured = usb->found.configuration > 0, .uncounted = !kw_controller_counts(usb->found.dir),
        .chunk_bytes = options ? options->write_chunk_bytes : 0, .pause_ms = options ? options->write_pause_ms : 0,
        .where = usb->found.uri, .log = options ? options->log : NULL
    };
    int status = table->open(&place, until_ms, &usb->inner, error);
    if (status == 0)
        learn_facts(usb, table, until_ms);
    return status;
}

static void usb_close(struct kw_link *link)
{
    struct usb *usb = (struct usb *)link;
    if (usb->inner)
        usb->inner->ops->close(usb->inner);
    if (usb->file >= 0)
        close(usb->file);
    kw_module_close(usb->module);
    free(usb);
}

static int usb_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                    struct kw_error *error)
{
    struct usb *usb = calloc(1, sizeof *usb);
    if (!usb)
        return kw_fail(error, KWIT_E_NO_MEMORY, uri, "out of memory");
    usb->link.ops = &kw_transport_usb;
    usb->file = -1;
    int status = kw_usb_pick(uri, options, &usb->found, error);
    if (status == 0)
        status = open_node(usb, until_ms, error);
    if (status == 0)
        status = take_over(usb, options, until_ms, error);
    if (status != 0) {
        usb_close(&usb->link);
        return status;
    }
    *link = &usb->link;
    return 0;
}

static struct kw_link *inner(struct kw_link *link)
{
    return ((struct usb *)link)->inner;
}

static int usb_transfer(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done, uint8_t *in,
                        size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error)
{
    int status = inner(link)->ops->transfer(inner(link), out, out_length, out_done, in, in_size, in_done, until_ms,
                                            error);
    link->facts.can_read = inner(link)->facts.can_read;
    link->facts.uncounted = inner(link)->facts.uncounted;
    return status;
}

static int usb_port_status(struct kw_link *link)
{
    return inner(link)->ops->port_status(inner(link));
}

static int usb_reset(struct kw_link *link, struct kw_error *error)
{
    return inner(link)->ops->reset(inner(link), error);
}

const struct kw_transport_ops kw_transport_usb = {
    .scheme = "usb", .identify = usb_identify, .open = usb_open, .close = usb_close, .transfer = usb_transfer,
    .port_status = usb_port_status, .reset = usb_reset
};

/* GET_DEVICE_ID is the one request that usbfs lets through without a claim, so it disturbs nobody who prints. */
static void ask_device_id(struct kw_usb_found *found)
{
    uint8_t bytes[ID_SIZE];
    int file = open(found->node, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    struct usbdevfs_ctrltransfer request = {
        .bRequestType = 0xa1, .bRequest = 0, .wValue = 0,
        .wIndex = (uint16_t)(found->choice.interface << 8 | found->choice.alternate), .wLength = sizeof bytes,
        .timeout = ID_TIMEOUT_MS, .data = bytes
    };
    int length = ioctl(file, USBDEVFS_CONTROL, &request);
    close(file);
    if (length > 0)
        kw_device_id_decode(bytes, (size_t)length, found->device_id, sizeof found->device_id);
}

static void describe(struct kw_usb_found *found, struct kw_usb_device *device)
{
    if (!found->device_id[0] && found->choice.class == 7 && found->obstacle != KW_USB_NO_INTERFACE)
        ask_device_id(found);
    *device = (struct kw_usb_device){
        .vendor = found->choice.vendor, .product = found->choice.product, .interface_class = found->choice.class,
        .protocol = found->choice.protocol, .speed_mbit = found->speed_mbit, .autosuspend = found->autosuspend,
        .bidirectional = found->choice.in_endpoint != 0, .known = found->known, .quirks = found->quirks,
        .obstacle = found->obstacle,
        .readable = access(found->node, R_OK) == 0, .accessible = access(found->node, R_OK | W_OK) == 0
    };
    snprintf(device->uri, sizeof device->uri, "%s", found->uri);
    snprintf(device->identity, sizeof device->identity, "%s", found->identity);
    snprintf(device->manufacturer, sizeof device->manufacturer, "%s", found->manufacturer);
    snprintf(device->model, sizeof device->model, "%s", found->model);
    snprintf(device->serial, sizeof device->serial, "%s", found->serial);
    snprintf(device->port, sizeof device->port, "%s", found->name);
    snprintf(device->device_id, sizeof device->device_id, "%s", found->device_id);
    snprintf(device->node, sizeof device->node, "%s", found->node);
    snprintf(device->lp_node, sizeof device->lp_node, "%s", found->lp_node);
    snprintf(device->driver, sizeof device->driver, "%s", found->driver);
    if (!kw_holder_of(found->node, device->holder, sizeof device->holder) && found->lp_node[0])
        kw_holder_of(found->lp_node, device->holder, sizeof device->holder);
}

int kw_usb_list(struct kw_arena *arena, const struct kw_link_options *options, struct kw_usb_device **devices,
                size_t *count, struct kw_error *error)
{
    struct kw_usb_found *found = calloc(KW_SCAN_MAX, sizeof *found);
    size_t seen = found ? kw_usb_scan(options, found) : 0;
    *count = 0;
    *devices = found ? kw_arena_array(arena, seen ? seen : 1, sizeof **devices) : NULL;
    for (size_t i = 0; *devices && i < seen; i++) {
        describe(&found[i], &(*devices)[*count]);
        bool pages = !found[i].known && kw_device_id_other_language(found[i].device_id);
        *count += !pages;
    }
    free(found);
    return *devices ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
}
