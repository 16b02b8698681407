"""The office on one machine: one tap is an answer, said to be saved when it is; what a server must refuse."""
import contextlib
import http.client
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
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, SCRATCH, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position

FORM = "application/x-www-form-urlencoded"


class Office:
    """A demo's office, or one that serves a state again; `process` is for Popen: as whom it runs."""

    def __init__(self, place=None, **process):
        self.place = place or os.path.join(tempfile.mkdtemp(dir=SCRATCH), "demo")
        self.state = os.path.join(self.place, "office")
        files = ["--config", os.path.join(self.state, "kwit.conf"), "--state", self.state]
        words = [*files, "office", "serve", "--listen", "127.0.0.1:0"] if place else ["office", "demo", self.place]
        self.files = files
        self.process = subprocess.Popen([KWIT, *words, "--json"], stdout=subprocess.PIPE, **process)
        self.line = json.loads(self.process.stdout.readline())
        host = self.line["url"].replace("http://", "")
        self.host, self.port = host.split(":")[0], int(host.split(":")[1])

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        fields.setdefault("Accept-Language", "en")
        if body is not None:
            fields.setdefault("Content-Type", FORM)
            body = urllib.parse.urlencode(body)
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer.status, answer, text

    def form(self, code, **headers):
        status, _, text = self.ask("GET", "/" + code, **headers)
        same(status, 200, "a code's page")
        return re.search(r'name=k value="([0-9a-f]+)"', text).group(1)

    def raw(self, request):
        """Every status line that these bytes get, until the server closes."""
        with socket.create_connection((self.host, self.port), timeout=60) as connection:
            connection.sendall(request)
            with contextlib.suppress(OSError):      # who has refused may have closed
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", answer, re.M)]

    def kwit(self, *words):
        return subprocess.run([KWIT, *self.files, *words], capture_output=True, check=True).stdout.decode("utf-8")


def _verdicts(office):
    return json.loads(office.kwit("report", "--json"))["verdicts"]


def one_tap_is_an_answer_and_the_same_form_again_is_none():
    with Office() as office:
        code = office.line["codes"][0]
        before = _verdicts(office)["matched"]
        k = office.form(code)
        places = []
        for _ in range(3):
            status, answer, _ = office.ask("POST", "/" + code, {"csat": 4, "k": k})
            same(status, 303, "a tap")
            places.append(answer.getheader("Location"))
        same(len(set(places)), 1, f"where a double tap leads ({places})")
        status, _, text = office.ask("GET", places[0])
        same(status, 200, "the page behind a tap")
        want("Your answer is saved" in text and "<strong>4</strong>" in text, "the page says what was saved")
        same(office.ask("POST", "/" + code, {"csat": 2, "k": k})[1].getheader("Location"), places[0], "who goes back and takes another grade")
        want("<strong>2</strong>" in office.ask("GET", places[0])[2], "the last grade is the answer")
        same(_verdicts(office)["matched"], before + 1, "answers that count")


def a_second_phone_is_told_and_does_not_count():
    with Office() as office:
        code = office.line["codes"][0]
        first, second = office.form(code), office.form(code)
        same(office.ask("POST", "/" + code, {"csat": 5, "k": first})[0], 303, "the first phone")
        before = _verdicts(office)["matched"]
        status, _, text = office.ask("POST", "/" + code, {"csat": 1, "k": second})
        want(status == 409 and "Was it not you?" in text, f"the second phone: {status}")
        want("answered already" in office.ask("GET", "/" + code)[2], "the code's page")
        same(_verdicts(office)["matched"], before, "answers that count")


