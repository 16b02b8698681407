/* staging.h - where the rows of a file wait until all of them are checked: a private file, never in memory at once. */
#ifndef KW_ANSWERS_STAGING_H
#define KW_ANSWERS_STAGING_H

#include "base/arena.h"
#include "base/error.h"
#include "record/answer.h"

struct kw_staging;

/* Makes it in that directory, where nobody sees it by name. */
int kw_staging_open(const char *directory, struct kw_staging **staging, struct kw_error *error);
int kw_staging_add(struct kw_staging *staging, const struct kw_answer *answer, struct kw_error *error);
/* No more is added; reading begins with the first row. */
int kw_staging_rewind(struct kw_staging *staging, struct kw_error *error);
/* The next row in order of the file, its texts in the arena: 1, 0 at the end, or an error. */
int kw_staging_next(struct kw_staging *staging, struct kw_arena *arena, struct kw_answer *answer,
                    struct kw_error *error);
void kw_staging_close(struct kw_staging *staging);      /* NULL: nothing. The file is gone with it. */

#endif
