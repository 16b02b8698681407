"""The office under hostile clients and kills: saved is on disk, addresses are nowhere, who fails too often waits."""
import concurrent.futures
import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, await_that, day_in_code, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from office import Office      # noqa: E402  pylint: disable=wrong-import-position

ANSWERS = int(os.environ.get("ANSWERS", "200"))
MARK = "203.0.113.77"
FIRST_TILL, TILL_CODES = 500, 16000       # of one day


def _codes(office, count):
    """Genuine codes of tills whose journals are not here: each may be answered once."""
    day = subprocess.run([KWIT, *office.files, "survey", "verify", office.codes[0], "--json"], capture_output=True, check=True, text=True).stdout
    day = day.split('"day":"')[1][:10]
    number = day_in_code(day)
    for code in range(count):
        text = office.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(FIRST_TILL + code // TILL_CODES), "--day",
                           str(number), "--seq", str(code % TILL_CODES + 1))
        yield text.split()[0].replace("-", "")


class Killed:
    """An office on one port that is killed and started again while others talk to it."""

    def __init__(self):
        with Office() as first:
            self.codes = first.line["codes"]
        self.office = Office(first.place)
        self.office.codes = self.codes

    def again(self):
        port = self.office.port
        self.office.end(signal.SIGKILL)
        process = subprocess.Popen([KWIT, *self.office.files, "office", "serve", "--listen", f"127.0.0.1:{port}", "--json"], stdout=subprocess.PIPE)
        process.stdout.readline()
        self.office.process = process


def _answer(office, code):
    """Until it is said to be saved: a browser that tries again with the same form."""
    k = None
    while True:
        try:
            k = k or office.form(code)
            status = office.ask("POST", "/" + code, {"csat": 4, "k": k})[0]
            if status == 303:
                return code
        except (OSError, http.client.HTTPException):
            pass


def what_is_said_to_be_saved_is_there_once_however_often_the_office_is_killed():
    killed = Killed()
    office, done, kills = killed.office, threading.Event(), 0
    codes = list(_codes(office, ANSWERS))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(_answer, office, code) for code in codes]
        while not all(answer.done() for answer in answers):
            done.wait(1)
            killed.again()
            kills += 1
        saved = [answer.result() for answer in answers]
    same(office.end(), 0, "the end")
    with sqlite3.connect(os.path.join(office.state, "journal.db")) as database:
        rows = dict(database.execute("SELECT token, count(*) FROM answer WHERE handle >= ? GROUP BY token", (FIRST_TILL,)))
    same({code: rows.get(code) for code in saved}, {code: 1 for code in codes}, f"rows after {kills} kills")
    want("whole" in office.kwit("journal", "verify"), "the journal")


def _is_traced(process):
    """Every thread of it."""
    threads = f"/proc/{process}/task"
    return all("TracerPid:\t0" not in open(f"{threads}/{thread}/status", encoding="utf-8").read() for thread in os.listdir(threads))


def a_full_disk_is_said_and_the_same_form_counts_when_there_is_room():
    with Office() as office:
        code = office.line["codes"][0]
        k = office.form(code)
        full = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:error=ENOSPC",
                                 "-p", str(office.process.pid)])
        await_that(lambda: _is_traced(office.process.pid), "a disk that is full")
        status, answer, text = office.ask("POST", "/" + code, {"csat": 4, "k": k})
        want(status == 503 and "Not saved" in text and answer.getheader("Retry-After"), f"what a full disk says: {status}")
        full.terminate()
        full.wait()
        same(office.ask("POST", "/" + code, {"csat": 4, "k": k})[0], 303, "the same form when there is room")
        want("whole" in office.kwit("journal", "verify"), "the journal")


def honest_visitors_are_served_while_many_drip():
    with Office() as office:
        slow = [socket.create_connection((office.host, office.port)) for _ in range(100)]
        for number, connection in enumerate(slow):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"POST /code HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
        for _ in range(20):
            same(office.ask("GET", "/" + office.line["codes"][0])[0], 200, "an honest visitor")
        for connection in slow:
            connection.settimeout(120)
            try:
                same(connection.recv(100), b"", "what a dripping client gets")
            except ConnectionError:
                pass
            connection.close()
        same(office.ask("GET", "/health")[0], 200, "afterwards")


def who_guesses_codes_waits_and_neighbours_do_not():
    with Office() as office:
        found = [office.ask("GET", f"/{number:020}", X_Forwarded_For=f"198.51.100.9, {MARK}")[0] for number in range(25)]
        same((found[:20], set(found[20:])), ([404] * 20, {429}), "guesses of one network")
        status, answer, _ = office.ask("GET", "/" + office.line["codes"][0], X_Forwarded_For="203.0.113.9")
        want(status == 429 and answer.getheader("Retry-After"), f"its genuine code meanwhile: {status}")
        same(office.ask("GET", "/" + office.line["codes"][0], X_Forwarded_For="192.0.2.1")[0], 200, "another network")
        same(office.ask("GET", "/" + office.line["codes"][0])[0], 200, "this machine")


def no_address_lies_on_disk_or_in_the_log():
    with Office() as office:
        code = office.line["codes"][0]
        agent = "Marked-Agent/7.7"
        k = office.form(code, X_Forwarded_For=MARK, User_Agent=agent)
        same(office.ask("POST", "/" + code, {"csat": 1, "k": k}, X_Forwarded_For=MARK, User_Agent=agent, Referer="https://marked.example/")[0], 303, "an answer")
        office.ask("GET", "/nonsense", X_Forwarded_For=MARK, User_Agent=agent)
        office.end()
        for folder, _, names in os.walk(office.place):
            for name in names:
                content = open(os.path.join(folder, name), "rb").read()
                for mark in (MARK.encode(), agent.encode(), b"marked.example", bytes(int(part) for part in MARK.split("."))):
                    want(mark not in content, f"{mark} in {name}")


if __name__ == "__main__":
    run_tests(globals())
