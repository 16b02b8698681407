"""A stranger with sqlite3 edits the journal: each column of each table, deleted, doubled and swapped rows, cut ends.

The tables and columns are asked from the journal itself, so that one that is added later is tried too. What may be
edited unseen stands in UNSEEN, with its reason.
"""
import datetime
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, NOW, Shop, day_in_code, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

DELIVERY = "how a job stands while it is delivered; what came of it is an event"
UNSEEN = {
    "job": DELIVERY, "piece": DELIVERY,
    "printer": "what a printer last said of itself; asked again at the next print",
    "contact": "how to reach somebody, sealed, and forgotten in time; nothing is counted by it",
    "cooldown": "decides until it is over; each decision that it took is chained",
    "reply": "what the shop wrote back; nothing is counted by it",
    "outbox": "what people are told, and when again; nothing is counted by it",
    "till": "who may push, and how far it came; what it pushed is chained",
    "refer": "waits two weeks for its sale; that it was found is an event",
    "withheld": "numbers of cards until the paper is out; the document without them is chained",
    "erasing": "what tills are told to erase; that one did is an event",
    "aside": "touchpoints that do not count; who counts them again has them watched again",
    "sale.drawer_job": "which job had the pulse; the pulse is an event",
    "meta.value of wiped_jobs": "how far housekeeping came", "meta.value of wiped_sales": "how far housekeeping came",
    "meta.value of retains_from_ms": "since when what is old goes", "meta.key of retains_from_ms": "since when what is old goes",
    "meta.key of wiped_jobs": "how far housekeeping came", "meta.key of wiped_sales": "how far housekeeping came",
}
# Rows that are not tried: a count that came to nothing is nothing; of a pruned sale only the key is left, outside the chain.
TRIED = {"cell": "WHERE n <> 0", "sale": "WHERE id IN (SELECT sale FROM touchpoint)"}
RNG = random.Random(8)


def _ago(days):
    return (NOW - datetime.timedelta(days)).isoformat()


def _rich():
    """An office with sales of its own and a till's, pruned, with answers, alerts and expired invitations."""
    till = Shop(survey=False)
    place = os.path.join(till.place, "demo")
    made = till.kwit("demo-day", place, "--sales", "30", "--days", "24", "--rate", "30")
    same(made.exit, 0, made.text)
    office = Shop(key=False)
    same(office.kwit("survey", "key", "new", "--handle", "77", "--epoch", "2").exit, 0, "a key")
    shutil.copy(os.path.join(place, "keys/epoch-1.key"), os.path.join(office.state, "keys"))
    office.print(tiny("old", time=_ago(33)))
    for i in range(8):
        office.print(tiny(f"S-{i}", time=_ago(3 - i % 3)))
    same(office.kwit("reprint", "S-3").exit, 0, "a reprint")
    same(office.kwit("journal", "merge", os.path.join(place, "journal.db")).exit, 0, "merge")
    same(office.kwit("survey", "import", os.path.join(place, "answers.csv")).exit, 0, "import")
    with open(os.path.join(place, "answers.csv"), encoding="utf-8") as file:
        tokens = [line.split(",")[1] for line in file.read().splitlines()[1:]]
    opens = os.path.join(office.place, "opens.csv")
    with open(opens, "w", encoding="utf-8") as file:
        file.write("token,submitted_at,event\n" + "".join(f"{token},{_ago(20)},opened\n" for token in tokens[:40])
                   + "".join(f"{token},{_ago(1)},opened\n" for token in tokens[-40:]))
    same(office.kwit("survey", "import", opens).exit, 0, "opens")
    same(office.kwit("journal", "prune", "--before", _ago(21)[:10]).exit, 0, "prune")
    database = sqlite3.connect(_database(office))
    held = [database.execute(f"SELECT count(*) FROM past_{table}").fetchone()[0] for table in ("cell", "answer", "opening")]
    database.close()
    want(all(held), f"counts of what was pruned: {held}")
    for i in range(3):
        office.print(tiny(f"L-{i}"))
    office.print(tiny("V", kind="void", refers_to={"id": "of another till"}))
    _thank(office)
    return office


