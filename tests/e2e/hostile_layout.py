"""Hostile documents that are right, and so reach layout, text and encoder: the command built with sanitizers prints them dry.

Each is a function of its number; HOSTILE_DOCUMENTS says how many (a few here, more in the long form).
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, example, run_tests, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

COUNT = int(os.environ.get("HOSTILE_DOCUMENTS", "24"))
PROFILES = ("tm-t20iii", "generic", "tm-t88v", "xp-t80q", "generic-80")
LOCALES = ("en-GB", "pl-PL", "fr-FR", "ru-RU", "fa-IR", "de-DE", "xx-XX", "ar-EG", "ja-JP")
SCRIPTS = ("Latin \u0141\u00f3d\u017a", "\u041a\u0438\u0440\u0438\u043b\u043b\u0438\u0446\u0430", "\u0395\u03bb\u03bb\u03b7\u03bd\u03b9\u03ba\u03ac",
           "\u05e2\u05d1\u05e8\u05d9\u05ea 12", "\u0641\u0627\u0631\u0633\u06cc \u06f1\u06f2", "\u0939\u093f\u0928\u094d\u0926\u0940", "\u0e44\u0e17\u0e22\u0e4c",
           "\u6c49\u5b57\u304b\u306a", "\ud55c\uad6d\uc5b4", "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1f5\U0001f1f1", "\U00012000\U0001d11e", "\ue000\ufffd\ufeff",
           "a" + "\u0301\u0323" * 40, "\u1100\u1161\u11a8" * 9, "\u0bb8\u0bcd\u0bb0\u0bc0", "\ufdfa" * 5, "\u202e\u2067x\u2069", "\u00ad\u200b\u2060" * 20)
CONTROLS = "".join(map(chr, [*range(0x01, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029]))
AMOUNTS = ("0.00", "-0.00", "999999999999999.99", "-999999999999999.99", "1", "000000000000001.00", "0.01")
QUANTITIES = ("999999999999999.999999", "-999999999999999", "0", "0.000001", "-0.000001", "000001", "1")
CODES = (("qr", "x" * 2000), ("qr", "\u6c49" * 300), ("code128", "A" * 90), ("ean13", "5901234123457"), ("itf", "12" * 40), ("code39", "A-" * 30),
         ("pdf417", "p" * 800), ("codabar", "A12A"), ("code128", "~" * 3))


def _text(chance):
    """A name: of one script or several, with or without controls, of any length that a person could not mean."""
    words = [chance.choice(SCRIPTS) for _ in range(chance.choice((1, 1, 2, 12)))]
    if chance.random() < 0.3:
        words.append("".join(chance.sample(CONTROLS, 8)))
    text = chance.choice((" ", "", "\u00a0")).join(words)
    return (text * chance.choice((1, 1, 1, 1, 1, 1, 3, 40)))[:3000] or "x"


def _children(chance, depth):
    line = {"name": _text(chance), "quantity": chance.choice(QUANTITIES)}
    if depth:
        line["children"] = [_children(chance, depth - 1) for _ in range(chance.choice((1, 1, 1, 2)))]
    return line


def _line(chance):
    return {"name": _text(chance), "quantity": chance.choice(QUANTITIES), "unit": _text(chance)[:40],
            "unit_price": chance.choice(AMOUNTS), "total": chance.choice(AMOUNTS), "note": _text(chance) + "\n" * chance.randrange(4) + _text(chance),
            "discounts": [{"name": _text(chance), "amount": chance.choice(AMOUNTS)}] * chance.randrange(3),
            "modifiers": [{"name": _text(chance), "quantity": "1", "amount": "0.00"}] * chance.randrange(3),
            "facts": [{"label": _text(chance), "value": _text(chance)}] * chance.randrange(3),
            "children": [_children(chance, chance.randrange(7))] * chance.randrange(2)}


def _block(chance):
    sides = ("left", "center", "right")
    return chance.choice((
        {"text": _text(chance), "align": chance.choice(sides), "width": chance.randint(1, 8), "height": chance.randint(1, 8), "bold": True,
         "underline": chance.random() < 0.5, "invert": chance.random() < 0.5, "font": chance.choice("ab")},
        {"row": [_text(chance)] + [{"text": _text(chance), "align": chance.choice(sides), "width": chance.randint(1, 40)}
                                   for _ in range(chance.randint(0, 5))]},
        {"rule": chance.choice(("single", "double", "dotted"))}, {"feed": chance.choice((1, 2, 50))}, {"cut": chance.choice(("partial", "full"))}))


def _sale(number):
    chance = random.Random(number)
    document = example(id=f"HL-{number}") if number % 3 == 0 else tiny(f"HL-{number}")
    document.update(locale=chance.choice(LOCALES), lines=[_line(chance) for _ in range(chance.choice((1, 1, 2, 5)))],
                    header=[_block(chance) for _ in range(chance.randrange(6))], footer=[_block(chance) for _ in range(chance.randrange(4))],
                    total=chance.choice(AMOUNTS), notes=[_text(chance)], legal=[_text(chance)] * chance.randrange(3),
                    facts=[{"label": _text(chance), "value": _text(chance)}] * chance.randrange(4),
                    payments=[{"type": "cash", "name": _text(chance), "amount": chance.choice(AMOUNTS)}] * chance.randrange(4))
    if chance.random() < 0.4:
        symbology, data = chance.choice(CODES)
        document["codes"] = [{"symbology": symbology, "data": data, "caption": _text(chance)}]
    return document, chance


def _reaches_the_layout(shop, document, title, *options):
    """Exit 0 and bytes; a sanitizer that has something to say ends the command otherwise."""
    answer = shop.kwit("print", "-", "--dry-run", "-o", "/dev/null", *options, document=document)
    want(answer.exit == 0, f"{title} {options}: exit {answer.exit}: {answer.text[:400]} … {answer.text[-1500:]}")


def right_documents_of_any_oddness_are_laid_out():
    shops = {text: Shop(survey=False, more=f"text = {text}\n") for text in ("auto", "raster")}
    for number in range(COUNT):
        document, chance = _sale(number)
        shop = shops[chance.choice(("auto", "auto", "raster"))]
        _reaches_the_layout(shop, document, f"document {number}", "--profile", chance.choice(PROFILES))


def twenty_thousand_lines_are_laid_out_or_refused():
    line = {"name": "\u0141\u00f3d\u017a x", "quantity": "1", "total": "1.00"}
    shop = Shop(survey=False)
    _reaches_the_layout(shop, tiny("HL-long", lines=[line] * (19900 if COUNT > 24 else 2000)), "a long document", "--profile", "tm-t20iii")
    answer = shop.kwit("print", "-", "--dry-run", document=tiny("HL-longer", lines=[dict(line, name="W" * 9000)] * 400))
    want(answer.exit == 65, f"lines after layout are counted: exit {answer.exit}: {answer.text[-1500:]}")


run_tests(globals())
