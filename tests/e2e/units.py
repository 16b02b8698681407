"""units.py - what systemd's units forbid their programs, these never ask for: each is traced while it does its work, and its
system calls are compared with what systemd lets through for the unit's SystemCallFilter=.
"""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import EXAMPLE, KWIT, ROOT, SCRATCH, Shop, run_tests, same, want          # noqa: E402

# SQLite gives files away when it is root, which no unit is.
OF_ROOT = {"fchown"}


def _groups():
    """The groups of system calls as this systemd knows them, without the groups in them."""
    listed, name = {}, None
    for line in subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout.splitlines():
        if line.startswith("@"):
            name = line
            listed[name] = set()
        elif line.startswith("    ") and name and not line.strip().startswith("#"):
            listed[name].add(line.strip())

    def flat(word):
        return set().union(*map(flat, listed[word])) if word in listed else {word}
    return {name: flat(name) for name in listed}


def _allowed(unit):
    """What the unit's lines let through, read in their order as systemd.exec(5) says; @default always."""
    groups = _groups()
    allowed = set(groups["@default"])
    with open(f"{ROOT}/udev/{unit}.service.in", encoding="utf-8") as file:
        text = file.read()
    for words in re.findall(r"^SystemCallFilter=(.*)$", text, re.M):
        named = set().union(*(groups.get(word, {word}) for word in words.lstrip("~").split()))
        allowed = allowed - named if words.startswith("~") else allowed | named
    want("ProtectClock=yes" not in text, f"{unit}: ProtectClock= names a device, and so closes all that it does not name")
    return allowed


def _traced(place):
    """A command that leaves a trace of each of its runs in this directory."""
    os.makedirs(place)
    with open(f"{place}/kwit", "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec strace -D -f -qq -o {place}/$$.trace "{os.path.abspath(KWIT)}" "$@"\n')
    os.chmod(f"{place}/kwit", 0o755)
    return f"{place}/kwit"


def _calls(place):
    calls = set()
    for name in os.listdir(place):
        if name.endswith(".trace"):
            with open(f"{place}/{name}", encoding="utf-8", errors="replace") as file:
                calls |= set(re.findall(r"^\d+\s+(\w+)\(", file.read(), re.M))
    return calls - (OF_ROOT if os.geteuid() == 0 else set())


def _check(unit, *tests):
    """Runs these tests of another file on a traced command."""
    place = f"{SCRATCH}/units-{unit}"
    environment = {**os.environ, "KWIT": _traced(place), "SCRATCH": f"{place}/scratch"}
    os.makedirs(environment["SCRATCH"])
    run = subprocess.run(["/usr/bin/python3", *tests], env=environment, capture_output=True, text=True, timeout=600, check=False)
    same(run.returncode, 0, f"{unit}: {run.stdout[-2000:]}{run.stderr[-2000:]}")
    calls = _calls(place)
    want(len(calls) > 20, f"{unit}: a trace of {sorted(calls)}")
    same(sorted(calls - _allowed(unit)), [], f"{unit}: asked for and refused")


def a_tap_asks_for_what_its_unit_allows():
    _check("kwit-tap@", f"{ROOT}/tests/e2e/tap_listen.py", "the_end_of_the_connection_means_paper")


def an_office_and_its_staff_ask_for_what_their_units_allow():
    for unit in ("kwit-office", "kwit-staff"):
        _check(unit, f"{ROOT}/tests/e2e/office_loop.py", "a_low_score_reaches_somebody_who_takes_replies_and_closes")


def a_flush_asks_for_what_its_unit_allows():
    place = f"{SCRATCH}/units-flush"
    shop = Shop(printer="tcp://127.0.0.1:1", more="[printer]\ndrain = next-call\ntimeout = 1 s\n")
    same(shop.kwit("print", EXAMPLE).exit, 75, "a sale that is kept")
    for aim in ([], ["--printer", "usb:?port=1-4"]):
        run = subprocess.run([_traced(f"{place}{len(aim)}"), "--config", shop.config, "--state", shop.state, "queue", "flush", *aim],
                             capture_output=True, text=True, timeout=600, check=False)
        want(run.returncode in (0, 69, 75, 76, 78, 79), f"flush: {run.returncode} {run.stdout}{run.stderr}")
        same(sorted(_calls(f"{place}{len(aim)}") - _allowed("kwit-flush@")), [], "asked for and refused")


run_tests(globals())
