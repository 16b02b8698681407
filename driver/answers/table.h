/*
 * table.h - exports of survey platforms as rows: CSV, XLSX and JSON, read as a stream, columns found by name.
 */
#ifndef KW_ANSWERS_TABLE_H
#define KW_ANSWERS_TABLE_H

#include "base/buffer.h"
#include "base/error.h"
#include "record/own.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a column may be for. */
enum kw_role {
#define COLUMN(name, number, ...) KW_ROLE_##name = number,
#include "data/columns.def"
#undef COLUMN
    KW_ROLE_COUNT
};
extern const char *const kw_role_names[KW_ROLE_COUNT];

struct kw_platform {
    const char *name;
    int header_rows;
    const char *zone, *dates, *link;
    const char *names[KW_ROLE_COUNT];       /* header names parted by `|`; NULL or "": none */
};
extern const struct kw_platform kw_platforms[];     /* ends with a NULL name */
const struct kw_platform *kw_platform_find(const char *name);
/* Its header names of a role, "" where it has none. */
const char *kw_platform_names(const struct kw_platform *platform, int role);

enum { KW_TABLE_CELLS = 2000, KW_TABLE_CELL_BYTES = 256 * 1024, KW_TABLE_ROLE_COLUMNS = 16 };

/* One row: the first non-empty cell of each role, NULL where the export has no such column. */
struct kw_row {
    const char *cells[KW_ROLE_COUNT];
    int columns[KW_ROLE_COUNT];             /* 1-based, 0: none */
    int64_t line;                           /* where the row begins */
    const char *own[KW_OWN_QUESTIONS];      /* of the shop's own questions */
    int own_columns[KW_OWN_QUESTIONS];
    const char *unit;                       /* what `line` counts: "line", or "answer" of a JSON document */
};

struct kw_table {
    FILE *file;
    const char *path, *encoding;            /* encoding: iconv's name, NULL: UTF-8 or what a byte order mark says */
    char delimiter;                         /* 0: found in the header */
    const struct kw_platform *platform;
    const char *questions[KW_OWN_QUESTIONS];    /* headers of the shop's own questions, which a file need not have */
    size_t question_count;
    const char *sheet;                      /* of a workbook: name, or number from 1; NULL: the first that is shown */
    int64_t header_at;                      /* line of the header; what stands above it is passed over. 0: not said */
    int header_rows;                        /* 0: at most the platform's, rows that hold a time are answers */
    const char *own[KW_ROLE_COUNT];         /* the shop's own header names, NULL: the platform's */
    char zone[64];                          /* what the export itself says of its time zone, "" nothing */
    bool since_1904;                        /* what it says of its count of days */
    int (*row)(void *data, const struct kw_row *row, struct kw_error *error);
    /* May be NULL; called now and then with the bytes read so far. */
    void (*progress)(void *data, int64_t bytes);
    void *data;

    /* May be NULL; called with the header cell (in JSON the name) of each role that is found. */
    void (*found)(void *data, int role, const char *cell);

    /* private */
    int columns[KW_ROLE_COUNT][KW_TABLE_ROLE_COLUMNS];     /* resolved from the header; 0-based, -1 none */
    int titles[KW_ROLE_COUNT][KW_TABLE_ROLE_COLUMNS];      /* equal: those columns have one title */
    int question_columns[KW_OWN_QUESTIONS]; /* 0-based, -1 none */
    size_t width;                           /* columns of the header */
    int64_t rows;                           /* that were not empty, header rows too */
    bool answers;                           /* the header rows are over */
};

/* The shop's own header name of a role, else the platform's. */
const char *kw_table_names(const struct kw_table *table, int role);

int kw_table_csv(struct kw_table *table, struct kw_error *error);
int kw_table_xlsx(struct kw_table *table, struct kw_error *error);
int kw_table_json(struct kw_table *table, struct kw_error *error);

/*
 * Shared by the readers: header rows, then answers; rows without anything in them are passed over. A header without a
 * column of tokens or times is an error that lists what was found; so is a row that does not fit the header.
 */
int kw_table_row(struct kw_table *table, const char *const *cells, size_t count, int64_t line, struct kw_error *error);
/* Whether a header cell is a token's or a time's, as far as names tell. */
bool kw_table_knows(const struct kw_table *table, const char *cell);

#endif
