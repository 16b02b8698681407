/*
 * fuzz_epos.c - any document of a program of the web: refused with a reason, or a page that stays on its paper. The
 * first byte chooses the model.
 */
#include "inputs/epos/epos.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const models[] = { "tm-t20iii", "pos-58", "tm-t88v", "generic" };
    struct kw_arena *arena = kw_arena_new((size_t)256 << 20);
    struct kw_text_options options = { .profile = kw_profile_find(models[size ? data[0] & 3 : 0]) };
    struct kw_text *text = NULL;
    struct kw_epos epos;
    struct kw_notes notes;
    struct kw_error error = { 0 };
    if (!arena)
        return 0;
    kw_notes_init(&notes, arena);
    options.warnings = &notes;
    if (size > 0 && kw_text_open(arena, &options, &text, &error) == 0) {
        int code = kw_epos_read(arena, (const char *)data + 1, size - 1, text, options.profile, &epos, &error);
        if (code == 0 ? kw_page_check(&epos.page, &error) < 0 : error.code != (enum kwit_error)code || !error.text[0])
            abort();
        kw_text_close(text);
    }
    kw_arena_free(arena);
    return 0;
}
