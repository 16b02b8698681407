/* digest.h - digests under the journal's own key: of names, sales, records, and what else is chained. Private here. */
#ifndef KW_JOURNAL_DIGEST_H
#define KW_JOURNAL_DIGEST_H

#include "journal/internal.h"
#include "record/record.h"

#include <sodium/crypto_generichash.h>

enum { KW_DIGEST = 16, KW_ERASED_NAME = 48 };

/* Label, then the parts; numbers as eight bytes, texts behind their length. */
struct kw_digest {
    crypto_generichash_state state;
    size_t waiting;                 /* bytes of part that the hash was not given yet */
    uint8_t part[512];
};
void kw_digest_begin(struct kw_digest *digest, const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const char *label);
void kw_digest_number(struct kw_digest *digest, int64_t value);
void kw_digest_numbers(struct kw_digest *digest, const int64_t *values, size_t count);
void kw_digest_text(struct kw_digest *digest, const char *text);
void kw_digest_bytes(struct kw_digest *digest, const void *bytes, size_t length);
void kw_digest_end(struct kw_digest *digest, uint8_t out[KW_DIGEST]);

/* A name, so that it can be known again but not read; each use has its label. */
int kw_digest_name(struct kw_journal *journal, const char *label, const char *name, uint8_t *hash, size_t size,
                   struct kw_error *error);
/* Under which name an erased sale was kept by a kwit before version 11; a name that is one already stays. */
int kw_digest_erased(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME], struct kw_error *error);

/* Everything in a touchpoint but what later events change. */
void kw_digest_record(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_touchpoint *touchpoint,
                      uint8_t out[KW_DIGEST]);
/* A sale's row as it is sealed in its touchpoint. */
struct kw_sale_facts {
    const char *store, *terminal, *scope, *name;
    const uint8_t *digest;          /* 32 bytes */
    int64_t accepted_ms;
    const void *body;
    size_t length;
};
/* The seal: its first half is of the sale's key and digest, its second of its document. */
enum { KW_SEAL_HALF = KW_SEAL_BYTES / 2 };
int kw_digest_sale(struct kw_journal *journal, const struct kw_sale_facts *sale, uint8_t out[KW_SEAL_BYTES],
                   struct kw_error *error);
/* One half alone. */
void kw_digest_sale_key(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_sale_facts *sale,
                        uint8_t out[KW_SEAL_HALF]);
void kw_digest_document(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const void *body, size_t length,
                        uint8_t out[KW_SEAL_HALF]);

#endif
