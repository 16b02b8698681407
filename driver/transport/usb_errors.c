/* usb_errors.c - one row for each error of libusb. */
#include "transport/usb_errors.h"

#include <libusb.h>

struct row { int error; enum kwit_error code; const char *text; };

static const struct row rows[] = {
    { LIBUSB_ERROR_IO, KWIT_E_IO, "the USB connection failed; check the cable and the hub, then switch the printer off and on" },
    { LIBUSB_ERROR_INVALID_PARAM, KWIT_E_INTERNAL, "the kernel refuses the request; this is a bug in kwit, please report it" },
    { LIBUSB_ERROR_ACCESS, KWIT_E_PERMISSION, "this user may not; run kwit doctor" },
    { LIBUSB_ERROR_NO_DEVICE, KWIT_E_DISCONNECTED, "the printer was unplugged or switched off" },
    { LIBUSB_ERROR_NOT_FOUND, KWIT_E_DISCONNECTED, "the printer changed its interfaces meanwhile; unplug it and plug it in again" },
    { LIBUSB_ERROR_BUSY, KWIT_E_BUSY, "another program holds the printer; kwit devices says which" },
    { LIBUSB_ERROR_TIMEOUT, KWIT_E_TIMEOUT, "the printer did not react in time; switch it off and on" },
    { LIBUSB_ERROR_OVERFLOW, KWIT_E_GARBAGE, "the printer sent more than it was asked for; switch it off and on" },
    { LIBUSB_ERROR_PIPE, KWIT_E_IO, "the printer refuses the data; switch it off and on" },
    { LIBUSB_ERROR_INTERRUPTED, KWIT_E_IO, "the call was interrupted; try again" },
    { LIBUSB_ERROR_NO_MEM, KWIT_E_NO_MEMORY, "the kernel has no memory for USB; see /sys/module/usbcore/parameters/usbfs_memory_mb" },
    { LIBUSB_ERROR_NOT_SUPPORTED, KWIT_E_UNSUPPORTED, "this kernel cannot do that; in a container, hand /dev/bus/usb in" },
    { LIBUSB_ERROR_OTHER, KWIT_E_IO, "the kernel gave no cause; unplug the printer and plug it in again" },
};

int kw_usb_fail(int libusb_error, const char *doing, const char *where, struct kw_error *error)
{
    const struct row *row = &rows[sizeof rows / sizeof rows[0] - 1];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == libusb_error)
            row = &rows[i];
    return kw_fail(error, row->code, where, "cannot %s: %s", doing, row->text);
}
