/* text_parts.c - what the text of a report is made of: headings, columns, wrapped lines, rates and estimates. */
#include "report/text.h"

#include <string.h>

void kw_text_heading(struct kw_writer *page, const char *text)
{
    kw_buffer_format(page->out, "\n%s\n", text);
}

int kw_text_column(const struct kw_writer *page)
{
    size_t at = page->out->length;
    const char *text = kw_buffer_string(page->out);
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return kw_terminal_columns(text + at, page->out->length - at);
}

void kw_text_pad(struct kw_writer *page, int column)
{
    for (int at = kw_text_column(page); at < column; at++)
        kw_buffer_byte(page->out, ' ');
}

void kw_text_right(struct kw_writer *page, int64_t count, int column)
{
    struct kw_buffer digits;
    struct kw_writer inner = *page;
    kw_buffer_init(&digits, 100);
    inner.out = &digits;
    kw_put_count(&inner, count);
    kw_text_pad(page, column - kw_terminal_columns(kw_buffer_string(&digits), digits.length));
    kw_buffer_format(page->out, " %s", kw_buffer_string(&digits));
    kw_buffer_free(&digits);
}

void kw_text_wrapped(struct kw_writer *page, int indent, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, " ");
        int at = kw_text_column(page);
        if (at > indent && at + 1 + kw_terminal_columns(text, length) > KW_TEXT_COLUMNS)
            kw_buffer_byte(page->out, '\n');
        if (kw_text_column(page) == 0)
            kw_buffer_format(page->out, "%*s", indent, "");
        else if (kw_text_column(page) > indent)
            kw_buffer_byte(page->out, ' ');
        kw_buffer_add(page->out, text, length);
        text += length + (text[length] == ' ');
    }
    kw_buffer_byte(page->out, '\n');
}

void kw_text_quote(struct kw_writer *page, int indent, const char *text)
{
    struct kw_buffer clean;
    struct kw_writer inner = *page;
    kw_buffer_init(&clean, 1 << 16);
    inner.out = &clean;
    kw_buffer_text(&clean, "\u201c");
    kw_put_text(&inner, text);
    kw_buffer_text(&clean, "\u201d");
    kw_text_wrapped(page, indent, kw_buffer_string(&clean));
    kw_buffer_free(&clean);
}

void kw_text_rate(struct kw_writer *page, int64_t k, int64_t n)
{
    if (n == 0) {
        kw_buffer_text(page->out, "\u2013");
        return;
    }
    kw_put_ltr(page, true);
    kw_put_share(page, (double)k / (double)n);
    kw_buffer_text(page->out, " (");
    kw_put_interval(page, kw_wilson((double)k, (double)n));
    kw_buffer_text(page->out, "; ");
    kw_put_count(page, k);
    kw_buffer_byte(page->out, '/');
    kw_put_count(page, n);
    kw_buffer_byte(page->out, ')');
    kw_put_ltr(page, false);
}

void kw_text_estimate(struct kw_writer *page, enum kw_question question, const struct kw_estimate *e, const char *n)
{
    kw_put_ltr(page, true);
    kw_put_value(page, question, e->value);
    kw_buffer_text(page->out, " (");
    kw_put_range(page, question, e->interval);
    kw_buffer_format(page->out, "; %s ", n);
    kw_put_number(page, e->n, 0);
    kw_buffer_byte(page->out, ')');
    kw_put_ltr(page, false);
}
