"""proof.py - what a receipt's end is called: before good printers, bad ones, and what is no printer at all."""
import itertools
import json
import os
import re
import select
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from kwit import KWIT, Shop, run_tests, same, tiny, want

PATIENCE = 6


class Peer:
    """`kwit simulate --peer WORD` at an address that nobody had before it, for what waits for an earlier one knocks there
    again; what it printed lies in `place`."""
    hosts = itertools.count(2)

    def __init__(self, shop, word, profile="tm-t20iii", *more):
        self.place = os.path.join(shop.place, f"peer-{word}-{profile}")
        host = f"127.{os.getpid() >> 8 & 255}.{os.getpid() & 255}.{next(Peer.hosts)}"
        self.process = subprocess.Popen([KWIT, "simulate", "--listen", f"tcp:{host}:0", "--out", self.place, "--profile",
                                         profile, "--peer", word, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = re.search(r"tcp://\S+:\d+", self.process.stdout.readline().decode()).group()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()

    def receipts(self):
        """How many receipts of one Apple it took: it counts bytes, for not every model cuts."""
        with open(os.path.join(self.place, "wire.bin"), "rb") as file:
            return file.read().count(b"Apple")


class Server:
    """A socket that does what `serve(link)` says with each connection; what it received is in `got`."""

    def __init__(self, serve):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"
        self.serve, self.got, self.calls = serve, b"", 0
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            try:
                self.serve(self, link)
            except OSError:
                pass
            link.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def _reset(link):
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _take_all(server, link):
    while True:
        data = link.recv(65536)
        if not data:
            return
        server.got += data


def _print(shop, address, identity, profile="tm-t20iii", timeout=PATIENCE, *more):
    document = {**tiny(identity), "number": identity}
    named = ("--profile", profile) if profile else ()
    return shop.print(document, "--printer", address, *named, "--timeout", str(timeout), *more)


def _outcome(shop, address, identity, **options):
    _, line = _print(shop, address, identity, **options)
    return line["outcome"], line["reason"]


def _side_by_side(check, cases):
    """Each case waits for its own printer's deadlines, in a shop of its own."""
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda case: check(Shop(survey=False), *case), cases))


# ---- good printers ---------------------------------------------------------------------------------------------------

def _two_receipts(shop, word, profile, wanted):
    with Peer(shop, word, profile) as peer:
        for sale in range(2):
            name = f"{word}-{profile}-{sale}"
            said = _outcome(shop, peer.address, name, profile=profile, timeout=15)
            same(said[0], wanted, f"{name} ({said[1]})")
            same(peer.receipts(), sale + 1, f"{name}: receipts taken")


def good_printers_of_six_kinds_do_not_end_in_doubt():
    _side_by_side(_two_receipts, (("echo", "tm-t20iii", "printed"), ("barrier", "tm-t88iii", "printed"),
                                  ("barrier", "tm-t20iii", "printed"), ("barrier", "pos-80", "printed"),
                                  ("status", "pos-80", "sent"), ("one-way", "pos-58", "sent"),
                                  ("slow", "tm-t20iii", "printed"), ("pushing", "tm-t20iii", "printed")))


# ---- bad printers ----------------------------------------------------------------------------------------------------

def a_stray_byte_proves_nothing():
    shop = Shop(survey=False)
    for word, profile, wanted in (("stray", "tm-t88iii", "unconfirmed"), ("strays", "tm-t88iii", "unconfirmed"),
                                  ("twice", "tm-t88iii", "unconfirmed"), ("wrong-id", "tm-t20iii", "unconfirmed")):
        with Peer(shop, word, profile) as peer:
            name = f"{word}-1"
            said = _outcome(shop, peer.address, name, profile=profile, timeout=4)
            want(said[0] in (wanted, "queued"), f"{name}: {said}")
            want(said[0] == wanted or peer.receipts() == 0, f"{name}: queued with paper")


