"""kills.py [--step N] - the process killed at every system call of `kwit print`, then the same sale is called again.

The points are enumerated from a trace of an undisturbed call, by the name of the system call and its number among
those of that name, and every kill is counted against that trace.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge

# strace cannot stop at these, or the process is gone then anyway.
NOT_POINTS = {"execve", "exit_group", "exit", "arch_prctl", "rt_sigreturn"}


def enumerate_points(place, document):
    till = judge.Till(place)
    trace = f"{place}/trace"
    status, line = till.print(document, timeout=20, wrap=["strace", "-f", "-qq", "-o", trace])
    if status != 0:
        raise AssertionError(f"the traced call did not print: {status} {line}")
    counts, points = collections.Counter(), []
    for text in open(trace, encoding="utf-8", errors="replace"):
        found = re.match(r"\d+\s+(\w+)\(", text)
        if not found or found.group(1) in NOT_POINTS:
            continue
        counts[found.group(1)] += 1
        points.append((found.group(1), counts[found.group(1)]))
    return points


def trial(place, document, reference, point, prepare):
    till = judge.Till(place, by_wire=True)
    if prepare:
        till.print(judge.sale("K-0"), timeout=20)
    name, number = point
    wrap = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={name}:signal=KILL:when={number}"]
    status, line = till.print(document, timeout=10, wrap=wrap)
    killed = status in (-9, 137)
    said = [line["outcome"]] if line else []
    for again in range(3):
        status, line = till.print(document, timeout=10)
        if line is None:
            return killed, [f"NO LINE after the kill: exit {status}"], said
        said.append(line["outcome"])
        if line["outcome"] == "unconfirmed":
            counts = reference.count(till)
            states = [state for (state,) in till.journal(
                "select rtrim(piece.state) from piece join job on job.id = piece.job join sale on sale.id = job.sale "
                "where sale.name = 'K-1' and kind = 1 order by piece.id")]
            doubt = states.index("tail") if "tail" in states else 0
            status, line = till.call("resolve", document["id"], "--seen" if sum(counts[doubt]) else "--missing")
            said.append(line["outcome"])
        if status == 0:
            break
    wrong = reference.faults(till, [word for word in said if word != "unconfirmed"], said[-1])
    if status != 0:
        wrong.append(f"UNSETTLED: {line}")
    return killed, wrong, said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--only")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    if not shutil.which("strace") or subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True,
                                                    check=False).returncode != 0:
        print("strace cannot trace here")
        sys.exit(77)
    scratch = os.environ.get("SCRATCH") or tempfile.mkdtemp()
    document = judge.sale("K-1")
    reference = judge.Reference(f"{scratch}/reference", document)
    points = enumerate_points(f"{scratch}/trace", document)
    chosen = [point for point in points[options.offset::options.step] if not options.only or point[0] == options.only]
    broken, kills, outcomes = 0, 0, collections.Counter()
    for point in chosen:
        killed, wrong, said = trial(f"{scratch}/trial", document, reference, point, prepare=False)
        kills += killed
        outcomes[" ".join(said)] += 1
        if options.verbose:
            print(point, killed, said, flush=True)
        for text in wrong:
            broken += 1
            print(f"killed at {point[0]} number {point[1]}: {text}; said {said}", flush=True)
    print(f"{len(points)} system calls in the trace, {len(chosen)} tried, {kills} killed; {dict(outcomes)}; {broken} broken")
    # A call may be skipped by a trial that takes another way (a retried lock); nearly all must have been met.
    if kills < 0.95 * len(chosen):
        print("too few of the enumerated points were met")
        broken += 1
    sys.exit(1 if broken else 0)


judge.run(main)
