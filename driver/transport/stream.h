/* stream.h - full duplex over a non-blocking file descriptor: what tcp, serial and file share. */
#ifndef KW_TRANSPORT_STREAM_H
#define KW_TRANSPORT_STREAM_H

#include "transport/transport.h"

struct kw_stream {
    struct kw_link link;
    int fd;
    bool ended;                     /* this side said that nothing more will come (tcp) */
    bool empty_is_end;              /* a read of 0 bytes means the other side is gone (tcp), not "nothing yet" */
    int chunk_bytes, pause_ms;      /* for devices without flow control; 0: as much as goes */
    int64_t resume_ms;              /* the moment from which the next chunk may go */
    char identity[KW_IDENTITY_MAX];
    char uri[KW_URI_MAX];
};

/* A zeroed object of `size` bytes that begins with a stream of these ops; NULL without memory. fd is -1. */
void *kw_stream_new(size_t size, const struct kw_transport_ops *ops, const char *uri,
                    const struct kw_link_options *options, struct kw_error *error);
void kw_stream_close(struct kw_link *link);
int kw_stream_transfer(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done, uint8_t *in,
                       size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error);
/* What a failed transfer means; number 0: the other side ended it. Returns the code. */
int kw_stream_lost(const struct kw_stream *stream, int number, struct kw_error *error);
/* Waits until the count of `request` (SIOCOUTQ, TIOCOUTQ) is 0. */
int kw_stream_drain(struct kw_link *link, unsigned long request, int64_t until_ms, struct kw_error *error);

/* An exclusive flock, waited for until the moment; BUSY names the holder where it can be known. */
int kw_stream_lock(int fd, const char *where, int64_t until_ms, struct kw_error *error);
/* True while udev may not have given a node its rights yet: it has just appeared. */
bool kw_stream_settling(const char *path);
/* What a failed open of a device node means, with the mend. */
int kw_stream_open_failed(int number, const char *path, struct kw_error *error);

#endif
