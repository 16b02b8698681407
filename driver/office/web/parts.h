/* parts.h - pieces that pages are put together from. Private to this room. */
#ifndef KW_OFFICE_WEB_PARTS_H
#define KW_OFFICE_WEB_PARTS_H

#include "office/web/page.h"

/* The text between two pieces of markup, escaped; NULL is "". */
void kw_web_element(const char *open, const char *text, const char *close, struct kw_buffer *out);
/* In the language's own digits. */
void kw_web_number(int language, long long number, struct kw_buffer *out);
/* From the doctype to the opened <main>: with the shop's name, and its logo where it has one. */
void kw_web_head(const struct kw_web_shop *shop, int language, const char *style, struct kw_buffer *out);
/* A summary of what is wrong, with a link to the field. */
void kw_web_fault(const char *title, const char *field, const char *text, struct kw_buffer *out);

/* ---- what stands behind the tap (more.c) ---------------------------------------------------------------------- */

/* "?l=pl" or "&l=pl" where the language was chosen; begin is the sign. */
void kw_web_put_choice(const struct kw_web_page *page, char begin, struct kw_buffer *out);
/* <form> to /TOKEN with k as a field, or to /TOKEN/K. */
void kw_web_put_form(const struct kw_web_page *page, bool in_path, struct kw_buffer *out);
void kw_web_put_more(const struct kw_web_page *page, struct kw_buffer *out);
void kw_web_put_done(const struct kw_web_page *page, struct kw_buffer *out);
void kw_web_put_erase(const struct kw_web_page *page, struct kw_buffer *out);
void kw_web_put_reply(const struct kw_web_page *page, struct kw_buffer *out);
void kw_web_put_message(const struct kw_web_page *page, struct kw_buffer *out);

#endif