def _thank(shop):
    """One answer on the survey page, so that a thank-you is given for it."""
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write("\n[survey]\nreward = A coffee\n")
    same(shop.kwit("office", "new", "--url", "https://fb.example", "--privacy-url", "https://fb.example/p").exit, 0, "an office")
    sale = next(sale for sale in map(json.loads, reversed(shop.kwit("journal", "export").out.splitlines()))
                if sale["invited"] and not sale["answers"] and not sale["test"] and sale["handle"] != 77)
    day = day_in_code(sale["day"])
    code = shop.kwit("survey", "token", "encode", "--epoch", str(sale["epoch"]), "--handle", str(sale["handle"]), "--day", str(day),
                     "--seq", str(sale["seq"]), "--variant", str(sale["variant"]), "--json").line["code"]
    command = [KWIT, "--config", shop.config, "--state", shop.state, "office", "serve", "--listen", "127.0.0.1:0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as serving:
        try:
            page = f"http://{json.loads(serving.stdout.readline())['url'].replace('http://', '')}/{code}"
            with urllib.request.urlopen(page, timeout=60) as form:
                k = re.search(r'name=k value="([0-9a-f]+)"', form.read().decode()).group(1)
            with urllib.request.urlopen(page, f"csat=4&k={k}".encode(), timeout=60) as saved:
                want(re.search(r"<bdi dir=ltr>[0-9A-Z]{5}-[0-9A-Z]{5}<", saved.read().decode()), "a thank-you was given")
        finally:
            serving.terminate()


def _database(shop):
    return os.path.join(shop.state, "journal.db")


def _settle(shop):
    """Everything into the one file, so that a copy of it is a copy of the journal."""
    database = sqlite3.connect(_database(shop))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("PRAGMA journal_mode=DELETE")
    database.close()


class Edited:
    """A copy of a journal with statements applied."""

    def __init__(self, shop):
        self.shop, self.place = shop, os.path.join(shop.place, "edited")
        shutil.rmtree(self.place, ignore_errors=True)
        os.makedirs(self.place)
        shutil.copy(_database(shop), self.place)

    def change(self, *statements):
        database = sqlite3.connect(os.path.join(self.place, "journal.db"))
        for statement in statements:
            database.execute(*statement) if isinstance(statement, tuple) else database.execute(statement)
        database.commit()
        changed = database.total_changes
        database.close()
        return changed

    def verify(self, *arguments):
        return self.shop.kwit("--state", self.place, "journal", "verify", "--json", *arguments)


def _other(value):
    if value is None:
        return 1
    if isinstance(value, int):
        return value + RNG.choice((-1, 1, 1000))
    if isinstance(value, bytes):
        at = RNG.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ 1 << RNG.randrange(8)]) + value[at + 1:] if value else b"x"
    return value + "x" if RNG.random() < .5 or not value else value[:-1]


def _layout(shop):
    """[(table, [column], [key column])] of the journal."""
    database = sqlite3.connect(_database(shop))
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'")]
    layout = []
    for name in names:
        columns = list(database.execute(f"PRAGMA table_info({name})"))
        keys = [row[1] for row in columns if row[5]] or ["rowid"]
        layout.append((name, [row[1] for row in columns], keys))
    database.close()
    return layout


def _rows(shop, table, columns, keys, count):
    database = sqlite3.connect(_database(shop))
    rows = list(database.execute(f"SELECT {', '.join(keys)}, {', '.join(columns)} FROM {table} {TRIED.get(table, '')}"))
    database.close()
    picked = RNG.sample(rows, min(count, len(rows)))
    return [(row[:len(keys)], dict(zip(columns, row[len(keys):]))) for row in picked], len(rows)


def _which(keys):
    return " AND ".join(f"{key} IS ?" for key in keys)


def _is_unseen(table, column, row):
    return table in UNSEEN or f"{table}.{column}" in UNSEEN or f"{table}.{column} of {row.get('key')}" in UNSEEN


def _must_find(edited, what):
    answer = edited.verify()
    want(answer.exit == 74 and (answer.line.get("message") or answer.line["findings"][0]["what"]), f"{what}: not found")


def every_table_of_the_journal_has_rows():
    shop = _rich()
    _settle(shop)
    whole = Edited(shop).verify()
    same((whole.exit, whole.line["whole"]), (0, True), f"the untouched journal ({whole.text})")
    for table, columns, keys in _layout(shop):
        if table not in UNSEEN:
            want(_rows(shop, table, columns, keys, 1)[1] > 0, f"{table} is empty: nothing can be tried on it")


def each_column_of_each_table_is_watched():
    shop = _rich()
    _settle(shop)
    for table, columns, keys in _layout(shop):
        for column in columns:
            for key, row in _rows(shop, table, columns, keys, 3)[0]:
                if _is_unseen(table, column, row):
                    continue
                value, edited = _other(row[column]), Edited(shop)
                try:
                    same(edited.change((f"UPDATE {table} SET {column} = ? WHERE {_which(keys)}", (value, *key))), 1, "rows changed")
                except sqlite3.IntegrityError:
                    continue                    # the table itself refuses it
                _must_find(edited, f"{table}.{column} of {key} from {row[column]!r} to {value!r}")


