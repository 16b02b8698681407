/* look.h - the style of an office's pages: one for the question, one for what follows, in the shop's colour. */
#ifndef KW_OFFICE_WEB_LOOK_H
#define KW_OFFICE_WEB_LOOK_H

#include <stdbool.h>
#include <stdint.h>

enum { KW_WEB_STYLE = 2600, KW_WEB_POLICY = 400 };

struct kw_web_look {
    char ask[KW_WEB_STYLE], more[KW_WEB_STYLE];
    char policy[KW_WEB_POLICY];             /* the Content-Security-Policy that lets these two in, and nothing else */
};

/* "#0b4f8a"; false: it is none. */
bool kw_web_colour(const char *text, uint8_t rgb[3]);
/* Of two colours, 1 to 21, as WCAG 2 defines it. */
double kw_web_contrast(const uint8_t one[3], const uint8_t other[3]);
/* colour NULL or none: kwit's own. One that is hard to read on the page is made darker, or in the dark lighter. */
void kw_web_look_make(struct kw_web_look *look, const char *colour);

#endif
