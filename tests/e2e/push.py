"""A chain's tills and their office: what is pushed counts as what is merged, once, whoever is killed, restored or cloned."""
import datetime
import http.client
import http.server
import json
import os
import random
import shutil
import signal
import socketserver
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock     # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, PATIENCE_S, SCRATCH, Answer, await_that, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

TILLS, DAYS, SALES = 3, 2, 40


class Place:
    """A state directory with its configuration."""

    def __init__(self, state, more=""):
        self.state, self.config = state, os.path.join(state, "kwit.conf")
        if more:
            with open(self.config, "a", encoding="utf-8") as file:
                file.write(more)

    def kwit(self, *words, **options):
        command = [KWIT, "--config", self.config, "--state", self.state, *words]
        return Answer(subprocess.run(command, capture_output=True, check=False, **options))

    def done(self, *words):
        answer = self.kwit(*words)
        same(answer.exit, 0, f"{words}: {answer.text}")
        return answer

    def journal(self):
        return os.path.join(self.state, "journal.db")

    def rows(self, query):
        database = sqlite3.connect(self.journal())
        rows = database.execute(query).fetchall()
        database.close()
        return rows

    def report(self):
        report = self.done("report", "--json").line
        del report["head"]                  # of the office's own chain
        return report


class Office(Place):
    """Serves on a Unix socket, or where a test says; `log` takes what it says of itself."""
    log = None

    def __init__(self, chain, place=None):
        super().__init__(tempfile.mkdtemp(prefix="office-", dir=SCRATCH))
        shutil.copytree(os.path.join(chain.state, "keys"), os.path.join(self.state, "keys"))
        shutil.copy(chain.config, self.config)
        self.place, self.process = place or f"unix:{self.state}/socket", None

    def start(self, environment=None):
        command = [KWIT, "--config", self.config, "--state", self.state, "office", "serve", "--listen", self.place, "--json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, env=environment)
        self.place = json.loads(self.process.stdout.readline())["url"].replace("http://", "")
        return self

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process:
            self.end()

    def tills(self):
        return self.done("office", "till", "list", "--json").line["tills"]

    def push_setting(self):
        return f"\n[office]\npush = {'' if self.place.startswith('unix') else 'http://'}{self.place}\n"


class Chain(Place):
    """The keys and the configuration that all have."""
    made = {}

    def __init__(self):
        super().__init__(os.path.join(tempfile.mkdtemp(prefix="chain-", dir=SCRATCH), "chain"))
        self.done("demo-day", self.state, "--tills", "1", "--sales", "1")


def _till(office, number, days=DAYS, sales=SALES, rate=2):
    """The state of one till of the chain, made once for each size."""
    key = (number, days, sales, rate)
    if key not in Chain.made:
        state = os.path.join(tempfile.mkdtemp(prefix=f"made-{number}-", dir=SCRATCH), "till")
        made = Place(state)
        made.done("demo-day", state, "--days", str(days), "--tills", "100", "--stores", "40", "--sales", str(sales), "--only-till", str(number),
                  "--rate", str(rate))
        made.done("survey", "key", "derive", "--epoch", "1", "--handle", str(number), "-o", f"{state}/term.key")
        made.done("survey", "key", "import", f"{state}/term.key")
        os.remove(os.path.join(state, "keys/epoch-1.key"))       # a till has its own key and no other
        Chain.made[key] = made
    return _copy(Chain.made[key], office)


def _copy(till, office=None):
    """A till as a backup of its journal makes one."""
    state = tempfile.mkdtemp(prefix="till-", dir=SCRATCH)
    shutil.copytree(os.path.join(till.state, "keys"), os.path.join(state, "keys"))
    shutil.copy(till.config, state)
    till.done("journal", "backup", os.path.join(state, "journal.db"))
    return Place(state, office.push_setting() if office else "")


def _push(till, wanted=0):
    """One that an office takes: a busy one, and one whose database has just begun, is asked again as a till does."""
    answer = till.kwit("journal", "push", "--json")
    began = time.monotonic()
    while wanted == 0 and answer.exit == 75 and "too much to do" in answer.text and time.monotonic() < began + PATIENCE_S:
        answer = till.kwit("journal", "push", "--json")
    same(answer.exit, wanted, f"journal push ({answer.text})")
    return answer.line


def _pushed_when(till):
    """When the way is free again, and not in the moment before."""
    await_that(lambda: till.kwit("journal", "push", "--json").exit == 0, "the push that goes again")


def _sell(till, count=1):
    """More events of the till, as prints make them: here the chain alone matters."""
    for _ in range(count):
        number = till.rows("SELECT coalesce(max(id), 0) FROM sale")[0][0]
        sale = tiny(f"more-{number}")
        answer = till.kwit("print", "-", "--printer", f"sim:{till.state}/paper", "--profile", "tm-t20iii", input=json.dumps(sale).encode())
        same(answer.exit, 0, answer.text)


def _merged(chain, tills):
    place = Office(chain)
    place.done("journal", "merge", *[till.journal() for till in tills])
    return place


CHAIN = None


def _answer(number, *places, rate=2):
    """What a till's customers answered: a merge takes it along from the till, and an office is told it."""
    for place in places:
        place.done("survey", "import", os.path.join(Chain.made[(number, DAYS, SALES, rate)].state, "answers.csv"))


def _chain():
    global CHAIN                                                # pylint: disable=global-statement
    CHAIN = CHAIN or Chain()
    return CHAIN


def what_is_pushed_counts_as_what_is_merged():
    with Office(_chain()) as office:
        tills = [_till(office, number + 1) for number in range(TILLS)]
        for till in tills:
            line = _push(till)
            same(line["events"], till.rows("SELECT count(*) FROM event")[0][0], "events pushed")
            same(_push(till)["events"], 0, "events the second time")
        merged = _merged(_chain(), tills)
        for till in tills:
            _answer(tills.index(till) + 1, office, merged)
        same(office.report(), merged.report(), "the report of what was pushed")
        for query in ("SELECT * FROM foreign_event ORDER BY origin, n", "SELECT * FROM touchpoint ORDER BY sale", "SELECT * FROM cell"):
            same(office.rows(query), merged.rows(query), query)
        same(office.done("journal", "verify").exit, 0, "the office's journal")
        listed = office.tills()
        same([(till["handle"], till["state"], till["refused"]) for till in listed], [(n + 1, "live", None) for n in range(TILLS)], "tills")


def an_office_that_is_away_costs_the_till_nothing():
    office = Office(_chain())
    till = _till(office, 1)
    line = _push(till, 75)
    want(line["outcome"] == "kept" and line["reason"], f"what is said: {line}")
    with office:
        same(_push(till)["outcome"], "pushed", "when it is back")
    unset = _till(None, 1)
    answer = unset.kwit("journal", "push", "--json")
    want(answer.exit == 78 and "[office] push" in answer.line["where"], answer.text)
    for place in ("http://fb.example", "http://127.0.0.1.example", "http://localhost.example:80", "http://127.0.0.1:80@fb.example"):
        with open(unset.config, "a", encoding="utf-8") as file:
            file.write(f"\n[office]\npush = {place}\n")
        answer = unset.kwit("journal", "push", "--json")
        want(answer.exit == 78 and "unencrypted" in answer.text, f"{place}: {answer.text}")


def over_tcp_a_sale_more_is_a_batch_more():
    with Office(_chain(), "127.0.0.1:0") as office:
        till = _till(office, 1)
        before = _push(till)["head"]
        _sell(till, 2)
        line = _push(till)
        want(line["head"] > before and line["events"] == line["head"] - before, f"two sales more: {line}")


class Proxy:
    """Between till and office: loses replies, keeps them, sends them again, delays and doubles requests; or carries no large ones."""

    def __init__(self, office):
        proxy = self
        self.office, self.spare, self.lose, self.double, self.old, self.busy, self.carries, self.seen = office, 0, 0, 0, None, None, None, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):                                  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if proxy.carries and len(body) > proxy.carries:
                    self.close_connection = True
                    return
                status, reply = proxy.forward(body)
                for _ in range(proxy.double):
                    status, reply = proxy.forward(body)
                proxy.seen.append((body, reply))
                if proxy.busy:
                    self.send_response(503)
                    self.send_header("Retry-After", proxy.busy)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if proxy.spare > 0:
                    proxy.spare -= 1
                elif proxy.lose > 0:
                    proxy.lose -= 1
                    self.close_connection = True
                    return
                if proxy.old:
                    status, reply = 200, proxy.old
                self.send_response(status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_):                          # pylint: disable=arguments-differ
                pass

        self.server = socketserver.TCPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.place = f"127.0.0.1:{self.server.server_address[1]}"

    def forward(self, body):
        connection = http.client.HTTPConnection(self.office.place, timeout=60)
        connection.request("POST", "/v1/push", body, {"Content-Type": "application/vnd.kwit.push"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def push_setting(self):
        return f"\n[office]\npush = http://{self.place}\n"


def replies_that_are_lost_doubled_or_replayed_free_and_double_nothing():
    with Office(_chain(), "127.0.0.1:0") as office:
        proxy = Proxy(office)
        till = _till(proxy, 1)
        proxy.lose = 3
        for _ in range(3):
            _push(till, 75)
        proxy.double = 1
        line = _push(till)
        count = till.rows("SELECT count(*) FROM event")[0][0]
        same(line["head"], count, "the head")
        same(office.rows("SELECT count(*), count(DISTINCT n) FROM foreign_event"), [(count, count)], "events at the office")
        proxy.double = 0
        proxy.old = proxy.seen[-1][1]               # that it has all, said to another request
        _sell(till)
        line = _push(till, 75)
        want("not the office" in line["reason"], f"a reply of another request: {line}")
        same(till.rows("SELECT value FROM meta WHERE key = 'pushed_n'"), [(count,)], "what is known to be there")
        status, _ = proxy.forward(proxy.seen[0][0])
        same((status, office.rows("SELECT count(*) FROM foreign_event")), (200, [(count + len(till.rows("SELECT 1 FROM event")) - count,)]),
             "an old request again")
        proxy.server.shutdown()


def over_a_line_that_carries_little_a_month_goes_in_small_batches():
    with Office(_chain(), "127.0.0.1:0") as office:
        proxy = Proxy(office)
        till = _till(proxy, 1)
        count = till.rows("SELECT count(*) FROM event")[0][0]
        proxy.carries = 2048
        line = _push(till, 75)
        want(line["batches"] == 1 and line["reason"], f"a batch that the line does not carry: {line}")
        line = _push(till)
        same((line["head"], office.rows("SELECT count(*), count(DISTINCT n) FROM foreign_event")), (count, [(count, count)]), "all of it, once")
        want(len(proxy.seen) < line["batches"] < 20, f"sizes that are tried: {line}")
        proxy.server.shutdown()


def what_nobody_signed_is_refused():
    with Office(_chain(), "127.0.0.1:0") as office:
        proxy = Proxy(office)
        till = _till(proxy, 1)
        _push(till)
        body = bytearray(proxy.seen[0][0])
        for at in (3, 5, len(body) // 2, len(body) - 40, len(body) - 1):
            edited = bytes(body[:at]) + bytes([body[at] ^ 1]) + bytes(body[at + 1:])
            want(proxy.forward(edited)[0] in (403, 422, 426), f"an edited byte at {at}: {proxy.forward(edited)}")
        for rubbish in (b"", b"KWP1", b"KWP1" + bytes(200), bytes(body[:-1]), bytes(body) + b"x"):
            want(proxy.forward(rubbish)[0] in (403, 422), f"rubbish: {proxy.forward(rubbish)}")
        same(proxy.forward(bytes(300 * 1024))[0], 413, "more than a batch may be")
        stranger = _till(proxy, 2)
        with open(os.path.join(stranger.state, "keys/terminal.key"), encoding="utf-8") as file:
            kid, handle, key = file.read().split()[1:]
        with open(os.path.join(stranger.state, "keys/terminal.key"), "w", encoding="utf-8") as file:
            file.write(f"svt1-term {kid} {handle} {key[:-1]}{'0' if key[-1] != '0' else '1'}\n")
        answer = stranger.kwit("journal", "push", "--json")
        want(answer.exit == 77 and "no key of this till" in answer.line["message"], answer.text)
        same(len(office.tills()), 1, "tills that are known")
        proxy.server.shutdown()


def a_restored_or_cloned_till_is_a_fork():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        behind, clone = _copy(till), _copy(till)
        _sell(till, 2)
        _push(till)
        for copy in (behind, clone):
            answer = copy.kwit("journal", "push", "--json")
            want(answer.exit == 65 and "journal renew" in answer.line["message"], f"a copy that is behind: {answer.text}")
        _sell(clone, 4)
        answer = clone.kwit("journal", "push", "--json")
        want(answer.exit == 65 and "another history" in answer.line["message"], f"a clone that went on: {answer.text}")
        same(len(office.rows("SELECT 1 FROM foreign_event")), len(till.rows("SELECT 1 FROM event")), "events at the office")
        _sell(till)
        same(_push(till)["outcome"], "pushed", "the till itself")


def a_clone_that_is_renewed_goes_on_under_a_name_and_a_key_of_its_own():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        clone = _copy(till)
        _sell(till, 2)
        _push(till)
        clone.done("journal", "renew")
        same(clone.kwit("journal", "push", "--json").exit, 77, "under the handle of the other")
        key = os.path.join(office.state, "seven.key")
        office.done("survey", "key", "derive", "--epoch", "1", "--handle", "7", "-o", key)
        clone.done("survey", "key", "import", key)
        before = clone.rows("SELECT count(*) FROM event")[0][0]
        os.remove(os.path.join(clone.state, "keys", "claim-7")) if os.path.exists(os.path.join(clone.state, "keys", "claim-7")) else None
        _sell(clone, 3)
        sold = clone.rows("SELECT count(*) FROM event")[0][0] - before
        same(_push(clone)["events"], sold, "what the clone sold")
        same(len(office.tills()), 2, "tills")
        sales = office.rows("SELECT count(*) FROM touchpoint")[0][0]
        same(sales, till.rows("SELECT count(*) FROM touchpoint")[0][0] + 3, "sales of both")
        want(office.done("journal", "verify"), "the office's journal")
        want(clone.done("journal", "verify"), "the clone's journal")


def what_the_office_has_not_is_not_pruned():
    office = Office(_chain())
    till = _till(office, 1)
    _push(till, 75)
    day = till.rows("SELECT date(min(ts_ms) / 1000 + 86400, 'unixepoch') FROM touchpoint")[0][0]
    till.rows("SELECT 1")
    database = sqlite3.connect(till.journal())
    database.execute("UPDATE cell SET expires_day = 1 WHERE day > 0")       # none can be answered any more
    database.commit()
    database.close()
    answer = till.kwit("journal", "prune", "--before", day)
    want(answer.exit == 65 and "the office has not" in answer.text, f"before it came: {answer.text}")
    with office:
        _push(till)
    same(till.kwit("journal", "prune", "--before", day).exit, 0, "when it has")


def after_a_sale_what_is_new_is_pushed_by_itself():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        with open(till.config, "a", encoding="utf-8") as file:
            file.write("push_after_sale = yes\n")
        _sell(till)
        last = till.rows("SELECT max(n) FROM event")[0][0]
        await_that(lambda: office.rows("SELECT last_n FROM origin")[0][0] == last, "the sale at the office")
    _sell(till)                             # an office that is away is nothing to a sale


def what_an_office_does_is_counted_for_this_machine_alone():
    with Office(_chain(), "127.0.0.1:0") as office:
        till = _till(office, 1)
        _push(till)
        _push(till)

        def metrics(**headers):
            connection = http.client.HTTPConnection(office.place, timeout=60)
            connection.request("GET", "/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        status, text = metrics()
        want(status == 200 and 'kwit_batches_total{outcome="taken"} 2\n' in text and "kwit_submissions_total 0\n" in text, text)
        want(metrics(X_Forwarded_For="203.0.113.9")[0] == 404, "what comes by a proxy")
        office.done("office", "backup", os.path.join(office.state, "copy.db"))
        want(os.path.getsize(os.path.join(office.state, "copy.db")) > 0, "a backup while it serves")


def a_till_whose_clock_is_off_is_taken_and_named():
    with Office(_chain()) as office:
        till = _till(office, 1)
        ahead = dict(os.environ, TEST_CLOCK=clock.at(clock.now() + datetime.timedelta(days=2)))
        same(till.kwit("journal", "push", env=ahead).exit, 0, "from a clock two days ahead")
        same(len(office.rows("SELECT 1 FROM foreign_event")), len(till.rows("SELECT 1 FROM event")), "events at the office")
        off = office.tills()[0]["clock_ahead_ms"]
        want(abs(off - 2 * 86400000) < 600000, f"how far it is ahead: {off}")
        answer = office.kwit("office", "check")
        want(answer.exit == 78 and "clock of the till of handle 1" in answer.text, answer.text)
        _sell(till)
        _push(till)
        want(abs(office.tills()[0]["clock_ahead_ms"]) < 600000, "when it was set right")


def a_till_with_a_key_of_the_next_epoch_goes_on_in_its_journal():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        made = office.done("survey", "key", "new", "--epoch", "2")
        key = os.path.join(office.state, "next.key")
        office.done("survey", "key", "derive", "--epoch", "2", "--handle", "9", "-o", key)
        till.done("survey", "key", "import", key)
        _sell(till, 2)
        want(_push(till)["events"] > 0, f"what was sold since ({made.text})")
        listed = office.tills()
        same([(row["kid"], row["handle"], row["state"]) for row in listed], [(2, 9, "live")], "one till, with its new handle")
        same(len(office.rows("SELECT 1 FROM foreign_event")), len(till.rows("SELECT 1 FROM event")), "events of both epochs")
        same(sorted(handle for handle, in office.rows("SELECT DISTINCT handle FROM touchpoint WHERE handle IS NOT NULL")), [1, 9], "handles of its sales")


def a_till_of_which_nothing_is_taken_is_in_the_way():
    with Office(_chain()) as office:
        till, other = _till(office, 1), _till(office, 1, days=1)
        _push(till)
        _push(other, 77)
        answer = office.kwit("office", "check")
        want(answer.exit == 78 and "refused: handle_claimed" in answer.text, answer.text)


def an_office_that_was_restored_gets_it_again():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        office.done("journal", "backup", os.path.join(office.state, "old.db"))
        _sell(till, 3)
        _push(till)
        office.end()
        for name in ("journal.db", "journal.db-wal", "journal.db-shm"):
            if os.path.exists(os.path.join(office.state, name)):
                os.remove(os.path.join(office.state, name))
        os.rename(os.path.join(office.state, "old.db"), office.journal())
        office.start()
        _sell(till)
        _push(till)
        same(office.rows("SELECT count(*) FROM foreign_event")[0][0], till.rows("SELECT count(*) FROM event")[0][0], "events")
        merged = _merged(_chain(), [till])
        _answer(1, office, merged)
        same(office.report(), merged.report(), "the report")


def what_was_cut_before_it_came_is_a_loss_that_a_person_accepts():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _push(till)
        _sell(till, 2)
        till.done("journal", "prune", "--before", "2100-01-01", "--force")
        _sell(till, 2)
        answer = till.kwit("journal", "push", "--json")
        want(answer.exit == 65 and "till accept" in answer.line["message"], answer.text)
        listed = office.tills()[0]
        same(listed["refused"], "lost", "what the office lists")
        office.done("office", "till", "accept", listed["journal"])
        same(_push(till)["outcome"], "pushed", "once it was accepted")
        listed = office.tills()[0]
        want(listed["lost"] > 0 and listed["state"] == "live" and not listed["refused"], f"what is listed then: {listed}")


def a_handle_is_one_journals_until_a_person_says_so():
    with Office(_chain()) as office:
        till, other = _till(office, 1), _till(office, 1, days=1)
        _push(till)
        answer = other.kwit("journal", "push", "--json")
        want(answer.exit == 77 and "till accept" in answer.line["message"], answer.text)
        waits = [row for row in office.tills() if row["state"] == "waits"]
        same([row["refused"] for row in waits], ["handle_claimed"], "what is listed")
        office.done("office", "till", "revoke", "1")
        for place in (till, other):
            answer = place.kwit("journal", "push", "--json")
            want(answer.exit == 77 and "takes nothing" in answer.line["message"], answer.text)
        same(office.kwit("office", "till", "revoke", "99").exit, 65, "a handle that nobody has")


def an_erased_sale_is_erased_at_the_office():
    with Office(_chain()) as office:
        till = _till(office, 1)
        _sell(till)
        _push(till)
        exact = office.rows("SELECT ts_ms % 3600000 FROM touchpoint ORDER BY sale DESC LIMIT 1")[0][0]
        till.done("journal", "erase", till.rows("SELECT name FROM sale ORDER BY id DESC LIMIT 1")[0][0])
        _push(till)
        blurred = office.rows("SELECT ts_ms % 3600000 FROM touchpoint ORDER BY sale DESC LIMIT 1")[0][0]
        want(exact != 0 and blurred == 0, f"the time of an erased sale: {exact}, then {blurred}")


def _code(office, kid, handle, day, seq, variant=0):
    words = {"epoch": kid, "handle": handle, "day": day % 2048, "seq": seq, "variant": variant}
    return office.done("survey", "token", "encode", *[word for name, value in words.items() for word in (f"--{name}", str(value))]).text.strip()


def _invited(till, count):
    """Its last sales that were invited: their numbers, and what their codes are made of."""
    return [(row[0], row[1:]) for row in till.rows("SELECT sale, kid, handle, day, seq, variant FROM touchpoint JOIN sale ON sale = sale.id WHERE handle"
                                                   f" IS NOT NULL AND reason = 0 AND flag = 0 ORDER BY sale DESC LIMIT {count}")]


def _is_erased(till, sale):
    hour = till.rows(f"SELECT (ts_ms + offset_minutes * 60000) % 3600000 FROM touchpoint WHERE sale = {sale}")
    name, body = till.rows(f"SELECT name, body FROM sale WHERE id = {sale}")[0]
    return name.startswith("erased:") and body is None and hour == [(0,)]


def _count(till, event):
    return till.rows(f"SELECT count(*) FROM event WHERE ev = {event}")[0][0]


def _orders(office):
    return [row["to_erase"] for row in office.tills()]


ERASED, OBEYED = 19, 30


def orders_to_erase_are_obeyed(office, till, fresh):
    """At either store: `fresh` is another till, of which nothing came yet."""
    _push(till)
    (first, code), (second, other), (kept, _) = _invited(till, 3)
    said = office.done("office", "erase", _code(office, *code), "--json").line
    same((said["erased"], said["ordered"], _orders(office)), (0, True, [1]), "what the office says, and lists")
    office.done("office", "erase", _code(office, *code))                        # said twice is once
    line = _push(till)
    same((line["outcome"], line["erased"], _orders(office)), ("pushed", 1, [0]), "the next push")
    want(_is_erased(till, first) and not _is_erased(till, second) and not _is_erased(till, kept), "that sale, and no other")
    same((_push(till)["erased"], _count(till, ERASED), _count(till, OBEYED)), (0, 1, 1), "and then")
    office.done("office", "erase", _code(office, *code))                        # ordered once more: there is nothing left
    same((_push(till)["erased"], _count(till, ERASED), _count(till, OBEYED), _orders(office)), (1, 1, 2, [0]), "the same order again")
    for seq in range(20):                                                       # more than one reply holds, of sales that never were
        office.done("office", "erase", _code(office, other[0], other[1], other[2], 9000 + seq))
    same((_orders(office), _push(till)["erased"], _orders(office), _count(till, ERASED)), ([20], 20, [0], 1), "of sales that never were")
    office.done("office", "erase", _code(office, *_invited(fresh, 1)[0][1]))    # before its sale, and before its till
    same(_push(till)["erased"], 0, "it is another till's")
    line = _push(fresh)
    want(line["erased"] == 1 and _is_erased(fresh, _invited(fresh, 1)[0][0]), f"with the sale itself: {line}")
    for place in (till, fresh):
        same(place.done("journal", "verify").exit, 0, "a till's journal")


def what_is_erased_at_the_office_is_erased_at_the_till_that_has_it():
    with Office(_chain()) as office:
        till = _till(office, 1)
        orders_to_erase_are_obeyed(office, till, _till(office, 2))
        same(office.done("journal", "verify").exit, 0, "the office's journal")
        blurred = office.rows("SELECT count(*) FROM foreign_event WHERE ev = 19")[0][0]
        same(blurred, 2, "erased sales, here too")
        merged = _merged(_chain(), [_till(None, 3)])
        said = merged.done("office", "erase", _code(merged, *_invited(_till(None, 3), 1)[0][1]), "--json").line
        same((said["erased"], said["ordered"]), (0, False), "a sale that came by a file")


def _timed(till, ahead_s=0):
    """A push by the timer, so much later: its exit, and in how many seconds from then the next one is due."""
    now = clock.now() + datetime.timedelta(seconds=ahead_s)
    answer = till.kwit("journal", "push", "--timed", "--json", env=dict(os.environ, TEST_CLOCK=clock.at(now)))
    again = answer.line.get("again")
    return answer.exit, again and (datetime.datetime.fromisoformat(again.replace("Z", "+00:00")) - now).total_seconds(), answer.line


def by_its_timer_a_till_leaves_an_office_in_trouble_alone():
    office = Office(_chain(), "127.0.0.1:0").start()
    proxy = Proxy(office)
    till = _till(proxy, 1)
    at, waits = 0, []
    proxy.lose = 100
    for _ in range(4):
        status, wait, _ = _timed(till, at)
        same(status, 75, "an office that does not answer")
        tried = len(proxy.seen)
        same((_timed(till, at + 5)[0], len(proxy.seen)), (75, tried), "the timer, too soon")
        waits.append(wait)
        at += wait + 2
    want(all(15 * 2 ** n - 3 <= wait <= 30 * 2 ** n + 3 for n, wait in enumerate(waits)), f"pauses: {waits}")
    _sell(till)                             # prints as ever
    proxy.lose = 0
    same(_timed(till, at - waits[-1])[0], 75, "it is back, but nobody knows")
    same(_timed(till, at + 86400)[0], 0, "when the time has come")
    same(_timed(till, at)[0], 0, "and from then on as ever")
    proxy.lose = 1
    same(_push(till, 75)["outcome"], "kept", "once more")
    same(_push(till)["outcome"], "pushed", "by hand it is tried at once")
    proxy.busy = "400"
    status, wait, line = _timed(till)
    want(status == 75 and 395 <= wait <= 405, f"what a busy office asks for: {line}")
    proxy.busy = "999999"
    _push(till, 75)
    want(3500 <= _timed(till)[1] <= 3600, "but never more than an hour")
    tried = len(proxy.seen)
    same((_timed(till, -7 * 86400)[0], len(proxy.seen)), (75, tried + 1), "a clock that was set back asks")
    proxy.busy = None
    same(_push(till)["outcome"], "pushed", "by hand")
    proxy.server.shutdown()
    office.end()


def an_order_is_not_lost_by_a_lost_reply_or_a_killed_till():
    with Office(_chain(), "127.0.0.1:0") as office:
        proxy = Proxy(office)
        till = _till(proxy, 1)
        _push(till)
        sales = _invited(till, 8)
        order = lambda sale: office.done("office", "erase", _code(office, *sale[1]))        # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        order(sales[0])
        proxy.lose = 1                                          # the reply with the order
        _push(till, 75)
        same((_orders(office), _is_erased(till, sales[0][0])), ([1], False), "an order that did not arrive")
        _push(till)
        order(sales[1])
        proxy.spare, proxy.lose = 1, 1                          # what was said to it being obeyed
        same(_push(till, 75)["erased"], 1, "obeyed")
        same((_push(till)["erased"], _orders(office), _count(till, ERASED)), (0, [0], 2), "and said again")
        dice, killed = random.Random(21), 0
        for sale in sales[2:]:
            order(sale)
            while _orders(office) != [0]:
                process = subprocess.Popen([KWIT, "--config", till.config, "--state", till.state, "journal", "push"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=dice.choice([.005, .01, .02, .04, 30]))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    killed += 1
        same((_count(till, ERASED), _count(till, OBEYED)), (8, 8), f"each once, and {killed} kills")
        want(killed > 0 and all(_is_erased(till, number) for number, _ in sales), "all of them")
        same(till.done("journal", "verify").exit, 0, "its journal")
        proxy.server.shutdown()


if __name__ == "__main__":
    run_tests(globals())
