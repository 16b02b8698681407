/*
 * lazy_math.c - the mathematical functions that the command and its archives name, looked up when first called.
 *
 * SQLite has them for SQL nobody here writes, libpng for gamma, reports for their intervals. Loading libm costs a tenth
 * of what a whole start may cost, so the command defines them itself and finds each in libm.so.6 at its first call.
 * What is missing here is still found in libm, at the usual price: tests/e2e/surroundings.py tells.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { EXIT_INTERNAL = 70 };

#define UNARY(X) \
    X(acos) X(acosh) X(asin) X(asinh) X(atan) X(atanh) X(cbrt) X(ceil) X(cos) X(cosh) X(erf) X(erfc) X(exp) X(exp2) \
    X(expm1) X(floor) X(lgamma) X(log) X(log10) X(log1p) X(log2) X(nearbyint) X(rint) X(round) X(sin) X(sinh) X(sqrt) \
    X(tan) X(tanh) X(tgamma) X(trunc)
#define BINARY(X) X(atan2) X(fmax) X(fmin) X(fmod) X(hypot) X(pow) X(remainder)

/* A wrong number would be worse than none, and whoever asks for one cannot be told otherwise. */
static _Noreturn void give_up(const char *name)
{
    const char *why = dlerror();
    fprintf(stderr, "kwit: cannot find %s() in libm.so.6: %s; reinstall the C library (libc6)\n", name,
            why ? why : "unknown cause");
    _exit(EXIT_INTERNAL);
}

/* Two threads that come at once find the same. */
static void *find(const char *name)
{
    static _Atomic(void *) libm;
    void *library = atomic_load(&libm);
    if (!library)
        atomic_store(&libm, library = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL));
    void *function = library ? dlsym(library, name) : (void *)0;
    if (!function)
        give_up(name);
    return function;
}

/* Defines `type name parameters`, which passes `arguments` to libm's function of that name. */
#define DEFINE(type, name, parameters, arguments) \
    type name parameters; \
    type name parameters \
    { \
        static _Atomic(void *) found; \
        void *function = atomic_load(&found); \
        if (!function) \
            atomic_store(&found, function = find(#name)); \
        return ((type (*) parameters)function) arguments; \
    }

#define DEFINE_UNARY(name) DEFINE(double, name, (double x), (x))
UNARY(DEFINE_UNARY)
#define DEFINE_BINARY(name) DEFINE(double, name, (double x, double y), (x, y))
BINARY(DEFINE_BINARY)
DEFINE(long, lround, (double x), (x))
DEFINE(long long, llround, (double x), (x))
DEFINE(double, ldexp, (double x, int exponent), (x, exponent))
DEFINE(double, frexp, (double x, int *exponent), (x, exponent))
DEFINE(double, modf, (double x, double *whole), (x, whole))
DEFINE(double, lgamma_r, (double x, int *sign), (x, sign))
