/* link.h - what stands in a mail's link: the right to look after one alert for a week, made with the office's key. */
#ifndef KW_OFFICE_LINK_H
#define KW_OFFICE_LINK_H

#include "office/ticket.h"

/*
 * Of the second when the alert was raised, its number and the day in hexadecimal digits, with twelve bytes of a keyed
 * digest. In a store that came back from a copy the same number may be another customer's.
 */
enum { KW_LINK_TEXT = 16 + 8 + 24 + 1, KW_LINK_DAYS = 7 };

struct kw_linked { uint32_t alert, raised_s; };               /* raised_s 0: one that says none, of an older office */
void kw_link_make(const uint8_t key[KW_OFFICE_KEY], const struct kw_linked *link, int64_t now_ms,
                  char out[KW_LINK_TEXT]);
/* False: the office did not make it, or it is older than a week. */
bool kw_link_check(const uint8_t key[KW_OFFICE_KEY], const char *text, int64_t now_ms, struct kw_linked *link);

#endif
