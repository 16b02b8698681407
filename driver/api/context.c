/* context.c - making and freeing a context. */
#include "api/context.h"

#include "api/shelf.h"

#include <kwit/tool.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From the root: a program that goes to another directory means the same files as before. */
static int copy_path(const char *path, char **copy)
{
    char here[PATH_MAX] = "";
    *copy = NULL;
    if (!path)
        return 0;
    const bool whole = path[0] == '/' || path[0] == 0 || !getcwd(here, sizeof here);
    const size_t size = strlen(here) + strlen(path) + 2;
    *copy = malloc(size);
    if (!*copy)
        return KWIT_E_NO_MEMORY;
    snprintf(*copy, size, "%s%s%s", whole ? "" : here, whole ? "" : "/", path);
    return 0;
}

int kwit_context_new(const struct kwit_settings *settings, kwit_context **context)
{
    static const struct kwit_settings defaults;
    if (!settings)
        settings = &defaults;
    *context = NULL;
    kwit_context *made = calloc(1, sizeof *made);
    if (!made)
        return KWIT_E_NO_MEMORY;
    made->log = (struct kw_log){ settings->log, settings->log_data };
    if (copy_path(settings->config_file, &made->config_file) < 0
        || copy_path(settings->state_dir, &made->state_dir) < 0) {
        kwit_context_free(made);
        return KWIT_E_NO_MEMORY;
    }
    made->kept = calloc(1, sizeof *made->kept);
    if (!made->kept) {
        kwit_context_free(made);
        return KWIT_E_NO_MEMORY;
    }
    made->fonts = kw_text_fonts_new((struct kw_glyph_shelf){ kw_shelf_recall, kw_shelf_keep, made });
    *context = made;
    return 0;
}

void kwit_context_alone(kwit_context *context, int one_thread)
{
    context->alone = true;
    context->one_thread = one_thread != 0;
}

void kwit_context_free(kwit_context *context)
{
    if (!context)
        return;
    if (context->kept)
        kw_kept_end(context->kept);
    free(context->kept);
    kw_text_fonts_free(context->fonts);
    free(context->config_file);
    free(context->state_dir);
    free(context);
}
