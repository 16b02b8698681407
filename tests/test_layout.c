/*
 * test_layout.c - what must be true of every receipt: all that was sent is on the paper, nothing collides, amounts keep
 * their line and their edge, the invitation is last, the tail is where it belongs; large receipts and little memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "layout/flow.h"
#include "support/paper.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const profiles[] = { "tm-t20iii", "generic", "tm-t20iii-58", "tm-t88v", "ct-s651", "ct-s4000" };
enum { PROFILES = sizeof profiles / sizeof profiles[0] };

/* Calls for each good fixture on the first so many profiles. */
static void for_all(void (*check)(struct paper *paper, const char *name), int profile_count)
{
    DIR *directory = opendir(PAPER_FIXTURES);
    assert_non_null(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!strstr(entry->d_name, ".json") || strncmp(entry->d_name, "bad-", 4) == 0)
            continue;
        for (int i = 0; i < profile_count; i++) {
            struct paper paper = paper_of_fixture(entry->d_name, profiles[i]);
            paper.options.invitation = &paper_invitation;
            paper_lay_good(&paper, entry->d_name);
            check(&paper, entry->d_name);
            paper_free(&paper);
            count++;
        }
    }
    closedir(directory);
    assert_true(count > 20 * profile_count);
}

/* ---- everything is printed ----------------------------------------------------------------------------------- */

/* Text without the spaces that wrapping may have moved. */
static char *squeezed(const char *text)
{
    char *out = malloc(strlen(text) + 1);
    size_t at = 0;
    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            out[at++] = *text;
    out[at] = 0;
    return out;
}

static bool on_paper(const char *flat, const char *text)
{
    char *wanted = squeezed(text);
    bool found = strstr(flat, wanted) != NULL;
    free(wanted);
    return found;
}

/*
 * A document whose every string is a word of its own. Walks the schema, so that a new field without a place on the
 * paper is found by itself.
 */
struct sentinels { json_t *schema; char words[400][40]; char keys[400][120]; size_t count; int amount; };

static json_t *sentinel_of(struct sentinels *sentinels, json_t *shape, const char *path, int depth);

static json_t *remember(struct sentinels *sentinels, const char *path, const char *word, const char *value)
{
    size_t i = sentinels->count++;
    assert_true(i < 400);
    snprintf(sentinels->words[i], sizeof sentinels->words[i], "%s", word);
    snprintf(sentinels->keys[i], sizeof sentinels->keys[i], "%s", path);
    return json_string(value);
}

static json_t *sentinel_number(struct sentinels *sentinels, const char *path, const char *format)
{
    char value[40];
    snprintf(value, sizeof value, format, ++sentinels->amount);
    return remember(sentinels, path, value, value);
}

static json_t *sentinel_object(struct sentinels *sentinels, json_t *shape, const char *path, int depth)
{
    const char *key;
    json_t *value, *object = json_object();
    json_object_foreach(json_object_get(shape, "properties"), key, value) {
        char below[120];
        snprintf(below, sizeof below, "%s/%s", path, key);
        if (depth < 9 && !(strcmp(key, "children") == 0 && strstr(path, "children")))
            json_object_set_new(object, key, sentinel_of(sentinels, value, below, depth + 1));
    }
    return object;
}

static json_t *sentinel_reference(struct sentinels *sentinels, const char *name, const char *path, int depth)
{
    json_t *target = json_object_get(json_object_get(sentinels->schema, "$defs"), name);
    char word[40];
    if (strcmp(name, "amount") == 0 || strcmp(name, "foreign") == 0)
        return sentinel_number(sentinels, path, "%d.25");
    if (strcmp(name, "price") == 0 || strcmp(name, "quantity") == 0)
        return sentinel_number(sentinels, path, "%d.125");
    if (strcmp(name, "currency") == 0)
        return json_string(strstr(path, "tendered") ? "CHF" : "GBP");
    if (strcmp(name, "date") == 0)
        return remember(sentinels, path, "31/12/2031", "2031-12-31");
    if (strcmp(json_string_value(json_object_get(target, "type")) ? json_string_value(json_object_get(target, "type"))
               : "", "string") != 0)
        return sentinel_of(sentinels, target, path, depth);
    if (strstr(path, "ocale"))
        return json_string("en-GB");
    snprintf(word, sizeof word, "Q%dw", ++sentinels->amount);
    return remember(sentinels, path, word, word);
}

