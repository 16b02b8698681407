/* devices.h - whether this user may open a device, and what mends it. */
#ifndef KW_API_SETUP_DEVICES_H
#define KW_API_SETUP_DEVICES_H

#include <stdbool.h>

/*
 * Why this user may not open a device node, as one sentence, and what mends it; runs: that is a command, to be run as
 * it stands. False: it may be opened. group: which may, "" when none.
 */
struct kw_access { char text[300], mend[200], group[64]; bool runs; };
bool kw_devices_refused(const char *node, struct kw_access *refusal);

#endif
