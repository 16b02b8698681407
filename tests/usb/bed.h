/*
 * bed.h - USB printers that are not there: umockdev's sysfs and nodes, with usbfs played behind the ioctls.
 *
 * No kernel USB and no root. Faults are settings: the n-th request or the n-th transfer fails as told.
 */
#ifndef KW_TESTS_USB_BED_H
#define KW_TESTS_USB_BED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bed;

enum bed_urb_fault {
    BED_FINE, BED_STALL, BED_PROTOCOL, BED_OVERFLOW, BED_SHUTDOWN, BED_PARTIAL, BED_PARTIAL_STALL, BED_HANG, BED_UNPLUG,
    BED_URB_FAULTS
};

struct bed_device {
    const uint8_t *descriptors;
    size_t descriptors_length;
    const char *port;               /* "1-1"; at most one device each */
    const char *serial, *manufacturer, *product;    /* NULL: the device has none */
    const uint8_t *device_id;       /* the answer to GET_DEVICE_ID as it is on the wire; NULL: stalls */
    size_t device_id_length;
    const char *driver;             /* "usblp", "usbfs", "" */
    const char *driver_interface;   /* the interface that it holds: "1-1:1.0"; NULL: of interface 0 */
    const char *device_driver;      /* of the whole device, as "usbip-host"; NULL: the kernel's usual one */
    const char *controller;         /* its place in /sys/devices; NULL: one on the PCI bus */
};

/* What the printer behind it does, and what it saw. Set before opening; read after closing. */
struct bed_state {
    long fault_urb;                 /* the n-th transfer (from 0); -1: none */
    enum bed_urb_fault fault;
    long fault_ioctl;               /* the n-th other request (from 0); -1: none */
    int fault_errno;
    long accept_limit;              /* bytes of OUT that it takes before it holds; -1: all */
    bool empty_reads;               /* completes reads at once with nothing when it has nothing */
    bool stall_halts;               /* after a stall everything stalls until the halt is cleared */
    bool always_stalls;             /* every transfer of OUT */
    bool mute;                      /* answers nothing */
    bool loses_count;               /* a transfer that is taken back tells 0, whatever went over */
    uint8_t answers[5];             /* to DLE EOT 1 to 4; 0: all is well */
    const char *maker, *name;       /* to GS I 66 and 67; NULL: nothing */
    int port_status;                /* 0: 0x18, all is well */

    long urbs, ioctls;              /* seen */
    uint8_t accepted[1 << 17];
    size_t accepted_length;
    int clear_halts, resets, settings, reattached, reads;
    int taken_back;                 /* transfers of OUT */
    int out_endpoint, in_endpoint;  /* that were used; 0: none */
    int interface, setting;         /* claimed, chosen */
    bool gone, claimed;
    char driver[32];
};

/* Runs this program again as an ordinary user with umockdev in front of libc; returns when it is so. */
void bed_enter(char **argv);

struct bed *bed_new(void);
void bed_free(struct bed *bed);
struct bed_state *bed_plug(struct bed *bed, const struct bed_device *device);
void bed_unplug(struct bed *bed, const char *port);
/* As in a container that was given the nodes alone. */
void bed_lose_sys(struct bed *bed);
/* Bits of the node's mode, for what an ordinary user may not open. */
void bed_chmod(struct bed *bed, const char *port, int mode);
/* The printer speaks unasked. */
void bed_say(struct bed *bed, const char *port, const void *bytes, size_t length);
void bed_reset(struct bed_state *state);

#endif
