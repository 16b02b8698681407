/* test_push.c - batches as bytes: what is written is read, and nothing else; who may send, and what a reply answers. */
#include "office/push/push.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

enum { EVENTS = 60 };

struct made {
    struct kw_batch_event events[EVENTS];
    struct kw_touchpoint records[EVENTS];
    struct kw_batch batch;
    struct kw_terminal_key till;
    uint8_t key[KW_PUSH_MAC], secret[KW_PUSH_SECRET], nonce[KW_PUSH_NONCE], digest[KW_PUSH_DIGEST];
    struct kw_buffer bytes;
};

static void make_record(struct kw_touchpoint *record, int i)
{
    static const char *const stores[] = { "S1", "S2", "Bäckerei" };
    *record = (struct kw_touchpoint){ .ts_ms = 1795978557561 + i * 60000, .offset_minutes = i % 2 ? 60 : -300,
                                      .has_token = i % 3 > 0, .kid = 3, .handle = 7, .day = 1063 + i / 20,
                                      .seq = (uint32_t)i, .variant = (uint8_t)(i % 4), .variant_p_bp = 5000,
                                      .p_bp = 8000, .u = 4000000000u + (uint32_t)i, .drawn = true, .reason = i % 5,
                                      .store = stores[i % 3], .till = "T1", .cashier = "", .campaign = "title",
                                      .language = i % 2 ? "pl-PL" : "en-GB", .channel = "paper",
                                      .kind = i % 8, .flag = i % 6 == 0, .forced = i % 8 == 0, .expires_day = 1077,
                                      .sold_ms = 1795978557000 + i,
                                      .signs = i % 4, .earlier = i, .is_sealed = i % 2, .is_blurred = i % 7 == 0 };
    memset(record->config_digest, i / 10, sizeof record->config_digest);
    memset(record->seal, record->is_sealed ? i : 0, sizeof record->seal);
    memset(record->content, record->is_blurred ? i : 0, sizeof record->content);
}

static struct made *make(void)
{
    struct made *made = calloc(1, sizeof *made);
    uint8_t seed[KW_PUSH_SEED];
    assert_non_null(made);
    for (int i = 0; i < EVENTS; i++) {
        make_record(&made->records[i], i);
        made->events[i] = (struct kw_batch_event){ .n = 101 + i, .sale = i == 5 ? 0 : 40 + i / 2,
                                                   .ts_ms = 1795978557561 + i * 31, .ev = i % 2 ? KW_EVENT_PRINTED
                                                                                               : KW_EVENT_OFFERED,
                                                   .detail = i % 9 ? "" : "never_answers",
                                                   .record = i % 2 ? NULL : &made->records[i] };
    }
    made->batch = (struct kw_batch){ .uuid = "9ff41a73-f6ff-4c9c-8d39-12a477386c41", .kid = 3, .handle = 7,
                                     .schema = 14, .begins = 20, .first = 101, .last = 100 + EVENTS,
                                     .sent_ms = 1795978999999, .events = made->events, .count = EVENTS };
    memset(made->batch.prev, 1, sizeof made->batch.prev);
    memset(made->batch.hash, 2, sizeof made->batch.hash);
    memset(seed, 9, sizeof seed);
    memset(made->till.key, 5, sizeof made->till.key);
    kw_push_key(&made->till, made->key);
    kw_push_pair(seed, made->batch.key, made->secret);
    kw_buffer_init(&made->bytes, KW_PUSH_BODY);
    assert_true(kw_push_write(&made->bytes, &made->batch, made->nonce, made->secret, made->key, made->digest));
    return made;
}

static void drop(struct made *made)
{
    kw_buffer_free(&made->bytes);
    free(made);
}

static void same_record(const struct kw_touchpoint *a, const struct kw_touchpoint *b)
{
    assert_int_equal(a->ts_ms, b->ts_ms);
    assert_int_equal(a->offset_minutes, b->offset_minutes);
    assert_int_equal(a->has_token, b->has_token);
    assert_int_equal(a->handle, b->handle);
    assert_int_equal(a->day, b->day);
    assert_int_equal(a->seq, b->seq);
    assert_int_equal(a->u, b->u);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->sold_ms, b->sold_ms);
    assert_int_equal(a->signs, b->signs);
    assert_int_equal(a->earlier, b->earlier);
    assert_string_equal(a->store, b->store);
    assert_string_equal(a->language, b->language);
    assert_memory_equal(a->config_digest, b->config_digest, 16);
    assert_memory_equal(a->seal, b->seal, KW_SEAL_BYTES);
    assert_memory_equal(a->content, b->content, KW_SEAL_BYTES);
}

