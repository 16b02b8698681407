/* usb_rows.h - what the rows of known USB ids mean to the transport and to the udev rules made from them. */
#ifndef KW_API_USB_ROWS_H
#define KW_API_USB_ROWS_H

#include "api/context.h"
#include "config/config.h"

#include <stdint.h>

/* For kw_link_options.usb_known: the quirks of an id, and whether it is a receipt printer's. */
bool kw_usb_rows_known(void *unused, uint16_t vendor, uint16_t product, unsigned *quirks);

/* Options that every open and every listing uses: the log and the rows. */
struct kw_link_options kw_link_options_for(const kwit_context *context);

/* Whose mistake a wrong address is: the configuration's where it stands there, else the caller's. */
enum kwit_error kw_address_blame(const struct kw_config_printer *printer, const char *uri);

#endif