def words_and_a_wish_reach_somebody_and_are_never_shown_again():
    with Office() as office:
        code = office.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 1, "k": office.form(code)})[1].getheader("Location")
        wish = {"comment": "The queue was long <b>", "contact": "+48 600 700 800"}
        status, _, text = office.ask("POST", place, wish)
        want(status == 422 and "tick the box" in text and "&lt;b&gt;" in text, f"a wish without consent: {status}")
        same(office.ask("POST", place, wish | {"consent": 1})[0], 303, "words and a wish")
        want("queue" not in office.ask("GET", place)[2], "the words stand on the page again")
        for letter in "я語😀":
            same(office.ask("POST", place, wish | {"consent": 1, "comment": letter * 1000})[0], 303, f"a thousand of {letter}")
            same(office.ask("POST", place, {"comment": letter * 1001})[0], 422, f"one more of {letter}")
        same(office.ask("POST", place, wish | {"consent": 1})[0], 303, "the first words again")
        want("The queue was long <b>" in office.kwit("report", "alerts"), "the words are not in the list of alerts")
        mail = os.path.join(office.line["mail_dir"], "alert-1.eml")
        await_that(lambda: os.path.exists(mail) and "asks to be contacted" in open(mail, encoding="utf-8").read(), "a mail")
        text = open(mail, encoding="utf-8").read()
        said = re.sub(r"/a/[0-9a-f]+", "", text)                 # a link's digits are anybody's
        want("queue" not in said and "600" not in said, f"the mail tells too much: {text}")
        same(office.kwit("office", "contact", "1"), "+48 600 700 800\n", "what the staff's key opens")
        office.end()
        for folder, _, names in os.walk(office.place):
            for name in names:
                content = open(os.path.join(folder, name), "rb").read()
                want(b"600 700 800" not in content, f"the customer's number lies open in {name}")


def an_address_is_taken_as_people_type_it():
    with Office() as office:
        code = office.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 2, "k": office.form(code)})[1].getheader("Location")
        for typed, kept in {"ewa@Corner.example ": "ewa@Corner.example", "\u00a0ewa@corner.example, ": "ewa@corner.example",
                            "۰۹۱۲ ۳۴۵ ۶۷۸۹": "0912 345 6789", "٠٩١٢٣٤٥٦٧٨٩": "09123456789", "+48 600\u2011700–800\n": "+48 600-700-800"}.items():
            same(office.ask("POST", place, {"contact": typed, "consent": 1})[0], 303, f"{typed!r}")
            same(office.kwit("office", "contact", "1"), kept + "\n", f"what is kept of {typed!r}")
        for typed in ("nobody", "ewa@corner", "12 34", "ewa at corner.example", "9" * 121):
            status, _, page = office.ask("POST", place, {"contact": typed + " ", "consent": 1})
            want(status == 422 and f'value="{typed} "' in page, f"{typed!r} is no address, and stands there as typed")


def own_questions_are_asked_behind_the_tap_and_kept():
    with Office() as first:
        pass
    with open(os.path.join(first.state, "kwit.conf"), "a", encoding="utf-8") as file:
        file.write("drafts = yes\n[question queue]\ntext = How was the queue?\ntext_fa = صف چطور بود؟\ntranslation = zh = 排队？\n"
                   "translation = zh-Hant = 排隊？\ntranslation = fr = La file ?\n[question floor]\nscale = 0..10\ntext = The <b>floor</b>?\n")
    with Office(first.place) as office:
        code = first.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 4, "k": office.form(code)})[1].getheader("Location")
        page = office.ask("GET", place)[2]
        want("<legend dir=auto>How was the queue?</legend>" in page and "The &lt;b&gt;floor" in page, page)
        same((page.count("name=o_queue"), page.count("name=o_floor"), " checked" in page), (5, 1, False), "buttons, and a choice of eleven")
        persian = office.ask("GET", place, Accept_Language="fa")[2]
        want("صف چطور بود؟" in persian and "۵</label>" in persian, "the question in Persian")
        status, _, page = office.ask("POST", place, {"o_queue": 2, "contact": "nowhere"})
        want(status == 422 and page.count(" checked") == 1 and "name=o_queue value=2 checked" in page, "chosen once more")
        for language, question in (("zh-TW", "排隊？"), ("zh-CN", "排队？"), ("fr-CA", "La file ?"), ("de", "How was the queue?")):
            want(f"{question}</legend>" in office.ask("GET", place, Accept_Language=language)[2], f"the question in {language}")
        same(office.ask("POST", place, {"o_queue": 3, "o_floor": 11})[0], 303, "one grade, and one that is none")
        same(office.ask("POST", place, {"o_floor": 0, "o_other": 1})[0], 303, "the other question later")
        with sqlite3.connect(os.path.join(office.state, "journal.db")) as database:
            same(database.execute("SELECT own FROM answer ORDER BY id DESC LIMIT 1").fetchone(), ("queue=3 floor=0",), "what is kept")
        told = json.loads(office.kwit("report", "--json"))["own_questions"]["questions"]
        same([(question["name"], question["n"]) for question in told], [("queue", 1), ("floor", 1)], "the report")


