/*
 * copies.h - what a copy of a receipt is, and says above its lines. The numbers are stored with jobs: they are for ever,
 * and a new one stands last.
 */
#ifndef KW_DATA_COPIES_H
#define KW_DATA_COPIES_H

enum kw_copy_kind {
    KW_COPY_ORIGINAL, KW_COPY_CUSTOMER, KW_COPY_MERCHANT, KW_COPY_DUPLICATE, KW_COPY_REPLACES_INTERRUPTED,
    KW_COPY_POSSIBLE_DUPLICATE
};

#endif
