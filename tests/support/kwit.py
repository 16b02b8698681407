"""kwit.py - for the end-to-end tests: a shop (configuration, state, simulated printer) and calls of the command.

A test is a list of functions; each makes its own shop, and says with `want` what must be true. `run_tests` runs
them all, prints what failed, and exits with 1 when anything did.
"""
import copy
import datetime
import inspect
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback

import clock

KWIT = os.environ.get("KWIT", "build/kwit")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRATCH = os.environ.get("SCRATCH") or tempfile.mkdtemp()
NOW = clock.now()                       # one moment for all documents of a run, so that a sale told twice is the same
EXAMPLE = os.path.join(ROOT, "tests/fixtures/sales/example.json")

with open(os.path.join(ROOT, "include/kwit/result.schema.json"), encoding="utf-8") as _file:
    RESULT_SCHEMA = json.load(_file)

clock.lend(KWIT)


class Failed(Exception):
    pass


def want(condition, text):
    if not condition:
        raise Failed(text)


def day_in_code(day):
    """A code counts days from 2024 and begins again after 2,048 of them (survey/token.md)."""
    return (datetime.date.fromisoformat(day) - datetime.date(2024, 1, 1)).days % 2048


def same(found, wanted, text):
    want(found == wanted, f"{text}: {found!r}, wanted {wanted!r}")


class Answer:
    def __init__(self, process):
        self.exit, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def text(self):
        return self.out.decode("utf-8", "replace") + self.err.decode("utf-8", "replace")

    @property
    def line(self):
        """The one JSON line on standard output, checked against the promise when it is a print's."""
        lines = self.out.decode("utf-8").splitlines()
        same(len(lines), 1, f"lines on standard output ({self.text[:300]})")
        return json.loads(lines[0])


TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict, "null": type(None)}


def check_schema(value, schema, where="line"):
    """As much of JSON Schema as kwit's own schemas use."""
    if "const" in schema:
        same(value, schema["const"], where)
    if "enum" in schema:
        want(value in schema["enum"], f"{where}: {value!r} is not in {schema['enum']}")
    names = schema.get("type", [])
    for name in [names] if isinstance(names, str) else names[:1]:
        kinds = tuple(kind for word in ([names] if isinstance(names, str) else names)
                      for kind in (TYPES[word] if isinstance(TYPES[word], tuple) else (TYPES[word],)))
        want(isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool)), f"{where}: {value!r} is not {name}")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        want(schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{where}: {value} is out of range")
    if isinstance(value, dict):
        want(set(schema.get("required", [])) <= set(value), f"{where}: {set(schema.get('required', [])) - set(value)} missing")
        for name, member in value.items():
            want(name in schema["properties"], f"{where}: {name} is not in the schema")
            check_schema(member, schema["properties"][name], f"{where}/{name}")
    for number, item in enumerate(value if isinstance(value, list) else []):
        check_schema(item, schema["items"], f"{where}/{number}")


def check_line(line):
    check_schema(line, RESULT_SCHEMA)
    same(list(line), list(RESULT_SCHEMA["properties"]), "order of the members")


class Shop:
    """A directory with a configuration, a state and the simulated printer's paper."""
    made = 0

    def __init__(self, printer=None, survey=True, key=True, profile="tm-t20iii", more=""):
        Shop.made += 1
        self.place = tempfile.mkdtemp(prefix=f"shop-{Shop.made}-", dir=SCRATCH)
        self.paper = os.path.join(self.place, "paper")
        self.state = os.path.join(self.place, "state")
        os.makedirs(self.state)
        self.uri = printer or f"sim:{self.paper}?profile={profile}"
        self.config = os.path.join(self.place, "kwit.conf")
        survey_text = "[survey]\nurl = HTTPS://FB.EXAMPLE/{token}\naddress = fb.example\n" if survey else ""
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f"[store]\nid = e2e\n[printer]\nuri = {self.uri}\n"
                       f"{'' if self.uri.startswith('sim:') else f'profile = {profile}'}\n{survey_text}{more}")
        if survey and key:
            made = self.kwit("survey", "key", "new")
            same(made.exit, 0, f"survey key new ({made.text})")

    def kwit(self, *arguments, document=None, environment=None, timeout=600, **options):
        data = document
        if document is not None and not isinstance(document, bytes):
            data = json.dumps(document).encode()
        command = [KWIT, "--config", self.config, "--state", self.state, *arguments]
        return Answer(subprocess.run(command, input=data if data is not None else b"", capture_output=True,
                                     timeout=timeout, env=environment, check=False, **options))

    def print(self, document, *arguments, **options):
        answer = self.kwit("print", "-", "--json", *arguments, document=document, **options)
        line = answer.line
        check_line(line)
        return answer.exit, line

    def wire(self):
        path = os.path.join(self.paper, "wire.bin")
        return open(path, "rb").read() if os.path.exists(path) else b""

    def pieces(self):
        return sorted(name for name in os.listdir(self.paper) if name.endswith(".png")) if os.path.isdir(self.paper) else []

    def text(self):
        """What all paper says, piece by piece."""
        names = sorted(name for name in os.listdir(self.paper) if name.endswith(".txt"))
        return "".join(open(os.path.join(self.paper, name), encoding="utf-8").read() for name in names)

    def events(self, kind=None):
        with open(os.path.join(self.paper, "events.jsonl"), encoding="utf-8") as file:
            events = [json.loads(text) for text in file]
        return [event for event in events if kind is None or event["event"] == kind]


