/*
 * push.h - batches of events as bytes, and who may send them: what a till and its office both need. No I/O, no clock.
 *
 * A batch is signed by its journal's own Ed25519 key, which never leaves the till, and authenticated with a key that
 * both derive from the till's key for tokens. A reply is authenticated over the whole request, sixteen random bytes in
 * it, so that one reply answers one request and no other (push.md).
 */
#ifndef KW_OFFICE_PUSH_PUSH_H
#define KW_OFFICE_PUSH_PUSH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "record/batch.h"
#include "survey/survey.h"

enum { KW_PUSH_BODY = 256 * 1024, KW_PUSH_ARENA = 4 * 1024 * 1024, KW_PUSH_NONCE = 16, KW_PUSH_SEED = 32,
       KW_PUSH_SECRET = 64, KW_PUSH_SIGNATURE = 64, KW_PUSH_MAC = 32, KW_PUSH_DIGEST = 32, KW_PUSH_REPLY = 640 };
#define KW_PUSH_PATH "/v1/push"
#define KW_PUSH_TYPE "application/vnd.kwit.push"

/* The key between a till and its office; the pair of a journal, from the seed that it keeps. */
void kw_push_key(const struct kw_terminal_key *till, uint8_t out[KW_PUSH_MAC]);
void kw_push_pair(const uint8_t seed[KW_PUSH_SEED], uint8_t public_key[KW_BATCH_KEY], uint8_t secret[KW_PUSH_SECRET]);

/* ---- at the till -------------------------------------------------------------------------------------------- */

/* The whole request, and its digest for the reply; false: it is larger than KW_PUSH_BODY, or there is no memory. */
bool kw_push_write(struct kw_buffer *out, const struct kw_batch *batch, const uint8_t nonce[KW_PUSH_NONCE],
                   const uint8_t secret[KW_PUSH_SECRET], const uint8_t key[KW_PUSH_MAC],
                   uint8_t digest[KW_PUSH_DIGEST]);
/* False: it is not the office's answer to that request. */
bool kw_push_read_reply(const void *bytes, size_t length, const uint8_t key[KW_PUSH_MAC],
                        const uint8_t digest[KW_PUSH_DIGEST], struct kw_batch_head *head);

/* How long it waits after so many tries in a row that came to nothing; asked_ms: what the office asked for, or 0. */
int64_t kw_push_pause(int64_t tries, int64_t asked_ms, uint32_t dice);

/* ---- at the office ------------------------------------------------------------------------------------------ */

/* TAKEN when it is a batch that makes sense, all of it in the arena; else FORM, NEWER or BUSY (no memory). */
enum kw_batch_outcome kw_push_read(struct kw_arena *arena, const void *bytes, size_t length, struct kw_batch *batch);
/* UNKNOWN: not sent by who has that key; SIGNATURE: nor signed by the journal it names. The digest is for the reply. */
enum kw_batch_outcome kw_push_check(const void *bytes, size_t length, const struct kw_batch *batch,
                                    const uint8_t key[KW_PUSH_MAC], uint8_t digest[KW_PUSH_DIGEST]);
/* Returns the length of the reply. */
size_t kw_push_write_reply(const struct kw_batch_head *head, const uint8_t key[KW_PUSH_MAC],
                           const uint8_t digest[KW_PUSH_DIGEST], uint8_t out[KW_PUSH_REPLY]);

#endif
