/* named.c - the sale and the jobs that a person names by an id, which several tills may have given. */
#include "api/call.h"

#include "journal/ledger.h"

#include <string.h>

int kw_call_find_sale(struct kw_call *call, const struct kwit_sale_name *name, struct kw_sale_row *sale)
{
    int64_t found;
    int code;
    if (!name) {
        code = kw_sale_last(call->journal, call->arena, sale, &call->error);
    } else {
        const struct kw_sale_name wanted = { name->id, name->till, name->day };
        code = kw_ledger_find(call->journal, &wanted, &found, &call->error);
        if (code == 0)
            code = kw_sale_get(call->journal, found, call->arena, sale, &call->error);
    }
    if (code == 0)
        call->line.id = sale->name;
    return code;
}

int kw_call_list_jobs(struct kw_call *call, const struct kw_sale_row *sale, const char *part, struct kw_job **jobs,
                      size_t *count)
{
    const struct kw_job_filter filter = { .sale = sale->id };
    size_t kept = 0;
    int code = kw_job_list(call->journal, &filter, call->arena, jobs, count, &call->error);
    for (size_t i = 0; code == 0 && i < *count; i++)
        if (!part || strcmp((*jobs)[i].part, part) == 0)
            (*jobs)[kept++] = (*jobs)[i];
    if (code == 0)
        *count = kept;
    if (code == 0 && kept == 0 && part)
        code = kw_fail(&call->error, KWIT_E_NOT_FOUND, sale->name, "no part called %s was printed of it", part);
    return code;
}
