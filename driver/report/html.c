/* html.c - placeholder */
#include "report/words.h"
void kw_report_html(const struct kw_report *report, const char *language, struct kw_buffer *out)
{
    (void)language;
    kw_report_text(report, out);
}
