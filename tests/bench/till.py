"""What a till waits for behind the tap, against a plain relay to the same printer, in turns in one run.

Both ways end in one relay that stamps the moment at which a mark passes it on its way to the simulated printer; from there on
they are alike. A receipt comes in a burst and counts to its first ink, the drawer to its pulse, a question to its answer.
"""
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import sales

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../e2e", "../support")]
from kwit import KWIT, Shop     # noqa: E402  pylint: disable=wrong-import-position
from tap import TIMEOUT_S, Tap  # noqa: E402  pylint: disable=wrong-import-position

WARM, ROUNDS = 3, 30
INIT, PULSE, QUESTION = b"\x1b@", b"\x1bp\x00\x19\xfa", b"\x10\x04\x01"
MARK, LINES = b"Tea number", 85


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


def until_answer(port):
    with _connect(port) as end:
        began = time.perf_counter()
        end.sendall(QUESTION)
        assert end.recv(16), "no answer"
        return (time.perf_counter() - began) * 1000


def in_turns(name, ways, work, most):
    """The least of both ways, which others on the machine do not raise; whether the tap's is no more than is said."""
    taken = {way: [] for way in ways}
    for number in range(WARM + ROUNDS):
        for way, port in ways.items():
            taken[way].append(work(port, number))
    tap, relay = (min(taken[way][WARM:]) for way in ("tap", "relay"))
    middle = {way: statistics.median(taken[way][WARM:]) for way in ways}
    print(f"{name}: relay {relay:.2f} ms, tap {tap:.2f} ms (at most {most(relay):.2f}); in the middle {middle['relay']:.2f} and {middle['tap']:.2f}")
    return tap <= most(relay)


def main():
    place = os.path.join(os.environ["SCRATCH"], "printer")
    with subprocess.Popen([KWIT, "simulate", "--listen", "tcp:127.0.0.1:0", "--out", place, "--profile", "tm-t20iii", "--speed", "fast"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as printer:
        port = int(printer.stdout.readline().split()[-1].rpartition(":")[2])
        watch = Relay(port)
        shop = Shop(printer=f"tcp://127.0.0.1:{watch.port}", more="[tap]\nnumber = No[.] *([0-9]+)\n")
        with Tap(shop) as tap:
            ways = {"relay": Relay(watch.port).port, "tap": tap.port}
            kept = [in_turns("a receipt's first ink", ways, lambda port, n: until_mark(port, watch, sales.stream(n, LINES), MARK), lambda ms: 1.5 * ms + 10),
                    in_turns("the drawer alone", ways, lambda port, _: until_mark(port, watch, INIT + PULSE, PULSE), lambda ms: ms + 2),
                    in_turns("DLE EOT, idle", ways, lambda port, _: until_answer(port), lambda ms: ms + 2)]
        printer.terminate()
        printer.communicate()
    return not all(kept)


if __name__ == "__main__":
    sys.exit(main())
