/* staging.c - rows one behind the other in a file that has lost its name: the struct, then its texts. */
#include "answers/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXTS = 5, STAGING_PATH = 4096 };

/* As it stands in the file: pointers mean nothing there, the texts follow without their ends. */
struct staged { struct kw_answer answer; size_t lengths[TEXTS]; };

struct kw_staging { FILE *file; char path[STAGING_PATH]; };

static int fail(const struct kw_staging *staging, struct kw_error *error)
{
    int number = errno;
    return kw_fail(error, number == ENOSPC || number == EDQUOT ? KWIT_E_DISK_FULL : KWIT_E_IO, staging->path,
                   "the file of answers cannot be staged: %s", strerror(number));
}

int kw_staging_open(const char *directory, struct kw_staging **opened, struct kw_error *error)
{
    struct kw_staging *staging = calloc(1, sizeof *staging);
    *opened = NULL;
    if (!staging)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    snprintf(staging->path, sizeof staging->path, "%s/import-%ld.staging", directory, (long)getpid());
    unlink(staging->path);                  /* of one that died between the next two lines */
    int handle = open(staging->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    staging->file = handle >= 0 && unlink(staging->path) == 0 ? fdopen(handle, "w+b") : NULL;
    if (!staging->file) {
        int code = fail(staging, error);
        if (handle >= 0)
            close(handle);
        free(staging);
        return code;
    }
    *opened = staging;
    return 0;
}

static const char **texts_of(struct kw_answer *answer, int i)
{
    const char **const texts[TEXTS] = { &answer->token, &answer->language, &answer->comment, &answer->fault,
                                         &answer->own };
    return texts[i];
}

int kw_staging_add(struct kw_staging *staging, const struct kw_answer *answer, struct kw_error *error)
{
    struct staged row;
    memset(&row, 0, sizeof row);
    row.answer = *answer;
    for (int i = 0; i < TEXTS; i++)
        row.lengths[i] = strlen(*texts_of(&row.answer, i));
    bool whole = fwrite(&row, sizeof row, 1, staging->file) == 1;
    for (int i = 0; whole && i < TEXTS; i++)
        whole = fwrite(*texts_of(&row.answer, i), 1, row.lengths[i], staging->file) == row.lengths[i];
    return whole ? 0 : fail(staging, error);
}

int kw_staging_rewind(struct kw_staging *staging, struct kw_error *error)
{
    return fflush(staging->file) == 0 && fseeko(staging->file, 0, SEEK_SET) == 0 ? 0 : fail(staging, error);
}

int kw_staging_next(struct kw_staging *staging, struct kw_arena *arena, struct kw_answer *answer,
                    struct kw_error *error)
{
    struct staged row;
    if (fread(&row, sizeof row, 1, staging->file) != 1)
        return ferror(staging->file) ? fail(staging, error) : 0;
    *answer = row.answer;
    for (int i = 0; i < TEXTS; i++) {
        char *text = kw_arena_alloc(arena, row.lengths[i] + 1);
        if (!text)
            return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
        if (fread(text, 1, row.lengths[i], staging->file) != row.lengths[i])
            return fail(staging, error);
        *texts_of(answer, i) = text;
    }
    return 1;
}

void kw_staging_close(struct kw_staging *staging)
{
    if (!staging)
        return;
    fclose(staging->file);
    free(staging);
}
