/* client.c - who is behind a request, for the limiter alone. */
#include "office/internal.h"

#include <stdio.h>
#include <string.h>

/* Who is behind a proxy on this machine is named last, by that proxy; who comes directly is its own peer. */
void kw_visit_find_client(struct kw_visit *visit)
{
    char text[64];
    const char *list = visit->request->forwarded, *comma = strrchr(list, ','), *last = comma ? comma + 1 : list;
    struct kw_net peer;
    const bool direct = visit->request->peer && kw_net_of_peer(visit->request->peer, &peer)
        && !kw_net_is_loopback(&peer);
    last += strspn(last, " ");
    snprintf(text, sizeof text, "%.*s", (int)strcspn(last, " "), last);
    if (direct)
        visit->client = peer;
    visit->has_client = direct || (text[0] && kw_net_parse(text, &visit->client));
}

bool kw_visit_is_within(struct kw_visit *visit, enum kw_limited what)
{
    return !visit->has_client || kw_limiter_take(visit->office->limiter, &visit->client, what, visit->now_ms);
}

bool kw_visit_failed_too_often(struct kw_visit *visit)
{
    return visit->has_client && kw_limiter_is_full(visit->office->limiter, &visit->client, visit->now_ms);
}
