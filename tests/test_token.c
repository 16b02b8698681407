/* test_token.c - the svt1 token against the published vectors, and what typing and forging do to it. */
#include "survey/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct vector { uint32_t handle; uint16_t day, seq; uint8_t variant, flag; const char *text; };
static const struct vector vectors[] = {
    { 0, 0, 0, 0, 0, "3000-06EA-E3PV-JH9J-EEP2" },
    { 12345, 1054, 1, 2, 0, "30C1-SQ2P-RZ2N-E2GC-T3YN" },
    { 12345, 1054, 2, 2, 0, "30C1-SFAB-MAXR-RWKV-P896" },
    { 1048575, 2047, 16383, 15, 1, "3ZZZ-ZTA3-AY0Z-MQAW-QCTZ" }
};

static struct kw_terminal_key key_of(uint32_t handle)
{
    uint8_t epoch[KW_KEY_BYTES];
    for (int i = 0; i < KW_KEY_BYTES; i++)
        epoch[i] = (uint8_t)i;
    struct kw_terminal_key key = { .kid = 3, .handle = handle };
    kw_key_derive(epoch, handle, key.key);
    return key;
}

static void encodes_the_published_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *v = &vectors[i];
        struct kw_terminal_key key = key_of(v->handle);
        struct kw_token token = { 3, v->handle, v->day, v->seq, v->variant, v->flag }, back;
        char plain[KW_TOKEN_LENGTH + 1], text[KW_TOKEN_HYPHENATED], typed[KW_TOKEN_LENGTH + 1];
        kw_token_encode(&key, &token, plain);
        kw_token_hyphenate(plain, text);
        assert_string_equal(text, v->text);
        assert_true(kw_token_normalise(v->text, typed));
        assert_string_equal(typed, plain);
        assert_true(kw_token_open(&key, typed, &back));
        assert_int_equal(back.day, v->day);
        assert_int_equal(back.seq, v->seq);
        assert_int_equal(back.variant, v->variant);
        assert_int_equal(back.flag, v->flag);
    }
}

static void derives_the_published_keys(void **state)
{
    (void)state;
    static const uint8_t first[] = { 0x43, 0xd7, 0x8d, 0xb8, 0x7d, 0x63, 0x4f, 0x52 };
    static const uint8_t zero[] = { 0x7c, 0x35, 0x00, 0xcc, 0xe6, 0x91, 0x00, 0x2d };
    assert_memory_equal(key_of(12345).key, first, 8);
    assert_memory_equal(key_of(0).key, zero, 8);
}

static void reads_what_people_type(void **state)
{
    (void)state;
    static const char *const typed[] = {
        "30c1sq2prz2ne2gct3yn", "3o c1 sq2p rz2n e2gc t3yn", "30C1\u2011SQ2P\u2013RZ2N\u00a0E2GC T3YN\n",
        "\u06f3\u06f0C\u06f1-SQ\u06f2P-RZ\u06f2N-E\u06f2GC-T\u06f3YN", "\u0663\u0660CI-SQ\u0662P-RZ2N-E2GC-T3YN",
        "\u206830cl-SQ2P-RZ2N-E2GC-T3YN\u2069",
        "30\u04211-SQ2\u0420-RZ2N-\u04152G\u0421-\u04223\u0423N",
        "30\u04411-\u0455q2\u0440-rz2n-\u04352g\u0441-\u0442\u0417\u0443n",
        "30C1-SQ2\u03a1-R\u03962\u039d-\u03952GC-\u03a43\u03a5\u039d",
        "\uff13\uff10\uff23\uff11\uff0d\uff33\uff31\uff12\uff30 \uff32\uff3a\uff12\uff2e "
        "\uff25\uff12\uff27\uff23 \uff34\uff13\uff39\uff4e",
        "\u0969\u0966C\u0967-SQ\u0968P-RZ\u0968N-E\u0968GC-T\u0969YN",
        "\u09e9\u09e6C\u0e51-SQ\u0e52P-RZ\u17e2N-E2GC-T3YN",
        "30C1\u30fcSQ2P\u30fcRZ2N\u30fcE2GC\u30fcT3YN", "30C1_SQ2P_RZ2N_E2GC_T3YN", "30C1\uff3fSQ2P\uff70RZ2N E2GC T3YN"
    };
    char out[KW_TOKEN_LENGTH + 1];
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        assert_true(kw_token_normalise(typed[i], out));
        assert_string_equal(out, "30C1SQ2PRZ2NE2GCT3YN");
    }
}

static void refuses_what_cannot_be_a_token(void **state)
{
    (void)state;
    static const char *const typed[] = {
        "", "30C1", "30C1-SQ2P-RZ2N-E2GC-T3YU", "30C1-SQ2P-RZ2N-E2GC-T3YNN", "30C1-SQ2P-RZ2N-E2GC-T3Y\xff",
        "30C1-SQ2P-RZ2N-E2GC-T3Y*", "\u0970\u0966C1-SQ2P-RZ2N-E2GC-T3YN", "30C1.SQ2P.RZ2N.E2GC.T3YN"
    };
    char out[KW_TOKEN_LENGTH + 1];
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        assert_false(kw_token_normalise(typed[i], out));
}

