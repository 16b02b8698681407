"""What a chain's customers say, in PostgreSQL: durable, counted once, heard of by one mail, and reported as from a journal."""
# pylint: disable=protected-access
import contextlib
import csv
import datetime
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, Failed, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from postgresql import OWNER, Postgres     # noqa: E402  pylint: disable=wrong-import-position
import office_loop     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
NUMBER = "+48 600 700 800"
KILLS = 4


class UnixConnection(http.client.HTTPConnection):
    """To a server that listens on a path."""

    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


def _ask(place, method, path, body=None, wanted="Location", **headers):
    """Status, that header, and text."""
    connection = UnixConnection(place[5:])
    connection.request(method, path, urllib.parse.urlencode(body) if body else None, {**FORM, **headers})
    answer = connection.getresponse()
    text = answer.read().decode("utf-8")
    connection.close()
    return answer.status, answer.getheader(wanted), text


class Office(push.Office):
    """With pages, and keys of its people; with a database, its tables are made."""

    def __init__(self, database=None, more=""):
        super().__init__(push._chain())
        with open(self.config, "a", encoding="utf-8") as file:
            file.write(f"\n[office]\nalert_wait = 0 s\n{more}\n" + (database.setting() if database else ""))
        self.done("office", "new", "--url", "https://fb.corner.example", "--controller", "Corner", "--controller-contact", "a@corner.example")
        self.key = os.path.join(self.state, "kept.key")
        os.rename(os.path.join(self.state, "staff.key"), self.key)
        self.people = []
        if database:
            self.done("office", "migrate", "--owner", database.store(OWNER))

    def code(self, row):
        """Of a sale's row: epoch, handle, day, seq, variant."""
        names = ("epoch", "handle", "day", "seq", "variant")
        words = [word for name, value in zip(names, row) for word in (f"--{name}", str(value % 2048 if name == "day" else value))]
        return self.done("survey", "token", "encode", *words).text.strip()

    def form(self, code):
        status, _, text = _ask(self.place, "GET", "/" + code)
        found = re.search(r'name=k value="([0-9a-f]+)"', text)
        want(status == 200 and found, f"the page of {code}: {status} {text[:200]}")
        return found.group(1)

    def answer(self, code, score, **words):
        status, place, text = _ask(self.place, "POST", "/" + code, {"csat": score, "k": self.form(code)})
        same(status, 303, f"an answer: {text[:200]}")
        if words:
            same(_ask(self.place, "POST", place, words)[0], 303, "words")
        return place

    def staff(self, number):
        """One more process of its people; where it serves."""
        place = f"unix:{self.state}/people-{number}"
        command = [KWIT, "--config", self.config, "--state", self.state, "office", "staff", "--key", self.key, "--listen", place, "--json"]
        self.people.append(subprocess.Popen(command, stdout=subprocess.PIPE))
        want("url" in json.loads(self.people[-1].stdout.readline() or "{}"), "the staff's process serves")
        return place

    def sign_in(self, place, name, *words):
        """What somebody new sees and does there: a function of method, path and form."""
        passphrase = self.done("office", "person", "add", name, *words, "--key", self.key, "--json").line["passphrase"]
        own = {"Origin": "http://localhost"}
        status, cookie, text = _ask(place, "POST", "/staff/enter", {"who": name, "passphrase": passphrase}, "Set-Cookie", **own)
        same(status, 303, f"{name} signs in: {text[:200]}")
        return lambda method, path, body=None: _ask(place, method, path, body, **own, Cookie=cookie.split(";")[0])

    def __exit__(self, *_):
        for process in self.people:
            process.send_signal(signal.SIGTERM)
            process.wait()
        super().__exit__()


def _invited(till, count, offered="AND day > (SELECT max(day) - 10 FROM touchpoint)"):
    """Rows of sales whose codes can be answered, in no order of theirs."""
    return till.rows("SELECT kid, handle, day, seq, variant FROM touchpoint WHERE handle > 0 AND reason = 0 AND flag = 0 AND annulled_ms = 0"
                     f" {offered} ORDER BY (seq * 7919 + day * 104729) % 1009 LIMIT {count}")


def _same_moments(database, journal):
    """Two offices were told the same one after the other: here at the same time, hours after the sale, in that order."""
    when = "(CAST(day AS bigint) + 19723) * 86400000 + 90000000 + {number} * 61000"
    database.ask(f"UPDATE kwit.answer a SET submitted_ms = {when.format(number='n')}, edited_ms = CASE WHEN revision > 0 THEN 1 ELSE 0 END FROM"
                 " (SELECT id, row_number() OVER (ORDER BY id) AS n FROM kwit.answer) r WHERE r.id = a.id")
    database.ask("UPDATE kwit.alert SET raised_ms = 1800000000000 + answer; UPDATE kwit.opening SET first_ms = (CAST(day AS bigint) + 19723) * 86400000 + 80000000")
    with sqlite3.connect(journal) as file:
        file.execute(f"UPDATE answer SET submitted_ms = {when.format(number='n')} FROM (SELECT id AS of, row_number() OVER (ORDER BY id) AS n FROM answer) WHERE of = id")
        file.execute("UPDATE alert SET raised_ms = 1800000000000 + answer")
        file.execute("UPDATE opening SET first_ms = (SELECT day FROM touchpoint WHERE touchpoint.sale = opening.sale) * 86400000 + 19723 * 86400000 + 80000000")
        file.execute("UPDATE import SET reach_ms = (SELECT max(submitted_ms) FROM answer WHERE verdict <> 17)")


def _differences(there, here, path=""):
    """Where two lines differ, and how: each a text."""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in {**there, **here}:
            yield from _differences(there.get(name), here.get(name), f"{path}.{name}")
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for number, pair in enumerate(zip(there, here)):
            yield from _differences(*pair, f"{path}[{number}]")
    elif there != here:
        yield f"{path}: {there} there, {here} here"


