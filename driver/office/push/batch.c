/* batch.c - a batch as bytes (push.md): a header, then its events, the first of each sale with its record. */
#include "office/push/push.h"
#include "office/push/wire.h"

#include <sodium/crypto_generichash.h>
#include <sodium/crypto_sign_ed25519.h>
#include <sodium/utils.h>
#include <string.h>

enum { MARK = 4, TAIL = KW_PUSH_SIGNATURE + KW_PUSH_MAC };
enum text_kind { TEXT_UUID, TEXT_DETAIL, TEXT_STORE, TEXT_TILL, TEXT_CASHIER, TEXT_CAMPAIGN, TEXT_LANGUAGE,
                 TEXT_CHANNEL };
static const char mark[] = "KWP1", reply_mark[] = "KWR1", signed_label[] = "kwit/push/signed";

/* ---- one description for both directions ---------------------------------------------------------------------- */

/* The columns of a record that are numbers, from one to the next of the same batch: most are the same, or near. */
enum {
#define FIELD(member, ...) AT_##member,
#include "office/push/record.def"
#undef FIELD
    NUMBERS
};

static void list_numbers(const struct kw_touchpoint *t, int64_t out[NUMBERS])
{
    const int64_t numbers[NUMBERS] = {
#define FIELD(member, ...) [AT_##member] = t->member,
#include "office/push/record.def"
#undef FIELD
    };
    memcpy(out, numbers, sizeof numbers);
}

