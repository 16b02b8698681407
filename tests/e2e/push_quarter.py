"""Days of a whole chain are pushed through two offices into PostgreSQL while tills, offices and the database are killed, replies are
lost, doubled and come late, and tills are restored and cloned: heads, events, sales and cells are what the tills sold, per day,
store, reason and class.

TILLS, STORES, DAYS and SALES (of a till and day) say how large the chain is, PUSHERS how many of its tills push at once, PAUSE
after how many seconds, about, the next one is killed.
"""
# pylint: disable=protected-access
import http.client
import os
import random
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, PACE_S, SCRATCH, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from postgresql import Postgres     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position
import push_postgresql     # noqa: E402  pylint: disable=wrong-import-position

TILLS, STORES, DAYS, SALES, PUSHERS = (int(os.environ.get(name, few)) for name, few in
                                       (("TILLS", "16"), ("STORES", "3"), ("DAYS", "7"), ("SALES", "60"), ("PUSHERS", "4")))
PAUSE_S = float(os.environ.get("PAUSE", "0.25"))
# Every so many tills has a bad line, and a copy of it pushes, too.
BAD_LINE, COPIED = 4, 8


class BadLine(push.Proxy):
    """One reply of six is lost, one request of six comes twice, and one reply of twelve is that to an earlier request."""

    def __init__(self, office, dice):
        socketserver.TCPServer.request_queue_size = 64
        super().__init__(office)
        self.dice, self.lock, self.counts, self.mended = dice, threading.Lock(), {"lost": 0, "doubled": 0, "late": 0}, False
        self.server.handle_error = lambda *_: None                  # of tills that were killed

    def forward(self, body):
        with self.lock:
            chance, earlier = 12 if self.mended else self.dice.randrange(12), self.seen[-1][1] if self.seen else None
            del self.seen[:-1]
        try:
            answer = super().forward(body)
            if chance < 2:
                self.counts["doubled"] += 1
                answer = super().forward(body)
        except (OSError, http.client.HTTPException):            # an office that was killed meanwhile
            return 502, b""
        self.lose = 1 if chance in (2, 3) else 0
        self.counts["lost"] += self.lose
        if chance == 4 and earlier:
            self.counts["late"] += 1
            return 200, earlier
        return answer


