/* hash.h - the keyed hash of svt1: BLAKE2b-256 over a label and a few parts. Private to this room. */
#ifndef KW_SURVEY_HASH_H
#define KW_SURVEY_HASH_H

#include "survey/survey.h"

#include <stddef.h>

struct kw_part { const void *bytes; size_t length; };

/* The parts are hashed one behind the other; labels are ASCII without a terminator. */
void kw_hash(const uint8_t key[KW_KEY_BYTES], const struct kw_part *parts, size_t count, uint8_t out[KW_KEY_BYTES]);
void kw_be32(uint32_t value, uint8_t out[4]);
uint32_t kw_read_be32(const uint8_t bytes[4]);

#endif
