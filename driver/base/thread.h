/* thread.h - a thread of the library's own in somebody else's program. */
#ifndef KW_BASE_THREAD_H
#define KW_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Begins one that no signal is delivered to: the program's handlers run where the program is. False: there is none. */
bool kw_thread_begin(pthread_t *thread, void *(*work)(void *), void *data);

#endif
