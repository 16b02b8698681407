"""Ratios of an office on PostgreSQL, each taken in turns in one run.

What tills push, whole (HTTP, signatures, parsing, sales, events, cells, head), against COPY and INSERT of the same rows in the
same batches into tables with the same keys; the same batches again against the first time; what a report reads of sales by
cells and by days of stores, against counting the rows.
"""
# pylint: disable=protected-access
import http.client
import os
import subprocess
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("../e2e", "../support")]
from kwit import SCRATCH        # noqa: E402  pylint: disable=wrong-import-position
from postgresql import OWNER, PROGRAMS, USER, Postgres      # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

TILLS, DAYS, SALES, ROUNDS = 4, 2, 2000, 3
TOUCHPOINTS = int(os.environ.get("TOUCHPOINTS", "200000"))
FLOORS = {"taking : plain COPY and INSERT, a second": .75, "the second time : the first, a second": 1.2, "raw rows : cells": 3,
          "raw rows : days of stores": 15}
# A view's columns, as rows of sales have them and as cells do (record/cell.h).
HOUR = "(CASE WHEN sold_ms > 0 THEN sold_ms ELSE ts_ms END / 60000 + offset_minutes) / 60 % 24"
ALL = "day, class, reason, forced, drawn, flag, expires_day"
VIEWS = ((f"{ALL}, store, till, cashier, campaign, variant, variant_p_bp, p_bp",) * 2, (f"{ALL}, store, {HOUR}", f"{ALL}, store, hour"),
         (f"{ALL}, kind, language, channel",) * 2)


