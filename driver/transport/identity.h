/* identity.h - the name that a USB printer keeps over ports and reboots, and where its facts lie in sysfs. */
#ifndef KW_TRANSPORT_IDENTITY_H
#define KW_TRANSPORT_IDENTITY_H

#include "transport/transport.h"

/* False for serial numbers that factories put into every device: none, all the same character, counting up. */
bool kw_identity_serial_counts(const char *serial);
/* "usb-04b8-0e15-SERIAL", or "usb-04b8-0e15-port-1-2.3" where the serial does not tell printers apart. */
void kw_identity_usb(uint16_t vendor, uint16_t product, const char *serial, const char *port, bool shared,
                     char identity[KW_IDENTITY_MAX]);
/* The same for the interface directory of a kernel driver's node (/sys/dev/char/180:0/device). */
bool kw_identity_of_node(unsigned major, unsigned minor, const struct kw_link_options *options,
                         char identity[KW_IDENTITY_MAX]);

/* Reads dir/name without its newline; false and "" when it is not there. */
bool kw_sysfs_text(const char *dir, const char *name, char *out, size_t size);
/* The last part of the path that the link dir/name leads to; false and "" when it leads nowhere. */
bool kw_sysfs_link(const char *dir, const char *name, char *out, size_t size);
/* A number of base 16 or 10; -1 when there is none. */
long kw_sysfs_number(const char *dir, const char *name, int base);

#endif
