/* zint.c - loads libzint and asks it for the modules of a symbol. */
#include "simulator/zint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zint.h>

struct kw_zint {
    struct kw_module *module;
    struct zint_symbol *symbol;
    struct zint_symbol *(*create)(void);
    void (*delete)(struct zint_symbol *);
    int (*encode)(struct zint_symbol *, const unsigned char *, int);
    struct kw_sim_encode last;          /* what `symbol` shows; its data lie in last_data */
    struct kw_buffer last_data;
    char last_primary[128];
    int last_result;
};

/* A macro could ask for a symbol with no byte of its own: it gets as many as the stream itself could have asked for. */
enum { DATA_MOST = 65536, MACRO_SYMBOLS = 200, BYTES_A_SYMBOL = 8 };

static struct kw_zint *open_zint(struct kw_error *error)
{
    struct kw_zint *zint = calloc(1, sizeof *zint);
    if (!zint || kw_module_open(KW_ZINT_SONAME, &zint->module, error) < 0) {
        free(zint);
        return NULL;
    }
    *(void **)&zint->create = kw_module_symbol(zint->module, "ZBarcode_Create", error);
    *(void **)&zint->delete = kw_module_symbol(zint->module, "ZBarcode_Delete", error);
    *(void **)&zint->encode = kw_module_symbol(zint->module, "ZBarcode_Encode", error);
    if (zint->create && zint->delete && zint->encode) {
        kw_buffer_init(&zint->last_data, DATA_MOST);
        return zint;
    }
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
    kw_buffer_free(&sim->zint->last_data);
    kw_module_close(sim->zint->module);
    free(sim->zint);
    sim->zint = NULL;
}

/* The same symbol again costs nothing: hosts ask for its size before they print it, or print it twice. */
static bool is_last(const struct kw_zint *zint, const struct kw_sim_encode *what)
{
    const struct kw_sim_encode *last = &zint->last;
    return zint->symbol && last->symbology == what->symbology && last->length == what->length &&
           last->option_1 == what->option_1 && last->option_2 == what->option_2 && last->option_3 == what->option_3 &&
           last->input_mode == what->input_mode && zint->last_data.length == what->length &&
           memcmp(zint->last_data.data, what->data, what->length) == 0 &&
           strcmp(zint->last_primary, what->primary ? what->primary : "") == 0;
}

static void remember(struct kw_zint *zint, const struct kw_sim_encode *what)
{
    zint->last = *what;
    kw_buffer_clear(&zint->last_data);
    kw_buffer_add(&zint->last_data, what->data, what->length);
    snprintf(zint->last_primary, sizeof zint->last_primary, "%s", what->primary ? what->primary : "");
}

static bool encode(struct kw_zint *zint, const struct kw_sim_encode *what)
{
    if (zint->symbol)
        zint->delete(zint->symbol);
    struct zint_symbol *symbol = zint->symbol = zint->create();
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
    zint->last_result = zint->encode(symbol, what->data, (int)what->length);
    remember(zint, what);
    return true;
}

bool kw_sim_encode_symbol(struct kw_sim *sim, const struct kw_sim_encode *what, struct kw_sim_grid *grid,
                          const char **why)
{
    struct kw_error error;
    *why = "libzint is not installed";
    if (!sim->zint)
        sim->zint = open_zint(&error);
    if (!sim->zint)
        return false;
    if (!is_last(sim->zint, what)) {
        *why = "a macro makes too many symbols";
        if (sim->in_macro && sim->s.macro.symbols > MACRO_SYMBOLS + sim->s.in.accepted / BYTES_A_SYMBOL)
            return false;
        sim->s.macro.symbols += sim->in_macro;
        *why = "out of memory";
        if (!encode(sim->zint, what))
            return false;
    }
    const struct zint_symbol *symbol = sim->zint->symbol;
    *why = symbol->errtxt;
    if (sim->zint->last_result >= ZINT_ERROR)
        return false;
    *grid = (struct kw_sim_grid){ symbol->rows, symbol->width, (const uint8_t (*)[144])symbol->encoded_data,
                                  symbol->row_height, (const char *)symbol->text };
    return grid->rows > 0 && grid->rows <= KW_GRID_ROWS_MAX && grid->width > 0 && grid->width <= KW_GRID_MAX;
}
