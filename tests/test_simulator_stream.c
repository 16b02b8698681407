/* test_simulator_stream.c - a finished stream read: commands, what came of them, pieces, and what is in force. */
#include "simulator/stream.h"
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 1 << 26 };

#define HEAD "\x1b@\x1b" "a\x01\x1b!\x30SHOP\n\x1b!\x00\x1b" "a\x00"
#define QR "\x1d(k\x03\x00\x31\x43\x04\x1d(k\x08\x00\x31\x50\x30" "hello\x1d(k\x03\x00\x31\x51\x30"
#define CUT "\x1b" "d\x04\x1dV\x00"
#define PULSE "\x1bp\x00\x19\xfa"
#define READ(bytes) read_stream(state, NULL, bytes, sizeof bytes - 1)

static const struct kw_sim_stream *read_as(void **state, const char *model, const char *before, const char *bytes,
                                           size_t length)
{
    struct kw_arena *arena = *state;
    struct kw_sim_stream *stream = kw_arena_alloc(arena, sizeof *stream);
    struct kw_error error;
    const struct kw_sim_stream_options options = { .profile = kw_profile_find(model), .before = before,
                                                   .before_length = before ? strlen(before) : 0 };
    assert_non_null(options.profile);
    assert_int_equal(kw_sim_read_stream(&options, bytes, length, arena, stream, &error), 0);
    return stream;
}

static const struct kw_sim_stream *read_stream(void **state, const char *before, const char *bytes, size_t length)
{
    return read_as(state, KW_SIM_DEFAULT_PROFILE, before, bytes, length);
}

static const struct kw_sim_token *find(const struct kw_sim_stream *stream, const char *name)
{
    for (size_t i = 0; i < stream->token_count; i++)
        if (stream->tokens[i].name ? strcmp(stream->tokens[i].name, name) == 0 : !*name)
            return &stream->tokens[i];
    fail_msg("there is no %s", name);
    return NULL;
}

static int begin(void **state)
{
    *state = kw_arena_new(ARENA_BYTES);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    kw_arena_free(*state);
    return 0;
}

static void commands_stand_side_by_side_without_a_gap(void **state)
{
    static const char bytes[] = HEAD "Tea 2.00\n" QR CUT PULSE "\x10\x04\x01" "\x1b\x01" "tail";
    const struct kw_sim_stream *stream = READ(bytes);
    uint64_t at = 0;
    for (size_t i = 0; i < stream->token_count; i++) {
        assert_int_equal(stream->tokens[i].offset, at);
        at += stream->tokens[i].length;
    }
    assert_int_equal(at, sizeof bytes - 1);
    assert_false(stream->unfinished);
    assert_int_equal(find(stream, "ESC d")->class, KW_CLASS_FEED);
    assert_int_equal(find(stream, "GS V")->class, KW_CLASS_CUT);
    assert_true(find(stream, "GS V")->happened);
    assert_true(find(stream, "ESC p")->happened);
    assert_true(find(stream, "")->inked);
    assert_false(find(stream, "ESC d")->inked);
    assert_int_equal(find(stream, "DLE EOT")->class, KW_CLASS_REAL_TIME);
    assert_int_equal(stream->tokens[stream->token_count - 2].class, KW_CLASS_NONE);
    assert_false(stream->tokens[stream->token_count - 2].happened);
}

static void text_that_comes_in_parts_is_one_command(void **state)
{
    static char bytes[10001];
    memset(bytes, 'x', sizeof bytes - 1);
    const struct kw_sim_stream *stream = READ(bytes);
    assert_int_equal(stream->token_count, 1);
    assert_int_equal(stream->tokens[0].length, sizeof bytes - 1);
}

static void a_cut_inside_a_line_does_not_happen(void **state)
{
    const struct kw_sim_stream *stream = READ("one\x1dV\x00\n\x1dV\x00two\n");
    const struct kw_sim_token *cut = find(stream, "GS V");
    assert_false(cut->happened);
    assert_int_equal(stream->cut_count, 1);
    assert_int_equal(stream->cuts[0].offset, 7);
    assert_int_equal(stream->piece_count, 2);
    assert_true(stream->pieces[0].cut);
    assert_false(stream->pieces[1].cut);
    assert_int_equal(stream->pieces[1].from, 10);
}

static void what_the_model_lacks_does_not_happen(void **state)
{
    const struct kw_sim_stream *stream = READ("\x1bt\x7f" "\x1b=\x02" "x\n" "\x1b=\x01" "y\n");
    assert_false(find(stream, "ESC t")->happened);
    assert_true(find(stream, "ESC =")->happened);
    assert_false(find(stream, "")->happened);
    assert_int_equal(stream->text_count, 1);
    assert_string_equal(stream->texts[0].text, "y");
}

static void pulses_say_where_they_came(void **state)
{
    const struct kw_sim_stream *stream = READ("x\n" "\x10\x14\x01\x00\x02" "y\n");
    assert_int_equal(stream->pulse_count, 1);
    assert_int_equal(stream->pulses[0].offset, 2);
    assert_true(stream->pulses[0].row > 0);
    assert_true(find(stream, "DLE DC4 1")->happened);
}

