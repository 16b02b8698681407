/* test_grammar.c - the length of every command, whole and cut off at every byte. */
#include "grammar/grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static struct kw_grammar_token read(const uint8_t *bytes, size_t length)
{
    struct kw_grammar_token token;
    kw_grammar_next(bytes, length, 0, &token);
    return token;
}

/* Lengths as the makers' manuals have them; what follows the command is text. */
static const struct { const uint8_t *bytes; size_t given; uint64_t length; const char *name; } commands[] = {
    { BYTES(0x0A, 'x'), 1, "LF" },
    { BYTES(0x10, 0x04, 0x01, 'x'), 3, "DLE EOT" },
    { BYTES(0x10, 0x04, 0x07, 0x01, 'x'), 4, "DLE EOT" },
    { BYTES(0x10, 0x05, 0x02, 'x'), 3, "DLE ENQ" },
    { BYTES(0x10, 0x14, 0x01, 0x00, 0x02, 'x'), 5, "DLE DC4 1" },
    { BYTES(0x10, 0x14, 0x08, 1, 3, 20, 1, 6, 2, 8, 'x'), 10, "DLE DC4 8" },
    { BYTES(0x1B, '@', 'x'), 2, "ESC @" },
    { BYTES(0x1B, '!', 0x30, 'x'), 3, "ESC !" },
    { BYTES(0x1B, '$', 1, 0, 'x'), 4, "ESC $" },
    { BYTES(0x1B, '&', 3, 'A', 'B', 2, 1, 2, 3, 4, 5, 6, 1, 7, 8, 9, 'x'), 16, "ESC &" },
    { BYTES(0x1B, '&', 9, 'A', 'B', 'x'), 5, "ESC &" },
    { BYTES(0x1B, '*', 0, 2, 0, 1, 2, 'x'), 7, "ESC *" },
    { BYTES(0x1B, '*', 33, 2, 0, 1, 2, 3, 4, 5, 6, 'x'), 11, "ESC *" },
    { BYTES(0x1B, '*', 7, 2, 0, 'x'), 3, "ESC *" },
    { BYTES(0x1B, 'D', 4, 8, 12, 0, 'x'), 6, "ESC D" },
    { BYTES(0x1B, 'D', 4, 8, 8, 'x'), 4, "ESC D" },
    { BYTES(0x1B, 'D', 0, 'x'), 3, "ESC D" },
    { BYTES(0x1B, 'W', 0, 0, 0, 0, 1, 1, 1, 1, 'x'), 10, "ESC W" },
    { BYTES(0x1B, 'c', '5', 1, 'x'), 4, "ESC c" },
    { BYTES(0x1B, 'p', 0, 25, 250, 'x'), 5, "ESC p" },
    { BYTES(0x1B, '(', 'A', 3, 0, 1, 2, 3, 'x'), 8, "ESC ( A" },
    { BYTES(0x1C, 'q', 1, 1, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 'x'), 15, "FS q" },
    { BYTES(0x1C, 'p', 1, 0, 'x'), 4, "FS p" },
    { BYTES(0x1C, 'g', '1', 0, 0, 0, 0, 0, 2, 0, 'a', 'b', 'x'), 12, "FS g 1" },
    { BYTES(0x1C, '(', 'C', 2, 0, 48, 50, 'x'), 7, "FS ( C" },
    { BYTES(0x1D, '*', 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 'x'), 12, "GS *" },
    { BYTES(0x1D, '(', 'k', 3, 0, 49, 67, 3, 'x'), 8, "GS ( k" },
    { BYTES(0x1D, '(', '!', 1, 0, 7, 'x'), 6, "GS ( ?" },
    { BYTES(0x1D, '8', 'L', 2, 0, 0, 0, 48, 50, 'x'), 9, "GS 8 L" },
    { BYTES(0x1D, 'C', '0', 1, 2, 'x'), 5, "GS C 0" },
    { BYTES(0x1D, 'C', ';', '1', ';', '2', ';', '3', ';', '4', ';', '5', ';', 'x'), 13, "GS C ;" },
    { BYTES(0x1D, 'V', 0, 'x'), 3, "GS V" },
    { BYTES(0x1D, 'V', 66, 3, 'x'), 4, "GS V" },
    { BYTES(0x1D, 'V', 9, 'x'), 3, "GS V" },
    { BYTES(0x1D, 'Q', '0', 0, 2, 0, 1, 0, 1, 2, 'x'), 10, "GS Q 0" },
    { BYTES(0x1D, 'g', '2', 0, 20, 0, 'x'), 6, "GS g 2" },
    { BYTES(0x1D, 'k', 4, 'A', 'B', 0, 'x'), 6, "GS k" },
    { BYTES(0x1D, 'k', 73, 2, '{', 'B', 'x'), 6, "GS k" },
    { BYTES(0x1D, 'k', 2, '5', '9', '0', '1', '2', '3', '4', '1', '2', '3', '4', '5', '7', 'x'), 16, "GS k" },
    { BYTES(0x1D, 'k', 3, '1', '2', '3', '4', '5', '6', '7', 0, 'x'), 11, "GS k" },
    { BYTES(0x1D, 'k', 30, 'x'), 3, "GS k" },
    { BYTES(0x1D, 'v', '0', 0, 2, 0, 2, 0, 1, 2, 3, 4, 'x'), 12, "GS v 0" },
    { BYTES(0x1D, 'z', '0', 1, 2, 'x'), 5, "GS z 0" },
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void every_command_has_the_length_of_the_reference(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMANDS; i++) {
        struct kw_grammar_token token = read(commands[i].bytes, commands[i].given);
        assert_int_equal(token.kind, KW_TOKEN_COMMAND);
        assert_string_equal(token.name, commands[i].name);
        if (token.length != commands[i].length)
            fail_msg("%s: %llu bytes, wanted %llu", token.name, (unsigned long long)token.length,
                     (unsigned long long)commands[i].length);
    }
}

