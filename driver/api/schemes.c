/* schemes.c - the transports by name: to add one, add its row. */
#include "api/context.h"
#include "simulator/doors/folder.h"

const struct kw_transport_ops *const kw_schemes[] = {
    &kw_transport_usb, &kw_transport_tcp, &kw_transport_serial, &kw_transport_file, &kw_transport_sim, NULL
};
