/* tables.h - which tables of a printer hold a character, and as which bytes. */
#ifndef KW_TEXT_TABLES_H
#define KW_TEXT_TABLES_H

#include "profile/profile.h"

enum { KW_TABLES_MAX = 62, KW_TABLES_TWO_BYTE = 62, KW_TABLES_UTF8 = 63, KW_TABLES_CACHE = 64 };

/* A set of tables: bit i is the i-th table of the profile, two bits stand for the other modes. */
typedef uint64_t kw_table_set;

struct kw_tables {
    const struct kw_profile *profile;
    const char *language;
    bool resolved;
    struct { uint8_t rank; bool sought; const uint16_t *high; } rows[KW_TABLES_MAX];      /* high: once it was asked */
    size_t count;
    int last;                       /* the table in force on the line before; -1: none yet */
    struct { uint32_t code; kw_table_set set; } cache[KW_TABLES_CACHE];
};

void kw_tables_init(struct kw_tables *tables, const struct kw_profile *profile, const char *language);
/* The tables that hold the character; 0 when none does. All of them are looked through: the next two seldom do that. */
kw_table_set kw_tables_holding(struct kw_tables *tables, uint32_t code);
/* Whether any does. */
bool kw_tables_hold(struct kw_tables *tables, uint32_t code);
/* Which tables of a set do. */
kw_table_set kw_tables_among(struct kw_tables *tables, kw_table_set set, uint32_t code);
/* Whether a sign that is narrow elsewhere takes two cells, for only the two-byte mode has it. */
bool kw_tables_widen(struct kw_tables *tables, uint32_t code);
/* The one of a set that is taken first: the language's usual pages, then the others in the profile's order. */
int kw_tables_first(const struct kw_tables *tables, kw_table_set set);
/* Its bytes in one of those tables; returns how many (1 to 4). */
size_t kw_tables_bytes(struct kw_tables *tables, int table, uint32_t code, uint8_t out[4]);

#endif
