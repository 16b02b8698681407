/* log.h - one line of text to whoever wants it; the library itself never prints. */
#ifndef KW_BASE_LOG_H
#define KW_BASE_LOG_H

enum kw_log_level { KW_LOG_ERROR, KW_LOG_WARNING, KW_LOG_INFO, KW_LOG_DEBUG };

struct kw_log {
    void (*write)(void *data, int level, const char *line);     /* may be NULL */
    void *data;
};

/* log may be NULL. No text of a sale document is ever logged. */
void kw_log(const struct kw_log *log, enum kw_log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
