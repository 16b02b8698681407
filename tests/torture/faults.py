"""faults.py [--step N] [--fault WORD]… - every fault of the simulator at every byte of a receipt with vouchers.

Each trial: one call with the fault, then the fault is mended and the same sale is called again until it is settled.
Whatever was said on the way must agree with the paper.
"""
import argparse
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge

# Word, whether it takes a place in bytes, and how long the call may take with it (silence costs time).
FAULTS = [
    ("paper-out", 1.2), ("cover", 1.2), ("unplug", 1.2), ("power-loss", 1.2), ("dead", 1.2), ("recoverable", 1.2),
    ("nak", 0.8), ("stuck", 1.5), ("garbage", 1.5), ("mute", 1.5), ("short-write=7", 1.2), ("late=300ms", 2.5),
    ("hot", 0.8), ("feeding", 0.8), ("coalesce", 1.2),
]
PLAIN = [("cutter-jam@cut=1", 1.2), ("cutter-jam@cut=2", 1.2), ("mute@cut=1", 1.5), ("unplug@cut=1", 1.2), ("near-end", 1.2),
         ("power-loss@cut=1", 1.2), ("paper-out@mm=20", 1.2), ("paper-out@mm=60", 1.2), ("cover@mm=30", 1.2),
         ("mute@confirm=1", 1.5), ("mute@confirm=2", 1.5), ("late=3s", 6), ("unplug@answer=3", 1.2), ("mute@answer=5", 1.5)]


def trial(place, document, reference, fault, timeout):
    till = judge.Till(place)
    said, outcomes = [], None
    status, line = till.print(document, fault, timeout)
    for again in range(4):
        if line is None:
            return [f"NO LINE: exit {status}"], said
        said.append(line["outcome"])
        if status in (0, 76) or line["outcome"] not in ("queued", "interrupted"):
            break
        status, line = till.print(document, None, 8)
    if said[-1] == "unconfirmed":
        # The person looks: the paper decides what is answered.
        till.plug(None)
        whole = min(one + other for one, other in reference.count(till)[:pieces_begun(till, reference)])
        status, line = till.call("resolve", document["id"], "--seen" if whole else "--missing")
        said.append(line["outcome"])
        outcomes = line["outcome"]
        if outcomes == "unconfirmed":
            return [f"UNRESOLVED: {line}"], said
    wrong = reference.faults(till, [word for word in said if word != "unconfirmed"], outcomes or said[-1])
    if said[-1] not in ("printed", "sent", "duplicate"):
        wrong.append(f"UNSETTLED: {said} {line['reason']}")
    return wrong, said


def pieces_begun(till, reference):
    """How many pieces the job was about when it stopped: the one in doubt is the last."""
    states = [state for (state,) in till.journal("select rtrim(state) from piece where kind = 1 order by id")]
    return max(1, len([state for state in states if state in ("printed", "sent", "tail")]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--fault", action="append")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    scratch = os.environ.get("SCRATCH") or tempfile.mkdtemp()
    document = judge.sale("F-1")
    reference = judge.Reference(f"{scratch}/reference", document)
    plan = [(fault, timeout) for fault, timeout in PLAIN]
    for number, (word, timeout) in enumerate(FAULTS):
        first = (options.offset + number * 7) % options.step
        plan += [(f"{word}@byte={at}", timeout) for at in range(first, reference.wire_bytes + 2, options.step)]
    if options.fault:
        plan = [(fault, timeout) for fault, timeout in plan if any(fault.startswith(word) for word in options.fault)]
    broken, outcomes = 0, {}
    for fault, timeout in plan:
        wrong, said = trial(f"{scratch}/trial", document, reference, fault, timeout)
        outcomes[said[0] if said else "none"] = outcomes.get(said[0] if said else "none", 0) + 1
        if options.verbose:
            print(fault, said, flush=True)
        for text in wrong:
            broken += 1
            print(f"{fault}: {text}; said {said}", flush=True)
    print(f"{len(plan)} faults, first outcomes {outcomes}, {broken} broken")
    sys.exit(1 if broken else 0)


judge.run(main)