static bool is_within(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

static bool take_numbers(struct kw_touchpoint *t, const int64_t in[NUMBERS])
{
    static const struct { int64_t least, most; } ranges[NUMBERS] = {
#define FIELD(member, type, least, most) [AT_##member] = { least, most },
#include "office/push/record.def"
#undef FIELD
    };
    for (int i = 0; i < NUMBERS; i++)
        if (!is_within(in[i], ranges[i].least, ranges[i].most))
            return false;
    *t = (struct kw_touchpoint){
#define FIELD(member, type, ...) .member = (type)in[AT_##member],
#include "office/push/record.def"
#undef FIELD
    };
    return true;
}

static void do_texts(struct kw_wire *wire, struct kw_touchpoint *t)
{
    const char **const texts[] = { &t->store, &t->till, &t->cashier, &t->campaign, &t->language, &t->channel };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_wire_text(wire, TEXT_STORE + (int)i, texts[i]);
}

/* `before`: the numbers of the record before it; digest: of its configuration. */
struct before { int64_t numbers[NUMBERS]; uint8_t digest[16]; };

static void do_record(struct kw_wire *wire, struct before *before, struct kw_touchpoint *t)
{
    int64_t numbers[NUMBERS] = { 0 }, same_digest;
    struct kw_touchpoint read = { 0 };
    if (wire->out)
        list_numbers(t, numbers);
    same_digest = wire->out && memcmp(before->digest, t->config_digest, sizeof before->digest) == 0;
    for (int i = 0; i < NUMBERS; i++)
        kw_wire_step(wire, before->numbers[i], &numbers[i]);
    if (!wire->out && !take_numbers(&read, numbers))
        wire->failed = true;
    if (!wire->out)
        *t = read;
    do_texts(wire, t);
    kw_wire_number(wire, &same_digest);
    if (same_digest == 0)
        kw_wire_bytes(wire, t->config_digest, sizeof t->config_digest);
    else
        memcpy(t->config_digest, before->digest, sizeof before->digest);
    if (t->is_sealed)
        kw_wire_bytes(wire, t->seal, sizeof t->seal);
    if (t->is_blurred)
        kw_wire_bytes(wire, t->content, sizeof t->content);
    memcpy(before->numbers, numbers, sizeof numbers);
    memcpy(before->digest, t->config_digest, sizeof before->digest);
}

static void do_event(struct kw_wire *wire, const struct kw_batch_event *last, struct before *before,
                     struct kw_batch_event *event)
{
    int64_t ev = event->ev, has_record = event->record != NULL;
    struct kw_touchpoint record = wire->out && event->record ? *event->record : (struct kw_touchpoint){ 0 };
    kw_wire_step(wire, last->sale, &event->sale);
    kw_wire_step(wire, last->ts_ms, &event->ts_ms);
    kw_wire_number(wire, &ev);
    kw_wire_text(wire, TEXT_DETAIL, &event->detail);
    kw_wire_number(wire, &has_record);
    event->ev = (enum kw_event)ev;
    if (!is_within(ev, 1, KW_EVENT_LIMIT - 1) || event->sale < 0 || event->ts_ms < 0)
        wire->failed = true;
    if (has_record == 0 || wire->failed)
        return;
    do_record(wire, before, &record);
    if (wire->out)
        return;
    struct kw_touchpoint *kept = kw_arena_alloc(wire->arena, sizeof *kept);
    wire->failed = wire->failed || !kept || (ev != KW_EVENT_OFFERED && ev != KW_EVENT_SUPPRESSED);
    wire->starved = wire->starved || !kept;
    if (kept) {
        *kept = record;
        kept->sale = event->sale;
        kept->n = event->n;
    }
    event->record = kept;
}

static void do_header(struct kw_wire *wire, struct kw_batch *batch, uint8_t nonce[KW_PUSH_NONCE])
{
    int64_t kid = batch->kid, handle = batch->handle, count = (int64_t)batch->count;
    const char *uuid = batch->uuid;
    kw_wire_number(wire, &batch->schema);
    kw_wire_text(wire, TEXT_UUID, &uuid);
    kw_wire_number(wire, &kid);
    kw_wire_number(wire, &handle);
    kw_wire_bytes(wire, batch->key, sizeof batch->key);
    kw_wire_number(wire, &batch->begins);
    kw_wire_number(wire, &batch->first);
    kw_wire_bytes(wire, batch->prev, sizeof batch->prev);
    kw_wire_bytes(wire, batch->hash, sizeof batch->hash);
    kw_wire_number(wire, &batch->sent_ms);
    kw_wire_bytes(wire, nonce, KW_PUSH_NONCE);
    kw_wire_number(wire, &count);
    if (wire->out)
        return;
    wire->failed = wire->failed || !is_within(kid, 0, 30) || !is_within(handle, 0, KW_HANDLE_LIMIT - 1)
        || !is_within(count, 0, KW_BATCH_EVENTS) || !is_within(batch->first, 1, INT64_MAX / 2)
        || !is_within(batch->begins, 0, batch->first - 1) || strlen(uuid) != 36
        || strspn(uuid, "0123456789abcdef-") != 36;
    if (wire->failed)
        return;
    memcpy(batch->uuid, uuid, 37);
    batch->kid = (uint8_t)kid;
    batch->handle = (uint32_t)handle;
    batch->count = (size_t)count;
    batch->last = batch->first + count - 1;
}

/* ---- who sent it -------------------------------------------------------------------------------------------- */

void kw_push_key(const struct kw_terminal_key *till, uint8_t out[KW_PUSH_MAC])
{
    static const char label[] = "kwit/push";
    crypto_generichash(out, KW_PUSH_MAC, (const uint8_t *)label, sizeof label - 1, till->key, sizeof till->key);
}

void kw_push_pair(const uint8_t seed[KW_PUSH_SEED], uint8_t public_key[KW_BATCH_KEY], uint8_t secret[KW_PUSH_SECRET])
{
    crypto_sign_ed25519_seed_keypair(public_key, secret, seed);
}

/* What is signed: a label, and the digest of all that was written. */
static void make_signed(const void *body, size_t length, uint8_t out[sizeof signed_label - 1 + KW_PUSH_DIGEST])
{
    memcpy(out, signed_label, sizeof signed_label - 1);
    crypto_generichash(out + sizeof signed_label - 1, KW_PUSH_DIGEST, body, length, NULL, 0);
}

static void make_mac(const uint8_t key[KW_PUSH_MAC], const void *first, size_t first_length, const void *second,
                     size_t second_length, uint8_t out[KW_PUSH_MAC])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KW_PUSH_MAC, KW_PUSH_MAC);
    crypto_generichash_update(&state, first, first_length);
    crypto_generichash_update(&state, second, second_length);
    crypto_generichash_final(&state, out, KW_PUSH_MAC);
}

