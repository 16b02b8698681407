/*
 * limiter.h - how often one network may fail or post in an hour. In memory alone: counts stand behind a random key that
 * changes every hour, and no address is kept.
 */
#ifndef KW_OFFICE_LIMITER_H
#define KW_OFFICE_LIMITER_H

#include "base/net.h"

/* A phone network's gateway hides thousands: so codes that are none weigh more than visits. */
enum { KW_LIMIT_FAILURES = 20, KW_LIMIT_POSTS = 60 };

struct kw_limiter;
struct kw_limiter *kw_limiter_new(void);
void kw_limiter_free(struct kw_limiter *limiter);

enum kw_limited { KW_LIMITED_FAILURE, KW_LIMITED_POST };
/* Counts one; false: it was one too many. Addresses of one /24 or /56 are one client. */
bool kw_limiter_take(struct kw_limiter *limiter, const struct kw_net *client, enum kw_limited what, int64_t now_ms);
/* How many of its bytes are the network's. */
size_t kw_limiter_network(const struct kw_net *client);
/* Until it is forgotten how often each did. */
int kw_limiter_wait_s(int64_t now_ms);
/* Whether it has failed too often already; counts nothing. */
bool kw_limiter_is_full(struct kw_limiter *limiter, const struct kw_net *client, int64_t now_ms);

#endif
