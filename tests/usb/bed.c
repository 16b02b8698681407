/* bed.c - plays usbfs for a printer, one request at a time, in umockdev's own thread. */
#include "usb/bed.h"

#include <errno.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

enum { URBS_MAX = 64, PORTS_MAX = 40, ORDINARY_USER = 65534, REAP_PACE_US = 1000 };

struct urb { UMockdevIoctlData *urb, *buffer; bool done, held; };

struct port {
    char name[32], path[160], node[64];
    struct bed_device device;
    struct bed_state state;
    UMockdevIoctlBase *handler;
    pthread_mutex_t mutex;
    struct urb queue[URBS_MAX];
    int queued;
    bool halted;
    uint8_t says[512], window[3];
    size_t says_length;
};

struct bed {
    UMockdevTestbed *testbed;
    struct port *ports[PORTS_MAX];
    int count;
};

/* AddressSanitizer does not know what the objects of GLib keep. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libumockdev\nleak:libglib\nleak:libgobject\nleak:libgio\n";
}

void bed_enter(char **argv)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload && strstr(preload, "umockdev"))
        return;
    char options[300];
    const char *old = getenv("ASAN_OPTIONS");
    snprintf(options, sizeof options, "%s%sverify_asan_link_order=0", old ? old : "", old ? ":" : "");
    setenv("ASAN_OPTIONS", options, 1);
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    /* Another user may not get past the owner's home, but everything below the working directory is open to him. */
    char modules[PATH_MAX];
    const char *slash = strrchr(argv[0], '/');
    snprintf(modules, sizeof modules, "%.*s/..", slash ? (int)(slash - argv[0]) : 1, slash ? argv[0] : ".");
    setenv("LD_LIBRARY_PATH", modules, 1);
    if (geteuid() == 0 && setresgid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0 &&
        setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) == 0)
        setenv("TMPDIR", "/tmp", 1);
    execv("/proc/self/exe", argv);
    perror("cannot run the test as an ordinary user");
    exit(1);
}

/* ---- the printer ------------------------------------------------------------------------------------------ */

static void says(struct port *port, const void *bytes, size_t length)
{
    if (port->says_length + length <= sizeof port->says) {
        memcpy(port->says + port->says_length, bytes, length);
        port->says_length += length;
    }
}

static void say_name(struct port *port, const char *name)
{
    if (!name)
        return;
    says(port, "_", 1);
    says(port, name, strlen(name) + 1);
}

static void answer_window(struct port *port)
{
    const uint8_t *window = port->window;
    if (window[0] == 0x10 && window[1] == 0x04 && window[2] >= 1 && window[2] <= 4) {
        uint8_t answer = port->state.answers[window[2]];
        says(port, answer ? &answer : (const uint8_t *)"\x12", 1);
    } else if (window[0] == 0x1d && window[1] == 'I' && (window[2] == 66 || window[2] == 67)) {
        say_name(port, window[2] == 66 ? port->state.maker : port->state.name);
    }
}

static void print_bytes(struct port *port, const uint8_t *bytes, size_t length)
{
    struct bed_state *state = &port->state;
    for (size_t i = 0; i < length; i++) {
        if (state->accepted_length < sizeof state->accepted)
            state->accepted[state->accepted_length++] = bytes[i];
        memmove(port->window, port->window + 1, 2);
        port->window[2] = bytes[i];
        if (!state->mute)
            answer_window(port);
    }
}

static int control(struct port *port, const uint8_t *setup, uint8_t *data, int size)
{
    uint8_t type = setup[0], request = setup[1];
    if (type == 0xa1 && request == 0 && port->device.device_id) {
        int length = (int)port->device.device_id_length < size ? (int)port->device.device_id_length : size;
        memcpy(data, port->device.device_id, (size_t)length);
        return length;
    }
    if (type == 0xa1 && request == 1 && size >= 1) {
        data[0] = port->state.port_status ? (uint8_t)port->state.port_status : 0x18;
        return 1;
    }
    if (type == 0x21 && request == 2) {
        port->state.resets++;
        port->halted = false;
        return 0;
    }
    if (type == 0x80 && request == 8 && size >= 1) {
        data[0] = 1;
        return 1;
    }
    return -EPIPE;
}

