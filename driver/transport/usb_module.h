/* usb_module.h - what the module kwit-usb.so (libusb) and the library that loads it promise each other. */
#ifndef KW_TRANSPORT_USB_MODULE_H
#define KW_TRANSPORT_USB_MODULE_H

#include "transport/descriptors.h"
#include "transport/transport.h"

#define KW_USB_MODULE_FILE "kwit-usb.so"
#define KW_USB_MODULE_SYMBOL "kw_usb_module"
enum { KW_USB_MODULE_VERSION = 2 };

/* An interface to take over; the module keeps a copy. */
struct kw_usb_place {
    int file;                       /* the open device node; stays the caller's and open until the link is closed */
    struct kw_usb_choice choice;
    unsigned quirks;                /* KW_USB_… */
    bool configured;                /* the device has an active configuration */
    bool uncounted;                 /* a transfer that is cut short comes back without a count that could be trusted */
    int chunk_bytes, pause_ms;      /* 0: the module's own choice */
    const char *where;              /* for errors; lives as long as the link */
    const struct kw_log *log;
};

struct kw_usb_module {
    uint32_t version;
    /* Detaches a kernel driver, claims, chooses the setting; waits for a busy interface until the moment. */
    int (*open)(const struct kw_usb_place *place, int64_t until_ms, struct kw_link **link, struct kw_error *error);
    /* GET_DEVICE_ID as it comes; how many bytes, 0 when there is none. */
    size_t (*device_id)(struct kw_link *link, uint8_t *bytes, size_t size, int64_t until_ms);
};

#endif