def a_call_keeps_its_time_before_a_printer_that_drips():
    shop = Shop(survey=False)
    with Peer(shop, "drip") as peer:
        _, line = _print(shop, peer.address, "drip-1", timeout=3)
        want(line["outcome"] in ("unconfirmed", "queued", "printed"), line["outcome"])
        want(line["outcome"] != "queued" or peer.receipts() == 0, "queued with paper")


# ---- no printers -----------------------------------------------------------------------------------------------------

def _no_receipt(shop, word, profile):
    with Peer(shop, word) as peer:
        name = f"{word}-{profile}"
        outcome, reason = _outcome(shop, peer.address, name, profile=profile, timeout=3)
        same((outcome, reason in ("garbage", "unavailable", "no_answer", "disconnected")), ("queued", True), f"{name} ({reason})")
        answer = shop.kwit("status", "--json", "--printer", peer.address)
        same(json.loads(answer.out)["ready"], False, f"{name}: status")


def what_is_no_printer_gets_no_receipt_and_is_not_called_ready():
    _side_by_side(_no_receipt, [(word, profile) for word in ("http", "nul", "noise", "login", "garbled")
                                for profile in ("tm-t20iii", None)])


def silence_of_a_model_that_confirms_is_a_doubt_with_the_line_to_write():
    shop = Shop(survey=False)
    with Peer(shop, "one-way") as peer:
        _, line = _print(shop, peer.address, "mute-1", timeout=3)
        same(line["outcome"], "unconfirmed", "a model whose row says that it echoes")
        want("confirm = never" in line["message"] and "kwit resolve" in line["message"], line["message"])
        with open(shop.config, "a", encoding="utf-8") as file:
            file.write(f"[printer mute]\nuri = {peer.address}\nprofile = tm-t20iii\nconfirm = never\n")
        same(shop.print(tiny("mute-2"), "--printer", "mute", "--timeout", "8")[1]["outcome"], "sent", "as it was written")


def three_receipts_that_a_person_saw_teach_the_same():
    shop = Shop(survey=False)
    with Peer(shop, "one-way") as peer:
        for sale in range(3):
            same(_outcome(shop, peer.address, f"seen-{sale}", timeout=3)[0], "unconfirmed", f"sale {sale}")
            line = json.loads(shop.kwit("resolve", f"seen-{sale}", "--seen", "--json").out)
            same(line["outcome"], "printed", "a person's word")
            want("a person saw it" in line["message"] and "confirm" not in line["message"], line["message"])
        same(_outcome(shop, peer.address, "seen-3", timeout=8)[0], "sent", "the fourth sale")


# ---- what the network says of the end --------------------------------------------------------------------------------

def sent_is_said_only_when_the_stream_was_read_to_its_end():
    shop = Shop(survey=False)
    with Server(_take_all) as server:
        same(_outcome(shop, server.address, "end-1", profile="pos-58"), ("sent", "never_answers"), "read to its end")
        want(b"end-1" in server.got, "the receipt arrived")

    def hold(server, link):
        select.select([], [], [], PATIENCE)
    with Server(hold) as server:
        same(_outcome(shop, server.address, "end-2", profile="pos-58", timeout=3)[0], "unconfirmed", "accepted, never read")
    listener = socket.create_server(("127.0.0.1", 0), backlog=1)
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    same(_outcome(shop, address, "end-3", profile="pos-58", timeout=3)[0], "unconfirmed", "nobody accepts")
    listener.close()


def a_reset_is_no_sent():
    shop = Shop(survey=False)

    def take_some_and_reset(server, link):
        while len(server.got) < 150:
            data = link.recv(50)
            if not data:
                return
            server.got += data
        _reset(link)

    def reset_at_the_end(server, link):
        _take_all(server, link)
        _reset(link)
    for name, serve in (("reset", take_some_and_reset), ("late-reset", reset_at_the_end)):
        with Server(serve) as server:
            said = _outcome(shop, server.address, name, profile="pos-58", timeout=4)
            want(said[0] in ("unconfirmed", "interrupted"), f"{name}: {said}")


