"""tap_stream.py - streams in the manner of other programs: every byte of theirs is kept, the paper is what it was but for
one band with a symbol that a foreign reader reads, and documents that are no sale are left alone in every language.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, want                         # noqa: E402
from streams import append, check_paper                               # noqa: E402

INIT, FEED, CUT, PULSE = b"\x1b@", b"\x1bd\x04", b"\x1dV\x00", b"\x1bp\x00\x19\xfa"

# language: ESC t, Python's name of that page, then shop, item, total, thanks; then words of what is no sale.
LANGUAGES = {
    "en": (0, "cp437", "CORNER SHOP", "Tea", "TOTAL", "Thank you",
           ["REFUND", "VOID", "Z REPORT", "KITCHEN", "MERCHANT COPY", "TRAINING", "GUEST CHECK"]),
    "pl": (18, "cp852", "SKLEP POD LIPĄ", "Chleb żytni", "SUMA PLN", "Dziękujemy",
           ["ZWROT", "ANULOWANO", "RAPORT DOBOWY", "KUCHNIA", "KOPIA DLA SPRZEDAWCY", "SZKOLENIE", "RACHUNEK WSTĘPNY"]),
    "de": (16, "cp1252", "KAUFHAUS MÜLLER", "Brötchen", "SUMME", "Vielen Dank",
           ["RÜCKGABE", "STORNO", "TAGESABSCHLUSS", "KÜCHE", "HÄNDLERBELEG", "TRAINING", "ZWISCHENRECHNUNG"]),
    "fr": (16, "cp1252", "BOULANGERIE DÉLICE", "Thé", "TOTAL TTC", "Merci",
           ["REMBOURSEMENT", "ANNULATION", "CLÔTURE", "BON DE CUISINE", "TICKET COMMERÇANT", "FORMATION", "DEVIS"]),
    "es": (16, "cp1252", "TIENDA NIÑO", "Té", "TOTAL A PAGAR", "Gracias",
           ["DEVOLUCIÓN", "ANULADO", "CIERRE Z", "COMANDA", "COPIA COMERCIO", "FORMACIÓN", "PRESUPUESTO"]),
    "ru": (17, "cp866", "МАГАЗИН", "Хлеб", "ИТОГО", "Спасибо",
           ["ВОЗВРАТ", "АННУЛИРОВАНО", "Z-ОТЧЕТ", "КУХНЯ", "КОПИЯ ДЛЯ МАГАЗИНА", "ОБУЧЕНИЕ", "ПРЕДЧЕК"]),
}


def _receipt(language, heading=None, footer=None, style=0):
    """A receipt as tills lay it out; style changes what libraries do differently."""
    table, page, shop, item, total, thanks, _ = LANGUAGES[language]
    line = lambda text: text.encode(page) + (b"\n\r" if style == 1 else b"\n")     # noqa: E731
    out = INIT + bytes((0x1B, 0x74, table)) + b"\x1ba\x01\x1b!\x30" + line(shop) + b"\x1b!\x00"
    out += line(heading) if heading else b""
    out += b"\x1ba\x00" + line(f"{item:20}12.00") + line("2026-11-22 14:03")
    out += b"\x1bE\x01" + line(f"{total:20}12.00") + b"\x1bE\x00" + line(thanks)
    out += line(footer) if footer else b""
    ends = [FEED + CUT + PULSE, b"\n\r" * 5 + CUT + b"\n\r", b"\x1dV\x42\x00" + INIT, FEED + CUT + b"\x1dr\x01"]
    return out + ends[style]


def sales_of_every_language_carry_it_and_lose_nothing():
    shop = Shop(key=False)
    for language in LANGUAGES:
        for style in range(4):
            data = _receipt(language, style=style)
            line, out = append(shop, data)
            name = f"{language}{style}"
            same(line["verdict"], "invited", name)
            at, added = line["offset"], line["added"]
            same(out[:at] + out[at + added:], data, f"{name}: the bytes that came")
            check_paper(data, out, name)


def the_printers_own_letters_are_appended_where_the_tap_would_send_them():
    shop = Shop(key=False, more="[tap]\nblock = native\n")
    for language in LANGUAGES:
        data = _receipt(language)
        line, out = append(shop, data)
        at, added = line["offset"], line["added"]
        same((line["verdict"], out[:at] + out[at + added:]), ("invited", data), f"{language}: the bytes that came")
        want(added < 700 and b"\x1d(k" in out, f"{language}: {added} bytes of letters and a code")


def what_is_no_sale_is_left_alone():
    shop = Shop(key=False)
    for language, (*_, words) in LANGUAGES.items():
        for word in words:
            for data in (_receipt(language, heading=word), _receipt(language, heading=f"*** {word} ***"),
                         _receipt(language, footer=word)):
                line, out = append(shop, data)
                same(line["verdict"], "document_type", f"{language}: {word}")
                same(out, data, f"{language}: {word} is not as it was")


def footers_that_only_speak_of_it_change_nothing():
    shop = Shop(key=False)
    for footer in ("No refunds or exchanges without this receipt, thank you", "Keep this for a refund within 30 days of purchase",
                   "* Refunds within 14 days *"):
        same(append(shop, _receipt("en", footer=footer))[0]["verdict"], "invited", footer)


def the_reason_stands_in_the_answer():
    shop = Shop(key=False)
    for data, word in ((b"", "empty"), (PULSE, "no_ink"), (b"%PDF-1.7", "language"), (_receipt("en")[:-8], "no_cut"),
                       (_receipt("en") + b"\x1dv0\x00", "unfinished"), (INIT + b"hello\n" + FEED + CUT, "not_a_sale")):
        line, out = append(shop, data)
        same((line["verdict"], line["invited"], out), (word, False, data), word)
        explained = shop.kwit("tap", "explain", "-", "--json", document=data)
        same(json.loads(explained.text)["verdict"], word, f"explain {word}")
    same(append(Shop(survey=False), _receipt("en"))[0]["verdict"], "not_configured", "without [survey]")
    same(append(shop, _receipt("en")[:-8], "--cutless")[0]["verdict"], "invited", "--cutless")
    strict = shop.kwit("append", "--in", "-", "-o", os.path.join(shop.place, "strict"), "--strict", document=PULSE)
    same((strict.exit, os.path.exists(os.path.join(shop.place, "strict"))), (65, False), "--strict")


def where_the_invitation_is_a_slip_nothing_stands_on_the_receipt():
    for setting in ("position = slip\n", "form = slip\n"):
        shop = Shop(key=False, more=setting)
        line, out = append(shop, _receipt("en"))
        same((line["verdict"], line["added"], out), ("own_piece", 0, _receipt("en")), setting)


def print_says_where_such_bytes_belong():
    shop = Shop(key=False)
    status, line = shop.print(_receipt("en"))
    same((status, line["reason"]), (65, "syntax"), "print of a finished stream")
    want("kwit append" in line["message"], f"the message is {line['message']!r}")


def cut_short_anywhere_it_stays_what_it_was():
    shop = Shop(key=False)
    data = _receipt("pl") + _receipt("en", style=1)
    for length in range(0, len(data), 7):
        line, out = append(shop, data[:length])
        at, added = line.get("offset", 0), line["added"]
        same(out[:at] + out[at + added:], data[:length], f"the first {length} bytes")


run_tests(globals())