static void what_is_written_is_read(void **state)
{
    struct made *made = make();
    struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
    struct kw_batch read;
    (void)state;
    assert_int_equal(kw_push_read(arena, made->bytes.data, made->bytes.length, &read), KW_BATCH_TAKEN);
    assert_string_equal(read.uuid, made->batch.uuid);
    assert_int_equal(read.first, 101);
    assert_int_equal(read.last, 100 + EVENTS);
    assert_int_equal(read.begins, 20);
    assert_int_equal(read.count, EVENTS);
    for (int i = 0; i < EVENTS; i++) {
        assert_int_equal(read.events[i].n, 101 + i);
        assert_int_equal(read.events[i].sale, made->events[i].sale);
        assert_int_equal(read.events[i].ev, made->events[i].ev);
        assert_string_equal(read.events[i].detail, made->events[i].detail);
        assert_int_equal(read.events[i].record != NULL, made->events[i].record != NULL);
        if (read.events[i].record)
            same_record(read.events[i].record, made->events[i].record);
    }
    assert_int_equal(kw_push_check(made->bytes.data, made->bytes.length, &read, made->key, made->digest),
                     KW_BATCH_TAKEN);
    kw_arena_free(arena);
    drop(made);
}

/* An office and its tills are of several releases: what one of them wrote is read by every other. */
static void the_bytes_are_for_ever(void **state)
{
    static const uint8_t wanted[] = { 0x8c, 0x43, 0xee, 0x6e, 0x38, 0xc4, 0xa5, 0xf4,
                                      0xf1, 0xe5, 0xd6, 0xee, 0x09, 0x71, 0x98, 0x66 };
    struct made *made = make();
    (void)state;
    assert_memory_equal(made->digest, wanted, sizeof wanted);
    drop(made);
}

/* Each byte that is another one, and each length that is another: read wrongly or refused, but never taken. */
static void no_byte_can_be_changed(void **state)
{
    struct made *made = make();
    uint8_t digest[KW_PUSH_DIGEST];
    (void)state;
    for (size_t at = 0; at < made->bytes.length; at++) {
        struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
        struct kw_batch read;
        made->bytes.data[at] ^= 1 << at % 8;
        enum kw_batch_outcome outcome = kw_push_read(arena, made->bytes.data, made->bytes.length, &read);
        if (outcome == KW_BATCH_TAKEN)
            outcome = kw_push_check(made->bytes.data, made->bytes.length, &read, made->key, digest);
        assert_int_not_equal(outcome, KW_BATCH_TAKEN);
        made->bytes.data[at] ^= 1 << at % 8;
        if (kw_push_read(arena, made->bytes.data, at, &read) == KW_BATCH_TAKEN)
            assert_int_not_equal(kw_push_check(made->bytes.data, at, &read, made->key, digest), KW_BATCH_TAKEN);
        kw_arena_free(arena);
    }
    drop(made);
}

static void who_has_the_till_s_key_alone_signs_for_no_journal(void **state)
{
    struct made *made = make();
    struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
    struct kw_batch read;
    uint8_t seed[KW_PUSH_SEED] = { 4 }, public_key[KW_BATCH_KEY], other[KW_PUSH_SECRET];
    (void)state;
    kw_push_pair(seed, public_key, other);
    kw_buffer_clear(&made->bytes);
    assert_true(kw_push_write(&made->bytes, &made->batch, made->nonce, other, made->key, made->digest));
    assert_int_equal(kw_push_read(arena, made->bytes.data, made->bytes.length, &read), KW_BATCH_TAKEN);
    assert_int_equal(kw_push_check(made->bytes.data, made->bytes.length, &read, made->key, made->digest),
                     KW_BATCH_SIGNATURE);
    kw_arena_free(arena);
    drop(made);
}

static void a_reply_answers_one_request(void **state)
{
    struct made *made = make();
    struct kw_batch_head head = { .outcome = KW_BATCH_GAP, .n = 160, .hash = { 7 } }, read;
    uint8_t reply[KW_PUSH_REPLY], before[KW_PUSH_DIGEST];
    (void)state;
    size_t length = kw_push_write_reply(&head, made->key, made->digest, reply);
    assert_true(kw_push_read_reply(reply, length, made->key, made->digest, &read));
    assert_int_equal(read.outcome, KW_BATCH_GAP);
    assert_int_equal(read.n, 160);
    assert_memory_equal(read.hash, head.hash, KW_BATCH_HASH);
    memcpy(before, made->digest, sizeof before);
    made->nonce[3] ^= 1;                        /* the same batch, asked again */
    kw_buffer_clear(&made->bytes);
    assert_true(kw_push_write(&made->bytes, &made->batch, made->nonce, made->secret, made->key, made->digest));
    assert_false(kw_push_read_reply(reply, length, made->key, made->digest, &read));
    for (size_t at = 0; at < length; at++) {
        reply[at] ^= 1;
        assert_false(kw_push_read_reply(reply, length, made->key, before, &read));
        assert_false(kw_push_read_reply(reply, at, made->key, before, &read));
        reply[at] ^= 1;
    }
    drop(made);
}

