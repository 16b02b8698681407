/*
 * usbip.h - the simulated printer as a true USB device: served over USB/IP to any machine, or plugged into this
 * kernel's vhci_hcd.
 */
#ifndef KW_SIMULATOR_USBIP_H
#define KW_SIMULATOR_USBIP_H

#include "simulator/simulator.h"

/* How the device shows itself on the bus. */
struct kw_usbip_device {
    uint16_t vendor, product;
    char manufacturer[64], model[64], serial[64];   /* "": none */
    char device_id[512];            /* IEEE 1284; "": asking for it stalls */
    uint8_t out_endpoint, in_endpoint;      /* in_endpoint 0: one way */
    bool vendor_class;              /* not class 7 */
    int alternates;                 /* how many settings the interface has; the last one is bidirectional */
    /* What the host chose. */
    uint8_t configuration, alternate;
    bool out_halted, in_halted;
};

/* Fills the device from a profile, then from "id=04b8:0e15,serial=X,class=vendor,out=1,in=82,…"; NULL: as it is. */
int kw_usbip_device(const struct kw_profile *profile, const char *spec, struct kw_usbip_device *device,
                    struct kw_error *error);

/* Endpoint 0: bytes of the answer into data (at most size), or -1 to stall. Beside the device it asks the machine. */
int kw_usbip_control(struct kw_usbip_device *device, struct kw_sim *sim, const uint8_t setup[8], uint8_t *data,
                     size_t size);

/* Whether to go on; asked at least every 200 ms. NULL: always. */
struct kw_usbip_until { bool (*go_on)(void *data); void *data; };

/*
 * Serves one device on an open connection that has been handed over (URBs both ways) until the other side leaves, the
 * machine is unplugged or it is told to stop. 0, or IO when the other side speaks nonsense.
 */
int kw_usbip_session(int connection, struct kw_usbip_device *device, struct kw_sim *sim,
                     const struct kw_usbip_until *until, struct kw_error *error);

/* Opens "127.0.0.1:3240" or "[::1]:3240" for listening. */
int kw_usbip_listen(const char *place, int *listener, struct kw_error *error);
/* Serves one host after the other with `usbip list` and `usbip attach -b 1-1`, until told to stop. */
int kw_usbip_serve(int listener, struct kw_usbip_device *device, struct kw_sim *sim, const struct kw_usbip_until *until,
                   struct kw_error *error);

/* Plugs the device into this kernel (root, vhci_hcd loaded) and serves it. */
int kw_usbip_vhci(struct kw_usbip_device *device, struct kw_sim *sim, const struct kw_usbip_until *until,
                  struct kw_error *error);

#endif
