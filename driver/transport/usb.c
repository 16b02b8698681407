/*
 * usb.c - the module kwit-usb.so: claims a printer's interface and moves bytes with asynchronous transfers.
 *
 * Reading is always under way while a link is open, so answers are taken while the bus carries a receipt. One transfer
 * of OUT is under way at a time, and is never taken back because something came in: it stays under way when a call
 * returns with input, and the next call waits for it. Only at the moment, at an unplug and at the close it is cut
 * short. Its count says then where it ended, unless a host controller that is not this machine's lost the count.
 */
#include "transport/usb_errors.h"
#include "transport/usb_module.h"

#include "base/clock.h"

#include <libusb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
    IN_TRANSFERS = 2, IN_SIZE = 1024, RECEIVED_SIZE = 8192, OUT_SIZE = 16384, SMALL_OUT_SIZE = 512,
    CLAIM_LOOK_MS = 100, CANCEL_MS = 40, CLOSE_MS = 1000, RELEASE_MS = 100, CONTROL_MS = 500, SOFT_RESET_MS = 2000,
    EMPTY_PACE_MS = 5, EMPTY_PACE_MAX_MS = 50, FAULT_PACE_MS = 50, FAULTS_MAX = 5
};

struct reader {
    struct libusb_transfer *transfer;
    struct usb_link *usb;
    bool busy;
    uint8_t bytes[IN_SIZE];
};

struct usb_link {
    struct kw_link link;
    struct kw_usb_place place;
    libusb_context *context;
    libusb_device_handle *handle;
    bool claimed, detached, gone;

    struct libusb_transfer *out;
    bool out_busy;                  /* the kernel has it */
    bool out_open;                  /* it is not counted yet */
    int out_faults;                 /* in a row */
    int64_t out_resume_ms;

    struct reader readers[IN_TRANSFERS];
    bool in_stalled;
    int in_faults, in_empty;        /* in a row */
    int64_t in_resume_ms;
    size_t received_count;
    uint8_t received[RECEIVED_SIZE];
};

/* ---- reading ---------------------------------------------------------------------------------------------- */

static void keep_received(struct usb_link *usb, const uint8_t *bytes, size_t length)
{
    size_t room = RECEIVED_SIZE - usb->received_count;
    if (length > room)
        length = room;
    memcpy(usb->received + usb->received_count, bytes, length);
    usb->received_count += length;
}

/* Some printers complete every read at once with nothing in it: they are asked more slowly. */
static void note_empty(struct usb_link *usb)
{
    int pace = ++usb->in_empty * EMPTY_PACE_MS;
    usb->in_resume_ms = kw_clock_boot_ms() + (pace < EMPTY_PACE_MAX_MS ? pace : EMPTY_PACE_MAX_MS);
}

static void note_in_fault(struct usb_link *usb)
{
    usb->in_resume_ms = kw_clock_boot_ms() + FAULT_PACE_MS;
    if (++usb->in_faults < FAULTS_MAX)
        return;
    usb->link.facts.can_read = false;
    kw_log(usb->place.log, KW_LOG_WARNING, "%s: the back channel fails; going on without answers", usb->place.where);
}

static void LIBUSB_CALL in_ended(struct libusb_transfer *transfer)
{
    struct reader *reader = transfer->user_data;
    struct usb_link *usb = reader->usb;
    reader->busy = false;
    if (transfer->actual_length > 0) {
        keep_received(usb, reader->bytes, (size_t)transfer->actual_length);
        usb->in_empty = usb->in_faults = 0;
    }
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        if (transfer->actual_length == 0)
            note_empty(usb);
        break;
    case LIBUSB_TRANSFER_NO_DEVICE:
        usb->gone = true;
        break;
    case LIBUSB_TRANSFER_CANCELLED:
        break;
    case LIBUSB_TRANSFER_STALL:
        usb->in_stalled = true;
        note_in_fault(usb);
        break;
    default:
        note_in_fault(usb);
    }
}

