/* zint.c - loads libzint and asks it for the modules of a symbol. */
#include "simulator/zint.h"

#include <stdlib.h>
#include <string.h>
#include <zint.h>

struct kw_zint {
    struct kw_module *module;
    struct zint_symbol *symbol;
    struct zint_symbol *(*create)(void);
    void (*delete)(struct zint_symbol *);
    void (*clear)(struct zint_symbol *);
    int (*encode)(struct zint_symbol *, const unsigned char *, int);
};

static struct kw_zint *open_zint(struct kw_error *error)
{
    struct kw_zint *zint = calloc(1, sizeof *zint);
    if (!zint || kw_module_open(KW_ZINT_SONAME, &zint->module, error) < 0) {
        free(zint);
        return NULL;
    }
    *(void **)&zint->create = kw_module_symbol(zint->module, "ZBarcode_Create", error);
    *(void **)&zint->delete = kw_module_symbol(zint->module, "ZBarcode_Delete", error);
    *(void **)&zint->clear = kw_module_symbol(zint->module, "ZBarcode_Clear", error);
    *(void **)&zint->encode = kw_module_symbol(zint->module, "ZBarcode_Encode", error);
    if (zint->create && zint->delete && zint->clear && zint->encode)
        return zint;
    kw_module_close(zint->module);
    free(zint);
    return NULL;
}

void kw_sim_zint_close(struct kw_sim *sim)
{
    if (!sim->zint)
        return;
    if (sim->zint->symbol)
        sim->zint->delete(sim->zint->symbol);
    kw_module_close(sim->zint->module);
    free(sim->zint);
    sim->zint = NULL;
}

bool kw_sim_encode_symbol(struct kw_sim *sim, const struct kw_sim_encode *what, struct kw_sim_grid *grid, const char **why)
{
    struct kw_error error;
    *why = "libzint is not installed";
    if (!sim->zint)
        sim->zint = open_zint(&error);
    if (!sim->zint)
        return false;
    if (sim->zint->symbol)
        sim->zint->delete(sim->zint->symbol);
    struct zint_symbol *symbol = sim->zint->symbol = sim->zint->create();
    if (!symbol)
        return false;
    symbol->symbology = what->symbology;
    symbol->input_mode = what->input_mode;
    if (what->option_1)
        symbol->option_1 = what->option_1;
    symbol->option_2 = what->option_2;
    if (what->option_3)
        symbol->option_3 = what->option_3;
    if (what->primary)
        snprintf(symbol->primary, sizeof symbol->primary, "%s", what->primary);
    if (sim->zint->encode(symbol, what->data, (int)what->length) >= ZINT_ERROR) {
        *why = symbol->errtxt;
        return false;
    }
    *grid = (struct kw_sim_grid){ symbol->rows, symbol->width, (const uint8_t (*)[144])symbol->encoded_data,
                                  symbol->row_height, (const char *)symbol->text };
    return grid->rows > 0 && grid->rows <= KW_GRID_ROWS_MAX && grid->width > 0 && grid->width <= KW_GRID_MAX;
}
