/* module.c - dlopen with kwit's errors, and where kwit's own modules lie. */
#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Tried below the directory of the command and of the library. A run path would say the same, but the loader would then
 * look for libc in all these places too, which costs a start two hundred system calls.
 */
static const char *const places[] = { "", "/kwit", "/..", "/../lib/kwit", "/../lib64/kwit" };

static void cut_name(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    else
        path[0] = 0;
}

/* Where the running command lies. */
static void command_directory(char out[PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", out, PATH_MAX - 1);
    out[length > 0 ? length : 0] = 0;
    cut_name(out);
}

/* Where the object lies that this code is part of: libkwit.so, or the command by the name it was called. */
static void library_directory(char out[PATH_MAX])
{
    Dl_info facts;
    out[0] = 0;
    if (dladdr(places, &facts) && facts.dli_fname && facts.dli_fname[0] == '/')
        snprintf(out, PATH_MAX, "%s", facts.dli_fname);
    cut_name(out);
}

/*
 * A module stays in the process for the next call that needs it: to load and unload it is a large part of a small job.
 */
static void *load(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
}

static void *open_beside(const char *directory, const char *name)
{
    void *handle = NULL;
    for (size_t i = 0; directory[0] && !handle && i < sizeof places / sizeof places[0]; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s%s/%s", directory, places[i], name);
        if (length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0)
            handle = load(path);
    }
    return handle;
}

static void *open_own(const char *name)
{
    char directory[PATH_MAX];
    library_directory(directory);
    void *handle = open_beside(directory, name);
    if (handle)
        return handle;
    command_directory(directory);
    return open_beside(directory, name);
}

static bool is_command(const char *directory, const char *below, char path[PATH_MAX])
{
    struct stat about;
    int length = snprintf(path, PATH_MAX, "%s%s/kwit", directory, below);
    return directory[0] && length > 0 && length < PATH_MAX && access(path, X_OK) == 0 && stat(path, &about) == 0
        && S_ISREG(about.st_mode);
}

bool kw_module_command(char path[PATH_MAX])
{
    char directory[PATH_MAX];
    command_directory(directory);
    if (is_command(directory, "", path))
        return true;
    library_directory(directory);
    return is_command(directory, "", path) || is_command(directory, "/../bin", path)
        || is_command(directory, "/../../bin", path);
}

/* The handle of dlopen itself stands for the module: there is nothing to add to it. */
int kw_module_open(const char *name, struct kw_module **module, struct kw_error *error)
{
    void *own = strncmp(name, "kwit-", 5) == 0 ? open_own(name) : NULL;
    *module = own ? own : load(name);
    if (*module)
        return 0;
    const char *why = dlerror();
    return kw_fail(error, KWIT_E_UNSUPPORTED, name, "cannot load %s: %s; install the package that has it", name,
                   why ? why : "unknown cause");
}

void kw_module_close(struct kw_module *module)
{
    if (module)
        dlclose(module);
}

void *kw_module_symbol(struct kw_module *module, const char *name, struct kw_error *error)
{
    void *symbol = dlsym(module, name);
    if (!symbol)
        kw_fail(error, KWIT_E_UNSUPPORTED, name,
                "the loaded module has no %s: it is of another version; reinstall kwit",
                name);
    return symbol;
}

const void *kw_module_table(struct kw_module *module, const char *name, uint32_t version, struct kw_error *error)
{
    const uint32_t *table = kw_module_symbol(module, name, error);
    if (table && *table != version) {
        kw_fail(error, KWIT_E_UNSUPPORTED, name, "the loaded module is of another version; reinstall kwit");
        return NULL;
    }
    return table;
}
