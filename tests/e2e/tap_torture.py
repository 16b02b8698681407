"""tap_torture.py - receipts of eight tills through one tap that is killed and whose printer fails, judged by the paper: none lost,
none doubled without a mark, none invited twice, and each byte as it came.

A till sends in pieces, asks between them, breaks off, and sends a receipt again until the end of a connection says that it is
settled. JOBS receipts, fifty on a printer, TOGETHER printers at a time; SEED makes another course of it. What strikes does so
after so many receipts, however fast the machine is, and at the end it is said how often each did.
"""
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../support", "../torture")]
import judge                                            # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, SCRATCH, run_tests, same, want    # noqa: E402  pylint: disable=wrong-import-position
from tap import TIMEOUT_S                               # noqa: E402  pylint: disable=wrong-import-position

JOBS, SEED, TOGETHER = (int(os.environ.get(name, usual)) for name, usual in (("JOBS", "50"), ("SEED", "1"), ("TOGETHER", "6")))
TILLS, BATCH, SAID_EVERY, SAMPLE = 8, 50, 1000, 10
SLOW_TILLS, LAST = 1, 8                                 # when the many have gone: before, hardly one is alone at the printer
FAULTS = ("paper-out@byte={}", "cover@byte={}", "unplug@byte={}", "short-write=7", "power-loss@byte={}", "recoverable@byte={}")
KINDS = ("kills", "slow tries", "slow tries begun before their end", "tries that a till breaks off", "tries that are refused or broken off", "questions between", "doubts", "invited",
         "short-write set", *(f"{fault.partition('@')[0]} struck" for fault in FAULTS if "@" in fault))
CAMERA = shutil.which("zbarimg")
MORE = """[journal]
bodies_days = 1
[survey]
url = https://fb.example/{token}
[tap]
number = No[.] *([0-9]+)
repeat = once
retry = 900s
away = store
gather = 1 ms
patience = 2s
"""
RESET, INK, TAIL = b"\x1b@", b"SHOP\nNo. %06d\nTea 1.00\nCake 2.00\nTOTAL 3.00\nbyte %06d\n", b"\x1bd\x04\x1dV\x00"


def receipt(number):
    return RESET + INK % (number, number) + TAIL


