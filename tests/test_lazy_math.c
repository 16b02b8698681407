/* test_lazy_math.c - what stands for libm in the command gives libm's results. */
#include <dlfcn.h>

/* Stand before the calls of the file under test. */
static int opened, looked_up;
static void *count_open(const char *name, int flags)
{
    opened++;
    return dlopen(name, flags);
}
static void *count_symbol(void *library, const char *name)
{
    looked_up++;
    return dlsym(library, name);
}
#define dlopen count_open
#define dlsym count_symbol
#include "../cli/lazy_math.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

static void each_function_is_the_one_of_its_name(void **state)
{
    (void)state;
    static const struct { double (*function)(double); double x, y; } rows[] = {
        { floor, -1.5, -2 }, { ceil, 1.2, 2 }, { trunc, -1.7, -1 }, { sqrt, 81, 9 }, { exp, 0, 1 }, { log, 1, 0 },
        { log2, 1024, 10 }, { log10, 1000, 3 }, { sin, 0, 0 }, { cos, 0, 1 }, { tan, 0, 0 }, { acos, 1, 0 },
        { asin, 0, 0 }, { atan, 0, 0 }, { sinh, 0, 0 }, { cosh, 0, 1 }, { tanh, 0, 0 }, { acosh, 1, 0 },
        { asinh, 0, 0 }, { atanh, 0, 0 }, { cbrt, 8, 2 }, { erf, 0, 0 }, { erfc, 0, 1 }, { exp2, 3, 8 },
        { expm1, 0, 0 }, { lgamma, 2, 0 }, { log1p, 0, 0 }, { nearbyint, 2.5, 2 }, { rint, 3.5, 4 },
        { round, 2.5, 3 }, { tgamma, 1, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(rows[i].function(rows[i].x) == rows[i].y);
    assert_true(pow(2, 10) == 1024);
    assert_true(fmod(-7, 3) == -1);
    assert_true(atan2(0, 1) == 0);
    assert_true(hypot(3, 4) == 5 && fmin(1, 2) == 1 && fmax(1, 2) == 2 && remainder(7, 4) == -1);
    assert_true(lround(2.5) == 3 && llround(-2.5) == -3 && ldexp(3, 4) == 48);
}

static void parts_of_a_number_are_told_through_the_pointer(void **state)
{
    (void)state;
    int exponent = 0, sign = 0;
    double whole = 0;
    assert_true(frexp(12, &exponent) == 0.75 && exponent == 4);
    assert_true(lgamma_r(2, &sign) == 0 && sign == 1);
    assert_true(modf(-3.25, &whole) == -0.25 && whole == -3);
}

static void libm_is_opened_once_and_each_function_looked_up_once(void **state)
{
    (void)state;
    assert_true(cbrt(8) == 2);
    int opened_before = opened, before = looked_up;
    assert_int_equal(opened_before, 1);
    for (int i = 1; i < 5; i++)
        assert_true(cbrt(8) == 2 && sqrt(16) == 4 && pow(3, 2) == 9);
    assert_int_equal(opened, opened_before);
    assert_int_equal(looked_up, before);
}

static void a_function_that_libm_lacks_ends_the_program_with_its_name(void **state)
{
    (void)state;
    int ends[2], status = 0;
    char said[256] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        find("no_such_function");
        _exit(0);
    }
    close(ends[1]);
    assert_true(child > 0 && read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
    assert_non_null(strstr(said, "no_such_function"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_function_is_the_one_of_its_name),
        cmocka_unit_test(parts_of_a_number_are_told_through_the_pointer),
        cmocka_unit_test(libm_is_opened_once_and_each_function_looked_up_once),
        cmocka_unit_test(a_function_that_libm_lacks_ends_the_program_with_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
