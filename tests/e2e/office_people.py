"""Staff of a chain sign in: each sees the report and the alerts of the own stores, and a hundred readers cost one computing."""
# pylint: disable=protected-access
import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
import push     # noqa: E402  pylint: disable=wrong-import-position

READERS, RATE = 100, 60             # RATE: per cent of invitations that are answered


class Chain:
    """An office with three tills' sales and answers, and its people's process."""

    def __init__(self):
        self.office = push.Office(push._chain(), "127.0.0.1:0")
        self.tills = [push._till(None, number + 1, rate=RATE) for number in range(push.TILLS)]
        self.stores = [till.rows("SELECT store FROM touchpoint LIMIT 1")[0][0] for till in self.tills]
        self.office.done("journal", "merge", *[till.journal() for till in self.tills])
        for number in range(push.TILLS):
            push._answer(number + 1, self.office, rate=RATE)
        self.office.done("office", "new", "--url", "https://fb.corner.example", "--privacy-url", "https://corner.example/privacy")
        with open(self.office.config, "a", encoding="utf-8") as file:
            file.write(f"\n[office]\nregion = north = {self.stores[0]}, {self.stores[1]}\nregion = south = {self.stores[2]}\n")
        self.key = os.path.join(self.office.state, "desk", "staff.key")
        os.mkdir(os.path.dirname(self.key), 0o700)
        os.rename(os.path.join(self.office.state, "staff.key"), self.key)
        self.passphrases = {}
        for name, *words in (("Ewa", "--role", "manager", "--region", "north"), ("Jan", "--role", "reader", "--store", self.stores[2]),
                             ("Olga Zając", "--role", "owner")):
            self.passphrases[name] = self.person("add", name, *words).line["passphrase"]
        self.log, command = os.path.join(self.office.state, "staff.log"), [KWIT, "--config", self.office.config, "--state", self.office.state]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*command, "office", "staff", "--key", self.key, "--listen", "127.0.0.1:0", "--json"],
                                            stdout=subprocess.PIPE, stderr=log)
        self.place = json.loads(self.process.stdout.readline())["url"].replace("http://", "")

    def person(self, *words):
        return self.office.done("office", "person", *words, "--key", self.key, "--json")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, method, path, fields=None, cookie="", origin=None, client=None):
        """Status, headers and text. client: whom the proxy names as the one who asks."""
        connection = http.client.HTTPConnection(self.place, timeout=120)
        headers = {"Cookie": cookie, "Accept-Language": "en", **({"X-Forwarded-For": client} if client else {})}
        if fields is not None:
            headers.update({"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.place}" if origin is None else origin})
        connection.request(method, path, None if fields is None else urllib.parse.urlencode(fields), headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def enter(self, name, passphrase=None, client=None):
        return self.ask("POST", "/staff/enter", {"who": name, "passphrase": passphrase or self.passphrases[name]}, client=client)

    def sign_in(self, name):
        status, headers, text = self.enter(name)
        same((status, headers["Location"]), (303, "/staff/alerts"), text)
        return headers["Set-Cookie"].split(";")[0]

    def alerts(self):
        return self.office.done("report", "alerts", "--json").line["alerts"]


def who_signs_in_is_known_for_half_a_day_and_no_longer_than_they_may():
    with Chain() as chain:
        for path in ("/staff/alerts", "/staff/report", "/staff/alerts/1"):
            status, headers, _ = chain.ask("GET", path)
            same((status, headers["Location"]), (303, "/staff"), path)
        status, headers, text = chain.ask("GET", "/staff")
        want(status == 200 and 'autocomplete=current-password' in text and "script" not in text, text)
        same(headers["Referrer-Policy"], "same-origin", "without which a browser says of no form where it comes from")
        status, headers, _ = chain.enter("Ewa")
        cookie = headers["Set-Cookie"]
        want(cookie.startswith("__Host-kwit=") and "Max-Age=43200" in cookie
             and all(f"; {word}" in cookie for word in ("Path=/", "Secure", "HttpOnly", "SameSite=Strict")), cookie)
        own = cookie.split(";")[0]
        status, headers, text = chain.ask("GET", "/staff/alerts", cookie=f"other=1; {own}")
        same((status, headers["Referrer-Policy"], "/staff/leave" in text), (200, "same-origin", True), "with the cookie")
        for at in (13, 20, len(own) - 1):
            changed = own[:at] + ("1" if own[at] != "1" else "2") + own[at + 1:]
            same(chain.ask("GET", "/staff/alerts", cookie=changed)[0], 303, f"a cookie with another character at {at}")
        for origin in ("", "null", "https://evil.example", f"http://{chain.place}.evil.example"):
            same(chain.ask("POST", "/staff/leave", {}, own, origin)[0], 403, f"a form of `{origin}`")
        status, headers, _ = chain.ask("POST", "/staff/leave", {}, own)
        want(status == 303 and "Max-Age=0" in headers["Set-Cookie"], f"signing out: {headers}")
        other = chain.sign_in("Jan")
        same((chain.ask("GET", "/staff/alerts", cookie=own)[0], chain.ask("GET", "/staff/alerts", cookie=other)[0]), (303, 200), "a copy of that cookie, and another")
        own = chain.sign_in("Ewa")
        same(chain.ask("GET", "/staff/alerts", cookie=own)[0], 200, "who signs in again")
        chain.person("add", "Ewa", "--role", "reader")
        same(chain.ask("GET", "/staff/alerts", cookie=own)[0], 303, "a new passphrase ends what the old one began")
        jan = chain.sign_in("Jan")
        chain.person("remove", "Jan")
        same(chain.ask("GET", "/staff/alerts", cookie=jan)[0], 303, "who was taken away")
        same([person["name"] for person in chain.person("list").line["people"]], ["Ewa", "Olga Zając"], "who is left")
        with open(os.path.join(os.path.dirname(chain.key), "people"), encoding="utf-8") as file:
            people = file.read()
        want(people.count("$argon2id$") == 2 and not any(word in people for word in chain.passphrases.values()), people)
        same(os.stat(os.path.join(os.path.dirname(chain.key), "people")).st_mode & 0o777, 0o600, "who may read it")


def a_list_that_is_long_says_how_many_follow_and_where():
    with Chain() as chain:
        with sqlite3.connect(os.path.join(chain.office.state, "journal.db")) as database:
            there = database.execute("SELECT count(*) FROM alert").fetchone()[0]
            database.execute("WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 430) INSERT INTO answer SELECT"
                             + ", ".join({"id": " max(answer.id) + n + (SELECT max(id) FROM answer)", "sale": " NULL", "key": " randomblob(16)"}.get(row[1], f" answer.{row[1]}")
                                         for row in database.execute("PRAGMA table_info(answer)"))
                             + " FROM answer, more WHERE answer.id = (SELECT min(answer) FROM alert) GROUP BY n")
            database.execute("INSERT INTO alert(answer, kind, raised_ms, who) SELECT id, 'low_csat', 1 + id % 3, '' FROM answer ORDER BY id DESC LIMIT 430")
        owner, seen, path = chain.sign_in("Olga Zając"), [], "/staff/alerts?all=1"
        while path:
            status, _, text = chain.ask("GET", path, cookie=owner)
            same(status, 200, path)
            seen += re.findall(r'<li><a href="/staff/alerts/(\d+)"', text)
            more = re.search(r'<a href="(/staff/alerts\?[^"]+)">Further alerts: (\d+)</a>', text)
            same(int(more.group(2)) if more else 0, there + 430 - len(seen), f"how many follow {path}")
            path = more and more.group(1).replace("&amp;", "&")
        same((len(seen), len(set(seen))), (there + 430, there + 430), "all of them, each once")
        text = chain.ask("GET", "/staff/alerts", cookie=chain.sign_in("Ewa"))[2]
        want("Further alerts" not in text, "of stores with few alerts nothing follows")


def passphrases_are_not_found_by_trying():
    with Chain() as chain:
        said = {chain.enter(name, "wrong, quite wrong")[2].replace(name, "") for name in ("Ewa", "Nobody")}
        want(len(said) == 1 and "is not right" in said.pop(), "whether there is such a name is not told")
        for name in ("Ewa", "Nobody"):                          # in a minute that ends meanwhile there are as many again
            tries = [chain.enter(name, "wrong, quite wrong", f"203.0.{len(name)}.9") for _ in range(11)]
            want({status for status, _, _ in tries} == {422, 429}, f"{name}: {[status for status, _, _ in tries]}")
            wait = int(next(headers["Retry-After"] for status, headers, _ in tries if status == 429))
            want(1 <= wait <= 60, f"when to come again: {wait}")
            if name == "Ewa":
                same(chain.enter(name, client="203.0.113.9")[0], 303, "that name from elsewhere meanwhile")
        chain.sign_in("Jan")                                    # others are not kept out
        tries = (chain.enter(f"name {number}", "wrong, quite wrong", "192.0.2.7")[0] for number in range(41))     # or twice twenty, in two hours
        want(429 in tries, "a network that tries many names")
        same((chain.enter("Jan", client="192.0.2.9")[0], chain.enter("Jan", client="198.51.100.7")[0]), (429, 303), "that network, and another")
        for words, part in ((("add", "Ada", "--role", "boss"), "--role"), (("add", "Ada", "--role", "reader", "--region", "west"), "no region"),
                            (("add", "A\tda", "--role", "reader"), "name"), (("remove", "Ada"), "nobody")):
            answer = chain.office.kwit("office", "person", *words, "--key", chain.key)
            want(answer.exit != 0 and part in answer.text, f"{words}: {answer.text}")
        short = subprocess.run([KWIT, "--config", chain.office.config, "--state", chain.office.state, "office", "person", "add", "Ada", "--role", "reader",
                                "--key", chain.key, "--passphrase", "-"], input=b"too short\n", capture_output=True, check=False)
        want(short.returncode == 64 and b"12 to" in short.stderr, f"{short}")
        subprocess.run([KWIT, "--config", chain.office.config, "--state", chain.office.state, "office", "person", "add", "Ada", "--role", "reader",
                        "--key", chain.key, "--passphrase", "-"], input="zażółć gęślą jaźń\n".encode(), capture_output=True, check=True)
        same(chain.enter("Ada", "zażółć gęślą jaźń")[0], 303, "a passphrase of one's own")


def each_sees_and_does_what_is_theirs():
    with Chain() as chain:
        stores = {alert["id"]: alert["store"] for alert in chain.alerts()}
        want(len(set(stores.values())) > 1, f"alerts of several stores: {stores}")
        for name, mine in (("Ewa", chain.stores[:2]), ("Jan", chain.stores[2:]), ("Olga Zając", chain.stores)):
            cookie = chain.sign_in(name)
            page = chain.ask("GET", "/staff/alerts", cookie=cookie)[2]
            listed = {int(number) for number in re.findall(r"/staff/alerts/(\d+)", page)}
            same(listed, {alert for alert, store in stores.items() if store in mine}, f"the alerts of {name}")
            for alert, store in stores.items():
                same(chain.ask("GET", f"/staff/alerts/{alert}", cookie=cookie)[0], 200 if store in mine else 404, f"{name}: alert {alert} of {store}")
            same(chain.ask("GET", "/staff/alerts/99999", cookie=cookie)[0], 404, "an alert that is none")
            others = next((alert for alert, store in stores.items() if store not in mine), None)
            if others:
                want(chain.ask("POST", f"/staff/alerts/{others}", {"do": "take"}, cookie)[0] in (403, 404), f"{name} takes what is not theirs")
        reader, ours = chain.sign_in("Jan"), next(alert for alert, store in stores.items() if store == chain.stores[2])
        want(chain.ask("POST", f"/staff/alerts/{ours}", {"do": "take"}, reader)[0] == 403, "a reader looks only")
        want("<button class=g" not in chain.ask("GET", f"/staff/alerts/{ours}", cookie=reader)[2], "and is offered nothing else")
        same({alert["who"] for alert in chain.alerts()}, {""}, "who took what so far")
        manager, ours = chain.sign_in("Ewa"), next(alert for alert, store in stores.items() if store in chain.stores[:2])
        same(chain.ask("POST", f"/staff/alerts/{ours}", {"do": "take", "who": "somebody else"}, manager)[0], 303, "a manager takes it")
        same({alert["id"]: alert["who"] for alert in chain.alerts() if alert["who"]}, {ours: "Ewa"}, "by the own name")
        owner = chain.sign_in("Olga Zając")
        same(chain.ask("POST", f"/staff/alerts/{ours}", {"do": "take"}, owner)[0], 409, "somebody was first")
        same(chain.ask("POST", f"/staff/alerts/{ours}", {"do": "close"}, owner)[0], 303, "settled")
        want(f"/staff/alerts/{ours}\"" not in chain.ask("GET", "/staff/alerts", cookie=owner)[2], "it is open no more")
        want(f"/staff/alerts/{ours}\"" in chain.ask("GET", "/staff/alerts?all=1", cookie=owner)[2], "among all")


def a_report_of_some_stores_is_that_of_an_office_with_these_alone():
    with Chain() as chain:
        alone = push._merged(push._chain(), chain.tills[:1])
        push._answer(1, alone, rate=RATE)
        for words in (("--store", chain.stores[0]), ("--region", "north")):
            place, merged = alone, chain.tills[:1]
            if words[0] == "--region":
                place, merged = push._merged(push._chain(), chain.tills[:2]), chain.tills[:2]
                for number in (1, 2):
                    push._answer(number, place, rate=RATE)
            there, here = chain.office.done("report", "--json", *words).line, place.done("report", "--json").line
            for report in (there, here):
                report.update({f"by {name}": lines for name, lines in report.pop("by").items()})
                report.update({f"to_do {name}": part for name, part in report.pop("to_do").items()})
            differing = {part for part in {**there, **here} if there.get(part) != here.get(part)}
            same(differing, {"head", "to_do journey", "by kind", "by language", "by channel", "by stage"}, f"{words}: what {len(merged)} tills tell otherwise")
            want(there["total"]["sales"] > 0 and there["total"] != chain.office.done("report", "--json").line["total"], "it is a part of the whole")
        text = chain.office.done("report", "--region", "north").text
        want("north" in text.splitlines()[0] or "north" in "".join(text.splitlines()[:3]), text[:300])
        answer = chain.office.kwit("report", "--region", "west")
        want(answer.exit == 78 and "no region" in answer.text, answer.text)


def a_hundred_readers_cost_one_computing():
    with Chain() as chain:
        cookies, texts = {name: chain.sign_in(name) for name in chain.passphrases}, []

        def read(cookie):
            status, headers, text = chain.ask("GET", "/staff/report", cookie=cookie)
            texts.append((status, headers["Content-Security-Policy"], text))
        readers = [threading.Thread(target=read, args=(cookies["Ewa"],)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        same((len(texts), len(set(texts)), texts[0][0]), (READERS, 1, 200), "one page for all")
        want("default-src 'none'" in texts[0][1], texts[0][1])
        made = lambda: open(chain.log, encoding="utf-8").read().count("a report was made")     # noqa: E731  pylint: disable=unnecessary-lambda-assignment,consider-using-with
        same(made(), 1, "reports that were made")
        page = texts[0][2]
        want("north" in page and all(re.search(rf"\b{store}\b", page) for store in chain.stores[:2]), "of the region")
        want(f"{chain.stores[2]}/" not in page and "Worth a look" not in page, "and of nobody else, and what is worth a look is the owner's")
        owner = chain.ask("GET", "/staff/report", cookie=cookies["Olga Zając"])[2]
        want("Worth a look" in owner and f"{chain.stores[2]}" in owner, "an owner sees all")
        same(made(), 2, "and another page is another report")
        chain.ask("GET", "/staff/report", cookie=cookies["Olga Zając"])
        same(made(), 2, "which is kept, too")


if __name__ == "__main__":
    run_tests(globals())
