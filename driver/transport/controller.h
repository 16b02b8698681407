/* controller.h - what the USB host controller behind a device can be trusted with, as far as sysfs tells. */
#ifndef KW_TRANSPORT_CONTROLLER_H
#define KW_TRANSPORT_CONTROLLER_H

#include <stdbool.h>

/*
 * Whether a transfer that is taken back tells how much of it went over. dir: the device in /sys/bus/usb/devices. Only
 * a controller that is known to be this machine's own does; one that stands for a bus elsewhere loses the count.
 */
bool kw_controller_counts(const char *dir);

#endif
