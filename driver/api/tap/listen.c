/* listen.c - the address of a tap that was killed, which the copy that reads for it may hold a little longer. */
#include "api/tap/listen.h"

#include "base/clock.h"

enum { FREE_MS = 2000, LOOK_MS = 10 };

int kw_tap_listen(const char *place, bool any_address, int *socket, char where[KW_HTTP_WHERE], struct kw_error *error)
{
    int64_t until_ms = kw_clock_boot_ms() + FREE_MS;
    int code = kw_http_listen(place, any_address, socket, where, error);
    while (code == KWIT_E_BUSY && kw_clock_left_ms(until_ms) > 0) {
        kw_clock_sleep_ms(LOOK_MS);
        code = kw_http_listen(place, any_address, socket, where, error);
    }
    return code;
}