/* ---- transfers -------------------------------------------------------------------------------------------- */

static struct usbdevfs_urb *raw(struct urb *urb)
{
    return (struct usbdevfs_urb *)urb->urb->data;
}

static void finish(struct urb *urb, int status, int length)
{
    raw(urb)->status = status;
    raw(urb)->actual_length = length;
    urb->done = true;
}

static void leave(struct port *port)
{
    port->state.gone = true;
    for (int i = 0; i < port->queued; i++)
        if (!port->queue[i].done)
            finish(&port->queue[i], -ESHUTDOWN, 0);
}

static bool is_read(struct urb *urb)
{
    return raw(urb)->type == USBDEVFS_URB_TYPE_BULK && (raw(urb)->endpoint & 0x80);
}

static void serve_reads(struct port *port)
{
    for (int i = 0; i < port->queued && (port->says_length || port->state.empty_reads); i++) {
        struct urb *urb = &port->queue[i];
        if (urb->done || !is_read(urb))
            continue;
        size_t length = port->says_length < (size_t)raw(urb)->buffer_length ? port->says_length
                                                                            : (size_t)raw(urb)->buffer_length;
        if (length)
            memcpy(urb->buffer->data, port->says, length);
        memmove(port->says, port->says + length, port->says_length - length);
        port->says_length -= length;
        finish(urb, 0, (int)length);
    }
}

/* Takes on from where the transfer stands. At the limit it holds: cancelling it tells this length. */
static void take_out(struct port *port, struct urb *urb, int length, int status)
{
    long limit = port->state.accept_limit, room = limit - (long)port->state.accepted_length;
    int at = raw(urb)->actual_length, part = length - at;
    bool holds = limit >= 0 && part > room;
    if (holds)
        part = room > 0 ? (int)room : 0;
    print_bytes(port, urb->buffer ? urb->buffer->data + at : NULL, (size_t)part);
    raw(urb)->actual_length = at + part;
    if (!holds)
        finish(urb, status, length);
}

static bool is_held(struct urb *urb)
{
    return !urb->done && raw(urb)->type == USBDEVFS_URB_TYPE_BULK && !(raw(urb)->endpoint & 0x80);
}

/* What was held goes on when the limit allows it; a transfer that a fault left hanging has no limit and hangs on. */
static void go_on(struct port *port)
{
    for (int i = 0; i < port->queued; i++)
        if (is_held(&port->queue[i]) && port->queue[i].held)
            take_out(port, &port->queue[i], raw(&port->queue[i])->buffer_length, 0);
    serve_reads(port);
}

static void fail(struct port *port, struct urb *urb, enum bed_urb_fault fault)
{
    static const int statuses[] = { [BED_STALL] = -EPIPE, [BED_PROTOCOL] = -EPROTO, [BED_OVERFLOW] = -EOVERFLOW };
    bool out = !is_read(urb) && raw(urb)->type == USBDEVFS_URB_TYPE_BULK;
    int half = out ? raw(urb)->buffer_length / 2 : 0;
    port->halted = (fault == BED_STALL || fault == BED_PARTIAL_STALL) && out && port->state.stall_halts;
    switch (fault) {
    case BED_STALL:
    case BED_PROTOCOL:
    case BED_OVERFLOW:
        finish(urb, statuses[fault], 0);
        break;
    case BED_PARTIAL:
    case BED_PARTIAL_STALL:
        if (out)
            take_out(port, urb, half, fault == BED_PARTIAL ? 0 : -EPIPE);
        else
            finish(urb, fault == BED_PARTIAL ? 0 : -EPIPE, 0);
        break;
    case BED_SHUTDOWN:
    case BED_UNPLUG:
        leave(port);
        break;
    default:
        break;
    }
}

