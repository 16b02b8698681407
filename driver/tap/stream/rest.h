/*
 * rest.h - the begin of a command at the end of a stream, whose own end the other program never sent: some libraries
 * end every receipt with a drawer pulse that lacks its times. Whatever is sent next would be taken for the rest of it.
 */
#ifndef KW_TAP_STREAM_REST_H
#define KW_TAP_STREAM_REST_H

#include <stddef.h>
#include <stdint.h>

enum { KW_REST_BYTES = 32 };

/*
 * What ends the command that begins there and puts nothing on paper: a usual length of a pulse, NUL of all others.
 * How many bytes; 0: it is none, or one that must not be guessed at.
 */
size_t kw_rest_missing(const uint8_t *rest, size_t length, uint8_t out[KW_REST_BYTES]);

#endif
