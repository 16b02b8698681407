/*
 * cups-backend.c - what CUPS starts for a queue on kwit://: gives up root's rights before a byte of the job is read,
 * and becomes `kwit cups`. CUPS runs it as root because nobody else may read it, and would else run it as a user that
 * gets none of its groups and cannot open receipt printers.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CUPS_STOP = 4, ARGUMENTS = 8 };

static int stop(const char *what, const char *mend)
{
    fprintf(stderr, "STATE: +com.kwit.config-error\nERROR: kwit: %s: %s; %s\n", what, strerror(errno), mend);
    return CUPS_STOP;
}

static int give_up_rights(void)
{
    errno = 0;
    const struct passwd *user = getpwnam("kwit");
    if (!user)
        return stop("there is no user kwit", "run systemd-sysusers, which makes it");
    if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
        return stop("root's rights cannot be given up", "look at the security modules of this machine");
    return 0;
}

int main(int argc, char **argv)
{
    static char kwit[] = KWIT_COMMAND, command[] = "cups";
    char *words[ARGUMENTS + 1] = { kwit, command };
    int count = 2, status = geteuid() == 0 ? give_up_rights() : 0;
    if (status != 0)
        return status;
    umask(0007);
    for (int i = 1; i < argc && count < ARGUMENTS; i++)
        words[count++] = argv[i];
    execv(kwit, words);
    return stop(KWIT_COMMAND, "install kwit again");
}
