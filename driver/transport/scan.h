/* scan.h - finds USB printers in sysfs, without opening any, and picks the one that an address means. */
#ifndef KW_TRANSPORT_SCAN_H
#define KW_TRANSPORT_SCAN_H

#include "transport/descriptors.h"
#include "transport/transport.h"

enum { KW_SCAN_MAX = 32 };

struct kw_usb_found {
    struct kw_usb_choice choice;
    unsigned quirks;                /* KW_USB_… */
    bool known;                     /* its ids are a row of ours */
    enum kw_usb_obstacle obstacle;
    char name[64];                  /* in /sys/bus/usb/devices: "1-2.3", which is also the port path */
    char dir[128], interface_dir[192];
    char serial[128], manufacturer[128], model[128], device_id[1024];
    char node[64];                  /* /dev/bus/usb/001/004 */
    char lp_node[64];               /* /dev/usb/lp0, "" when usblp does not hold it */
    char driver[32];                /* "" when no kernel driver holds the interface */
    char identity[KW_IDENTITY_MAX], uri[KW_URI_MAX];
    int configuration;              /* active; 0: none */
    int speed_mbit;
    bool autosuspend;
};

/* Printers in the order of their ports; at most KW_SCAN_MAX. Returns how many. */
size_t kw_usb_scan(const struct kw_link_options *options, struct kw_usb_found found[KW_SCAN_MAX]);

/* The one that "usb:…" means: INVALID, NO_PRINTER, SEVERAL_PRINTERS (with their addresses), UNAVAILABLE. */
int kw_usb_pick(const char *uri, const struct kw_link_options *options, struct kw_usb_found *picked,
                struct kw_error *error);

/* The name of a printer that is not plugged in, where its address says enough: ids and a serial number that counts. */
bool kw_usb_name_absent(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX]);

#endif
