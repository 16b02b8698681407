"""Every script on paper: receipts as the simulated printer got them, read back by tesseract; what drawing costs a plain one."""
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from png import read_png     # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, ROOT, Shop, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

LANGUAGES = {"en-GB": "eng", "pl-PL": "pol", "fr-FR": "fra", "ru-RU": "rus", "fa-IR": "fas", "vi-VN": "vie"}


def _sale(tag):
    with open(os.path.join(ROOT, f"tests/pictures/{tag}.json"), encoding="utf-8") as file:
        return json.load(file)


def _plain(text):
    """Letters that OCR may take for each other in Persian, and joiners that have no shape."""
    text = unicodedata.normalize("NFC", text)
    for found, wanted in (("\u064a", "\u06cc"), ("\u0643", "\u06a9"), ("\u0647\u0654", "\u0647"), ("\u06c0", "\u0647"), ("\u0629", "\u0647"),
                          ("\u200c", ""), ("\u200e", ""), ("\u200f", ""), ("\u2019", "'")):
        text = text.replace(found, wanted)
    return text


def _words(sale):
    texts = [sale["store"]["name"]] + sale["store"]["address"] + [line["name"] for line in sale["lines"]]
    return [word for word in re.split(r"[^\w\u200c']+", _plain(" ".join(texts))) if len(word) > 2 and not word.isdigit()]


def _read(picture, language, words):
    """What stands on the picture, and which of the words does not: those that neither way of dividing the paper reads."""
    read, missed = "", words
    for division in ("6", "4"):
        done = subprocess.run(["tesseract", picture, "-", "-l", language, "--psm", division, "--dpi", "203"], capture_output=True,
                              check=False, timeout=120, env=dict(os.environ, OMP_THREAD_LIMIT="1"))
        if done.returncode != 0:
            return None, []
        read += _plain(done.stdout.decode("utf-8", "replace"))
        missed = [word for word in words if word.lower() not in read.lower()]
        if len(missed) * 8 <= len(words):
            break
    return read, missed


def _preview(shop, sale, name, *arguments):
    picture = os.path.join(shop.place, name)
    answer = shop.kwit("preview", "-", "-o", picture, *arguments, document=sale)
    same(answer.exit, 0, f"preview ({answer.text})")
    return picture


def words_are_read_from_the_paper_of_four_vendors():
    if not shutil.which("tesseract"):
        return
    for profile, text in (("tm-t20iii", "auto"), ("tm-t88v", "raster"), ("ct-s310ii", "auto"), ("xp-t80q", "raster")):
        shop = Shop(profile=profile)
        with open(shop.config, encoding="utf-8") as file:
            settings = file.read()
        with open(shop.config, "w", encoding="utf-8") as file:
            file.write(settings.replace("[printer]\n", f"[printer]\ntext = {text}\n"))
        for tag, language in LANGUAGES.items():
            if (tag in ("en-GB", "fr-FR")) != (profile in ("tm-t88v", "ct-s310ii")) and tag != "fa-IR":
                continue
            sale = _sale(tag)
            words = _words(sale)
            read, missed = _read(_preview(shop, sale, f"{tag}.png"), language, words)
            want(len(missed) * 8 <= len(words), f"{profile}, text = {text}, {tag}: not read: {missed} in\n{read}")


def a_plain_receipt_loads_no_fonts():
    shop = Shop()
    for tag, wanted in (("pl-PL", False), ("ru-RU", False), ("fa-IR", True)):
        environment = dict(os.environ, LD_DEBUG="files")
        done = subprocess.run([KWIT, "--config", shop.config, "--state", shop.state, "print", "--dry-run",
                               os.path.join(ROOT, f"tests/pictures/{tag}.json")], capture_output=True, env=environment, check=False, timeout=60)
        same(done.returncode, 0, f"dry run of {tag}")
        same(b"kwit-text.so" in done.stderr, wanted, f"{tag} loads kwit-text.so")


def without_the_module_what_cannot_be_printed_is_named():
    shop = Shop()
    lone = os.path.join(shop.place, "kwit")
    shutil.copy(KWIT, lone)
    sale, picture = _sale("pl-PL"), os.path.join(shop.place, "paper.txt")
    sale["lines"][0]["name"] = "Herbata \u7dd1"
    done = subprocess.run([lone, "--config", shop.config, "--state", shop.state, "preview", "-", "-o", picture],
                          input=json.dumps(sale).encode(), capture_output=True, check=False, timeout=60)
    same(done.returncode, 0, f"preview without the module ({done.stderr})")
    with open(picture, encoding="utf-8") as file:
        want("Herbata [U+7DD1]" in file.read(), "the character is not named on the paper")
    want(b"U+7DD1" in done.stderr + done.stdout, "no warning names the character")


def strict_fails_before_paper_where_a_character_could_only_be_named():
    shop = Shop()
    sale = _sale("pl-PL")
    sale["lines"][0]["name"] = "Chleb \U000f0001"
    status, line = shop.print(sale, "--strict")
    same(status, 65, f"strict ({line})")
    same(shop.pieces(), [], "paper")


def _last_ink(rows, top, bottom):
    return max(row.rindex(1) for row in rows[top:bottom] if 1 in row) + 1


def columns_end_at_the_same_dot_in_text_and_in_dots():
    shop = Shop(survey=False)
    sale = _sale("pl-PL")
    sale["lines"][0]["name"] = "Chleb \u7dd1"
    status, line = shop.print(sale)
    same(status, 0, f"print ({line})")
    want(shop.events("image") and shop.events("text"), "the receipt is not mixed")
    rows = read_png(os.path.join(shop.paper, shop.pieces()[0]))
    amounts = [event for event in shop.events("text") if event["text"].strip().endswith("A")]
    want(amounts, "no line with an amount and its tax was set in the printer's font")
    images = shop.events("image")
    dots = 203 / 25.4
    ends = {_last_ink(rows, round(event["mm"] * dots) - 2, round(event["mm"] * dots) + 26) for event in amounts[:2] + images[:1]}
    want(max(ends) - min(ends) <= 3, f"the columns end at {sorted(ends)} of {len(rows[0])}")


if __name__ == "__main__":
    run_tests(globals())
