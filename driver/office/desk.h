/* desk.h - those who look after alerts: by a mail's link, or signed in. Private to this room. */
#ifndef KW_OFFICE_DESK_H
#define KW_OFFICE_DESK_H

#include "office/internal.h"

/* Somebody looks at one alert. */
struct kw_looking {
    struct kw_office *office;
    struct kw_http_exchange *exchange;
    const char *path;                       /* of this page, where its forms go */
    const struct kw_person *person;         /* who signed in; NULL: whoever has the link, and says a name */
    int64_t alert;
    uint32_t raised_s;                      /* of a link: when its alert was raised; 0: it says nothing of that */
    int language;
};
/* Shows it, or does what a form says; an alert that is not there, or of a store of others, is 404. */
void kw_office_look(const struct kw_looking *looking, const struct kw_form *form);
/* Everything below /staff; path is what follows that. */
void kw_office_desk(struct kw_visit *visit, const char *path, const struct kw_form *form);
/* What an alert of that kind is called. */
enum kw_staff_word kw_staff_alert_word(const char *kind);

#endif
