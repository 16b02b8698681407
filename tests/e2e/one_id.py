"""One id: of one sale that several calls bring at once one receipt is made. A person who names what two tills printed under one
id is asked which, and each can be settled."""
import json
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, Shop, await_that, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

TILLS = ("T1", "T2")


def _doubted(*parts):
    """Both tills' sales of one id, each part of them in doubt."""
    shop = Shop(survey=False, more="confirm = require\ndrain = next-call\n", profile="generic")
    for till in TILLS:
        for part in parts or ("receipt",):
            _, line = shop.print(tiny("7", terminal=till), "--part", part)
            same(line["outcome"], "unconfirmed", f"{till}, {part}")
    return shop


def a_word_about_one_till_is_none_about_the_other():
    shop = _doubted()
    for arguments in (("resolve", "7", "--seen"), ("reprint", "7"), ("queue", "show", "7"), ("queue", "retry", "7"), ("queue", "cancel", "7")):
        answer = shop.kwit(*arguments)
        same(answer.exit, 65, f"{arguments}: {answer.text}")
        want("T1, T2" in answer.text and "--till" in answer.text, f"{arguments}: {answer.text}")
    for till, left in (("T1", 1), ("T2", 0)):
        same(shop.kwit("resolve", "7", "--seen", "--till", till, "--json").line["outcome"], "printed", till)
        same(len(shop.kwit("queue", "list", "--json").line["jobs"]), left, f"what is left after {till}")
    same(len(shop.kwit("queue", "show", "7", "--till", "T1", "--json").line["jobs"]), 1, "queue show")
    same(shop.kwit("reprint", "7", "--till", "T3").exit, 65, "a till that never had it")


def a_word_about_one_part_is_none_about_the_other():
    shop = _doubted("receipt", "kitchen")
    answer = shop.kwit("resolve", "7", "--seen", "--till", "T1")
    same(answer.exit, 65, answer.text)
    want("receipt and kitchen" in answer.text and "--part" in answer.text, answer.text)
    same(shop.kwit("resolve", "7", "--seen", "--till", "T1", "--part", "kitchen").exit, 0, "the kitchen's")
    states = {job["part"]: job["state"] for job in shop.kwit("queue", "show", "7", "--till", "T1", "--json").line["jobs"]}
    want(states["receipt"] == "unconfirmed" and states["kitchen"] != "unconfirmed", states)
    same(shop.kwit("resolve", "7", "--seen", "--till", "T1").exit, 0, "the other one then")
    same(shop.kwit("queue", "show", "7", "--till", "T1", "--part", "bar").exit, 65, "a part that was never printed")


def what_waits_at_one_till_is_cancelled_there():
    shop = Shop(survey=False, more="drain = next-call\n")
    for till in TILLS:
        same(shop.print(tiny("8", terminal=till), "--no-wait")[1]["outcome"], "queued", till)
    same(shop.kwit("queue", "cancel", "8", "--till", "T2").exit, 79, "cancelled")
    same([job["state"] for till in TILLS for job in shop.kwit("queue", "show", "8", "--till", till, "--json").line["jobs"]],
         ["waiting", "cancelled"], "both")


def _has_slept(call, times=30):
    """Whether it waits for the journal: a pause of a millisecond, again and again."""
    with open(f"/proc/{call.pid}/status", encoding="ascii") as status:
        return int(status.read().split("\nvoluntary_ctxt_switches:")[1].split()[0]) > times


def one_sale_from_two_calls_at_once_is_one_receipt():
    shop = Shop(survey=False)
    shop.print(tiny("first"))
    other = sqlite3.connect(f"{shop.state}/journal.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    calls = [subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "print", "-", "--json"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) for _ in range(2)]
    for call in calls:
        call.stdin.write(json.dumps(tiny("same")).encode())
        call.stdin.close()
        await_that(lambda call=call: _has_slept(call), "it has looked for the sale and waits")
    other.execute("ROLLBACK")
    lines = [json.loads(call.stdout.read()) for call in calls]
    same([call.wait() for call in calls], [0, 0], lines)
    want({line["outcome"] for line in lines} <= {"printed", "duplicate"}, lines)
    same(len(shop.kwit("queue", "list", "--all", "--json").line["jobs"]), 2, "the first sale's, and this one's")
    want(sqlite3.connect(f"{shop.state}/journal.db").execute("SELECT max(attempts), count(*) FROM job").fetchone() == (1, 2), "printed once")


if __name__ == "__main__":
    run_tests(globals())
