/* kinds.h - the kinds of documents (kinds.def), for the rooms that read, print, invite by and keep them. */
#ifndef KW_DATA_KINDS_H
#define KW_DATA_KINDS_H

enum kw_sale_kind {
    KW_KIND_NONE = -1,              /* of counts that do not tell kinds apart */
#define KIND(name, number, ...) KW_KIND_##name = number,
#include "data/kinds.def"
#undef KIND
};
enum {
    KW_SALE_KINDS = 0
#define KIND(...) +1
#include "data/kinds.def"
#undef KIND
};

#endif
