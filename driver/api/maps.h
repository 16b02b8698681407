/* maps.h - what a call does with a document of another system: it becomes a sale document first. */
#ifndef KW_API_MAPS_H
#define KW_API_MAPS_H

#include "api/context.h"
#include "config/config.h"

#include <stddef.h>

/*
 * The sale document that the map `from` makes of these bytes, in the arena, in their place. `from` is a name (of a map
 * in the folder maps beside the configuration, else of one that kwit brings) or, with a slash in it, a file.
 */
int kw_maps_apply(const kwit_context *context, const struct kw_config *config, const char *from, struct kw_arena *arena,
                  const void **document, size_t *length, struct kw_error *error);

#endif