class Door:
    """A tap on one port, killed and begun again; nobody else gets the port meanwhile."""

    def __init__(self, till):
        self.till, self.port = till, socket.socket()
        self.port.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.port.bind(("127.0.0.1", 0))
        self.place = self.port.getsockname()
        self.begin()

    def begin(self):
        self.process = subprocess.Popen(self.till.command("tap", "--listen", "{}:{}".format(*self.place), "--printer", "till", "--json"),
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        want(self.process.stdout.readline(), "the tap does not begin")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait(TIMEOUT_S)
        self.port.close()


class Course:
    """How far a batch is, and what happened in it."""

    def __init__(self):
        self.happened, self.changed, self.over = collections.Counter(), threading.Condition(), False

    def note(self, what):
        with self.changed:
            self.happened[what] += 1
            self.changed.notify_all()

    def end(self):
        with self.changed:
            self.over = True
            self.changed.notify_all()

    def await_settled(self, count, for_s):
        """So many more of them, and then so long; False: all is over before."""
        with self.changed:
            until = self.happened["settled"] + count
            self.changed.wait_for(lambda: self.over or self.happened["settled"] >= until)
            return not self.changed.wait_for(lambda: self.over, for_s)


def _send_piece(end, data, begin, stop, chance, course):
    end.sendall(data[begin:stop])
    if data[:stop].endswith(b"\n") and chance.random() < 0.5:
        course.note("questions between")
        end.sendall(b"\x10\x04\x01")


def _send(end, data, chance, course):
    cuts = sorted(chance.randrange(len(data)) for _ in range(chance.choice((0, 0, 1, 3))))
    for begin, stop in zip([0] + cuts, cuts + [len(data)]):
        _send_piece(end, data, begin, stop, chance, course)


def _size(path):
    return os.path.getsize(path) if os.path.exists(path) else 0


def _wire_from(till, at):
    """What the printer had from there on, but for questions."""
    path = f"{till.paper}/wire.bin"
    if _size(path) == 0:
        return b""
    with open(path, "rb") as file:
        file.seek(at)
        return re.sub(rb"\x10\x04[\x01-\x04]", b"", file.read())


def _send_slowly(end, till, data, chance, course):
    """In more and smaller pieces, each later than the tap gathers; one of them when the printer has the begin, or late."""
    course.note("slow tries")
    at, begun = _size(f"{till.paper}/wire.bin"), False
    number = data.index(b"Tea")
    cuts = sorted([*(chance.randrange(len(data)) for _ in range(4)), chance.randrange(number + 4, len(data))])
    patience = time.monotonic() + chance.random() * 0.2
    for begin, stop in zip([0] + cuts, cuts + [len(data)]):
        while begin > number and not begun and time.monotonic() < patience:
            time.sleep(0.005)
            begun = data[len(RESET):number] in _wire_from(till, at)
        _send_piece(end, data, begin, stop, chance, course)
        time.sleep(0.002)
    if begun:
        course.note("slow tries begun before their end")


def _try(door, data, chance, course, slow):
    """Whether the end of the connection says that it is settled."""
    with socket.create_connection(door.place, timeout=TIMEOUT_S) as end:
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        course.note("tries")
        if chance.random() < 0.05:
            course.note("tries that a till breaks off")
            end.sendall(data[:chance.randrange(len(data) // 2)])
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if chance.random() < slow:
            _send_slowly(end, door.till, data, chance, course)
        else:
            _send(end, data, chance, course)
        end.shutdown(socket.SHUT_WR)
        while end.recv(4096):
            pass
        return True


def _till(door, numbers, course, slow=0.05):
    """Sends each until it is settled. slow: how many of its tries are."""
    for number in numbers:
        chance = random.Random(f"{SEED} {number}")
        while True:
            try:
                if _try(door, receipt(number), chance, course, slow):
                    course.note("settled")
                    break
            except OSError:
                want(not course.over, "the tap does not begin any more")
                course.note("tries that are refused or broken off")
                time.sleep(0.01)


def _trouble(door, till, chance, course):
    """Kills and faults until all is sent, more of them in the first moments of the next tries than later."""
    while course.await_settled(chance.randrange(8), chance.random() ** 3 * 0.2):
        if chance.random() < 0.5:
            door.kill()
            door.begin()
            course.note("kills")
        else:
            fault = chance.choice(FAULTS)
            till.plug(fault.format(chance.randrange(1, 20000)))
            course.await_settled(0, chance.random() * 0.3)
            till.plug(None)
            course.note(f"{fault.partition('@')[0].partition('=')[0]} set")


def _is_out(till, name):
    """Whether the paper has it; what has no number is the rest of one that broke off, and nobody looks for it."""
    return not name[:6].isdigit() or bool(_of(_receipts(till), int(name[:6])))


def _settle(till):
    """Everything that waits is printed; a person says of each doubt what the paper says. Returns the doubts' ids."""
    doubts = set()
    till.plug(None)
    till.call("status", "--printer", "till")      # it looks at all its past: one that was killed may have told less
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
    """What stands on the paper from one heading to the next: its lines, whether a cut ended it, its piece, and whether it is the
    first there: one that replaces another has a strip above its heading, and one behind a broken one is not looked at so closely."""
    found, piece = [], None
    for event in till.events():
        if event.get("text") == "SHOP":
            found.append({"lines": [], "whole": False, "piece": event["piece"], "first": event["piece"] != piece})
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


def _behind_own(wire, at):
    """Where the tap's pictures and questions end that begin here."""
    while True:
        if wire.startswith(b"\x1dv0", at):
            at += 8 + (wire[at + 4] + 256 * wire[at + 5]) * (wire[at + 6] + 256 * wire[at + 7])
        elif wire.startswith(b"\x10\x04", at):
            at += 3
        else:
            return at


def _came_whole(wire, number):
    """Whether all that the till sent is there, in one run but for what is the tap's own: a strip before it, the invitation, and
    questions of others."""
    signs = [re.escape(bytes((sign,))) for sign in INK % (number, number)]
    for ink in re.finditer(rb"(?:\x10\x04.)*".join(signs), wire, re.DOTALL):
        begin = wire.rfind(RESET, 0, ink.start())
        if _behind_own(wire, begin + len(RESET)) == ink.start() and wire.startswith(TAIL, _behind_own(wire, ink.end())):
            return True
    return False


def _invitations(till, pieces):
    """What a camera reads on these pieces of paper."""
    names = {f"{till.paper}/{piece:04}.png" for piece in pieces}
    read = subprocess.run(["zbarimg", "-q", "--raw", *names], capture_output=True, text=True, check=False)
    return set(read.stdout.split())


def _judge(till, numbers):
    """What is wrong with the paper of these receipts."""
    wrong, receipts = [], _receipts(till)
    with open(f"{till.paper}/wire.bin", "rb") as file:
        wire = file.read()
    names = [name for name, in till.journal("SELECT name FROM sale JOIN touchpoint ON sale.id = sale WHERE handle IS NOT NULL")]
    invited = collections.Counter(name[:6] for name in names)
    for number in numbers:
        whole = _of(receipts, number)
        if not whole:
            wrong.append(f"{number}: LOST")
        elif not _came_whole(wire, number):
            wrong.append(f"{number}: CHANGED")
        alone = [one["piece"] for one in whole if one["first"]]
        if len(alone) > 1:
            wrong.append(f"{number}: DOUBLED {len(whole)}")
        if invited[f"{number:06}"] > 1:
            wrong.append(f"{number}: INVITED as {invited[f'{number:06}']} sales")
        if till.pictures and alone and number % SAMPLE == 0 and len(codes := _invitations(till, alone)) != invited[f"{number:06}"]:
            wrong.append(f"{number}: INVITED by {codes}")
    return wrong


def _count(till, course):
    """What did happen, as the printer and the journal tell."""
    for event in judge.read_events(f"{till.paper}/events.jsonl"):
        if event["event"] == "fault" and event["state"] == "begins":
            course.note(f"{event['fault']} struck")
    counted = till.journal("SELECT count(*) FROM sale JOIN touchpoint ON sale.id = sale WHERE handle IS NOT NULL")
    course.happened["invited"] += counted[0][0]


def _one_printer(first):
    numbers = list(range(first, min(first + BATCH, JOBS + 1)))
    drawn = CAMERA and first // BATCH % SAMPLE == 0
    till = judge.Till(os.path.join(SCRATCH, f"till-{first}"), more=MORE, pictures=drawn)
    subprocess.run(till.command("survey", "key", "new"), check=False, capture_output=True)
    course, door = Course(), Door(till)
    with concurrent.futures.ThreadPoolExecutor(TILLS + 1) as pool:
        trouble = pool.submit(_trouble, door, till, random.Random(f"{SEED} {first}"), course)
        trouble.add_done_callback(lambda _: course.end())
        many, few = numbers[:-LAST], numbers[-LAST:]
        try:
            for one in [pool.submit(_till, door, many[at::TILLS], course) for at in range(TILLS)]:
                one.result()
            for one in [pool.submit(_till, door, few[at::SLOW_TILLS], course, 0.7) for at in range(SLOW_TILLS)]:
                one.result()
        finally:
            course.end()
        trouble.result()
    door.end()
    course.happened["doubts"] += len(_settle(till))
    wrong = _judge(till, numbers)
    verified = subprocess.run(till.command("journal", "verify"), capture_output=True, text=True, check=False)
    if verified.returncode != 0:
        wrong.append(verified.stdout + verified.stderr)
    _count(till, course)
    course.happened["receipts"] += len(numbers)
    if not wrong:
        shutil.rmtree(till.place)
    return wrong, course.happened


def _say(happened, wrong):
    print(f"{happened['receipts']} receipts, {len(wrong)} wrong:",
          ", ".join(f"{count} {what}" for what, count in sorted(happened.items()) if what not in ("receipts", "settled")), flush=True)


def nothing_is_lost_or_doubled_however_often_tap_and_printer_fail():
    wrong, happened = [], collections.Counter()
    with concurrent.futures.ProcessPoolExecutor(TOGETHER) as pool:
        for found, counts in pool.map(_one_printer, range(1, JOBS + 1, BATCH)):
            wrong += found
            happened += counts
            if found or happened["receipts"] % SAID_EVERY == 0:
                _say(happened, wrong)
    _say(happened, wrong)
    same(wrong, [], "wrong")
    for what in KINDS if JOBS >= SAID_EVERY else ():
        want(happened[what], f"no {what} in {JOBS} receipts")


if __name__ == "__main__":
    run_tests(globals())
