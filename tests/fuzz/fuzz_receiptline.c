/*
 * fuzz_receiptline.c - any text in ReceiptLine: refused with a reason, or a page that stays on its paper. The first
 * byte chooses the model.
 */
#include "inputs/receiptline/receiptline.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const models[] = { "tm-t20iii", "pos-58", "tm-t88v", "generic" };
    struct kw_arena *arena = kw_arena_new((size_t)256 << 20);
    struct kw_text_options options = { .profile = kw_profile_find(models[size ? data[0] & 3 : 0]) };
    struct kw_text *text = NULL;
    struct kw_page page;
    struct kw_notes notes;
    struct kw_error error = { 0 };
    if (!arena)
        return 0;
    kw_notes_init(&notes, arena);
    options.warnings = &notes;
    if (size > 0 && kw_text_open(arena, &options, &text, &error) == 0) {
        int code = kw_receiptline_read(arena, (const char *)data + 1, size - 1, text, options.profile, &page, &notes,
                                       &error);
        if (code == 0 ? kw_page_check(&page, &error) < 0 : error.code != (enum kwit_error)code || !error.text[0])
            abort();
        kw_text_close(text);
    }
    kw_arena_free(arena);
    return 0;
}
