/*
 * maps.h - documents of other systems (an order of a web shop, a receipt of a till in the cloud) turned into sale
 * documents by rows of data.
 *
 * A map is a text of rows `target = path | operation`; its language stands in README.md of this room. It computes
 * nothing that the other system has computed, and what it cannot read without guessing it refuses.
 */
#ifndef KW_INPUTS_MAPS_MAPS_H
#define KW_INPUTS_MAPS_MAPS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "data/choices.h"

enum { KW_MAP_BYTES = 4 * 1024 * 1024, KW_MAP_DEPTH = 64, KW_MAP_TEXT = 256 * 1024 };

struct kw_map;

/* What the shop says where the document does not. */
struct kw_map_shop {
    const char *currency;           /* NULL: not said */
    enum kw_map_minor minor;        /* whether amounts count the smallest coin, where a document leaves it open */
    const char *time;               /* how times are written, as strptime reads it; NULL: not said */
    const char *const *payments;    /* "Twint = wallet", NULL-terminated; NULL: none */
};

/* The rows of a map that kwit brings, NULL: none of that name; the names in their order, NULL behind the last. */
const char *kw_map_builtin(const char *name);
const char *kw_map_name(size_t index);

/* Reads a map. CONFIG: a row is at fault, with the map's name and line. */
int kw_map_read(struct kw_arena *arena, const char *name, const char *text, struct kw_map **map,
                struct kw_error *error);
/* What the map says it is for. */
const char *kw_map_title(const struct kw_map *map);

/*
 * Appends the sale document to *document. SYNTAX, TOO_LARGE: it cannot be read; INVALID: it holds something else than
 * the map says, or what the map refuses; the error names the place in the other system's document.
 */
int kw_map_run(const struct kw_map *map, const struct kw_map_shop *shop, const void *bytes, size_t length,
               struct kw_arena *arena, struct kw_buffer *document, struct kw_error *error);

#endif