class Quarter:
    """The chain's tills, and what each of them sold."""

    def __init__(self, offices, lines):
        self.offices, self.lines, self.lock, self.dice = offices, lines, threading.Lock(), random.Random(20261130)
        self.truth, self.events, self.tills, self.waiting, self.wrong = {}, 0, {}, [], []
        self.pushes, self.killed, self.kept, self.refused, self.ended = 0, 0, 0, 0, threading.Event()

    def make(self, number):
        state = os.path.join(tempfile.mkdtemp(prefix=f"quarter-{number}-", dir=SCRATCH), "till")
        till = push.Place(state)
        till.done("demo-day", state, "--days", str(DAYS), "--tills", str(TILLS), "--stores", str(STORES), "--sales", str(SALES), "--only-till", str(number))
        till.done("survey", "key", "derive", "--epoch", "1", "--handle", str(number), "-o", f"{state}/term.key")
        till.done("survey", "key", "import", f"{state}/term.key")
        os.remove(os.path.join(state, "keys/epoch-1.key"))
        with open(till.config, "a", encoding="utf-8") as file:
            file.write((self.lines if number % BAD_LINE == 0 else self.offices)[number % 2].push_setting())
        with self.lock:
            self.tills[number] = till
            self.waiting.append(number)
            self.count(till)

    def count(self, till, more=1):
        """From the till's own journal."""
        self.events += more * till.rows("SELECT count(*) FROM event")[0][0]
        for *key, count in till.rows("SELECT day, store, reason, class, count(*) FROM touchpoint GROUP BY 1, 2, 3, 4"):
            self.truth[tuple(key)] = self.truth.get(tuple(key), 0) + more * count

    def pick(self):
        with self.lock:
            return self.waiting.pop(self.dice.randrange(len(self.waiting))) if self.waiting else None

    def push(self, number):
        """One push of that till, killed in the middle as often as not; whether the office has all. Where it was sent away it waits a moment."""
        till = self.tills[number]
        with self.lock:
            patience = self.dice.choice((self.dice.random() / 10, self.dice.random() * 2, None, None))
        process = subprocess.Popen([KWIT, "--config", till.config, "--state", till.state, "journal", "push", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            said, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        with self.lock:
            self.pushes += 1
            self.killed += process.returncode == -signal.SIGKILL
            self.kept += process.returncode == 75
            if process.returncode not in (0, 75, -signal.SIGKILL):
                self.wrong.append((number, process.returncode, said))
        if process.returncode == 75:
            self.ended.wait(10 * PACE_S)
        return process.returncode == 0

    def copy_and_go_on(self, number):
        """A copy of a till whose history went on: nothing of it is taken, whatever it sells."""
        till = self.tills[number]
        copy = push._copy(till)
        with self.lock:
            self.count(till, -1)
        push._sell(till, 2)
        while not self.push(number):
            pass
        with self.lock:
            self.count(till)
        for sold in (0, 3):
            push._sell(copy, sold)
            answer = copy.kwit("journal", "push", "--json")
            while answer.exit == 75:
                answer = copy.kwit("journal", "push", "--json")
            with self.lock:
                self.refused += answer.exit == 65

    def work(self):
        """Makes a till, or pushes what one has, until there is nothing left."""
        number = self.pick()
        while number is not None and not self.wrong:
            if self.push(number):
                if number % COPIED == 0:
                    self.copy_and_go_on(number)
            else:
                with self.lock:
                    self.waiting.append(number)
            number = self.pick()


def _in_parallel(work, threads):
    crew = [threading.Thread(target=work) for _ in range(threads)]
    for worker in crew:
        worker.start()
    return crew


def _make_all(quarter):
    numbers = iter(range(1, TILLS + 1))

    def make():
        while True:
            with quarter.lock:
                number = next(numbers, None)
            if number is None:
                return
            quarter.make(number)
    for worker in _in_parallel(make, 2):
        worker.join()


def _kill_somebody(dice, database, offices):
    victim = dice.choice(("database", "database", "office"))
    if victim == "database":
        database.kill()
        database.start()
    else:
        office = dice.choice(offices)
        office.end(signal.SIGKILL)
        office.start()
    return victim


def a_chain_s_days_are_there_once_whoever_is_killed():
    dice, began = random.Random(30112026), time.monotonic()
    with Postgres() as database, push_postgresql._office(database, "127.0.0.1:0") as first, push_postgresql._office(database, "127.0.0.1:0") as second:
        offices, kills = (first, second), {"database": 0, "office": 0}
        lines = [BadLine(office, random.Random(number)) for number, office in enumerate(offices)]
        quarter = Quarter(offices, lines)
        _make_all(quarter)
        made = time.monotonic()
        print(f"{quarter.events} events of {sum(quarter.truth.values())} sales made in {made - began:.0f} s", flush=True)
        crew = _in_parallel(quarter.work, PUSHERS)
        while any(worker.is_alive() for worker in crew):
            until = time.monotonic() + PAUSE_S * 2 * dice.random()
            for worker in crew:
                worker.join(max(0, until - time.monotonic()))
            if any(worker.is_alive() for worker in crew):
                kills[_kill_somebody(dice, database, offices)] += 1
        seconds = time.monotonic() - made
        same(quarter.wrong, [], "pushes that ended in another way than done or kept")
        same(quarter.refused, 2 * (TILLS // COPIED), "pushes of copies that were refused")
        for line in lines:
            line.mended = True
        for till in quarter.tills.values():
            push._pushed_when(till)
            same(push._push(till)["events"], 0, "what is left to push")
        _judge(database, quarter)
        print(f"{quarter.events} events of {sum(quarter.truth.values())} sales, {TILLS} tills, {DAYS} days in {seconds:.0f} s, {quarter.events / seconds:.0f} events a second; kills: {kills['database']} of"
              f" the database, {kills['office']} of offices, {quarter.killed} of tills; of {quarter.pushes} pushes {quarter.kept} were kept;"
              f" replies {', '.join(f'{sum(line.counts[word] for line in lines)} {word}' for word in lines[0].counts)}; {quarter.refused} pushes of copies refused")


def _judge(database, quarter):
    want(quarter.killed > 0, "tills that were killed")
    same(database.ask("SELECT (SELECT count(*) FROM kwit.event), (SELECT count(*) FROM (SELECT FROM kwit.event GROUP BY journal, n) AS told), sum(n)"
                      " FROM kwit.head"), [[str(quarter.events)] * 3], "events, events told apart, and heads")
    for table, number in (("touchpoint", "count(*)"), ("cell WHERE view = 0", "sum(n)"), ("cell WHERE view = 1", "sum(n)")):
        rows = database.ask(f"SELECT day, store, reason, class, {number} FROM kwit.{table} GROUP BY 1, 2, 3, 4 HAVING {number} > 0")
        there = {(int(day), store, int(reason), int(klass)): int(count) for day, store, reason, klass, count in rows}
        same({key: (count, there.get(key)) for key, count in quarter.truth.items() if there.get(key) != count}, {}, f"what {table} says otherwise")
        same(len(there), len(quarter.truth), f"groups of {table}")


if __name__ == "__main__":
    run_tests(globals())
