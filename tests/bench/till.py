"""What a till waits for behind the tap, against a plain relay to the same printer, in turns in one run.

Both ways end in one relay that stamps the moment at which a mark passes it on its way to the simulated printer; from there on
they are alike. A receipt comes in a burst and counts to its first ink, one that comes slowly from a segment to that segment's
first line, the drawer to its pulse, a question to its answer: while nothing is printed, and while a printer of real speed prints the
receipt of another till. What the tap does to a receipt before it may go out is timed alone.
"""
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import sales

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../e2e", "../support")]
from kwit import KWIT, Shop     # noqa: E402  pylint: disable=wrong-import-position
from tap import TIMEOUT_S, Tap  # noqa: E402  pylint: disable=wrong-import-position

WARM, ROUNDS, FEW = 3, 30, 5
INIT, PULSE, QUESTION, END = b"\x1b@", b"\x1bp\x00\x19\xfa", b"\x10\x04\x01", b"\x1bd\x04\x1dV\x00"
MARK, LINES, SHORT = b"Tea number", 85, 20
LOOK_MS = 5


class Relay:
    """Passes on what comes on either side, and stamps when the mark went by."""

    def __init__(self, port):
        self.target, self.door = port, socket.create_server(("127.0.0.1", 0))
        self.port, self.mark, self.tail, self.seen = self.door.getsockname()[1], None, b"", threading.Event()
        self.at = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def await_mark(self, mark):
        self.mark, self.tail = mark, b""
        self.seen.clear()

    def _accept(self):
        while True:
            near, _ = self.door.accept()
            far = socket.create_connection(("127.0.0.1", self.target))
            for one, other, watched in ((near, far, True), (far, near, False)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(one, other, watched), daemon=True).start()

    def _pass(self, source, target, watched):
        try:
            while data := source.recv(65536):
                target.sendall(data)
                if watched and self.mark:
                    self._look(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _look(self, data):
        self.tail = self.tail[-len(self.mark):] + data
        if self.mark in self.tail:
            self.at, self.mark = time.perf_counter(), None
            self.seen.set()


def _connect(port):
    end = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return end


def until_mark(port, watch, data, mark):
    """Milliseconds from the burst to the mark; the end of the connection is waited for and not counted."""
    watch.await_mark(mark)
    with _connect(port) as end:
        began = time.perf_counter()
        end.sendall(data)
        end.shutdown(socket.SHUT_WR)
        assert watch.seen.wait(TIMEOUT_S), "it does not come to the printer"
        while end.recv(4096):
            pass
    return (watch.at - began) * 1000


def until_line(port, watch, number):
    """Of a receipt that goes out as it comes: the last segment but the end. Its second line frees the first."""
    with _connect(port) as end:
        watch.await_mark(b"Receipt %d\n" % number)
        end.sendall(INIT + b"SHOP\nReceipt %d\nNo. %d\n" % (number, number))
        assert watch.seen.wait(TIMEOUT_S), "it does not begin"
        watch.await_mark(MARK)
        began = time.perf_counter()
        end.sendall(MARK + b" 1.00\nTOTAL 1.00\n")
        assert watch.seen.wait(TIMEOUT_S), "the line does not come to the printer"
        end.sendall(END)
        end.shutdown(socket.SHUT_WR)
        while end.recv(4096):
            pass
    return (watch.at - began) * 1000


def until_answer(port):
    with _connect(port) as end:
        began = time.perf_counter()
        end.sendall(QUESTION)
        assert end.recv(16), "no answer"
        return (time.perf_counter() - began) * 1000


def until_answer_in_mid_job(port, watch, own, data):
    """The question comes when the first ink has gone to the printer: from another till, or on the only line that a printer has.
    It waits behind what is on its way to a printer that prints, so the relay is given the bytes that the tap sends."""
    watch.await_mark(MARK)
    with _connect(port) as end, contextlib.ExitStack() as more:
        other = more.enter_context(_connect(port)) if own else end
        end.sendall(data)
        assert watch.seen.wait(TIMEOUT_S), "it does not come to the printer"
        began = time.perf_counter()
        other.sendall(QUESTION)
        assert other.recv(16), "no answer"
        taken = (time.perf_counter() - began) * 1000
        end.shutdown(socket.SHUT_WR)
        done = time.perf_counter()
        while end.recv(4096):
            pass
        assert not own or time.perf_counter() > done + 0.05, "the receipt was out before the question"
    return taken


def in_turns(name, ways, work, most, rounds=ROUNDS):
    """The least of both ways, which others on the machine do not raise; whether the tap's is no more than is said."""
    taken = {way: [] for way in ways}
    for number in range(WARM + rounds):
        for way, port in ways.items():
            taken[way].append(work(port, number))
    tap, relay = (min(taken[way][WARM:]) for way in ("tap", "relay"))
    middle = {way: statistics.median(taken[way][WARM:]) for way in ways}
    print(f"{name}: relay {relay:.2f} ms, tap {tap:.2f} ms (at most {most(relay):.2f}); in the middle {middle['relay']:.2f} and {middle['tap']:.2f}")
    return tap <= most(relay)


@contextlib.contextmanager
def printer(speed, more=""):
    """A relay to a simulated printer, and the ways to it: behind a relay, and behind a tap."""
    place = tempfile.mkdtemp(prefix="printer-", dir=os.environ["SCRATCH"])
    with subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--out", place, "--profile", "tm-t20iii", "--speed", speed],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        watch = Relay(int(process.stdout.readline().split()[-1].rpartition(":")[2]))
        shop = Shop(printer=f"tcp://127.0.0.1:{watch.port}", more="[tap]\nnumber = No[.] *([0-9]+)\n" + more)
        with Tap(shop) as tap:
            yield shop, watch, {"relay": Relay(watch.port).port, "tap": tap.port}
        process.terminate()
        process.communicate()


def looked_at():
    """A receipt of 4 KiB in a process that stays up; whether it takes no longer than is said."""
    shop, path = Shop(), os.path.join(os.environ["SCRATCH"], "receipt.bin")
    with open(path, "wb") as file:
        file.write(sales.stream(1, LINES))
    told = subprocess.run([os.path.join(os.environ["BENCH"], "bench_append"), shop.config, path, str(ROUNDS)], capture_output=True,
                          text=True, check=True)
    print(f"a receipt of 4 KiB understood, woven and proved: {float(told.stdout):.2f} ms (at most {LOOK_MS:.2f})")
    return float(told.stdout) <= LOOK_MS


def main():
    kept = [looked_at()]
    with printer("fast") as (_, watch, ways):
        kept += [in_turns("a receipt's first ink", ways, lambda port, n: until_mark(port, watch, sales.stream(n, LINES), MARK), lambda ms: 1.5 * ms + 10),
                 in_turns("the drawer alone", ways, lambda port, _: until_mark(port, watch, INIT + PULSE, PULSE), lambda ms: ms + 2),
                 in_turns("DLE EOT, idle", ways, lambda port, _: until_answer(port), lambda ms: ms + 2)]
    with printer("fast", "gather = 1 ms\n") as (_, watch, ways):
        kept += [in_turns("a line of one that comes slowly", ways, lambda port, n: until_line(port, watch, n), lambda ms: ms + 1)]
    with printer("real") as (shop, watch, ways):
        def ask(port, number):
            own, plain = port == ways["tap"], sales.stream(number, SHORT)
            return until_answer_in_mid_job(port, watch, own, plain if own else shop.kwit("append", "--in", "-", "-o", "-", "--profile", "tm-t20iii", document=plain).out)
        kept += [in_turns("DLE EOT, in mid job", ways, ask, lambda ms: ms + 50, FEW)]
    return not all(kept)


if __name__ == "__main__":
    sys.exit(main())
