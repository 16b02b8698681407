/* fuzz_descriptors.c - what a device says of itself: USB descriptors and IEEE 1284 ids, which may say anything. */
#include "transport/descriptors.h"
#include "transport/device_id.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_descriptors(const uint8_t *bytes, size_t length, uint8_t how)
{
    struct kw_usb_choice choice;
    bool prints = kw_descriptors_choose(bytes, length, how >> 1 & 3, how & 1, &choice);
    if (!prints)
        return;
    bool sound = (choice.out_endpoint & 0x0f) != 0 && !(choice.out_endpoint & 0x80) && choice.out_packet > 0 &&
                 choice.out_packet <= 1024 && (choice.in_endpoint == 0 || (choice.in_endpoint & 0x80)) &&
                 (choice.class == 7 || ((how & 1) && choice.class == 0xff));
    if (!sound)
        abort();
}

static void read_id(const uint8_t *bytes, size_t length)
{
    char id[1024], value[64];
    kw_device_id_decode(bytes, length, id, sizeof id);
    for (const char *at = id; *at; at++)
        if (*at < 0x20 || *at > 0x7e)
            abort();
    kw_device_id_value(id, "MDL", value, sizeof value);
    kw_device_id_value(id, "SN", value, sizeof value);
    kw_device_id_other_language(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    uint8_t *copy = malloc(length - 1 ? length - 1 : 1);    /* of exactly this size: reading beyond it is seen */
    if (!copy)
        return 0;
    memcpy(copy, bytes + 1, length - 1);
    if (bytes[0] & 0x80)
        read_id(copy, length - 1);
    else
        read_descriptors(copy, length - 1, bytes[0]);
    free(copy);
    return 0;
}