static void keep_reading(struct usb_link *usb)
{
    if (!usb->link.facts.can_read || usb->gone || kw_clock_left_ms(usb->in_resume_ms) > 0)
        return;
    if (usb->in_stalled) {
        usb->in_stalled = false;
        libusb_clear_halt(usb->handle, usb->place.choice.in_endpoint);
    }
    size_t room = RECEIVED_SIZE - usb->received_count;
    for (int i = 0; i < IN_TRANSFERS; i++)
        room -= usb->readers[i].busy && room >= IN_SIZE ? IN_SIZE : 0;
    bool doubtful = usb->in_empty + usb->in_faults > 0;         /* one at a time then */
    for (int i = 0; i < (doubtful ? 1 : IN_TRANSFERS) && room >= IN_SIZE; i++) {
        struct reader *reader = &usb->readers[i];
        if (reader->busy)
            continue;
        int status = libusb_submit_transfer(reader->transfer);
        reader->busy = status == 0;
        if (status == LIBUSB_ERROR_NO_DEVICE)
            usb->gone = true;
        else if (status != 0)
            note_in_fault(usb);
        room -= IN_SIZE;
    }
}

static size_t take_received(struct usb_link *usb, uint8_t *in, size_t size)
{
    size_t part = usb->received_count < size ? usb->received_count : size;
    memcpy(in, usb->received, part);
    memmove(usb->received, usb->received + part, usb->received_count - part);
    usb->received_count -= part;
    return part;
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

static void LIBUSB_CALL out_ended(struct libusb_transfer *transfer)
{
    ((struct usb_link *)transfer->user_data)->out_busy = false;
}

static int chunk_size(const struct usb_link *usb)
{
    if (usb->place.chunk_bytes > 0 && usb->place.chunk_bytes < OUT_SIZE)
        return usb->place.chunk_bytes;
    return usb->place.quirks & KW_USB_SMALL_WRITES ? SMALL_OUT_SIZE : OUT_SIZE;
}

static int begin_out(struct usb_link *usb, const uint8_t *bytes, size_t length, struct kw_error *error)
{
    size_t part = length < (size_t)chunk_size(usb) ? length : (size_t)chunk_size(usb);
    memcpy(usb->out->buffer, bytes, part);
    usb->out->length = (int)part;
    int status = libusb_submit_transfer(usb->out);
    usb->out_busy = usb->out_open = status == 0;
    if (status == LIBUSB_ERROR_NO_DEVICE)
        usb->gone = true;
    else if (status != 0)
        return kw_usb_fail(status, "send to the printer", usb->place.where, error);
    return 0;
}

/* Counts what the transfer that ended brought over, and says whether it is worth going on. */
static int end_out(struct usb_link *usb, size_t *done, struct kw_error *error)
{
    const struct libusb_transfer *out = usb->out;
    bool cut = out->status == LIBUSB_TRANSFER_CANCELLED || out->status == LIBUSB_TRANSFER_NO_DEVICE;
    usb->out_open = false;
    usb->link.facts.uncounted |= cut && usb->place.uncounted && out->actual_length < out->length;
    *done += (size_t)out->actual_length;
    if (out->actual_length > 0) {
        usb->out_faults = 0;
        usb->out_resume_ms = kw_clock_boot_ms() + usb->place.pause_ms;
    }
    switch (out->status) {
    case LIBUSB_TRANSFER_COMPLETED:
    case LIBUSB_TRANSFER_CANCELLED:
        return 0;
    case LIBUSB_TRANSFER_NO_DEVICE:
        usb->gone = true;
        return 0;
    case LIBUSB_TRANSFER_STALL:
        if (libusb_clear_halt(usb->handle, usb->place.choice.out_endpoint) == LIBUSB_ERROR_NO_DEVICE)
            usb->gone = true;
        break;
    default:
        usb->out_resume_ms = kw_clock_boot_ms() + FAULT_PACE_MS;    /* an unplug begins with protocol errors */
    }
    if (++usb->out_faults < FAULTS_MAX)
        return 0;
    usb->out_faults = 0;
    return kw_usb_fail(out->status == LIBUSB_TRANSFER_STALL ? LIBUSB_ERROR_PIPE : LIBUSB_ERROR_IO,
                       "send to the printer", usb->place.where, error);
}

static void handle_events(struct usb_link *usb, int wait_ms)
{
    struct timeval wait = { .tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000 };
    struct pollfd node = { .fd = usb->place.file };
    libusb_handle_events_timeout_completed(usb->context, &wait, NULL);
    if (poll(&node, 1, 0) > 0 && (node.revents & (POLLERR | POLLHUP)))
        usb->gone = true;
}

/* Nothing stays under way. */
static void cut_short(struct usb_link *usb)
{
    int64_t until_ms = kw_clock_boot_ms() + CANCEL_MS;
    if (usb->out_busy)
        libusb_cancel_transfer(usb->out);
    while (usb->out_busy && kw_clock_left_ms(until_ms) > 0)
        handle_events(usb, kw_clock_left_ms(until_ms));
    if (usb->out_busy)              /* the kernel does not give it back: nothing more can be promised */
        usb->gone = usb->link.facts.uncounted = true;
}

/* Until the moment, or until a pause that someone keeps is over. */
static int next_wait(const struct usb_link *usb, bool sending, int64_t until_ms)
{
    int wait = kw_clock_left_ms(until_ms), other;
    bool resting = usb->link.facts.can_read && !usb->readers[0].busy && !usb->readers[1].busy;
    if (resting && (other = kw_clock_left_ms(usb->in_resume_ms)) < wait)
        wait = other;
    if (sending && (other = kw_clock_left_ms(usb->out_resume_ms)) < wait)
        wait = other;
    return wait;
}

static int usb_transfer(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done, uint8_t *in,
                        size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error)
{
    struct usb_link *usb = (struct usb_link *)link;
    int status = 0;
    *out_done = 0;
    while (status == 0) {
        keep_reading(usb);
        bool late = kw_clock_left_ms(until_ms) == 0;
        if (late)
            handle_events(usb, 0);
        if (late || usb->gone)
            cut_short(usb);
        if (usb->out_open && !usb->out_busy && out_length > 0)
            status = end_out(usb, out_done, error);
        bool sending = *out_done < out_length, came = in_size > 0 && usb->received_count > 0;
        if (status != 0 || late || came || usb->gone || (out_length > 0 && !sending))
            break;
        if (sending && !usb->out_open && kw_clock_left_ms(usb->out_resume_ms) == 0)
            status = begin_out(usb, out + *out_done, out_length - *out_done, error);
        else
            handle_events(usb, next_wait(usb, sending && !usb->out_open, until_ms));
    }
    *in_done = take_received(usb, in, in_size);
    if (status == 0 && usb->gone && *in_done == 0 && (*out_done < out_length || out_length == 0))
        status = kw_usb_fail(LIBUSB_ERROR_NO_DEVICE, "reach the printer", usb->place.where, error);
    return status;
}

/* ---- control requests of the printer class ---------------------------------------------------------------- */

enum { GET_DEVICE_ID = 0, GET_PORT_STATUS = 1, SOFT_RESET = 2, CLASS_IN = 0xa1, CLASS_OUT = 0x21, CLASS_OUT_OLD = 0x23
    };

static int control(struct usb_link *usb, uint8_t type, uint8_t request, uint16_t index, uint8_t *bytes, size_t size,
                   int timeout_ms)
{
    int status = libusb_control_transfer(usb->handle, type, request, 0, index, bytes, (uint16_t)size,
                                         (unsigned)timeout_ms);
    if (status == LIBUSB_ERROR_NO_DEVICE)
        usb->gone = true;
    return status;
}

/* The standard wants interface and setting in the index; devices that took it for the interface alone exist. */
static size_t usb_device_id(struct kw_link *link, uint8_t *bytes, size_t size, int64_t until_ms)
{
    struct usb_link *usb = (struct usb_link *)link;
    const struct kw_usb_choice *choice = &usb->place.choice;
    const uint16_t indexes[] = { (uint16_t)(choice->interface << 8 | choice->alternate), choice->interface };
    for (size_t i = 0; i < 2 && choice->class == 7; i++) {
        int left = kw_clock_left_ms(until_ms), length;
        if (left == 0 || (i > 0 && indexes[1] == indexes[0]))
            break;
        length = control(usb, CLASS_IN, GET_DEVICE_ID, indexes[i], bytes, size, left < CONTROL_MS ? left : CONTROL_MS);
        if (length > 2)
            return (size_t)length;
    }
    return 0;
}

static int usb_port_status(struct kw_link *link)
{
    struct usb_link *usb = (struct usb_link *)link;
    uint8_t status = 0;
    if (usb->place.choice.class != 7 || usb->gone)
        return -1;
    return control(usb, CLASS_IN, GET_PORT_STATUS, usb->place.choice.interface, &status, 1, CONTROL_MS) == 1 ? status
        : -1;
}

/* The first edition of the class wrote the request's type as 0x23, and old printers know only that one. */
static int usb_reset(struct kw_link *link, struct kw_error *error)
{
    struct usb_link *usb = (struct usb_link *)link;
    uint16_t interface = usb->place.choice.interface;
    int status = LIBUSB_ERROR_NOT_SUPPORTED;
    if (usb->place.choice.class == 7) {
        status = control(usb, CLASS_OUT_OLD, SOFT_RESET, interface, NULL, 0, SOFT_RESET_MS);
        if (status < 0 && !usb->gone)
            status = control(usb, CLASS_OUT, SOFT_RESET, interface, NULL, 0, SOFT_RESET_MS);
    }
    if (status == LIBUSB_ERROR_PIPE || status == LIBUSB_ERROR_NOT_SUPPORTED)
        return kw_fail(error, KWIT_E_UNSUPPORTED, usb->place.where, "this printer cannot be reset over USB");
    return status < 0 ? kw_usb_fail(status, "reset the printer", usb->place.where, error) : 0;
}

/* ---- open and close --------------------------------------------------------------------------------------- */

/* Transfers that the kernel does not give back are left to it: freeing them would free what it may still write to. */
static void free_transfers(struct usb_link *usb)
{
    if (usb->out && !usb->out_busy) {
        free(usb->out->buffer);
        libusb_free_transfer(usb->out);
    }
    for (int i = 0; i < IN_TRANSFERS; i++)
        if (usb->readers[i].transfer && !usb->readers[i].busy)
            libusb_free_transfer(usb->readers[i].transfer);
}

static bool any_busy(const struct usb_link *usb)
{
    return usb->out_busy || usb->readers[0].busy || usb->readers[1].busy;
}

static void stop_transfers(struct usb_link *usb)
{
    int64_t until_ms = kw_clock_boot_ms() + CLOSE_MS;
    if (usb->out_busy)
        libusb_cancel_transfer(usb->out);
    for (int i = 0; i < IN_TRANSFERS; i++)
        if (usb->readers[i].busy)
            libusb_cancel_transfer(usb->readers[i].transfer);
    while (any_busy(usb) && kw_clock_left_ms(until_ms) > 0)
        handle_events(usb, kw_clock_left_ms(until_ms));
}

static void usb_close(struct kw_link *link)
{
    struct usb_link *usb = (struct usb_link *)link;
    stop_transfers(usb);
    if (usb->claimed && (usb->place.quirks & KW_USB_DELAY_CLOSE))
        kw_clock_sleep_ms(RELEASE_MS);
    if (usb->claimed)
        libusb_release_interface(usb->handle, usb->place.choice.interface);
    if (usb->detached && !(usb->place.quirks & KW_USB_NO_REATTACH))
        libusb_attach_kernel_driver(usb->handle, usb->place.choice.interface);
    free_transfers(usb);
    bool stuck = any_busy(usb);
    if (usb->handle && !stuck)
        libusb_close(usb->handle);
    if (usb->context && !stuck)
        libusb_exit(usb->context);
    if (!stuck)
        free(usb);
}

static bool make_transfers(struct usb_link *usb)
{
    const struct kw_usb_choice *choice = &usb->place.choice;
    usb->out = libusb_alloc_transfer(0);
    uint8_t *buffer = malloc(OUT_SIZE);
    if (!usb->out || !buffer) {
        free(buffer);
        return false;
    }
    libusb_fill_bulk_transfer(usb->out, usb->handle, choice->out_endpoint, buffer, OUT_SIZE, out_ended, usb, 0);
    for (int i = 0; i < IN_TRANSFERS && choice->in_endpoint; i++) {
        struct reader *reader = &usb->readers[i];
        reader->usb = usb;
        reader->transfer = libusb_alloc_transfer(0);
        if (!reader->transfer)
            return false;
        libusb_fill_bulk_transfer(reader->transfer, usb->handle, choice->in_endpoint, reader->bytes, IN_SIZE, in_ended,
                                  reader, 0);
    }
    return true;
}

/* A context without enumeration where libusb can make one: the node is open already and nothing is looked for. */
static int make_context(libusb_context **context)
{
#if LIBUSB_API_VERSION >= 0x0100010A
    const struct libusb_init_option options[] = { { .option = LIBUSB_OPTION_NO_DEVICE_DISCOVERY, .value = { 0 } } };
    return libusb_init_context(context, options, 1);
#else
    return libusb_init(context);
#endif
}

static int claim_once(struct usb_link *usb)
{
    const struct kw_usb_choice *choice = &usb->place.choice;
    int status = libusb_kernel_driver_active(usb->handle, choice->interface);
    if (status == LIBUSB_ERROR_NO_DEVICE)
        return status;
    if (status == 1) {
        status = libusb_detach_kernel_driver(usb->handle, choice->interface);
        if (status != 0 && status != LIBUSB_ERROR_NOT_FOUND)
            return status;
        usb->detached = usb->detached || status == 0;
    }
    status = libusb_claim_interface(usb->handle, choice->interface);
    usb->claimed = status == 0;
    return status;
}

static int claim(struct usb_link *usb, int64_t until_ms, struct kw_error *error)
{
    const struct kw_usb_choice *choice = &usb->place.choice;
    int status = 0;
    if (!usb->place.configured)
        status = libusb_set_configuration(usb->handle, choice->configuration);
    if (status != 0)
        return kw_usb_fail(status, "configure the printer", usb->place.where, error);
    while ((status = claim_once(usb)) == LIBUSB_ERROR_BUSY && kw_clock_left_ms(until_ms) > 0)
        kw_clock_sleep_ms(CLAIM_LOOK_MS);
    if (status != 0)
        return kw_usb_fail(status, "claim the printer", usb->place.where, error);
    if (choice->alternates && !(usb->place.quirks & KW_USB_NO_SET_INTERFACE))
        status = libusb_set_interface_alt_setting(usb->handle, choice->interface, choice->alternate);
    if (status == LIBUSB_ERROR_PIPE && choice->alternate == 0)
        status = 0;                 /* devices that have nothing to choose may refuse the choice */
    return status ? kw_usb_fail(status, "choose the printer's setting", usb->place.where, error) : 0;
}

static int take(struct usb_link *usb, int64_t until_ms, struct kw_error *error)
{
    int status = make_context(&usb->context);
    if (status == 0)
        status = libusb_wrap_sys_device(usb->context, usb->place.file, &usb->handle);
    if (status != 0)
        return kw_usb_fail(status, "take the printer over", usb->place.where, error);
    status = claim(usb, until_ms, error);
    if (status == 0 && !make_transfers(usb))
        status = kw_fail(error, KWIT_E_NO_MEMORY, usb->place.where, "out of memory");
    return status;
}

static const struct kw_transport_ops module_ops = {
    .scheme = "usb", .close = usb_close, .transfer = usb_transfer, .port_status = usb_port_status, .reset = usb_reset
};

static int usb_open(const struct kw_usb_place *place, int64_t until_ms, struct kw_link **link, struct kw_error *error)
{
    struct usb_link *usb = calloc(1, sizeof *usb);
    if (!usb)
        return kw_fail(error, KWIT_E_NO_MEMORY, place->where, "out of memory");
    usb->link.ops = &module_ops;
    usb->link.facts.can_read = place->choice.in_endpoint != 0;
    usb->place = *place;
    int status = take(usb, until_ms, error);
    if (status != 0) {
        usb_close(&usb->link);
        return status;
    }
    if (place->quirks & KW_USB_SOFT_RESET)
        usb_reset(&usb->link, NULL);
    keep_reading(usb);
    *link = &usb->link;
    return 0;
}

extern const struct kw_usb_module kw_usb_module;
__attribute__((visibility("default"))) const struct kw_usb_module kw_usb_module = {
    .version = KW_USB_MODULE_VERSION, .open = usb_open, .device_id = usb_device_id
};