static void digest_request(const void *bytes, size_t length, uint8_t out[KW_PUSH_DIGEST])
{
    crypto_generichash(out, KW_PUSH_DIGEST, bytes, length, NULL, 0);
}

/* ---- requests ----------------------------------------------------------------------------------------------- */

bool kw_push_write(struct kw_buffer *out, const struct kw_batch *batch, const uint8_t nonce[KW_PUSH_NONCE],
                   const uint8_t secret[KW_PUSH_SECRET], const uint8_t key[KW_PUSH_MAC],
                   uint8_t digest[KW_PUSH_DIGEST])
{
    struct kw_wire wire = { .out = out };
    struct kw_batch header = *batch;
    struct before before = { 0 };
    struct kw_batch_event last = { 0 };
    uint8_t own_nonce[KW_PUSH_NONCE], text[sizeof signed_label - 1 + KW_PUSH_DIGEST], tail[TAIL];
    memcpy(own_nonce, nonce, sizeof own_nonce);
    kw_buffer_add(out, mark, MARK);
    do_header(&wire, &header, own_nonce);
    for (size_t i = 0; i < batch->count; i++) {
        struct kw_batch_event event = batch->events[i];
        do_event(&wire, &last, &before, &event);
        last = event;
    }
    if (out->failed || wire.failed || out->length + TAIL > KW_PUSH_BODY)
        return false;
    make_signed(out->data, out->length, text);
    crypto_sign_ed25519_detached(tail, NULL, text, sizeof text, secret);
    make_mac(key, out->data, out->length, tail, KW_PUSH_SIGNATURE, tail + KW_PUSH_SIGNATURE);
    kw_buffer_add(out, tail, sizeof tail);
    digest_request(out->data, out->length, digest);
    return !out->failed;
}

/* All its events; numbers follow each other without a gap by how they are written. */
static void read_events(struct kw_wire *wire, struct kw_batch *batch)
{
    struct before before = { 0 };
    struct kw_batch_event last = { 0 };
    struct kw_batch_event *events = kw_arena_array(wire->arena, batch->count, sizeof *events);
    wire->starved = wire->starved || !events;
    for (size_t i = 0; events && !wire->failed && i < batch->count; i++) {
        events[i].n = batch->first + (int64_t)i;
        do_event(wire, &last, &before, &events[i]);
        last = events[i];
    }
    batch->events = events;
}

enum kw_batch_outcome kw_push_read(struct kw_arena *arena, const void *bytes, size_t length, struct kw_batch *batch)
{
    const uint8_t *from = bytes;
    uint8_t nonce[KW_PUSH_NONCE];
    *batch = (struct kw_batch){ .count = 0 };
    if (length < MARK + TAIL || memcmp(from, mark, MARK - 1) != 0)
        return KW_BATCH_FORM;
    if (from[MARK - 1] != (uint8_t)mark[MARK - 1])
        return from[MARK - 1] > (uint8_t)mark[MARK - 1] ? KW_BATCH_NEWER : KW_BATCH_FORM;
    struct kw_wire wire = { .at = from + MARK, .end = from + length - TAIL, .arena = arena };
    do_header(&wire, batch, nonce);
    if (!wire.failed)
        read_events(&wire, batch);
    if (wire.starved)
        return KW_BATCH_BUSY;
    return wire.failed || wire.at != wire.end ? KW_BATCH_FORM : KW_BATCH_TAKEN;
}

