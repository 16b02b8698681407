/* test_layout_kinds.c - each kind of document, copies, stations, vouchers, and what the configuration changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/paper.h"

#include <stdio.h>
#include <string.h>

/* ---- kinds and parts ----------------------------------------------------------------------------------------- */

static void a_gift_receipt_shows_no_price(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("gift.json", "tm-t20iii");
    paper_lay_good(&paper, "gift");
    assert_true(paper_has(&paper, "Gift receipt"));
    assert_true(paper_has(&paper, "2 x Scented candle"));
    assert_false(paper_has(&paper, "49") || paper_has(&paper, "12.00") || paper_has(&paper, "73"));
    paper_free(&paper);
}

static void a_station_gets_its_lines_and_no_money(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("kitchen-order.json", "tm-t20iii");
    paper.options.station = "kitchen";
    paper_lay_good(&paper, "kitchen");
    assert_true(paper_has(&paper, "2 x Pizza Margherita") && paper_has(&paper, "1 x Tiramisu"));
    assert_true(paper_has(&paper, "No basil on one!") && paper_has(&paper, "Allergy at table: nuts"));
    assert_true(paper_has(&paper, "+ 2 x olives"));
    assert_false(paper_has(&paper, "Lemonade") || paper_has(&paper, "9.50") || paper_has(&paper, "TOTAL"));
    paper_free(&paper);
}

static const char served_document[] =
    "{\"kwit\":1,\"id\":\"1\",\"number\":\"8817\",\"time\":\"2026-11-20T18:05:00Z\",\"locale\":\"en-US\","
    "\"currency\":\"USD\",\"order\":{\"number\":\"45\",\"mode\":\"dine_in\",\"table\":\"12\"},\"cashier\":\"Marcus\","
    "\"item_count\":\"3\",\"customer\":{\"name\":\"Ann\",\"tax_id\":\"T-77\"},\"lines\":[{\"kind\":\"heading\","
    "\"name\":\"Mains\"},{\"name\":\"Ribeye\",\"quantity\":\"1\",\"total\":\"38.00\",\"station\":\"grill\",\"modifiers\":"
    "[{\"name\":\"rare\"}],\"note\":\"knife\",\"allergies\":[\"sesame\",\"nuts\"],\"course\":\"2\",\"seat\":\"3\"},"
    "{\"kind\":\"subtotal\",\"name\":\"All mains\",\"total\":\"38.00\"},{\"kind\":\"heading\",\"name\":\"Drinks\"},"
    "{\"name\":\"Ale\",\"quantity\":\"2\",\"total\":\"15.00\"}],\"total\":\"53.00\",\"payments\":[{\"type\":\"card\","
    "\"amount\":\"53.00\",\"tip_lines\":true}],\"loyalty\":[{\"name\":\"House card\",\"earned\":\"9\"},"
    "{\"name\":\"Miles\",\"balance\":\"1200\"}]}";

/* The style of the line that holds the text. */
static struct kw_style style_of(const struct paper *paper, const char *text)
{
    const struct kw_piece *piece = &paper->page.pieces[0];
    int at = paper_op_with(piece, text);
    assert_true(at >= 0 && piece->ops[at].line.run_count > 0);
    return piece->ops[at].line.runs[0].style;
}

static void a_ticket_is_set_as_the_shop_wants_it(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(served_document, "tm-t20iii");
    paper.options.station = "grill";
    paper.options.ticket.items = KW_EMPHASIS_LARGE;
    paper.options.ticket.modifiers = KW_EMPHASIS_TALL;
    paper.options.ticket.notes = KW_EMPHASIS_BOLD;
    paper.options.ticket.allergies = KW_EMPHASIS_TALL_INVERSE;
    paper_lay_good(&paper, "ticket");
    struct kw_style item = style_of(&paper, "Ribeye"), allergy = style_of(&paper, "Allergy: sesame, nuts");
    assert_true(item.width == 2 && item.height == 2 && !item.invert);
    assert_true(allergy.height == 2 && allergy.invert);
    assert_int_equal(style_of(&paper, "rare").height, 2);
    assert_true(style_of(&paper, "knife").bold && !style_of(&paper, "Course: 2").bold);
    assert_true(paper_has(&paper, "Seat: 3") && paper_has(&paper, "Table: 12") && paper_has(&paper, "Order no. 45"));
    assert_true(paper_has(&paper, "Cashier: Marcus") && paper_has(&paper, "Ann"));
    assert_false(paper_has(&paper, "8817") || paper_has(&paper, "House card") || paper_has(&paper, "T-77")
                 || paper_has(&paper, "Items:") || paper_has(&paper, "Mains"));
    paper_free(&paper);
}

