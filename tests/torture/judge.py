"""judge.py - counts paper. What a call said is compared with what the simulated printer's events say came out.

The judge knows a sale's pieces from a reference print without faults: their lines in order. A piece of paper (between
two cuts, or up to a new roll) holds a whole receipt when those lines stand on it in order.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock            # noqa: E402  pylint: disable=wrong-import-position

NOW = clock.now()
KWIT = os.environ.get("KWIT", "build/kwit")
MARKS = ("DUPLICATE", "REPLACES", "replaces", "duplicate", "Replaces")


def sale(identity, vouchers=2, lines=6, drawer=True):
    """Code 39: digit pairs of a Code 128 can be a real-time sequence, and such a symbol is drawn as a picture."""
    return {
        "kwit": 1, "id": identity, "time": NOW.isoformat(), "currency": "GBP", "locale": "en-GB",
        "store": {"name": "Torture & Sons"}, "number": identity,
        "lines": [{"name": f"Article {n} of {identity}", "quantity": "1", "unit_price": "1.00", "total": "1.00"}
                  for n in range(lines)],
        "total": f"{lines}.00", "payments": [{"type": "cash", "amount": f"{lines}.00"}], "drawer": drawer,
        "vouchers": [{"title": f"Voucher {n} {identity}", "text": "One coffee on us", "valid_to": f"{NOW.year}-12-31", "cut": True,
                      "code": {"symbology": "code39", "data": f"V{n}{identity}"}} for n in range(vouchers)],
    }


class Till:
    """A state directory and a simulated printer of its own.

    pictures: its paper is drawn, too. by_wire: the paper is that of the bytes in wire.bin, read anew by a printer without faults. A process that was killed
    leaves all that it sent there, but may have told events.jsonl less.
    """

    def __init__(self, place, more="", profile="tm-t20iii", by_wire=False, pictures=False):
        self.place, self.profile, self.by_wire, self.pictures, self.read = place, profile, by_wire, pictures, (0, [])
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        self.paper, self.state = f"{place}/paper", f"{place}/state"
        self.config, self.more = f"{place}/kwit.conf", more
        self.plug(None)

    def plug(self, fault, **more):
        """The printer behind the name `till` has this fault from now on; None: it is mended."""
        with open(self.config + ".new", "w", encoding="utf-8") as file:
            file.write(f"[store]\nid = torture\n[printer till]\ndrain = next-call\nuri = {self.uri(fault, **more)}\n{self.more}")
        os.replace(self.config + ".new", self.config)       # whoever runs beside it never reads half of it

    def uri(self, fault=None, **more):
        settings = [f"profile={self.profile}"] + ([] if self.pictures else ["pictures=no"]) + ([f"fault={fault}"] if fault else [])
        return f"sim:{self.paper}?" + "&".join(settings + [f"{key}={value}" for key, value in more.items()])

    def command(self, *arguments):
        return [KWIT, "--config", self.config, "--state", self.state, *arguments]

    def print(self, document, fault=None, timeout=1.2, wrap=(), environment=None, extra=(), **more):
        """Returns (exit status, the line or None when there was none)."""
        self.plug(fault, **more)
        arguments = self.command("print", "-", "--json", "--printer", "till", "--timeout", str(timeout), *extra)
        run = subprocess.run([*wrap, *arguments], input=json.dumps(document).encode(), capture_output=True, timeout=600,
                             env={**os.environ, **(environment or {})}, check=False)
        return run.returncode, read_line(run.stdout)

    def call(self, *arguments, environment=None):
        run = subprocess.run(self.command(*arguments, "--json"), capture_output=True, timeout=600,
                             env={**os.environ, **(environment or {})}, check=False)
        return run.returncode, read_line(run.stdout)

    def events(self):
        return self.wire_events() if self.by_wire else read_events(f"{self.paper}/events.jsonl")

    def wire_events(self):
        wire, out = f"{self.paper}/wire.bin", f"{self.place}/read"
        size = os.path.getsize(wire) if os.path.exists(wire) else 0
        if size != self.read[0]:
            subprocess.run([KWIT, "simulate", "--input", wire, "--profile", self.profile, "--out", out],
                           stdout=subprocess.DEVNULL, check=True, timeout=600)
            self.read = (size, read_events(f"{out}/events.jsonl"))
        return self.read[1]

    def pieces(self, events=None):
        """Lists of what is on each piece of paper, in order: text and symbols."""
        pieces = {}
        for event in self.events() if events is None else events:
            if event["event"] in ("text", "barcode", "qr", "image"):
                pieces.setdefault(event["piece"], []).append(event.get("text") or event.get("data") or "image")
        return [pieces[number] for number in sorted(pieces)]

    def pulses(self):
        return sum(event["event"] == "drawer" for event in self.events())

    def journal(self, query):
        return sqlite3.connect(f"file:{self.state}/journal.db?mode=ro", uri=True).execute(query).fetchall()

    def job_states(self):
        return dict(self.journal("select id, state from job"))


def read_events(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(text) for text in file if text.endswith("\n")]


def read_line(output):
    lines = output.decode("utf-8", "replace").splitlines()
    if not lines:
        return None
    try:
        return json.loads(lines[-1])
    except ValueError:
        return None


def holds(piece, wanted):
    """Whether the wanted lines stand on the piece, in order."""
    at = 0
    for line in piece:
        if at < len(wanted) and line == wanted[at]:
            at += 1
    return at == len(wanted)


def marked(piece):
    return any(mark in line for line in piece for mark in MARKS)


def run(main):
    """On a clock that stands but while somebody sleeps: what waits for its moment takes no time."""
    clock.lend(KWIT)
    with clock.standing():
        main()


class Reference:
    """The pieces of a sale as they come out when nothing goes wrong, and how long they are on the wire."""

    def __init__(self, place, document, **options):
        till = Till(place, **options)
        status, line = till.print(document, timeout=20)
        if status != 0 or line["outcome"] != "printed":
            raise AssertionError(f"the reference did not print: {line}")
        self.pieces = till.pieces()
        self.paper_mm = line["paper_mm"]
        self.wire_bytes = os.path.getsize(f"{till.paper}/wire.bin")
        self.pulses = till.pulses()

    def count(self, till):
        """For each piece of the sale: how many whole ones came out unmarked, and marked."""
        paper = till.pieces()
        return [(sum(holds(piece, wanted) and not marked(piece) for piece in paper),
                 sum(holds(piece, wanted) and marked(piece) for piece in paper)) for wanted in self.pieces]

    def tails_without_heads(self, till):
        """Pieces of paper that end as the receipt does but do not begin as it does."""
        head, tail = self.pieces[0][1], self.pieces[0][-1]
        return sum(tail in piece and head not in piece for piece in till.pieces())

    def faults(self, till, said, settled):
        """What is wrong with this till's paper. said: every outcome reported; settled: the last call's."""
        wrong = []
        counts = self.count(till)
        whole = min(unmarked + also for unmarked, also in counts)
        for number, (unmarked, also) in enumerate(counts):
            if unmarked > 1:
                wrong.append(f"DOUBLED: piece {number} came out whole {unmarked} times without a mark ({also} marked)")
        if any(outcome in ("printed", "duplicate") for outcome in said) and whole < 1:
            wrong.append(f"FALSE: reported {said}, but the paper is not whole {counts}")
        if settled in ("printed", "sent", "duplicate") and whole < 1:
            wrong.append(f"LOST: settled as {settled}, but the paper is not whole {counts}")
        head = self.pieces[0][1]
        begun = sum(piece.count(head) for piece in till.pieces() if not marked(piece))
        if begun > 1:
            wrong.append(f"UNMARKED: the receipt was begun {begun} times without a mark")
        if till.pulses() > self.pulses:
            wrong.append(f"DRAWER: {till.pulses()} pulses")
        return wrong
