/* mend.c - the command that lets this user write where the state is kept. */
#include "state/state.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
 * Who may write there: of a read-only disk nobody, of a folder of one's own oneself, else its group or its owner; what
 * the group kwit may is given by a command of kwit's own. No command for a name that would end its quotes.
 */
bool kw_state_mend(const char *path, char *out, size_t size)
{
    struct statvfs disk;
    struct stat folder;
    out[0] = 0;
    if (strchr(path, '\''))
        return false;
    bool there = stat(path, &folder) == 0;
    const struct group *group = there && (folder.st_mode & S_IWGRP) ? getgrgid(folder.st_gid) : NULL;
    if (statvfs(path, &disk) == 0 && (disk.f_flag & ST_RDONLY))
        snprintf(out, size, "sudo mount -o remount,rw \"$(findmnt -no TARGET -T '%s')\"   # then look at "
                 "dmesg: a failing disk is mounted so", path);
    else if (there && folder.st_uid == geteuid())
        snprintf(out, size, "chmod u+rwX '%s'", path);
    else if (group && strcmp(group->gr_name, "kwit") == 0)
        snprintf(out, size, "sudo kwit-admit \"$(id -un)\"");
    else if (group && folder.st_gid != 0)
        snprintf(out, size, "sudo usermod -aG %.63s \"$(id -un)\"   # then log out and in again", group->gr_name);
    else if (there)
        snprintf(out, size, "sudo chown \"$(id -un)\" '%s'", path);
    else
        snprintf(out, size, "sudo install -d -o \"$(id -un)\" '%s'", path);
    return true;
}