def _seen_by_staff(office, stores):
    """What who looks after two stores sees of them, and has done: without what tells the time."""
    with open(office.config, "a", encoding="utf-8") as file:
        file.write(f"\n[office]\nregion = north = {stores[0]}, {stores[1]}\n")
    listed = lambda: office.done("report", "alerts", "--all", "--json").line["alerts"]     # noqa: E731  pylint: disable=unnecessary-lambda-assignment
    place = office.staff(0)
    manager, reader = office.sign_in(place, "Ewa", "--role", "manager", "--region", "north"), office.sign_in(place, "Jan", "--role", "reader", "--store", stores[2])
    alert, other = [next(alert["id"] for alert in listed() if alert["store"] == store and not alert["who"]) for store in (stores[0], stores[2])]
    pages = [manager("GET", "/staff/alerts"), reader("GET", "/staff/alerts?all=1"), manager("GET", f"/staff/alerts/{other}"), reader("GET", f"/staff/alerts/{other}"),
             reader("POST", f"/staff/alerts/{other}", {"do": "take"}), manager("POST", f"/staff/alerts/{alert}", {"do": "take"}),
             manager("POST", f"/staff/alerts/{alert}", {"do": "take"}), manager("GET", f"/staff/alerts/{alert}")]
    same([status for status, _, _ in pages], [200, 200, 404, 200, 403, 303, 303, 200], "what they may")
    same([(one["id"], one["who"]) for one in listed() if one["who"]], [(alert, "Ewa")], "who took what")
    report = manager("GET", "/staff/report")
    want(report[0] == 200 and "north" in report[2] and f"{stores[2]}/" not in report[2], f"the report: {report[0]}")
    lines = [office.done("report", "--json", *words).line for words in (("--region", "north"), ("--store", stores[2]))]
    for line in lines:
        del line["head"]                                        # of the office's own chain
    return [re.sub(r": -?\d+", "", text) for _, _, text in pages], json.dumps(lines), manager


