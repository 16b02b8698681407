/* verify_findings.c - what a verification found wrong, and how far it is. */
#include "journal/verify.h"

#include <stdarg.h>
#include <stdio.h>

enum { PROGRESS_EVERY = 1 << 16 };

void kw_finding_add(struct kw_verifying *verifying, int64_t n, const char *format, ...)
{
    struct kw_ledger_check *check = verifying->check;
    if (check->finding_count < KW_FINDINGS) {
        struct kw_finding *finding = &check->findings[check->finding_count];
        va_list arguments;
        va_start(arguments, format);
        finding->n = n;
        vsnprintf(finding->what, sizeof finding->what, format, arguments);
        va_end(arguments);
    }
    check->finding_count++;
}

void kw_verify_progress(struct kw_verifying *verifying, const char *stage, int64_t done)
{
    if (verifying->look->progress && done % PROGRESS_EVERY == 0)
        verifying->look->progress(verifying->look->progress_data, stage, done);
}
