/* place.c - a directory below /tmp. */
#include "support/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define TEMPLATE "/tmp/kwit-test-XXXXXX"

char place[] = TEMPLATE;

int place_make(void **state)
{
    (void)state;
    memcpy(place, TEMPLATE, sizeof TEMPLATE);
    return mkdtemp(place) ? 0 : -1;
}

int place_remove(void **state)
{
    char command[sizeof TEMPLATE + 10];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", place);
    return system(command);
}

void place_empty(void)
{
    assert_int_equal(place_remove(NULL), 0);
    assert_int_equal(mkdir(place, 0700), 0);
}
