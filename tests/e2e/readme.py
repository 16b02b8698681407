"""The README, executed: its examples run against the simulated printer, its tables equal the lists in the code, and
every command, option, target and file that it names exists.

`python3 tests/e2e/readme.py --write` fills the parts between `<!-- name -->` and `<!-- end -->` from the code.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, Answer, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
    TEXT = readme.read()
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


# ---- the parts that are made from the code -----------------------------------------------------------------------

def _made_reasons():
    rows = "".join(f"| `{word}` | {text} | {code} |\n" for word, code, text in _reasons())
    return f"| reason | | exit of `error` |\n|---|---|---|\n{rows}"


def _made_warnings():
    return ", ".join(f"`{word}`" for word in _rows("KWIT_WARNINGS", r'X\(\w+,\s*"(\w+)"\)')) + "\n"


def _made_keys():
    place = os.path.join(SCRATCH, "none.conf")
    with open(place, "w", encoding="utf-8") as file:
        file.write("[survey]\nvariants = NAME\n[import NAME]\n")
    shown = subprocess.run([KWIT, "--config", place, "config", "show", "--json"], capture_output=True, timeout=20, check=True)
    text, section = "", None
    for entry in json.loads(shown.stdout)["entries"]:
        if entry["section"] != section:
            section = entry["section"]
            title = {"printer": "`[printer]` and `[printer NAME]`"}.get(section, f"`[{section}]`")
            text += f"\n| {title} | default | |\n|---|---|---|\n"
        default = "" if entry["key"] == "variants" else entry["value"]
        choice = re.fullmatch(r"[a-z_-]+(\|[a-z_-]+)+", entry["limits"])
        limits = " · " + ", ".join(f"`{word}`" for word in entry["limits"].split("|")) if choice else ""
        text += f"| `{entry['key']}` | {default} | {entry['help']}{limits} |\n"
    return text


MADE = {"reasons": _made_reasons, "warnings": _made_warnings, "keys": _made_keys}


def the_made_parts_are_those_of_the_code():
    for name, make in MADE.items():
        found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", TEXT, re.DOTALL)
        want(found, f"the README has no part {name}")
        want(found.group(1) == make(), f"the part {name} is not that of the code; python3 tests/e2e/readme.py --write mends it")


def _write():
    text = TEXT
    for name, make in MADE.items():
        text = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda found, made=make(): found.group(1) + made + found.group(2),
                      text, flags=re.DOTALL)
    with open(os.path.join(ROOT, "README.md"), "w", encoding="utf-8") as file:
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
    used = set(re.findall(r"\bkwit ((?!ID)[a-z][a-z-]*)([^\n#|]*)", code))
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
    names = re.findall(r"\]\(([^)#]+)\)|src=\"([^\"]+)\"|`((?:driver|include|cli|tests|udev)/[\w./-]*)`", TEXT)
    for name in {"".join(parts) for parts in names}:
        want(os.path.exists(os.path.join(ROOT, name)), f"there is no {name}")


def every_address_has_its_scheme():
    schemes = set(re.findall(r"^\| `(\w+):", TEXT, re.MULTILINE))
    same(schemes, {"usb", "tcp", "serial", "file", "sim"}, "schemes in the table of addresses")


def _source(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def every_reason_for_no_invitation_is_told():
    words = re.findall(r'X\(\w+, \d+, "(\w+)"\)', _source("driver/survey/survey.h"))
    told = TEXT[TEXT.index("### Why a sale has none"):TEXT.index("### Answers and the report")]
    want(len(words) == 15, f"{words}")
    same(sorted(word for row in re.findall(r"^\| ([^|]*) \|", told, re.MULTILINE) for word in re.findall(r"`(\w+)`", row)), sorted(words), "reasons")


def every_platform_and_every_rule_is_told():
    links = TEXT[TEXT.index("### Links"):TEXT.index("### Why a sale has none")]
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

class _Till:
    """A directory with sale.json, and a kwit on the path that uses a configuration and state of its own."""
    made = 0

    def __init__(self, printer=None):
        _Till.made += 1
        self.place = tempfile.mkdtemp(prefix=f"till-{_Till.made}-", dir=SCRATCH)
        os.symlink(os.path.join(ROOT, "tests"), os.path.join(self.place, "tests"))
        self.bin = os.path.join(self.place, "bin")
        config = os.path.join(self.place, "config/kwit/kwit.conf")
        os.makedirs(os.path.dirname(config))
        os.makedirs(self.bin)
        with open(config, "w", encoding="utf-8") as file:
            file.write(printer or f"[printer]\nuri = sim:{self.place}/sim?profile=tm-t20iii\n")
        state = os.path.join(self.place, "state")
        os.makedirs(state)
        wrapper = os.path.join(self.bin, "kwit")
        with open(wrapper, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {KWIT} --config {config} --state {state} "$@"\n')
        os.chmod(wrapper, 0o755)
        self.environment = dict(os.environ, PATH=f"{self.bin}:{os.environ['PATH']}", XDG_CONFIG_HOME=f"{self.place}/config",
                                KWIT_STATE_DIR=state, ID="S-1")
        self.put("sale.json", _blocks("json")[0])

    def put(self, name, text):
        with open(os.path.join(self.place, name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, command, answer="y\n"):
        return Answer(subprocess.run(command, cwd=self.place, env=self.environment, input=answer.encode(), capture_output=True,
                                     timeout=120, check=False))


UNCONFIRMED = "[printer]\nuri = file:{place}\nprofile = tm-t20iii\nconfirm = require\n"
AWAY = "[printer]\nuri = tcp://127.0.0.1:1\nprofile = tm-t20iii\ndrain = next-call\ntimeout = 1 s\n"


def _unconfirmed():
    place = os.path.join(SCRATCH, "paper.bin")
    open(place, "wb").close()
    return UNCONFIRMED.format(place=place)


def the_shell_examples_run():
    till = _Till()
    for info, body in BLOCKS:
        if info[0] != "sh" or "skip" in info:
            continue
        if "after=unconfirmed" in info:
            asking = _Till(_unconfirmed())
            same(asking.run(["kwit", "print", "sale.json"]).exit, 76, "a printer that must confirm and cannot")
            answer = asking.run(["bash", "-e", "-c", body])
            want(answer.exit in (0, 76), f"{body}: exit {answer.exit} ({answer.text})")
            continue
        answer = till.run(["bash", "-e", "-c", body])
        same(answer.exit, 0, f"{body} ({answer.text})")


def the_configuration_example_is_faultless():
    for body in _blocks("ini"):
        till = _Till(body)
        answer = till.run(["kwit", "config", "check"])
        same(answer.exit, 0, f"config check ({answer.text})")


def the_documents_print_without_a_warning():
    for body in _blocks("json"):
        till = _Till()
        till.put("sale.json", body)
        answer = till.run(["kwit", "print", "sale.json", "--strict"])
        same(answer.exit, 0, f"print --strict ({answer.text})")


def _every_outcome(command, build=None, identity=False):
    """Runs one example against a printer that prints, one that is away, one in doubt, and a document that conflicts."""
    for title, printer, wanted in (("printed", None, "done"), ("away", AWAY, "prints by itself"),
                                   ("in doubt", _unconfirmed(), "Did the receipt come out?"), ("conflict", None, "kwit:")):
        till = _Till(printer)
        if build:
            build(till)
        if title == "conflict":
            till.put("other.json", json.dumps(tiny("S-1", locale="en-GB")))
            same(till.run(["kwit", "print", "other.json"]).exit, 0, "the first document")
        answer = till.run(command + ["sale.json"] + (["S-1"] if identity else []))
        want(wanted in answer.text, f"{command[0]}, {title}: {answer.text!r}")
        if title == "in doubt" and "resolve ID" not in answer.text:
            again = till.run(["kwit", "print", "sale.json", "--json"])
            same((again.exit, again.line["outcome"]), (0, "duplicate"), f"{command[0]}: after kwit resolve --seen")


def the_python_example_acts_on_every_outcome():
    _every_outcome([sys.executable, "till.py"], lambda till: till.put("till.py", _blocks("python")[0]))


def the_php_example_acts_on_every_outcome():
    if shutil.which("php"):
        _every_outcome(["php", "till.php"], lambda till: till.put("till.php", _blocks("php")[0]))
    else:
        print("        (php is not installed: its example was not run)")


def the_node_example_acts_on_every_outcome():
    if shutil.which("node"):
        _every_outcome(["node", "till.js"], lambda till: till.put("till.js", _blocks("js")[0]))
    else:
        print("        (node is not installed: its example was not run)")


def the_java_example_acts_on_every_outcome():
    if shutil.which("java") and shutil.which("javac"):
        _every_outcome(["java", "Till.java"], lambda till: till.put("Till.java", _blocks("java")[0]), identity=True)
    else:
        print("        (java is not installed: its example was not run)")


def the_c_example_acts_on_every_outcome():
    if os.path.exists("/etc/kwit"):
        print("        (/etc/kwit would be used: the C example was not run)")
        return

    def build(till):
        till.put("till.c", _blocks("c")[0])
        made = till.run([os.environ.get("CC", "cc"), "-Wall", "-Wextra", "-Werror", "till.c", "-I", f"{ROOT}/include", "-o", "bin/till",
                         "-L", os.path.dirname(KWIT), "-lkwit", f"-Wl,-rpath,{os.path.dirname(KWIT)}"])
        same(made.exit, 0, f"compiling ({made.text})")

    _every_outcome(["bin/till"], build)


if sys.argv[1:] == ["--write"]:
    _write()
else:
    run_tests(globals())