def a_thank_you_has_a_code_of_its_own_that_works_once():
    with Office() as office:
        codes = office.line["codes"]
    with open(os.path.join(office.state, "kwit.conf"), "a", encoding="utf-8") as file:
        file.write("\n[survey]\nurl = https://fb.example/{token}\nreward = A coffee\n")
    with Office(office.place) as again:
        place = again.ask("POST", "/" + codes[0], {"csat": 4, "k": again.form(codes[0])})[1].getheader("Location")
        page = again.ask("GET", place)[2]
        code = re.search(r"Our thank-you: <strong><bdi dir=ltr>([0-9A-Z-]{11})", page).group(1)
        want(code in again.ask("GET", place + "?done=1")[2], "the same code on the last page")
        want("thank-you" not in again.ask("GET", "/" + codes[0])[2], "whoever else has the receipt gets none")
        call = lambda *words: subprocess.run([KWIT, *again.files, *words], capture_output=True, check=False)    # noqa: E731
        same(call("survey", "redeem", "00000-00000").returncode, 65, "a code that was never given")
        same(call("survey", "redeem", code.lower().replace("-", " ")).returncode, 0, "typed as it is read out")
        answer = call("survey", "redeem", code)
        want(answer.returncode == 65 and b"redeemed already" in answer.stderr + answer.stdout, answer)
        same([call("survey", "verify", typed).returncode for typed in codes[:2]], [65, 0], "a code that was answered, and another")
        same(call("journal", "verify").returncode, 0, "the chain")


def a_closed_alerts_address_is_forgotten_in_a_fortnight():
    with Office() as office:
        code = office.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 1, "k": office.form(code)})[1].getheader("Location")
        same(office.ask("POST", place, {"contact": "+48 600 700 800", "consent": 1})[0], 303, "a wish")
        kept = lambda: sqlite3.connect(os.path.join(office.state, "journal.db")).execute("SELECT (until_ms - closed_ms) / 86400000.0, (until_ms - raised_ms)"
                                                                                       " / 86400000.0 FROM contact JOIN alert USING(answer)").fetchone()
        same(round(kept()[1]), 44, "days from the answer")
        office.kwit("report", "alerts", "--close", "1", "--by", "Ewa")
        same(round(kept()[0], 3), 14, "days from closing")


def merged_answers_bring_their_edits_and_wishes():
    with Office() as office:
        code = office.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 3, "k": office.form(code)})[1].getheader("Location")
        other = os.path.join(tempfile.mkdtemp(dir=SCRATCH), "head")
        files = ["--config", os.path.join(office.state, "kwit.conf"), "--state", other]

        def merged():
            subprocess.run([KWIT, *files, "journal", "merge", os.path.join(office.state, "journal.db")], capture_output=True, check=True)
            with sqlite3.connect(os.path.join(other, "journal.db")) as database:
                return database.execute("SELECT csat, first_csat, revision, contact, (SELECT length(sealed) > 40 FROM contact WHERE answer = answer.id)"
                                        " FROM answer WHERE csat IS NOT NULL ORDER BY id DESC LIMIT 1").fetchone()
        same(merged(), (3, None, 0, 0, None), "before the edit")
        same(office.ask("POST", place, {"csat": 5})[0], 303, "a change")
        same(office.ask("POST", place, {"contact": "+48 600 700 800", "consent": 1})[0], 303, "a wish")
        for time in ("first", "second"):
            same(merged(), (5, 3, 2, 1, 1), f"merged again, the {time} time")
        subprocess.run([KWIT, *files, "journal", "verify"], capture_output=True, check=True)