def example(**changes):
    with open(EXAMPLE, encoding="utf-8") as file:
        document = json.load(file)
    document["time"] = NOW.isoformat()
    document.update(copy.deepcopy(changes))
    return {name: value for name, value in document.items() if value is not None}


def tiny(identity, **changes):
    """The least a sale can be."""
    document = {"kwit": 1, "id": identity, "time": NOW.isoformat(), "currency": "GBP", "locale": "en-GB",
                "lines": [{"name": "Apple", "quantity": "1", "unit_price": "1.00", "total": "1.00"}], "total": "1.00"}
    document.update(changes)
    return document


PACE_S, PATIENCE_S = 0.02, 300


def await_that(condition, text):
    """Waits for what another process does; the end of patience is far beyond what a slow machine takes."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        want(time.monotonic() < until, f"{text}: not within {PATIENCE_S} s")
        time.sleep(PACE_S)


def skip(reason):
    print(reason)
    sys.exit(77)


def _run(test):
    """Runs one; says how it ended, and returns whether it went well."""
    try:
        test()
        print(f"ok      {test.__name__}")
        return True
    except Failed as failure:
        print(f"FAILED  {test.__name__}: {failure}")
    except Exception:                                       # pylint: disable=broad-except
        print(f"FAILED  {test.__name__}:")
        traceback.print_exc(file=sys.stdout)
    return False


def _run_apart(test):
    """Runs one in a process of its own, whose number it returns."""
    sys.stdout.flush()
    process = os.fork()
    if process:
        return process
    well = _run(test)
    sys.stdout.flush()
    os._exit(0 if well else 1)


def run_tests(names, together=1):
    """Runs the functions without arguments that the calling file defines, in their order; `_helpers` are left out.
    Where they mostly wait for deadlines, `together` says how many may wait at once, each in a process of its own.
    The words of the command line, where there are any, are the tests to run."""
    tests = [value for name, value in names.items() if inspect.isfunction(value) and not name.startswith("_")
             and name in (sys.argv[1:] or names)
             and value.__module__ == "__main__" and not inspect.signature(value).parameters]
    unknown = set(sys.argv[1:]) - {value.__name__ for value in tests}
    if unknown:
        sys.exit(f"there is no test {', '.join(sorted(unknown))}")
    if not os.access(KWIT, os.X_OK):
        sys.exit(f"there is no {KWIT}")
    if together == 1:
        sys.exit(0 if all([_run(test) for test in tests]) else 1)
    running, broken = 0, 0
    for test in tests:
        if running == together:
            broken += os.wait()[1] != 0
            running -= 1
        _run_apart(test)
        running += 1
    sys.exit(1 if broken + sum(os.wait()[1] != 0 for _ in range(running)) else 0)
