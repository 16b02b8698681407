/* shapes.h - whether a value of the configuration is written as whoever reads it wants it. */
#ifndef KW_API_SETUP_SHAPES_H
#define KW_API_SETUP_SHAPES_H

#include "base/arena.h"
#include "config/config.h"

/* What is wrong with the value of a key that only a service reads, or with a time that names no unit; NULL: nothing. */
const char *kw_shape_fault(struct kw_arena *arena, const struct kw_config_entry *entry);

#endif
