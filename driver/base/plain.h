/* plain.h - numbers are written and read with a point, whatever locale the program that uses the library has set. */
#ifndef KW_BASE_PLAIN_H
#define KW_BASE_PLAIN_H

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* For this thread, until kw_plain_end with what it returned. */
static inline locale_t kw_plain_begin(void)
{
    return uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

static inline void kw_plain_end(locale_t before)
{
    locale_t plain = uselocale(before);
    if (plain != before)            /* without memory there was none */
        freelocale(plain);
}

/* As strtod. */
static inline double kw_plain_real(const char *text, char **end)
{
    locale_t before = kw_plain_begin();
    double number = strtod(text, end);
    kw_plain_end(before);
    return number;
}

/* As snprintf. */
__attribute__((format(printf, 3, 4)))
static inline int kw_plain_text(char *text, size_t size, const char *format, ...)
{
    va_list arguments;
    locale_t before = kw_plain_begin();
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    kw_plain_end(before);
    return length;
}

#endif
