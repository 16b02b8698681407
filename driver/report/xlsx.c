/*
 * xlsx.c - the first sheet of an Excel workbook: a zip archive with XML inside. The sheet is read as a stream; the
 * table of shared strings is kept, under a ceiling. The only user of expat.
 */
#include "report/table.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    CHUNK = 32 * 1024,
    TAIL = 65557,
    STRINGS_CEILING = 512 * 1024 * 1024,
    ROW_CEILING = 4 * 1024 * 1024,
    ENTRY_LIMIT = 2000,
    PROGRESS_ROWS = 5000
};
static const uint64_t inflated_limit = 4ull << 30;

struct entry { uint32_t offset, packed; uint16_t method; bool found; };

struct reading {
    struct kw_table *table;
    struct kw_error *error;
    int code;
    XML_Parser parser;
    /* shared strings: texts behind each other, each NUL-terminated */
    struct kw_buffer strings;
    uint32_t *starts;
    size_t string_count, string_capacity;
    /* the row being read */
    struct kw_buffer text;
    size_t cell_starts[KW_TABLE_CELLS];
    bool cell_shared[KW_TABLE_CELLS];
    size_t cell_shared_index[KW_TABLE_CELLS];
    size_t count, column;
    char type[12];
    bool in_value;
    int64_t row, rows;
};

