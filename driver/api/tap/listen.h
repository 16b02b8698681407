/* listen.h - where a tap is found. */
#ifndef KW_API_TAP_LISTEN_H
#define KW_API_TAP_LISTEN_H

#include "office/http/http.h"

/* kw_http_listen, once who was killed there lets go of the address. */
int kw_tap_listen(const char *place, bool any_address, int *socket, char where[KW_HTTP_WHERE], struct kw_error *error);

#endif