static void submit(struct port *port, struct urb *urb)
{
    struct usbdevfs_urb *request = raw(urb);
    long number = port->state.urbs++;
    request->actual_length = 0;
    port->state.reads += is_read(urb);
    if (is_read(urb))
        port->state.in_endpoint = request->endpoint;
    else if (request->type == USBDEVFS_URB_TYPE_BULK)
        port->state.out_endpoint = request->endpoint;
    if (number == port->state.fault_urb && port->state.fault != BED_FINE) {
        fail(port, urb, port->state.fault);
        return;
    }
    if (request->type == USBDEVFS_URB_TYPE_CONTROL) {
        uint8_t *data = urb->buffer->data;
        int length = control(port, data, data + 8, request->buffer_length - 8);
        finish(urb, length < 0 ? length : 0, length < 0 ? 0 : length);
    } else if (!(request->endpoint & 0x80)) {
        urb->held = !port->halted && !port->state.always_stalls;
        if (urb->held)
            take_out(port, urb, request->buffer_length, 0);
        else
            finish(urb, -EPIPE, 0);
    }
    serve_reads(port);
}

/* ---- requests --------------------------------------------------------------------------------------------- */

struct answer { int result, number; };

static void *argument(UMockdevIoctlData *pointer, size_t size, UMockdevIoctlData **keep)
{
    *keep = umockdev_ioctl_data_resolve(pointer, 0, size, NULL);
    return (*keep)->data;
}

static struct answer reap(struct port *port, UMockdevIoctlData *pointer, UMockdevIoctlData **keep)
{
    go_on(port);
    for (int i = 0; i < port->queued; i++) {
        struct urb *urb = &port->queue[i];
        if (!urb->done)
            continue;
        *keep = umockdev_ioctl_data_resolve(pointer, 0, sizeof(void *), NULL);
        umockdev_ioctl_data_set_ptr(*keep, 0, urb->urb);
        g_clear_object(&urb->buffer);
        g_object_unref(urb->urb);
        memmove(port->queue + i, port->queue + i + 1, sizeof *urb * (size_t)(--port->queued - i));
        return (struct answer){ 0, 0 };
    }
    usleep(REAP_PACE_US);           /* a mock node is always ready, so libusb would ask without pause */
    return (struct answer){ -1, port->state.gone ? ENODEV : EAGAIN };
}

static struct answer enqueue(struct port *port, UMockdevIoctlData *pointer, UMockdevIoctlData **keep)
{
    struct usbdevfs_urb *request = argument(pointer, sizeof *request, keep);
    if (port->queued == URBS_MAX)
        return (struct answer){ -1, ENOMEM };
    struct urb *urb = &port->queue[port->queued++];
    *urb = (struct urb){ .urb = g_object_ref(*keep) };
    if (request->buffer_length > 0)
        urb->buffer = umockdev_ioctl_data_resolve(*keep, offsetof(struct usbdevfs_urb, buffer),
                                                  (gsize)request->buffer_length, NULL);
    submit(port, urb);
    return (struct answer){ 0, 0 };
}

static struct answer discard(struct port *port, UMockdevIoctlData *pointer)
{
    gulong address;
    memcpy(&address, pointer->data, sizeof address);
    for (int i = 0; i < port->queued; i++) {
        struct urb *urb = &port->queue[i];
        if (urb->urb->client_addr == address && !urb->done) {
            port->state.taken_back += !is_read(urb);
            finish(urb, -ENOENT, port->state.loses_count ? 0 : raw(urb)->actual_length);
            return (struct answer){ 0, 0 };
        }
    }
    return (struct answer){ -1, EINVAL };
}