def what_was_said_to_be_saved_outlives_a_kill():
    with Office() as office:
        code = office.line["codes"][0]
        place = office.ask("POST", "/" + code, {"csat": 3, "k": office.form(code)})[1].getheader("Location")
        office.end(signal.SIGKILL)
        with Office(office.place) as again:
            want("<strong>3</strong>" in again.ask("GET", place)[2], "the answer after a kill")
            same(again.ask("POST", place, {"csat": 5})[0], 303, "a change after a kill")
            want("<strong>5</strong>" in again.ask("GET", place)[2], "the changed answer")
            want("whole" in again.kwit("journal", "verify"), "the journal after a kill")


def a_shop_of_one_sets_up_its_office():
    place = tempfile.mkdtemp(dir=SCRATCH)
    config, state = os.path.join(place, "kwit.conf"), os.path.join(place, "state")

    def call(*words):
        return subprocess.run([KWIT, "--config", config, "--state", state, "office", *words], capture_output=True, check=False)
    same(call("new").returncode, 64, "an office without an address")
    same(call("new", "--url", "https://fb.corner.example").returncode, 64, "an office whose customers are not told who keeps their data")
    who = ("--controller", "Corner & Crumb", "--controller-contact", "data@corner.example")
    same(call("new", "--url", "https://fb.corner.example", "--mail", "owner@corner.example", *who).returncode, 0, "office new")
    want("url = https://fb.corner.example/{token}" in open(config, encoding="utf-8").read(), "where receipts lead")
    for name in ("office.key", "staff.key"):
        same(os.stat(os.path.join(state, name)).st_mode & 0o777, 0o600, name)
    same(call("new", "--url", "https://fb.corner.example", *who).returncode, 65, "a second staff key")
    faults = json.loads(call("check", "--json").stdout)["faults"]
    want(any("codes" in fault["what"] for fault in faults), f"no key is told: {faults}")
    want(any("name =" in fault["mend"] for fault in faults), f"no shop's name is told: {faults}")
    subprocess.run([KWIT, "--config", config, "--state", state, "survey", "key", "new"], capture_output=True, check=True)
    with open(config, "a", encoding="utf-8") as file:
        file.write("mail_server = smtp://127.0.0.1\n[survey]\nhelp_email = help@corner.example\n[store]\nname = Corner\n")
    os.rename(os.path.join(state, "staff.key"), os.path.join(place, "staff.key"))
    same(json.loads(call("check", "--json").stdout)["faults"], [], "what is in the way in the end")
    for kind in ("caddy", "nginx"):
        text = call("proxy", kind).stdout.decode()
        want("fb.corner.example" in text and "127.0.0.1:8470" in text and "127.0.0.1:8471" in text, f"a configuration for {kind}: {text}")
        want({"nginx": "error_log /dev/null;", "caddy": "exclude http.log.error"}[kind] in text, f"what fails is logged, with code and address: {text}")
        want("Not saved: please keep your receipt" in text and "ثبت نشد" in text, f"what is said while no office answers: {text}")
    with open(config, "a", encoding="utf-8") as file:
        file.write("[office]\nurl = https://fb.corner.example:8443\n")
    text = call("proxy", "nginx").stdout.decode()
    want("listen 8443 ssl" in text and "server_name fb.corner.example;" in text and "Host $http_host;" in text, f"where the port is another: {text}")


