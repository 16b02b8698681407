"""The README and the manual, executed: their examples run against the simulated printer, their tables equal the lists in
the code, and every command, option, target and file that they name exists.

`python3 tests/e2e/readme.py --write` fills the parts between `<!-- name -->` and `<!-- end -->` from the code.
"""
import glob
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from till_place import TillPlace, in_doubt                      # noqa: E402  pylint: disable=wrong-import-position



def _source(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


PAGES = {os.path.relpath(path, ROOT): _source(path) for path in
         [os.path.join(ROOT, "README.md"), os.path.join(ROOT, "include/kwit/sale.md"), *sorted(glob.glob(os.path.join(ROOT, "cli/manual/*.md")))]}
TEXT = "\n".join(PAGES.values())
with open(os.path.join(ROOT, "include/kwit/kwit.h"), encoding="utf-8") as header:
    HEADER = header.read()

BLOCKS = [(info.split(), body) for info, body in re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]


def _blocks(language):
    return [body for info, body in BLOCKS if info[0] == language and "skip" not in info]


def _rows(name, pattern):
    start = HEADER.index(f"#define {name}(X)")
    return re.findall(pattern, HEADER[start:HEADER.index("\n\n", start)])


def _reasons():
    return _rows("KWIT_ERRORS", r'X\(\w+,\s*-\d+,\s*"(\w+)",\s*(\d+),\s*"([^"]*)"\)')


def _source(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def _rows_of(path, pattern):
    return re.findall(pattern, _source(path), re.MULTILINE)


# ---- the parts that are made from the code -----------------------------------------------------------------------

def _made_reasons():
    """The words and their exits are the code's; what to do is the page's own, kept row by row."""
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| \d+ \| ([^|]*) \|$", PAGES["cli/manual/integrate.md"], re.MULTILINE))
    rows = "".join(f"| `{word}` | {text} | {code} | {told.get(word, '')} |\n" for word, code, text in _reasons())
    return f"| reason | | exit of `error` | what to do |\n|---|---|---|---|\n{rows}"


def every_reason_says_what_to_do():
    silent = re.findall(r"^\| `(\w+)` \| [^|]* \| \d+ \|  \|$", PAGES["cli/manual/integrate.md"], re.MULTILINE)
    same(silent, [], "reasons without a word of what to do")


def _made_models():
    listed = subprocess.run([KWIT, "devices", "--profiles"], capture_output=True, text=True, timeout=20, check=True).stdout
    rows = re.findall(r"^(\S+)\s+(\d+) mm\s+(\d+) dots\s+(\d+) dpi\s+(\d+) columns\s+(.*)$", listed, re.MULTILINE)
    want(len(rows) > 60, f"{len(rows)} models")
    lines = "".join(f"| `{name}` | {model} | {paper} | {dots} | {dpi} | {columns} |\n" for name, paper, dots, dpi, columns, model in rows)
    return f"| profile | model | paper, mm | dots | dpi | columns |\n|---|---|---|---|---|---|\n{lines}"


def _made_warnings():
    return ", ".join(f"`{word}`" for word in _rows("KWIT_WARNINGS", r'X\(\w+,\s*"(\w+)"\)')) + "\n"


def _made_keys():
    place = os.path.join(SCRATCH, "none.conf")
    with open(place, "w", encoding="utf-8") as file:
        file.write("[survey]\nvariants = NAME\n[import NAME]\n[question name]\n[map NAME]\n")
    shown = subprocess.run([KWIT, "--config", place, "config", "show", "--json"], capture_output=True, timeout=20, check=True)
    text, section = "", None
    for entry in json.loads(shown.stdout)["entries"]:
        if entry["section"] != section:
            section = entry["section"]
            title = {"printer": "`[printer]` and `[printer NAME]`", "question name": "`[question NAME]`"}.get(section, f"`[{section}]`")
            text += f"\n| {title} | default | |\n|---|---|---|\n"
        default = "" if entry["key"] == "variants" else entry["value"]
        choice = re.fullmatch(r"[a-z_-]+(\|[a-z_-]+)+", entry["limits"])
        limits = " · " + ", ".join(f"`{word}`" for word in entry["limits"].split("|")) if choice else ""
        text += f"| `{entry['key']}` | {default} | {entry['help']}{limits} |\n"
    return text


def _made_words():
    """What each word of [words LANG] is in English, four to a row."""
    words = _rows_of("driver/data/wording/en.def", r'^WORD\(en, (\w+), "([^"]*)"\)$')
    cells = ["`reward` the reward line"] + [f"`{label}` {text.strip()}" for label, text in words]
    return "".join(f"{cell}{'  ' if i + 1 < len(cells) else ''}\n" for i, cell in enumerate(cells))


def _made_languages():
    languages = {}
    for name in re.findall(r'^#include "data/(wording/\w+|regions)\.def"$', _source("driver/data/locales.def"), re.MULTILINE):
        text = _source(f"driver/data/{name}.def")
        for tag, words in re.findall(r'^LOCALE\("([^"]+)", (\w+),', text, re.MULTILINE):
            languages.setdefault(words, []).append(tag)
        for words, reading in re.findall(r'^LANGUAGE\((\w+), \w+, "[^"]+", (\w+)\)', text, re.MULTILINE):
            languages.setdefault(words, []).insert(0, reading)
    rows = "".join(f"| `{tags[0]}` | {', '.join(tags[1:])} | {'yes' if reading == 'FLUENT' else 'no'} |\n"
                   for reading, *tags in languages.values() if tags)
    return f"| words | regions with the same words, each with its own notation | read by someone fluent |\n|---|---|---|\n{rows}"


MADE = {"reasons": _made_reasons, "warnings": _made_warnings, "keys": _made_keys, "models": _made_models, "words": _made_words,
        "languages": _made_languages}


def the_made_parts_are_those_of_the_code():
    for name, make in MADE.items():
        found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
        want(found, f"no page has a part {name}")
        want(found.group(1) == make(), f"the part {name} is not that of the code; python3 tests/e2e/readme.py --write mends it")


def _write():
    for path, text in PAGES.items():
        for name, make in MADE.items():
            text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda found, made=make: found.group(1) + made() + found.group(2),
                          text, flags=re.DOTALL)
        with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
            file.write(text)


# ---- what it names -------------------------------------------------------------------------------------------------

def the_table_of_outcomes_is_that_of_kwit_h():
    table = {}
    for code, words in re.findall(r"^\| (\d+) \| ([^|]*) \|", TEXT, re.MULTILINE):
        for word in re.findall(r"`(\w+)`", words):
            table.setdefault(word, set()).add(int(code))
    for word, code in _rows("KWIT_OUTCOMES", r'X\(\w+,\s*"(\w+)",\s*(\d+),\s*\d\)'):
        want(int(code) in table.get(word, set()), f"outcome {word} with exit {code} is not in the table: {table.get(word)}")
    same(table["error"] | {65}, {int(code) for _, code, _ in _reasons()} | {64}, "exits of `error`")


def _help(*arguments):
    answer = subprocess.run([KWIT, *arguments, "--help"], capture_output=True, timeout=20, check=False)
    return answer.stdout.decode() if answer.returncode == 0 else None


def every_command_and_option_exists():
    code = "\n".join(body for info, body in BLOCKS if info[0] in ("sh", "c")) + "\n" + "\n".join(re.findall(r"`(kwit [^`]*)`", TEXT))
    used = set(re.findall(r"(?<![\w=])kwit ((?!ID)[a-z][a-z-]*)([^\n#|]*)", code))
    want(used, "no command is used")
    for command, rest in used:
        text = _help(command)
        want(text is not None, f"kwit {command} does not exist")
        for option in re.findall(r"(?<!\S)(--?[a-z][a-z-]*)", rest):
            want(re.search(rf"^  {option}\b", text, re.MULTILINE), f"kwit {command} has no {option}")


def every_target_of_make_exists():
    known = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in set(re.findall(r"^    make (\w[\w-]*)|`make (\w[\w-]*)|^(?:sudo )?make (\w[\w-]*)", TEXT, re.MULTILINE)):
        name = "".join(target)
        want(re.search(rf"^  {name} ", known, re.MULTILINE), f"make help does not list {name}")


def every_file_exists():
    for page, text in PAGES.items():
        for name in re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r"src=\"([^\"]+)\"", text):
            want(os.path.exists(os.path.join(ROOT, os.path.dirname(page), name)), f"{page}: there is no {name}")
        for name in re.findall(r"`((?:driver|include|cli|tests|udev)/[\w./-]*)`", text):
            want(os.path.exists(os.path.join(ROOT, name)), f"{page}: there is no {name}")


