"""What a sale takes in an office's PostgreSQL: bytes of rows, of indexes and of the log, by table, from real pushes.

The tills sell what a shop's till sells in a day, for some weeks, so that their cells are as many as a shop has. What is said is
for a touchpoint (a sale that was printed); what it costs for more of them is a product, as cells and days grow with them.
"""
# pylint: disable=protected-access
import os
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), room) for room in ("", "../e2e", "../support")]
import chain    # noqa: E402  pylint: disable=wrong-import-position
from postgresql import OWNER, Postgres      # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

TILLS, DAYS, SALES = (int(os.environ.get(name, few)) for name, few in (("TILLS", "8"), ("DAYS", "28"), ("SALES", "300")))
# Of each table with all of its weeks: rows, their bytes with what belongs to them, and bytes of indexes.
SIZES = ("SELECT coalesce(i.inhparent, c.oid)::regclass, sum(c.reltuples)::bigint, sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)) FROM pg_class c"
         " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relnamespace = 'kwit'::regnamespace AND c.relkind = 'r' AND c.reltuples > 0"
         " GROUP BY 1 ORDER BY 3 DESC")


def main():
    made = push.Chain()
    with Postgres() as database, push.Office(made, "127.0.0.1:0") as office:
        office.end()
        with open(office.config, "a", encoding="utf-8") as file:
            file.write(database.setting())
        office.done("office", "migrate", "--owner", database.store(OWNER))
        office.start()
        chain.DAYS, chain.SALES = DAYS, SALES
        spent, log = 0.0, 0
        for number in range(1, TILLS + 1):
            bodies = chain._batches(made, number)
            before = database.ask("SELECT pg_current_wal_lsn()")[0][0]
            spent += chain._seconds(lambda bodies=bodies: chain._post(office, bodies))
            log += database.count(f"SELECT pg_current_wal_lsn() - '{before}'::pg_lsn")
        office.done("report", "--json")
        database.ask("VACUUM ANALYZE", "chain")
        sales, events = (database.count(f"SELECT count(*) FROM kwit.{table}") for table in ("touchpoint", "event"))
        reported = chain._seconds(lambda: office.done("report", "--json"))
        print(f"{sales} touchpoints of {TILLS} tills, {DAYS} days, {SALES} sales a day; {events} events: {sales / spent:.0f} touchpoints and"
              f" {events / spent:.0f} events a second; a report of all: {reported:.2f} s")
        whole = 0.0
        for table, rows, heap, index in database.ask(SIZES):
            whole += (int(heap) + int(index)) / sales
            print(f"{table:20} {int(rows) / sales:7.3f} rows {int(heap) / sales:8.1f} bytes {int(index) / sales:8.1f} of indexes, each a touchpoint")
        print(f"in all {whole:.0f} bytes a touchpoint, and {log / sales:.0f} of the log once")
        chain._multiply(database)
        summed = chain._seconds(lambda: office.done("report", "--json"))
        reported = chain._seconds(lambda: office.done("report", "--json"))
        rows = {table: database.count(f"SELECT count(*) FROM kwit.{table}") for table in ("touchpoint", "cell", "store_day")}
        print(", ".join(f"{count} rows of {table}" for table, count in rows.items()) + f": {summed:.2f} s with all days summed up anew, {reported:.2f} s then")


if __name__ == "__main__":
    sys.exit(main())
