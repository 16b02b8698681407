"""What is erased is gone: no file finds its number, its customer or its moment again, and the chain still holds."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, Shop, await_that, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _digests(key, name):
    """What whoever has the journal alone could find an order number by: keyed digests of it, plain and of its old name."""
    old = "erased:" + hashlib.blake2b(b"kwit/erased" + name.encode(), key=key, digest_size=16).hexdigest()
    plain = [hashlib.blake2b(label + text.encode(), key=key, digest_size=size).digest()
             for label in (b"kwit/erased", b"kwit/cooldown", b"") for text in (name, old) for size in (16, 32)]
    return plain + [digest[:8] for digest in plain] + [digest.hex().encode() for digest in plain]


def nothing_in_the_journal_finds_an_erased_number_or_customer_again():
    shop = Shop()
    sale = tiny("R-1001", time="2026-11-22T14:05:17+00:00", customer={"loyalty_id": "CARD-7788"})
    same(shop.print(sale)[1]["outcome"], "printed", "the sale")
    same(shop.print(tiny("R-1002", kind="refund", refers_to={"id": "R-1001"}))[1]["outcome"], "printed", "a refund that names it")
    exact = json.loads(shop.kwit("journal", "export").out.splitlines()[0])
    same(shop.kwit("journal", "erase", "R-1001").exit, 0, "erase")
    database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
    key = database.execute("SELECT value FROM meta WHERE key = 'k_jrnl'").fetchone()[0]
    same(database.execute("SELECT count(*) FROM cooldown").fetchone(), (0,), "the customer's rest")
    times = [time for (time,) in database.execute("SELECT ts_ms FROM event WHERE sale = 1 UNION SELECT ts_ms FROM touchpoint WHERE sale = 1"
                                                  " UNION SELECT sold_ms FROM touchpoint WHERE sale = 1 UNION SELECT accepted_ms FROM sale"
                                                  " WHERE id = 1 UNION SELECT finished_ms FROM job WHERE sale = 1")]
    same({time % 3600000 for time in times}, {0}, "whole hours")
    database.close()
    files = [name for name in os.listdir(shop.state) if os.path.isfile(os.path.join(shop.state, name))]
    data = b"".join(open(os.path.join(shop.state, name), "rb").read() for name in files)
    for found in (b"R-1001", b"CARD-7788", *_digests(key, "R-1001"), *_digests(key, "CARD-7788")):
        want(found not in data, f"{found} stands in {files}")
    blurred = json.loads(shop.kwit("journal", "export").out.splitlines()[0])
    same([blurred[name] for name in ("time", "accepted")], ["2026-11-22T14:00:00Z"] * 2, "times")
    same([blurred[name] for name in ("day", "kind", "till")], [exact[name] for name in ("day", "kind", "till")], "what stays")
    same(shop.print(sale)[1]["outcome"], "duplicate", "the same sale again")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    for change in ("UPDATE event SET ts_ms = ts_ms + 3600000 WHERE n = 1", "UPDATE touchpoint SET content = x'' WHERE sale = 1",
                   "UPDATE touchpoint SET p_bp = 1 WHERE sale = 1", "UPDATE sale SET name = 'erased:k0' WHERE id = 1"):
        other = shutil.copytree(shop.state, shop.state + "-changed")
        database = sqlite3.connect(os.path.join(other, "journal.db"))
        database.execute(change)
        database.commit()
        database.close()
        shop.state, whole = other, shop.state
        same(shop.kwit("journal", "verify").exit, 74, change)
        shop.state = whole
        shutil.rmtree(other)


def a_lost_key_is_told_because_erased_sales_would_print_again():
    shop = Shop()
    shop.print(tiny("R-1"))
    same(shop.kwit("journal", "erase", "R-1").exit, 0, "erase")
    want("was erased is gone" not in shop.kwit("doctor").text, "the key is there")
    os.unlink(os.path.join(shop.state, "keys", "erase.key"))
    want("was erased is gone" in shop.kwit("doctor").text, shop.kwit("doctor").text)
    same(shop.kwit("journal", "verify").exit, 0, "the chain needs no key")
    shop.print(tiny("R-2"))
    answer = shop.kwit("journal", "erase", "R-2")
    want(answer.exit == 0 and "was lost and a new one was made" in answer.text, answer.text)


def what_an_older_kwit_erased_comes_under_the_key():
    shop = Shop()
    for name in ("R-1", "R-2"):
        shop.print(tiny(name))
    database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
    key = database.execute("SELECT value FROM meta WHERE key = 'k_jrnl'").fetchone()[0]
    digest = lambda label, name, size: hashlib.blake2b(label + name.encode(), key=key, digest_size=size).digest()   # noqa: E731
    old = "erased:" + digest(b"kwit/erased", "R-1", 16).hex()
    database.execute("UPDATE sale SET name = ?, body = NULL WHERE name = 'R-1'", (old,))
    database.execute("INSERT INTO cooldown VALUES(?, 4000, 0, 0)", (digest(b"kwit/cooldown", "CARD", 32)[:8],))
    database.commit()
    database.close()
    customer = lambda name: tiny(name, customer={"loyalty_id": "CARD"})      # noqa: E731
    same(shop.print(customer("R-3"))[1]["survey"]["reason"], "cooldown", "a customer whom the older kwit knew")
    same(shop.print(tiny("R-1"))[1]["outcome"], "duplicate", "a sale that it erased")
    same(shop.kwit("journal", "erase", "R-2").exit, 0, "erase")
    data = open(os.path.join(shop.state, "journal.db"), "rb").read()
    want(old.encode() not in data and digest(b"kwit/cooldown", "CARD", 32)[:8] not in data, "the old digests are gone")
    same(shop.print(tiny("R-1"))[1]["outcome"], "duplicate", "the sale under the key")
    same(shop.print(customer("R-4"))[1]["survey"]["reason"], "cooldown", "the customer under the key")


def what_a_stopped_prune_was_about_to_take_is_erased_too():
    shop = Shop()
    place = os.path.join(shop.place, "demo")
    same(shop.kwit("demo-day", place, "--days", "40", "--until", "2026-11-21", "--tills", "2", "--sales", "100", "--rate", "5").exit, 0, "a shop")
    there = ("--config", f"{place}/kwit.conf", "--state", place)
    database = sqlite3.connect(f"{place}/journal.db")
    ask = lambda sql: database.execute(sql).fetchone()[0]       # noqa: E731  pylint: disable=unnecessary-lambda-assignment
    prune = subprocess.Popen([KWIT, *there, "journal", "prune", "--before", "2026-11-10", "--force", "--now"], stdout=subprocess.DEVNULL)
    await_that(lambda: ask("SELECT count(*) FROM checkpoint"), "its checkpoint")
    prune.kill()
    prune.wait()
    names = [name for (name,) in database.execute(
        "SELECT name FROM sale JOIN touchpoint ON sale.id = touchpoint.sale WHERE touchpoint.n <= (SELECT n FROM checkpoint) AND EXISTS"
        " (SELECT 1 FROM event WHERE event.sale = sale.id AND event.n > (SELECT n FROM checkpoint)) ORDER BY touchpoint.n DESC LIMIT 3")]
    same(len(names), 3, "sales of which it would leave some events")
    for name in names:
        same(shop.kwit(*there, "journal", "erase", name).exit, 0, f"{name} is erased")
    same(shop.kwit(*there, "journal", "verify").exit, 0, "the chain, while the records are there")
    same(shop.kwit(*there, "journal", "prune", "--before", "2026-11-10", "--force", "--now").exit, 0, "the prune's end")
    want(ask("SELECT min(n) FROM touchpoint") > ask("SELECT n FROM checkpoint"), "all are gone")
    answer = shop.kwit(*there, "journal", "verify")
    same(answer.exit, 0, answer.text)


if __name__ == "__main__":
    run_tests(globals())
