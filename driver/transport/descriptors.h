/* descriptors.h - which configuration, interface, alternate setting and endpoints of a USB device print. */
#ifndef KW_TRANSPORT_DESCRIPTORS_H
#define KW_TRANSPORT_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kw_usb_choice {
    uint16_t vendor, product;
    uint8_t configuration, interface, alternate;
    uint8_t class, subclass, protocol;      /* protocol 1: unidirectional, 2: bidirectional */
    uint8_t out_endpoint, in_endpoint;      /* in_endpoint 0: none */
    uint16_t out_packet, in_packet;         /* bytes */
    bool alternates;                        /* the interface has more than one setting */
};

/*
 * Reads the bytes of a device descriptor and its configurations as sysfs gives them. configuration: the active one,
 * 0: the first. With vendor_class a vendor-specific interface with a bulk OUT endpoint will do where class 7 is
 * missing. False: nothing prints here, or the bytes are no descriptors.
 */
bool kw_descriptors_choose(const uint8_t *bytes, size_t length, int configuration, bool vendor_class,
                           struct kw_usb_choice *choice);

#endif
