"""The lists that several rooms share, row by row: a row is in documents, rules, the journal and reports under one word, for ever."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, SCRATCH, Shop, run_tests, same, tiny, want                      # noqa: E402  pylint: disable=wrong-import-position
from rows import forgotten, frozen_numbers, lists, numbers, rows                   # noqa: E402  pylint: disable=wrong-import-position

KINDS = rows("driver/data/kinds.def", "KIND")
LINE_KINDS = [row for row in rows("driver/sale/words.def", "NUMBER") if row[0].startswith("LINE_")]
NEVER_INVITED = {"void": "document_type", "proforma": "document_type", "payout": "document_type", "gift": "document_type",
                 "training": "training", "document": "document_type"}


def _document(kind, identity):
    changes = {"lines": [], "blocks": [{"text": "A note"}]} if kind == "document" else {}
    return tiny(identity, kind=kind, **changes)


def _export(shop):
    return [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]


def every_number_and_word_is_for_ever():
    frozen = frozen_numbers()
    same([line for line in frozen if line not in numbers()], [], "numbers that journals hold, gone or changed")
    same([line for line in numbers() if line not in frozen], [], "new rows: `make golden` writes them down")


def every_list_is_walked_over():
    same(forgotten(), [], "lists that tests/support/rows.py does not name")


def every_row_is_named_as_its_word():
    # A number below zero is called MINUS_3.
    strange = [(path, name, word) for path, _, found in lists() for name, _, word in found
               if not f"_{name.lower()}".endswith("_" + re.sub(r"^-(?=\d)", "minus_", word).replace("-", "_")) and word]
    same(strange, [], "names that are not their words")
    for path, what, found in lists():
        where = f"{path}: {what}"
        for column in (0, 1, 2):
            same(len({row[column] for row in found}), len(found), f"{where}: rows that differ")


def every_kind_is_printed_and_kept_as_what_it_is():
    # Paper of the simulated printer is a test and counts nowhere, so a pipe stands for the printer.
    pipe = os.path.join(SCRATCH, "printer")
    os.mkfifo(pipe)
    reader = subprocess.Popen(["sh", "-c", f"exec cat <>{pipe} >/dev/null"])      # a printer takes what it is sent
    shop = Shop(printer=f"file:{pipe}")
    for _, _, kind in KINDS:
        status, line = shop.print(_document(kind, f"K-{kind}"))
        same((status, line["survey"]["reason"]), (0, NEVER_INVITED.get(kind)), f"printing a {kind}")
    same([sale["kind"] for sale in _export(shop)], [kind for _, _, kind in KINDS], "what the journal exports")
    report = shop.kwit("report", "--json").line
    found = {line["label"] for line in report["by"]["kind"]}
    same(found, {kind for _, _, kind in KINDS}, "kinds in the report")
    reader.kill()
    reader.wait()


def every_kind_can_be_excluded_alone():
    for _, _, kind in KINDS:
        shop = Shop(more=f"exclude = kind={kind}\n")
        same(shop.kwit("config", "check").exit, 0, f"kind={kind} in the configuration")
        for _, _, other in KINDS:
            reason = shop.print(_document(other, f"X-{other}"), "--dry-run", "-o", "/dev/null")[1]["survey"]["reason"]
            same(reason, NEVER_INVITED.get(other, "excluded" if other == kind else None), f"a {other} where kind={kind}")


def every_kind_of_line_can_be_excluded_alone():
    apple = {"name": "Apple", "quantity": "1", "unit_price": "1.00", "total": "1.00"}
    for _, _, kind in LINE_KINDS:
        shop = Shop(more=f"exclude = line={kind}\n")
        same(shop.kwit("config", "check").exit, 0, f"line={kind} in the configuration")
        for _, _, other in LINE_KINDS:
            line = {"name": "Note", "kind": other} if other == "comment" else dict(apple, kind=other)
            survey = shop.print(tiny(f"L-{other}", lines=[apple, line]), "--dry-run", "-o", "/dev/null")[1]["survey"]
            same(survey["reason"], "excluded" if other == kind or kind == "item" else None, f"a line of {other} where line={kind}")


def every_platform_is_known_to_the_configuration_and_the_option():
    names = re.findall(r'^PLATFORM\("(\w+)"', open(os.path.join(ROOT, "driver/data/platforms.def"), encoding="utf-8").read(), re.MULTILINE)
    want(len(names) == len(set(names)) > 1, f"platforms: {names}")
    for name in names:
        shop = Shop(more=f"[import form]\nplatform = {name}\n")
        same(shop.kwit("config", "check").exit, 0, f"platform = {name}")
        for call in (("--platform", name), ("--form", "form")):
            same(shop.kwit("survey", "import", "no-such-file.csv", *call).exit, 66, f"{call} goes on to read the file")
    told = Shop().kwit("survey", "import", "no-such-file.csv", "--platform", "nobody")
    want(told.exit == 64 and ", ".join(names) in told.text, f"what is said of an unknown platform: {told.text}")
    same(Shop(more="[import form]\nplatform = nobody\n").kwit("config", "check").exit, 78, "an unknown platform in the configuration")


def every_column_is_found_by_key_and_by_option():
    found = rows("driver/data/columns.def", "COLUMN")
    same([number for _, number, _ in found], list(range(len(found))), "numbers of the columns")
    cells = {"token": "0000", "id": "r1", "time": "2026-11-22T10:00:00Z", "finished": "yes", "preview": "", "language": "en", "nps": "9", "csat": "5",
             "ces": "7", "comment": "Good", "contact": "no", "event": ""}
    headers = {word: f"head of {word}" for _, _, word in found}
    form = "".join(f"{word} = {header}\n" for word, header in headers.items())
    for shop, call in ((Shop(more=f"[import form]\n{form}"), ("--form", "form")),
                       (Shop(), [part for word, header in headers.items() for part in ("--column", f"{word}={header}")])):
        path = os.path.join(shop.place, "answers.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(",".join(headers.values()) + "\n" + ",".join(cells.get(word, "") for word in headers) + "\n")
        answer = shop.kwit("survey", "import", path, *call, "--json")
        same(answer.exit, 0, f"importing by {call} ({answer.text})")
        same(answer.line["columns"], headers, f"columns found by {call}")


run_tests(globals())