static uint32_t next_random(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

static struct kw_token random_token(uint32_t *seed)
{
    return (struct kw_token){ 3,
                              next_random(seed) >> 12,
                              (uint16_t)(next_random(seed) >> 21),
                              (uint16_t)(next_random(seed) >> 18),
                              (uint8_t)(next_random(seed) >> 28),
                              (uint8_t)(next_random(seed) >> 31) };
}

static void finds_every_single_wrong_symbol_and_every_swap(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint32_t seed = 7;
    for (int round = 0; round < 30; round++) {
        struct kw_token token = random_token(&seed);
        struct kw_terminal_key key = key_of(token.handle);
        char plain[KW_TOKEN_LENGTH + 1], wrong[KW_TOKEN_LENGTH + 1], out[KW_TOKEN_LENGTH + 1];
        kw_token_encode(&key, &token, plain);
        for (int i = 0; i < KW_TOKEN_LENGTH; i++) {
            for (int s = 0; s < 32; s++) {
                memcpy(wrong, plain, sizeof wrong);
                wrong[i] = alphabet[s];
                assert_int_equal(kw_token_normalise(wrong, out), alphabet[s] == plain[i]);
            }
            for (int j = i + 1; j < KW_TOKEN_LENGTH; j++) {
                memcpy(wrong, plain, sizeof wrong);
                wrong[i] = plain[j];
                wrong[j] = plain[i];
                assert_int_equal(kw_token_normalise(wrong, out), plain[i] == plain[j]);
            }
        }
    }
}

static void a_changed_token_is_forged_and_a_foreign_key_opens_nothing(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint32_t seed = 99;
    for (int round = 0; round < 2000; round++) {
        struct kw_token token = random_token(&seed), out;
        struct kw_terminal_key key = key_of(token.handle), other = key_of((token.handle + 1) % KW_HANDLE_LIMIT);
        char plain[KW_TOKEN_LENGTH + 1];
        kw_token_encode(&key, &token, plain);
        assert_true(kw_token_open(&key, plain, &out));
        assert_true(out.day == token.day && out.seq == token.seq && out.variant == token.variant
                    && out.flag == token.flag);
        assert_false(kw_token_open(&other, plain, &out));
        other.handle = token.handle;
        assert_false(kw_token_open(&other, plain, &out));
        int at = 5 + (int)(next_random(&seed) >> 16) % 14;
        char symbol = alphabet[next_random(&seed) >> 27];
        bool same = plain[at] == symbol;
        plain[at] = symbol;
        assert_int_equal(kw_token_open(&key, plain, &out), same);
    }
}

/* Of all 95 bits, also those in clear that choose the key. */
static void no_bit_can_be_changed(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint32_t seed = 7;
    for (int round = 0; round < 50; round++) {
        struct kw_token token = random_token(&seed), out;
        struct kw_terminal_key key = key_of(token.handle);
        char plain[KW_TOKEN_LENGTH + 1], changed[KW_TOKEN_LENGTH + 1];
        kw_token_encode(&key, &token, plain);
        for (int bit = 0; bit < 95; bit++) {
            uint8_t kid;
            memcpy(changed, plain, sizeof changed);
            changed[bit / 5] = alphabet[(strchr(alphabet, plain[bit / 5]) - alphabet) ^ 1 << bit % 5];
            if (!kw_token_header(changed, &kid, &key.handle))
                continue;
            uint32_t handle = key.handle;
            key = key_of(handle);
            key.kid = kid;
            assert_false(kw_token_open(&key, changed, &out));
        }
    }
}

static void epoch_31_is_kept_for_a_later_format(void **state)
{
    (void)state;
    uint8_t kid;
    uint32_t handle;
    assert_false(kw_token_header("Z0C1SQ2PRZ2NE2GCT3YN", &kid, &handle));
    assert_true(kw_token_header("30C1SQ2PRZ2NE2GCT3YN", &kid, &handle));
    assert_int_equal(kid, 3);
    assert_int_equal(handle, 12345);
}

static void key_files_read_back_and_damaged_ones_are_refused(void **state)
{
    (void)state;
    struct kw_terminal_key key = key_of(12345), back;
    struct kw_error error;
    uint8_t kid, epoch[KW_KEY_BYTES];
    char text[KW_KEY_TEXT];
    kw_key_text_terminal(&key, text);
    assert_int_equal(kw_key_parse_terminal(text, &back, &error), 0);
    assert_int_equal(back.kid, 3);
    assert_int_equal(back.handle, 12345);
    assert_memory_equal(back.key, key.key, KW_KEY_BYTES);
    assert_true(kw_key_parse_epoch(text, &kid, epoch, &error) < 0);
    kw_key_text_epoch(7, key.key, text);
    assert_int_equal(kw_key_parse_epoch(text, &kid, epoch, &error), 0);
    assert_int_equal(kid, 7);
    assert_memory_equal(epoch, key.key, KW_KEY_BYTES);
    static const char *const bad[] = { "", "svt1-term", "svt1-term 31 1 00", "svt1-term 3 1048576 00",
                                       "svt1-term x 1 00" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(kw_key_parse_terminal(bad[i], &back, &error), KWIT_E_INVALID);
}

static void new_keys_differ(void **state)
{
    (void)state;
    uint8_t one[KW_KEY_BYTES], two[KW_KEY_BYTES];
    assert_int_equal(kw_key_random(one), 0);
    assert_int_equal(kw_key_random(two), 0);
    assert_memory_not_equal(one, two, KW_KEY_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_the_published_vectors),
        cmocka_unit_test(derives_the_published_keys),
        cmocka_unit_test(reads_what_people_type),
        cmocka_unit_test(refuses_what_cannot_be_a_token),
        cmocka_unit_test(finds_every_single_wrong_symbol_and_every_swap),
        cmocka_unit_test(a_changed_token_is_forged_and_a_foreign_key_opens_nothing),
        cmocka_unit_test(no_bit_can_be_changed),
        cmocka_unit_test(epoch_31_is_kept_for_a_later_format),
        cmocka_unit_test(key_files_read_back_and_damaged_ones_are_refused),
        cmocka_unit_test(new_keys_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
