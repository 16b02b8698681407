"""sales.py [--count N] [--seed S] - sales with a random fault each, on one till, judged by the paper.

Resumable: the place in the sequence stands in $SCRATCH/sales.done, and sale number n is a function of seed and n.
"""
import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import json

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import judge

WORDS = ["paper-out", "cover", "unplug", "power-loss", "short-write=5", "recoverable", "near-end", "feeding", "coalesce"]
BATCH = 25          # sales on one till, before it is judged and replaced


def one_sale(till, document, chance):
    """Calls until it is settled; returns what was said. A person's word is given by the paper, later: here `held`."""
    said = []
    fault = None
    kind = chance.random()
    if kind < 0.55:
        fault = f"{chance.choice(WORDS)}@byte={chance.randrange(1, 1400)}"
    for attempt in range(6):
        till.plug(fault)
        command = till.command("print", "-", "--json", "--printer", "till", "--timeout", "1.0" if fault else "8")
        call = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if kind > 0.8 and attempt == 0:
            call.stdin.write(json.dumps(document).encode())
            call.stdin.close()
            try:
                call.wait(chance.random() * 0.02)
            except subprocess.TimeoutExpired:
                call.send_signal(signal.SIGKILL)
            output = call.stdout.read()
            call.wait()
        else:
            output, _ = call.communicate(json.dumps(document).encode(), timeout=600)
        line = judge.read_line(output)
        said.append(line["outcome"] if line else "killed")
        fault = None
        if said[-1] in ("printed", "sent", "duplicate", "unconfirmed"):
            break
    return said


def count(paper, wanted):
    """For each piece of a sale: how many whole ones there are unmarked, and marked."""
    return [(sum(judge.holds(piece, lines) and not judge.marked(piece) for piece in paper),
             sum(judge.holds(piece, lines) and judge.marked(piece) for piece in paper)) for lines in wanted]


def judge_till(till, batch):
    wrong = []
    paper, wire = till.pieces(), till.pieces(till.wire_events())
    for identity, reference, said in batch:
        wanted = [[line.replace("@ID@", identity) for line in piece] for piece in reference]
        counts = count(paper, wanted)
        # A killed call may have sent what events.jsonl was never told.
        whole = min(sum(pair) for pair in (count(wire, wanted) if "killed" in said else counts))
        if any(unmarked > 1 for unmarked, _ in counts):
            wrong.append(f"{identity}: DOUBLED {counts} {said}")
        if said[-1] in ("printed", "sent", "duplicate") and whole < 1:
            wrong.append(f"{identity}: LOST or FALSE {counts} {said}")
        if said[-1] not in ("printed", "sent", "duplicate", "unconfirmed"):
            wrong.append(f"{identity}: UNSETTLED {said}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    scratch = os.environ.get("SCRATCH") or tempfile.mkdtemp()
    place = f"{scratch}/sales.done"
    done = int(open(place, encoding="utf-8").read()) if os.path.exists(place) else 0
    model = judge.Reference(f"{scratch}/reference", judge.sale("@ID@", vouchers=1))
    broken, outcomes = 0, {}
    while done < options.count:
        till, batch = judge.Till(f"{scratch}/till"), []
        for number in range(done, min(done + BATCH, options.count)):
            chance = random.Random(options.seed * 1000003 + number)
            identity = f"R{number:06d}"
            said = one_sale(till, judge.sale(identity, vouchers=1), chance)
            batch.append((identity, model.pieces, said))
            outcomes[said[-1]] = outcomes.get(said[-1], 0) + 1
        for text in judge_till(till, batch):
            broken += 1
            print(f"seed {options.seed}: {text}", flush=True)
        done += len(batch)
        with open(place, "w", encoding="utf-8") as file:
            file.write(f"{done}\n")
    print(f"{done} sales, {outcomes}, {broken} broken")
    sys.exit(1 if broken else 0)


judge.run(main)
