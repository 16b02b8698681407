/* net.h - addresses of machines and networks, as people write them. */
#ifndef KW_BASE_NET_H
#define KW_BASE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockaddr;

/* Both kinds of address as sixteen bytes: those of IPv4 stand behind ::ffff. */
struct kw_net {
    uint8_t bytes[16];
    int bits;                       /* that must be the same: 128 for one machine */
};

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::/32". */
bool kw_net_parse(const char *text, struct kw_net *net);
/* The address of a peer; false: it has none (a socket of this machine's own files). */
bool kw_net_of_peer(const struct sockaddr *peer, struct kw_net *net);
bool kw_net_holds(const struct kw_net *net, const struct kw_net *machine);
bool kw_net_is_loopback(const struct kw_net *machine);

/* Whether HOST[:PORT] is this machine by one of its own names, wholly: 127.0.0.1.example is somebody else. */
bool kw_net_is_here(const char *host, size_t length);
/* The same of whom a URL leads to; one with a user's name in it leads elsewhere. */
bool kw_net_url_is_here(const char *url);

#endif
