/*
 * usbip.h - the simulated printer as a true USB device: served over USB/IP to any machine, or plugged into this
 * kernel's vhci_hcd.
 */
#ifndef KW_SIMULATOR_DOORS_USBIP_H
#define KW_SIMULATOR_DOORS_USBIP_H

#include "simulator/doors/serve.h"

/* What a composite device has beside the interface that prints. */
enum kw_usbip_beside { KW_BESIDE_NOTHING, KW_BESIDE_HID /* before it */, KW_BESIDE_IPP /* two, behind it */ };

/* How the device shows itself on the bus. */
struct kw_usbip_device {
    uint16_t vendor, product;
    char manufacturer[64], model[64], serial[64];   /* "": none */
    char device_id[512];            /* IEEE 1284; "": asking for it stalls */
    uint8_t out_endpoint, in_endpoint;      /* in_endpoint 0: one way */
    bool vendor_class;              /* not class 7 */
    enum kw_usbip_beside beside;
    int alternates;                 /* how many settings the interface has; the last one is bidirectional */
    /* What the host chose. */
    uint8_t configuration, alternate;
    bool out_halted, in_halted;
};

/* Fills the device from a profile, then from "id=04b8:0e15,serial=X,class=vendor,out=1,in=82,…"; NULL: as it is. */
int kw_usbip_read_device(const struct kw_profile *profile, const char *spec, struct kw_usbip_device *device,
                    struct kw_error *error);

/* Endpoint 0: bytes of the answer into data (at most size), or -1 to stall. Beside the device it asks the machine. */
int kw_usbip_control(struct kw_usbip_device *device, struct kw_sim *sim, const uint8_t setup[8], uint8_t *data,
                     size_t size);

/* The number of the interface that prints. */
uint8_t kw_usbip_interface(const struct kw_usbip_device *device);

/*
 * The interfaces beside it: how many; whether an endpoint is theirs; the descriptors of those that stand before it or
 * behind it, and their entries in a list of devices (the bytes written); whether a request is one to them, and the
 * answer as kw_usbip_control's.
 */
int kw_usbip_beside_count(const struct kw_usbip_device *device);
bool kw_usbip_beside_has(const struct kw_usbip_device *device, uint32_t endpoint, bool in);
int kw_usbip_beside_describe(const struct kw_usbip_device *device, bool before, uint8_t *out);
int kw_usbip_beside_list(const struct kw_usbip_device *device, bool before, uint8_t *out);
bool kw_usbip_beside_is_meant(const struct kw_usbip_device *device, const uint8_t setup[8]);
int kw_usbip_beside_answer(const struct kw_usbip_device *device, const uint8_t setup[8], uint8_t *out);

/*
 * Serves one device on an open connection that has been handed over (URBs both ways) until the other side leaves, the
 * machine loses power or cable, or the door is to be closed. 0, or the disk's error.
 */
int kw_usbip_session(int connection, struct kw_usbip_device *device, const struct kw_sim_door *door,
                     struct kw_error *error);

/*
 * Listens on "127.0.0.1:3240" or "[::1]:3240" (port 0: any) for `usbip list` and `usbip attach -b 1-1` and serves one
 * host after the other until told to stop; nobody while the machine is unplugged.
 */
int kw_usbip_serve(const struct kw_sim_door *door, const char *place, struct kw_usbip_device *device,
                   struct kw_error *error);

/* Plugs the device into this kernel (root, vhci_hcd loaded), again whenever the machine is back; until told to stop. */
int kw_usbip_vhci(const struct kw_sim_door *door, struct kw_usbip_device *device, struct kw_error *error);

/* For the two above: waits a moment for orders and the machine's own time. 0, or the disk's error. */
int kw_usbip_rest(const struct kw_sim_door *door, int descriptor, struct kw_error *error);

#endif
