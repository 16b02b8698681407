"""maps.py - documents of other systems through `kwit print --from`: each fixture is the sale that stands beside it, what cannot
be read without guessing is refused by name and place, and a map at fault says in which line.
"""
import copy
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, Shop, check_line, run_tests, same, want          # noqa: E402

FIXTURES = os.path.join(ROOT, "tests/fixtures/maps")
with open(os.path.join(FIXTURES, "shop.conf"), encoding="utf-8") as _file:
    CONFIGURED = _file.read()


def _fixtures():
    """(map, file) of every document."""
    names = sorted(name for name in os.listdir(FIXTURES) if not name.endswith((".sale.json", ".conf")))
    return [(re.split("[-.]", name)[0], os.path.join(FIXTURES, name)) for name in names]


def document(name):
    with open(os.path.join(FIXTURES, name), encoding="utf-8") as file:
        return json.load(file)


def mapped(shop, name, other, *arguments):
    data = other if isinstance(other, bytes) else json.dumps(other).encode()
    return shop.kwit(*arguments, "map", "check", name, "-", "-o", "-", document=data)


def sale_of(shop, name, other):
    answer = mapped(shop, name, other)
    same(answer.exit, 0, f"{name}: {answer.text[:300]}")
    return json.loads(answer.out)


def refusal(shop, name, other):
    answer = mapped(shop, name, other)
    same(answer.exit, 65, f"{name} takes it: {answer.text[:300]}")
    return answer.text


def every_fixture_is_the_sale_beside_it():
    shop = Shop(more=CONFIGURED)
    for name, path in _fixtures():
        with open(path, "rb") as file:
            found = sale_of(shop, name, file.read())
        with open(re.sub(r"\.\w+$", ".sale.json", path), encoding="utf-8") as file:
            same(found, json.load(file), path)


def every_map_has_a_fixture_and_sums_add_up():
    shop = Shop(more=CONFIGURED)
    listed = [entry["name"] for entry in shop.kwit("map", "list", "--json").line["maps"]]
    same(sorted({name for name, _ in _fixtures()}), listed, "maps with a fixture")
    for name, path in _fixtures():
        line = shop.kwit("map", "check", name, path, "--json").line
        same(line["warnings"], [], f"{path}: what does not add up")
        want(shop.kwit("map", "show", name).text.startswith("; "), f"{name} does not say what it is")


def a_foreign_order_prints_once_and_its_receipt_is_proved():
    shop = Shop(more=CONFIGURED)
    path = os.path.join(FIXTURES, "square.json")
    answers = [shop.kwit("print", "--from", "square", path, "--json") for _ in range(2)]
    for answer in answers:
        check_line(answer.line)
    same([answer.line["outcome"] for answer in answers], ["printed", "duplicate"], "the same order twice")
    same(answers[0].line["survey"]["invited"], True, "invited")
    for text in ("Flat white Large", "Oat milk", "Happy hour", "21.79", "**** 5858"):
        want(text in shop.text(), f"{text} is not on paper:\n{shop.text()}")
    other = document("square.json")
    other["order"]["total_money"]["amount"] = 2180
    changed = shop.kwit("print", "--from", "square", "-", "--json", document=other).line
    same(changed["outcome"], "conflict", "another order of that id")
    refund = shop.kwit("print", "--from", "square", os.path.join(FIXTURES, "square-refund.json"), "--json").line
    same(refund["outcome"], "printed", "a refund")
    want("-4.05" in shop.text(), shop.text())


def a_foreign_order_is_previewed():
    shop = Shop(more=CONFIGURED)
    picture = os.path.join(shop.place, "out.txt")
    answer = shop.kwit("preview", "--from", "shopify", os.path.join(FIXTURES, "shopify.json"), "-o", picture)
    same(answer.exit, 0, answer.text)
    want("Chandail - M / bleu" in open(picture, encoding="utf-8").read(), "the preview lacks the first line")


