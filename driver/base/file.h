/* file.h - all bytes of a read or a write, however often the system call is interrupted or falls short. */
#ifndef KW_BASE_FILE_H
#define KW_BASE_FILE_H

#include <stddef.h>

/* Reads until the end of the file or until *length is size; blocks as read does. Returns 0 or errno. */
int kw_file_read(int handle, void *bytes, size_t size, size_t *length);
/* Returns 0 or errno. */
int kw_file_write(int handle, const void *bytes, size_t length);

#endif
