/* staff.h - what the link of a mail shows to who looks after an alert. */
#ifndef KW_OFFICE_WEB_STAFF_H
#define KW_OFFICE_WEB_STAFF_H

#include "office/web/page.h"

struct kw_web_staff {
    const struct kw_web_shop *shop;
    const char *style, *path;               /* path: of this page, where its forms go */
    int language;
    enum kw_staff_word what;                /* KW_STAFF_CONTACT, LOW or MESSAGE */
    enum kw_staff_word fault;               /* KW_STAFF_WORD_COUNT: none */
    const char *who;                        /* who took it, or what was typed as a name */
    const char *store, *till, *code, *comment, *reply, *contact;    /* "" where there is none */
    int csat, nps, ces;                     /* -1: not given */
    long long minutes;                      /* since it was said */
    const char *person;                     /* who signed in; NULL: a link was followed, and a name is asked for */
    bool is_taken, is_closed;
    bool looks_only;                        /* nothing can be done about it by this person */
};

void kw_web_put_staff(const struct kw_web_staff *staff, struct kw_buffer *out);
/* One sentence instead: a link that leads nowhere any more, or a store that does not answer now. */
void kw_web_put_staff_word(const struct kw_web_shop *shop, const char *style, int language, enum kw_staff_word word,
                           struct kw_buffer *out);

#endif
