"""tap_torture.py - receipts of eight tills through one tap that is killed and whose printer fails, judged by the paper: none lost,
none doubled without a mark, none invited twice, and each byte as it came.

A till sends in pieces, asks between them, breaks off, and sends a receipt again until the end of a connection says that it is
settled. JOBS receipts, fifty on a printer; SEED makes another course of it.
"""
import concurrent.futures
import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../support", "../torture")]
import judge                                            # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, SCRATCH, run_tests, same, want    # noqa: E402  pylint: disable=wrong-import-position
from tap import TIMEOUT_S                               # noqa: E402  pylint: disable=wrong-import-position

JOBS, SEED = int(os.environ.get("JOBS", "50")), int(os.environ.get("SEED", "1"))
TILLS, BATCH = 8, 50
FAULTS = ("paper-out@byte={}", "cover@byte={}", "unplug@byte={}", "short-write=7", "power-loss@byte={}", "recoverable@byte={}")
MORE = """[journal]
bodies_days = 1
[survey]
url = https://fb.example/{token}
[tap]
number = No[.] *([0-9]+)
repeat = once
retry = 900s
away = store
patience = 2s
"""


def receipt(number):
    return (b"\x1b@SHOP\nNo. %06d\nTea 1.00\nCake 2.00\nTOTAL 3.00\nbyte %06d\n" % (number, number)) + b"\x1bd\x04\x1dV\x00"


class Door:
    """A tap on one port, killed and begun again."""

    def __init__(self, till):
        self.till, self.port = till, 0
        self.begin()

    def begin(self):
        self.process = subprocess.Popen(self.till.command("tap", "--listen", f"127.0.0.1:{self.port}", "--printer", "till", "--json"),
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = self.process.stdout.readline()
        want(first, "the tap does not begin")
        self.port = int(json.loads(first)["listening"].rpartition(":")[2])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait(TIMEOUT_S)


def _try(port, data, chance):
    """Whether the end of the connection says that it is settled."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if chance.random() < 0.05:
            end.sendall(data[:chance.randrange(len(data) // 2)])
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        cuts = sorted(chance.randrange(len(data)) for _ in range(chance.choice((0, 0, 1, 3))))
        for begin, stop in zip([0] + cuts, cuts + [len(data)]):
            end.sendall(data[begin:stop])
            if data[:stop].endswith(b"\n") and chance.random() < 0.5:
                end.sendall(b"\x10\x04\x01")
        end.shutdown(socket.SHUT_WR)
        while end.recv(4096):
            pass
        return True


def _till(door, numbers, over):
    """Sends each until it is settled."""
    for number in numbers:
        chance = random.Random(f"{SEED} {number}")
        while True:
            try:
                if _try(door.port, receipt(number), chance):
                    break
            except OSError:
                over.wait(0.01)


def _trouble(door, till, chance, over):
    """Kills and faults until all is sent. Returns how many of each."""
    kills = faults = 0
    while not over.wait(chance.random() * 0.4):
        if chance.random() < 0.5:
            door.kill()
            door.begin()
            kills += 1
        else:
            till.plug(chance.choice(FAULTS).format(chance.randrange(1, 20000)))
            over.wait(chance.random() * 0.3)
            till.plug(None)
            faults += 1
    return kills, faults


def _is_out(till, name):
    """Whether the paper has it; what has no number is the rest of one that broke off, and nobody looks for it."""
    return not name[:6].isdigit() or bool(_of(_receipts(till), int(name[:6])))


def _settle(till):
    """Everything that waits is printed; a person says of each doubt what the paper says. Returns the doubts' ids."""
    doubts = set()
    till.plug(None)
    for _ in range(20):
        jobs = till.call("queue", "list")[1]["jobs"]
        if not jobs:
            return doubts
        for job in jobs:
            if job["state"] == "unconfirmed":
                doubts.add(job["id"])
                till.call("resolve", job["id"], "--seen" if _is_out(till, job["id"]) else "--missing")
            else:
                till.call("queue", "retry", job["id"])
    raise AssertionError(f"it does not come to an end: {jobs}")


def _receipts(till):
    """What stands on the paper from one heading to the next: its lines, whether a cut ended it, and whether it is the first of its
    piece: one that replaces another has a strip above its heading, and one behind a broken one is not looked at so closely."""
    found, piece = [], None
    for event in till.wire_events():
        if event.get("text") == "SHOP":
            found.append({"lines": [], "whole": False, "first": event["piece"] != piece})
        if event["event"] in ("text", "qr") and found:
            found[-1]["lines"].append(event.get("text") or event["data"])
        if event["event"] == "cut" and found:
            found[-1]["whole"] = True
        if event["event"] in ("text", "image"):
            piece = event["piece"]
    return found


def _of(receipts, number):
    wanted = [f"No. {number:06}", "TOTAL 3.00", f"byte {number:06}"]
    return [one for one in receipts if one["whole"] and judge.holds(one["lines"], wanted)]


def _judge(till, numbers):
    """What is wrong with the paper of these receipts."""
    wrong, receipts = [], _receipts(till)
    tokens = dict(till.journal("SELECT name, count(*) FROM sale GROUP BY name"))
    for number in numbers:
        whole = _of(receipts, number)
        if not whole:
            wrong.append(f"{number}: LOST")
        if sum(one["first"] for one in whole) > 1:
            wrong.append(f"{number}: DOUBLED {len(whole)}")
        if tokens.get(f"{number:06}", 0) > 1:
            wrong.append(f"{number}: INVITED as {tokens[f'{number:06}']} sales")
    return wrong


def _one_printer(first, count):
    till = judge.Till(os.path.join(SCRATCH, f"till-{first}"), more=MORE, by_wire=True)
    subprocess.run(till.command("survey", "key", "new"), check=False, capture_output=True)
    numbers, over, door = list(range(first, first + count)), threading.Event(), Door(till)
    with concurrent.futures.ThreadPoolExecutor(TILLS + 1) as pool:
        trouble = pool.submit(_trouble, door, till, random.Random(f"{SEED} {first}"), over)
        tills = [pool.submit(_till, door, numbers[at::TILLS], over) for at in range(TILLS)]
        try:
            for one in tills:
                one.result()
        finally:
            over.set()
        kills, faults = trouble.result()
    door.end()
    doubts = _settle(till)
    wrong = _judge(till, numbers)
    verified = subprocess.run(till.command("journal", "verify"), capture_output=True, text=True, check=False)
    if verified.returncode != 0:
        wrong.append(verified.stdout + verified.stderr)
    return wrong, kills, faults, len(doubts)


def nothing_is_lost_or_doubled_however_often_tap_and_printer_fail():
    wrong, sums = [], [0, 0, 0]
    for first in range(1, JOBS + 1, BATCH):
        found, *counts = _one_printer(first, min(BATCH, JOBS + 1 - first))
        wrong += found
        sums = [one + more for one, more in zip(sums, counts)]
        print(f"{min(first + BATCH - 1, JOBS)} receipts, {sums[0]} kills, {sums[1]} faults, {sums[2]} doubts, {len(wrong)} wrong", flush=True)
    same(wrong, [], "wrong")


if __name__ == "__main__":
    run_tests(globals())
