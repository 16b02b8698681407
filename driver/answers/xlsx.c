/*
 * xlsx.c - a sheet of an Excel workbook, the first that is not hidden or the one that was asked for: a zip archive with
 * XML inside. The sheet is read as a stream; the table of shared strings is kept, under a ceiling. The only user of
 * expat.
 */
#include "answers/table.h"

#include "answers/zip.h"
#include "base/fold.h"
#include "base/plain.h"
#include "base/utf8.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
    STRINGS_CEILING = 512 * 1024 * 1024,
    ROW_CEILING = 4 * 1024 * 1024,
    NAMES_CEILING = 16 * 1024,
    PROGRESS_ROWS = 5000,
    PATH_LIMIT = 256
};

struct reading {
    struct kw_table *table;
    struct kw_error *error;
    struct kw_zip zip;
    int code;
    XML_Parser parser;
    char sheet_id[64], sheet_path[PATH_LIMIT];      /* of the sheet that is read */
    int sheets;                                     /* that were seen so far */
    struct kw_buffer names;                         /* of them, for who asked for another */
    char strings_path[PATH_LIMIT];
    /* shared strings: texts behind each other, each NUL-terminated */
    struct kw_buffer strings;
    uint32_t *starts;
    size_t string_count, string_capacity;
    /* the row being read */
    struct kw_buffer text;
    size_t cell_starts[KW_TABLE_CELLS];
    bool cell_shared[KW_TABLE_CELLS];
    size_t cell_shared_index[KW_TABLE_CELLS];
    size_t count, phonetic;
    char type[12];
    bool in_value;
    int64_t row, rows;
};

static int damaged(struct kw_table *table, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_INVALID, table->path,
                   "this is not a whole .xlsx file; save it again from the spreadsheet, or as CSV");
}

static int feed(void *data, const char *bytes, size_t length)
{
    struct reading *reading = data;
    if (XML_Parse(reading->parser, bytes, (int)length, length == 0) == XML_STATUS_OK || reading->code < 0)
        return reading->code;
    return kw_fail(reading->error, KWIT_E_INVALID, reading->table->path,
                   "XML inside the workbook, in or after row %lld: %s", (long long)reading->row,
                   XML_ErrorString(XML_GetErrorCode(reading->parser)));
}

static int feed_some(void *data, const char *bytes, size_t length)
{
    return length ? feed(data, bytes, length) : 0;
}

