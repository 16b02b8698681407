/* file.h - files that no opening waits for, folders as open as where they lie, all bytes of a read or a write. */
#ifndef KW_BASE_FILE_H
#define KW_BASE_FILE_H

#include <stddef.h>
#include <sys/types.h>

/* A regular file and nothing else: -1 and errno (ENOTSUP) before a pipe or a device, which might wait for ever. */
int kw_file_open(const char *path, int flags, mode_t mode);

/*
 * A folder as open to its group as the one that it lies in, whatever the umask, and else for its owner alone; one that
 * is there is left as it is. Returns 0 or errno.
 */
int kw_file_make_folder(const char *path);

/*
 * What root makes where somebody else's files lie is theirs, as what they make there: a service reads what an
 * administrator puts into its state. Returns 0 or errno.
 */
int kw_file_hand_over(int handle, const char *path);

/* Reads until the end of the file or until *length is size; blocks as read does. Returns 0 or errno. */
int kw_file_read(int handle, void *bytes, size_t size, size_t *length);
/* Returns 0 or errno. */
int kw_file_write(int handle, const void *bytes, size_t length);

#endif