def a_type_that_reads_as_the_same_value_is_another_value():
    shop = _rich()
    _settle(shop)
    for edit in ("UPDATE touchpoint SET variant = variant + 256 WHERE sale = (SELECT max(sale) FROM touchpoint WHERE sale < 1 << 40)",
                 "UPDATE touchpoint SET u = u + (1 << 32) WHERE sale = (SELECT max(sale) FROM touchpoint WHERE sale < 1 << 40)",
                 "UPDATE touchpoint SET forced = 7 WHERE forced = 1", "UPDATE touchpoint SET drawn = 2 WHERE drawn = 1",
                 "UPDATE touchpoint SET kid = 0, handle = 0, seq = 0 WHERE kid IS NULL",
                 "UPDATE touchpoint SET till = till || char(0) || 'x' WHERE sale < 1 << 40", "UPDATE touchpoint SET class = '1 ' || 'x'",
                 "UPDATE event SET ev = ev + (1 << 32) WHERE n = (SELECT max(n) FROM event)", "UPDATE event SET sale = sale || ' x' WHERE sale > 0",
                 "UPDATE event SET detail = detail || char(0) || 'x'", "UPDATE event SET hash = hash || x'00'",
                 "UPDATE answer SET nps = 0 WHERE nps IS NULL", "UPDATE answer SET nps = NULL WHERE nps = 9",
                 "UPDATE cell SET n = n + 0.5 WHERE n = 1", "UPDATE cell SET store = store || char(0)"):
        edited = Edited(shop)
        try:
            changed = edited.change(edit)
        except sqlite3.IntegrityError:
            continue                            # the table itself refuses it
        if changed:
            _must_find(edited, edit)


def deleted_doubled_and_swapped_rows_are_found():
    shop = _rich()
    _settle(shop)
    for table, columns, keys in _layout(shop):
        if table in UNSEEN or table == "meta":
            continue
        for key, row in _rows(shop, table, columns, keys, 4)[0]:
            edited = Edited(shop)
            edited.change((f"DELETE FROM {table} WHERE {_which(keys)}", key))
            _must_find(edited, f"{table} without {key}")
            edited, double = Edited(shop), dict(row)
            double[keys[-1] if keys[-1] != "rowid" else columns[0]] = 987654
            try:
                edited.change((f"INSERT INTO {table}({', '.join(columns)}) VALUES({', '.join('?' * len(columns))})", tuple(double.values())))
                _must_find(edited, f"{table} with {key} twice")
            except sqlite3.IntegrityError:
                pass                            # the table itself refuses it
        pairs = _rows(shop, table, columns, keys, 12)[0]
        rest = [column for column in columns if column not in keys]
        for (one, first), (two, second) in zip(pairs[::2], pairs[1::2]):
            if not rest or [first[column] for column in rest] == [second[column] for column in rest]:
                continue
            edited = Edited(shop)
            sets = ", ".join(f"{column} = ?" for column in rest)
            try:
                edited.change((f"UPDATE {table} SET {sets} WHERE {_which(keys)}", tuple(second[column] for column in rest) + one),
                              (f"UPDATE {table} SET {sets} WHERE {_which(keys)}", tuple(first[column] for column in rest) + two))
                _must_find(edited, f"{table}: {one} and {two} swapped")
            except sqlite3.IntegrityError:
                pass


def a_class_that_no_event_gave_is_found_with_its_time():
    shop = _rich()
    _settle(shop)
    own = "sale < 1 << 40 AND class = 1"
    for edit in (f"UPDATE touchpoint SET class = 4, class_ms = class_ms + 1 WHERE {own}", f"UPDATE touchpoint SET class = 0, class_ms = 0 WHERE {own}",
                 f"UPDATE touchpoint SET class = 5, class_ms = 7 WHERE sale = (SELECT min(sale) FROM touchpoint WHERE {own})"):
        edited = Edited(shop)
        want(edited.change(edit) > 0, f"nothing to edit: {edit}")
        _must_find(edited, edit)


