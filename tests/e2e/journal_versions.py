"""A kept journal of every schema version is opened: what it knows is known, what waits prints, and the chain is whole."""
import datetime
import json
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock        # noqa: E402  pylint: disable=wrong-import-position
from kwit import Shop, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

# The kept journals know of no later day than 29 November 2026; they are opened on the next.
os.environ["TEST_CLOCK"] = clock.at(datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.timezone.utc))

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "../fixtures/journals")
with open(os.path.join(HERE, "../../driver/journal/schema.def"), encoding="utf-8") as schema:
    NEWEST = max(int(number) for number in re.findall(r"^(?:MIGRATION|LATE)\((\d+)", schema.read(), re.MULTILINE))


def _till(version):
    """A shop whose journal is the kept one of that version."""
    shop = Shop(key=False)
    os.makedirs(shop.state, exist_ok=True)
    paper = os.path.join(shop.place, "waits")
    with open(os.path.join(FIXTURES, f"{version}.sql"), encoding="utf-8") as file:
        script = file.read().replace("@PAPER@", paper).replace("@PLACE@", shop.place)
    database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
    database.executescript(script)
    if version < 21:        # what is open was told by the state alone, and a journal that was moved left both otherwise
        database.execute("UPDATE job SET finished_ms = iif(state = 'waiting', 5, 0)")
        database.commit()
    shop.documents = [json.loads(body) for (body,) in database.execute("SELECT body FROM sale ORDER BY id")]
    database.close()
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(f"\n[printer waits]\nuri = sim:{paper}\nprofile = tm-t20iii\n")
    shop.paper = paper
    return shop


def there_is_one_of_each_version():
    same(sorted(int(name[:-4]) for name in os.listdir(FIXTURES) if name.endswith(".sql")), list(range(1, NEWEST + 1)),
         "tests/fixtures/journals: a new version of the schema needs a journal kept before the next one")


def each_is_opened_and_goes_on():
    for version in range(1, NEWEST + 1):
        shop = _till(version)
        waiting = shop.kwit("queue", "list", "--json").line["jobs"]
        same([job["id"] for job in waiting], ["1-waits"], f"version {version}: what waits")
        code, line = shop.print(shop.documents[0])
        same((code, line["outcome"]), (0, "duplicate"), f"version {version}: a sale that it knows")
        code, line = shop.print({**shop.documents[0], "lines": [{"name": "other", "total": "1.00"}]})
        same((code, line["outcome"]), (65, "conflict"), f"version {version}: its id with another document")
        answer = shop.kwit("queue", "retry", "1-waits", "--json")
        same((answer.exit, answer.line["outcome"]), (0, "printed"), f"version {version}: what waited, when asked ({answer.text})")
        want(os.path.exists(os.path.join(shop.paper, "0001.txt")), f"version {version}: paper")
        total = shop.kwit("report", "--from", "2026-11-01", "--to", "2026-12-31", "--json").line["total"]
        same((total["sales"], total["answers"] if version > 3 else 0), (2, 1 if version > 3 else 0), f"version {version}: report")
        answer = shop.kwit("journal", "verify")
        same(answer.exit, 0, f"version {version}: the chain ({answer.text})")
        database = sqlite3.connect(os.path.join(shop.state, "journal.db"))
        same(database.execute("PRAGMA user_version").fetchone(), (NEWEST,), f"version {version}: afterwards")
        database.close()


run_tests(globals())