def a_connection_that_is_reset_at_once_is_waited_for():
    shop = Shop(survey=False)

    def lock_out(server, link):
        if server.calls < 4:
            _reset(link)
            return
        _take_all(server, link)
    with Server(lock_out) as server:
        same(_outcome(shop, server.address, "locked-1", profile="pos-58", timeout=8)[0], "sent", "the fourth connection")
        want(b"locked-1" in server.got, "the receipt arrived")

    def never(server, link):
        _reset(link)
    with Server(never) as server:
        _, line = _print(shop, server.address, "locked-2", profile="pos-58", timeout=2)
        same((line["outcome"], line["reason"]), ("queued", "unavailable"), "a port that closes every connection")
        want("another till" in line["message"], line["message"])


def a_pipe_whose_reader_left_is_no_sent():
    shop = Shop(survey=False)
    pipe = os.path.join(shop.place, "pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    leave = threading.Thread(target=lambda: (select.select([reader], [], [], 20), os.read(reader, 100), os.close(reader)))
    leave.start()
    said = _outcome(shop, f"file:{pipe}", "pipe-1", profile="pos-58", timeout=4)
    leave.join()
    want(said[0] in ("unconfirmed", "interrupted"), f"the reader left after a hundred bytes: {said}")
    reader, got, done = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), [], threading.Event()

    def collect():
        while not done.is_set() or select.select([reader], [], [], 0)[0]:
            if select.select([reader], [], [], 0.1)[0]:
                got.append(os.read(reader, 65536))
                if not got[-1] and done.wait(0.01):     # else whoever wrote has closed, and may open again
                    return
    taking = threading.Thread(target=collect)
    taking.start()
    said = _outcome(shop, f"file:{pipe}", "pipe-2", profile="pos-58", timeout=8)
    done.set()
    taking.join()
    os.close(reader)
    same(said[0], "sent", f"read to its end ({said[1]})")
    want(b"pipe-2" in b"".join(got), "the receipt arrived")


# ---- the killed call ---------------------------------------------------------------------------------------------------

def an_echo_that_a_later_call_hears_proves_the_killed_one():
    """The printer holds the echo of the first call's id until somebody reads it again."""
    shop = Shop(survey=False)
    state = {"held": b"", "killed": None}

    def serve(server, link):
        link.sendall(state["held"])
        state["held"] = b""
        seen = b""
        while True:
            data = link.recv(65536)
            if not data:
                return
            seen += data
            while True:
                status, ask = seen.find(b"\x10\x04"), seen.find(b"\x1d(H\x06\x00\x30\x30")
                if status >= 0 and (ask < 0 or status < ask) and len(seen) >= status + 3:
                    link.sendall(b"\x16" if seen[status + 2] == 1 else b"\x12")
                    seen = seen[status + 3:]
                elif ask >= 0 and len(seen) >= ask + 11:
                    echo = b"\x37\x22" + seen[ask + 7:ask + 11] + b"\0"
                    if b"Apple" in seen[:ask] and state["killed"]:
                        state["held"] = echo
                        state["killed"].kill()
                        state["killed"] = None
                        return
                    link.sendall(echo)
                    seen = seen[ask + 11:]
                else:
                    break
    with Server(serve) as server:
        command = [KWIT, "--config", shop.config, "--state", shop.state, "print", "-", "--printer", server.address,
                   "--profile", "tm-t20iii", "--timeout", "20"]
        document = json.dumps(tiny("killed-1")).encode()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        state["killed"] = process
        process.stdin.write(document)
        process.stdin.close()
        process.wait()
        same(_outcome(shop, server.address, "after-1", timeout=15)[0], "printed", "the next sale")
        jobs = json.loads(shop.kwit("queue", "show", "killed-1", "--json").out)["jobs"]
        same(jobs[0]["state"], "printed", "the killed call's sale")


