"""What an office's process holds while its connections are many: silent ones, and such as say half of a header, a form, a batch.

The whole stays below 64 MiB, each connection within its bytes; who sends the most takes no page from others, and a till with
a few events is heard.
"""
# pylint: disable=protected-access
import contextlib
import os
import resource
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from postgresql import OWNER, PROGRAMS, Postgres     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

CONNECTIONS, MOST, KIB = 960, 64 * 1024 * 1024, 1024         # of the thousand that it takes some are for who comes later
HOST = b"Host: fb.corner.example\r\n"
# What each says, and the bytes that one of them may take. Bodies of batches have an end together.
KINDS = {"nothing": (b"", 8 * KIB), "half a header": (b"GET / HTTP/1.1\r\n" + HOST + b"X-Long: " + b"x" * 8000, 24 * KIB),
         "half a form": (b"POST /code HTTP/1.1\r\n" + HOST + b"Content-Length: 16000\r\n\r\n" + b"x" * 15000, 40 * KIB),
         "half a batch": (b"POST /v1/push HTTP/1.1\r\n" + HOST + b"Content-Length: 262000\r\n\r\n" + b"x" * 250000, 56 * KIB)}


def _held(office):
    """Resident bytes, and the share of what several processes have."""
    with open(f"/proc/{office.process.pid}/smaps_rollup", encoding="ascii") as file:
        rows = dict(line.split(":") for line in file if line.startswith(("Rss:", "Pss:")))
    return [int(rows[name].split()[0]) * KIB for name in ("Rss", "Pss")]


def _connect(office, said):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(office.place[5:])
    connection.settimeout(30)
    with contextlib.suppress(OSError):
        connection.sendall(said)
    return connection


def _page(office):
    with contextlib.closing(_connect(office, b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")) as connection:
        return connection.recv(4096).split(b"\r\n")[0]


def _batch(office):
    """What is said of a large body that is no batch."""
    said = KINDS["half a batch"][0] + b"x" * 12000
    with contextlib.closing(_connect(office, said)) as connection:
        return connection.recv(4096).split(b"\r\n")[0]


def _measure(office, name):
    till = push._till(office, 1)
    push._push(till)
    same(_page(office), b"HTTP/1.1 200 OK", "the page")
    rest = _held(office)
    for kind, (said, most) in KINDS.items():
        with contextlib.ExitStack() as stack:
            for _ in range(CONNECTIONS):
                stack.enter_context(contextlib.closing(_connect(office, said)))
            held = _held(office)
            same(_page(office), b"HTTP/1.1 200 OK", f"the page beside {kind}")
            if kind == "half a batch":
                push._sell(till)
                same(push._push(till)["events"], 2, "a few events find room")
                want(b" 503 " in _batch(office), "what is told to who sends many")
        each = (held[0] - rest[0]) // CONNECTIONS
        print(f"{name}, {kind}: {held[0] / MOST * 64:.1f} MiB resident, {held[1] / MOST * 64:.1f} its share, {each} bytes a connection")
        want(held[0] <= MOST and each <= most, f"{kind}: {held[0]} bytes, {each} a connection")
    want(b" 503 " not in _batch(office), "when there is room again")


def a_thousand_connections_take_their_bytes_and_no_more():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with push.Office(push._chain()) as office:
        _measure(office, "journal")
    if not PROGRAMS:
        return
    with Postgres() as database:
        office = push.Office(push._chain())
        with open(office.config, "a", encoding="utf-8") as file:
            file.write(database.setting())
        office.done("office", "migrate", "--owner", database.store(OWNER))
        with office:
            _measure(office, "PostgreSQL")


if __name__ == "__main__":
    run_tests(globals())
