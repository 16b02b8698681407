/* place.h - a directory of the test's own, for files: made before a case or a whole program, and removed after it. */
#ifndef KW_TEST_PLACE_H
#define KW_TEST_PLACE_H

extern char place[];

/* Fixtures of cmocka, of a case or of a group. */
int place_make(void **state);
int place_remove(void **state);
void place_empty(void);

#endif
