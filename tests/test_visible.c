/* test_visible.c - what others wrote cannot steer a terminal, a line of the log or the direction of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/visible.h"

#include <string.h>

static void assert_made(struct kw_buffer *buffer, const char *wanted)
{
    assert_string_equal(kw_buffer_string(buffer), wanted);
    kw_buffer_free(buffer);
}

static void what_steers_is_named(void **state)
{
    (void)state;
    static const struct { const char *text, *wanted; } cases[] = {
        { "caf\u00e9 \u0440\u0443\u0431", "caf\u00e9 \u0440\u0443\u0431" }, { "a\nb", "a[U+000A]b" },
        { "\x1b[2J", "[U+001B][2J" }, { "\xc2\x9b" "2J", "[U+009B]2J" }, { "1\u202e2", "1[U+202E]2" },
        { "a\u2028b", "a[U+2028]b" }, { "\u2067x", "[U+2067]x" }, { "\xff", "\ufffd" }, { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kw_buffer buffer;
        kw_buffer_init(&buffer, 200);
        kw_buffer_visible(&buffer, cases[i].text);
        assert_made(&buffer, cases[i].wanted);
    }
}

static void an_isolate_ends_with_its_line(void **state)
{
    (void)state;
    static const char text[] = "a\u2066b\u2069c\n\u2067d\ne\u2069\n\tf\u202e";
    struct kw_buffer buffer;
    kw_buffer_init(&buffer, 200);
    kw_buffer_visible_lines(&buffer, text, strlen(text));
    assert_made(&buffer, "a\u2066b\u2069c\n\u2067d\u2069\ne\n\tf[U+202E]");
}

static void a_value_in_the_log_forges_no_field(void **state)
{
    (void)state;
    static const struct { const char *text, *wanted; } cases[] = {
        { "S-1", "S-1" }, { "X outcome=printed reason=-", "\"X outcome=printed reason=-\"" }, { "", "\"\"" },
        { "a\"b\\c", "\"a\\\"b\\\\c\"" }, { "kitchen\noutcome", "kitchen[U+000A]outcome" }, { "a=b", "\"a=b\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kw_buffer buffer;
        kw_buffer_init(&buffer, 200);
        kw_buffer_log_value(&buffer, cases[i].text);
        assert_made(&buffer, cases[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_steers_is_named),
        cmocka_unit_test(an_isolate_ends_with_its_line),
        cmocka_unit_test(a_value_in_the_log_forges_no_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
