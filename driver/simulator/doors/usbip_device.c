/* usbip_device.c - the descriptors of the simulated printer and its answers on endpoint 0. */
#include "simulator/doors/usbip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRING_LANGUAGE = 0, STRING_MANUFACTURER, STRING_MODEL, STRING_SERIAL,
    DEVICE_SIZE = 18, CONFIGURATION_SIZE = 9, INTERFACE_SIZE = 9, ENDPOINT_SIZE = 7, ALTERNATES_MAX = 4, PACKET = 64,
    ANSWER_MAX = 1024
};

/* ---- what the words say ------------------------------------------------------------------------------------ */

static bool read_hex(const char *text, unsigned long most, unsigned long *value)
{
    char *end;
    *value = strtoul(text, &end, 16);
    return end != text && *end == 0 && *value <= most;
}

static bool read_ids(const char *text, struct kw_usbip_device *device)
{
    unsigned vendor, product;
    int used = 0;
    if (sscanf(text, "%4x:%4x%n", &vendor, &product, &used) != 2 || text[used])
        return false;
    device->vendor = (uint16_t)vendor;
    device->product = (uint16_t)product;
    return true;
}

static bool read_text(const char *text, char *out, size_t size)
{
    return snprintf(out, size, "%s", text) < (int)size;
}

static bool read_word(const char *key, const char *value, struct kw_usbip_device *device)
{
    unsigned long number;
    if (strcmp(key, "id") == 0)
        return read_ids(value, device);
    if (strcmp(key, "serial") == 0)
        return read_text(value, device->serial, sizeof device->serial);
    if (strcmp(key, "maker") == 0)
        return read_text(value, device->manufacturer, sizeof device->manufacturer);
    if (strcmp(key, "model") == 0)
        return read_text(value, device->model, sizeof device->model);
    if (strcmp(key, "1284") == 0)
        return read_text(value, device->device_id, sizeof device->device_id);
    if (strcmp(key, "class") == 0) {
        device->vendor_class = strcmp(value, "vendor") == 0;
        return device->vendor_class || strcmp(value, "printer") == 0;
    }
    if (strcmp(key, "beside") == 0) {
        device->beside = strcmp(value, "hid") == 0 ? KW_BESIDE_HID
                         : strcmp(value, "ipp") == 0 ? KW_BESIDE_IPP : KW_BESIDE_NOTHING;
        return device->beside != KW_BESIDE_NOTHING;
    }
    if (strcmp(key, "settings") == 0 && read_hex(value, ALTERNATES_MAX, &number) && number > 0) {
        device->alternates = (int)number;
        return true;
    }
    if (strcmp(key, "out") == 0 && read_hex(value, 15, &number) && number > 0) {
        device->out_endpoint = (uint8_t)number;
        return true;
    }
    if (strcmp(key, "in") == 0 && read_hex(value, 0x8f, &number) && (number == 0 || number > 0x80)) {
        device->in_endpoint = (uint8_t)number;
        return true;
    }
    return false;
}

static int read_spec(const char *spec, struct kw_usbip_device *device, struct kw_error *error)
{
    char pair[640];
    while (*spec) {
        size_t length = strcspn(spec, ",");
        bool fits = snprintf(pair, sizeof pair, "%.*s", (int)length, spec) < (int)sizeof pair;
        char *equals = strchr(pair, '=');
        if (equals)
            *equals = 0;
        if (!fits || !equals || !read_word(pair, equals + 1, device))
            return kw_fail(error, KWIT_E_USAGE, "usb", "%.60s is not understood; there are id=VVVV:PPPP, serial=, "
                           "maker=, model=, 1284=, class=printer|vendor, settings=1…4, out=1…f, in=0|81…8f, "
                           "beside=hid|ipp", spec);
        spec += length + (spec[length] == ',');
    }
    return 0;
}

/* The id that names this model, if there is one; else one that many models share. */
static void take_profile(const struct kw_profile *profile, struct kw_usbip_device *device)
{
    device->vendor = 0x0416;
    device->product = 0x5011;
    for (size_t i = 0; profile && kw_usb_row_at(i); i++) {
        const struct kw_usb_row *row = kw_usb_row_at(i);
        if (row->product && strcmp(row->profile, kw_profile_name(profile)) == 0) {
            device->vendor = row->vendor;
            device->product = row->product;
            break;
        }
    }
    snprintf(device->manufacturer, sizeof device->manufacturer, "%s", profile ? profile->vendor : "KWIT");
    snprintf(device->model, sizeof device->model, "%s", profile ? profile->model : "Receipt printer");
    snprintf(device->serial, sizeof device->serial, "SIM0001");
}

