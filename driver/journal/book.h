/* book.h - a journal as a store of touchpoints (record/book.h). */
#ifndef KW_JOURNAL_BOOK_H
#define KW_JOURNAL_BOOK_H

#include "record/book.h"

struct kw_journal;

/* The journal must outlive the book. */
struct kw_book kw_journal_book(struct kw_journal *journal);

#endif
