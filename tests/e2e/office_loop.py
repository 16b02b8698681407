"""From a low score to somebody who reacts: mail by SMTP, the signed webhook, one link, a reply on the same receipt."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from aiosmtpd.controller import Controller      # noqa: E402  pylint: disable=wrong-import-position
from aiosmtpd.smtp import AuthResult      # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from office import Office      # noqa: E402  pylint: disable=wrong-import-position

NUMBER = "+48 600 700 800"


class Post:
    """An SMTP server of Debian's: it takes mails, or says for a while what it is told to say."""

    def __init__(self, *answers):
        self.mails, self.answers = [], list(answers)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):
        is_digest = b".digest@" in envelope.content
        if not is_digest and self.answers and (answer := self.answers.pop(0)):
            return answer
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode("utf-8")))
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


class Hook(http.server.ThreadingHTTPServer):
    """Another program that takes webhooks, after as many refusals as it is told."""

    def __init__(self, *statuses):
        hook = self
        hook.statuses, hook.posts = list(statuses), []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = hook.statuses.pop(0) if hook.statuses else 200
                hook.posts.append((status, dict(self.headers), body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass
        super().__init__(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Staffed:
    """An office whose pages and whose people are two processes, with these settings in [office]."""

    pages_as, staff_as = {}, {}         # for Popen

    def __init__(self, **settings):
        with Office() as demo:
            self.codes = demo.line["codes"]
        with open(os.path.join(demo.state, "kwit.conf"), "a", encoding="utf-8") as file:
            file.write("".join(f"{name} = {value}\n" for name, value in settings.items()))
        os.mkdir(os.path.join(demo.place, "staff"), 0o700)
        self.key = os.path.join(demo.place, "staff", "staff.key")
        os.rename(os.path.join(demo.state, "staff.key"), self.key)
        self.hand_over(demo.place)
        self.pages = Office(demo.place, **self.pages_as)
        self.staff = subprocess.Popen([KWIT, *self.pages.files, "office", "staff", "--key", self.key, "--listen", "127.0.0.1:0", "--json"],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **self.staff_as)
        told = json.loads(self.staff.stdout.readline() or "{}")
        if "url" not in told:
            self.pages.end()
        want("url" in told, f"the staff's process does not serve: {told}")
        self.staff_place = told["url"].replace("http://", "")

    def hand_over(self, place):
        """Whose the files are, before anybody serves."""

    def __enter__(self):
        return self

    def end_staff(self):
        self.staff.send_signal(signal.SIGTERM)
        self.staff.wait()

    def __exit__(self, *_):
        self.end_staff()
        if self.pages.process.poll() is None:
            self.pages.end()

    def answer(self, code, score, **words):
        place = self.pages.ask("POST", "/" + code, {"csat": score, "k": self.pages.form(code)})[1].getheader("Location")
        if words:
            same(self.pages.ask("POST", place, words)[0], 303, "words")
        return place

    def at_link(self, method, path, body=None):
        host, port = self.pages.host, self.pages.port
        self.pages.host, self.pages.port = self.staff_place.split(":")
        try:
            return self.pages.ask(method, path, body)
        finally:
            self.pages.host, self.pages.port = host, port

    def change(self, *statements):
        with sqlite3.connect(os.path.join(self.pages.state, "journal.db"), timeout=60) as database:
            for statement in statements:
                database.execute(statement)

    def check(self):
        return subprocess.run([KWIT, *self.pages.files, "office", "check"], capture_output=True, text=True, check=False).stderr

    def rows(self, query):
        with sqlite3.connect(os.path.join(self.pages.state, "journal.db")) as database:
            return database.execute(query).fetchall()


def a_low_score_reaches_somebody_who_takes_replies_and_closes():
    with Post() as post, Staffed(url="https://fb.corner.example", mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s") as office:
        place = office.answer(office.codes[0], 1, comment="The queue was long <b>", contact=NUMBER, consent=1)
        await_that(lambda: any("asks to be contacted" in mail for _, _, mail in post.mails), "a mail about the wish")
        sender, to, mail = next(row for row in post.mails if "asks to be contacted" in row[2])
        same((sender, to), ("kwit@corner.example", ["owner@corner.example"]), "the envelope")
        link = re.search(r"https://fb\.corner\.example(/a/[0-9a-f]+)", mail).group(1)
        said = mail.replace(link, "")           # its digits are anybody's
        want("queue" not in said and "600" not in said and "Auto-Submitted: auto-generated" in said, mail)
        same(office.pages.ask("GET", link)[0], 404, "the process that faces the internet knows no link")
        for _ in range(2):
            status, _, text = office.at_link("GET", link)
            want(status == 200 and "The queue was long &lt;b&gt;" in text and "600 700" not in text and office.codes[0] in text, text)
        same(office.rows("SELECT acknowledged_ms FROM alert"), [(0,)], "looking takes nothing")
        same(office.at_link("POST", link, {"do": "take", "who": " "})[0], 422, "nobody")
        same(office.at_link("POST", link, {"do": "take", "who": "Ewa"})[0], 303, "taken")
        same(office.at_link("POST", link, {"do": "take", "who": "Jan"})[0], 409, "taken once more")
        want(NUMBER in office.at_link("GET", link)[2], "the address is shown to who took it")
        same(office.at_link("POST", link, {"do": "reply", "reply": "We are sorry <i>\nCome again"})[0], 303, "a reply")
        want("We are sorry &lt;i&gt;\nCome again" in office.pages.ask("GET", "/" + office.codes[0])[2], "the same receipt shows the reply")
        want("We are sorry" in office.pages.ask("GET", place + "?done=1")[2], "and so does the customer's own page")
        seen = lambda: json.loads(office.pages.kwit("report", "--json"))["alerts"]["replies_seen"]
        same(seen(), 0, "replies seen by who only fetches an address")
        pictures = set(re.findall(r'<img src="([^"]+)" alt="">', "".join(office.pages.ask("GET", path)[2] for path in ("/" + office.codes[0], place + "?done=1"))))
        for _ in range(3):
            same([office.pages.ask("GET", path)[0] for path in pictures], [204], "what a screen asks for")
        await_that(lambda: seen() == 1, "the reply counts as seen, once")
        same(office.pages.ask("GET", f"/{office.codes[1]}/r")[0], 204, "a receipt without a reply")
        same((seen(), office.rows("SELECT count(*) FROM event WHERE ev = 29")), (1, [(1,)]), "afterwards")
        same(office.at_link("POST", link, {"do": "close"})[0], 303, "closed")
        same(office.at_link("POST", link, {"do": "close"})[0], 409, "closed once more")
        want("Ewa" in office.pages.kwit("report", "alerts", "--all"), "who it was")
        same(office.at_link("GET", link[:-1] + ("0" if link[-1] != "0" else "1"))[0], 404, "a forged link")
        with sqlite3.connect(os.path.join(office.pages.state, "journal.db")) as database:       # as in a store that came back from a copy
            database.execute("UPDATE alert SET raised_ms = raised_ms + 5000, acknowledged_ms = 0, closed_ms = 0, who = ''")
        same([office.at_link("GET", link)[0], office.at_link("POST", link, {"do": "take", "who": "Ewa"})[0]], [404, 404],
             "the link of an alert whose number is another's")
        same(office.rows("SELECT acknowledged_ms FROM alert"), [(0,)], "and the other is nobody's")


def of_several_processes_on_one_state_one_mails_and_the_next_goes_on():
    with Post() as post, Staffed(url="https://fb.corner.example", mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s") as office:
        command = [KWIT, *office.pages.files, "office", "staff", "--key", office.key, "--listen", "127.0.0.1:0", "--json"]
        others = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
        for other in others:
            other.stdout.readline()
        mailed = lambda: sorted(re.search(r"Message-ID: <(alert-\d+)-\d+\.low", mail).group(1) for _, _, mail in post.mails if ".low@" in mail)   # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        office.answer(office.codes[0], 1)
        await_that(lambda: office.rows("SELECT fate FROM outbox WHERE kind = 'low'") == [(1,)], "a mail")
        office.staff.send_signal(signal.SIGTERM)
        office.staff.wait()
        office.answer(office.codes[1], 1)
        await_that(lambda: office.rows("SELECT fate FROM outbox WHERE kind = 'low'") == [(1,), (1,)], "a mail of the next process")
        for other in others:
            other.send_signal(signal.SIGTERM)
            other.wait()
        same(mailed(), ["alert-1", "alert-2"], "mails: one of each")


def a_mail_that_is_not_taken_is_tried_again_and_a_refused_one_escalates():
    with Post("451 later", None, "550 no such person") as post, \
            Staffed(mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s", escalate_to="boss@corner.example") as office:
        office.answer(office.codes[0], 1)
        await_that(lambda: office.rows("SELECT fate FROM outbox WHERE kind = 'low'") == [(1,)], "sent at the second try")
        ids = {re.search("Message-ID: (.*)", mail).group(1) for _, _, mail in post.mails if "low score" in mail}
        same(len(ids), 1, "ids of one message")
        office.answer(office.codes[1], 2)
        await_that(lambda: any(to == ["boss@corner.example"] for _, to, _ in post.mails), "who hears of what mail_to does not get")
        notices = lambda: json.loads(office.pages.kwit("office", "outbox", "list", "--json"))["notices"]
        await_that(lambda: [(notice["kind"], notice["given_up"]) for notice in notices()] == [("low", True)], "what was given up")
        listed = notices()
        want("550" in listed[0]["why"], listed[0]["why"])
        office.pages.kwit("office", "outbox", "retry", str(listed[0]["id"]))
        await_that(lambda: office.rows("SELECT count(*) FROM outbox WHERE fate = 2") == [(0,)], "retried by hand")


class Doorman(Post):
    """It lets in who has the password."""

    def __init__(self, password):
        super().__init__()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, auth_require_tls=False, auth_required=True,
                                     authenticator=lambda *words: AuthResult(handled=False, success=words[-1].password.decode() == password))


def who_is_not_let_in_gives_no_mail_up():
    with tempfile.TemporaryDirectory() as place, Doorman("right") as post, \
            Staffed(mail_server=f"smtp://127.0.0.1:{post.port}", mail_user="kwit", mail_password_file=f"{place}/password", alert_wait="0 s") as office:
        said = lambda: office.rows("SELECT said, ended_ms FROM outbox WHERE kind = 'low'")   # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        again = lambda: office.pages.kwit("office", "outbox", "retry", str(office.rows("SELECT id FROM outbox WHERE kind = 'low'")[0][0]))   # noqa: E731  pylint: disable=unnecessary-lambda-assignment
        office.answer(office.codes[0], 1)
        await_that(lambda: said() and f"{place}/password: No such file" in said()[0][0], "which file cannot be read")
        with open(f"{place}/password", "w", encoding="utf-8") as file:
            file.write("wrong\n")
        again()
        await_that(lambda: "denied" in said()[0][0].lower() or "535" in said()[0][0], "a wrong password")
        same((said()[0][1], post.mails), (0, []), "it waits")
        with open(f"{place}/password", "w", encoding="utf-8") as file:
            file.write("right\n")
        again()
        await_that(lambda: any("low score" in mail for _, _, mail in post.mails), "the mail, once the password is right")


def a_mail_server_that_says_nothing_keeps_nobody_from_ending():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        office = Staffed(mail_server=f"smtp://127.0.0.1:{mute.getsockname()[1]}", alert_wait="0 s", digest="23:59")
        office.answer(office.codes[0], 1)
        guest, _ = mute.accept()                    # the mail is under way, and nobody ever says a word to it
        office.staff.send_signal(signal.SIGTERM)
        same(office.staff.wait(), 0, "how the staff's process ends")
        guest.settimeout(0)
        guest.close()
        office.pages.end()
        (ended_ms, why), = office.rows("SELECT ended_ms, said FROM outbox WHERE channel = 'mail' AND kind = 'low'")
        want(ended_ms == 0 and "aborted" in why, f"the mail was given up before its deadline, and waits for the next time: {why}")


def what_nobody_takes_is_reminded_of_and_escalated():
    with Post() as post, Staffed(mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s", remind="2 s", escalate_to="boss@corner.example") as office:
        office.answer(office.codes[0], 2)
        await_that(lambda: any(to == ["boss@corner.example"] for _, to, _ in post.mails), "an escalation")
        kinds = [re.search(r"<alert-1-\d+\.(\w+)@", mail).group(1) for _, _, mail in post.mails if "Message-ID: <alert-1-" in mail and "digest" not in mail]
        same(kinds, ["low", "reminder", "escalation"], "in this order, each once")


def a_webhook_is_signed_and_tried_again():
    secret = base64.b64encode(b"0123456789abcdef01234567").decode()
    with Hook(503) as hook:
        with Staffed(webhook=f"http://127.0.0.1:{hook.server_port}/kwit", alert_wait="0 s") as office:
            pass
        path = os.path.join(office.pages.place, "secret")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"whsec_{secret}\n")
        with Staffed(webhook=f"http://127.0.0.1:{hook.server_port}/kwit", alert_wait="0 s", webhook_secret_file=path) as office:
            office.answer(office.codes[0], 1, comment="secret words")
            await_that(lambda: any(status == 200 for status, _, _ in hook.posts), "a post that was taken")
        (_, first, _), (_, second, body) = hook.posts[:2]
        fields = {name.lower(): value for name, value in second.items()}
        same(fields["webhook-id"], {name.lower(): value for name, value in first.items()}["webhook-id"], "the id at each try")
        signed = f"{fields['webhook-id']}.{fields['webhook-timestamp']}.".encode() + body
        wanted = base64.b64encode(hmac.new(base64.b64decode(secret), signed, hashlib.sha256).digest()).decode()
        same(fields["webhook-signature"], "v1," + wanted, "the signature")
        event = json.loads(body)
        same((event["type"], event["data"]["csat"], event["data"]["has_comment"]), ("alert.low", 1, True), "what it says")
        want(b"secret words" not in body, "the webhook tells what was written")


def at_night_mails_wait_and_a_flood_is_one():
    with Post() as post, Staffed(mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s", quiet_from="00:00", quiet_until="23:59") as office:
        office.answer(office.codes[0], 1)
        await_that(lambda: office.rows("SELECT count(*) FROM outbox WHERE kind = 'low'") == [(1,)], "planned")
        want(all("low score" not in mail for _, _, mail in post.mails), "a mail in quiet hours")
        due, made = office.rows("SELECT due_ms, made_ms FROM outbox WHERE kind = 'low'")[0]
        want(0 < due - made <= 86400000, f"it waits {due - made} ms")
        office.end_staff()
        for change, told in (("", False), ("UPDATE outbox SET tries = 1", True), ("DELETE FROM outbox", True)):
            office.change("UPDATE alert SET raised_ms = 1700000000000", change)
            same("nobody was told of them" in office.check(), told, f"what check says after `{change}`")


def a_flood_is_five_mails_and_one_that_says_where_the_others_are():
    with Post() as post, Staffed(url="https://fb.corner.example", mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="1 s") as office:
        rows = office.rows("SELECT handle, day % 2048, seq, variant FROM touchpoint WHERE handle IS NOT NULL AND reason = 0 AND store = 'S1'"
                           " AND sale NOT IN (SELECT sale FROM answer WHERE sale IS NOT NULL) LIMIT 8")
        for handle, day, seq, variant in rows:
            code = office.pages.kwit("survey", "token", "encode", "--epoch", "1", "--handle", str(handle), "--day", str(day), "--seq", str(seq),
                                     "--variant", str(variant)).split()[0].replace("-", "")
            office.answer(code, 1)
        fates = "SELECT kind, fate, count(*) FROM outbox WHERE kind IN ('low', 'many') GROUP BY kind, fate ORDER BY kind, fate"
        await_that(lambda: office.rows(fates) == [("low", 1, 5), ("low", 3, 3), ("many", 1, 1)], "five, one that says so, the rest without one")
        want(any(".many@" in mail and "Alerts: https://fb.corner.example/staff/alerts, kwit report alerts" in mail for _, _, mail in post.mails),
             "where the others are")
        office.end_staff()
        office.change("UPDATE alert SET raised_ms = 1700000000000, told_ms = 0 WHERE id IN (SELECT alert FROM outbox WHERE fate = 3)")
        want("nobody was told of them" not in office.check(), "the rest of a flood is told by that mail")


class Quiet(Staffed):
    """An office of many tills whose names begin alike, and that sold something three days ago for the last time."""

    NAMES = [f"Kasa przy wejściu głównym od ulicy Długiej numer {number}" for number in range(90)]

    def hand_over(self, place):
        with sqlite3.connect(os.path.join(place, "office", "journal.db")) as database:
            row = dict(zip([column[1] for column in database.execute("PRAGMA table_info(cell)")],
                           database.execute("SELECT * FROM cell WHERE view = 0 LIMIT 1").fetchone()))
            for days, name in [(days, name) for days in (3, 4) for name in self.NAMES]:
                row |= {"store": "Łódź", "till": name, "day": int(time.time()) // 86400 - 19723 - days, "n": 1}
                database.execute(f"INSERT INTO cell VALUES({', '.join('?' * len(row))})", list(row.values()))
            database.execute("DELETE FROM outbox")      # today's, where the demo was quick enough to write it


def the_mail_of_the_day_names_every_till_that_sold_nothing():
    with Post() as post, Quiet(mail_server=f"smtp://127.0.0.1:{post.port}", digest="00:00"):
        await_that(lambda: post.mails, "the mail of the day")
        lines = post.mails[0][2].replace("\r", "").split("\n")
        named = [line for line in lines if line.startswith("Łódź/")]
        same(sorted(named), sorted(f"Łódź/{name}" for name in Quiet.NAMES), "each till, whole, once")
        want(any(re.fullmatch(r"Tills without a sale: (9\d)", line) for line in lines), f"how many: {lines}")
        dated = [line for line in lines if re.fullmatch(r"\d{4}-\d\d-\d\d", line)]
        want(len(dated) == 1 and any(line.startswith("Subject:") and line.endswith(dated[0]) for line in lines), f"of which day: {lines}")


def messages_reach_the_shop_from_a_used_receipt():
    with Post() as post, Staffed(mail_server=f"smtp://127.0.0.1:{post.port}") as office:
        code = office.codes[0]
        office.answer(code, 5)
        page = office.pages.ask("GET", "/" + code)[2]
        k = re.search(r'/help"><input type=hidden name=k value="([0-9a-f]+)"', page).group(1)
        status, _, text = office.pages.ask("POST", f"/{code}/help", {"k": k, "comment": "  "})
        want(status == 422 and "write something" in text, f"a message without words: {status}")
        for _ in range(2):
            status, answer, _ = office.pages.ask("POST", f"/{code}/help", {"k": k, "comment": "It was not me!"})
            same(status, 303, "a message")
        want("reached the shop" in office.pages.ask("GET", answer.getheader("Location"))[2], "the page behind it")
        await_that(lambda: any("a message from a customer" in mail for _, _, mail in post.mails), "a mail about it")
        same(office.rows("SELECT count(*) FROM alert WHERE kind = 'message'"), [(1,)], "the same form twice is one message")
        want("It was not me!" in office.pages.kwit("report", "alerts"), "the list of alerts")
        counted = json.loads(office.pages.kwit("report", "--json"))
        same((counted["verdicts"]["message"], counted["total"]["answers"]), (1, office.rows("SELECT count(DISTINCT sale) FROM answer WHERE verdict = 10")[0][0]),
             "it is no answer")
        want("whole" in office.pages.kwit("journal", "verify"), "the journal")


def _settle_log(office):
    """What is in the log so far goes to the store, as it does by itself on a longer day."""
    with sqlite3.connect(os.path.join(office.pages.state, "journal.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_nowhere(office, marks, when):
    """No file of the office holds any of them: the store, its log, what waits to be mailed, keys."""
    for folder, _, names in os.walk(office.pages.place):
        for name in names:
            content = open(os.path.join(folder, name), "rb").read()
            same([mark for mark in marks if mark in content], [], f"{when}: what {name} still holds")


def customers_take_back_what_they_said():
    with Staffed(url="https://fb.corner.example", alert_wait="0 s") as office:
        place = office.answer(office.codes[0], 2, comment="First-thought " * 30)
        _settle_log(office)
        same(office.pages.ask("POST", place, {"comment": "Erase-me-words", "contact": NUMBER, "consent": 1})[0], 303, "other words")
        mail = os.path.join(office.pages.state, "mail", "alert-1.eml")
        await_that(lambda: os.path.exists(mail), "a mail")
        link = re.search(r"https://fb\.corner\.example(/a/[0-9a-f]+)", open(mail, encoding="utf-8").read()).group(1)
        same(office.at_link("POST", link, {"do": "take", "who": "Ewa"})[0], 303, "taken")
        for reply in ("Hasty-reply", "Erase-me-reply"):
            same(office.at_link("POST", link, {"do": "reply", "reply": reply})[0], 303, "a reply")
            _settle_log(office)
        sealed = office.rows("SELECT sealed FROM contact")[0][0]
        same(office.rows("SELECT consent FROM contact"), [(1,)], "the version of the text that was agreed to")
        status, answer, text = office.pages.ask("POST", place, {"export": 1})
        said = json.loads(text)
        want(status == 200 and "attachment" in answer.getheader("Content-Disposition"), "a file")
        same((said["csat"], said["comment"], NUMBER in text), (2, "Erase-me-words", False), "what it holds")
        want("withdraw" in office.pages.ask("GET", place + "?done=1")[2], "a button that takes the address back")
        same(office.pages.ask("POST", place, {"withdraw": 1})[0], 303, "withdrawn")
        same(office.rows("SELECT (SELECT count(*) FROM contact), contact FROM answer ORDER BY id DESC LIMIT 1"), [(0, 0)], "no address")
        _is_nowhere(office, (sealed,), "the address taken back")
        want("for good?" in office.pages.ask("GET", place + "?erase=1")[2], "a question first")
        same(office.pages.ask("POST", place, {"erase": 1})[0], 303, "erased")
        want("answered already" in office.pages.ask("GET", "/" + office.codes[0])[2], "the receipt is used all the same")
        same(office.rows("SELECT csat, comment FROM answer ORDER BY id DESC LIMIT 1"), [(None, "")], "what is left")
        want("whole" in office.pages.kwit("journal", "verify"), "the journal")
        _is_nowhere(office, (b"First-thought", b"Erase-me-words", b"Hasty-reply", b"Erase-me-reply", sealed, NUMBER.encode()), "all taken back")


def a_merge_brings_replies_and_what_customers_took_back_stays_away():
    with Post() as post, Staffed(url="https://fb.corner.example", mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s") as office:
        place, _ = (office.answer(code, 1, comment="Merge-me-words", contact=NUMBER, consent=1) for code in office.codes[:2])
        head = os.path.join(office.pages.place, "head")

        def kwit(*arguments):
            subprocess.run([KWIT, "--config", os.path.join(office.pages.state, "kwit.conf"), "--state", head, *arguments], capture_output=True, check=True)

        def copied(name):
            copy = os.path.join(office.pages.place, name)
            with sqlite3.connect(os.path.join(office.pages.state, "journal.db")) as database, sqlite3.connect(copy) as target:
                database.backup(target)
            return copy

        def merged(file):
            kwit("journal", "merge", file)
            with sqlite3.connect(os.path.join(head, "journal.db")) as database:
                return database.execute("SELECT csat, comment, contact, (SELECT count(*) FROM contact WHERE answer = answer.id),"
                                        " (SELECT text FROM reply WHERE answer = answer.id) FROM answer ORDER BY id DESC LIMIT 2").fetchall()

        def reply(text):
            for link in links:
                same(office.at_link("POST", link, {"do": "reply", "reply": text})[0], 303, "a reply")
        await_that(lambda: sum("asks to be contacted" in mail for _, _, mail in post.mails) == 2, "mails about both wishes")
        links = [re.search(r"https://fb\.corner\.example(/a/[0-9a-f]+)", mail).group(1) for _, _, mail in post.mails if "asks to be" in mail]
        for link in links:
            same(office.at_link("POST", link, {"do": "take", "who": "Ewa"})[0], 303, "taken")
        reply("Sorry-for-the-queue")
        first = copied("first.db")
        whole = (1, "Merge-me-words", 1, 1, "Sorry-for-the-queue")
        for time in ("first", "second"):
            same(merged(first), [whole, whole], f"merged the {time} time")
        reply("Come-again")
        later = whole[:4] + ("Come-again",)
        same(merged(copied("second.db")), [later, later], "a later reply")
        same(merged(first), [later, later], "the older file after the newer one")
        same(office.pages.ask("POST", place, {"withdraw": 1})[0], 303, "an address taken back")
        same(merged(copied("third.db")), [later, later[:2] + (0, 0) + later[4:]], "no address")
        same(office.pages.ask("POST", place, {"erase": 1})[0], 303, "erased")
        gone = (None, "", 0, 0, None)
        same(merged(copied("fourth.db")), [later, gone], "what its customer erased")
        same(merged(first), [later, gone], "the older file after that")
        kwit("journal", "verify")


def what_was_said_with_a_code_is_erased_at_the_office():
    with Staffed() as office:
        office.answer(office.codes[0], 2, comment="Erase-me-words", contact=NUMBER, consent=1)
        same(json.loads(office.pages.kwit("office", "erase", office.codes[0], "--json"))["erased"], 1, "answers")
        same(office.rows("SELECT csat, comment, (SELECT count(*) FROM contact) FROM answer ORDER BY id DESC LIMIT 1"), [(None, "", 0)], "what is left")
        want("answered already" in office.pages.ask("GET", "/" + office.codes[0])[2], "the receipt is used all the same")
        want("whole" in office.pages.kwit("journal", "verify"), "the journal")
        for code, status in (("0000-0000", 65), (office.codes[1], 0)):
            same(subprocess.run([KWIT, *office.pages.files, "office", "erase", code], capture_output=True, check=False).returncode, status, code)


if __name__ == "__main__":
    run_tests(globals())