static json_t *sentinel_of(struct sentinels *sentinels, json_t *shape, const char *path, int depth)
{
    const char *reference = json_string_value(json_object_get(shape, "$ref"));
    const char *type = json_string_value(json_object_get(shape, "type"));
    json_t *words = json_object_get(shape, "enum"), *shapes = json_object_get(shape, "oneOf");
    if (reference)
        return sentinel_reference(sentinels, reference + strlen("#/$defs/"), path, depth);
    if (words)      /* the first word of each list, but lines are items and codes are QR */
        return strstr(path, "symbology") ? json_string("qr") : json_incref(json_array_get(words, 0));
    if (shapes)     /* arrays of tax codes, the object of a drawer, blocks of text */
        return sentinel_of(sentinels, json_array_get(shapes, strstr(path, "/tax") || strstr(path, "/drawer") ? 1 : 0),
                           path, depth);
    if (type && strcmp(type, "object") == 0)
        return sentinel_object(sentinels, shape, path, depth);
    if (type && strcmp(type, "array") == 0) {
        json_t *array = json_array();
        json_array_append_new(array, sentinel_of(sentinels, json_object_get(shape, "items"), path, depth + 1));
        return array;
    }
    if (type && strcmp(type, "boolean") == 0)
        return json_false();
    if (type && strcmp(type, "integer") == 0)
        return json_integer(strstr(path, "max_mm") ? 40 : strstr(path, "_mm") ? 20 : 1);
    char word[40];
    snprintf(word, sizeof word, "Q%dw", ++sentinels->amount);
    return remember(sentinels, path, word, word);
}

static json_t *sentinel_document(struct sentinels *sentinels)
{
    json_error_t error;
    sentinels->schema = json_load_file("include/kwit/sale.schema.json", 0, &error);
    assert_non_null(sentinels->schema);
    json_t *document = sentinel_object(sentinels, sentinels->schema, "", 0);
    json_object_set_new(document, "kwit", json_integer(1));
    json_object_set_new(document, "time", json_string("2031-06-05T07:08:09Z"));
    json_object_del(document, "blocks");
    return document;
}

/* Fields that say how or whether to print, not what; and symbols that are drawn, which zbar reads elsewhere. */
static bool is_not_for_paper(const struct kw_profile *profile, const char *path)
{
    static const char *const silent[] = { "/kwit", "/survey/segment", "/time", "/blocks" };
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        if (strncmp(path, silent[i], strlen(silent[i])) == 0)
            return true;
    return !(profile->symbols & KW_SYMBOL_QR) && (strstr(path, "/data") || strstr(path, "/qr"));
}

static void every_field_of_the_schema_is_on_the_paper(void **state)
{
    (void)state;
    for (int i = 0; i < PROFILES; i++) {
        struct sentinels sentinels = { .amount = 300 };
        json_t *document = sentinel_document(&sentinels);
        char *text = json_dumps(document, 0);
        struct paper paper = paper_of_good(text, profiles[i]);
        paper_lay_good(&paper, "sentinels");
        char *flat = paper_flat(&paper);
        assert_true(sentinels.count > 80);
        for (size_t k = 0; k < sentinels.count; k++)
            if (!is_not_for_paper(paper.options.profile, sentinels.keys[k]) && !on_paper(flat, sentinels.words[k]))
                fail_msg("%s: %s = %s is not on the paper", profiles[i], sentinels.keys[k], sentinels.words[k]);
        free(flat);
        free(text);
        paper_free(&paper);
        json_decref(document);
        json_decref(sentinels.schema);
    }
}

/* ---- shape --------------------------------------------------------------------------------------------------- */

static void check_laid(struct paper *paper, const char *name)
{
    assert_true(paper->page.piece_count > 0);
    for (size_t i = 0; i < paper->page.piece_count; i++) {
        const struct kw_piece *piece = &paper->page.pieces[i];
        if (piece->op_count == 0 || piece->tail_op >= piece->op_count)
            fail_msg("%s: piece %s is empty or has no tail", name, piece->name);
    }
}

/* kw_page_check has refused overlapping runs and what leaves the paper. */
static void every_fixture_fits_every_width(void **state)
{
    (void)state;
    for_all(check_laid, PROFILES);
}

