/* clock.h - for unit programs of one thread: a clock that stands, but when somebody sleeps. */
#ifndef KW_TEST_CLOCK_H
#define KW_TEST_CLOCK_H

/* From now on sleeping takes no time and brings the clock on by what it would have taken; 0: it goes again. */
void clock_stands(int stands);

/* From now on the wall clock is so much later than the last change of a file or directory; NULL: as it was at first. */
void clock_follows(const char *path, long long ms);

#endif
