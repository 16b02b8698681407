/* parts.c - pieces of pages. */
#include "office/web/parts.h"

#include <stdio.h>
#include <string.h>

void kw_web_element(const char *open, const char *text, const char *close, struct kw_buffer *out)
{
    kw_buffer_text(out, open);
    kw_buffer_markup(out, text ? text : "");
    kw_buffer_text(out, close);
}

void kw_web_number(int language, long long number, struct kw_buffer *out)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", number);
    for (const char *at = digits; *at; at++) {
        const char *zero = kw_web_zero(language);
        const size_t last = strlen(zero) - 1;
        kw_buffer_add(out, zero, last);
        kw_buffer_byte(out, (uint8_t)(zero[last] + (*at - '0')));
    }
}

void kw_web_head(const struct kw_web_shop *shop, int language, const char *style, struct kw_buffer *out)
{
    kw_buffer_format(out, "<!DOCTYPE html><html lang=%s dir=%s><head><meta charset=utf-8>"
                     "<meta name=viewport content=\"width=device-width,initial-scale=1\">", kw_web_tag(language),
                     kw_web_direction(language));
    kw_web_element("<title>", shop->name, "</title>", out);
    kw_buffer_format(out, "<style>%s</style></head><body><header>%s", style,
                     shop->has_logo ? "<img src=/logo alt=\"\" height=48>" : "");
    kw_web_element("<p><strong>", shop->name, "</strong></p></header><main>", out);
}

void kw_web_fault(const char *title, const char *field, const char *text, struct kw_buffer *out)
{
    kw_web_element("<div class=w role=alert><h2>", title, "</h2>", out);
    kw_buffer_format(out, "<a href=\"#%s\">", field);
    kw_web_element("", text, "</a></div>", out);
}