static void a_piece_has_its_text_its_symbols_and_its_ink(void **state)
{
    static const char bytes[] = HEAD "Tea \x1b" "E\x01" "2.00\x1b" "E\x00\n" QR CUT "copy\n";
    const struct kw_sim_stream *stream = READ(bytes);
    assert_int_equal(stream->piece_count, 2);
    const struct kw_sim_piece *piece = &stream->pieces[0];
    assert_int_equal(piece->text_count, 3);
    assert_string_equal(stream->texts[0].text, "SHOP");
    assert_int_equal(stream->texts[0].times_wide, 2);
    assert_string_equal(stream->texts[2].text, "2.00");
    assert_true(stream->texts[2].bold);
    assert_false(stream->texts[1].bold);
    assert_int_equal(stream->texts[1].row, stream->texts[2].row);
    assert_int_equal(piece->code_count, 1);
    assert_string_equal(stream->codes[0].kind, "qr");
    assert_string_equal(stream->codes[0].data, "hello");
    assert_true(piece->ink_top >= 0 && piece->ink_top < 48);
    assert_int_equal(piece->ink_bottom, stream->codes[0].row + stream->codes[0].height);
    assert_int_equal(piece->bottom, stream->cuts[0].row);
    assert_int_equal(stream->pieces[1].first_text, 3);
    assert_int_equal(stream->pieces[1].text_count, 1);
}

static void the_strip_is_the_paper(void **state)
{
    static const char bytes[] = HEAD "Tea\n" QR CUT "copy\n\x1b" "d\x02\x1dV\x01";
    const struct kw_sim_stream *stream = READ(bytes);
    struct machine machine;
    machine_print(&machine, bytes, sizeof bytes - 1);
    int row = 0;
    for (size_t i = 0; i < machine.paper_count; i++) {
        size_t size = (size_t)machine.papers[i]->height * (size_t)machine.papers[i]->stride;
        assert_memory_equal(stream->strip.bits + (size_t)row * (size_t)stream->strip.stride, machine.papers[i]->bits,
                            size);
        row += machine.papers[i]->height;
    }
    assert_int_equal(row, stream->strip.height);
    machine_free(&machine);
}

static void what_is_in_force_can_be_read(void **state)
{
    const struct kw_sim_stream *stream = READ("\x1dL\x20\x00\x1dW\x40\x01\x1b{\x01\x1b" "a\x02\x1bt\x02" "x");
    assert_false(stream->start.upside_down);
    assert_int_equal(stream->start.area_width, stream->width_dots);
    assert_true(stream->end.upside_down);
    assert_false(stream->end.line_empty);
    assert_int_equal(stream->end.align, 2);
    assert_int_equal(stream->end.table, 2);
    assert_int_equal(stream->end.area_left_units, 0x20);
    assert_int_equal(stream->end.area_width_units, 0x140);
    assert_true(find(stream, "GS W")->after.line_empty);
    assert_int_equal(find(stream, "GS L")->after.area_left, 0x20);
    stream = READ("\x1bL" "page");
    assert_true(stream->end.page_mode);
    assert_true(find(stream, "")->inked);
    stream = READ("\x1d:macro");
    assert_true(stream->end.macro_defining);
    assert_false(find(stream, "")->inked == false);
}

static void what_came_before_holds_and_is_not_told(void **state)
{
    const struct kw_sim_stream *stream = read_stream(state, "\x1b@\x1b" "a\x01old\n", "new\n", 4);
    assert_int_equal(stream->start.align, 1);
    assert_int_equal(stream->text_count, 1);
    assert_int_equal(stream->texts[0].offset, 0);
    assert_int_equal(stream->texts[0].row, 0);
    assert_int_equal(stream->tokens[0].offset, 0);
}

static void a_macro_is_one_command_with_what_it_holds(void **state)
{
    const struct kw_sim_stream *stream = READ("\x1d:x\n\x1dV\x00\x1d:\x1d^\x02\x00\x00");
    const struct kw_sim_token *runs = find(stream, "GS ^");
    assert_int_equal(runs->cuts, 2);
    assert_true(runs->happened && runs->inked);
    stream = READ("\x1d:x\n\x1d:\x1d^\x01\x00\x01" "y\n");
    assert_int_equal(stream->text_count, 3);
    assert_int_equal(stream->texts[1].offset, find(stream, "GS ^")->offset);
}

static void a_stream_that_breaks_off_says_where(void **state)
{
    const struct kw_sim_stream *stream = READ("abc\x1dv0\x00\x02\x00\x09\x00" "1234");
    assert_true(stream->unfinished);
    assert_int_equal(stream->unfinished_at, 3);
    assert_true(find(stream, "GS v 0")->inked);
    stream = READ("abc\x1b*\x21\x02\x00" "12");
    assert_true(stream->unfinished);
    assert_int_equal(stream->unfinished_at, 3);
    assert_int_equal(stream->token_count, 1);
    assert_int_equal(stream->tokens[0].length, 3);
}

static void too_little_memory_is_said(void **state)
{
    static const char bytes[] = HEAD "Tea\n" QR CUT;
    struct kw_arena *little = kw_arena_new(2000);
    struct kw_sim_stream stream;
    struct kw_error error;
    const struct kw_sim_stream_options options = { .profile = kw_profile_find(KW_SIM_DEFAULT_PROFILE) };
    (void)state;
    assert_int_equal(kw_sim_read_stream(&options, bytes, sizeof bytes - 1, little, &stream, &error),
                     KWIT_E_NO_MEMORY);
    kw_arena_free(little);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commands_stand_side_by_side_without_a_gap), TEST(text_that_comes_in_parts_is_one_command),
        TEST(a_cut_inside_a_line_does_not_happen), TEST(what_the_model_lacks_does_not_happen),
        TEST(pulses_say_where_they_came), TEST(a_piece_has_its_text_its_symbols_and_its_ink),
        TEST(the_strip_is_the_paper), TEST(what_is_in_force_can_be_read),
        TEST(what_came_before_holds_and_is_not_told), TEST(a_macro_is_one_command_with_what_it_holds),
        TEST(a_stream_that_breaks_off_says_where), TEST(too_little_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
