/* book.h - a journal as a store of touchpoints and answers (record/book.h, record/loop.h). */
#ifndef KW_JOURNAL_BOOK_H
#define KW_JOURNAL_BOOK_H

#include "record/book.h"

struct kw_journal;

/* The journal must outlive the book. */
struct kw_book kw_journal_book(struct kw_journal *journal);
/* The same for those who look after answers. */
struct kw_loop kw_journal_loop(struct kw_journal *journal);

#endif