def what_customers_say_is_reported_the_same_from_both_stores():
    with Postgres() as database, Office(database) as chain, Office() as plain:
        tills = [push._till(chain, number + 1, days=90, sales=8) for number in range(push.TILLS)]
        others = [push._copy(till, plain) for till in tills]
        rows = [row for till in tills for row in _invited(till, 12)]
        for number, row in enumerate(rows):
            if number == len(rows) // 3:                        # the first were answered before their sales came
                for till in (*tills, *others):
                    push._push(till)
            code, score = chain.code(row), 1 + number % 5
            for office in (chain, plain):
                if number % 4 == 0:
                    same(_ask(office.place, "GET", f"/{code}/o")[0], 204, "that it was laid out")
                words = {0: {"comment": f"The queue was <b>long</b> {number}"}, 1: {"contact": NUMBER, "consent": 1, "comment": ""}}
                place = office.answer(code, score, **words.get(number % 3, {}))
                if number % 5 == 0:
                    same(_ask(office.place, "POST", place, {"csat": 5})[0], 303, "another score")
                if number % 7 == 0:
                    same(_ask(office.place, "POST", f"/{code}/help", {"comment": "Where is my bag?", "k": office.form(code)})[0], 303, "a message")
        _same_moments(database, plain.journal())
        for words in (("report", "--json"), ("report", "alerts", "--all", "--json"), ("report", "comments", "--json")):
            there, here = [office.done(*words).line for office in (chain, plain)]
            for line in (there, here):
                line.pop("head", None)                          # of the office's own chain
                for alert in line.get("alerts", []) if words[1] == "alerts" else []:
                    alert.pop("waited_s")
            want(json.dumps(there) == json.dumps(here), f"{' '.join(words)}: {list(_differences(there, here))[:5]}")
        report = chain.report()
        want(report["verdicts"]["matched"] == len(rows) and report["verdicts"]["uncovered"] == 0, f"verdicts: {report['verdicts']}")
        want(len(chain.done("report", "alerts", "--all", "--json").line["alerts"]) > len(rows) // 3, "alerts")
        same(database.count("SELECT count(*) FROM kwit.contact"), sum(number % 3 == 1 for number in range(len(rows))), "addresses")
        stores = [till.rows("SELECT store FROM touchpoint LIMIT 1")[0][0] for till in tills]
        (there, counts, see), (here, others_counts, _) = [_seen_by_staff(office, stores) for office in (chain, plain)]
        same((there, counts), (here, others_counts), "what staff see of their stores")
        database.kill()
        same(see("GET", "/staff/alerts")[0], 503, "the list while the database is away")
        database.start()
        await_that(lambda: see("GET", "/staff/alerts")[0] == 200, "the list when it is back")


def the_mail_of_the_day_counts_what_no_report_has_summed_up():
    with office_loop.Post() as post, Postgres() as database:
        more = f"mail_to = owner@corner.example\nmail_server = smtp://127.0.0.1:{post.port}\ndigest = 00:00"
        with Office(database, more) as office:
            till = push._till(office, 1)
            push._push(till)
            invited = till.rows("SELECT count(*) FROM touchpoint WHERE reason = 0 AND class IN (1, 2, 3, 5) AND day = (SELECT max(day) FROM touchpoint)")
            office.staff(0)
            await_that(lambda: post.mails, "the mail of the day")
            want(f"on paper: {invited[0][0]}\n" in post.mails[0][2].replace("\r", ""), f"{invited}: {post.mails[0][2]}")


def two_processes_of_its_people_send_one_mail_and_one_takes_over():
    with office_loop.Post() as post, Postgres() as database:
        more = f"url = https://fb.corner.example\nmail_to = owner@corner.example\nmail_server = smtp://127.0.0.1:{post.port}"
        with Office(database, more) as office:
            till = push._till(office, 1)
            push._push(till)
            codes = [office.code(row) for row in _invited(till, 4)]
            places = [office.staff(number) for number in range(2)]
            for code in codes[:3]:
                office.answer(code, 1, comment="The queue was long")
            mails = lambda: [mail for _, _, mail in post.mails if "digest" not in mail]     # noqa: E731  pylint: disable=unnecessary-lambda-assignment
            await_that(lambda: len(mails()) >= 3, "three mails")
            await_that(lambda: database.count("SELECT count(*) FROM kwit.outbox WHERE kind <> 'digest' AND fate = 1") == 3, "all were sent")
            same((len(mails()), database.count("SELECT count(*) FROM kwit.alert WHERE told_ms > 0")), (3, 3), "mails, and alerts that were told of")
            same(len({re.search("Message-ID: <(.*)>", mail).group(1) for mail in mails()}), 3, "different ones")
            link = re.search(r"https://fb\.corner\.example(/a/[0-9a-f]+)", mails()[0]).group(1)
            want("The queue was long" in _ask(places[1], "GET", link)[2], "the link at the other one")
            same([_ask(place, "POST", link, {"do": "take", "who": who})[0] for place, who in zip(places, ("Ewa", "Jan"))], [303, 409], "who takes it")
            database.ask("ALTER TABLE kwit.reply RENAME TO elsewhere")
            for method, form in (("GET", None), ("POST", {"do": "reply", "reply": "Come again"})):
                status, _, text = _ask(places[1], method, link, form)
                want(status == 503 and "try again" in text and "not valid" not in text, f"{method} while the store does not answer: {status} {text}")
            database.ask("ALTER TABLE kwit.elsewhere RENAME TO reply")
            same(_ask(places[1], "POST", link, {"do": "reply", "reply": "Come again"})[0], 303, "a reply")
            same(sum("Come again" in _ask(office.place, "GET", f"/{code}")[2] for code in codes[:3]), 1, "receipts that show it")
            same(_ask(places[0], "POST", link, {"do": "close", "who": "Ewa"})[0], 303, "closed")
            same(len(office.done("report", "alerts", "--json").line["alerts"]), 2, "open alerts")
            office.people[0].kill()                             # whoever had the turn: the other one goes on
            office.people[0].wait()
            office.answer(codes[3], 1)
            await_that(lambda: len(mails()) == 4, "a mail by the one that is left")
            erased = office.done("office", "erase", codes[0])
            want("1 answers" in erased.text and database.count("SELECT count(*) FROM kwit.answer WHERE comment <> ''") == 2, erased.text)


def what_was_said_of_a_sale_goes_with_the_sale_that_its_till_erases():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        row = _invited(till, 1)[0]
        office.answer(office.code(row), 1, comment="Erase-me-words", contact=NUMBER, consent=1)
        same(database.count("SELECT count(*) FROM kwit.answer JOIN kwit.contact ON answer = id WHERE verdict = 10 AND comment <> ''"), 1, "what was said")
        name, terminal = till.rows(f"SELECT name, terminal FROM sale JOIN touchpoint ON sale = id WHERE handle = {row[1]} AND day = {row[2]} AND seq = {row[3]}")[0]
        till.done("journal", "erase", name, "--till", terminal)
        push._push(till)
        same(database.ask("SELECT comment, contact, csat, submitted_ms % 3600000, (SELECT count(*) FROM kwit.contact) FROM kwit.answer"),
             [["[erased]", "f", "1", "0", "0"]], "what is left")


def what_a_customer_erases_is_no_order_to_the_till_that_sold():
    """Whoever finds a receipt can answer it, and take that back: the shop's record of the sale is not theirs to wipe."""
    with Postgres() as database, Office(database) as office, Office() as plain:
        for place in (office, plain):
            till = push._till(place, 1)
            push._push(till)
            row, other = _invited(till, 2)
            code = place.code(row)
            verified = place.kwit("survey", "verify", code, "--json")
            same((verified.exit, verified.line["verdict"]), (0, "matched"), "before it is answered")
            said = place.answer(code, 1, comment="Mine")
            verified = place.kwit("survey", "verify", code, "--json")
            same((verified.exit, verified.line["verdict"]), (65, "used"), "and then")
            same(_ask(place.place, "POST", said, {"erase": 1})[0], 303, "taken back")
            name, terminal = till.rows(f"SELECT name, terminal FROM sale JOIN touchpoint ON sale = id WHERE handle = {row[1]} AND day = {row[2]} AND seq = {row[3]}")[0]
            same((push._push(till)["erased"], [listed["to_erase"] for listed in place.tills()]), (0, [0]), "what the till is told")
            same(till.rows("SELECT count(*) FROM sale WHERE name LIKE 'erased:%'"), [(0,)], f"the sale {name} of {terminal}")
            place.answer(place.code(other), 1)
            alerts = lambda: [alert["csat"] for alert in place.done("report", "alerts", "--json").line["alerts"]]     # noqa: E731,B023  pylint: disable=unnecessary-lambda-assignment,cell-var-from-loop
            same(alerts(), [1], "alerts that are open")
            place.done("office", "till", "revoke", "1", "--from", "1")
            same(alerts(), [], "of sales that do not count")
            place.done("office", "till", "accept", place.tills()[0]["journal"])
            same(alerts(), [1], "which count again")


def _steal(office, till, other):
    """A till is stolen, sells on, and is given back; `other` nobody stole. The reports on the way."""
    revoke = lambda *words: office.done("office", "till", "revoke", "1", *words)        # noqa: E731  pylint: disable=unnecessary-lambda-assignment
    listed = lambda: next(row for row in office.tills() if row["handle"] == 1)          # noqa: E731  pylint: disable=unnecessary-lambda-assignment
    for place in (other, till):
        push._push(place)
        for row in _invited(place, 12):
            office.answer(office.code(row), 4)
    honest, last = office.report(), listed()["events"]
    push._sell(till, 3)
    push._push(till)
    whole = office.report()
    same(whole["tests"], honest["tests"] + 3, "before anybody noticed")
    revoke("--from", str(last + 1))
    same(json.dumps(office.report()), json.dumps(honest), "the report without what was sold since")
    same([listed()[name] for name in ("state", "not_counted_from", "not_counted", "events")],
         ["revoked", last + 1, 3, till.rows("SELECT max(n) FROM event")[0][0]], "what is listed")
    push._sell(till)
    same(till.kwit("journal", "push", "--json").exit, 77, "a push of it")
    same(json.dumps(office.report()), json.dumps(honest), "and nothing of that")
    office.done("office", "till", "accept", listed()["journal"])
    same(json.dumps(office.report()), json.dumps(whole), "taken back")
    same([listed()[name] for name in ("state", "not_counted_from", "not_counted")], ["live", 0, 0], "what is listed then")
    push._push(till)
    same(office.report()["tests"], honest["tests"] + 4, "and it goes on")
    whole = office.report()
    number, moment = till.rows("SELECT n, ts_ms FROM event WHERE ev IN (1, 2) ORDER BY n LIMIT 1 OFFSET 40")[0]
    number = till.rows(f"SELECT min(n) FROM event WHERE ts_ms >= {moment // 1000 * 1000}")[0][0]
    gone = till.rows(f"SELECT count(*) FROM touchpoint WHERE n >= {number}")[0][0]
    revoke("--from", datetime.datetime.fromtimestamp(moment // 1000, datetime.timezone.utc).isoformat())
    part = office.report()
    same((listed()["not_counted_from"], listed()["not_counted"]), (number, gone), "since a moment")
    counted = lambda report: report["total"]["sales"] + report["tests"]                 # noqa: E731  pylint: disable=unnecessary-lambda-assignment
    want(counted(whole) - gone <= counted(part) <= counted(whole) - gone + 1, f"sales: {counted(whole)}, {counted(part)} without {gone}")
    want(0 < part["total"]["answers"] < whole["total"]["answers"], f"answers to what counts: {part['total']['answers']} of {whole['total']['answers']}")
    revoke("--from", str(last + 1))                             # less of it
    same((listed()["not_counted"], json.dumps(office.report())), (4, json.dumps(honest)), "another number")
    revoke()
    same(listed()["not_counted"], 4, "revoked once more, and nothing is said of sales")
    for wrong in ("yesterday", "0", "-3", "2026-11-29"):
        same(office.kwit("office", "till", "revoke", "1", f"--from={wrong}").exit, 65, wrong)
    office.done("office", "till", "accept", listed()["journal"])
    same(json.dumps(office.report()), json.dumps(whole), "all of it, with its answers")
    return honest, whole, part


def what_a_stolen_till_sold_does_not_count_at_either_store():
    with Postgres() as database, Office(database) as office, Office() as plain:
        tills = [push._till(office, number) for number in (1, 2)]
        copies = [push._copy(till, plain) for till in tills]
        counts = lambda reports: [json.dumps([report[name] for name in ("total", "tests", "verdicts", "by", "cohorts")]) for report in reports]     # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        same(counts(_steal(office, *tills)), counts(_steal(plain, *copies)), "what both count")
        same(database.count("SELECT count(*) FROM kwit.aside"), 0, "sales that do not count")
        same(plain.done("journal", "verify").exit, 0, "the office's journal")
        plain.done("office", "till", "revoke", "1", "--from", "1")
        same(plain.done("journal", "verify").exit, 0, "and while it is revoked")
        events = lambda: plain.rows("SELECT count(*) FROM foreign_event")[0][0]         # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        before = events()
        plain.done("journal", "prune", "--before", "2024-01-02", "--force")
        same((events(), plain.rows("SELECT count(*) > 0 FROM aside")), (before, [(1,)]), "what a prune of older days leaves")
        plain.done("office", "till", "accept", next(row["journal"] for row in plain.tills() if row["handle"] == 1))
        same(plain.done("journal", "verify").exit, 0, "taken back after it")
        plain.done("office", "till", "revoke", "1", "--from", "1")
        plain.done("journal", "prune", "--before", "2100-01-01", "--force")
        same(plain.rows("SELECT count(*) FROM aside"), [(0,)], "what a prune of all leaves")


def while_the_database_is_away_answers_are_kept_and_go_there_later():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        codes = [office.code(row) for row in _invited(till, 3)]
        before = office.answer(codes[0], 4)
        office.end()
        with open(os.path.join(office.state, "log"), "w", encoding="utf-8") as office.log:
            office.start()
        said = lambda words: sum(words in line for line in open(os.path.join(office.state, "log"), encoding="utf-8"))   # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        database.kill()
        await_that(lambda: said("tills keep what they have") == 1, "a line about it")
        place = office.answer(codes[1], 1, comment="Away, and low", contact=NUMBER, consent=1)
        want("Your answer is saved" in _ask(office.place, "GET", place)[2], "its page")
        same(_ask(office.place, "POST", place, {"csat": 2})[0], 303, "another score")
        want("answered already" in _ask(office.place, "GET", "/" + codes[1])[2], "what a second phone sees")
        status, _, text = _ask(office.place, "GET", before)
        want(status == 200 and "Your answer is saved" in text and "type=radio" not in text, f"the page of what is over there, seen again: {status} {text}")
        same(_ask(office.place, "POST", before, {"csat": 1})[0], 503, "a change to what is over there")
        status, _, text = _ask(office.place, "POST", before, {"comment": "Typed <once>", "contact": NUMBER, "consent": 1})
        want(status == 503 and "Not saved" in text and "answer is saved" not in text, f"words to what is over there: {status} {text}")
        want(">Typed &lt;once&gt;</textarea>" in text and f'value="{NUMBER}"' in text and " checked" in text and f'action="{before}' in text, text)
        same(office.rows("SELECT verdict, csat, first_csat FROM answer"), [(7, 2, 1)], "what waits")
        checked = office.kwit("office", "check")
        want(checked.exit == 78 and "PostgreSQL" in checked.text, f"office check: {checked.text}")
        same(said("tills keep what they have"), 1, "lines about it")
        database.start()
        await_that(lambda: said("it answers again") == 1, "a line when it is back")
        await_that(lambda: database.count("SELECT count(*) FROM kwit.answer") == 2, "the answer that waited")
        await_that(lambda: office.rows("SELECT count(*) FROM answer") == [(0,)], "its place here")
        same(database.ask("SELECT verdict, csat, first_csat, comment FROM kwit.answer ORDER BY id"),
             [["10", "4", "", ""], ["10", "2", "1", "Away, and low"]], "answers there")
        same(database.ask("SELECT kind FROM kwit.alert"), [["contact"]], "alerts there")
        files = [os.path.join(office.state, name) for name in os.listdir(office.state) if name.startswith("journal.db")]
        await_that(lambda: all(b"Away, and low" not in open(path, "rb").read() for path in files), "that no file here holds the words any more")
        same(office.done("office", "contact", "1", "--key", office.key).text.strip(), NUMBER, "the address")
        same(office.rows("SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM alert)"), [(0, 0)], "what is left here")
        same(office.done("journal", "verify").exit, 0, "the office's journal")
        same(_ask(office.place, "POST", place, {"csat": 3})[0], 303, "a change, now there")
        same(database.ask("SELECT csat FROM kwit.answer ORDER BY id"), [["4"], ["3"]], "the scores")


def a_database_that_takes_no_rows_is_one_that_is_away():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        codes = [office.code(row) for row in _invited(till, 2)]
        leave = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'kwit_office'"
        database.ask("ALTER ROLE kwit_office SET default_transaction_read_only = on")
        database.ask(leave)
        for code in codes:
            office.answer(code, 1)
        same(office.rows("SELECT count(*) FROM answer"), [(2,)], "answers that wait")
        push._sell(till)
        push._push(till, 75)
        database.ask("ALTER ROLE kwit_office SET default_transaction_read_only = off")
        database.ask(leave)
        await_that(lambda: database.count("SELECT count(*) FROM kwit.answer WHERE verdict = 10") == 2, "the answers that waited")
        await_that(lambda: database.count("SELECT count(*) FROM kwit.alert") == 2, "their alerts")
        push._pushed_when(till)


def _hold(database, table, mode="EXCLUSIVE"):
    """Somebody who keeps others from writing it (or reading it, too), until that connection is ended; what ends it."""
    def hold():
        with contextlib.suppress(Failed):
            database.ask(f"BEGIN; LOCK TABLE {table} IN {mode} MODE; SELECT pg_sleep(600)")

    held = f"FROM pg_locks WHERE mode = '{mode.title().replace(' ', '')}Lock' AND granted AND relation = '{table}'::regclass"
    threading.Thread(target=hold).start()
    await_that(lambda: database.count(f"SELECT count(*) {held}") == 1, "the lock")
    return lambda: database.ask(f"SELECT pg_terminate_backend(pid) {held}")


@contextlib.contextmanager
def _impatient(database):
    """Whoever waits for a lock gives up at once, as after ten seconds."""
    ended = threading.Event()

    def give_up():
        while not ended.wait(.02):
            database.ask("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'kwit_office' AND wait_event_type = 'Lock'")

    asker = threading.Thread(target=give_up)
    asker.start()
    try:
        yield
    finally:
        ended.set()
        asker.join()


def an_answer_whose_transaction_fails_waits_as_it_was_handed_in():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        code = office.code(_invited(till, 1)[0])

        waits = "FROM pg_stat_activity WHERE usename = 'kwit_office' AND wait_event_type = 'Lock'"
        let_go = _hold(database, "kwit.answer")
        customer = threading.Thread(target=office.answer, args=(code, 1))
        customer.start()                                        # it is judged, and waits to be written
        await_that(lambda: database.ask(f"SELECT pg_terminate_backend(pid) {waits}"), "an answer that waits, and is cut off")
        customer.join()
        same(office.rows("SELECT verdict, csat FROM answer"), [(7, 1)], "what waits here was judged nowhere")
        let_go()
        await_that(lambda: database.count("SELECT count(*) FROM kwit.alert") == 1, "the alert of a low score")
        same(database.ask("SELECT verdict, sale > 0 FROM kwit.answer"), [["10", "t"]], "the answer there")


def while_somebody_holds_the_tables_answers_are_kept_and_codes_stay_genuine():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        codes = [office.code(row) for row in _invited(till, 3)]
        before = office.answer(codes[0], 4)
        for mode, code in {"EXCLUSIVE": codes[1], "ACCESS EXCLUSIVE": codes[2]}.items():
            let_go = _hold(database, "kwit.answer", mode)
            with _impatient(database):
                office.answer(code, 1, comment=f"Held {mode}", contact=NUMBER, consent=1)
                status, _, text = _ask(office.place, "POST", before, {"csat": 2})
                want(status == 503 and "Not saved" in text, f"a change to what is over there: {status} {text}")
                status, _, text = _ask(office.place, "POST", before, {"comment": f"Typed {mode}"})
                want(status == 503 and f">Typed {mode}</textarea>" in text, f"words to what is over there: {status} {text}")
            let_go()
            await_that(lambda: office.rows("SELECT count(*) FROM answer") == [(0,)], "that it went there")
        same(database.ask("SELECT verdict, csat, comment FROM kwit.answer ORDER BY id"),
             [["10", "4", ""], ["10", "1", "Held EXCLUSIVE"], ["10", "1", "Held ACCESS EXCLUSIVE"]], "answers there")
        same(database.count("SELECT count(*) FROM kwit.alert"), 2, "alerts there")


def a_code_of_which_the_store_says_nothing_is_not_called_wrong():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        code = office.code(_invited(till, 1)[0])
        database.ask("ALTER TABLE kwit.answer RENAME TO elsewhere")
        for method, path, form in (("GET", "/" + code, None), ("POST", "/code", {"code": code})):
            status, _, text = _ask(office.place, method, path, form)
            want(status == 503 and "do not know" not in text, f"{method} {path}: {status} {text}")
        database.ask("ALTER TABLE kwit.elsewhere RENAME TO answer")
        office.answer(code, 5)


def a_database_that_is_killed_between_answers_loses_and_doubles_none():
    with Postgres() as database, Office(database) as first, Office(database) as second:
        second.end()                                            # the keys of tickets are the same at all offices
        with open(os.path.join(first.state, "office.key"), "rb") as key, open(os.path.join(second.state, "office.key"), "wb") as other:
            other.write(key.read())
        second.start()
        till = push._till(first, 1, days=90, sales=8)
        push._push(till)
        codes = [first.code(row) for row in _invited(till, 60)]
        saved, wrong = [], []

        def answer(codes, office):
            for number, code in enumerate(codes):
                try:
                    office.answer(code, 1 + number % 5)
                    saved.append(code)
                except Exception as error:                      # pylint: disable=broad-except
                    wrong.append(str(error))

        for kill in range(KILLS):
            share, known = codes[kill::KILLS], len(saved)
            threads = [threading.Thread(target=answer, args=(share[number::4], (first, second)[number % 2])) for number in range(4)]
            for thread in threads:
                thread.start()
            await_that(lambda known=known: len(saved) > known + 1 or wrong, "some answers")
            database.kill()
            database.start()
            for thread in threads:
                thread.join()
        same(wrong, [], "answers that were not saved")
        await_that(lambda: database.count("SELECT count(*) FROM kwit.answer") == len(codes), "all that were saved")
        await_that(lambda: first.rows("SELECT count(*) FROM answer") + second.rows("SELECT count(*) FROM answer") == [(0,), (0,)], "none waits")
        same(database.ask("SELECT count(*), count(DISTINCT (handle, day, seq)), count(*) FILTER (WHERE verdict = 10) FROM kwit.answer"),
             [[str(len(codes))] * 3], "answers, codes, those that count")
        print(f"{len(saved)} answers, {KILLS} kills of the database")


def what_was_kept_long_enough_goes_and_its_counts_stay():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1, days=90, sales=8)
        rows = _invited(till, 30, "AND day < (SELECT max(day) - 30 FROM touchpoint)") + _invited(till, 6)
        for number, row in enumerate(rows):
            place = office.answer(office.code(row), 1 + number % 5, comment=f"word-{number}")
            if number % 4 == 0:
                same(_ask(office.place, "POST", place, {"comment": f"word-{number}", "contact": NUMBER, "consent": 1})[0], 303, "a wish")
        push._push(till)
        database.ask("UPDATE kwit.answer a SET verdict = 10, submitted_ms = (CAST(day AS bigint) + 19723) * 86400000 + 90000000")
        database.ask("INSERT INTO kwit.reply SELECT id, 'Come again', 'Ewa', 1 FROM kwit.answer; INSERT INTO kwit.alert(answer, kind, raised_ms)"
                     " SELECT id, 'low_csat', 1 FROM kwit.answer ON CONFLICT DO NOTHING; INSERT INTO kwit.opening SELECT sale, 9, journal, day, 1 FROM kwit.answer")
        before = office.report()
        known = database.count("SELECT count(*) FROM kwit.touchpoint")
        database.ask("INSERT INTO kwit.aside SELECT DISTINCT ON (day) * FROM kwit.touchpoint")
        with open(office.config, "a", encoding="utf-8") as file:
            file.write("\n[journal]\nkeep_days = 20\nkeep_comments = 5\n")
        office.end()
        office.start()
        await_that(lambda: database.count("SELECT count(*) FROM kwit.answer") <= 6, "what is old to go")
        first = database.count("SELECT min(day) FROM kwit.touchpoint")
        want(first % 7 == 0 and database.count("SELECT max(day) FROM kwit.cell") - first in range(14, 28), f"the first day that stays is one of a Monday's: {first}")
        want(database.count("SELECT count(*) FROM kwit.touchpoint") < known / 2, "sales")
        await_that(lambda: database.count("SELECT min(day) FROM kwit.aside") == first, "what was set aside to go with them")
        same(database.count("SELECT count(*) FROM kwit.answer WHERE comment <> '' AND submitted_ms < (SELECT max(submitted_ms) FROM kwit.answer) - 6 * 86400000::bigint"),
             0, "words that are older")
        for table in ("alert", "contact", "reply"):
            same(database.count(f"SELECT count(*) FROM kwit.{table} WHERE answer NOT IN (SELECT id FROM kwit.answer)"), 0, f"{table} of none")
        after = office.report()
        for gone in ("to_do", "alerts", "median_delay_s"):      # of words, alerts and moments, which are no counts
            del before[gone], after[gone]
        same(list(_differences(after, before)), [], "what a report counts")
        database.ask("DELETE FROM kwit.aside; INSERT INTO kwit.aside SELECT (jsonb_populate_record(t, jsonb_build_object('day', day - 140))).* FROM kwit.touchpoint t"
                     " WHERE flag = 0 AND reason = 0 AND annulled_ms = 0 ORDER BY n LIMIT 1")
        office.done("office", "till", "accept", office.tills()[0]["journal"])
        same(database.ask(f"SELECT count(*) FROM kwit.touchpoint WHERE day < {first} AND NOT EXISTS (SELECT 1 FROM kwit.aside)"), [["1"]], "one of a week without a table, taken back")
        same(office.report()["total"]["sales"], after["total"]["sales"] + 1, "it counts again")
        same(_ask(office.place, "GET", "/" + office.code(rows[-1]))[0], 200, "a code that is still good")
        weeks = database.count("SELECT max(substring(relname from 12)::int) FROM pg_class WHERE relname ~ '^touchpoint_[0-9]+$' AND relkind = 'r'")
        want(weeks * 7 > database.count("SELECT max(day) FROM kwit.cell"), "tables of weeks to come")


def _thanks(office, code):
    """The thank-you on the page behind an answer."""
    text = _ask(office.place, "GET", office.answer(code, 4))[2]
    found = re.search(r"Our thank-you: <strong><bdi dir=ltr>([0-9A-Z-]{11})", text)
    return found.group(1) if found else None


def _redeemed(office, typed):
    answer = office.kwit("survey", "redeem", typed)
    return answer.exit, re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "TIME", answer.text)


def a_thank_you_works_once_at_whichever_office_as_from_a_journal():
    more = "[survey]\nreward = A coffee"
    with Postgres() as database, Office(database, more) as first, Office(database, more) as second, Office(None, more) as plain:
        second.end()
        shutil.copy(os.path.join(first.state, "office.key"), second.state)
        second.start()
        till = push._till(first, 1)
        push._push(till)
        push._push(push._copy(till, plain))
        codes = [first.code(row) for row in _invited(till, 3)]
        chains, others = _thanks(first, codes[0]), _thanks(plain, codes[0])
        want(chains and others, "thank-yous")
        same(_ask(second.place, "POST", "/" + codes[0], {"csat": 5, "k": second.form(codes[0])})[0], 409, "a second phone")
        same(database.ask("SELECT count(*), count(redeemed_ms = 0) FROM kwit.reward"), [["1", "1"]], "thank-yous that are kept")
        spoken = chains.lower().replace("-", " ")
        for there, here in ((_redeemed(second, "00000-00000"), _redeemed(plain, "00000-00000")), (_redeemed(second, spoken), _redeemed(plain, others)),
                            (_redeemed(first, chains), _redeemed(plain, others))):
            same(there, here, "what is said of a code")
        same(_redeemed(first, chains)[0], 65, "redeemed before")
        database.kill()
        late = _thanks(first, codes[1])
        want(late and _redeemed(first, late)[0] == 69, "one that is given while the database is away is redeemed later")
        database.start()
        await_that(lambda: database.count("SELECT count(*) FROM kwit.reward") == 2, "its mark")
        same((_redeemed(second, late)[0], _redeemed(first, late)[0]), (0, 65), "redeemed once")
        same(first.rows("SELECT count(*) FROM reward"), [(0,)], "what is left here")
        same((first.done("journal", "verify").exit, plain.done("journal", "verify").exit), (0, 0), "the offices' journals")


def _time(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


HEADER = ["response_id", "token", "submitted_at", "nps", "csat", "comment", "contact", "event", "finished"]


def _files(office, till, late):
    """What platforms send in turn: each row of a kind of its own, then the same with what was mended meanwhile."""
    sold = _invited(till, 40)
    when = {row[2:4]: row[5] for row in till.rows("SELECT kid, handle, day, seq, variant, ts_ms FROM touchpoint WHERE handle > 0")}
    rows, more = [], []
    for number, row in enumerate(sold):
        code, time = office.code(row), when[row[2:4]]
        one = [f"R{number}", code, _time(time + 7200000 + number * 1000), number % 11, 1 + number % 5, f"word-{number}" if number % 3 == 0 else "",
               "yes" if number % 6 == 1 else "", "completed", "yes"]
        kind = number % 10
        if kind == 1:                                           # broken off, and whole in the next file
            rows.append(one[:8] + ["no"])
        elif kind == 2:                                         # a time that is none, and mended
            rows.append(one[:2] + ["some day"] + one[3:])
        elif kind == 3:                                         # bare, then with scores
            rows.append(one[:3] + ["", "", "", ""] + one[7:])
        elif kind == 4:                                         # other scores under the same id
            rows.append(one[:3] + [10, 5] + one[5:])
        elif kind == 5:                                         # before its sale
            one[2] = _time(time - 3600000)
        elif kind == 6:                                         # the same id with another code: a twin
            rows.append([one[0], office.code(sold[(number + 1) % len(sold)])] + one[2:])
        elif kind == 7:                                         # long after
            one[2] = _time(time + 90 * 86400000)
        if kind == 8:
            rows += [["", code, _time(time + 60000), "", "", "", "", word, ""] for word in ("opened", "started", "opened")]
        (more if kind in (1, 2, 3, 4) else rows).append(one)
    rows += [["N1", "", _time(when[sold[0][2:4]]), 3, 2, "no code", "", "completed", "yes"], ["N2", "ABCDE-FGHJK", _time(when[sold[0][2:4]]), 3, 2, "", "", "completed", "yes"]]
    rows += [[f"L{number}", office.code(row), _time(row[5] + 9000000), 0, 1, "too early here", "", "completed", "yes"]
             for number, row in enumerate(late.rows("SELECT kid, handle, day, seq, variant, ts_ms FROM touchpoint WHERE handle > 0 AND reason = 0 AND flag = 0 LIMIT 5"))]
    return [[HEADER, *rows], [HEADER, *more, *rows], [HEADER, *rows, *more]]


def _same_reports(database, offices):
    """The same from both stores, but for the moments at which alerts were raised."""
    database.ask("UPDATE kwit.alert SET raised_ms = 1800000000000 + answer")
    with sqlite3.connect(offices[1].journal()) as file:
        file.execute("UPDATE alert SET raised_ms = 1800000000000 + answer")
    for words in (("report", "--json"), ("report", "alerts", "--all", "--json"), ("report", "comments", "--json")):
        there, here = [office.done(*words).line for office in offices]
        for line in (there, here):
            line.pop("head", None)
            for alert in line.get("alerts", []) if words[1] == "alerts" else []:
                alert.pop("waited_s")
        want(json.dumps(there) == json.dumps(here), f"{' '.join(words)}: {list(_differences(there, here))[:5]}")
    return there


def answers_of_files_are_taken_as_a_journal_takes_them():
    with Postgres() as database, Office(database) as chain, Office() as plain:
        offices = (chain, plain)
        till, late = push._till(chain, 1, days=90, sales=8), push._till(chain, 2)
        for office in offices:
            push._push(push._copy(till, office))
        path, seen = os.path.join(chain.state, "answers.csv"), set()
        for rows in _files(chain, till, late):
            with open(path, "w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)
            there, here = [office.done("survey", "import", path, "--form", "paper", "--column", "finished=finished", "--json").line for office in offices]
            want(there == here, f"survey import: {list(_differences(there, here))}")
            seen |= {name for name in ("added", "known", "filled", "edited", "same_id", "early", "new_events") if there[name]}
            seen |= {name for name, count in there["verdicts"].items() if count}
            _same_reports(database, offices)
        wanted = {"added", "known", "filled", "edited", "same_id", "early", "new_events", "matched", "uncovered", "no_token", "incomplete", "unreadable", "expired"}
        want(wanted <= seen, f"kinds of rows that are never seen: {wanted - seen}")
        for office in offices:                                  # sales that came behind their answers
            push._push(push._copy(late, office))
        there, here = [office.done("survey", "import", path, "--form", "paper", "--column", "finished=finished", "--json").line for office in offices]
        same((there["added"], here["added"]), (0, 0), "what is new the fourth time")
        _same_reports(database, offices)
        same(chain.report()["verdicts"]["uncovered"], 0, "answers without their sales")


def a_file_that_is_not_whole_leaves_nothing_there():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1, days=90, sales=8)
        push._push(till)
        path = os.path.join(office.state, "answers.csv")
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([HEADER] + [[f"R{number}", office.code(row), "2026-11-21T10:00:00Z", 9, 5, "", "", "completed", "yes"]
                                                   for number, row in enumerate(_invited(till, 3))])
        let_go = _hold(database, "kwit.import")
        taking = subprocess.Popen([KWIT, "--config", office.config, "--state", office.state, "survey", "import", path], stderr=subprocess.PIPE, text=True)
        waits = "FROM pg_stat_activity WHERE usename = 'kwit_office' AND wait_event_type = 'Lock' AND query LIKE '%import%'"
        await_that(lambda: database.count(f"SELECT count(*) {waits}") == 1, "an import that waits for its end")
        push._sell(till)
        push._push(till)                                        # nobody else waits for it
        database.ask(f"SELECT pg_terminate_backend(pid) {waits}")
        said = taking.communicate()[1]
        want(taking.returncode == 69 and "PostgreSQL" in said, said)
        let_go()
        same(database.ask("SELECT (SELECT count(*) FROM kwit.answer), (SELECT count(*) FROM kwit.import)"), [["0", "0"]], "what is there")
        same(office.done("survey", "import", path, "--json").line["added"], 3, "the same file again")


def a_dump_as_office_backup_says_it_comes_back_and_goes_on():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        codes = [office.code(row) for row in _invited(till, 3)]
        office.answer(codes[0], 1, comment="Before the copy")
        path = os.path.join(database.place, "copy.dump")
        told = office.kwit("office", "backup", path)
        want(told.exit != 0 and not os.path.exists(path), "no file that looks like a copy")
        database.shell(re.search(r"pg_dump .*'", told.text).group(0))
        push._sell(till, 2)
        push._push(till)
        office.answer(codes[1], 2)
        events = database.count("SELECT count(*) FROM kwit.event")
        office.end()
        database.ask("DROP SCHEMA kwit CASCADE")
        database.shell(f"pg_restore -U {OWNER} -h {database.place} -d chain {path}")
        office.start()
        same(database.count("SELECT count(*) FROM kwit.answer"), 1, "answers that came back")
        push._sell(till)
        push._push(till)                                        # and what was pushed since, from the head that is there now
        want(database.count("SELECT count(*) FROM kwit.event") > events, "events")
        same(database.ask("SELECT count(*), max(n) FROM kwit.event"), [[str(till.rows("SELECT count(*) FROM event")[0][0])] * 2], "each once")
        office.answer(codes[1], 3)
        same(database.ask("SELECT count(*), count(DISTINCT id) FROM kwit.answer"), [["2", "2"]], "numbers go on")
        erased = office.done("office", "erase", codes[0], "--json").line
        same((erased["erased"], database.count("SELECT count(*) FROM kwit.answer WHERE comment <> '' OR csat = 1")), (1, 0), "what is erased")
        same(office.kwit("office", "erase", "ABCDE-FGHJK").exit, 65, "a code that is none")
        made = office.done("office", "migrate", "--owner", database.store(OWNER), "--json").line
        same(made["from"], made["to"], "tables that came back are of the version that they had")


def _tables_of(database, version):
    """As they were made when that version was the newest one."""
    with open(os.path.join(ROOT, "driver/office/pg/schema.def"), encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    rows = re.findall(r"MIGRATION\((\d+), \w+, \w+,\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)\)", text)
    made = ["CREATE SCHEMA kwit", "SET search_path = kwit"]
    made += ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', body)).replace('\\"', '"') for number, body in rows if int(number) <= version]
    made += [f"INSERT INTO version(number) VALUES({number + 1})" for number in range(version)]
    database.ask("; ".join(made))


def tables_of_an_older_version_are_brought_on_with_what_they_hold():
    with Postgres() as database:
        _tables_of(database, 4)
        database.ask("INSERT INTO kwit.answer(key, token, kid, handle, day, seq, variant, flag, verdict, journal, sale, printed_ms, submitted_ms, csat,"
                     " contact, language, comment, own) VALUES('\\x01', '', 1, 1, 1050, 7, 0, 0, 7, 0, 0, 0, 1790000000000, 2, false, 'en', 'Long ago', '');"
                     " INSERT INTO kwit.past_answer(day, n) VALUES(1000, 3)")
        office = push.Office(push._chain())
        with open(office.config, "a", encoding="utf-8") as file:
            file.write(database.setting())
        refused = office.kwit("office", "serve", "--listen", office.place)
        want(refused.exit == 78 and "kwit office migrate" in refused.text, refused.text)
        made = office.done("office", "migrate", "--owner", database.store(OWNER), "--json").line
        want(made["from"] == 4 and made["to"] >= 5, made)
        same(database.ask("SELECT comment, import FROM kwit.answer"), [["Long ago", "0"]], "the answer")
        same(database.ask("SELECT name, value FROM kwit.mark"), [["before_day", "1001"]], "how far back rows are kept")
        with office:
            same(database.ask("SELECT count(*) FROM kwit.answer"), [["1"]], "answers of the office that serves it")


def where_no_thank_you_is_given_none_is_redeemed():
    with Postgres() as database, Office(database) as office:
        till = push._till(office, 1)
        push._push(till)
        want(_thanks(office, office.code(_invited(till, 1)[0])) is None, "no thank-you")
        same(_redeemed(office, "00000-00000")[0], 66, "none are given here")


if __name__ == "__main__":
    run_tests(globals())