# ---- what a call says of itself ----------------------------------------------------------------------------------------

def a_dry_run_says_that_nothing_was_sent():
    shop = Shop(survey=False)
    code, line = shop.print(tiny("dry-1"), "--dry-run")
    same((code, line["outcome"]), (0, "encoded"), "a dry run")


def a_line_that_nobody_can_read_takes_nothing_back():
    shop = Shop(survey=False)
    with open("/dev/full", "wb") as full:
        run = subprocess.run([KWIT, "--config", shop.config, "--state", shop.state, "print", "-", "--json"],
                             input=json.dumps(tiny("full-1")).encode(), stdout=full, stderr=subprocess.PIPE, check=False)
    same(run.returncode, 0, "a printed sale whose line cannot be written")
    want(b"it was done" in run.stderr, run.stderr.decode())


def the_model_is_asked_once_and_remembered():
    shop = Shop(survey=False)
    with Peer(shop, "echo", "tm-t88v") as peer:
        for sale in range(2):
            code, line = _print(shop, peer.address, f"model-{sale}", profile=None, timeout=10)
            same((code, line["outcome"]), (0, "printed"), f"sale {sale}")
            same([warning["code"] for warning in line["warnings"]], [], f"sale {sale}: warnings")
            same(line["printer"]["model"], "TM-T88V", f"sale {sale}: model")
        with open(os.path.join(peer.place, "wire.bin"), "rb") as file:
            same(file.read().count(b"\x1dIC"), 1, "questions for the model")
        with open(os.path.join(peer.place, "0001.txt"), encoding="utf-8") as file:
            same(max(len(line.rstrip("\n")) for line in file), 42, "columns on 80 mm at 180 dpi")
        doctor = shop.kwit("doctor", "--printer", peer.address).text
        want("profile = tm-t88v" in doctor, doctor)


def a_printer_without_a_drawer_gets_no_pulse():
    shop = Shop(survey=False, profile="mpt-ii")
    _, line = shop.print(tiny("drawer-1", drawer=True))
    same((line["drawer"]["asked"], line["drawer"]["pulsed"], line["drawer"]["reason"]), (True, False, "unsupported"), "drawer")
    want(b"\x1bp" not in shop.wire(), "a pulse on the wire")


def what_another_program_sent_is_waited_for_and_stays_whole():
    shop = Shop(survey=False)
    printer = subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--speed", "20", "--profile", "tm-t20iii", "--out",
                                shop.paper], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    address = printer.stdout.readline().split()[-1]
    try:
        same(_outcome(shop, address, "own-1", timeout=60), ("printed", None), "a printer that proves receipts")
        with socket.create_connection(address.removeprefix("tcp://").split(":")) as other:
            other.sendall(b"".join(b"another's line %d\n" % n for n in range(60)) + b"\x10\x04\x01")
            other.recv(1)               # all of it is in the printer, and most of it is not yet on paper
        same(_outcome(shop, address, "own-2", timeout=2), ("queued", "busy"), "its lines are not at their end")
        same(_outcome(shop, address, "own-2", timeout=60)[0] in ("printed", "duplicate"), True, "called again, and waited for")
    finally:
        printer.terminate()
        printer.wait(60)
        printer.stdin.close()
        printer.stdout.close()
    text = shop.text()
    same(sum(f"another's line {n}\n" in text for n in range(60)), 60, "the other's lines")
    want(text.index("another's line 59") < text.index("own-2"), "ours came behind them")


# ---- time ----------------------------------------------------------------------------------------------------------------

