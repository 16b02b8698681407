"""tap_libraries.py - receipts that libraries of other programs wrote (fixtures/streams): each sale carries the invitation and
nothing else of it is changed, and what is no sale is left alone.
"""
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, Shop, run_tests, same, want                   # noqa: E402
from streams import append, check_paper                              # noqa: E402

LEFT_ALONE = {
    "node-thermal-printer-day": "document_type", "node-thermal-printer-drawer": "no_ink",
    "node-thermal-printer-kitchen": "document_type", "node-thermal-printer-refund": "document_type",
    "node-thermal-printer-shop-copy": "document_type", "receiptline-stargraphic": "language", "receiptline-starsbcs": "language",
    "receiptline-upside-down": "upside_down",
}
MUTE_OF_ITS_PAGE = "escpos-ru"          # it relies on what the printer is set to
LOOKED_AT = 4                           # every so many is printed, and its symbol read


def _streams():
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/fixtures/streams/*.bin"))):
        with open(path, "rb") as file:
            yield os.path.basename(path)[:-len(".bin")], file.read()


def every_library_is_there():
    names = [name for name, _ in _streams()]
    same(len(names), 58, "streams")
    same(set(LEFT_ALONE) - set(names), set(), "names of this test that no stream has")


def sales_carry_it_and_everything_else_stays():
    shop, told = Shop(key=False), Shop(key=False, more="[tap]\nencoding = cp866\n")
    for number, (name, data) in enumerate(_streams()):
        line, out = append(told if name == MUTE_OF_ITS_PAGE else shop, data)
        same(line["verdict"], LEFT_ALONE.get(name, "invited"), name)
        at, added = line.get("offset", 0), line["added"]
        same(out[:at] + out[at + added:], data, f"{name}: the bytes that came")
        if added > 0 and number % LOOKED_AT == 0:
            check_paper(data, out, name)


def a_page_that_nobody_says_is_no_sale_for_certain():
    shop = Shop(key=False)
    line, out = append(shop, dict(_streams())[MUTE_OF_ITS_PAGE])
    want(not line["invited"] and out == dict(_streams())[MUTE_OF_ITS_PAGE], "it is left alone")


run_tests(globals())
