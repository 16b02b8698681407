"""A chain whose office keeps its counts in PostgreSQL: what is pushed there counts as what is merged, once, whoever is killed."""
# pylint: disable=protected-access
import datetime
import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Failed, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position
import clock     # noqa: E402  pylint: disable=wrong-import-position
from postgresql import OWNER, Postgres     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position
import push_torture     # noqa: E402  pylint: disable=wrong-import-position

TILLS, KILLS, PAUSE_S = (float(os.environ.get(name, few)) for name, few in (("TILLS", "3"), ("KILLS", "6"), ("PAUSE", "1.2")))

# The same columns of both stores. A sale's number holds its journal's, and those of a journal that was given up stay unused.
CELLS = ("SELECT day, view, store, till, hour, kind, class, reason, variant, language, cashier, variant_p_bp, p_bp, channel, campaign,"
         " {forced}, {drawn}, flag, expires_day, sum(n) FROM {cell} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19"
         " HAVING sum(n) <> 0")
SALES = ("SELECT dense_rank() OVER (ORDER BY sale >> 40) << 40 | (sale & 1099511627775), n, day, ts_ms, offset_minutes, coalesce(kid, 0), {handle}, {seq}, variant, flag, variant_p_bp, p_bp, u, {forced}, {drawn}, reason, store,"
         " till, cashier, campaign, language, channel, kind, expires_day, {digest}, class, class_ms, expired_ms, sold_ms, annulled_ms,"
         " refunded_ms, signs, earlier, {seal} FROM {touchpoint}")
EVENTS = "SELECT dense_rank() OVER (ORDER BY {origin}), n, sale, ev, ts_ms, detail FROM {event}"
THERE = {"forced": "forced::int", "drawn": "drawn::int", "digest": "encode(config_digest, 'hex')", "seal": "encode(seal, 'hex')", "cell": "kwit.cell",
         "touchpoint": "kwit.touchpoint", "origin": "journal", "event": "kwit.event", "handle": "CASE WHEN has_token THEN handle ELSE 0 END",
         "seq": "CASE WHEN has_token THEN seq ELSE 0 END"}
HERE = {"forced": "forced", "drawn": "drawn", "digest": "lower(hex(config_digest))", "seal": "lower(hex(seal))", "cell": "cell",
        "touchpoint": "touchpoint", "origin": "origin", "event": "foreign_event", "handle": "coalesce(handle, 0)", "seq": "coalesce(seq, 0)"}


def _office(database, place=None):
    """An office whose tables were made by their owner."""
    office = push.Office(push._chain(), place)
    with open(office.config, "a", encoding="utf-8") as file:
        file.write(database.setting())
    office.done("office", "migrate", "--owner", database.store(OWNER))
    return office


def _same_as_merged(database, tills):
    merged = push._merged(push._chain(), tills)
    for query in (SALES, CELLS, EVENTS):
        there = sorted(tuple(row) for row in database.ask(query.format(**THERE)))
        here = sorted(tuple(str(value if value is not None else "") for value in row) for row in merged.rows(query.format(**HERE)))
        if there != here:
            raise Failed(f"{query[:40]}: {list(set(there) - set(here))[:2]} there, {list(set(here) - set(there))[:2]} merged")


def what_is_pushed_to_postgresql_is_what_is_merged():
    with Postgres() as database, _office(database) as office:
        tills = [push._till(office, number + 1) for number in range(push.TILLS)]
        for till in tills:
            count = till.rows("SELECT count(*) FROM event")[0][0]
            same(push._push(till)["events"], count, "events pushed")
            same(push._push(till)["events"], 0, "events the second time")
        _same_as_merged(database, tills)
        listed = office.tills()
        same([(till["handle"], till["state"], till["refused"]) for till in listed], [(n + 1, "live", None) for n in range(push.TILLS)], "tills")
        same([till["store"] for till in listed], [till.rows("SELECT store FROM touchpoint ORDER BY sale DESC LIMIT 1")[0][0] for till in tills],
             "whose tills they are")
        for till in tills:                                      # more events of sales that came before, and new ones
            push._sell(till, 2)
            push._push(till)
        _same_as_merged(database, tills)


