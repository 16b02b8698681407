/* desk.h - what staff see who signed in: the way in, and the list of alerts. */
#ifndef KW_OFFICE_WEB_DESK_H
#define KW_OFFICE_WEB_DESK_H

#include "office/web/page.h"

struct kw_web_desk {
    const struct kw_web_shop *shop;
    const char *style;
    int language;
    const char *person;                     /* who signed in, or what was typed as a name */
    enum kw_staff_word fault;               /* KW_STAFF_WORD_COUNT: none */
};
void kw_web_put_sign_in(const struct kw_web_desk *desk, struct kw_buffer *out);

/* One alert of the list; scores are -1 where they were not given. */
struct kw_web_desk_alert {
    int64_t id;
    enum kw_staff_word what;
    const char *store, *till, *who;
    int csat, nps, ces;
    long long minutes;                      /* since it was raised */
    bool is_taken, is_closed;
};
/* Where a list goes on: its next address, and how many it has; left 0: nowhere. */
struct kw_web_more { const char *path; int left; };
/* Begins the list, has a line for each, and ends it: `count` of them were put. */
void kw_web_begin_alerts(const struct kw_web_desk *desk, struct kw_buffer *out);
void kw_web_put_alert(const struct kw_web_desk *desk, const struct kw_web_desk_alert *alert, struct kw_buffer *out);
void kw_web_end_alerts(const struct kw_web_desk *desk, bool all, size_t count, const struct kw_web_more *more,
                       struct kw_buffer *out);
/* Where else one can go, and the way out. */
void kw_web_put_desk_ways(const char *person, int language, struct kw_buffer *out);

#endif
