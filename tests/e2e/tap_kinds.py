"""tap_kinds.py - documents of shops in nineteen languages, as three libraries lay them out: sales carry the invitation; refunds, voids,
reports, kitchen slips, the shop's copies, bills before they are paid, training, payouts and duplicates never do.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, Shop, run_tests, same, want                   # noqa: E402
from streams import append                                           # noqa: E402

# ESC t and Python's name of that page.
PAGES = {"en": (0, "cp437"), "de": (16, "cp1252"), "fr": (16, "cp1252"), "pl": (18, "cp852"), "es": (16, "cp1252"), "it": (16, "cp1252"),
         "ru": (17, "cp866"), "nl": (16, "cp1252"), "pt": (16, "cp1252"), "cs": (18, "cp852"), "uk": (46, "cp1251"),
         "sv": (16, "cp1252"), "da": (16, "cp1252"), "nb": (16, "cp1252"), "fi": (16, "cp1252"), "hu": (18, "cp852"), "ro": (18, "cp852"),
         "hr": (18, "cp852"), "fa": (50, "cp1256")}
# How each sets large print, and how each ends a receipt.
LARGE = [(b"\x1b!\x30", b"\x1b!\x00"), (b"\x1d!\x11\x1bE\x01", b"\x1d!\x00\x1bE\x00"), (b"\x1b!\x38", b"\x1b!\x00")]
ENDS = [b"\x1dVA\x03\x1bp\x00\x3c\x78", b"\x1bd\x06\x1dV\x00", b"\n\r" * 3 + b"\x1dV\x01"]


def _documents():
    """(language, kind, lines) of each."""
    heads, language, kind, lines, found = {}, None, None, [], []
    with open(os.path.join(ROOT, "tests/fixtures/kinds.txt"), encoding="utf-8") as file:
        rows = [row for row in file.read().splitlines() if not row.startswith("# ")]
    for row in rows + ["== end end"]:
        if not row.startswith("== "):
            lines += heads[language] if row == "@head" else [row]
            continue
        if kind == "head":
            heads[language] = lines
        elif kind:
            found.append((language, kind, lines))
        _, language, kind = row.split()
        lines = []
    return found


def _stream(language, lines, manner):
    table, page = PAGES[language]
    out = b"\x1b@" + bytes((0x1B, 0x74, table))
    for line in lines:
        text = line.lstrip("#^") if line[:2] != "##" else line
        large, small = LARGE[manner] if text != line and line[0] == "#" else (b"", b"")
        out += (b"\x1ba\x01" if text != line else b"\x1ba\x00") + large + text.encode(page, "replace") + small + b"\n"
    return out + ENDS[manner]


def _jobs(documents):
    """Each sale by itself; eight of the others in one job, of which none may be taken for a sale."""
    others = [document for document in enumerate(documents) if document[1][1] != "sale"]
    return [[document] for document in enumerate(documents) if document[1][1] == "sale"] + [
        others[at:at + 8] for at in range(0, len(others), 8)]


def what_is_no_sale_is_never_invited_and_sales_are():
    shop = Shop(key=False)
    documents = _documents()
    kinds = {kind for _, kind, _ in documents}
    same(kinds, {"sale", "refund", "void", "report", "kitchen", "merchant", "proforma", "training", "payout", "copy"}, "kinds")
    want(len(documents) > 920, f"{len(documents)} documents")
    wrong = []
    for job in _jobs(documents):
        answer = append(shop, b"".join(_stream(language, lines, number % 3) for number, (language, _, lines) in job))[0]
        if (answer["verdict"] == "invited") != (job[0][1][1] == "sale"):
            said = [piece["verdict"] for piece in answer["pieces"]]
            wrong.append((answer["verdict"], said, [(language, kind, lines[-4:]) for _, (language, kind, lines) in job]))
    same(wrong, [], "wrong verdicts")


run_tests(globals())