/* A reply without orders is what it was before there were any: older tills read no other. */
static void orders_come_behind_the_head(void **state)
{
    struct made *made = make();
    struct kw_batch_head head = { .outcome = KW_BATCH_TAKEN, .n = 160, .hash = { 7 } }, read;
    uint8_t reply[KW_PUSH_REPLY];
    (void)state;
    const size_t plain = kw_push_write_reply(&head, made->key, made->digest, reply);
    assert_int_equal(plain, 4 + 1 + 2 + KW_BATCH_HASH + KW_PUSH_MAC);
    assert_true(kw_push_read_reply(reply, plain, made->key, made->digest, &read));
    assert_int_equal(read.order_count, 0);
    for (head.order_count = 1; head.order_count <= KW_BATCH_ORDERS; head.order_count++) {
        head.orders[head.order_count - 1] = (struct kw_batch_order){ KW_HANDLE_LIMIT - 1, KW_SEQ_LIMIT - 1, 20000 };
        const size_t length = kw_push_write_reply(&head, made->key, made->digest, reply);
        assert_true(length > plain && length <= KW_PUSH_REPLY);
        assert_true(kw_push_read_reply(reply, length, made->key, made->digest, &read));
        assert_int_equal(read.order_count, head.order_count);
        assert_int_equal(read.orders[read.order_count - 1].handle, KW_HANDLE_LIMIT - 1);
        assert_int_equal(read.orders[read.order_count - 1].day, 20000);
        assert_int_equal(read.orders[read.order_count - 1].seq, KW_SEQ_LIMIT - 1);
    }
    head.order_count = 1;
    head.orders[0].handle = KW_HANDLE_LIMIT;
    assert_false(kw_push_read_reply(reply, kw_push_write_reply(&head, made->key, made->digest, reply), made->key,
                                    made->digest, &read));
    assert_int_equal(read.order_count, 0);
    drop(made);
}

