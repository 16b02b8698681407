/* net.c - addresses of machines and networks. */
#include "base/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_LIMIT = 64, V4_BITS = 32, ALL_BITS = 128, V4_AT = 12 };

static void put_v4(struct kw_net *net, const void *four)
{
    *net = (struct kw_net){ .bits = ALL_BITS };
    net->bytes[V4_AT - 2] = net->bytes[V4_AT - 1] = 0xFF;
    memcpy(net->bytes + V4_AT, four, 4);
}

bool kw_net_parse(const char *text, struct kw_net *net)
{
    char host[TEXT_LIMIT], *end = NULL;
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    struct in_addr four;
    if (length == 0 || length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = 0;
    *net = (struct kw_net){ .bits = ALL_BITS };
    bool is_v4 = inet_pton(AF_INET, host, &four) == 1;
    if (is_v4)
        put_v4(net, &four);
    else if (inet_pton(AF_INET6, host, net->bytes) != 1)
        return false;
    if (!slash)
        return true;
    long bits = strtol(slash + 1, &end, 10), most = is_v4 ? V4_BITS : ALL_BITS;
    net->bits = (int)bits + (is_v4 ? ALL_BITS - V4_BITS : 0);
    return slash[1] >= '0' && slash[1] <= '9' && *end == 0 && bits <= most;
}

bool kw_net_of_peer(const struct sockaddr *peer, struct kw_net *net)
{
    *net = (struct kw_net){ .bits = ALL_BITS };
    if (peer->sa_family == AF_INET)
        put_v4(net, &((const struct sockaddr_in *)(const void *)peer)->sin_addr);
    else if (peer->sa_family == AF_INET6)
        memcpy(net->bytes, &((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr, sizeof net->bytes);
    return peer->sa_family == AF_INET || peer->sa_family == AF_INET6;
}

bool kw_net_holds(const struct kw_net *net, const struct kw_net *machine)
{
    int whole = net->bits / 8, rest = net->bits % 8;
    if (memcmp(net->bytes, machine->bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (net->bytes[whole] ^ machine->bytes[whole]) >> (8 - rest) == 0;
}

bool kw_net_is_loopback(const struct kw_net *machine)
{
    struct kw_net four, six;
    return kw_net_parse("127.0.0.0/8", &four) && kw_net_parse("::1", &six)
        && (kw_net_holds(&four, machine) || kw_net_holds(&six, machine));
}

bool kw_net_is_here(const char *host, size_t length)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t own = strlen(names[i]);
        if (length >= own && strncasecmp(host, names[i], own) == 0 && (length == own || host[own] == ':'))
            return true;
    }
    return false;
}

bool kw_net_url_is_here(const char *url)
{
    const char *host = strstr(url, "://");
    const size_t length = host ? strcspn(host + 3, "/?#") : 0;
    return host && !memchr(host + 3, '@', length) && kw_net_is_here(host + 3, length);
}
