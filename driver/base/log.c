/* log.c - the log hook. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

void kw_log(const struct kw_log *log, enum kw_log_level level, const char *format, ...)
{
    if (!log || !log->write)
        return;
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    log->write(log->data, (int)level, line);
}
