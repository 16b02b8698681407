/* module.c - dlopen with kwit's errors. */
#include "base/module.h"

#include <dlfcn.h>

/* The handle of dlopen itself stands for the module: there is nothing to add to it. */
int kw_module_open(const char *name, struct kw_module **module, struct kw_error *error)
{
    *module = dlopen(name, RTLD_NOW | RTLD_LOCAL);
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
        kw_fail(error, KWIT_E_UNSUPPORTED, name, "the loaded module has no %s: it is of another version; reinstall kwit",
                name);
    return symbol;
}