def the_readme_is_one_page():
    want(len(PAGES["README.md"].splitlines()) <= 150, "the README has more than 150 lines; the rest belongs to cli/manual/")


def every_address_has_its_scheme():
    schemes = set(re.findall(r"^\| `(\w+):", TEXT, re.MULTILINE))
    same(schemes, {"usb", "tcp", "serial", "file", "sim"}, "schemes in the table of addresses")


def every_field_of_the_document_is_told():
    schema = json.loads(_source("include/kwit/sale.schema.json"))
    page = PAGES["include/kwit/sale.md"]
    told = {title: set(re.findall(r"`(\w+)`", body)) for title, body in re.findall(r"^## (.*)\n((?:(?!^## ).*\n)*)", page, re.MULTILINE)}
    records = {"The document": schema, **{name: record for name, record in schema["$defs"].items() if "properties" in record}}
    for name, record in records.items():
        title = "block" if name.startswith("block_") or name == "cell" else name
        missing = sorted(set(record["properties"]) - told.get(title, set()))
        want(not missing, f"include/kwit/sale.md, {title}: {missing} is not told")
        words = [word for member in record["properties"].values() for word in member.get("enum", []) if isinstance(word, str)]
        untold = [word for word in words if word not in set().union(*told.values()) and "-" not in word and word not in ("upc_a", "upc_e")]
        want(not untold, f"include/kwit/sale.md: the words {untold} are not told")


