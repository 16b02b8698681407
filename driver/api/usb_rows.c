/* usb_rows.c - the rows of known USB ids, as the transport asks for them and as the udev rules are checked. */
#include "api/usb_rows.h"
#include "profile/profile.h"

#include <string.h>

_Static_assert((int)KW_USB_NO_SET_INTERFACE == (int)KW_QUIRK_NO_SET_INTERFACE &&
               (int)KW_USB_VENDOR_CLASS == (int)KW_QUIRK_VENDOR_CLASS &&
               (int)KW_USB_UNIDIRECTIONAL == (int)KW_QUIRK_UNIDIRECTIONAL &&
               (int)KW_USB_NO_REATTACH == (int)KW_QUIRK_NO_REATTACH &&
               (int)KW_USB_SOFT_RESET == (int)KW_QUIRK_SOFT_RESET &&
               (int)KW_USB_SMALL_WRITES == (int)KW_QUIRK_SMALL_WRITES &&
               (int)KW_USB_NO_AUTOSUSPEND == (int)KW_QUIRK_NO_AUTOSUSPEND &&
               (int)KW_USB_SHARED_SERIAL == (int)KW_QUIRK_SHARED_SERIAL &&
               (int)KW_USB_DELAY_CLOSE == (int)KW_QUIRK_DELAY_CLOSE &&
               (int)KW_USB_CHIP == (int)KW_QUIRK_CHIP &&
               (int)KW_USB_NOT_ESCPOS == (int)KW_QUIRK_NOT_ESCPOS, "the transport takes the quirks as plain values");

bool kw_usb_rows_known(void *unused, uint16_t vendor, uint16_t product, unsigned *quirks)
{
    const struct kw_usb_row *row = kw_usb_row_find(vendor, product);
    (void)unused;
    *quirks = row ? row->quirks : 0;
    return row && row->product != 0 && !(row->quirks & (KW_QUIRK_ADAPTER | KW_QUIRK_NAMED));
}

enum kwit_error kw_address_blame(const struct kw_config_printer *printer, const char *uri)
{
    return printer->uri && strcmp(printer->uri, uri) == 0 ? KWIT_E_CONFIG : KWIT_E_USAGE;
}

struct kw_link_options kw_link_options_for(const kwit_context *context)
{
    return (struct kw_link_options){ .log = &context->log, .usb_known = kw_usb_rows_known };
}
