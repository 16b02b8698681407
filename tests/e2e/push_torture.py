"""Tills, their office and the way between them are killed at random: in the end each event is there once, and counts once."""
import os
import random
import signal
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

TILLS, SALES, KILLS = (int(os.environ.get(name, few)) for name, few in (("TILLS", "5"), ("SALES", "400"), ("KILLS", "12")))


class Pusher(threading.Thread):
    """Pushes until the office has all; now and then it is killed, at a moment that its own dice choose."""

    def __init__(self, till, seed):
        super().__init__()
        self.till, self.dice, self.killed, self.wrong, self.done = till, random.Random(seed), 0, [], False

    def choose(self):
        return self.till.config

    def run(self):
        while not self.done:
            command = [KWIT, "--config", self.choose(), "--state", self.till.state, "journal", "push", "--json"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                process.communicate(timeout=self.dice.choice([.005, .02, .08, 30]))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                self.killed += 1
                continue
            if process.returncode not in (0, 75):
                self.wrong.append(process.returncode)
            self.done = process.returncode == 0 or bool(self.wrong)


def _truth(tills):
    """What each till sold, by day and reason, counted from its own journal."""
    counts = {}
    for till in tills:
        for *key, count in till.rows("SELECT day, store, reason, class, count(*) FROM touchpoint GROUP BY 1, 2, 3, 4"):
            counts[tuple(key)] = counts.get(tuple(key), 0) + count
    return counts


def whoever_is_killed_each_event_is_there_once():
    dice = random.Random(20261130)
    chain = push.Chain()
    with push.Office(chain) as office:
        tills = [push._till(office, number + 1, days=1, sales=SALES) for number in range(TILLS)]       # pylint: disable=protected-access
        pushers = [Pusher(till, number) for number, till in enumerate(tills)]
        for pusher in pushers:
            pusher.start()
        kills = 0
        while kills < KILLS and any(pusher.is_alive() for pusher in pushers):
            before = office.process
            for pusher in pushers:
                pusher.join(dice.random() * .06)
            before.send_signal(signal.SIGKILL)
            before.wait()
            os.remove(office.place[5:])
            office.start()
            kills += 1
        for pusher in pushers:
            pusher.join()
        same([pusher.wrong for pusher in pushers if pusher.wrong], [], "pushes that ended in another way than done or kept")
        want(kills > 0 and sum(pusher.killed for pusher in pushers) > 0, f"{kills} kills of the office, tills: {[p.killed for p in pushers]}")
        for till in tills:
            same(push._push(till)["events"], 0, "what is left to push")                       # pylint: disable=protected-access
        events = sum(till.rows("SELECT count(*) FROM event")[0][0] for till in tills)
        same(office.rows("SELECT count(*), count(DISTINCT origin << 40 | n), (SELECT sum(last_n) FROM origin) FROM foreign_event"),
             [(events, events, events)], "events, and heads")
        cells = "SELECT day, store, reason, class, sum(n) FROM cell WHERE view = 0 GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0"
        same({tuple(key): count for *key, count in office.rows(cells)}, _truth(tills), "what counts")
        office.done("journal", "verify")
        print(f"{events} events of {TILLS} tills, {kills} kills of the office, {sum(p.killed for p in pushers)} of tills")


if __name__ == "__main__":
    run_tests(globals())