/* Whoever hands over what was asked for arrives at the same length, byte by byte. */
static void a_command_in_parts_asks_for_what_is_missing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMANDS; i++) {
        struct kw_grammar_token token;
        size_t given = 1, turns = 0;
        while (token = read(commands[i].bytes, given), token.kind == KW_TOKEN_PARTIAL) {
            assert_true(token.length > given && token.length <= commands[i].given);
            given = (size_t)token.length;
            assert_true(++turns < 50);
        }
        assert_int_equal(token.kind, KW_TOKEN_COMMAND);
        assert_int_equal(token.length, commands[i].length);
    }
}

static void what_is_unknown_is_dropped_as_the_reference_says(void **state)
{
    (void)state;
    assert_int_equal(read(BYTES(0x07, 'x')).length, 1);
    assert_int_equal(read(BYTES(0x00, 'x')).length, 1);
    assert_int_equal(read(BYTES(0x1B, 0x01, 'x')).length, 2);
    assert_int_equal(read(BYTES(0x1B, 0x01, 'x')).kind, KW_TOKEN_UNDEFINED);
    assert_int_equal(read(BYTES(0x1D, 0xFF, 'x')).length, 2);
    assert_int_equal(read(BYTES(0x10, 0xFF, 'x')).length, 1);
    assert_int_equal(read(BYTES(0x1D, 'v', '7', 'x')).length, 2);
    struct kw_grammar_token token;
    kw_grammar_next(BYTES(0x1D, '(', '!', 1, 0, 7), KW_GRAMMAR_OLD, &token);
    assert_int_equal(token.length, 2);
}

static void text_goes_up_to_the_next_control_code(void **state)
{
    (void)state;
    assert_int_equal(read(BYTES('a', 0xFF, 0x7F, ' ', 0x0A)).length, 4);
    assert_int_equal(read(BYTES('a', 0xFF)).kind, KW_TOKEN_TEXT);
}

static void the_longest_lengths_do_not_overflow(void **state)
{
    (void)state;
    assert_true(read(BYTES(0x1D, 'v', '0', 0, 0xFF, 0xFF, 0xFF, 0xFF)).length == 8 + 65535ull * 65535ull);
    assert_true(read(BYTES(0x1D, '8', 'L', 0xFF, 0xFF, 0xFF, 0xFF, 48, 112)).length == 7 + 0xFFFFFFFFull);
    assert_true(read(BYTES(0x1D, 'D', 48, 67, 48, 1, 1, 48, 49, 'B', 'M', 0xFF, 0xFF, 0xFF,
                           0xFF)).length == 9 + 0xFFFFFFFFull);
}