int kw_usbip_read_device(const struct kw_profile *profile, const char *spec, struct kw_usbip_device *device,
                    struct kw_error *error)
{
    *device = (struct kw_usbip_device){ .out_endpoint = 1, .in_endpoint = 0x82, .alternates = 1 };
    take_profile(profile, device);
    int status = spec ? read_spec(spec, device, error) : 0;
    if (status == 0 && !device->device_id[0])
        snprintf(device->device_id, sizeof device->device_id, "MFG:%s;CMD:ESC/POS;MDL:%s;CLS:PRINTER;",
                 device->manufacturer, device->model);
    return status;
}

/* ---- descriptors ------------------------------------------------------------------------------------------- */

static int describe_device(const struct kw_usbip_device *device, uint8_t *out)
{
    const uint8_t bytes[DEVICE_SIZE] = {
        DEVICE_SIZE, 1, 0x00, 0x02, device->vendor_class ? 0xff : 0, 0, 0, PACKET,
        (uint8_t)device->vendor, (uint8_t)(device->vendor >> 8),
        (uint8_t)device->product, (uint8_t)(device->product >> 8),
        0x00, 0x01, device->manufacturer[0] ? STRING_MANUFACTURER : 0, device->model[0] ? STRING_MODEL : 0,
        device->serial[0] ? STRING_SERIAL : 0, 1
    };
    memcpy(out, bytes, sizeof bytes);
    return DEVICE_SIZE;
}

static int describe_endpoint(uint8_t address, uint8_t *out)
{
    const uint8_t bytes[ENDPOINT_SIZE] = { ENDPOINT_SIZE, 5, address, 2, PACKET, 0, 0 };
    memcpy(out, bytes, sizeof bytes);
    return ENDPOINT_SIZE;
}

/* Of several settings only the last one answers, as with old parallel converters. */
static int describe_setting(const struct kw_usbip_device *device, int setting, uint8_t *out)
{
    bool answers = device->in_endpoint && setting == device->alternates - 1;
    const uint8_t bytes[INTERFACE_SIZE] = {
        INTERFACE_SIZE, 4, kw_usbip_interface(device), (uint8_t)setting, answers ? 2 : 1,
        device->vendor_class ? 0xff : 7, device->vendor_class ? 0 : 1, device->vendor_class ? 0 : answers ? 2 : 1, 0
    };
    memcpy(out, bytes, sizeof bytes);
    int length = INTERFACE_SIZE + describe_endpoint(device->out_endpoint, out + INTERFACE_SIZE);
    return answers ? length + describe_endpoint(device->in_endpoint, out + length) : length;
}

static int describe_configuration(const struct kw_usbip_device *device, uint8_t *out)
{
    int length = CONFIGURATION_SIZE + kw_usbip_beside_describe(device, true, out + CONFIGURATION_SIZE);
    for (int i = 0; i < device->alternates; i++)
        length += describe_setting(device, i, out + length);
    length += kw_usbip_beside_describe(device, false, out + length);
    const uint8_t interfaces = (uint8_t)(1 + kw_usbip_beside_count(device));
    const uint8_t head[CONFIGURATION_SIZE] = { CONFIGURATION_SIZE, 2, (uint8_t)length, 0, interfaces, 1, 0, 0xc0, 1 };
    memcpy(out, head, sizeof head);
    return length;
}

static int describe_string(const struct kw_usbip_device *device, int index, uint8_t *out)
{
    const char *const texts[] = { [STRING_MANUFACTURER] = device->manufacturer, [STRING_MODEL] = device->model,
                                  [STRING_SERIAL] = device->serial };
    if (index == STRING_LANGUAGE) {
        memcpy(out, "\x04\x03\x09\x04", 4);
        return 4;
    }
    if (index > STRING_SERIAL || !texts[index][0])
        return -1;
    int length = 2;
    for (const char *text = texts[index]; *text; text++) {
        out[length++] = (uint8_t)*text;
        out[length++] = 0;
    }
    out[0] = (uint8_t)length;
    out[1] = 3;
    return length;
}

