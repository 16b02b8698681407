/*
 * descriptors.c - reads USB descriptors that come from a device and may therefore say anything.
 *
 * Lengths of 0 or beyond the end stop the walk; what was understood before stands. Descriptors of other kinds in
 * between (class, vendor) are stepped over.
 */
#include "transport/descriptors.h"

#include <string.h>

enum {
    DEVICE_SIZE = 18, CONFIGURATION_SIZE = 9, INTERFACE_SIZE = 9, ENDPOINT_SIZE = 7,
    TYPE_DEVICE = 1, TYPE_CONFIGURATION = 2, TYPE_INTERFACE = 4, TYPE_ENDPOINT = 5,
    CLASS_PRINTER = 7, SUBCLASS_PRINTER = 1, CLASS_VENDOR = 0xff,
    TRANSFER_MASK = 3, TRANSFER_BULK = 2, ENDPOINT_IN = 0x80, PACKET_MASK = 0x7ff, PACKET_DEFAULT = 64
};

struct walk {
    const uint8_t *bytes;
    size_t length;
    int wanted;                     /* configuration value */
    bool vendor_class;
    uint8_t configuration;          /* where the walk is */
    struct kw_usb_choice now;       /* the alternate setting being read */
    bool reading;
    int best_rank;
    struct kw_usb_choice *best;
    uint16_t seen[16];              /* by interface number: a bit for each alternate setting below 16 */
};

/* How well a setting prints: bidirectional class first; 1284.4 packets and IPP over USB are no plain streams. */
static int rank(const struct walk *walk, const struct kw_usb_choice *setting)
{
    if (setting->out_endpoint == 0)
        return 0;
    if (setting->class == CLASS_PRINTER && setting->subclass == SUBCLASS_PRINTER && setting->protocol <= 2)
        return setting->protocol == 2 && setting->in_endpoint ? 5 : setting->in_endpoint ? 4 : 3;
    if (setting->class == CLASS_VENDOR && walk->vendor_class)
        return setting->in_endpoint ? 2 : 1;
    return 0;
}

static void finish_setting(struct walk *walk)
{
    int worth = walk->reading ? rank(walk, &walk->now) : 0;
    if (worth > walk->best_rank) {
        *walk->best = walk->now;
        walk->best_rank = worth;
    }
    walk->reading = false;
}

static void begin_setting(struct walk *walk, const uint8_t *bytes)
{
    finish_setting(walk);
    walk->now = (struct kw_usb_choice){
        .vendor = walk->best->vendor, .product = walk->best->product, .configuration = walk->configuration,
        .interface = bytes[2], .alternate = bytes[3], .class = bytes[5], .subclass = bytes[6], .protocol = bytes[7]
    };
    walk->reading = true;
    if (bytes[2] < 16 && bytes[3] < 16)
        walk->seen[bytes[2]] |= (uint16_t)(1u << bytes[3]);
}

static uint16_t packet_size(const uint8_t *bytes)
{
    uint16_t size = (uint16_t)((bytes[4] | bytes[5] << 8) & PACKET_MASK);
    return size == 0 || size > 1024 ? PACKET_DEFAULT : size;
}

/* The first bulk endpoint of each direction counts. Endpoint 0 and numbers beyond 15 cannot be. */
static void read_endpoint(struct walk *walk, const uint8_t *bytes)
{
    uint8_t address = bytes[2];
    if (!walk->reading || (bytes[3] & TRANSFER_MASK) != TRANSFER_BULK || (address & 0x70) || (address & 0x0f) == 0)
        return;
    if ((address & ENDPOINT_IN) && walk->now.in_endpoint == 0) {
        walk->now.in_endpoint = address;
        walk->now.in_packet = packet_size(bytes);
    } else if (!(address & ENDPOINT_IN) && walk->now.out_endpoint == 0) {
        walk->now.out_endpoint = address;
        walk->now.out_packet = packet_size(bytes);
    }
}

static void read_one(struct walk *walk, const uint8_t *bytes, size_t length)
{
    bool here = walk->wanted == 0 || walk->configuration == walk->wanted;
    if (bytes[1] == TYPE_CONFIGURATION && length >= CONFIGURATION_SIZE) {
        finish_setting(walk);
        walk->configuration = bytes[5];
        if (walk->wanted == 0)
            walk->wanted = bytes[5];
    } else if (bytes[1] == TYPE_INTERFACE && length >= INTERFACE_SIZE && here) {
        begin_setting(walk, bytes);
    } else if (bytes[1] == TYPE_ENDPOINT && length >= ENDPOINT_SIZE && here) {
        read_endpoint(walk, bytes);
    }
}

static void mark_alternates(const struct walk *walk)
{
    uint16_t settings = walk->best->interface < 16 ? walk->seen[walk->best->interface] : 1;
    walk->best->alternates = (settings & (settings - 1)) != 0 || walk->best->alternate != 0;
}

bool kw_descriptors_choose(const uint8_t *bytes, size_t length, int configuration, bool vendor_class,
                           struct kw_usb_choice *choice)
{
    memset(choice, 0, sizeof *choice);
    if (length < DEVICE_SIZE || bytes[0] < DEVICE_SIZE || bytes[1] != TYPE_DEVICE)
        return false;
    choice->vendor = (uint16_t)(bytes[8] | bytes[9] << 8);
    choice->product = (uint16_t)(bytes[10] | bytes[11] << 8);
    struct walk walk = { .bytes = bytes, .length = length, .wanted = configuration > 0 ? configuration : 0,
                         .vendor_class = vendor_class, .best = choice };
    for (size_t at = bytes[0]; at + 2 <= length && bytes[at] >= 2 && bytes[at] <= length - at; at += bytes[at])
        read_one(&walk, bytes + at, bytes[at]);
    finish_setting(&walk);
    mark_alternates(&walk);
    return walk.best_rank > 0;
}