enum kw_batch_outcome kw_push_check(const void *bytes, size_t length, const struct kw_batch *batch,
                                    const uint8_t key[KW_PUSH_MAC], uint8_t digest[KW_PUSH_DIGEST])
{
    uint8_t mac[KW_PUSH_MAC], text[sizeof signed_label - 1 + KW_PUSH_DIGEST];
    const uint8_t *tail = (const uint8_t *)bytes + length - TAIL;
    make_mac(key, bytes, length - TAIL, tail, KW_PUSH_SIGNATURE, mac);
    if (sodium_memcmp(mac, tail + KW_PUSH_SIGNATURE, KW_PUSH_MAC) != 0)
        return KW_BATCH_UNKNOWN;
    make_signed(bytes, length - TAIL, text);
    digest_request(bytes, length, digest);
    return crypto_sign_ed25519_verify_detached(tail, text, sizeof text, batch->key) == 0 ? KW_BATCH_TAKEN
                                                                                        : KW_BATCH_SIGNATURE;
}

/* ---- replies ------------------------------------------------------------------------------------------------ */

/* Where there is none, the reply ends before: what was always said to tills that know of no orders. */
static void do_orders(struct kw_wire *wire, struct kw_batch_head *head)
{
    int64_t count = (int64_t)head->order_count;
    if (wire->out ? count == 0 : wire->at == wire->end)
        return;
    kw_wire_number(wire, &count);
    if (!is_within(count, 0, KW_BATCH_ORDERS))
        wire->failed = true;
    for (int64_t i = 0; !wire->failed && i < count; i++) {
        struct kw_batch_order *order = &head->orders[i];
        int64_t handle = order->handle, seq = order->seq;
        kw_wire_number(wire, &handle);
        kw_wire_number(wire, &order->day);
        kw_wire_number(wire, &seq);
        if (!is_within(handle, 0, KW_HANDLE_LIMIT - 1) || !is_within(seq, 0, KW_SEQ_LIMIT - 1))
            wire->failed = true;
        order->handle = (uint32_t)handle;
        order->seq = (uint32_t)seq;
    }
    head->order_count = wire->failed ? 0 : (size_t)count;
}

size_t kw_push_write_reply(const struct kw_batch_head *head, const uint8_t key[KW_PUSH_MAC],
                           const uint8_t digest[KW_PUSH_DIGEST], uint8_t out[KW_PUSH_REPLY])
{
    struct kw_buffer buffer;
    struct kw_wire wire = { .out = &buffer };
    struct kw_batch_head said = *head;
    int64_t outcome = head->outcome;
    size_t length = 0;
    kw_buffer_init(&buffer, KW_PUSH_REPLY - KW_PUSH_MAC);
    kw_buffer_add(&buffer, reply_mark, MARK);
    kw_wire_number(&wire, &outcome);
    kw_wire_number(&wire, &said.n);
    kw_wire_bytes(&wire, said.hash, sizeof said.hash);
    do_orders(&wire, &said);
    if (!buffer.failed) {
        length = buffer.length + KW_PUSH_MAC;
        memcpy(out, buffer.data, buffer.length);
        make_mac(key, digest, KW_PUSH_DIGEST, out, buffer.length, out + buffer.length);
    }
    kw_buffer_free(&buffer);
    return length;
}

bool kw_push_read_reply(const void *bytes, size_t length, const uint8_t key[KW_PUSH_MAC],
                        const uint8_t digest[KW_PUSH_DIGEST], struct kw_batch_head *head)
{
    const uint8_t *from = bytes;
    uint8_t mac[KW_PUSH_MAC];
    int64_t outcome = 0;
    *head = (struct kw_batch_head){ .n = 0 };
    if (length < MARK + KW_PUSH_MAC || memcmp(from, reply_mark, MARK) != 0)
        return false;
    make_mac(key, digest, KW_PUSH_DIGEST, from, length - KW_PUSH_MAC, mac);
    if (sodium_memcmp(mac, from + length - KW_PUSH_MAC, KW_PUSH_MAC) != 0)
        return false;
    struct kw_wire wire = { .at = from + MARK, .end = from + length - KW_PUSH_MAC };
    kw_wire_number(&wire, &outcome);
    kw_wire_number(&wire, &head->n);
    kw_wire_bytes(&wire, head->hash, sizeof head->hash);
    if (!wire.failed)
        do_orders(&wire, head);
    head->outcome = (enum kw_batch_outcome)outcome;
    return !wire.failed && wire.at == wire.end && head->n >= 0;
}