static void a_pause_doubles_up_to_an_hour_and_half_of_it_is_chance(void **state)
{
    static const struct { int64_t tries, asked_ms, least_ms, most_ms; } rows[] = {
        { 1, 0, 15000, 30000 }, { 2, 0, 30000, 60000 }, { 3, 0, 60000, 120000 }, { 7, 0, 960000, 1920000 },
        { 8, 0, 1800000, 3600000 }, { 9, 0, 1800000, 3600000 }, { INT64_MAX, 0, 1800000, 3600000 },
        { 1, 600000, 600000, 600000 }, { 8, 600000, 1800000, 3600000 }, { 1, INT64_MAX, 3600000, 3600000 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(kw_push_pause(rows[i].tries, rows[i].asked_ms, 0), rows[i].least_ms);
        assert_in_range(kw_push_pause(rows[i].tries, rows[i].asked_ms, UINT32_MAX), rows[i].most_ms - 1,
                        rows[i].most_ms);
    }
}

static void an_order_is_told_in_words(void **state)
{
    static const char *const wrong[] = { "", "7 1063", "7 1063 12 4", "7 x 12", "7 1063 12 " };
    struct kw_batch_order order = { .handle = 7, .seq = 12, .day = 1063 }, read;
    char text[KW_BATCH_ORDER_TEXT];
    (void)state;
    kw_batch_order_write(&order, text);
    assert_string_equal(text, "7 1063 12");
    assert_true(kw_batch_order_read(text, &read));
    assert_true(read.handle == 7 && read.day == 1063 && read.seq == 12);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(kw_batch_order_read(wrong[i], &read));
}

static void what_no_till_would_say_is_refused(void **state)
{
    struct made *made = make();
    struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
    struct kw_batch read;
    struct kw_touchpoint *record = &made->records[2];
    static const struct { int kind, reason, variant_p; int64_t day; } wrong[] = {
        { KW_SALE_KINDS, 0, 0, 0 }, { -1, 0, 0, 0 }, { 0, KW_SUPPRESSION_LIMIT, 0, 0 }, { 0, 0, 10001, 0 },
        { 0, 0, 0, INT64_MAX }
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        record->kind = wrong[i].kind;
        record->reason = wrong[i].reason;
        record->variant_p_bp = wrong[i].variant_p;
        record->day = wrong[i].day;
        kw_buffer_clear(&made->bytes);
        assert_true(kw_push_write(&made->bytes, &made->batch, made->nonce, made->secret, made->key, made->digest));
        assert_int_equal(kw_push_read(arena, made->bytes.data, made->bytes.length, &read), KW_BATCH_FORM);
    }
    kw_arena_free(arena);
    drop(made);
}

/* What an office knows of a journal, what comes, what is said of it, and what the till is from then on. */
static void each_row_of_the_rules_is_judged(void **state)
{
    static const struct {
        const char *before;
        bool other_key, claimed, revoked;
        int64_t schema, begins, first, last;
        uint8_t prev;
        enum kw_batch_outcome outcome;
        const char *after;
        int64_t lost;
    } rows[] = {
        { "live", .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_TAKEN, .after = "live" },
        { "live", .schema = 13, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_TAKEN, .after = "live" },
        { "live", .schema = 15, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_NEWER, .after = "live" },
        { "live", .schema = 14, .first = 91, .last = 100, .prev = 1, .outcome = KW_BATCH_TAKEN, .after = "live" },
        { "live", .schema = 14, .first = 91, .last = 110, .prev = 1, .outcome = KW_BATCH_TAKEN, .after = "live" },
        { "live", .schema = 14, .first = 101, .last = 110, .prev = 8, .outcome = KW_BATCH_FORK, .after = "live" },
        { "live", .schema = 14, .first = 105, .last = 110, .prev = 7, .outcome = KW_BATCH_GAP, .after = "live" },
        { "live", .schema = 14, .begins = 104, .first = 105, .last = 110, .outcome = KW_BATCH_LOST, .after = "live" },
        { "gap", .schema = 14, .begins = 104, .first = 105, .last = 110, .outcome = KW_BATCH_TAKEN, .after = "gap",
          .lost = 4 },
        { "live", .other_key = true, .schema = 14, .first = 101, .last = 110, .prev = 7,
          .outcome = KW_BATCH_SIGNATURE, .after = "live" },
        { "live", .claimed = true, .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_CLAIMED,
          .after = "live" },
        { "live", .revoked = true, .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_REVOKED,
          .after = "live" },
        { "waits", .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_TAKEN, .after = "live" },
        { "closed", .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_CLAIMED,
          .after = "closed" },
        { "revoked", .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_REVOKED,
          .after = "revoked" },
        { "", .claimed = true, .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_CLAIMED,
          .after = "waits" },
        { "", .revoked = true, .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_REVOKED,
          .after = "" },
        { "", .schema = 14, .first = 101, .last = 110, .prev = 7, .outcome = KW_BATCH_TAKEN, .after = "live" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct kw_batch_event event = { .n = rows[i].first };
        const struct kw_batch batch = { .schema = rows[i].schema, .begins = rows[i].begins, .first = rows[i].first,
                                        .last = rows[i].last, .prev = { rows[i].prev }, .events = &event, .count = 1 };
        struct kw_batch_standing standing = { .same_key = !rows[i].other_key, .claimed = rows[i].claimed,
                                              .revoked = rows[i].revoked, .has_hash = true, .version = 14, .n = 100,
                                              .hash = { 7 } };
        snprintf(standing.state, sizeof standing.state, "%s", rows[i].before);
        assert_int_equal(kw_batch_judge(&batch, &standing), rows[i].outcome);
        assert_string_equal(standing.state, rows[i].after);
        if (rows[i].lost > 0)
            assert_int_equal(kw_batch_lost(&batch, &standing), rows[i].lost);
    }
}

/* A journal that was never seen begins where its chain begins, and nothing of it was lost. */
static void a_journal_that_is_new_is_taken_from_where_it_begins(void **state)
{
    const struct kw_batch_event event = { .n = 41 };
    const struct kw_batch batch = { .schema = 14, .begins = 40, .first = 41, .last = 41, .events = &event, .count = 1 };
    struct kw_batch_standing standing = { .version = 14 };
    (void)state;
    assert_int_equal(kw_batch_judge(&batch, &standing), KW_BATCH_TAKEN);
    assert_int_equal(kw_batch_lost(&batch, &standing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_bytes_are_for_ever),
        cmocka_unit_test(no_byte_can_be_changed),
        cmocka_unit_test(who_has_the_till_s_key_alone_signs_for_no_journal),
        cmocka_unit_test(a_reply_answers_one_request),
        cmocka_unit_test(orders_come_behind_the_head),
        cmocka_unit_test(a_pause_doubles_up_to_an_hour_and_half_of_it_is_chance),
        cmocka_unit_test(an_order_is_told_in_words),
        cmocka_unit_test(what_no_till_would_say_is_refused),
        cmocka_unit_test(each_row_of_the_rules_is_judged),
        cmocka_unit_test(a_journal_that_is_new_is_taken_from_where_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