/* Adds what the text shows of the document's strings; keys that are not shown as they stand are left out. */
static void check_strings(json_t *json, const char *key, const char *flat, const char *name)
{
    static const char *const words[] = { "kind", "type", "locale", "currency", "time", "mode", "place", "format", "invite",
                                         "by", "segment", "symbology", "data", "error_level", "valid_to", "rate", "tendered",
                                         "align", "rule", "cut", "qr", "font", "earned", "redeemed", "balance" };
    const char *below;
    json_t *value;
    size_t i;
    for (i = 0; key && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], key) == 0)
            return;
    json_object_foreach(json, below, value)
        check_strings(value, below, flat, name);
    json_array_foreach(json, i, value)
        check_strings(value, key, flat, name);
    static const char *const numbers[] = { "total", "amount", "unit_price", "quantity", "subtotal", "net", "tax", "gross",
                                           "rounding", "saved", "change", "due", "tip", "tare" };
    for (i = 0; key && i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(numbers[i], key) == 0)
            return;
    if (json_is_string(json) && !on_paper(flat, json_string_value(json)))
        fail_msg("%s: %s \"%s\" is not on the paper", name, key, json_string_value(json));
}

static void check_texts(struct paper *paper, const char *name)
{
    char path[300];
    json_error_t error;
    static const char *const others[] = { "market-fa.json", "survey-only.json", "document.json" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(name, others[i]) == 0)
            return;
    snprintf(path, sizeof path, PAPER_FIXTURES "/%s", name);
    json_t *document = json_load_file(path, 0, &error);
    char *flat = paper_flat(paper);
    check_strings(document, NULL, flat, name);
    free(flat);
    json_decref(document);
}

static void every_text_of_every_fixture_is_on_the_paper(void **state)
{
    (void)state;
    for_all(check_texts, 1);
}

static void amounts_end_at_one_edge(void **state)
{
    (void)state;
    static const char *const amounts[] = { "7.60 Z", "8.00 A", "10.00 Z", "-9.50 A" };
    static const char *const plain[] = { " 54.48", " -2.00", " 30.00", " 25.00", " 2.52", " 4.20" };
    for (int i = 0; i < PROFILES; i++) {
        struct paper paper = paper_of_fixture("example.json", profiles[i]);
        paper_lay_good(&paper, "example");
        int columns = paper.page.width_dots / paper.options.profile->font_a_width;
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0]; k++)
            assert_int_equal(paper_end_column(paper.text, amounts[k]), columns);
        for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++)
            assert_int_equal(paper_end_column(paper.text, plain[k]), columns - 2);
        paper_free(&paper);
    }
}

/* The line on which a text stands. */
static void line_of(const char *text, const char *part, char out[400])
{
    const char *at = strstr(text, part);
    assert_non_null(at);
    while (at > text && at[-1] != '\n')
        at--;
    snprintf(out, 400, "%.*s", (int)strcspn(at, "\n"), at);
}

static void a_total_stands_with_the_last_words_of_its_line(void **state)
{
    (void)state;
    for (int i = 0; i < PROFILES; i++) {
        struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":["
                                  "{\"name\":\"a name of many words that goes over several lines whatever the paper WORDEND\","
                                  "\"total\":\"12.34\"}]}", profiles[i]);
        char line[400];
        paper_lay_good(&paper, "long name");
        line_of(paper.text, "12.34", line);
        if (!strstr(line, "WORDEND"))
            fail_msg("%s: \"%s\"", profiles[i], line);
        paper_free(&paper);
    }
}

static void only_the_last_line_of_a_name_makes_room_for_the_amount(void **state)
{
    (void)state;
    for (int i = 0; i < PROFILES; i++) {
        struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\","
            "\"currency\":\"EUR\",\"lines\":[{\"name\":\"ab cd ef gh ij kl mn op qr st uv wx ab cd ef gh ij kl mn op qr st"
            " uv wx ab cd ef gh ij kl mn op qr st uv wx\",\"total\":\"123456.34\"}]}", profiles[i]);
        char line[400];
        paper_lay_good(&paper, "long name");
        line_of(paper.text, "ab cd", line);
        int columns = paper.page.width_dots / paper.options.profile->font_a_width;
        if ((int)strlen(line) < columns - 2)
            fail_msg("%s: \"%s\" stops before column %d", profiles[i], line, columns);
        paper_free(&paper);
    }
}

