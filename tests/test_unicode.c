/* test_unicode.c - normal form C against Python, grapheme clusters against Perl, each over many strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "support/skip.h"
#include "text/unicode.h"

/* Runs a script that prints lines; skips the test where its interpreter is missing. */
static FILE *run_script(const char *command)
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    return pipe;
}

static void end_script(FILE *pipe, size_t lines)
{
    int status = pclose(pipe);
    if (lines == 0)
        SKIP("the script's interpreter does not run here");
    assert_int_equal(status, 0);
}

/* Code points in hexadecimal, apart by blanks, up to a semicolon or the end. */
static size_t read_codes(const char **at, uint32_t *codes, size_t most)
{
    size_t count = 0;
    while (**at && **at != ';' && **at != '\n' && **at != '|') {
        char *end;
        codes[count++] = (uint32_t)strtoul(*at, &end, 16);
        *at = end + strspn(end, " ");
        assert_true(count < most);
    }
    *at += **at == ';' || **at == '|';
    return count;
}

#define NFC_SCRIPT \
    "python3 - <<'END'\n" \
    "import unicodedata as u, random\n" \
    "random.seed(7)\n" \
    "every = [chr(c) for c in range(0xA0, 0x110000) if u.category(chr(c)) not in ('Cn', 'Cs', 'Co')]\n" \
    "changing = [c for c in every if u.normalize('NFD', c) != c]\n" \
    "marks = [c for c in every if u.combining(c)]\n" \
    "def show(s):\n" \
    "    n = u.normalize('NFC', s)\n" \
    "    if len(s) <= 8 and len(n) <= 32: print(' '.join('%X' % ord(c) for c in s) + ';' + ' '.join('%X' % ord(c) for c in n))\n" \
    "for c in every: show(c)\n" \
    "for c in changing: show(u.normalize('NFD', c))\n" \
    "for i in range(20000): show(random.choice(changing) + ''.join(random.choice(marks) for k in range(random.randint(1, 4))))\n" \
    "for i in range(2000): show(random.choice('aeiouAEIOUnszc\\u0915\\u0647\\u1100\\uAC00') + ''.join(random.choice(marks) for k in range(3)))\n" \
    "END"

static void composition_is_as_python_has_it(void **state)
{
    (void)state;
    char line[1000];
    size_t lines = 0;
    FILE *script = run_script(NFC_SCRIPT);
    for (; fgets(line, sizeof line, script); lines++) {
        uint32_t codes[KW_GRAPHEME_CODES * 2], expected[KW_GRAPHEME_CODES * 2];
        const char *at = line;
        size_t count = read_codes(&at, codes, KW_GRAPHEME_CODES), want = read_codes(&at, expected, KW_GRAPHEME_CODES);
        count = kw_unicode_compose(codes, count);
        if (count != want || memcmp(codes, expected, count * sizeof *codes) != 0)
            fail_msg("composed otherwise: %s", line);
    }
    end_script(script, lines);
}

/* Perl's \X is UAX #29's extended grapheme cluster. */
#define CLUSTER_SCRIPT \
    "perl -e '" \
    "srand(5); my @a = map { hex } qw(61 20 D A 301 327 200D 200C 1F468 1F469 1F3FD FE0F 2764 1F1F5 1F1F1 1100 1161 11A8 " \
    "AC00 AC01 915 94D 93C 937 93E 600 627 64E E19 E33 E48 903 C0 10FFFF AD 200B);" \
    "for (1..20000) { my $s = join(\"\", map { chr($a[rand @a]) } 1..(1 + rand 8)); my @parts;" \
    "while ($s =~ /(\\X)/gs) { push @parts, join(\" \", map { sprintf \"%X\", ord } split //, $1) }" \
    "print join(\"|\", @parts), \"\\n\"; }'"

static void clusters_are_as_perl_has_them(void **state)
{
    (void)state;
    char line[1000];
    size_t lines = 0;
    FILE *script = run_script(CLUSTER_SCRIPT);
    for (; fgets(line, sizeof line, script); lines++) {
        char text[400];
        size_t length = 0, ends[64], parts = 0, at = 0;
        for (const char *from = line; *from && *from != '\n'; parts++) {
            uint32_t codes[KW_GRAPHEME_CODES];
            size_t count = read_codes(&from, codes, KW_GRAPHEME_CODES);
            for (size_t i = 0; i < count; i++)
                length += kw_utf8_put(text + length, codes[i]);
            ends[parts] = length;
        }
        struct kw_grapheme grapheme;
        for (size_t i = 0; i < parts; i++)
            if (!kw_grapheme_next(text, length, &at, &grapheme) || at != ends[i])
                fail_msg("parted otherwise at %zu: %s", i, line);
        assert_false(kw_grapheme_next(text, length, &at, &grapheme));
    }
    end_script(script, lines);
}

static void endless_marks_come_in_parts(void **state)
{
    (void)state;
    char text[400] = "a";
    for (int i = 0; i < 100; i++)
        strcat(text, "\xCC\x81");
    struct kw_grapheme grapheme;
    size_t at = 0, parts = 0;
    while (kw_grapheme_next(text, strlen(text), &at, &grapheme)) {
        assert_in_range(grapheme.count, 1, KW_GRAPHEME_CODES);
        parts++;
    }
    assert_int_equal(parts, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composition_is_as_python_has_it),
        cmocka_unit_test(clusters_are_as_perl_has_them),
        cmocka_unit_test(endless_marks_come_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