def a_document_that_does_not_come_is_not_waited_for():
    shop = Shop(survey=False)
    pipe = os.path.join(shop.place, "document")
    os.mkfifo(pipe)
    for what in ("-", pipe):
        silent, writer = os.pipe()
        run = subprocess.run([KWIT, "--config", shop.config, "--state", shop.state, "print", what, "--json", "--timeout", "1"],
                             stdin=silent, capture_output=True, timeout=60, check=False)
        os.close(writer)
        os.close(silent)
        same((run.returncode, json.loads(run.stdout)["reason"]), (66, "no_input"), what)


def a_pipe_where_a_file_should_be_is_not_waited_for():
    shop = Shop(survey=False)
    for number, name in enumerate(("wire.bin", "history.log", "events.jsonl")):
        paper = os.path.join(shop.place, f"pipes-{number}")
        os.mkdir(paper)
        os.mkfifo(os.path.join(paper, name))
        _, line = _print(shop, f"sim:{paper}", f"pipe-in-{number}", profile=None, timeout=2)
        same((line["outcome"], line["reason"]), ("queued", "io"), f"{name} is a pipe")


def what_is_worth_two_seconds_ends_after_two():
    shop = Shop(survey=False)
    paper = os.path.join(shop.place, "expired")
    code, line = _print(shop, f"sim:{paper}?scenario=expired", "worth-1", None, PATIENCE, "--deadline", "2")
    same((code, line["outcome"], line["kept"]), (79, "expired", False), line["message"])
    want(line["ms"]["total"] < PATIENCE * 1000, f"it took {line['ms']['total']} ms")
    same(_outcome(shop, f"sim:{paper}?fault=", "worth-1", profile=None)[0], "printed", "called again when the printer is ready")


def a_journal_that_another_holds_is_busy_within_the_call():
    shop = Shop(survey=False)
    same(_outcome(shop, shop.uri, "first", profile=None)[0], "printed", "the first sale")
    other = sqlite3.connect(os.path.join(shop.state, "journal.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, line = _print(shop, shop.uri, "second", profile=None, timeout=1)
    same((code, line["outcome"], line["reason"], line["kept"]), (69, "error", "busy", False), "a call of one second")
    want(line["ms"]["total"] < 3000, f"it took {line['ms']['total']} ms, and five seconds is the rule without a limit")
    other.execute("ROLLBACK")
    same(_outcome(shop, shop.uri, "second", profile=None)[0], "printed", "the same sale afterwards")


def a_file_that_may_not_grow_ends_in_an_outcome():
    shop = Shop(survey=False)
    run = subprocess.run(["sh", "-c", 'ulimit -f 8; exec "$0" "$@"', KWIT, "--config", shop.config, "--state", shop.state, "print",
                          "-", "--json"], input=json.dumps(tiny("limit-1")).encode(), capture_output=True, timeout=60, check=False)
    want(run.returncode > 0 and run.stdout, f"exit {run.returncode}")
    same(json.loads(run.stdout)["outcome"], "error", "the outcome")


def a_receipt_of_too_many_lines_is_refused_before_paper():
    shop = Shop(survey=False)
    line = {"quantity": "1", "unit_price": "1.00", "total": "1.00", "name": "word " * 400000}
    code, told = shop.print(tiny("long-1", lines=[line]), "--timeout", "20")
    same((code, told["outcome"], told["reason"]), (65, "rejected", "too_large"), told["message"])


def a_question_that_broke_off_is_ended_by_the_next_call():
    """Unplugged anywhere in what is asked before a receipt, a printer waits for the rest of that command for ever."""
    for byte in range(13, 30):
        shop = Shop(survey=False, more="drain = next-call\n")
        document = tiny("B-1")
        same(shop.print(tiny("B-0"))[0], 0, "the sale before")
        place = f"{shop.uri}&fault=unplug@byte={byte}"
        same(shop.print(document, "--timeout", "2", "--printer", place)[1]["outcome"], "queued", f"unplugged at byte {byte}")
        same(shop.print(document)[1]["outcome"], "printed", f"plugged in again after byte {byte}")


run_tests(globals(), together=6)
