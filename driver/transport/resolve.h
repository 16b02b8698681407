/* resolve.h - names to addresses before a moment. */
#ifndef KW_TRANSPORT_RESOLVE_H
#define KW_TRANSPORT_RESOLVE_H

#include "base/error.h"

#include <stdint.h>
#include <sys/socket.h>

enum { KW_ADDRESSES_MAX = 8 };

struct kw_addresses {
    struct { struct sockaddr_storage address; socklen_t length; } items[KW_ADDRESSES_MAX];
    int count;
};

/* NO_PRINTER when the name does not exist, UNAVAILABLE when nobody could say in time. */
int kw_resolve(const char *host, const char *port, int64_t until_ms, struct kw_addresses *addresses,
               struct kw_error *error);

#endif
