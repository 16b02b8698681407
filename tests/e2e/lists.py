"""The lists that several rooms share, row by row: a row is in documents, rules, the journal and reports under one word, for ever."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import SCRATCH, Shop, run_tests, same, tiny, want                      # noqa: E402  pylint: disable=wrong-import-position
from rows import LISTS, frozen_numbers, numbers, rows                   # noqa: E402  pylint: disable=wrong-import-position

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


def every_row_is_named_as_its_word():
    for path, macro, _ in LISTS:
        found = rows(path, macro)
        want(found, f"{path} has no rows")
        same([(name, word) for name, _, word in found if name.lower() != word], [], f"{path}: names that are not their words")
        for column in (0, 1, 2):
            same(len({row[column] for row in found}), len(found), f"{path}: rows that differ")


def every_kind_is_printed_and_kept_as_what_it_is():
    # Paper of the simulated printer is a test and counts nowhere, so a pipe stands for the printer.
    pipe = os.path.join(SCRATCH, "printer")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    shop = Shop(printer=f"file:{pipe}")
    for _, _, kind in KINDS:
        status, line = shop.print(_document(kind, f"K-{kind}"))
        same((status, line["survey"]["reason"]), (0, NEVER_INVITED.get(kind)), f"printing a {kind}")
        os.read(reader, 1 << 16)
    same([sale["kind"] for sale in _export(shop)], [kind for _, _, kind in KINDS], "what the journal exports")
    report = shop.kwit("report", "--json").line
    found = {line["label"] for line in report["by"]["kind"]}
    same(found, {kind for _, _, kind in KINDS}, "kinds in the report")
    os.close(reader)


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


run_tests(globals())
