/* usb_errors.h - libusb's errors in kwit's words, each with what the user should do. */
#ifndef KW_TRANSPORT_USB_ERRORS_H
#define KW_TRANSPORT_USB_ERRORS_H

#include "base/error.h"

/* Fills *error for a negative LIBUSB_ERROR_… and returns its code. doing: "claim the printer". */
int kw_usb_fail(int libusb_error, const char *doing, const char *where, struct kw_error *error);

#endif
