/*
 * fuzz_maps.c - any document through any map, and any text as a map: refused with a reason, or a sale document that
 * is JSON with an id. The first byte chooses; a NUL parts a map of one's own from its document.
 */
#include "base/value.h"
#include "inputs/maps/maps.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kw_buffer *document, struct kw_arena *arena)
{
    struct kw_value *value;
    struct kw_value_fault fault;
    if (kw_value_read(arena, kw_buffer_string(document), document->length, 64, &value, &fault) != 0
        || !kw_value_text(kw_value_get(value, "id")) || !kw_value_text(kw_value_get(value, "time")))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const payments[] = { "Twint = wallet", NULL };
    struct kw_map_shop shop = { .currency = "EUR", .minor = size ? (enum kw_map_minor)(data[0] >> 6) % 3 : 0,
                                .payments = payments };
    struct kw_arena *arena = kw_arena_new((size_t)64 << 20);
    struct kw_error error = { 0 };
    struct kw_buffer document;
    struct kw_map *map = NULL;
    const char *name = size ? kw_map_name(data[0] & 15) : NULL, *text = name ? kw_map_builtin(name) : NULL;
    kw_buffer_init(&document, 1 << 22);
    if (arena && size > 1) {
        size_t from = 1;
        if (!text) {
            text = kw_arena_copy(arena, (const char *)data + 1, size - 1);
            from = text ? 1 + strlen(text) : size;
        }
        int code = text ? kw_map_read(arena, name ? name : "own", text, &map, &error) : 0;
        if (code == 0 && map && from <= size)
            code = kw_map_run(map, &shop, data + from, size - from, arena, &document, &error);
        if (code < 0 ? error.code != (enum kwit_error)code || !error.text[0] : document.length > 0)
            code < 0 ? abort() : check(&document, arena);
    }
    kw_buffer_free(&document);
    kw_arena_free(arena);
    return 0;
}