static void a_value_that_brings_its_label_is_named_once(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"PLN\","
        "\"locale\":\"pl-PL\",\"store\":{\"tax_id\":\"NIP 586-001\",\"phone\":\"Telex 5\"},"
        "\"lines\":[{\"name\":\"x\",\"total\":\"1.00\"}],"
        "\"taxes\":[{\"code\":\"CGST\",\"name\":\"CGST 2.5%\",\"tax\":\"0.02\"},"
        "{\"code\":\"A\",\"name\":\"Ale tax\",\"tax\":\"0.03\"}]}", "tm-t20iii");
    paper_lay_good(&paper, "labels");
    assert_int_equal(paper_count(paper.text, "NIP"), 1);
    assert_int_equal(paper_count(paper.text, "CGST"), 1);
    assert_true(paper_has(&paper, "Telex 5") && !paper_has(&paper, "Tel. "));
    assert_true(paper_has(&paper, "A Ale tax"));
    paper_free(&paper);
}

/* As shops write their numbers into a till: what has a label of its own is printed alone. */
static void tax_numbers_are_labelled_once(void **state)
{
    (void)state;
    static const struct { const char *value; bool brings; } cases[] = {
        { "ABN 51 824 753 556", true }, { "RFC: XAXX010101000", true }, { "RFC XAXX010101000", true },
        { "St.-Nr. 29/815/08150", true }, { "Steuernummer 29/815/08150", true }, { "USt-IdNr. DE811234567", true },
        { "UID: ATU12345678", true }, { "SIRET 732 829 320 00074", true }, { "N° TVA : FR 83 404833048", true },
        { "P.IVA 01234567890", true }, { "C.F. 01234567890", true }, { "CIF B12345678", true },
        { "NIF: B12345678", true },
        { "CNPJ 12.345.678/0001-95", true }, { "CUIT 30-12345678-9", true }, { "RUT: 76.123.456-7", true },
        { "NIT 900.123.456-7", true }, { "GSTIN: 27AAPFU0939F1ZV", true }, { "GST 123-456-789", true },
        { "VAT Reg. No. GB 123 4567 89", true }, { "VKN 1234567890", true }, { "ИНН 7707083893", true },
        { "БИН: 123456789012", true }, { "統一編號12345678", true }, { "IČ DPH SK2020123456", true },
        { "NIP 525-000-11-22", true }, { "ע.מ. 514123456", true }, { "登録番号 T1234567890123", true },
        { "GB 123 4567 89", false }, { "GB123456789", false }, { "DE 811 234 567", false }, { "ATU12345678", false },
        { "CHE-123.456.789 MWST", false }, { "CHE 123.456.789 TVA", false }, { "XAXX010101000", false },
        { "B12345678", false }, { "51 824 753 556", false }, { "12.345.678/0001-95", false },
        { "FR 83 404833048", false },
        { "NL123456789B01", false }, { "T1234567890123", false }, { "27AAPFU0939F1ZV", false },
        { "NO 123 456 789 MVA", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (flow_brings_label(cases[i].value) != cases[i].brings)
            fail_msg("%s %s", cases[i].value, cases[i].brings ? "has a label" : "has none");
}

static void a_tax_number_is_named_as_the_document_says(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\","
        "\"currency\":\"EUR\",\"locale\":\"de-DE\",\"store\":{\"tax_id\":\"29/815/08150\",\"tax_id_label\":\"St.-Nr.\"},"
        "\"customer\":{\"tax_id\":\"ATU12345678\",\"tax_id_label\":\"UID\"},"
        "\"lines\":[{\"name\":\"x\",\"total\":\"1.00\"}],\"total\":\"1.00\"}", "tm-t20iii");
    paper_lay_good(&paper, "named");
    assert_true(paper_has(&paper, "St.-Nr. 29/815/08150"));
    assert_true(paper_has(&paper, "UID "));
    assert_false(paper_has(&paper, "USt-IdNr."));
    paper_free(&paper);
}

static void the_tail_begins_at_the_total(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("example.json", "tm-t20iii");
    paper.options.invitation = &paper_invitation;
    paper_lay_good(&paper, "example");
    const struct kw_piece *piece = &paper.page.pieces[0];
    assert_int_equal(paper_op_with(piece, "TOTAL"), (int)piece->tail_op + 1);
    assert_true(paper_op_with(piece, "Subtotal") < (int)piece->tail_op);
    paper_free(&paper);
}

static void the_invitation_is_last_and_apart(void **state)
{
    (void)state;
    static const char *const names[] = { "cafe-pl.json", "market-de.json", "shop-ru.json", "example.json" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct paper paper = paper_of_fixture(names[i], "tm-t20iii");
        paper.options.invitation = &paper_invitation;
        paper.options.help.phone = "0800 123 456";
        paper_lay_good(&paper, names[i]);
        const struct kw_piece *piece = &paper.page.pieces[0];
        int code = paper_op_with(piece, paper_invitation.code), phone = paper_op_with(piece, "0800");
        assert_int_equal(phone, (int)piece->op_count - 1);
        int white = 0, feed = code;
        while (feed > 0 && white < 24)
            white = piece->ops[--feed].kind == KW_OP_FEED ? piece->ops[feed].feed_dots : 0;
        assert_true(white >= 24 && white <= 32);         /* three to four millimetres, and a rule */
        for (int k = feed; k < (int)piece->op_count; k++)
            assert_null(strstr(piece->ops[k].origin, "/fiscal"));
        paper_free(&paper);
    }
}

static int last_fiscal(const struct kw_piece *piece)
{
    int last = -1;
    for (size_t i = 0; i < piece->op_count; i++)
        if (strncmp(piece->ops[i].origin, "/fiscal", 7) == 0 || strcmp(piece->ops[i].origin, "/legal") == 0
            || strncmp(piece->ops[i].origin, "/taxes", 6) == 0 || strcmp(piece->ops[i].origin, "/total") == 0)
            last = (int)i;
    return last;
}

/* Wherever the campaign and the configured order want it. */
static void the_invitation_stands_behind_all_that_is_legal(void **state)
{
    (void)state;
    static const char *const names[] = { "cafe-pl.json", "market-de.json", "shop-ru.json", "market-fa.json",
                                         "example.json" };
    static const char *const footer_first[] = { "footer", "thanks", "lines", NULL };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (int variation = 0; variation < 8; variation++) {
            struct kw_invitation placed = paper_invitation;
            struct paper paper = paper_of_fixture(names[i], variation & 1 ? "tm-t20iii-58" : "tm-t20iii");
            placed.position = variation & 2 ? KW_POSITION_BEFORE_THANKS : KW_POSITION_END;
            paper.options.invitation = &placed;
            paper.options.order = variation & 4 ? footer_first : NULL;
            paper_lay_good(&paper, names[i]);
            const struct kw_piece *piece = &paper.page.pieces[0];
            assert_true(paper_op_with(piece, paper_invitation.code) > last_fiscal(piece));
            paper_free(&paper);
        }
}

static void thanks_and_footer_may_follow_the_invitation(void **state)
{
    (void)state;
    static const char *const footer[] = { "footer line", NULL };
    struct kw_invitation placed = paper_invitation;
    for (placed.position = KW_POSITION_END; placed.position <= KW_POSITION_BEFORE_THANKS; placed.position++) {
        struct paper paper = paper_of_fixture("example.json", "tm-t20iii");
        paper.options.invitation = &placed;
        paper.options.footer = footer;
        paper_lay_good(&paper, "example");
        const struct kw_piece *piece = &paper.page.pieces[0];
        bool follows = placed.position == KW_POSITION_BEFORE_THANKS;
        int code = paper_op_with(piece, paper_invitation.code);
        assert_int_equal(paper_op_with(piece, "Thank you!") > code, follows);
        assert_int_equal(paper_op_with(piece, "footer line") > code, follows);
        paper_free(&paper);
    }
}

static void a_slip_leaves_the_receipt_as_it_is_without_one(void **state)
{
    (void)state;
    struct kw_invitation placed = paper_invitation;
    placed.position = KW_POSITION_SLIP;
    struct paper with = paper_of_fixture("example.json", "tm-t20iii"),
                 without = paper_of_fixture("example.json", "tm-t20iii");
    with.options.invitation = &placed;
    paper_lay_good(&with, "with");
    paper_lay_good(&without, "without");
    assert_int_equal(with.page.piece_count, without.page.piece_count + 1);
    size_t slip = 0;
    while (strcmp(with.page.pieces[slip].name, "survey") != 0)
        slip++;
    assert_int_equal(with.page.pieces[slip - 1].op_count, without.page.pieces[slip - 1].op_count);
    assert_int_equal(with.page.pieces[slip - 1].cut, with.page.pieces[slip].cut);
    assert_true(paper_op_with(&with.page.pieces[slip], with.sale->store.name) >= 0);
    assert_true(paper_op_with(&with.page.pieces[slip], paper_invitation.code) > 0);
    paper_free(&with);
    paper_free(&without);
}

/* ---- size and failure ---------------------------------------------------------------------------------------- */

static char *many_lines(size_t count)
{
    char *text = malloc(count * 160 + 400), *at = text;
    at += sprintf(at, "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[");
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s{\"name\":\"Item number %zu of many\",\"quantity\":\"2\",\"unit_price\":\"1.50\",\"total\":\"3.00\","
                      "\"tax\":\"A\"}", i ? "," : "", i);
    sprintf(at, "]}");
    return text;
}

static int height_with(int leading_percent, int gap_percent)
{
    struct paper paper = paper_of_fixture("diner-us.json", "tm-t20iii");
    paper.text_options.leading_percent = leading_percent;
    paper.options.gap_percent = gap_percent;
    paper_lay_good(&paper, "diner-us.json");
    int height = kw_piece_height_dots(&paper.page.pieces[0]);
    paper_free(&paper);
    return height;
}

static void white_between_lines_and_sections_is_the_shops(void **state)
{
    (void)state;
    int usual = height_with(0, 0);
    assert_int_equal(height_with(25, 100), usual);
    assert_true(height_with(9, 100) < usual && height_with(25, 50) < usual);
    assert_true(height_with(9, 50) < usual * 9 / 10);
    assert_true(height_with(50, 160) > usual * 11 / 10);
}

static void lines_on_paper_have_a_limit(void **state)
{
    (void)state;
    char *text = many_lines(9000);
    int64_t began = kw_clock_boot_ms();
    struct paper paper = paper_of_good(text, "tm-t20iii");
    paper_lay_good(&paper, "many");
    assert_true(kw_clock_boot_ms() - began < 300000);
    assert_true(paper_has(&paper, "Item number 8999 of many"));
    paper_free(&paper);
    free(text);
    text = many_lines(20000);
    paper = paper_of_good(text, "tm-t20iii");
    paper_lay(&paper);
    assert_true(paper.code < 0 && strstr(paper.error.text, "longer than"));
    paper_free(&paper);
    free(text);
}

static void running_out_of_memory_is_an_error_and_no_crash(void **state)
{
    (void)state;
    char *text = many_lines(60);
    for (size_t ceiling = 20000; ceiling < 2000000; ceiling += 16384 * 3) {
        struct kw_arena *arena = kw_arena_new(ceiling);
        struct kw_notes notes, errors;
        struct kw_error error = { 0 };
        struct kw_sale *sale = NULL;
        struct kw_text *writer = NULL;
        struct kw_page page;
        kw_notes_init(&notes, arena);
        kw_notes_init(&errors, arena);
        struct kw_text_options text_options = { .profile = kw_profile_find("tm-t20iii"), .warnings = &notes };
        struct kw_layout_options options = { .profile = text_options.profile, .copy = 1, .decimals = -1,
                                             .warnings = &notes };
        int code = kw_sale_parse(arena, text, strlen(text), false, NULL, &sale, &notes, &errors, &error);
        if (code == 0)
            code = kw_text_open(arena, &text_options, &writer, &error);
        if (code == 0) {
            kw_page_init(&page, arena, kw_text_width_dots(writer));
            code = kw_layout_sale(sale, kw_locale_find("en-GB", NULL), NULL, &options, writer, &page, &error);
            kw_text_close(writer);
        }
        assert_true(code == 0 || code == KWIT_E_NO_MEMORY);
        kw_arena_free(arena);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_the_schema_is_on_the_paper),
        cmocka_unit_test(every_fixture_fits_every_width),
        cmocka_unit_test(every_text_of_every_fixture_is_on_the_paper),
        cmocka_unit_test(amounts_end_at_one_edge),
        cmocka_unit_test(a_total_stands_with_the_last_words_of_its_line),
        cmocka_unit_test(only_the_last_line_of_a_name_makes_room_for_the_amount),
        cmocka_unit_test(a_value_that_brings_its_label_is_named_once),
        cmocka_unit_test(tax_numbers_are_labelled_once),
        cmocka_unit_test(a_tax_number_is_named_as_the_document_says),
        cmocka_unit_test(the_tail_begins_at_the_total),
        cmocka_unit_test(the_invitation_is_last_and_apart),
        cmocka_unit_test(the_invitation_stands_behind_all_that_is_legal),
        cmocka_unit_test(thanks_and_footer_may_follow_the_invitation),
        cmocka_unit_test(a_slip_leaves_the_receipt_as_it_is_without_one),
        cmocka_unit_test(white_between_lines_and_sections_is_the_shops),
        cmocka_unit_test(lines_on_paper_have_a_limit),
        cmocka_unit_test(running_out_of_memory_is_an_error_and_no_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
