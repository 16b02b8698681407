"""Printing with ten million touchpoints costs at most 1.1 times what it costs with none; a report at most 5 s (aim 2 s).

A simulated month is repeated with later days until the number is reached: the tables and indexes are those of years
of sales; only the hashes of the copies are not chained, and nothing here reads them.
"""
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time

KWIT, SCRATCH = os.environ["KWIT"], sys.argv[1]
TOUCHPOINTS = int(os.environ.get("BENCH_TOUCHPOINTS", 10_000_000))
CALLS, TILLS, DAYS = 150, 30, 30


def call(*arguments, **options):
    return subprocess.run([KWIT, *arguments], check=True, capture_output=True, **options).stdout


def grow(path, factor):
    """Copies the month factor - 1 times, each later than the last."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous=OFF")
    database.execute("PRAGMA cache_size=-400000")
    sales = database.execute("SELECT max(id) FROM sale").fetchone()[0]
    events = database.execute("SELECT max(n) FROM event").fetchone()[0]
    answers = database.execute("SELECT max(id) FROM answer").fetchone()[0]
    columns = lambda table, skip: ", ".join(row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] not in skip)
    plain = {"touchpoint": columns("touchpoint", {"sale", "day", "expires_day", "ts_ms", "n"}), "cell": columns("cell", {"day", "expires_day"}),
             "answer": columns("answer", {"id", "sale", "day", "key", "submitted_ms", "printed_ms"})}
    for i in range(1, factor):
        back = -i * DAYS
        database.execute("BEGIN")
        database.execute(f"INSERT INTO sale SELECT id + {i * sales}, store, terminal, scope, 'demo-' || (id + {i * sales}), digest,"
                         f" accepted_ms, body, drawer_job FROM sale WHERE id <= {sales}")
        database.execute(f"INSERT INTO touchpoint(sale, day, expires_day, ts_ms, n, {plain['touchpoint']}) SELECT sale + {i * sales}, day + {back},"
                         f" expires_day + {back}, ts_ms + {back * 86400000}, n + {i * events}, {plain['touchpoint']} FROM touchpoint WHERE sale <= {sales}")
        database.execute(f"INSERT INTO event SELECT n + {i * events}, sale + {i * sales}, ev, ts_ms, detail, hash FROM event WHERE n <= {events}")
        database.execute(f"INSERT INTO cell(day, expires_day, {plain['cell']}) SELECT day + {back}, expires_day + {back}, {plain['cell']} FROM cell"
                         f" WHERE day > (SELECT max(day) - {DAYS} FROM cell)")
        database.execute(f"INSERT INTO answer(id, sale, day, key, submitted_ms, printed_ms, {plain['answer']}) SELECT id + {i * answers},"
                         f" sale + {i * sales}, day + {back}, randomblob(16), submitted_ms + {back * 86400000}, printed_ms + {back * 86400000},"
                         f" {plain['answer']} FROM answer WHERE id <= {answers}")
        database.execute("COMMIT")
    count = database.execute("SELECT count(*) FROM touchpoint").fetchone()[0]
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return count


def shop(name, place):
    paper = os.path.join(SCRATCH, f"{name}.bin")
    open(paper, "wb").close()
    config = os.path.join(SCRATCH, f"{name}.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"[store]\nid = S1\n[printer]\nuri = file:{paper}\nprofile = tm-t20iii\n[survey]\nurl = HTTPS://FB.EXAMPLE/{{token}}\n"
                   "address = fb.example\ncampaign = title\nrate = 80%\n")
    return ["--config", config, "--state", place]


def print_once(options, number):
    document = {"kwit": 1, "id": f"bench-{number}", "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), "currency": "GBP",
                "locale": "en-GB", "terminal": "T1", "total": "12.00",
                "lines": [{"name": f"Item {i}", "quantity": "1", "unit_price": "1.00", "total": "1.00"} for i in range(12)]}
    began = time.perf_counter()
    call(*options, "print", "-", input=json.dumps(document).encode())
    return (time.perf_counter() - began) * 1000


def main():
    place, empty = os.path.join(SCRATCH, "full"), os.path.join(SCRATCH, "empty")
    factor = max(1, TOUCHPOINTS // 300_000)
    call("demo-day", place, "--days", str(DAYS), "--tills", str(TILLS), "--stores", "10", "--sales", str(300_000 // DAYS // TILLS), "--rate", "1")
    count = grow(os.path.join(place, "journal.db"), factor)
    options, other = shop("full", place), shop("empty", empty)
    call(*other, "survey", "key", "new")
    call(*options, "survey", "key", "new", "--handle", "5000", "--epoch", "2")
    full, none = [], []
    for i in range(CALLS):
        none.append(print_once(other, i))
        full.append(print_once(options, i))
    ratio = statistics.median(full[20:]) / statistics.median(none[20:])
    times = []
    for _ in range(3):
        began = time.perf_counter()
        report = json.loads(call(*options, "report", "--json"))
        times.append(time.perf_counter() - began)
    slowest, best = max(times), min(times)
    print(f"{count:,} touchpoints, {report['total']['answers']:,} answers, {os.path.getsize(os.path.join(place, 'journal.db')) >> 20} MiB")
    print(f"a print costs {ratio:.3f} times what it costs with an empty journal (at most 1.1): "
          f"{statistics.median(full[20:]):.2f} ms, {statistics.median(none[20:]):.2f} ms")
    print(f"a report takes {best:.2f} s at best, {slowest:.2f} s at worst (at most 5 s, aim 2 s)")
    sys.exit(0 if ratio <= 1.1 and slowest <= 5 else 1)


main()