def _seconds(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _batches(chain, number):
    """The bytes of a till's pushes, as they came to another office."""
    with push.Office(chain, "127.0.0.1:0") as first:
        proxy = push.Proxy(first)
        push._push(push._till(proxy, number, days=DAYS, sales=SALES))
        proxy.server.shutdown()
        return [body for body, _ in proxy.seen]


def _post(office, bodies):
    connection = http.client.HTTPConnection(office.place, timeout=60)
    for body in bodies:
        connection.request("POST", "/v1/push", body, {"Content-Type": "application/vnd.kwit.push"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status


def _plain_script(database, journal):
    """The rows of that journal, in its batches, each a transaction."""
    ends = [0] + [int(row[0]) for row in database.ask(f"SELECT n FROM kwit.note WHERE journal = {journal} ORDER BY n")]
    parts = []
    for low, high in zip(ends, ends[1:]):
        parts.append("BEGIN;\n")
        for table in ("touchpoint", "event"):
            where = f"journal = {journal} AND n > {low} AND n <= {high}"
            rows = database.ask(f"COPY (SELECT * FROM kwit.{table} WHERE {where}) TO STDOUT")
            text = "".join("\t".join(row) + "\n" for row in rows)
            parts.append(f"COPY came_{table} FROM STDIN;\n{text}\\.\nINSERT INTO plain_{table} SELECT * FROM came_{table} ON CONFLICT DO NOTHING;\n"
                         f"TRUNCATE came_{table};\n")
        parts.append("COMMIT;\n")
    return "".join(parts)


def _run_script(database, text):
    made = "".join(f"CREATE TEMP TABLE came_{table} (LIKE kwit.{table}); " for table in ("touchpoint", "event"))
    with tempfile.NamedTemporaryFile("w", dir=SCRATCH, suffix=".sql", encoding="utf-8") as file:
        file.write(made + "\n" + text)
        file.flush()
        os.chmod(file.name, 0o644)
        subprocess.run([os.path.join(PROGRAMS, "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-h", database.place, "-U", OWNER, "-d", "chain", "-f", file.name],
                       check=True, stdout=subprocess.DEVNULL, **USER)


def taking(database, office, chain):
    for table in ("touchpoint", "event"):
        database.ask(f"CREATE TABLE plain_{table} (LIKE kwit.{table} INCLUDING ALL)")
    first = again = plain = 0
    for number in range(1, TILLS + 1):
        bodies = _batches(chain, number)
        first += _seconds(lambda bodies=bodies: _post(office, bodies))
        script = _plain_script(database, number)
        plain += _seconds(lambda script=script: _run_script(database, script))
        again += _seconds(lambda bodies=bodies: _post(office, bodies))
    events = database.count("SELECT count(*) FROM kwit.event")
    same_rows = database.count("SELECT count(*) FROM plain_event") == events
    print(f"{events} events of {TILLS} tills: {events / first:.0f} a second taken, {events / plain:.0f} plain")
    assert same_rows
    return {"taking : plain COPY and INSERT, a second": plain / first, "the second time : the first, a second": first / again}


def _multiply(database):
    """More journals with the same sales under other names of stores."""
    have = database.count("SELECT count(*) FROM kwit.touchpoint")
    times = max(0, TOUCHPOINTS // have - 1)
    for table in ("touchpoint", "cell"):
        columns = [row[0] for row in database.ask(f"SELECT attname FROM pg_attribute WHERE attrelid = 'kwit.{table}'::regclass AND attnum > 0 ORDER BY attnum")]
        picked = ", ".join({"journal": "journal + 1000 * k", "store": "store || '-' || k"}.get(name, name) for name in columns)
        database.ask(f"INSERT INTO kwit.{table} SELECT {picked} FROM kwit.{table}, generate_series(1, {times}) k")
    database.ask("INSERT INTO kwit.dirty SELECT DISTINCT journal, day FROM kwit.cell ON CONFLICT DO NOTHING")
    database.ask("ANALYZE kwit.touchpoint, kwit.cell", "chain")


def _reading(view, table):
    """What a report asks of one view, by one process of the server."""
    raw, kept = VIEWS[view]
    if table == "store_day":
        return f"SELECT {kept}, n FROM kwit.store_day WHERE view = {view}"
    columns, count, where = (raw, "count(*)", "") if table == "touchpoint" else (kept, "sum(n)", f"WHERE view = {view}")
    keys = ", ".join(str(number + 1) for number in range(columns.count(", ") + 1))
    return f"SELECT {columns}, {count} AS n FROM kwit.{table} {where} GROUP BY {keys}"


def _server_ms(database, statement):
    """As the server measures it: no program is started meanwhile."""
    told = database.ask(f"SET max_parallel_workers_per_gather = 0; EXPLAIN (ANALYZE, TIMING OFF) {statement}")
    return float(told[-1][0].split(":")[1].split()[0])


def sums(database, office):
    _multiply(database)
    office.done("report", "--json")
    database.ask("VACUUM ANALYZE", "chain")
    spent = dict.fromkeys(("touchpoint", "cell", "store_day"), 0.0)
    totals = {table: [database.count(f"SELECT sum(n)::bigint FROM ({_reading(view, table)}) AS rows") for view in range(len(VIEWS))] for table in spent}
    assert totals["touchpoint"] == totals["cell"] == totals["store_day"], totals
    for _ in range(ROUNDS):
        for table in spent:
            spent[table] += sum(_server_ms(database, _reading(view, table)) for view in range(len(VIEWS))) / 1000
    rows = {table: database.count(f"SELECT count(*) FROM kwit.{table}") for table in spent}
    print(", ".join(f"{rows[table]} rows of {table}: {spent[table] / ROUNDS:.2f} s" for table in spent))
    return {"raw rows : cells": spent["touchpoint"] / spent["cell"], "raw rows : days of stores": spent["touchpoint"] / spent["store_day"]}


def main():
    chain = push.Chain()
    with Postgres() as database, push.Office(chain, "127.0.0.1:0") as office:
        office.end()
        with open(office.config, "a", encoding="utf-8") as file:
            file.write(database.setting())
        office.done("office", "migrate", "--owner", database.store(OWNER))
        office.start()
        ratios = {**taking(database, office, chain), **sums(database, office)}
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f} (at least {FLOORS[name]})")
    return any(ratios[name] < floor for name, floor in FLOORS.items())


if __name__ == "__main__":
    sys.exit(main())
