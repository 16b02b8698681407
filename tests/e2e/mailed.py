"""mailed.py - kwit receipt: a sale of the journal as the receipt that is mailed, read back by poppler and zbar."""
import html
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import EXAMPLE, NOW, Shop, example, run_tests, same, skip, want     # noqa: E402  pylint: disable=wrong-import-position

if not all(map(shutil.which, ["pdftotext", "pdftoppm", "zbarimg"])):
    skip("no pdftotext, pdftoppm or zbarimg")


def _file(shop, identity, ending, *options):
    path = os.path.join(shop.place, "receipt" + ending)
    answer = shop.kwit("receipt", identity, "-o", path, *options)
    same(answer.exit, 0, f"receipt {ending} ({answer.text})")
    return path


def _words(path):
    if path.endswith(".pdf"):
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    else:
        with open(path, encoding="utf-8") as file:
            text = html.unescape(re.sub("<[^>]*>", "", re.sub("<style>.*</style>", "", file.read())))
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _codes(shop, path):
    picture = os.path.join(shop.place, "receipt-page")
    subprocess.run(["pdftoppm", "-r", "203", "-png", path, picture], check=True)
    pages = [os.path.join(shop.place, name) for name in sorted(os.listdir(shop.place)) if name.startswith("receipt-page")]
    return subprocess.run(["zbarimg", "-q", "--raw", *pages], capture_output=True, check=False).stdout.decode()


def _names(document):
    return [document["store"]["name"]] + [line["name"] for line in document["lines"]]


def every_word_is_text_in_either_form():
    for name in ["example.json", "market-fa.json", "taverna-el.json"]:
        with open(os.path.join(os.path.dirname(EXAMPLE), name), encoding="utf-8") as file:
            document = dict(json.load(file), time=NOW.isoformat())
        shop = Shop(survey=False)
        same(shop.print(document)[0], 0, "print")
        for ending in [".html"] if name == "market-fa.json" else [".pdf", ".html"]:
            words = _words(_file(shop, document["id"], ending))
            for text in _names(document):
                want(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) in words, f"{name} {ending}: no {text!r}")


def the_same_sale_gives_the_same_file():
    shop = Shop(survey=False)
    document = example()
    shop.print(document)
    files = [open(_file(shop, document["id"], ".pdf"), "rb").read() for _ in range(2)]
    want(files[0] == files[1], "two drawings of one sale differ")


def nobody_is_invited_by_mail_without_asking():
    shop = Shop()
    document = example()
    token = shop.print(document)[1]["survey"]["token"]
    want(token, "the sale is invited on paper")
    for ending in [".pdf", ".html"]:
        want("FB.EXAMPLE" not in _words(_file(shop, document["id"], ending)).upper(), f"{ending}: an invitation")
    want(token not in _codes(shop, _file(shop, document["id"], ".pdf")), "an invitation's code in the PDF")
    events = shop.kwit("journal", "export").text
    want("shown" not in events, "an invitation that was not shown is recorded")


def with_survey_it_is_the_sales_own():
    shop = Shop()
    document = example()
    token = shop.print(document)[1]["survey"]["token"]
    want(token in _codes(shop, _file(shop, document["id"], ".pdf", "--survey")), "zbar reads the sale's token")
    with open(_file(shop, document["id"], ".html", "--survey"), encoding="utf-8") as file:
        want(f'<a href="HTTPS://FB.EXAMPLE/{token}">' in file.read(), "a link to follow")


def a_code_reads_from_left_to_right_as_on_paper():
    for locale in ["he-IL", "fa-IR", "ur-PK"]:
        shop = Shop()
        document = example(locale=locale)
        token = shop.print(document)[1]["survey"]["token"]
        code = "-".join(token[at:at + 4] for at in range(0, len(token), 4))
        want(code in _words(_file(shop, document["id"], ".pdf", "--survey")), f"{locale}: {code} in the PDF")
        with open(_file(shop, document["id"], ".html", "--survey"), encoding="utf-8") as file:
            page = file.read()
        want(re.search("\u2066\u202D?" + code, page), f"{locale}: {code} stands by itself")
        want(re.search("\u2066[\u200E\u2066\u202D]*-[0-9\u06F0-\u06F9]", page), f"{locale}: so does an amount with its minus")


def what_cannot_be_drawn_is_told():
    shop = Shop(survey=False)
    same(shop.kwit("receipt", "nobody", "-o", os.path.join(shop.place, "x.pdf")).exit, 65, "an id that is not known")
    want(not os.path.exists(os.path.join(shop.place, "x.pdf")), "a file of no sale")
    same(shop.kwit("receipt", "nobody", "-o", "x.doc").exit, 64, "another ending")


def the_library_of_pdf_is_loaded_for_pdf_alone():
    shop = Shop(survey=False)
    document = example()
    plain = dict(os.environ, LD_DEBUG="files")
    want("kwit-pdf" not in shop.kwit("print", "-", document=document, environment=plain).text, "print loads it")
    path = os.path.join(shop.place, "x.html")
    want("kwit-pdf" not in shop.kwit("receipt", "--last", "-o", path, environment=plain).text, "HTML loads it")
    want("kwit-pdf" in shop.kwit("receipt", "--last", "-o", path[:-4] + "pdf", environment=plain).text, "PDF loads it")


run_tests(globals())