def what_became_of_a_sale_is_what_its_events_say():
    """In words that came once, twice, or never, and of an invitation that expired: which sale, or which run of sales."""
    shop = Shop(survey=False)
    demo = os.path.join(shop.place, "demo")
    same(shop.kwit("demo-day", demo, "--sales", "30", "--days", "24", "--rate", "30").exit, 0, "a journal")
    shop.state = demo
    for number in range(3):
        shop.print(tiny(f"F-{number}"))
    same(shop.kwit("reprint", "F-0").exit, 0, "a reprint")
    for kind, name in (("void", "F-1"), ("refund", "F-2")):
        shop.print(tiny(f"{kind} {name}", kind=kind, refers_to={"id": name}))
    _settle(shop)
    same(Edited(shop).verify().exit, 0, "the untouched journal")
    for column, said, one in (("class", "class > 0", "the delivery class of sale {}"), ("expired", "expired_ms > 0", "whether sale {} expired"),
                              ("annulled", "annulled_ms > 0", "whether sale {} was called off"), ("refunded", "refunded_ms > 0", "whether sale {} was refunded")):
        for which, value in ((said, f"{column}_ms + 1"), (said, f"{column}_ms - 1"), (said, "0"), (f"NOT {said}", "1700000000000")):
            edited = Edited(shop)
            database = sqlite3.connect(_database(shop))
            sale, = database.execute(f"SELECT max(sale) FROM touchpoint WHERE {which}").fetchone()
            database.close()
            want(sale, f"no sale to edit where {which}")
            word = "class = 5, class_ms" if (column, which) == ("class", f"NOT {said}") else f"{column}_ms"
            edited.change(f"UPDATE touchpoint SET {word} = {value} WHERE sale = {sale}")
            never, found = (column, which) == ("expired", f"NOT {said}"), edited.verify().line["findings"]
            want(any(("how many of the sales 0 to 4095 expired" if never else one.format(sale)) in finding["what"] for finding in found),
                 f"{word} = {value} of sale {sale} where {which}: {found}")


def counts_swapped_between_arms_shops_and_classes_are_found():
    shop = _rich()
    _settle(shop)
    for column in ("variant", "store", "class", "till", "hour", "reason", "kind"):
        pick = f"FROM cell a JOIN cell b ON a.view = b.view AND a.{column} <> b.{column} AND a.n <> b.n AND a.day = b.day"
        database = sqlite3.connect(_database(shop))
        columns = [row[1] for row in database.execute("PRAGMA table_info(cell)")]
        pair = database.execute(f"SELECT {', '.join('a.' + c for c in columns)}, {', '.join('b.' + c for c in columns)} {pick} LIMIT 1").fetchone()
        database.close()
        if not pair:
            continue
        one, two = dict(zip(columns, pair)), dict(zip(columns, pair[len(columns):]))
        keys = [name for name in columns if name != "n"]
        edited = Edited(shop)
        edited.change((f"UPDATE cell SET n = ? WHERE {_which(keys)}", (two["n"], *(one[k] for k in keys))),
                      (f"UPDATE cell SET n = ? WHERE {_which(keys)}", (one["n"], *(two[k] for k in keys))))
        _must_find(edited, f"counts swapped between two of {column}")


def a_cut_head_needs_an_event_that_says_so():
    shop = _rich()
    _settle(shop)
    database = sqlite3.connect(_database(shop))
    first, last = database.execute("SELECT min(n), max(n) FROM event").fetchone()
    middle = (first + last) // 2
    row = database.execute("SELECT n, hash FROM event WHERE n = ?", (middle,)).fetchone()
    database.close()
    cut = [f"DELETE FROM touchpoint WHERE sale IN (SELECT sale FROM event WHERE n <= {middle} AND ev IN (1, 2))", f"DELETE FROM event WHERE n <= {middle}"]
    edited = Edited(shop)
    edited.change(*cut)
    _must_find(edited, "the first half cut off")
    for statement in ("INSERT INTO checkpoint VALUES(?, ?, 0, 0, 0)", "UPDATE checkpoint SET n = ?, hash = ?"):
        edited = Edited(shop)
        edited.change(*cut, (statement, row))
        _must_find(edited, f"the first half cut off with {statement}")


def a_cut_tail_and_an_older_copy_are_found_with_a_noted_head():
    shop = _rich()
    older = os.path.join(shop.place, "older.db")
    _settle(shop)
    shutil.copy(_database(shop), older)
    shop.print(tiny("after"))
    head = shop.kwit("journal", "verify", "--json").line["head"]
    noted = f"{head['n']}-{head['hash']}"
    _settle(shop)
    same(Edited(shop).verify("--expect", noted).exit, 0, "the noted head")
    for carefully in (False, True):
        edited = Edited(shop)
        cut = head["n"] - 2
        edited.change(f"DELETE FROM event WHERE n > {cut}", f"DELETE FROM touchpoint WHERE n > {cut}",
                      *([f"UPDATE sqlite_sequence SET seq = {cut} WHERE name = 'event'"] if carefully else []))
        same(edited.verify("--expect", noted).exit, 74, f"a tail cut {'carefully' if carefully else 'carelessly'}")
    shutil.copy(older, _database(shop))
    same(Edited(shop).verify().exit, 0, "an older copy by itself")
    answer = Edited(shop).verify("--expect", noted)
    same(answer.exit, 74, "an older copy against the noted head")
    want(any("noted head" in finding["what"] for finding in answer.line["findings"]), answer.text)
    shop.print(tiny("another branch"))
    shop.print(tiny("and on"))
    _settle(shop)
    same(Edited(shop).verify("--expect", noted).exit, 74, "another branch of the journal that is longer")


if __name__ == "__main__":
    run_tests(globals())
