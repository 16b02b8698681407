/*
 * transport.h - moving bytes to and from a printer before a deadline. Knows nothing of receipts or ESC/POS.
 *
 * A scheme is one row: its name and an ops table. The `sim` scheme lives in the simulator's room and is handed in
 * from above with the others; usb.c is the module kwit-usb.so and the only user of libusb.
 */
#ifndef KW_TRANSPORT_TRANSPORT_H
#define KW_TRANSPORT_TRANSPORT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_URI_MAX = 1024, KW_IDENTITY_MAX = 200 };

struct kw_link;

/* Quirks reach the transport as plain values: the bits of profile.h that concern the bus (a test holds them equal). */
enum {
    KW_USB_NO_SET_INTERFACE = 1, KW_USB_VENDOR_CLASS = 2, KW_USB_UNIDIRECTIONAL = 4, KW_USB_NO_REATTACH = 8,
    KW_USB_SOFT_RESET = 16, KW_USB_SMALL_WRITES = 32, KW_USB_NO_AUTOSUSPEND = 64, KW_USB_SHARED_SERIAL = 128,
    KW_USB_NOT_ESCPOS = 512, KW_USB_DELAY_CLOSE = 16384, KW_USB_CHIP = 65536
};

struct kw_link_options {
    const struct kw_log *log;
    unsigned usb_quirks;            /* KW_USB_… bits, added to what usb_known says */
    int write_chunk_bytes;          /* 0: the transport's own choice */
    int write_pause_ms;
    /* usb: what a vendor and product id mean (quirks and whether it is a receipt printer), asked at discovery. */
    bool (*usb_known)(void *data, uint16_t vendor, uint16_t product, unsigned *quirks);
    void *usb_known_data;
};

/* What a link tells about itself once it is open; strings live as long as the link. */
struct kw_link_facts {
    const char *identity;           /* stable name of the device: lock and journal key */
    const char *model, *serial, *device_id;     /* "" when not known */
    uint16_t usb_vendor, usb_product;
    bool can_read;                  /* has a back channel at all */
    bool test;                      /* no real paper: sim:, a regular file */
    bool instant;                   /* a write that was accepted is at its end (regular file) */
    bool drain_ends;                /* after drain nothing can be sent any more (tcp) */
    bool uncounted;                 /* a transfer was cut short (usb): more was taken, perhaps, than was counted */
};

/*
 * Contract of the callbacks. Moments (until_ms) are of kw_clock_boot_ms. None may block past its moment by
 * more than 50 ms. None raises SIGPIPE.
 */
struct kw_transport_ops {
    const char *scheme;             /* "usb", "tcp", "serial", "file", "sim" */
    /* Stable identity of what the address means, without opening it where possible; UNAVAILABLE, NO_PRINTER, … */
    int (*identify)(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                    struct kw_error *error);
    /* Opens for this process alone; waits for a busy device until the moment. BUSY, PERMISSION, NO_PRINTER, … */
    int (*open)(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                struct kw_error *error);
    void (*close)(struct kw_link *link);
    /*
     * Full duplex: sends out[0..out_length) and receives into in. Returns when all of out was accepted, or when at
     * least one byte was received, or at the moment, whichever is first; with out_length 0 on input or at the moment.
     * *out_done and *in_done count exactly what was accepted and received, also on failure: 0, DISCONNECTED, IO. A call
     * that returns with input may leave bytes under way that are not counted yet: the next call that sends begins with
     * the same bytes. A call whose moment has passed leaves none; facts.uncounted says when its count is the least.
     */
    int (*transfer)(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done,
                    uint8_t *in, size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error);
    /*
     * Waits until what was accepted has left the host; on tcp ends the stream, and waits until the other side, which
     * has read all of it then, ends its own. 0, TIMEOUT, DISCONNECTED: reset, or ended before. May be NULL.
     */
    int (*drain)(struct kw_link *link, int64_t until_ms, struct kw_error *error);
    /* USB printer class GET_PORT_STATUS byte, or -1 when the device or transport has none. May be NULL. */
    int (*port_status)(struct kw_link *link);
    /* Printer class SOFT_RESET or the like; UNSUPPORTED. May be NULL. */
    int (*reset)(struct kw_link *link, struct kw_error *error);
    bool lets_go;                   /* serves one at a time: a link lost at its beginning may be had again */
};

/* Every transport's link begins with this. */
struct kw_link {
    const struct kw_transport_ops *ops;
    struct kw_link_facts facts;
};

extern const struct kw_transport_ops kw_transport_usb, kw_transport_tcp, kw_transport_serial, kw_transport_file;

/* What an address that is none probably lacks in front of its rest; NULL: no guess. */
const char *kw_transport_meant(const char *uri, const char **rest);
/* The scheme's row in a NULL-terminated list; a path that begins with / is `file`. NULL: INVALID in *error. */
const struct kw_transport_ops *kw_transport_find(const struct kw_transport_ops *const *schemes, const char *uri,
                                                 struct kw_error *error);

/* Why a device that is a receipt printer by its id cannot be printed on. */
enum kw_usb_obstacle {
    KW_USB_USABLE,
    KW_USB_NO_INTERFACE,            /* it shows no interface that prints: set to be a modem, a disk, a vendor's own */
    KW_USB_NO_ESCPOS                /* it speaks another language */
};

/* Receipt printers on USB, for `devices`. */
struct kw_usb_device {
    char uri[KW_URI_MAX];
    char identity[KW_IDENTITY_MAX];
    uint16_t vendor, product;
    char manufacturer[128], model[128], serial[128], port[64], device_id[1024], node[64];
    char lp_node[64];               /* /dev/usb/lp0 while usblp holds the interface, else "" */
    char driver[32];                /* kernel driver that holds the interface, "" when none */
    char holder[128];               /* process that holds the node, where it can be known */
    int interface_class, protocol, speed_mbit;
    bool readable, accessible;      /* may this user open it */
    bool bidirectional;
    bool autosuspend;
    bool known;                     /* usb_known said so */
    enum kw_usb_obstacle obstacle;
    unsigned quirks;
};
int kw_usb_list(struct kw_arena *arena, const struct kw_link_options *options, struct kw_usb_device **devices,
                size_t *count, struct kw_error *error);

/*
 * Waits for a printer to appear or to go, or to become usable. True: something changed; false: the moment passed.
 * identity NULL: any USB device. What changed before the call is not seen: wait in slices and look between them.
 */
bool kw_usb_wait(const char *identity, int64_t until_ms);

#endif
