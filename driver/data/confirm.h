/* confirm.h - how a printer proves what it printed. The numbers are stored with printers: they are for ever. */
#ifndef KW_DATA_CONFIRM_H
#define KW_DATA_CONFIRM_H

enum kw_confirm {
    KW_CONFIRM_NONE, KW_CONFIRM_BARRIER /* GS r 1 */, KW_CONFIRM_PROCESS_ID /* GS ( H */,
    KW_CONFIRM_PROBE = -1           /* not known: it is to be found out */
};

#endif
