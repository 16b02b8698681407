"""nomem.py SHIM.so [--step N] - every allocation failed once: of `kwit print`, judged by the paper when the same sale is
called again; and of the commands beside it, which either say so or did what they say.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge

# A command beside print: its name here, its words, what it must leave when it says 0.
BESIDE = [("dry run", ["print", "-", "--dry-run", "--printer", "till", "-o", "{out}"], True),
          ("preview", ["preview", "-", "--printer", "till", "-o", "{out}"], True),
          ("reprint", ["reprint", "--last"], False),
          ("status", ["status", "--printer", "till", "--json"], False),
          ("queue", ["queue", "list", "--json"], False),
          ("report", ["report"], False)]
MAY_SAY = (0, 64, 66, 69, 70, 74, 75, 76)


def loaded(shim):
    """Beside what is loaded already, such as the clock of the tests."""
    return " ".join(filter(None, [shim, os.environ.get("LD_PRELOAD")]))


def trial(place, document, reference, shim, number):
    till = judge.Till(place)
    status, line = till.print(document, timeout=10, environment={"LD_PRELOAD": loaded(shim), "NOMEM_AT": str(number)})
    said = [line["outcome"] if line else "-"]
    wrong = []
    if status < 0 or status >= 128:
        wrong.append(f"CRASHED: {status}")
    if line is None and status == 0:
        wrong.append("SILENT: exit 0 without a line")
    if status not in (0, 70, 74, 75, 76, 64, 66) and status > 0:
        wrong.append(f"exit {status}: {line}")
    for _ in range(3):
        status, line = till.print(document, timeout=10)
        said.append(line["outcome"])
        if line["outcome"] == "unconfirmed":
            whole = min(one + other for one, other in reference.count(till))
            status, line = till.call("resolve", document["id"], "--seen" if whole else "--missing")
            said.append(line["outcome"])
        if status == 0:
            break
    wrong += reference.faults(till, [word for word in said if word not in ("-", "unconfirmed")], said[-1])
    if status != 0:
        wrong.append(f"UNSETTLED: {line}")
    if till.journal("pragma integrity_check") != [("ok",)]:
        wrong.append("JOURNAL: not whole")
    return wrong, said


def run_beside(till, words, document, environment):
    """Returns (exit status, what it said, the file it left or None)."""
    out = f"{till.place}/out.bin"
    if os.path.exists(out):
        os.unlink(out)
    run = subprocess.run(till.command(*[word.replace("{out}", out) for word in words]), input=json.dumps(document).encode(),
                         capture_output=True, timeout=600, env={**os.environ, **environment}, check=False)
    left = None
    if os.path.exists(out):
        with open(out, "rb") as file:
            left = file.read()
    return run.returncode, run.stdout + run.stderr, left


def beside(place, document, shim, options):
    """The commands beside print. A file that is there after a 0 is the file of an undisturbed run."""
    broken = 0
    for name, words, leaves in BESIDE:
        till = judge.Till(place)
        till.print(document, timeout=20)
        counter = f"{place}/count"
        status, said, whole = run_beside(till, words, document, {"LD_PRELOAD": loaded(shim), "NOMEM_COUNT": counter})
        if status != 0 or leaves and not whole:
            print(f"{name}: undisturbed it says {status}: {said[:200]!r}")
            broken += 1
            continue
        with open(counter, encoding="utf-8") as file:
            count = int(file.read())
        outcomes = collections.Counter()
        for number in range(1 + options.offset, count + 1, options.step):
            status, said, left = run_beside(till, words, document, {"LD_PRELOAD": loaded(shim), "NOMEM_AT": str(number)})
            outcomes[status] += 1
            wrong = [] if status in MAY_SAY else ["CRASHED" if status < 0 or status >= 128 else "a wrong exit"]
            wrong += ["SILENT"] if status != 0 and not said else []
            wrong += ["FALSE: 0, and its file is another"] if status == 0 and left != whole else []
            for text in wrong:
                broken += 1
                print(f"{name}, allocation {number}: {text}: exit {status}, {said[:200]!r}", flush=True)
        if till.journal("pragma integrity_check") != [("ok",)]:
            broken += 1
            print(f"{name}: the journal is not whole")
        print(f"{name}: {count} allocations, exits {dict(outcomes)}", flush=True)
    return broken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("shim")
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    options = parser.parse_args()
    scratch = os.environ.get("SCRATCH") or tempfile.mkdtemp()
    document = judge.sale("N-1", vouchers=0)
    reference = judge.Reference(f"{scratch}/reference", document)
    counter, till = f"{scratch}/count", judge.Till(f"{scratch}/count-till")
    till.print(document, timeout=20, environment={"LD_PRELOAD": loaded(options.shim), "NOMEM_COUNT": counter})
    with open(counter, encoding="utf-8") as file:
        count = int(file.read())
    outcomes, broken = collections.Counter(), 0
    numbers = range(1 + options.offset, count + 1, options.step)
    for number in numbers:
        wrong, said = trial(f"{scratch}/trial", document, reference, options.shim, number)
        outcomes[said[0]] += 1
        for text in wrong:
            broken += 1
            print(f"allocation {number}: {text}; said {said}", flush=True)
    print(f"{count} allocations, {len(numbers)} failed; first outcomes {dict(outcomes)}; {broken} broken")
    broken += beside(f"{scratch}/beside", document, options.shim, options)
    sys.exit(1 if broken or count < 20 else 0)


judge.run(main)