static void a_ticket_without_an_order_is_known_by_its_number(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"number\":\"8817\",\"time\":\"2026-11-20T18:05:00Z\","
                                       "\"locale\":\"en-US\",\"currency\":\"USD\",\"cashier\":\"Marcus\",\"lines\":["
                                       "{\"name\":\"Ale\",\"station\":\"bar\"}]}", "tm-t20iii");
    paper.options.station = "bar";
    paper_lay_good(&paper, "ticket");
    assert_true(paper_has(&paper, "Receipt no. 8817"));
    assert_false(paper_has(&paper, "Marcus"));
    paper_free(&paper);
}

static void groups_counts_programmes_and_blank_lines_stand_on_the_receipt(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(served_document, "tm-t20iii");
    paper.options.items = KW_EMPHASIS_BOLD;
    paper_lay_good(&paper, "served");
    assert_true(style_of(&paper, "Mains").bold && style_of(&paper, "Ribeye").bold);
    const char *group = strstr(paper.text, "All mains ");
    assert_true(group && paper_end_column(group, "38.00") == paper_end_column(paper.text, "15.00"));
    assert_true(paper_has(&paper, "Items: 3") && paper_has(&paper, "House card") && paper_has(&paper, "1,200"));
    const char *tip = strstr(paper.text, "Tip "), *with_tip = tip ? strstr(tip, "TOTAL ") : NULL;
    assert_true(with_tip && strstr(tip, "____") < with_tip && strstr(with_tip, "____"));
    paper_free(&paper);
}

static void the_logo_may_stand_at_the_end(void **state)
{
    (void)state;
    for (int end = 0; end < 2; end++) {
        struct paper paper = paper_of_good(served_document, "tm-t20iii");
        const struct kw_bitmap *logo = kw_bitmap_new(paper.arena, 80, 40);
        paper.options.logo = logo;
        paper.options.logo_place = end ? KW_LOGO_END : KW_LOGO_TOP;
        paper_lay_good(&paper, "logo");
        const struct kw_piece *piece = &paper.page.pieces[0];
        assert_int_equal(piece->ops[end ? piece->op_count - 1 : 0].kind, KW_OP_BITMAP);
        paper_free(&paper);
    }
}

static void cells_share_what_the_gaps_between_them_leave(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\","
                                       "\"kind\":\"document\",\"blocks\":[{\"row\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\","
                                       "\"g\"]},{\"row\":[{\"text\":\"h\",\"width\":9},\"i\",{\"text\":\"k\",\"width\":30,"
                                       "\"align\":\"right\"}]}]}", "tm-t20iii");
    paper_lay_good(&paper, "rows");
    assert_true(paper_has(&paper, "a      b      c      d      e      f      g"));     /* 48 columns, six gaps */
    assert_int_equal(paper_end_column(paper.text, "i"), 11);
    assert_int_equal(paper_end_column(paper.text, "k"), 48);
    paper_free(&paper);
}