static uint32_t little(const uint8_t *bytes, int length)
{
    uint32_t value = 0;
    for (int i = length - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static int damaged(struct kw_table *table, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_INVALID, table->path,
                   "this is not a whole .xlsx file; save it again from the spreadsheet, or as CSV");
}

/* Walks the central directory for a name, or for the first name with that prefix. */
static int find_entry(struct kw_table *table, const char *name, bool prefix, struct entry *entry,
                      struct kw_error *error)
{
    uint8_t *tail = malloc(TAIL), header[46];
    char file_name[256];
    long end = fseek(table->file, 0, SEEK_END) == 0 ? ftell(table->file) : -1;
    long begin = end > TAIL ? end - TAIL : 0, directory = -1;
    *entry = (struct entry){ 0 };
    size_t length = tail && end > 0 && fseek(table->file, begin, SEEK_SET) == 0 ? fread(tail, 1, TAIL, table->file) : 0;
    unsigned count = 0;
    for (size_t i = length < 22 ? 0 : length - 22; length >= 22; i--) {
        if (memcmp(tail + i, "PK\5\6", 4) == 0) {
            count = little(tail + i + 10, 2);
            directory = (long)little(tail + i + 16, 4);
            break;
        }
        if (i == 0)
            break;
    }
    free(tail);
    if (directory < 0 || count > ENTRY_LIMIT || fseek(table->file, directory, SEEK_SET) != 0)
        return damaged(table, error);
    for (unsigned i = 0; i < count && !entry->found; i++) {
        if (fread(header, 1, sizeof header, table->file) != sizeof header || memcmp(header, "PK\1\2", 4) != 0)
            return damaged(table, error);
        size_t named = little(header + 28, 2), more = little(header + 30, 2) + little(header + 32, 2);
        if (named >= sizeof file_name || fread(file_name, 1, named, table->file) != named
            || fseek(table->file, (long)more, SEEK_CUR) != 0)
            return damaged(table, error);
        file_name[named] = 0;
        if (prefix ? strncmp(file_name, name, strlen(name)) == 0 : strcmp(file_name, name) == 0)
            *entry = (struct entry){ little(header + 42, 4), little(header + 20, 4), (uint16_t)little(header + 10, 2),
                                     true };
    }
    return 0;
}

static bool seek_data(struct kw_table *table, const struct entry *entry)
{
    uint8_t header[30];
    return fseek(table->file, (long)entry->offset, SEEK_SET) == 0
           && fread(header, 1, sizeof header, table->file) == sizeof header && memcmp(header, "PK\3\4", 4) == 0
           && fseek(table->file, (long)(little(header + 26, 2) + little(header + 28, 2)), SEEK_CUR) == 0;
}

static int feed(struct reading *reading, const char *bytes, size_t length, bool last)
{
    if (XML_Parse(reading->parser, bytes, (int)length, last) == XML_STATUS_OK || reading->code < 0)
        return reading->code;
    return kw_fail(reading->error, KWIT_E_INVALID, reading->table->path, "XML inside the workbook, line %lu: %s",
                   (unsigned long)XML_GetCurrentLineNumber(reading->parser),
                   XML_ErrorString(XML_GetErrorCode(reading->parser)));
}

/* Unpacks one entry into the parser. */
static int run_entry(struct reading *reading, const struct entry *entry)
{
    uint8_t in[CHUNK];
    char out[CHUNK];
    uint64_t made = 0;
    uint32_t left = entry->packed;
    int code = 0, status = Z_OK;
    z_stream stream = { 0 };
    if ((entry->method != 0 && entry->method != 8) || !seek_data(reading->table, entry)
        || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return damaged(reading->table, reading->error);
    while (code == 0 && left > 0 && status == Z_OK) {
        size_t got = fread(in, 1, left < sizeof in ? left : sizeof in, reading->table->file);
        if (got == 0)
            break;
        left -= (uint32_t)got;
        if (entry->method == 0) {
            code = feed(reading, (char *)in, got, false);
            continue;
        }
        stream.next_in = in;
        stream.avail_in = (uInt)got;
        do {
            stream.next_out = (Bytef *)out;
            stream.avail_out = sizeof out;
            status = inflate(&stream, Z_NO_FLUSH);
            size_t ready = sizeof out - stream.avail_out;
            made += ready;
            code = status < 0 && status != Z_BUF_ERROR ? damaged(reading->table, reading->error)
                                                       : feed(reading, out, ready, false);
        } while (code == 0 && stream.avail_out == 0 && status == Z_OK && made < inflated_limit);
        status = status == Z_BUF_ERROR ? Z_OK : status;
    }
    inflateEnd(&stream);
    if (code == 0 && (left > 0 || made >= inflated_limit || (entry->method == 8 && status != Z_STREAM_END)))
        return damaged(reading->table, reading->error);
    return code < 0 ? code : feed(reading, "", 0, true);
}

static void stop(struct reading *reading, int code)
{
    if (reading->code == 0)
        reading->code = code;
    XML_StopParser(reading->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

/* Names without their prefix: some writers bind the namespace to one. */
static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool grow_starts(struct reading *reading)
{
    if (reading->string_count < reading->string_capacity)
        return true;
    size_t capacity = reading->string_capacity ? reading->string_capacity * 2 : 1024;
    uint32_t *starts = realloc(reading->starts, capacity * sizeof *starts);
    if (!starts)
        return false;
    reading->starts = starts;
    reading->string_capacity = capacity;
    return true;
}

static void XMLCALL strings_begin(void *data, const char *name, const char **attributes)
{
    struct reading *reading = data;
    (void)attributes;
    name = local_name(name);
    if (strcmp(name, "si") == 0) {
        if (!grow_starts(reading))
            stop(reading, kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory"));
        else
            reading->starts[reading->string_count++] = (uint32_t)reading->strings.length;
    }
    if (strcmp(name, "rPh") == 0)
        reading->column++;              /* readings of characters stand beside the text and are no part of it */
    reading->in_value = strcmp(name, "t") == 0 && reading->column == 0;
}

static void XMLCALL strings_end(void *data, const char *name)
{
    struct reading *reading = data;
    name = local_name(name);
    reading->in_value = false;
    if (strcmp(name, "rPh") == 0 && reading->column > 0)
        reading->column--;
    if (strcmp(name, "si") == 0 && !kw_buffer_byte(&reading->strings, 0))
        stop(reading, kw_fail(reading->error, KWIT_E_TOO_LARGE, reading->table->path,
                              "the workbook's texts are longer than %d bytes; "
                              "save it as CSV",
                              STRINGS_CEILING));
}

static void XMLCALL strings_text(void *data, const char *text, int length)
{
    struct reading *reading = data;
    if (reading->in_value)
        kw_buffer_add(&reading->strings, text, (size_t)length);
}

/* "AB12" is column 27. */
static size_t column_of(const char *reference)
{
    size_t column = 0;
    for (; *reference >= 'A' && *reference <= 'Z' && column < KW_TABLE_CELLS; reference++)
        column = column * 26 + (size_t)(*reference - 'A' + 1);
    return column - (column > 0);
}

/* Cells that are left out are empty ones. */
static bool begin_cell(struct reading *reading, const char *reference)
{
    size_t column = reference ? column_of(reference) : reading->count;
    if (column >= KW_TABLE_CELLS || column < reading->count)
        return false;
    while (reading->count <= column) {
        reading->cell_shared[reading->count] = false;
        reading->cell_starts[reading->count++] = reading->text.length;
        if (reading->count <= column)
            kw_buffer_byte(&reading->text, 0);
    }
    return true;
}

static void XMLCALL sheet_begin(void *data, const char *name, const char **attributes)
{
    struct reading *reading = data;
    name = local_name(name);
    if (strcmp(name, "row") == 0) {
        const char *number = attribute(attributes, "r");
        reading->row = number ? strtoll(number, NULL, 10) : reading->row + 1;
        reading->count = 0;
        kw_buffer_clear(&reading->text);
    } else if (strcmp(name, "c") == 0) {
        const char *type = attribute(attributes, "t");
        snprintf(reading->type, sizeof reading->type, "%s", type ? type : "n");
        if (!begin_cell(reading, attribute(attributes, "r")))
            stop(reading, kw_fail(reading->error, KWIT_E_TOO_LARGE, reading->table->path,
                                  "row %lld has too many cells, or cells out "
                                  "of order",
                                  (long long)reading->row));
    }
    reading->in_value = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void XMLCALL sheet_text(void *data, const char *text, int length)
{
    struct reading *reading = data;
    if (reading->in_value)
        kw_buffer_add(&reading->text, text, (size_t)length);
}

static void end_cell(struct reading *reading)
{
    if (reading->count == 0)
        return;
    size_t start = reading->cell_starts[reading->count - 1];
    kw_buffer_byte(&reading->text, 0);
    if (strcmp(reading->type, "s") == 0) {
        reading->cell_shared[reading->count - 1] = true;
        reading->cell_shared_index[reading->count - 1] =
            (size_t)strtoull(kw_buffer_string(&reading->text) + start, NULL, 10);
    }
}

static void end_row(struct reading *reading)
{
    const char *cells[KW_TABLE_CELLS];
    struct kw_table *table = reading->table;
    bool empty = true;
    for (size_t i = 0; i < reading->count; i++) {
        cells[i] = kw_buffer_string(&reading->text) + reading->cell_starts[i];
        if (reading->cell_shared[i]) {
            size_t index = reading->cell_shared_index[i];
            cells[i] =
                index < reading->string_count ? kw_buffer_string(&reading->strings) + reading->starts[index] : "";
        }
        empty = empty && cells[i][0] == 0;
    }
    int code = 0;
    if (reading->text.failed)
        code = kw_fail(reading->error, KWIT_E_TOO_LARGE, table->path, "row %lld is longer than %d bytes",
                       (long long)reading->row, ROW_CEILING);
    else if (!empty && reading->rows == 0)
        code = kw_table_header(table, cells, reading->count, reading->error);
    else if (!empty && reading->rows >= table->platform->header_rows)
        code = kw_table_emit(table, cells, reading->count, reading->row, reading->error);
    reading->rows += !empty;
    if (table->progress && reading->rows % PROGRESS_ROWS == 0)
        table->progress(table->data, (int64_t)ftell(table->file));
    if (code < 0)
        stop(reading, code);
}

static void XMLCALL sheet_end(void *data, const char *name)
{
    struct reading *reading = data;
    name = local_name(name);
    reading->in_value = false;
    if (strcmp(name, "c") == 0)
        end_cell(reading);
    else if (strcmp(name, "row") == 0)
        end_row(reading);
}

/* A document type could define entities that grow without end; no workbook has one. */
static void XMLCALL refuse_doctype(void *data, const char *name, const char *system, const char *public_id,
                                   int internal)
{
    struct reading *reading = data;
    (void)name, (void)system, (void)public_id, (void)internal;
    stop(reading, damaged(reading->table, reading->error));
}

static int parse_entry(struct reading *reading, const struct entry *entry, XML_StartElementHandler begin,
                       XML_EndElementHandler end, XML_CharacterDataHandler text)
{
    reading->parser = XML_ParserCreate(NULL);
    if (!reading->parser)
        return kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, begin, end);
    XML_SetCharacterDataHandler(reading->parser, text);
    XML_SetStartDoctypeDeclHandler(reading->parser, refuse_doctype);
    int code = run_entry(reading, entry);
    XML_ParserFree(reading->parser);
    return code;
}

int kw_table_xlsx(struct kw_table *table, struct kw_error *error)
{
    struct entry strings, sheet;
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    reading->table = table;
    reading->error = error;
    kw_buffer_init(&reading->strings, STRINGS_CEILING);
    kw_buffer_init(&reading->text, ROW_CEILING);
    int code = find_entry(table, "xl/sharedStrings.xml", false, &strings, error);
    if (code == 0)
        code = find_entry(table, "xl/worksheets/sheet1.xml", false, &sheet, error);
    if (code == 0 && !sheet.found)
        code = find_entry(table, "xl/worksheets/", true, &sheet, error);
    if (code == 0 && !sheet.found)
        code = damaged(table, error);
    if (code == 0 && strings.found)
        code = parse_entry(reading, &strings, strings_begin, strings_end, strings_text);
    reading->column = 0;
    if (code == 0)
        code = parse_entry(reading, &sheet, sheet_begin, sheet_end, sheet_text);
    if (code == 0 && reading->rows == 0)
        code = kw_fail(error, KWIT_E_INVALID, table->path, "the first sheet is empty");
    kw_buffer_free(&reading->strings);
    kw_buffer_free(&reading->text);
    free(reading->starts);
    free(reading);
    return code;
}