def a_page_says_whose_it_is_whatever_is_configured():
    with Office() as office:
        office.end()
    config = os.path.join(office.state, "kwit.conf")
    with open(config, encoding="utf-8") as file:
        lines = [line for line in file if not re.match(r"(name|controller|address) *=", line)]
    for more, title in (("", "kwit"), ("[survey]\naddress = fb.corner.example\n", "fb.corner.example"),
                        ("[office]\ncontroller = Corner & Crumb\n", "Corner &amp; Crumb"), ("[store]\nname = Corner\n", "Corner")):
        lines.append(more)
        with open(config, "w", encoding="utf-8") as file:
            file.writelines(lines)
        with Office(office.place) as again:
            want(f"<title>{title}</title>" in again.ask("GET", "/")[2], title)


def codes_are_told_apart_however_they_are_typed():
    with Office() as office:
        code = office.line["codes"][0]
        plain = code.replace("-", "")
        for typed in (code, plain, plain.lower(), code.lower(), plain + "/"):
            same(office.ask("GET", "/" + typed)[0], 200, typed)
        same(office.ask("POST", "/code", {"code": " ".join(code.split("-"))})[1].getheader("Location"), "/" + plain, "typed")
        digits = plain.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
        same(office.ask("POST", "/code", {"code": digits})[0], 303, "Persian digits")
        forged = plain[:-1] + ("A" if plain[-1] != "A" else "B")
        for typed in (forged, "NOTHING", "%3Cscript%3E", "x" * 300):
            status, _, text = office.ask("GET", "/" + typed)
            want(status == 404 and "<script" not in text and "do not know this code" in text, f"{typed}: {status}")
        same(office.ask("POST", "/code", {"code": forged})[0], 422, "a forged code")
        other = office.form(office.line["codes"][1])
        same(office.ask("POST", "/" + code, {"csat": 5, "k": other})[0], 200, "another code's form is drawn anew")
        same(office.ask("POST", "/" + code, {"csat": 9, "k": office.form(code)})[0], 422, "a grade beyond the scale")
        want("answered already" not in office.ask("GET", "/" + code)[2], "none of that was an answer")


def pages_speak_five_languages_in_a_few_kilobytes():
    with Office() as office:
        code = office.line["codes"][0]
        seen = set()
        for language in ("en", "pl", "fr", "ru", "fa"):
            text = office.ask("GET", f"/{code}?l={language}")[2]
            seen.add(re.search("<h1>(.*?)</h1>", text).group(1))
            want(f"<html lang={language} dir={'rtl' if language == 'fa' else 'ltr'}>" in text, f"the page in {language}")
            want(len(text.encode()) <= 6144 and "<script" not in text, f"{language}: {len(text.encode())} bytes")
            asked = office.ask("GET", "/" + code, Accept_Language=f"de, {language}-XX;q=0.9, en;q=0.5")[2]
            want(f"<html lang={language} " in asked, f"a browser that speaks German and {language}")
        same(len(seen), 5, "questions in five languages")
        want("lang=de" not in office.ask("GET", f"/{code}?l=de")[2], "a draft that nobody fluent has read")
    with open(os.path.join(office.state, "kwit.conf"), "a", encoding="utf-8") as file:
        file.write("drafts = yes\n")
    with Office(office.place) as drafts:
        for language, direction, grade in (("de", "ltr", "5"), ("ar", "rtl", "٥"), ("he", "rtl", "5")):
            asked = drafts.ask("GET", "/" + code, Accept_Language=f"{language}, en;q=0.5")[2]
            want(f"<html lang={language} dir={direction}>" in asked and f">{grade}<" in asked, f"the draft in {language}: {asked}")
            want(len(asked.encode()) <= 6144, f"{language}: {len(asked.encode())} bytes")


def every_language_of_receipts_has_a_page():
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../driver/data")
    written = {name[:-4] for name in os.listdir(os.path.join(data, "wording"))}
    spoken = {name for name in written if not re.search("_([A-Z]{2}|[0-9]{3})$", name)}       # what a region says otherwise is left to paper
    with open(os.path.join(data, "web_languages.def"), encoding="utf-8") as rows:
        text = rows.read()
    same(spoken - set(re.findall(r"^WEB_LANGUAGE\((\w+),", text, re.M)) - set(re.findall(r"webwords/(\w+)\.def", text)), set(), "without a page")


