/* query.c - what stands behind the question mark of a request. */
#include "office/http/http.h"

#include <stdio.h>
#include <string.h>

void kw_http_query(const char *query, const char *name, char *out, size_t size)
{
    const size_t length = strlen(name);
    out[0] = 0;
    while (*query) {
        const size_t part = strcspn(query, "&");
        if (part > length && strncmp(query, name, length) == 0 && query[length] == '=')
            snprintf(out, size, "%.*s", (int)(part - length - 1), query + length + 1);
        query += part + (query[part] == '&');
    }
}
