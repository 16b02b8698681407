/* thread.c - begins threads. */
#include "base/thread.h"

#include <signal.h>

bool kw_thread_begin(pthread_t *thread, void *(*work)(void *), void *data)
{
    sigset_t all, before;
    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    const bool begun = pthread_create(thread, NULL, work, data) == 0;   /* it inherits what is blocked here */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return begun;
}