def what_browsers_ask_for_by_themselves_is_nobodys_guess():
    with Office() as office:
        code, phone = office.line["codes"][0], {"X_Forwarded_For": "203.0.113.7"}
        for _ in range(8):
            for path in ("/favicon.ico", "/apple-touch-icon.png", "/robots.txt", "/.well-known/security.txt"):
                status, _, text = office.ask("GET", path, **phone)
                want(status == 404 and "<" not in text, f"{path}: {status} {text}")
        for path in ("/" + code, f"/{code}."):              # also with the dot of a sentence
            same(office.ask("GET", path, **phone)[0], 200, f"{path} of the same network")
        for number in range(20):
            same(office.ask("GET", f"/{number}BC", **phone)[0], 404, "a guess")
        same(office.ask("GET", "/" + code, **phone)[0], 429, "who guessed twenty times")


def what_is_wrong_with_a_form_is_what_its_page_says():
    with Office() as office:
        code = office.line["codes"][0]
        k = office.form(code)
        for body in ("csat=%zz&k=" + k, "&".join(f"f{number}=1" for number in range(99))):
            connection = http.client.HTTPConnection(office.host, office.port, timeout=60)
            connection.request("POST", "/" + code, body, {"Content-Type": FORM})
            answer = connection.getresponse()
            page = answer.read().decode()
            connection.close()
            want(answer.status == 422 and "We do not know this code" in page, page)


def what_a_server_must_refuse_is_refused():
    with Office() as office:
        post = b"POST /code HTTP/1.1\r\nHost: x\r\nContent-Type: " + FORM.encode() + b"\r\n"
        smuggled = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        get = b"GET / HTTP/1.1\r\nHost: x\r\n"
        rows = {
            "two ways to say a length": (post + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, [411]),
            "a chunked body": (post + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, [411]),
            "two lengths": (post + b"Content-Length: 4\r\nContent-Length: 3\r\n\r\nabcd" + smuggled, [400]),
            "a folded header": (get + b"X-A: b\r\n c: d\r\n\r\n" + smuggled, [400]),
            "a negative length": (post + b"Content-Length: -1\r\n\r\n" + smuggled, [400]),
            "a huge length": (post + b"Content-Length: 999999\r\n\r\n", [413]),
            "a huge header": (get + b"X-A: " + b"a" * 20000 + b"\r\n\r\n", [431]),
            "no host": (b"GET / HTTP/1.1\r\n\r\n", [400]),
            "a control byte": (b"GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", [404]),
            "another method": (b"DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", [405]),
            "as it should be": (get + b"\r\n", [200]),
        }
        for name, (request, wanted) in rows.items():
            answers = sorted(set(office.raw(request)))               # the library says its own refusals twice
            if name == "two ways to say a length" and answers == [400]:
                continue                                             # a newer one refuses that by itself
            same(answers, wanted, name)


def who_drips_is_cut_off_and_others_are_served():
    with Office() as office:
        ended = threading.Event()
        with socket.create_connection((office.host, office.port), timeout=60) as slow:
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")

            def drip():
                try:
                    while not ended.wait(1):
                        slow.sendall(b"X")
                except OSError:
                    pass
            thread = threading.Thread(target=drip)
            thread.start()
            same(office.ask("GET", "/health")[0], 200, "others meanwhile")
            try:
                same(slow.recv(100), b"", "what a dripping client gets")
            except ConnectionError:
                pass
            ended.set()
            thread.join()


def many_taps_at_once_share_commits():
    with Office() as office:
        code = office.line["codes"][0]
        forms = [office.form(code) for _ in range(64)]
        found = []
        threads = [threading.Thread(target=lambda k=k: found.append(office.ask("POST", "/" + code, {"csat": 5, "k": k})[0]))
                   for k in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        same(sorted(found), [303] + [409] * 63, "one of 64 phones is the first")
        same(office.end(), 0, "the end")


if __name__ == "__main__":
    run_tests(globals())
