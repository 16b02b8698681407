"""nomem.py SHIM.so [--step N] - every allocation of `kwit print` failed once; then the same sale is called again."""
import argparse
import collections
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge


def trial(place, document, reference, shim, number):
    till = judge.Till(place)
    status, line = till.print(document, timeout=10, environment={"LD_PRELOAD": shim, "NOMEM_AT": str(number)})
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
    return wrong, said


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
    till.print(document, timeout=20, environment={"LD_PRELOAD": options.shim, "NOMEM_COUNT": counter})
    count = int(open(counter, encoding="utf-8").read())
    outcomes, broken = collections.Counter(), 0
    numbers = range(1 + options.offset, count + 1, options.step)
    for number in numbers:
        wrong, said = trial(f"{scratch}/trial", document, reference, options.shim, number)
        outcomes[said[0]] += 1
        for text in wrong:
            broken += 1
            print(f"allocation {number}: {text}; said {said}", flush=True)
    print(f"{count} allocations, {len(numbers)} failed; first outcomes {dict(outcomes)}; {broken} broken")
    sys.exit(1 if broken or count < 20 else 0)


main()