def what_becomes_of_a_sale_behind_its_push_is_counted_there():
    with Postgres() as database, _office(database) as office:
        till = push._till(office, 1)
        for word, answer in (("seen", "--seen"), ("missing", "--missing")):
            printed = till.kwit("print", "-", "--printer", f"sim:{till.state}/late-{word}?fault=mute@byte=600", "--profile", "tm-t20iii",
                                "--timeout", "1", "--json", input=json.dumps(tiny(f"late-{word}")).encode())
            same(printed.exit, 76, f"a printer that falls silent: {printed.text}")
            push._push(till)
            before = database.count("SELECT count(*) FROM kwit.event")
            till.kwit("resolve", f"late-{word}", answer)
            push._push(till)
            want(database.count("SELECT count(*) FROM kwit.event") > before, "what the person said came")
            _same_as_merged(database, [till])


def a_quarter_s_sales_are_reported_the_same_from_both_stores():
    """Of sales alone: what customers said stays where it was said, and its sales are at another place."""
    with Postgres() as database, _office(database) as office, push.Office(push._chain()) as plain:
        tills = [push._till(office, number + 1, days=90, sales=8) for number in range(push.TILLS)]
        for till in tills:
            push._push(till)
            push._push(_towards(plain, till))
        text = json.dumps(office.report())
        same(text, json.dumps(plain.report()), "the report")
        want(office.report()["total"]["sales"] > 1000, "sales of a quarter")
        want(database.count("SELECT count(*) FROM kwit.store_day") > 0 and database.count("SELECT count(*) FROM kwit.dirty") == 0, "sums of stores")
        push._sell(tills[0], 2)                                 # a day that was summed up is summed up again
        push._push(tills[0])
        want(database.count("SELECT count(*) FROM kwit.dirty") > 0, "a day that changed is marked")
        push._push(_towards(plain, tills[0]))
        want(json.dumps(office.report()) != text, "two sales more are seen")
        same(json.dumps(office.report()), json.dumps(plain.report()), "the report of two sales more")


def _towards(office, till):
    """The same till with another office in its settings, and nothing known of what that one has."""
    other = push._copy(till, office)
    database = sqlite3.connect(other.journal())
    database.execute("DELETE FROM meta WHERE key = 'pushed_n'")
    database.commit()
    database.close()
    return other


def while_the_database_is_away_tills_keep_and_pages_go_on():
    with Postgres() as database, _office(database, "127.0.0.1:0") as office:
        proxy = push.Proxy(office)
        till = push._till(proxy, 1)
        database.kill()
        line = push._push(till, 75)
        want("too much to do" in line["reason"], f"what the till is told: {line}")
        waits = []
        for _ in range(3):
            connection = http.client.HTTPConnection(office.place, timeout=60)
            connection.request("POST", "/v1/push", proxy.seen[-1][0], {"Content-Type": "application/vnd.kwit.push"})
            answer = connection.getresponse()
            same(answer.status, 503, "the status")
            waits.append(int(answer.headers["Retry-After"]))
        want(all(30 <= wait <= 600 for wait in waits) and len(set(waits)) > 1, f"when to come again: {waits}")
        connection = http.client.HTTPConnection(office.place, timeout=60)
        connection.request("GET", "/")
        same(connection.getresponse().status, 200, "the page")
        office.end()
        office.start()                                          # it begins without its database, too
        push._push(till, 75)
        database.start()
        push._pushed_when(till)
        _same_as_merged(database, [till])
        proxy.server.shutdown()


class Pusher(push_torture.Pusher):
    """Goes to one office, and to the other; where both are one database's it makes no odds."""

    def __init__(self, till, offices, seed):
        super().__init__(till, seed)
        self.configs = [till.config, till.config + ".other"]
        with open(till.config, encoding="utf-8") as first, open(self.configs[1], "w", encoding="utf-8") as other:
            other.write(first.read() + offices[1].push_setting())

    def choose(self):
        return self.dice.choice(self.configs)


