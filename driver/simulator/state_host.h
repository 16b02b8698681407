/* state_host.h - part of the state: what the host asked for, and the moments that count. */
#ifndef KW_SIMULATOR_STATE_HOST_H
#define KW_SIMULATOR_STATE_HOST_H

#include <stdint.h>

struct kw_sim_host {
    uint8_t deselected;                         /* ESC = */
    uint8_t asb, asb_sent[4], offline_response;
    uint8_t whole, whole_sent[6];               /* GS E0 */
    uint8_t pulse_disabled, power_off_enabled, paper_stops, feed_button_off;
};

struct kw_sim_times {
    int64_t starting_until_ms, say_at_ms, drip_at_ms;       /* of the peer */
    int64_t busy_until_us, last_ms, power_on_ms, drawer_pulse_at_ms;
    uint8_t working;                            /* the head had work when we looked last */
};

#endif
