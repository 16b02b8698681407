/* skip.h - a test that cannot be tried here says why: tests/run.sh repeats it at the end. */
#ifndef KW_TESTS_SKIP_H
#define KW_TESTS_SKIP_H

#define SKIP(reason)                                             \
    do {                                                         \
        print_message("not tried: %s: %s\n", __func__, reason);  \
        skip();                                                  \
    } while (0)

#endif