/* ---- requests ---------------------------------------------------------------------------------------------- */

static int answer_device_id(const struct kw_usbip_device *device, uint8_t *out)
{
    size_t length = strlen(device->device_id);
    if (length == 0 || device->vendor_class)
        return -1;
    out[0] = (uint8_t)((length + 2) >> 8);
    out[1] = (uint8_t)(length + 2);
    memcpy(out + 2, device->device_id, length);
    return (int)length + 2;
}

static int set_halt(struct kw_usbip_device *device, uint8_t endpoint, bool halted)
{
    if (endpoint == device->out_endpoint)
        device->out_halted = halted;
    else if (endpoint == device->in_endpoint)
        device->in_halted = halted;
    return 0;
}

static void forget_replies(struct kw_sim *sim)
{
    uint8_t bytes[256];
    while (sim && kw_sim_read(sim, bytes, sizeof bytes) > 0)
        ;
}

static int answer_class(struct kw_usbip_device *device, struct kw_sim *sim, const uint8_t *setup, uint8_t *out)
{
    bool asks_id = setup[0] == 0xa1 && setup[1] == 0;
    if (device->vendor_class || setup[asks_id ? 5 : 4] != kw_usbip_interface(device))
        return -1;
    if (asks_id)
        return answer_device_id(device, out);
    if (setup[0] == 0xa1 && setup[1] == 1) {
        int status = sim ? kw_sim_port_status(sim) : -1;
        out[0] = (uint8_t)status;
        return status < 0 ? -1 : 1;
    }
    if (setup[0] == 0x21 && setup[1] == 2) {
        device->out_halted = device->in_halted = false;
        forget_replies(sim);
        return 0;
    }
    return -1;
}

static int answer_descriptor(const struct kw_usbip_device *device, const uint8_t *setup, uint8_t *out)
{
    switch (setup[3]) {
    case 1:
        return describe_device(device, out);
    case 2:
        return setup[2] == 0 ? describe_configuration(device, out) : -1;
    case 3:
        return describe_string(device, setup[2], out);
    default:
        return -1;
    }
}

static int set_alternate(struct kw_usbip_device *device, uint8_t value)
{
    if (value >= device->alternates)
        return -1;
    device->alternate = value;
    return 0;
}

static int answer_one(uint8_t *out, uint8_t value, int length)
{
    out[0] = value;
    out[1] = 0;
    return length;
}

static int answer_standard(struct kw_usbip_device *device, const uint8_t *setup, uint8_t *out)
{
    switch (setup[0] << 8 | setup[1]) {
    case 0x8006:
        return answer_descriptor(device, setup, out);
    case 0x8000:
        return answer_one(out, 1, 2);
    case 0x8008:
        return answer_one(out, device->configuration, 1);
    case 0x8100:
        return answer_one(out, 0, 2);
    case 0x810a:
        return answer_one(out, device->alternate, 1);
    case 0x8200:
        return answer_one(out, setup[4] == device->out_endpoint ? device->out_halted : device->in_halted, 2);
    case 0x0009:
        device->configuration = setup[2];
        return setup[2] <= 1 ? 0 : -1;
    case 0x010b:
        return set_alternate(device, setup[2]);
    case 0x0201:
    case 0x0203:
        return set_halt(device, setup[4], setup[1] == 3);
    default:
        return -1;
    }
}

int kw_usbip_control(struct kw_usbip_device *device, struct kw_sim *sim, const uint8_t setup[8], uint8_t *data,
                     size_t size)
{
    uint8_t answer[ANSWER_MAX];
    size_t wanted = (size_t)(setup[6] | setup[7] << 8);
    int length = kw_usbip_beside_is_meant(device, setup) ? kw_usbip_beside_answer(device, setup, answer)
               : (setup[0] & 0x60) == 0x20 ? answer_class(device, sim, setup, answer)
                                           : answer_standard(device, setup, answer);
    if (length < 0)
        return -1;
    if ((size_t)length > wanted)
        length = (int)wanted;
    if ((size_t)length > size)
        length = (int)size;
    if (length > 0 && (setup[0] & 0x80))
        memcpy(data, answer, (size_t)length);
    return length;
}
