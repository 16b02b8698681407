/* usb_errors.c - one row for each error of libusb. */
#include "transport/usb_errors.h"

#include <libusb.h>

struct row { int error; enum kwit_error code; const char *text; };

#define ROW(libusb, kwit, text) { LIBUSB_ERROR_##libusb, KWIT_E_##kwit, text },
static const struct row rows[] = {
    ROW(IO, IO, "the USB connection failed; check cable and hub, then switch the printer off and on")
    ROW(INVALID_PARAM, INTERNAL, "the kernel refuses the request; this is a bug in kwit, please report it")
    ROW(ACCESS, PERMISSION, "this user may not; run kwit doctor")
    ROW(NO_DEVICE, DISCONNECTED, "the printer was unplugged or switched off")
    ROW(NOT_FOUND, DISCONNECTED, "the printer changed its interfaces meanwhile; unplug it and plug it in again")
    ROW(BUSY, BUSY, "another program holds the printer; kwit devices says which")
    ROW(TIMEOUT, TIMEOUT, "the printer did not react in time; switch it off and on")
    ROW(OVERFLOW, GARBAGE, "the printer sent more than it was asked for; switch it off and on")
    ROW(PIPE, IO, "the printer refuses the data; switch it off and on")
    ROW(INTERRUPTED, IO, "the call was interrupted; try again")
    ROW(NO_MEM, NO_MEMORY, "no memory for USB; see /sys/module/usbcore/parameters/usbfs_memory_mb")
    ROW(NOT_SUPPORTED, UNSUPPORTED, "this kernel cannot do that; in a container, hand /dev/bus/usb in")
    ROW(OTHER, IO, "the kernel gave no cause; unplug the printer and plug it in again")
};
#undef ROW

int kw_usb_fail(int libusb_error, const char *doing, const char *where, struct kw_error *error)
{
    const struct row *row = &rows[sizeof rows / sizeof rows[0] - 1];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].error == libusb_error)
            row = &rows[i];
    return kw_fail(error, row->code, where, "cannot %s: %s", doing, row->text);
}
