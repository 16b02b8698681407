"""The recipes of cli/manual/hacking.md, taken by their word: a copy of the tree gets every one of them, builds, and knows it all."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import kwit                                                             # noqa: E402  pylint: disable=wrong-import-position
from kwit import ROOT, SCRATCH, Shop, run_tests, same, tiny, want       # noqa: E402  pylint: disable=wrong-import-position

TREE, BUILD = os.path.join(SCRATCH, "tree"), os.environ.get("BUILD", os.path.join(ROOT, "build"))


def _read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def _write(name, text):
    with open(os.path.join(TREE, name), "w", encoding="utf-8") as file:
        file.write(text)


def _end_of_row(text, start):
    """Behind the line in which the row's brackets are closed."""
    depth, at = 0, start
    for at in range(start, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if text[at] == "\n" and depth == 0:
            break
    return at + 1


def _add_row(name, row):
    """Behind the last row of its kind."""
    text = _read(os.path.join(TREE, name))
    first = re.match(r'#include "[\w/]*/|\w+\(', row).group()
    rows = list(re.finditer(rf"^{re.escape(first)}", text, re.MULTILINE))
    if first == "KEY(":
        section = row.split(",")[0]
        rows = list(re.finditer(rf"^{re.escape(section)},", text, re.MULTILINE))
    want(rows, f"{name} has no row like {row}")
    end = _end_of_row(text, rows[-1].start())
    _write(name, text[:end] + row + text[end:])


def _follow(what, where, body):
    name, _, line = where.partition(": ")
    if what == "file":
        _write(name, body)
    elif what == "row":
        _add_row(name, body)
    else:
        text = _read(os.path.join(TREE, name))
        want(text.count(line + "\n") == 1, f"{name} has no line {line}")
        _write(name, text.replace(line + "\n", line + "\n" + body))


def _build():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in (name for name in names if not name.startswith("tests/") and os.path.exists(os.path.join(ROOT, name))):
        os.makedirs(os.path.dirname(os.path.join(TREE, name)), exist_ok=True)
        shutil.copy2(os.path.join(ROOT, name), os.path.join(TREE, name))
    # With what was built already, so that only what a recipe touches is built again.
    for part in ("obj/driver", "obj/cli", "gen"):
        shutil.copytree(os.path.join(BUILD, part), os.path.join(TREE, "build", part))
    recipes = re.findall(r"^```(row|file|after) (\S[^\n]*)\n(.*?)^```$", _read(os.path.join(ROOT, "cli/manual/hacking.md")), re.MULTILINE | re.DOTALL)
    same(len(recipes), 11, "recipes")
    for recipe in recipes:
        _follow(*recipe)
    page = _read(os.path.join(ROOT, "driver/data/codepages/cp437.def"))
    _write("driver/data/codepages/example.def", page.replace('"cp437"', '"example"'))
    # Quickly: what is built is looked at once.
    made = subprocess.run(["make", "-j2", "CFLAGS=-O0", "build/kwit"], cwd=TREE, capture_output=True, text=True,
                          env={name: value for name, value in os.environ.items() if name not in ("BUILD", "MAKEFLAGS", "MAKELEVEL")}, check=False)
    same(made.returncode, 0, f"building with every recipe ({(made.stdout + made.stderr)[-1500:]})")
    kwit.KWIT = os.path.join(TREE, "build/kwit")


def what_the_recipes_add_is_there():
    _build()
    shop = Shop(more="exclude = kind=quote\n[import form]\nplatform = example\nbranch = Branch\n[store]\nmotto = Quality\n")
    same(shop.kwit("config", "check").exit, 0, f"the key, the kind, the platform and the column ({shop.kwit('config', 'check').text})")
    want(re.search(r"^motto = Quality", shop.kwit("config", "show").text, re.MULTILINE), "config show tells the key")
    want("example-80" in shop.kwit("devices", "--profiles").text, "the printer is listed")
    same(shop.kwit("hello").out, b"hello\n", "the subcommand")
    want("say hello" in shop.kwit("help").text + shop.kwit("--help").text, "the subcommand's help")
    status, line = shop.print(tiny("Q", kind="quote", locale="eo-XX"))
    same((status, line["survey"]["reason"], line["warnings"]), (0, "document_type", []), "a quote in the new language")
    want("SUMO" in shop.text(), f"the language's own words: {shop.text()}")


run_tests(globals())