def every_reason_for_no_invitation_is_told():
    words = re.findall(r'^REASON\(\w+, \d+, "(\w+)"', _source("driver/data/reasons.def"), re.MULTILINE)
    told = PAGES["cli/manual/survey.md"]
    told = told[told.index("## Why a sale has none"):]
    want(len(words) == 19, f"{words}")
    same(sorted(word for row in re.findall(r"^\| ([^|]*) \|", told, re.MULTILINE) for word in re.findall(r"`(\w+)`", row)), sorted(words), "reasons")


def every_platform_and_every_rule_is_told():
    links = PAGES["cli/manual/survey.md"]
    rows = re.findall(r'^PLATFORM\("(\w+)", [^"]*"[^"]*", "[^"]*", "([^"]*)"', _source("driver/data/platforms.def"), re.MULTILINE)
    rows += re.findall(r'^PLATFORM\("(\w+)", [^"]*"[^"]*", "[^"]*",\n\s*"([^"]*)"', _source("driver/data/platforms.def"), re.MULTILINE)
    want(len(rows) == 10, f"{rows}")
    for name, link in rows:
        want(f"`{link}`" in links, f"the link of {name} is not in the table: {link}")
    prefixes = re.findall(r'\{ "([a-z]+[=<>])", ', _source("driver/survey/eligible.c"))
    want(len(prefixes) == 8, f"{prefixes}")
    for prefix in prefixes:
        want(f"`{prefix}" in TEXT[TEXT.index("| rule | excludes |"):], f"no example of {prefix}")


# ---- the examples, run ---------------------------------------------------------------------------------------------

def the_shell_examples_run():
    till = TillPlace(_blocks("json")[0])
    for info, body in BLOCKS:
        if info[0] != "sh" or "skip" in info:
            continue
        if "after=unconfirmed" in info:
            asking = TillPlace(_blocks("json")[0], in_doubt())
            same(asking.run(["kwit", "print", "sale.json"]).exit, 76, "a printer that must confirm and cannot")
            answer = asking.run(["bash", "-e", "-c", body])
            want(answer.exit in (0, 76), f"{body}: exit {answer.exit} ({answer.text})")
            continue
        answer = till.run(["bash", "-e", "-c", body])
        same(answer.exit, 0, f"{body} ({answer.text})")


def the_configuration_example_is_faultless():
    for body in _blocks("ini"):
        till = TillPlace(_blocks("json")[0], body)
        answer = till.run(["kwit", "config", "check"])
        same(answer.exit, 0, f"config check ({answer.text})")


def the_documents_print_without_a_warning():
    for body in _blocks("json"):
        till = TillPlace(_blocks("json")[0])
        till.put("sale.json", body)
        answer = till.run(["kwit", "print", "sale.json", "--strict"])
        same(answer.exit, 0, f"print --strict ({answer.text})")


# ---- failures ----------------------------------------------------------------------------------------------------

def _said_by_code():
    """Every text of the sources, with those that stand one behind the other as one."""
    for path in glob.glob(os.path.join(ROOT, "driver/**/*.[ch]"), recursive=True):
        with open(path, encoding="utf-8") as file:
            for text in re.findall(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*', file.read()):
                yield re.sub(r'"\s*"', "", text)[1:-1]


def what_is_quoted_of_failures_is_what_the_code_says():
    page, said = " ".join(PAGES["cli/manual/failures.md"].split()), "\n".join(_said_by_code())
    quoted = re.findall(r'"([^"]+)"', page)
    want(len(quoted) > 25, f"messages: {len(quoted)}")
    same([part for text in quoted for part in re.split(r"\s*…\s*", text) if part.strip() and part not in said], [], "words that the code does not say")
    metrics, outcomes = _source("driver/office/metrics.c"), _source("driver/record/batch_outcomes.def")
    same([name for name in re.findall(r"`(kwit_\w+)`", page) if f'"{name}"' not in metrics], [], "metrics that are none")
    same([word for word in re.findall(r"outcome `(\w+)`", page) if f'"{word}")' not in outcomes], [], "outcomes that are none")
    same(len(re.findall(r"\*\*(?:Seen|kwit|To do):\*\*", page)), 3 * len(re.findall("^## ", PAGES["cli/manual/failures.md"], re.MULTILINE)), "seen, done, to do")


if sys.argv[1:] == ["--write"]:
    _write()
else:
    run_tests(globals())