static struct answer driver_request(struct port *port, int code)
{
    struct bed_state *state = &port->state;
    if (code == (int)USBDEVFS_DISCONNECT) {
        bool bound = state->driver[0] != 0;
        state->driver[0] = 0;
        return bound ? (struct answer){ 0, 0 } : (struct answer){ -1, ENODATA };
    }
    if (code != (int)USBDEVFS_CONNECT)
        return (struct answer){ -1, ENOTTY };
    snprintf(state->driver, sizeof state->driver, "usblp");
    state->reattached++;
    return (struct answer){ 1, 0 };
}

static struct answer claim(struct port *port, int interface)
{
    if (port->state.driver[0])
        return (struct answer){ -1, EBUSY };
    snprintf(port->state.driver, sizeof port->state.driver, "usbfs");
    port->state.claimed = true;
    port->state.interface = interface;
    return (struct answer){ 0, 0 };
}

static struct answer release(struct port *port)
{
    port->state.claimed = false;
    port->state.driver[0] = 0;
    return (struct answer){ 0, 0 };
}

static struct answer read_control(struct port *port, UMockdevIoctlData *pointer, UMockdevIoctlData **keep)
{
    struct usbdevfs_ctrltransfer *request = argument(pointer, sizeof *request, keep);
    const uint8_t setup[8] = { request->bRequestType, request->bRequest, (uint8_t)request->wValue,
                               (uint8_t)(request->wValue >> 8), (uint8_t)request->wIndex,
                               (uint8_t)(request->wIndex >> 8), (uint8_t)request->wLength,
                               (uint8_t)(request->wLength >> 8) };
    int size = request->wLength;
    UMockdevIoctlData *data = size ? umockdev_ioctl_data_resolve(*keep, offsetof(struct usbdevfs_ctrltransfer, data),
                                                                 (gsize)size, NULL) : NULL;
    int length = control(port, setup, data ? data->data : NULL, size);
    if (data)
        g_object_unref(data);
    return length < 0 ? (struct answer){ -1, -length } : (struct answer){ length, 0 };
}

static void tell_driver(struct port *port, char name[256], struct answer *answer)
{
    snprintf(name, 256, "%s", port->state.driver);
    if (!port->state.driver[0])
        *answer = (struct answer){ -1, ENODATA };
}

static struct answer perform(struct port *port, gulong request, UMockdevIoctlData *pointer, UMockdevIoctlData **keep)
{
    struct answer fine = { 0, 0 };
    struct usbdevfs_connectinfo *info;
    struct usbdevfs_getdriver *driver;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        *(uint32_t *)argument(pointer, sizeof(uint32_t), keep) =
            USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
            USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        return fine;
    case USBDEVFS_CONNECTINFO:
        info = argument(pointer, sizeof *info, keep);
        *info = (struct usbdevfs_connectinfo){ .devnum = 2 };
        return fine;
    case USBDEVFS_GET_SPEED:
        return (struct answer){ 2, 0 };
    case USBDEVFS_CONTROL:
        return read_control(port, pointer, keep);
    case USBDEVFS_GETDRIVER:
        driver = argument(pointer, sizeof *driver, keep);
        tell_driver(port, driver->driver, &fine);
        return fine;
    case USBDEVFS_IOCTL:
        return driver_request(port, ((struct usbdevfs_ioctl *)argument(pointer, sizeof(struct usbdevfs_ioctl),
                                                                       keep))->ioctl_code);
    case USBDEVFS_CLAIMINTERFACE:
        return claim(port, *(int *)argument(pointer, sizeof(int), keep));
    case USBDEVFS_RELEASEINTERFACE:
        return release(port);
    case USBDEVFS_SETINTERFACE:
        port->state.setting = (int)((struct usbdevfs_setinterface *)
            argument(pointer, sizeof(struct usbdevfs_setinterface), keep))->altsetting;
        port->state.settings++;
        return fine;
    case USBDEVFS_SETCONFIGURATION:
        port->state.settings++;
        return fine;
    case USBDEVFS_CLEAR_HALT:
        port->state.clear_halts++;
        port->halted = false;
        return fine;
    default:
        return (struct answer){ -1, ENOTTY };
    }
}

