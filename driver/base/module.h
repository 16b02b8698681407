/*
 * module.h - libraries that only some receipts need are loaded at that moment.
 *
 * kwit's own modules (kwit-text.so, kwit-usb.so) lie beside the command or the library, or in kwit/ or ../lib/kwit
 * from there; each exports one table whose first member is its version, a uint32_t.
 */
#ifndef KW_BASE_MODULE_H
#define KW_BASE_MODULE_H

#include "base/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct kw_module;

/* The command that came with this library: this process, or beside it or the library, or in bin/; false: none there. */
bool kw_module_command(char path[PATH_MAX]);

/* Loads a shared object by name ("kwit-usb.so", "libqrencode.so.4"). UNSUPPORTED when it is not installed. */
int kw_module_open(const char *name, struct kw_module **module, struct kw_error *error);
void kw_module_close(struct kw_module *module);
/* The address of a symbol; NULL and UNSUPPORTED in *error when it is missing. */
void *kw_module_symbol(struct kw_module *module, const char *name, struct kw_error *error);
/* The table that one of kwit's own modules exports; NULL and UNSUPPORTED where there is none of this version. */
const void *kw_module_table(struct kw_module *module, const char *name, uint32_t version, struct kw_error *error);

#endif
