/* address.h - a printer address taken apart: scheme ':' body '?' key=value '&' … with %XX in values. */
#ifndef KW_TRANSPORT_ADDRESS_H
#define KW_TRANSPORT_ADDRESS_H

#include "base/error.h"
#include "transport/transport.h"

#include <stdbool.h>

/* The body without its query, percent-decoded unless `raw`. False when it does not fit. */
bool kw_address_path(const char *uri, bool raw, char *out, size_t size);

/*
 * Walks the query. *at begins as NULL; returns false behind the last pair. Values are percent-decoded; a pair that
 * does not fit or is not key=value comes with *fault set.
 */
struct kw_address_pair { char key[32], value[256]; bool fault; };
bool kw_address_next(const char *uri, const char **at, struct kw_address_pair *pair);

/* A text as it may stand in an address: what is not A-Z a-z 0-9 - . _ ~ becomes %XX. False when it does not fit. */
bool kw_address_escape(const char *text, char *out, size_t size);

#endif