static gboolean on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
    struct port *port = data;
    struct bed_state *state = &port->state;
    gulong request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData *pointer = umockdev_ioctl_client_get_arg(client), *keep = NULL;
    struct answer answer;
    (void)base;
    pthread_mutex_lock(&port->mutex);
    bool moves = request == USBDEVFS_SUBMITURB || request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY ||
                 request == USBDEVFS_DISCARDURB;
    if (request == USBDEVFS_REAPURB || request == USBDEVFS_REAPURBNDELAY)
        answer = reap(port, pointer, &keep);
    else if (!moves && state->ioctls++ == state->fault_ioctl) {
        answer = (struct answer){ -1, state->fault_errno };
        if (state->fault_errno == ENODEV)
            leave(port);
    } else if (request == USBDEVFS_DISCARDURB)
        answer = discard(port, pointer);
    else if (state->gone)
        answer = (struct answer){ -1, ENODEV };
    else
        answer = request == USBDEVFS_SUBMITURB ? enqueue(port, pointer, &keep) : perform(port, request, pointer, &keep);
    pthread_mutex_unlock(&port->mutex);
    if (keep)
        g_object_unref(keep);
    umockdev_ioctl_client_complete(client, answer.result, answer.number);
    return TRUE;
}

/* ---- the bed ---------------------------------------------------------------------------------------------- */

struct bed *bed_new(void)
{
    struct bed *bed = calloc(1, sizeof *bed);
    bed->testbed = umockdev_testbed_new();
    return bed;
}

static struct port *find_port(struct bed *bed, const char *name)
{
    for (int i = 0; i < bed->count; i++)
        if (strcmp(bed->ports[i]->name, name) == 0)
            return bed->ports[i];
    return NULL;
}

void bed_reset(struct bed_state *state)
{
    char driver[sizeof state->driver];
    memcpy(driver, state->driver, sizeof driver);
    memset(state, 0, sizeof *state);
    memcpy(state->driver, driver, sizeof driver);
    state->fault_urb = state->fault_ioctl = state->accept_limit = -1;
    state->stall_halts = true;
}

static void add_attribute(GString *text, const char *name, const char *value)
{
    if (value)
        g_string_append_printf(text, "A: %s=%s\\n\n", name, value);
}

static void describe_device(const struct port *port, int number, GString *text)
{
    const struct bed_device *device = &port->device;
    const uint8_t *bytes = device->descriptors;
    g_string_append_printf(text, "P: %s\nN: %s=", port->path + 4, port->node + 5);
    for (size_t i = 0; i < device->descriptors_length; i++)
        g_string_append_printf(text, "%02X", bytes[i]);
    g_string_append_printf(text, "\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: BUSNUM=001\nE: DEVNUM=%03d\n"
                           "E: DEVNAME=%s\nA: busnum=1\\n\nA: devnum=%d\\n\nA: speed=12\\n\n"
                           "A: bConfigurationValue=1\\n\nA: power/control=auto\\n\n", number, port->node, number);
    if (device->descriptors_length >= 12)
        g_string_append_printf(text, "A: idVendor=%02x%02x\\n\nA: idProduct=%02x%02x\\n\n", bytes[9], bytes[8],
                               bytes[11], bytes[10]);
    add_attribute(text, "serial", device->serial);
    add_attribute(text, "manufacturer", device->manufacturer);
    add_attribute(text, "product", device->product);
    if (device->device_driver)
        g_string_append_printf(text, "L: driver=../../../../../bus/usb/drivers/%s\n", device->device_driver);
    g_string_append(text, "H: descriptors=");
    for (size_t i = 0; i < device->descriptors_length; i++)
        g_string_append_printf(text, "%02X", bytes[i]);
    g_string_append(text, "\n\n");
    g_string_append_printf(text, "P: %s/%s:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\nA: "
                           "bInterfaceNumber=00\\n\n", port->path + 4, port->name);
    if (device->driver && device->driver[0])
        g_string_append_printf(text, "L: driver=../../../../../../bus/usb/drivers/%s\n", device->driver);
    g_string_append(text, "\n");
}

