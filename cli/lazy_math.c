/*
 * lazy_math.c - the mathematical functions that the command and its archives name, loaded when one is called.
 *
 * SQLite has them for SQL nobody here writes, libpng for gamma, reports for their intervals. Loading libm costs a tenth
 * of what a whole start may cost, so the command defines them itself and looks each up in libm.so.6 at that moment.
 * What is missing here is still found in libm, at the usual price: tests/e2e/surroundings.py tells.
 */
#include <dlfcn.h>

#define UNARY(X) \
    X(acos) X(acosh) X(asin) X(asinh) X(atan) X(atanh) X(cbrt) X(ceil) X(cos) X(cosh) X(erf) X(erfc) X(exp) X(exp2) \
    X(expm1) X(floor) X(lgamma) X(log) X(log10) X(log1p) X(log2) X(nearbyint) X(rint) X(round) X(sin) X(sinh) X(sqrt) \
    X(tan) X(tanh) X(tgamma) X(trunc)
#define BINARY(X) X(atan2) X(fmax) X(fmin) X(fmod) X(hypot) X(pow) X(remainder)

static void *find(const char *name)
{
    void *library = dlopen("libm.so.6", RTLD_LAZY | RTLD_LOCAL);
    return library ? dlsym(library, name) : (void *)0;
}

#define DEFINE_UNARY(name) \
    double name(double x); \
    double name(double x) \
    { \
        double (*function)(double) = (double (*)(double))find(#name); \
        return function ? function(x) : __builtin_nan(""); \
    }
UNARY(DEFINE_UNARY)

#define DEFINE_BINARY(name) \
    double name(double x, double y); \
    double name(double x, double y) \
    { \
        double (*function)(double, double) = (double (*)(double, double))find(#name); \
        return function ? function(x, y) : __builtin_nan(""); \
    }
BINARY(DEFINE_BINARY)

long lround(double x);
long lround(double x)
{
    long (*function)(double) = (long (*)(double))find("lround");
    return function ? function(x) : 0;
}

long long llround(double x);
long long llround(double x)
{
    long long (*function)(double) = (long long (*)(double))find("llround");
    return function ? function(x) : 0;
}

double ldexp(double x, int exponent);
double ldexp(double x, int exponent)
{
    double (*function)(double, int) = (double (*)(double, int))find("ldexp");
    return function ? function(x, exponent) : __builtin_nan("");
}

#define DEFINE_WITH_INTEGER(name) \
    double name(double x, int *integer); \
    double name(double x, int *integer) \
    { \
        double (*function)(double, int *) = (double (*)(double, int *))find(#name); \
        return function ? function(x, integer) : __builtin_nan(""); \
    }
DEFINE_WITH_INTEGER(frexp)

double modf(double x, double *whole);
double modf(double x, double *whole)
{
    double (*function)(double, double *) = (double (*)(double, double *))find("modf");
    return function ? function(x, whole) : __builtin_nan("");
}

double lgamma_r(double x, int *sign);
double lgamma_r(double x, int *sign)
{
    double (*function)(double, int *) = (double (*)(double, int *))find("lgamma_r");
    return function ? function(x, sign) : __builtin_nan("");
}
