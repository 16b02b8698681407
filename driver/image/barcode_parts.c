/* barcode_parts.c - how whoever makes a symbol says that it cannot be made. */
#include "image/barcode_parts.h"

#include <stdarg.h>
#include <stdio.h>

int kw_barcode_refuse(const struct kw_barcode_job *job, const char *format, ...)
{
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return kw_fail(job->error, KWIT_E_INVALID, "", "%s %s", job->word, text);
}

int kw_barcode_no_memory(const struct kw_barcode_job *job)
{
    return kw_fail(job->error, KWIT_E_NO_MEMORY, "", "no memory for a bar code");
}