static void add_to_testbed(struct bed *bed, struct port *port, int number)
{
    GString *text = g_string_new(NULL);
    GError *error = NULL;
    describe_device(port, number, text);
    if (!umockdev_testbed_add_from_string(bed->testbed, text->str, &error) ||
        !umockdev_testbed_attach_ioctl(bed->testbed, port->node, port->handler, &error))
        g_error("bed: %s\n%s", error->message, text->str);
    g_string_free(text, TRUE);
    umockdev_testbed_uevent(bed->testbed, port->path, "add");
}

struct bed_state *bed_plug(struct bed *bed, const struct bed_device *device)
{
    struct port *port = calloc(1, sizeof *port);
    int number = bed->count + 2;
    bed->ports[bed->count++] = port;
    port->device = *device;
    snprintf(port->name, sizeof port->name, "%s", device->port);
    snprintf(port->path, sizeof port->path, "/sys/devices/%s/usb1/%s", device->controller ? device->controller
             : "pci0000:00/0000:00:14.0", device->port);
    snprintf(port->node, sizeof port->node, "/dev/bus/usb/001/%03d", number);
    pthread_mutex_init(&port->mutex, NULL);
    bed_reset(&port->state);
    snprintf(port->state.driver, sizeof port->state.driver, "%s", device->driver ? device->driver : "");
    port->handler = umockdev_ioctl_base_new();
    g_signal_connect(port->handler, "handle-ioctl", G_CALLBACK(on_ioctl), port);
    add_to_testbed(bed, port, number);
    return &port->state;
}

void bed_unplug(struct bed *bed, const char *name)
{
    struct port *port = find_port(bed, name);
    pthread_mutex_lock(&port->mutex);
    leave(port);
    pthread_mutex_unlock(&port->mutex);
    char interface[224];
    snprintf(interface, sizeof interface, "%s/%s:1.0", port->path, port->name);
    umockdev_testbed_remove_device(bed->testbed, interface);
    umockdev_testbed_remove_device(bed->testbed, port->path);
    port->name[0] = 0;
}

void bed_lose_sys(struct bed *bed)
{
    char *root = umockdev_testbed_get_root_dir(bed->testbed), path[300], lost[300];
    snprintf(path, sizeof path, "%s/sys", root);
    snprintf(lost, sizeof lost, "%s/lost", root);
    if (rename(path, lost) != 0)
        perror(path);
    g_free(root);
}

void bed_chmod(struct bed *bed, const char *name, int mode)
{
    char path[300], *root = umockdev_testbed_get_root_dir(bed->testbed);
    snprintf(path, sizeof path, "%s%s", root, find_port(bed, name)->node);
    if (chmod(path, (mode_t)mode) != 0)
        perror(path);
    g_free(root);
}

void bed_say(struct bed *bed, const char *name, const void *bytes, size_t length)
{
    struct port *port = find_port(bed, name);
    pthread_mutex_lock(&port->mutex);
    says(port, bytes, length);
    serve_reads(port);
    pthread_mutex_unlock(&port->mutex);
}

void bed_free(struct bed *bed)
{
    for (int i = 0; i < bed->count; i++) {
        struct port *port = bed->ports[i];
        g_object_unref(port->handler);
        for (int at = 0; at < port->queued; at++) {
            g_clear_object(&port->queue[at].buffer);
            g_object_unref(port->queue[at].urb);
        }
        pthread_mutex_destroy(&port->mutex);
    }
    g_object_unref(bed->testbed);
    for (int i = 0; i < bed->count; i++)
        free(bed->ports[i]);
    free(bed);
}
