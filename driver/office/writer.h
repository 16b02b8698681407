/* writer.h - the one thread that writes: it takes all that waits, commits once, and then says what became of it. */
#ifndef KW_OFFICE_WRITER_H
#define KW_OFFICE_WRITER_H

#include "record/book.h"
#include "record/own.h"

enum { KW_WRITER_QUEUE = 1024, KW_WRITER_CONTACT = 256 };

/* A submission with room for its texts, so that its form may be gone. */
struct kw_write {
    struct kw_submission submission;
    char token[32], language[16], comment[4 * 1000 + 1];
    char own[KW_OWN_TEXT];
    uint8_t sealed[KW_WRITER_CONTACT];
    char reward[16];
    const struct kw_batch *batch;           /* instead of a submission: of a till; NULL */
    struct kw_batch_head head;              /* filled: what became of the batch */
    /* Called on the writer's thread once it is on disk, or failed; then the write is the callee's again. */
    void (*done)(void *data, struct kw_write *write);
    void *data;
};

struct kw_page_writer;

/* The book is the writer's alone. `settle` (may be NULL) is called after each transaction that was committed. */
struct kw_page_writer_options {
    struct kw_book book;
    const struct kw_shop_days *days;
    void (*settle)(void *data);
    void *data;
};
int kw_writer_start(const struct kw_page_writer_options *options, struct kw_page_writer **writer,
                    struct kw_error *error);
/* False: the queue is full, or it was stopped; nothing was taken. */
bool kw_writer_put(struct kw_page_writer *writer, struct kw_write *write);
/* Writes what waits, and takes no more; requests may still come, until the server has stopped. Then it is freed. */
void kw_writer_stop(struct kw_page_writer *writer);
void kw_writer_free(struct kw_page_writer *writer);
/*
 * So far: submissions that were saved, the commits that held them, those that were not saved; batches of tills, by what
 * was said of them; what waits now.
 */
enum { KW_WRITER_OUTCOMES = 16 };
struct kw_writer_counts { int64_t writes, commits, failed, batches[KW_WRITER_OUTCOMES], waiting; };
void kw_writer_counts(struct kw_page_writer *writer, struct kw_writer_counts *counts);

#endif