/* Unpacks one entry into the parser. */
static int run_entry(struct reading *reading, const struct kw_zip_entry *entry)
{
    bool whole;
    int code = kw_zip_read(&reading->zip, entry, feed_some, reading, &whole);
    if (code == 0 && !whole)
        return damaged(reading->table, reading->error);
    return code < 0 ? code : feed(reading, "", 0);
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

static bool is_set(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

/* By its name or its number; nothing asked: the first that is shown. */
static bool is_wanted(struct reading *reading, const char *name, const char *state)
{
    const char *sheet = reading->table->sheet;
    char number[12];
    reading->sheets++;
    kw_buffer_format(&reading->names, "%s%.60s", reading->sheets > 1 ? ", " : "", name);
    if (!sheet || !*sheet)
        return !state || strcmp(state, "visible") == 0;
    snprintf(number, sizeof number, "%d", reading->sheets);
    return kw_fold_same(sheet, name) || strcmp(sheet, number) == 0;
}

static void XMLCALL workbook_begin(void *data, const char *name, const char **attributes)
{
    struct reading *reading = data;
    name = local_name(name);
    if (strcmp(name, "workbookPr") == 0)
        reading->table->since_1904 = is_set(attribute(attributes, "date1904"));
    const char *state = attribute(attributes, "state"), *id = NULL;
    if (strcmp(name, "sheet") != 0)
        return;
    const char *called = attribute(attributes, "name");
    bool wanted = is_wanted(reading, called ? called : "", state);
    if (!wanted || reading->sheet_id[0])
        return;
    for (const char **pair = attributes; pair[0]; pair += 2)
        if (strchr(pair[0], ':') && strcmp(local_name(pair[0]), "id") == 0)
            id = pair[1];
    snprintf(reading->sheet_id, sizeof reading->sheet_id, "%s", id ? id : "");
}

/* Targets are relative to the workbook's own directory unless they begin with a slash. */
static void keep_target(char path[PATH_LIMIT], const char *target)
{
    snprintf(path, PATH_LIMIT, "%s%s", *target == '/' ? "" : "xl/", *target == '/' ? target + 1 : target);
}

static void XMLCALL relations_begin(void *data, const char *name, const char **attributes)
{
    static const char strings[] = "/sharedStrings";
    struct reading *reading = data;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target"),
               *type = attribute(attributes, "Type");
    if (strcmp(local_name(name), "Relationship") != 0 || !id || !target)
        return;
    if (strcmp(id, reading->sheet_id) == 0)
        keep_target(reading->sheet_path, target);
    size_t length = type ? strlen(type) : 0;
    if (length >= sizeof strings && strcmp(type + length - (sizeof strings - 1), strings) == 0)
        keep_target(reading->strings_path, target);
}

/* Spreadsheets write characters that XML cannot hold, carriage returns above all, as _x000D_. */
static void unescape(char *text)
{
    unsigned code;
    for (char *at = text; (at = strstr(at, "_x")) != NULL;) {
        if (strspn(at + 2, "0123456789ABCDEFabcdef") < 4 || at[6] != '_' || sscanf(at + 2, "%4x", &code) != 1) {
            at++;
            continue;
        }
        size_t size = code == '\r' || code == 0 ? 0 : kw_utf8_put(at, code);
        memmove(at + size, at + 7, strlen(at + 7) + 1);
        at += size;
    }
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
        reading->phonetic++;              /* readings of characters stand beside the text and are no part of it */
    reading->in_value = strcmp(name, "t") == 0 && reading->phonetic == 0;
}

static void XMLCALL strings_end(void *data, const char *name)
{
    struct reading *reading = data;
    name = local_name(name);
    reading->in_value = false;
    if (strcmp(name, "rPh") == 0 && reading->phonetic > 0)
        reading->phonetic--;
    if (strcmp(name, "si") != 0)
        return;
    if (kw_buffer_byte(&reading->strings, 0))
        unescape((char *)reading->strings.data + reading->starts[reading->string_count - 1]);
    else
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
    reading->phonetic += strcmp(name, "rPh") == 0;
    reading->in_value = strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && reading->phonetic == 0);
}

static void XMLCALL sheet_text(void *data, const char *text, int length)
{
    struct reading *reading = data;
    if (reading->in_value)
        kw_buffer_add(&reading->text, text, (size_t)length);
}

/* A long number that was written in powers of ten is an id all the same. */
static void spell_out(struct reading *reading, size_t start)
{
    const char *text = kw_buffer_string(&reading->text) + start;
    char *end;
    double value = kw_plain_real(text, &end);
    if (!strpbrk(text, "eE") || *end)
        return;
    reading->text.length = start;
    kw_buffer_format(&reading->text, "%.15g", value);
}

static void end_cell(struct reading *reading)
{
    if (reading->count == 0 || reading->text.failed)
        return;
    size_t start = reading->cell_starts[reading->count - 1];
    if (strcmp(reading->type, "n") == 0)
        spell_out(reading, start);
    kw_buffer_byte(&reading->text, 0);
    if (strcmp(reading->type, "s") == 0) {
        reading->cell_shared[reading->count - 1] = true;
        reading->cell_shared_index[reading->count - 1] =
            (size_t)strtoull(kw_buffer_string(&reading->text) + start, NULL, 10);
    } else if (!reading->text.failed)
        unescape((char *)reading->text.data + start);
}

static void end_row(struct reading *reading)
{
    const char *cells[KW_TABLE_CELLS];
    struct kw_table *table = reading->table;
    for (size_t i = 0; i < reading->count; i++) {
        cells[i] = kw_buffer_string(&reading->text) + reading->cell_starts[i];
        if (reading->cell_shared[i]) {
            size_t index = reading->cell_shared_index[i];
            cells[i] =
                index < reading->string_count ? kw_buffer_string(&reading->strings) + reading->starts[index] : "";
        }
    }
    int code = 0;
    if (reading->text.failed)
        code = kw_fail(reading->error, KWIT_E_TOO_LARGE, table->path, "row %lld is longer than %d bytes",
                       (long long)reading->row, ROW_CEILING);
    else
        code = kw_table_row(table, cells, reading->count, reading->row, reading->error);
    if (table->progress && ++reading->rows % PROGRESS_ROWS == 0)
        table->progress(table->data, (int64_t)ftello(table->file));
    if (code < 0)
        stop(reading, code);
}

static void XMLCALL sheet_end(void *data, const char *name)
{
    struct reading *reading = data;
    name = local_name(name);
    reading->in_value = false;
    reading->phonetic -= strcmp(name, "rPh") == 0;
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

/* Reads one entry; where it may be absent, its absence is no error. */
static int parse_entry(struct reading *reading, const char *path, bool needed, XML_StartElementHandler begin,
                       XML_EndElementHandler end, XML_CharacterDataHandler text)
{
    struct kw_zip_entry entry;
    enum kw_zip_found found = kw_zip_find(&reading->zip, path, &entry);
    if (found == KW_ZIP_ABSENT && !needed)
        return 0;
    if (found != KW_ZIP_FOUND)
        return damaged(reading->table, reading->error);
    reading->parser = XML_ParserCreate(NULL);
    if (!reading->parser)
        return kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, begin, end);
    XML_SetCharacterDataHandler(reading->parser, text);
    XML_SetStartDoctypeDeclHandler(reading->parser, refuse_doctype);
    int code = run_entry(reading, &entry);
    XML_ParserFree(reading->parser);
    return code;
}

static int check_sheet(const struct reading *reading)
{
    const struct kw_table *table = reading->table;
    if (!table->sheet || !*table->sheet || reading->sheet_id[0])
        return 0;
    return kw_fail(reading->error, KWIT_E_INVALID, table->path, "no sheet is called %s; the workbook has: %s",
                   table->sheet, kw_buffer_string(&reading->names));
}

/* What else is a zip archive, by what it holds. */
static int refuse_archive(const struct reading *reading)
{
    struct kw_zip_entry entry;
    const bool ods = kw_zip_find(&reading->zip, "mimetype", &entry) == KW_ZIP_FOUND
                     && kw_zip_find(&reading->zip, "content.xml", &entry) == KW_ZIP_FOUND;
    return kw_fail(reading->error, KWIT_E_INVALID, reading->table->path, "line 1, column 1: this is %s",
                   ods ? "an OpenDocument spreadsheet (.ods); save it as .xlsx or CSV"
                       : "a zip archive without a workbook; unpack it and import its contents");
}

static int read_workbook(struct reading *reading)
{
    struct kw_zip_entry types;
    strcpy(reading->sheet_path, "xl/worksheets/sheet1.xml");
    strcpy(reading->strings_path, "xl/sharedStrings.xml");
    if (!kw_zip_open(reading->table->file, &reading->zip))
        return damaged(reading->table, reading->error);
    if (kw_zip_find(&reading->zip, "[Content_Types].xml", &types) == KW_ZIP_ABSENT)
        return refuse_archive(reading);
    int code = parse_entry(reading, "xl/workbook.xml", false, workbook_begin, NULL, NULL);
    if (code == 0)
        code = check_sheet(reading);
    if (code == 0)
        code = parse_entry(reading, "xl/_rels/workbook.xml.rels", false, relations_begin, NULL, NULL);
    if (code == 0)
        code = parse_entry(reading, reading->strings_path, false, strings_begin, strings_end, strings_text);
    if (code == 0)
        code = parse_entry(reading, reading->sheet_path, true, sheet_begin, sheet_end, sheet_text);
    return code;
}

int kw_table_xlsx(struct kw_table *table, struct kw_error *error)
{
    struct reading *reading = calloc(1, sizeof *reading);
    if (!reading)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    reading->table = table;
    reading->error = error;
    kw_buffer_init(&reading->strings, STRINGS_CEILING);
    kw_buffer_init(&reading->text, ROW_CEILING);
    kw_buffer_init(&reading->names, NAMES_CEILING);
    int code = read_workbook(reading);
    if (code == 0 && table->rows == 0)
        code = kw_fail(error, KWIT_E_INVALID, table->path, "the first sheet is empty");
    kw_buffer_free(&reading->strings);
    kw_buffer_free(&reading->text);
    kw_buffer_free(&reading->names);
    free(reading->starts);
    free(reading);
    return code;
}