def a_database_that_is_killed_in_mid_batch_loses_and_doubles_nothing():
    dice = random.Random(20261130)
    with Postgres() as database, _office(database) as first, _office(database) as second:
        tills = [push._till(first, number + 1, days=1, sales=push_torture.SALES) for number in range(int(TILLS))]
        for till in tills:
            same(till.done("journal", "verify").exit, 0, "its journal")
        pushers = [Pusher(till, (first, second), number) for number, till in enumerate(tills)]
        for pusher in pushers:
            pusher.start()
        kills = 0
        while kills < KILLS and any(pusher.is_alive() for pusher in pushers):
            for pusher in pushers:
                pusher.join(dice.random() * PAUSE_S / TILLS)
            database.kill()
            database.start()
            kills += 1
            if kills % 3 == 0:                                  # an office as well
                office = (second, first)[kills // 3 % 2 - 1]
                office.end(signal.SIGKILL)
                os.remove(office.place[5:])
                office.start()
        for pusher in pushers:
            pusher.join()
        same([pusher.wrong for pusher in pushers if pusher.wrong], [], "pushes that ended in another way than done or kept")
        for till in tills:
            push._pushed_when(till)                             # an office whose database was just killed sends tills away
            same(push._push(till)["events"], 0, "what is left to push")
        events = sum(till.rows("SELECT count(*) FROM event")[0][0] for till in tills)
        same(database.ask("SELECT count(*), count(DISTINCT (journal, n)), (SELECT sum(n) FROM kwit.head) FROM kwit.event"),
             [[str(events)] * 3], "events, and heads")
        cells = "SELECT day, store, reason, class, sum(n) FROM kwit.cell WHERE view = 0 GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0"
        same({(int(day), store, int(reason), int(klass)): int(count) for day, store, reason, klass, count in database.ask(cells)}, push_torture._truth(tills), "what counts")
        _same_as_merged(database, _in_order(database, tills))
        print(f"{events} events, {kills} kills of the database, {kills // 3} of offices, {sum(p.killed for p in pushers)} of tills")


def _in_order(database, tills):
    """As their journals have their numbers there: the order in which they first came."""
    return [tills[int(handle) - 1] for handle, in database.ask("SELECT handle FROM kwit.till ORDER BY journal")]


def forks_clones_and_strangers_are_refused_there_too():
    with Postgres() as database, _office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        behind, clone = push._copy(till), push._copy(till)
        push._sell(till, 2)
        push._push(till)
        count = till.rows("SELECT count(*) FROM event")[0][0]
        for copy in (behind, clone):
            same(copy.kwit("journal", "push", "--json").exit, 65, "a copy that is behind")
        push._sell(clone, 4)
        answer = clone.kwit("journal", "push", "--json")
        want(answer.exit == 65 and "another history" in answer.line["message"], f"a clone that went on: {answer.text}")
        clone.done("journal", "renew")
        same(clone.kwit("journal", "push", "--json").exit, 77, "under the handle of the other")
        same(database.count("SELECT count(*) FROM kwit.event"), count, "events there")
        waiting, = [row["journal"] for row in office.tills() if row["state"] == "waits"]
        office.done("office", "till", "accept", waiting)
        same(clone.kwit("journal", "push", "--json").exit, 77, "codes that the other gave out as well")
        same(till.kwit("journal", "push", "--json").exit, 77, "the one that it follows")
        office.done("office", "till", "revoke", "1")
        push._sell(clone)
        same(clone.kwit("journal", "push", "--json").exit, 77, "after it was revoked")
        same(office.kwit("office", "till", "revoke", "99").exit, 65, "a handle that is nobody's")


def what_was_cut_before_it_came_is_a_loss_there_too():
    with Postgres() as database, _office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        push._sell(till, 2)
        till.done("journal", "prune", "--before", "2100-01-01", "--force")
        push._sell(till, 2)
        same(till.kwit("journal", "push", "--json").exit, 65, "behind a gap")
        listed, = office.tills()
        same(listed["refused"], "lost", "what the office lists")
        office.done("office", "till", "accept", listed["journal"])
        push._push(till)
        listed, = office.tills()
        want(listed["lost"] > 0 and listed["state"] == "live", f"what was lost is known: {listed}")


def an_erased_sale_is_blurred_there():
    with Postgres() as database, _office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        sale, name = till.rows("SELECT id, name FROM sale WHERE terminal = 'T1' ORDER BY id LIMIT 1")[0]
        till.done("journal", "erase", name, "--till", "T1")
        push._push(till)
        hour = 3600000
        same(database.count(f"SELECT count(*) FROM kwit.event WHERE sale = {sale} AND ts_ms % {hour} <> 0"), 0, "times of its events")
        same(database.count(f"SELECT count(*) FROM kwit.touchpoint WHERE sale & 1099511627775 = {sale} AND ts_ms % {hour} = 0"), 1, "and its own")


def what_is_erased_there_is_erased_at_the_till_that_has_it():
    with Postgres() as database, _office(database) as office:
        till = push._till(office, 1)
        push.orders_to_erase_are_obeyed(office, till, push._till(office, 2))
        same(database.count("SELECT count(*) FROM kwit.erasing"), 0, "orders that are left")


def tills_that_are_behind_are_named_the_same_from_both_stores():
    with Postgres() as database, _office(database) as office, push.Office(push._chain()) as plain:
        tills = [push._till(office, number + 1) for number in range(push.TILLS)]
        for till in tills:
            push._push(till)
            push._push(_towards(plain, till))
        want("behind" not in office.report() and "behind" not in plain.report(), "nobody is")
        moment = int(clock.now().timestamp()) * 1000
        for seen, taken, word, handle in ((27 * 3600000, 28 * 3600000, "", 1), (60000, 3 * 3600000, "fork", 2), (25 * 3600000, 0, "", 3)):
            row = f"SET seen_ms = {moment - seen}, fault = '{word}' WHERE handle = {handle}"
            database.ask(f"UPDATE kwit.till {row}")
            database.ask(f"UPDATE kwit.note SET at_ms = {moment - taken} WHERE journal = (SELECT journal FROM kwit.till WHERE handle = {handle})")
            with sqlite3.connect(plain.journal()) as journal:
                journal.execute(f"UPDATE till {row}")
                journal.execute(f"UPDATE origin SET merged_ms = {moment - taken} WHERE uuid = (SELECT uuid FROM till WHERE handle = {handle})")
            journal.close()
        at = dict(os.environ, TEST_CLOCK=clock.at(clock.now()))
        texts = []
        for place in (office, plain):
            report = place.kwit("report", "--json", env=at).line
            del report["head"]
            when = lambda hours: datetime.datetime.fromtimestamp(moment / 1000 - hours * 3600, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")     # noqa: E731  pylint: disable=unnecessary-lambda-assignment
            names = [(row["store"], row["as_of"]) for row in report["behind"]]
            stores = [till.rows("SELECT store FROM touchpoint ORDER BY sale DESC LIMIT 1")[0][0] for till in tills]
            same(names, [(stores[0], when(27)), (stores[1], when(3))], "who is, and since when")
            texts.append(json.dumps(report))
            text = place.kwit("report", env=at).text
            want(f"as of {when(27)}" in text and f"as of {when(3)}" in text, f"the text: {text[:400]}")
            page = place.kwit("report", "--format", "html", env=at).text
            want(f"{stores[0]}/" in page and f"<bdi>{when(27)}</bdi>" in page and f"<bdi>{when(3)}</bdi>" in page, "the page")
        want(texts[0] == texts[1], "one report from both stores")


def tables_of_another_version_are_not_served():
    with Postgres() as database:
        office = push.Office(push._chain())
        with open(office.config, "a", encoding="utf-8") as file:
            file.write(database.setting())
        refused = office.kwit("office", "serve", "--listen", office.place)
        want(refused.exit == 78 and "kwit office migrate" in refused.text, f"without tables: {refused.text}")
        same(office.kwit("office", "migrate").exit, 78, "by who may not make tables")
        made = office.done("office", "migrate", "--owner", database.store(OWNER), "--json").line
        same((made["from"], made["to"] > 0), (0, True), "versions")
        again = office.done("office", "migrate", "--owner", database.store(OWNER), "--json").line
        same((again["from"], again["to"]), (made["to"], made["to"]), "the second time")
        for text, user in (("DROP TABLE kwit.head", "kwit_office"), ("CREATE TABLE kwit.mine(n int)", "kwit_office")):
            run = subprocess.run(["psql", "-X", "-h", database.place, "-U", user, "-d", "chain", "-c", text], capture_output=True, check=False)
            want(run.returncode != 0, f"the office's user may not: {text}")
        database.ask("INSERT INTO kwit.version(number) VALUES(99)")
        refused = office.kwit("office", "serve", "--listen", office.place)
        want(refused.exit == 78 and "99" in refused.text and "upgrade" in refused.text, f"newer tables: {refused.text}")
        want(office.kwit("office", "check").exit == 78, "what office check says")


if __name__ == "__main__":
    run_tests(globals())
