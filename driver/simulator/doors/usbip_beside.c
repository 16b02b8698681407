/*
 * usbip_beside.c - the interface beside the printer of a composite device: HID, interface 0, with nothing to say.
 *
 * Its requests have the numbers of the printer's own (GET_REPORT is GET_PORT_STATUS), so only the interface tells them
 * apart.
 */
#include "simulator/doors/usbip.h"

#include <string.h>

enum { REPORT_BYTES = 8, POLL_MS = 10, HID = 3, INTERRUPT = 3, DESCRIBES_REPORT = 0x22 };

/* Device Class Definition for HID 1.11, 6.2.2: a collection of a maker's own, eight bytes of input. */
static const uint8_t report[] = {
    0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, REPORT_BYTES, 0x09, 0x01,
    0x81, 0x02, 0xc0
};

/* One that the printer has not. */
uint8_t kw_usbip_beside_endpoint(uint8_t in_endpoint)
{
    return in_endpoint == 0x8f ? 0x8e : 0x8f;
}

int kw_usbip_beside_describe(uint8_t in_endpoint, uint8_t *out)
{
    const uint8_t bytes[] = {
        9, 4, 0, 0, 1, HID, 0, 0, 0,
        9, 0x21, 0x11, 0x01, 0, 1, DESCRIBES_REPORT, sizeof report, 0,
        7, 5, kw_usbip_beside_endpoint(in_endpoint), INTERRUPT, REPORT_BYTES, 0, POLL_MS
    };
    memcpy(out, bytes, sizeof bytes);
    return sizeof bytes;
}

/* Requests to an interface say which; that for a 1284 id says it in the higher byte. */
bool kw_usbip_beside_is_meant(const uint8_t setup[8])
{
    bool to_interface = (setup[0] & 0x1f) == 1, asks_id = setup[0] == 0xa1 && setup[1] == 0;
    return to_interface && !asks_id && setup[4] == 0;
}

int kw_usbip_beside_answer(const uint8_t setup[8], uint8_t *out)
{
    enum { SET_IDLE = 0x210a, SET_SETTING = 0x010b, GET_DESCRIPTOR = 0x8106 };
    int request = setup[0] << 8 | setup[1];
    if (request == SET_IDLE || (request == SET_SETTING && setup[2] == 0))
        return 0;
    if (request != GET_DESCRIPTOR || setup[3] != DESCRIBES_REPORT)
        return -1;
    memcpy(out, report, sizeof report);
    return sizeof report;
}
