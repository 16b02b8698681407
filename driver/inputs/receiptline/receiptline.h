/*
 * receiptline.h - ReceiptLine (the Open Foodservice System Consortium's receipt markdown) turned into a page of ours:
 * its columns, widths, borders, rules, cuts, pictures and codes where that text has them.
 *
 * Its `command` is left out with a warning: data is never a command.
 */
#ifndef KW_INPUTS_RECEIPTLINE_RECEIPTLINE_H
#define KW_INPUTS_RECEIPTLINE_RECEIPTLINE_H

#include "base/notes.h"
#include "page/page.h"
#include "profile/profile.h"
#include "text/text.h"

enum { KW_RECEIPTLINE_BYTES = 2 * 1024 * 1024, KW_RECEIPTLINE_COLUMNS = 48 };

/*
 * The text must be UTF-8. INVALID: a line asks for what cannot be, and the error says which line and why. The page
 * lives in the arena; warnings come into the notes.
 */
int kw_receiptline_read(struct kw_arena *arena, const char *utf8, size_t length, struct kw_text *text,
                        const struct kw_profile *profile, struct kw_page *page, struct kw_notes *warnings,
                        struct kw_error *error);

#endif