static void copies_are_marked_in_the_language_of_the_receipt(void **state)
{
    (void)state;
    static const struct { int kind; const char *mark; size_t times; } cases[] = {
        { KW_COPY_CUSTOMER, "Kopia dla klienta", 1 }, { KW_COPY_MERCHANT, "Kopia dla sprzedawcy", 1 },
        { KW_COPY_DUPLICATE, "DUPLIKAT", 2 }, { KW_COPY_REPLACES_INTERRUPTED, "Zastępuje przerwany wydruk", 1 },
        { KW_COPY_POSSIBLE_DUPLICATE, "Możliwy duplikat", 1 }, { KW_COPY_ORIGINAL, "Egzemplarz", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper paper = paper_of_fixture("cafe-pl.json", "tm-t20iii");
        paper.options.copy_kind = cases[i].kind;
        paper.options.copy = cases[i].kind == KW_COPY_DUPLICATE ? 3 : 1;
        paper_lay_good(&paper, "copy");
        assert_int_equal(paper_count(paper.text, cases[i].mark), cases[i].times);
        assert_int_equal(paper_has(&paper, "Egzemplarz nr 3"), cases[i].kind == KW_COPY_DUPLICATE);
        paper_free(&paper);
    }
}

static void training_is_marked_above_and_below(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("training.json", "tm-t20iii");
    paper_lay_good(&paper, "training");
    assert_int_equal(paper_count(paper.text, "TRAINING"), 2);
    paper_free(&paper);
}

#define LAWFUL(locale, kind) "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"locale\":\"" locale \
    "\",\"kind\":\"" kind "\",\"lines\":[{\"name\":\"x\",\"total\":\"1.00\"}],\"total\":\"1.00\"}"

/* The words of a country's law, how often they stand, and the height of their line in plain ones. */
static void a_country_marks_what_is_no_fiscal_receipt(void **state)
{
    (void)state;
    static const struct { const char *document, *words; size_t count; int copy_kind, times; } cases[] = {
        { LAWFUL("sv-SE", "sale"), "KOPIA", 2, KW_COPY_DUPLICATE, 4 },
        { LAWFUL("sv-SE", "training"), "ÖVNING", 4, 0, 4 },             /* in the language's own line too */
        { LAWFUL("sv-FI", "sale"), "KOPIA", 2, KW_COPY_DUPLICATE, 2 },  /* another country's law */
        { LAWFUL("nb-NO", "proforma"), "IKKE KVITTERING", 1, 0, 3 },         /* its line ends there */
        { LAWFUL("sr-RS", "sale"), "ОВО НИЈЕ ФИСКАЛНИ РАЧУН", 2, KW_COPY_DUPLICATE, 2 },
        { LAWFUL("sr-Latn-RS", "sale"), "OVO NIJE FISKALNI RAČUN", 2, KW_COPY_DUPLICATE, 2 },
        { LAWFUL("hu-HU", "sale"), "NEM ADÓÜGYI BIZONYLAT", 1, 0, 2 },
        { LAWFUL("pl-PL", "refund"), "NIEFISKALNY", 1, 0, 2 },
        { LAWFUL("fr-BE", "proforma"), "CECI N'EST PAS UN TICKET TVA VALABLE", 1, 0, 1 },
        { LAWFUL("nl-BE", "proforma"), "DIT IS GEEN GELDIG BTW-KASTICKET", 1, 0, 1 },
        { LAWFUL("de-DE", "proforma"), "KASTICKET", 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper paper = paper_of_good(cases[i].document, "tm-t20iii");
        paper.options.copy_kind = cases[i].copy_kind;
        paper.options.copy = cases[i].copy_kind ? 2 : 1;
        paper_lay_good(&paper, cases[i].document);
        if (paper_count(paper.text, cases[i].words) != cases[i].count)
            fail_msg("%zu: %s", i, paper.text);
        int op = paper_op_with(&paper.page.pieces[0], cases[i].words);
        if (op >= 0 && kw_op_height_dots(&paper.page.pieces[0].ops[op]) != cases[i].times * 24 + 6)
            fail_msg("%zu: %d dots high", i, kw_op_height_dots(&paper.page.pieces[0].ops[op]));
        paper_free(&paper);
    }
}

/* "NO FISCAL" stands above and below and nowhere more than six lines away. */
static void training_in_argentina_is_marked_every_six_lines(void **state)
{
    (void)state;
    char document[4096];
    int length = snprintf(document, sizeof document, "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":"
                          "\"ARS\",\"locale\":\"es-AR\",\"kind\":\"training\",\"lines\":[");
    for (int i = 0; i < 30; i++)
        length += snprintf(document + length, sizeof document - (size_t)length, "%s{\"name\":\"n%d\",\"total\":\"1.00\"}",
                           i ? "," : "", i);
    snprintf(document + length, sizeof document - (size_t)length, "],\"total\":\"30.00\"}");
    struct paper paper = paper_of_good(document, "tm-t20iii");
    paper_lay_good(&paper, "training");
    const struct kw_piece *piece = &paper.page.pieces[0];
    int since = 0;
    for (size_t i = 0; i < piece->op_count; i++) {
        const char *text = piece->ops[i].kind == KW_OP_LINE ? piece->ops[i].line.text : NULL;
        bool rule = text && strstr(text, "\u2500\u2500\u2500"), marked = text && strstr(text, "NO FISCAL");
        since = marked ? 0 : since + (text && !rule);
        if (since > 6)
            fail_msg("more than six lines without it before: %s", text);
    }
    assert_true(paper_count(paper.text, "NO FISCAL") >= 7);
    paper_free(&paper);
}

#define TABLE_BILL(locale, tax) "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"CAD\"," \
    "\"locale\":\"" locale "\",\"kind\":\"proforma\",\"order\":{\"table\":\"4\"},\"lines\":[{\"name\":\"x\",\"total\":\"1.00\"}]," \
    "\"taxes\":[{\"name\":\"" tax "\",\"tax\":\"0.10\"}],\"total\":\"1.10\"}"

static void a_forbidden_paper_is_refused_in_words(void **state)
{
    (void)state;
    static const struct { const char *document; int copy; bool refused; } cases[] = {
        { LAWFUL("bg-BG", "proforma"), 0, true }, { LAWFUL("bg-BG", "sale"), 0, false },
        { LAWFUL("sv-SE", "sale"), 2, false }, { LAWFUL("sv-SE", "sale"), 3, true },
        { LAWFUL("en-GB", "sale"), 3, false },
        { TABLE_BILL("fr-CA", "TVQ 9,975 %"), 0, true }, { TABLE_BILL("en-CA", "QST 9.975%"), 0, true },
        { TABLE_BILL("en-CA", "HST 13%"), 0, false }, { LAWFUL("fr-CA", "proforma"), 0, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper paper = paper_of_good(cases[i].document, "tm-t20iii");
        paper.options.copy_kind = cases[i].copy ? KW_COPY_DUPLICATE : KW_COPY_ORIGINAL;
        paper.options.copy = cases[i].copy ? cases[i].copy : 1;
        paper_lay(&paper);
        assert_int_equal(paper.code, cases[i].refused ? KWIT_E_INVALID : 0);
        assert_int_equal(strcmp(paper.error.where, "/kind") == 0, cases[i].refused);
        paper_free(&paper);
    }
}

static void each_kind_says_what_it_is(void **state)
{
    (void)state;
    static const struct { const char *kind, *title; } cases[] = {
        { "refund", "Refund" }, { "exchange", "Exchange" }, { "void", "VOID" }, { "order", "Order" },
        { "proforma", "Pro forma" }, { "deposit", "Deposit paid" }, { "payout", "Paid out" },
        { "gift", "Gift receipt" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[300];
        snprintf(text, sizeof text, "{\"kwit\":1,\"id\":\"1\",\"kind\":\"%s\",\"time\":\"2026-11-22T14:03:11Z\","
                 "\"currency\":\"EUR\",\"lines\":[]}", cases[i].kind);
        struct paper paper = paper_of_good(text, "generic");
        paper_lay_good(&paper, cases[i].kind);
        if (!paper_has(&paper, cases[i].title))
            fail_msg("%s does not say \"%s\"", cases[i].kind, cases[i].title);
        paper_free(&paper);
    }
}

static void labels_are_said_in_both_languages(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("hotel-it.json", "tm-t20iii");
    paper_lay_good(&paper, "hotel");
    assert_true(paper_has(&paper, "TOTALE / SUMME"));
    assert_true(paper_has(&paper, "Bonifico / Überweisung"));
    paper_free(&paper);
}

static void vouchers_with_a_cut_are_pieces_of_their_own(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("electronics-uk.json", "tm-t20iii");
    paper.options.drawer = true;
    paper.options.copy_kind = KW_COPY_DUPLICATE;
    paper_lay_good(&paper, "vouchers");
    assert_int_equal(paper.page.piece_count, 3);
    assert_int_equal(paper.page.pieces[0].kind, KW_PIECE_DRAWER);
    assert_int_equal(paper.page.pieces[0].drawer_pin, 2);
    assert_true(paper.page.pieces[0].on_ms > 0);
    assert_string_equal(paper.page.pieces[1].name, "receipt");
    assert_string_equal(paper.page.pieces[2].name, "voucher 1");
    assert_true(paper_op_with(&paper.page.pieces[1], "Кава в подарунок") > 0);
    assert_true(paper_op_with(&paper.page.pieces[2], "31.12.2026") > 0);
    assert_true(paper_op_with(&paper.page.pieces[2], "ДУБЛІКАТ") >= 0);
    assert_int_equal(paper.page.pieces[1].cut, KW_CUT_PARTIAL);
    assert_int_equal(paper.page.pieces[2].cut, KW_CUT_PARTIAL);
    paper_free(&paper);
}

static void a_document_is_its_blocks(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("document.json", "tm-t20iii");
    paper.options.store.name = "Configured store";
    paper_lay_good(&paper, "document");
    assert_int_equal(paper.page.piece_count, 2);
    assert_true(paper_has(&paper, "END OF DAY") && paper_has(&paper, "Office copy"));
    assert_int_equal(paper_end_column(paper.text, "1,234.50"), 48);
    assert_int_equal(paper_end_column(paper.text, "-35.90"), 48);
    assert_false(paper_has(&paper, "Configured store") || paper_has(&paper, "D-1"));
    paper_free(&paper);
}

static void a_survey_slip_is_only_the_invitation(void **state)
{
    (void)state;
    struct paper paper = paper_of_fixture("survey-only.json", "tm-t20iii");
    paper.options.invitation = &paper_invitation;
    paper_lay_good(&paper, "survey");
    assert_true(paper_has(&paper, paper_invitation.code));
    assert_true(paper_has(&paper, "SAMPLE"));
    assert_false(paper_has(&paper, "Receipt no.") || paper_has(&paper, "Thank you"));
    paper_free(&paper);
}

/* ---- configuration ------------------------------------------------------------------------------------------- */

static void order_and_hiding_come_from_the_configuration(void **state)
{
    (void)state;
    static const char *const order[] = { "payments", "lines", "invitation", NULL }, *const hide[] = { "taxes", "gtin", NULL };
    struct paper paper = paper_of_fixture("example.json", "tm-t20iii");
    paper.options.order = order;
    paper.options.hide = hide;
    paper.options.invitation = &paper_invitation;
    paper.options.help.phone = "0800 123 456";
    paper_lay_good(&paper, "order");
    const struct kw_piece *piece = &paper.page.pieces[0];
    assert_true(paper_op_with(piece, "Visa") < paper_op_with(piece, "Sourdough"));
    assert_true(paper_op_with(piece, "Sourdough") < paper_op_with(piece, "Corner & Crumb"));
    assert_int_equal(paper_op_with(piece, "0800"), (int)piece->op_count - 1);
    assert_false(paper_has(&paper, "VAT 20%") || paper_has(&paper, "5012345678900"));
    paper_free(&paper);
}

/* Each name of sections.def hides something of a document that has everything, and the rest stays. */
static void every_detail_can_be_hidden(void **state)
{
    (void)state;
    static const struct { const char *name, *text; } cases[] = {
        { "id", "ID: S-2026" }, { "cashier", "Anna" }, { "terminal", "Till" }, { "unit_price", "x 3.80" },
        { "gtin", "5012345678900" }, { "tare", "Tare" }, { "tax_codes", "7.60 Z" }, { "saved", "You save" },
        { "survey_optout", "Rather not be asked?" }, { "loyalty", "Points earned" }, { "thanks", "Thank you" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const hide[] = { cases[i].name, NULL };
        for (int hidden = 0; hidden < 2; hidden++) {
            struct paper paper = paper_of_fixture("example.json", "tm-t20iii");
            paper.options.invitation = &paper_invitation;
            paper.options.hide = hidden ? hide : NULL;
            paper_lay_good(&paper, "hide");
            if (paper_has(&paper, cases[i].text) == hidden)
                fail_msg("%s is %s", cases[i].name, hidden ? "still there" : "not there at all");
            assert_int_equal(paper.warnings.count, 0);
            paper_free(&paper);
        }
    }
}

static void names_that_mean_nothing_are_told(void **state)
{
    (void)state;
    static const char *const order[] = { "totals", NULL }, *const hide[] = { "gtins", NULL };
    struct paper paper = paper_of_fixture("example.json", "tm-t20iii");
    paper.options.order = order;
    paper.options.hide = hide;
    paper_lay_good(&paper, "names");
    assert_int_equal(paper.warnings.count, 2);
    assert_int_equal(paper.warnings.items[0].warning, KWIT_WARNING_CONFIG_IGNORED);
    paper_free(&paper);
}

static void the_configured_store_stands_where_the_sale_says_nothing(void **state)
{
    (void)state;
    static const char *const address[] = { "1 High Street", NULL }, *const footer[] = { "See you soon", NULL };
    struct paper paper = paper_of_fixture("kitchen-order.json", "tm-t20iii");
    paper.options.store.name = "The Shop";
    paper.options.store.address = address;
    paper.options.footer = footer;
    paper_lay_good(&paper, "store");
    assert_true(paper_has(&paper, "The Shop") && paper_has(&paper, "1 High Street")
                && paper_has(&paper, "See you soon"));
    paper_free(&paper);
}

static void rials_are_shown_in_tomans_only_when_asked(void **state)
{
    (void)state;
    const char *text = "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"IRR\",\"locale\":\"en-GB\","
                       "\"lines\":[{\"name\":\"tea\",\"total\":\"123456\"}],\"total\":\"1234500\"}";
    struct paper paper = paper_of_good(text, "tm-t20iii");
    paper_lay_good(&paper, "rial");
    assert_true(paper_has(&paper, "IRR") && paper_has(&paper, "1,234,500") && paper_has(&paper, "123,456"));
    paper_free(&paper);
    paper = paper_of_good(text, "tm-t20iii");
    paper.options.toman = 10;
    paper_lay_good(&paper, "toman");
    assert_true(paper_has(&paper, "toman") && paper_has(&paper, "123,450") && paper_has(&paper, "12,345.6"));
    assert_false(paper_has(&paper, "IRR"));
    paper_free(&paper);
}

static void the_help_line_is_on_every_customers_receipt(void **state)
{
    (void)state;
    static const struct { const char *kind; int copy_kind; bool invited, wanted; } cases[] = {
        { "sale", KW_COPY_ORIGINAL, false, true }, { "sale", KW_COPY_ORIGINAL, true, true },
        { "refund", KW_COPY_CUSTOMER, false, true }, { "sale", KW_COPY_MERCHANT, false, false },
        { "payout", KW_COPY_ORIGINAL, false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char document[300];
        snprintf(document, sizeof document, "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11+00:00\",\"currency\":"
                 "\"GBP\",\"locale\":\"en-GB\",\"kind\":\"%s\",\"lines\":[{\"name\":\"A\"}]}", cases[i].kind);
        struct paper paper = paper_of_good(document, "tm-t20iii");
        paper.options.help.phone = "0800 123 456";
        paper.options.copy_kind = cases[i].copy_kind;
        paper.options.invitation = cases[i].invited ? &paper_invitation : NULL;
        paper_lay_good(&paper, cases[i].kind);
        assert_int_equal(paper_count(paper.text, "0800\u00A0123\u00A0456") + paper_count(paper.text, "0800 123 456"),
                         cases[i].wanted);
        paper_free(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gift_receipt_shows_no_price),
        cmocka_unit_test(the_help_line_is_on_every_customers_receipt),
        cmocka_unit_test(a_station_gets_its_lines_and_no_money),
        cmocka_unit_test(a_ticket_is_set_as_the_shop_wants_it),
        cmocka_unit_test(a_ticket_without_an_order_is_known_by_its_number),
        cmocka_unit_test(groups_counts_programmes_and_blank_lines_stand_on_the_receipt),
        cmocka_unit_test(the_logo_may_stand_at_the_end),
        cmocka_unit_test(cells_share_what_the_gaps_between_them_leave),
        cmocka_unit_test(copies_are_marked_in_the_language_of_the_receipt),
        cmocka_unit_test(training_is_marked_above_and_below),
        cmocka_unit_test(a_country_marks_what_is_no_fiscal_receipt),
        cmocka_unit_test(training_in_argentina_is_marked_every_six_lines),
        cmocka_unit_test(a_forbidden_paper_is_refused_in_words),
        cmocka_unit_test(each_kind_says_what_it_is),
        cmocka_unit_test(labels_are_said_in_both_languages),
        cmocka_unit_test(vouchers_with_a_cut_are_pieces_of_their_own),
        cmocka_unit_test(a_document_is_its_blocks),
        cmocka_unit_test(a_survey_slip_is_only_the_invitation),
        cmocka_unit_test(order_and_hiding_come_from_the_configuration),
        cmocka_unit_test(every_detail_can_be_hidden),
        cmocka_unit_test(names_that_mean_nothing_are_told),
        cmocka_unit_test(the_configured_store_stands_where_the_sale_says_nothing),
        cmocka_unit_test(rials_are_shown_in_tomans_only_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