def what_is_no_sale_is_refused_in_words():
    shop = Shop(more=CONFIGURED)
    refused = [
        ("square", "square.json", lambda it: it["order"].update(state="CANCELED"), "cancelled"),
        ("square", "square.json", lambda it: (it["order"].update(state="OPEN"), it["order"].pop("tenders")), "not paid"),
        ("shopify", "shopify.json", lambda it: it.update(financial_status="pending"), "not paid"),
        ("shopify", "shopify.json", lambda it: it.update(cancelled_at="2026-11-22T10:00:00Z"), "cancelled"),
        ("woocommerce", "woocommerce.json", lambda it: it.update(status="failed"), "not paid"),
        ("erpnext", "erpnext.json", lambda it: it["data"].update(docstatus=0), "draft"),
        ("odoo", "odoo-read.json", lambda it: it["result"][0].update(state="draft"), "not paid"),
        ("odoo", "odoo-read.json", lambda it: it["result"].append(copy.deepcopy(it["result"][0])), "2 documents"),
        ("loyverse", "loyverse.json", lambda it: it.update(cancelled_at="2026-11-22T10:00:00Z"), "cancelled"),
        ("stripe", "stripe-krona.json", lambda it: it.update(captured=False), "not captured"),
        ("wcpos", "wcpos.json", lambda it: it["order"].update(needs_payment=True), "not paid"),
        ("wcpos", "wcpos.json", lambda it: it["fiscal"].update(is_closure_document=True), "report"),
        ("wcpos", "wcpos.json", lambda it: it["fiscal"].update(is_void_document=True), "takes a sale back"),
        ("wcpos", "wcpos-refund.json", lambda it: it["refunds"].append(it["refunds"][0]), "several refunds"),
        ("square", "square.json", lambda it: it["order"].pop("id"), "there is no id"),
        ("woocommerce", "woocommerce.json", lambda it: it.update(currency="XXQ"), "no currency"),
    ]
    for name, fixture, change, word in refused:
        other = document(fixture)
        change(other)
        text = refusal(shop, name, other)
        want(word in text, f"{name}: {text}")


def numbers_are_never_guessed():
    shop = Shop(more=CONFIGURED)
    other = document("shopify.json")
    for value, word in (("79,62", "is no number"), ("1,234.50", "is no number"), ("79.625", "more decimals than CAD"), (79.625, "more decimals")):
        other["total_price"] = value
        text = refusal(shop, "shopify", other)
        want(word in text and "total_price" in text and "map shopify, line" in text, text)
    other["total_price"] = 79.62000000000001
    same(sale_of(shop, "shopify", other)["total"], "79.62", "a float that is nearly the amount")
    for amount, wanted in ((5, "0.05"), (-5, "-0.05"), (100, "1.00"), (123456789012, "1234567890.12")):
        square = document("square.json")
        square["order"]["total_money"]["amount"] = amount
        same(sale_of(shop, "square", square)["total"], wanted, f"{amount} cents")


def a_shop_says_what_the_document_leaves_open():
    receipt = document("loyverse.json")
    without = Shop()
    text = refusal(without, "loyverse", receipt)
    want("currency" in text and "[map loyverse]" in text, text)
    text = refusal(Shop(more="[map loyverse]\ncurrency = THB\n"), "loyverse", receipt)
    want("minor = yes" in text, text)
    in_satang = json.loads(json.dumps(receipt), parse_float=lambda text: round(float(text) * 100))
    minor = Shop(more="[map loyverse]\ncurrency = THB\nminor = yes\n")
    same(sale_of(minor, "loyverse", in_satang)["total"], "-1017.50", "in satang")
    sale = document("opensourcepos.json")
    text = refusal(Shop(more="[map opensourcepos]\ncurrency = MXN\n"), "opensourcepos", sale)
    want("time = " in text, text)


def ways_of_paying_are_known_in_many_languages_and_by_the_shop():
    shop = Shop(more=CONFIGURED + "\n[map odoo]\npayment = Eck-Konto = credit\npayment = Karta = voucher\n")
    words = {"Gotówka": "cash", "Наличные": "cash", "Carte bancaire": "card", "EC-Karte": "card", "Geschenkkarte": "gift_card", "PayPal": "wallet",
             "Eck-Konto": "credit", "Karta": "voucher", "Barter": "other", "现金": "cash", "Überweisung": "bank"}
    for word, wanted in words.items():
        other = document("odoo.json")
        other["paymentlines"][0]["name"] = word
        same(sale_of(shop, "odoo", other)["payments"][0]["type"], wanted, word)


