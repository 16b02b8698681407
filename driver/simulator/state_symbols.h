/* state_symbols.h - part of the state: how bar codes and two-dimensional symbols are drawn. */
#ifndef KW_SIMULATOR_STATE_SYMBOLS_H
#define KW_SIMULATOR_STATE_SYMBOLS_H

#include <stdint.h>

enum { KW_SIM_COMPOSITE_LINEAR = 200 };          /* key of the bars of a composite in KW_PART_SYMBOLS */

struct kw_sim_symbols {
    uint8_t bars_text, bars_font, bars_module, bars_height;
    uint8_t qr_model, qr_module, qr_level;
    uint8_t pdf_columns, pdf_rows, pdf_module, pdf_row_height, pdf_level_kind, pdf_level, pdf_truncated;
    uint8_t maxi_mode, databar_module, aztec_mode, aztec_layers, aztec_module, aztec_level;
    uint8_t matrix_kind, matrix_module, composite_module;
};

#endif
