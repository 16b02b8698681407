/* holder.h - which process has a file open, as far as /proc shows it to this user. */
#ifndef KW_TRANSPORT_HOLDER_H
#define KW_TRANSPORT_HOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* "cupsd (pid 812)" of the first other process that has `path` open. False: nobody, or it cannot be seen. */
bool kw_holder_of(const char *path, char *holder, size_t size);

#endif