def times_without_an_offset_are_of_the_shop_or_of_utc():
    shop = Shop(more=CONFIGURED)
    same(sale_of(shop, "odoo", document("odoo-read.json"))["time"], "2026-11-22T14:03:11Z", "Odoo stores UTC")
    same(sale_of(shop, "erpnext", document("erpnext.json"))["time"], "2026-11-22T09:03:11", "ERPNext stores the shop's time")
    other = document("square.json")
    for written, wanted in (("2026-11-22 9:05", "2026-11-22T09:05:00"), ("2026-11-22T09:05:11.123456+0530", "2026-11-22T09:05:11+05:30"),
                            (1795356191000, "2026-11-22T14:03:11Z"), ("1795356191", "2026-11-22T14:03:11Z")):
        other["order"]["closed_at"] = written
        same(sale_of(shop, "square", other)["time"], wanted, str(written))
    for written in ("22/11/2026", "2026-13-40T09:05:11Z", "yesterday"):
        other["order"]["closed_at"] = written
        want("no date" in refusal(shop, "square", other), written)


def a_shop_may_bring_a_map_of_its_own():
    shop = Shop(more="[map acme]\ncurrency = EUR\n")
    os.makedirs(os.path.join(shop.place, "maps"))
    path = os.path.join(shop.place, "maps", "acme.map")
    rows = '[map]\ntitle = "Acme"\n[sale]\nid = nr\ntime = at | time(utc)\n[lines]\neach = rows[*] where not void\nname = t\ntotal = p | minor\n'
    with open(path, "w", encoding="utf-8") as file:
        file.write(rows)
    other = {"nr": 7, "at": "2026-11-22 10:00:00", "rows": {"a": {"t": "Tea", "p": 250}, "b": {"t": "Cup", "p": 1, "void": True}}}
    wanted = {"kwit": 1, "currency": "EUR", "id": "7", "time": "2026-11-22T10:00:00Z", "lines": [{"name": "Tea", "total": "2.50"}]}
    same(sale_of(shop, "acme", other), wanted, "by its name")
    answer = mapped(shop, path, other)
    want("currency" in answer.text and answer.exit == 65, f"by its path, which no section names: {answer.text}")
    text = mapped(shop, "acmee", other).text
    want("no map of that name" in text, text)
    want("square" in mapped(shop, "squar", other).text, "the map that was meant")


def a_map_at_fault_names_its_line():
    shop = Shop()
    path = os.path.join(shop.place, "broken.map")
    faults = [("totl = x\n", "no `totl`"), ("total = x | minr\n", "no operation `minr`"), ("total = x | map(a\n", "is wanted"), ("notes = x\n", "notes[]"),
              ("total[] = x\n", "is no list"), ("total = \"x\n", "has no end"), ("total = x when\n", "a path is wanted"), ("total = a when b < c\n", "no number"),
              ("[liness]\n", "no list"), ("[lines]\n[lines/discount]\n", "no list"), ("[taxes/discounts]\n", "part of"), ("total\n", "a = is wanted"),
              ("total = x | prefix\n", "in brackets"), ("total = x y\n", "not understood"), ("total = x[-1]\n", "counted from 0"), ("refuse = x when y\n", "says why")]
    for row, word in faults:
        with open(path, "w", encoding="utf-8") as file:
            file.write("[sale]\nid = id\n" + row)
        answer = shop.kwit("map", "check", path, "-", document={})
        want(answer.exit == 78 and word in answer.text and f"broken.map:{2 + row.count(chr(10))}" in answer.text, f"{row!r}: {answer.exit} {answer.text}")


def xml_with_a_document_type_is_refused():
    shop = Shop()
    bomb = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><POSLog><Transaction>&c;</Transaction></POSLog>'
    want("document type" in refusal(shop, "poslog", bomb), "a document type")
    want("line 1" in refusal(shop, "poslog", b"<POSLog><Transaction>"), "an unfinished document")
    want("nests too deep" in refusal(shop, "poslog", b"<a>" * 100 + b"</a>" * 100), "depth")


def two_kinds_of_document_at_once_are_a_mistake():
    answer = Shop().kwit("print", "--from", "square", "--format", "escpos", "-", document=b"x")
    same(answer.exit, 64, answer.text)


run_tests(globals())
