/*
 * usbip_beside.c - the interfaces beside the printer of a composite device, which have nothing to say: HID before it,
 * or the two of IPP over USB behind it.
 *
 * HID's requests have the numbers of the printer's own (GET_REPORT is GET_PORT_STATUS), so only the interface tells
 * them apart. What comes over IPP is taken and never answered.
 */
#include "simulator/doors/usbip.h"

#include <string.h>

enum { REPORT_BYTES = 8, POLL_MS = 10, HID = 3, BULK = 2, INTERRUPT = 3, DESCRIBES_REPORT = 0x22, LAST_ENDPOINT = 15,
       PRINTER = 7, PACKET = 64, IPP_INTERFACES = 2, IPP_BYTES = 9 + 7 + 7 };

/* Device Class Definition for HID 1.11, 6.2.2: a collection of a maker's own, eight bytes of input. */
static const uint8_t report[] = {
    0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, REPORT_BYTES, 0x09, 0x01,
    0x81, 0x02, 0xc0
};

int kw_usbip_beside_count(const struct kw_usbip_device *device)
{
    return device->beside == KW_BESIDE_IPP ? IPP_INTERFACES : device->beside == KW_BESIDE_HID ? 1 : 0;
}

/* From the last one downwards, past what the printer has. */
static uint8_t endpoint_of(const struct kw_usbip_device *device, int interface, bool in)
{
    int used = in ? device->in_endpoint & 0x0f : device->out_endpoint, number = LAST_ENDPOINT - interface;
    if (used >= number)
        number--;
    return (uint8_t)(number | (in ? 0x80 : 0));
}

bool kw_usbip_beside_has(const struct kw_usbip_device *device, uint32_t endpoint, bool in)
{
    bool one_way = device->beside == KW_BESIDE_HID && !in;
    for (int i = 0; !one_way && i < kw_usbip_beside_count(device); i++)
        if ((endpoint_of(device, i, in) & 0x0fu) == endpoint)
            return true;
    return false;
}

static int describe_hid(const struct kw_usbip_device *device, uint8_t *out)
{
    const uint8_t bytes[] = {
        9, 4, 0, 0, 1, HID, 0, 0, 0,
        9, 0x21, 0x11, 0x01, 0, 1, DESCRIBES_REPORT, sizeof report, 0,
        7, 5, endpoint_of(device, 0, true), INTERRUPT, REPORT_BYTES, 0, POLL_MS
    };
    memcpy(out, bytes, sizeof bytes);
    return sizeof bytes;
}

/* IPP Over USB 1.0: interfaces of printers with protocol 4. */
static int describe_ipp(const struct kw_usbip_device *device, uint8_t *out)
{
    for (int i = 0; i < IPP_INTERFACES; i++) {
        const uint8_t bytes[IPP_BYTES] = {
            9, 4, (uint8_t)(i + 1), 0, 2, PRINTER, 1, 4, 0,
            7, 5, endpoint_of(device, i, false), BULK, PACKET, 0, 0,
            7, 5, endpoint_of(device, i, true), BULK, PACKET, 0, 0
        };
        memcpy(out + i * IPP_BYTES, bytes, IPP_BYTES);
    }
    return IPP_INTERFACES * IPP_BYTES;
}

int kw_usbip_beside_describe(const struct kw_usbip_device *device, bool before, uint8_t *out)
{
    if (device->beside == KW_BESIDE_HID && before)
        return describe_hid(device, out);
    return device->beside == KW_BESIDE_IPP && !before ? describe_ipp(device, out) : 0;
}

int kw_usbip_beside_list(const struct kw_usbip_device *device, bool before, uint8_t *out)
{
    static const uint8_t hid[4] = { HID, 0, 0, 0 }, ipp[4] = { PRINTER, 1, 4, 0 };
    int count = (device->beside == KW_BESIDE_HID) == before ? kw_usbip_beside_count(device) : 0;
    for (int i = 0; i < count; i++)
        memcpy(out + 4 * i, before ? hid : ipp, 4);
    return 4 * count;
}

uint8_t kw_usbip_interface(const struct kw_usbip_device *device)
{
    return device->beside == KW_BESIDE_HID ? 1 : 0;
}

/* Requests to an interface say which; that for a 1284 id says it in the higher byte. */
bool kw_usbip_beside_is_meant(const struct kw_usbip_device *device, const uint8_t setup[8])
{
    bool to_interface = (setup[0] & 0x1f) == 1, asks_id = setup[0] == 0xa1 && setup[1] == 0;
    return device->beside && to_interface && !asks_id && setup[4] != kw_usbip_interface(device);
}

int kw_usbip_beside_answer(const struct kw_usbip_device *device, const uint8_t setup[8], uint8_t *out)
{
    enum { SET_IDLE = 0x210a, SET_SETTING = 0x010b, GET_DESCRIPTOR = 0x8106 };
    int request = setup[0] << 8 | setup[1];
    bool is_hid = device->beside == KW_BESIDE_HID;
    if ((request == SET_IDLE && is_hid) || (request == SET_SETTING && setup[2] == 0))
        return 0;
    if (request != GET_DESCRIPTOR || setup[3] != DESCRIBES_REPORT || !is_hid)
        return -1;
    memcpy(out, report, sizeof report);
    return sizeof report;
}
