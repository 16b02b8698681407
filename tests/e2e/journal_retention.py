"""What was kept long enough goes: comments first, then rows. Counts stay, and nothing goes before it was told for thirty days."""
import csv
import datetime
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
from kwit import Shop, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

DAYS, SECRET, FRESH = 110, b"XYZZY-PLUGH", b"PLUGH-XYZZY"
NOW = clock.now().replace(microsecond=0)


def _later(days):
    return clock.pinned(NOW + datetime.timedelta(days))


def _shop(configuration=""):
    """A shop of 110 days, and a file of its answers of which the oldest have a comment that is found again, the last another."""
    shop = Shop(survey=False)
    place = os.path.join(shop.place, "demo")
    same(shop.kwit("demo-day", place, "--days", str(DAYS), "--tills", "2", "--sales", "12", "--rate", "25").exit, 0, "a shop")
    shop.state, shop.config = place, os.path.join(place, "kwit.conf")
    shop.answers = os.path.join(place, "answers.csv")
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(f"\n[journal]\n{configuration}\n")
    with open(shop.answers, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows[:40]:
        row["comment"] = SECRET.decode()
    for row in rows[-5:]:
        row["comment"] = FRESH.decode()
    with open(shop.answers, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return shop


def _import(shop):
    done = shop.kwit("survey", "import", shop.answers, "--form", "again")
    same(done.exit, 0, done.text)
    return done.text


def _held(shop, word=SECRET):
    return [name for name in os.listdir(shop.state) if name.startswith("journal")
            and word in open(os.path.join(shop.state, name), "rb").read()]


def _numbers(shop):
    """What the report counts, without what it tells of single answers, of time, and of second answers to one sale."""
    line = shop.kwit("report", "--to", str(clock.today()), "--json").line
    for name in ("head", "to_do", "alerts", "median_delay_s"):
        del line[name]
    del line["verdicts"]["used"]
    return line


def _same_numbers(now, before, what):
    other = [name for name in before if now[name] != before[name]]
    same(other, [], f"{what}: what the report counts otherwise")


def nothing_goes_before_it_was_told_for_thirty_days():
    shop = _shop()
    told = _import(shop)
    said = re.search(r"From (\d{4}-\d\d-\d\d) on \d+ comments older than 90 days go; counts stay", told)
    days = [str((NOW + datetime.timedelta(days)).date()) for days in (30, 31)]       # midnight may have passed meanwhile
    want(said and said.group(1) in days, told)
    day = said.group(1)
    want("keep_comments" in told, told)
    want(_held(shop), "comments of the first days")
    pruned = shop.kwit("journal", "prune", "--json").line
    same((pruned["sales"], pruned["comments"], pruned["waiting"]["from"]), (0, 0, day), "prune in the thirty days")
    want(pruned["waiting"]["comments"] > 0, pruned)
    want("in 30 days only counts stay" in shop.kwit("doctor").text, "the doctor says so")
    with _later(29):
        _import(shop)
        want(_held(shop), "a day before")
    with _later(31):
        want("words of" in _import(shop), "what went is told")
        same(_held(shop), [], "files that hold a comment")
        want(_held(shop, FRESH), "what was said a month ago stays")
        _import(shop)
        same(_held(shop), [], "the file with everything, again")
        want("only counts stay" not in shop.kwit("doctor").text, "the doctor is content")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def rows_go_and_every_number_stays():
    shop = _shop("keep_days = 60\nkeep_comments = 0")
    _import(shop)
    before = _numbers(shop)
    want(before["total"]["answers"] > 100 and before["total"]["scores"]["nps"]["n"] > 100, before["total"])
    pruned = shop.kwit("journal", "prune", "--now", "--json").line
    want(pruned["sales"] > 500 and pruned["comments"] == 0 and "waiting" not in pruned, pruned)
    _same_numbers(_numbers(shop), before, "rows are gone")
    database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
    same(database.execute("SELECT min(day) >= ? FROM touchpoint", ((NOW.date() - datetime.date(2024, 1, 1)).days - 60,)).fetchone(), (1,), "rows")
    same(database.execute("SELECT count(*) FROM answer a WHERE sale > 0 AND NOT EXISTS (SELECT 1 FROM touchpoint t WHERE t.sale = a.sale)").fetchone(),
         (0,), "answers without their sale")
    database.close()
    same(_held(shop), [], "files that hold a comment")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")
    _import(shop)
    _same_numbers(_numbers(shop), before, "the same file again")
    again = shop.kwit("journal", "prune", "--now", "--json").line
    same((again["sales"], again["comments"]), (0, 0), "the second time")
    with _later(3):
        want(shop.kwit("journal", "prune", "--json").line["sales"] > 0, "three days later")
        same(shop.kwit("journal", "verify").exit, 0, "the chain three days later")


def what_is_to_be_kept_for_ever_is_kept():
    shop = _shop("keep_days = 0\nkeep_comments = 0")
    want(" go; " not in _import(shop), "nothing is told")
    with _later(800):
        _import(shop)
        want(_held(shop), "comments of two years ago")
        refused = shop.kwit("journal", "prune")
        want(refused.exit == 64 and "keep_comments" in refused.text, refused.text)


run_tests(globals())
