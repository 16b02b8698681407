"""The programs in cli/manual/examples, run: each before a printer that prints, one that is away, one in doubt, a document
that conflicts, a kwit that is killed in its first call, and without a kwit on the path."""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position
from till_place import AWAY, TillPlace, in_doubt             # noqa: E402  pylint: disable=wrong-import-position

EXAMPLES = os.path.join(ROOT, "cli/manual/examples")
# A name beyond Latin-1 and one within it: the document must reach kwit as it is.
SALE = json.dumps(tiny("S-1", locale="en-GB", lines=[{"name": "Crème brûlée", "quantity": "1", "unit_price": "3.00", "total": "3.00"}],
                       total="3.00"), ensure_ascii=False)

# Kills itself in the first call after the sale was printed; the second call finds it.
DIES_ONCE = """#!/bin/sh
if [ "$1" = print ] && mkdir {place}/died 2>/dev/null; then
    ( {real} ) >/dev/null 2>&1
    kill -9 $$
fi
{real}"""

C_LIBRARY = ["-I", f"{ROOT}/include", "-L", os.path.dirname(KWIT), "-lkwit", f"-Wl,-rpath,{os.path.dirname(os.path.abspath(KWIT))}"]


def _situations():
    return (("printed", None, "done"), ("away", AWAY, "prints by itself"), ("in doubt", in_doubt(), "Did the receipt come out?"),
            ("conflict", None, "kwit:"))


def _till(example, build, printer=None):
    till = TillPlace(SALE, printer)
    shutil.copy(os.path.join(EXAMPLES, example), till.place)
    if build:
        made = till.run(build)
        same(made.exit, 0, f"building {example} ({made.text})")
    return till


def _acts_on_every_outcome(example, command, build=None):
    for title, printer, wanted in _situations():
        till = _till(example, build, printer)
        if title == "conflict":
            till.put("other.json", json.dumps(tiny("S-1", locale="en-GB", total="1.00", lines=[{"name": "Tea", "total": "1.00"}])))
            same(till.run(["kwit", "print", "other.json"]).exit, 0, "the first document")
        answer = till.run(command, answer="yes\n")
        want(wanted in answer.text, f"{example}, {title}: {answer.text!r}")
        if title == "in doubt":
            again = till.run(["kwit", "print", "sale.json", "--json"])
            same((again.exit, again.line["outcome"]), (0, "duplicate"), f"{example}: after kwit resolve --seen")


def _survives_a_killed_kwit(example, command, build=None):
    till = _till(example, build)
    till.command("kwit", DIES_ONCE.format(place=till.place, real=till.real))
    answer = till.run(command)
    want("done" in answer.text and os.path.isdir(os.path.join(till.place, "died")), f"{example}: {answer.text!r}")


def _says_that_kwit_is_missing(example, command, build=None):
    till = _till(example, build)
    os.remove(os.path.join(till.bin, "kwit"))
    answer = till.run(command)
    want("kwit" in answer.text and "done" not in answer.text, f"{example}: {answer.text!r}")


def _works(example, command, build=None, needs=()):
    absent = [name for name in needs if not shutil.which(name)]
    if absent:
        print(f"not tried: {example}: {', '.join(absent)} is not installed")
        return
    _acts_on_every_outcome(example, command, build)
    _survives_a_killed_kwit(example, command, build)
    _says_that_kwit_is_missing(example, command, build)


def python():
    _works("till.py", [sys.executable, "till.py", "sale.json"])


def shell():
    _works("till.sh", ["sh", "till.sh", "sale.json", "S-1"])


def php():
    _works("till.php", ["php", "till.php", "sale.json"], needs=["php"])


def node():
    _works("till.js", ["node", "till.js", "sale.json"], needs=["node"])


def java():
    _works("Till.java", ["java", "Till", "sale.json", "S-1"], ["javac", "Till.java"], needs=["java", "javac"])


def csharp():
    _works("Till.cs", ["mono", "Till.exe", "sale.json", "S-1"], ["mcs", "Till.cs"], needs=["mcs", "mono"])


def go():
    _works("till.go", ["./till", "sale.json"], ["env", "GO111MODULE=off", "go", "build", "-o", "till", "till.go"],
           needs=["go"])


def c():
    if os.path.exists("/etc/kwit"):
        print("not tried: till.c: /etc/kwit would be used")
        return
    compiler = os.environ.get("CC", "cc").split()
    _acts_on_every_outcome("till.c", ["./till", "sale.json", "S-1"], [*compiler, "-Wall", "-Wextra", "-Werror", "till.c", "-o", "till", *C_LIBRARY])


if __name__ == "__main__":
    run_tests(globals())
