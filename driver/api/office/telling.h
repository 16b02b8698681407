/* telling.h - people hear of alerts: notices are planned into the outbox, and what is due there is sent. */
#ifndef KW_API_OFFICE_TELLING_H
#define KW_API_OFFICE_TELLING_H

#include "api/touch/touch.h"
#include "base/module.h"
#include "office/net/net.h"
#include "office/ticket.h"

struct kw_telling {
    struct kw_touch *call;
    struct kw_book book;                    /* both for this alone */
    struct kw_loop loop;
    const uint8_t *link_key;                /* KW_OFFICE_KEY bytes */
    const char *url;                        /* where links lead; NULL: mails have none */
    struct kw_net_patience patience;        /* whether the office goes on: a try is given up when it does not */
    int place;                              /* the state's directory, open: a lock on it is the turn of who mails */
    /* private */
    struct kw_module *module;
    const struct kw_net_calls *net;
    int64_t now_ms;
    bool has_turn;
};

/* Plans what is due, and tries what waits; each try may take twenty seconds. */
int kw_telling_tick(struct kw_telling *telling);
void kw_telling_end(struct kw_telling *telling);

#endif