/* Lengths are never 0, so that a reader always moves on; whatever the bytes. */
static void every_pair_and_triple_moves_on(void **state)
{
    (void)state;
    uint8_t bytes[64] = { 0 };
    for (int one = 0; one < 256; one++)
        for (int two = 0; two < 256; two++)
            for (int three = 0; three < 256; three += 5) {
                bytes[0] = (uint8_t)one;
                bytes[1] = (uint8_t)two;
                bytes[2] = (uint8_t)three;
                assert_true(read(bytes, sizeof bytes).length > 0);
            }
}

/* Elsewhere ESC B is undefined: its two bytes are dropped, and what follows is text. */
static void esc_b_has_values_where_the_model_knows_it(void **state)
{
    static const uint8_t bytes[] = { 0x1B, 'B', 3, 2, 'x' };
    struct kw_grammar_token token;
    (void)state;
    kw_grammar_next(bytes, sizeof bytes, KW_GRAMMAR_BUZZER, &token);
    assert_int_equal(token.length, 4);
    kw_grammar_next(bytes, sizeof bytes, 0, &token);
    assert_int_equal(token.length, 2);
}

static enum kw_token_class class_of(const uint8_t *bytes, size_t length)
{
    return read(bytes, length).class;
}

static void a_command_says_what_it_is_for(void **state)
{
    (void)state;
    assert_int_equal(class_of(BYTES('a', 'b')), KW_CLASS_INK);
    assert_int_equal(class_of(BYTES(0x0A)), KW_CLASS_FEED);
    assert_int_equal(class_of(BYTES(0x1B, 'd', 3)), KW_CLASS_FEED);
    assert_int_equal(class_of(BYTES(0x1D, 'V', 66, 0)), KW_CLASS_CUT);
    assert_int_equal(class_of(BYTES(0x1B, 'p', 0, 25, 250)), KW_CLASS_PULSE);
    assert_int_equal(class_of(BYTES(0x1D, 'r', 1)), KW_CLASS_QUESTION);
    assert_int_equal(class_of(BYTES(0x10, 0x04, 1)), KW_CLASS_REAL_TIME);
    assert_int_equal(class_of(BYTES(0x1D, 'v', '0', 0, 1, 0, 1, 0, 0xFF)), KW_CLASS_INK);
    assert_int_equal(class_of(BYTES(0x1B, '@')), KW_CLASS_SETTING);
    assert_int_equal(class_of(BYTES(0x1B, 0x01)), KW_CLASS_NONE);
}

/* GS ( k and GS ( L keep, set, print and ask: the byte of the function tells. */
static void a_function_has_a_class_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(class_of(BYTES(0x1D, '(', 'k', 3, 0, 49, 67, 3)), KW_CLASS_SETTING);
    assert_int_equal(class_of(BYTES(0x1D, '(', 'k', 4, 0, 49, 80, 48, 'x')), KW_CLASS_STORE);
    assert_int_equal(class_of(BYTES(0x1D, '(', 'k', 3, 0, 49, 81, 48)), KW_CLASS_INK);
    assert_int_equal(class_of(BYTES(0x1D, '(', 'k', 3, 0, 49, 82, 48)), KW_CLASS_QUESTION);
    assert_int_equal(class_of(BYTES(0x1D, '(', 'L', 2, 0, 48, 50)), KW_CLASS_INK);
    assert_int_equal(class_of(BYTES(0x1D, '(', 'L', 2, 0, 48, 112)), KW_CLASS_STORE);
    assert_int_equal(class_of(BYTES(0x1D, '8', 'L', 2, 0, 0, 0, 48, 50)), KW_CLASS_INK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_the_length_of_the_reference),
        cmocka_unit_test(a_command_in_parts_asks_for_what_is_missing),
        cmocka_unit_test(what_is_unknown_is_dropped_as_the_reference_says),
        cmocka_unit_test(text_goes_up_to_the_next_control_code),
        cmocka_unit_test(the_longest_lengths_do_not_overflow),
        cmocka_unit_test(every_pair_and_triple_moves_on),
        cmocka_unit_test(a_command_says_what_it_is_for),
        cmocka_unit_test(a_function_has_a_class_of_its_own),
        cmocka_unit_test(esc_b_has_values_where_the_model_knows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
