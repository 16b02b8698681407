"""The survey's pages and the staff's in a real Chromium: every state, language and width by axe-core; a whole visit by thumb, by keyboard and
without scripts."""
import itertools
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.join(HERE, "../support"))
sys.path.insert(0, os.path.join(HERE, "../e2e"))
from browser import Browser     # noqa: E402  pylint: disable=wrong-import-position
from kwit import SCRATCH, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from office import Office       # noqa: E402  pylint: disable=wrong-import-position
from office_paper import Demo   # noqa: E402  pylint: disable=wrong-import-position
from office_people import Chain # noqa: E402  pylint: disable=wrong-import-position

AXE = os.environ["AXE"]
LANGUAGES = os.environ.get("LANGUAGES", "en pl fr ru fa").split()
WIDTHS = [int(width) for width in os.environ.get("WIDTHS", "320 375 1280").split()]
DRAFTS = os.environ.get("DRAFTS", "ar de he uk").split()
MORE = """drafts = yes
colour = #ffcc00
controller = Corner & Crumb, 12 Harbour Street
controller_contact = data@corner.example
[question queue]
text = How was the queue?
[question floor]
scale = 0..10
text = How clean was the floor?
"""


def _shop():
    with Office() as first:
        pass
    with open(os.path.join(first.state, "kwit.conf"), "a", encoding="utf-8") as file:
        file.write(MORE)
    office = Office(first.place)
    office.codes = [code.replace("-", "") for code in first.line["codes"]]
    return office


def _states(office):
    """What each state is reached by: an address, and a script that sends a form of that page."""
    used, fresh = office.codes[:2]
    place = office.ask("POST", "/" + used, {"csat": 2, "k": office.form(used)})[1].getheader("Location")
    office.ask("POST", place, {"contact": "+48 600 700 800", "consent": 1, "comment": "cold"})
    send = "document.querySelector('form').submit()"
    wrong = "document.querySelector('#contact').value = 'x';" + send
    return {"code": ("/", ""), "retype": ("/", "document.querySelector('#code').value = 'ABC';" + send), "unknown": ("/ABC", ""),
            "ask": ("/" + fresh, ""), "unchosen": ("/" + fresh, send), "saved": (place, ""), "invalid": (place, wrong),
            "change": (place + "?change=1", ""), "done": (place + "?done=1", ""), "erase": (place + "?erase=1", ""),
            "erased": (place + "?erased=1", ""), "withdrawn": (place + "?withdrawn=1", ""), "used": ("/" + used, ""),
            "wordless": ("/" + used, send), "told": (f"/{used}/help?told=1", ""), "privacy": ("/privacy", "")}


def _with_language(path, language):
    return f"{path}{'&' if '?' in path else '?'}l={language}"


def _look(browser, state, script, language, width):
    """What is wrong with the page that is open, after that script: each a text."""
    if script:
        browser.run(script)
        await_that(lambda: browser.run("return document.readyState") == "complete", "the page behind a form")
        await_that(lambda: browser.run("return document.querySelector('.w') !== null"), f"{state}: what was wrong")
    where = f"{state} {language} {width}"
    browser.run("document.querySelectorAll('nav details').forEach(list => { list.open = true })")
    same(browser.run("return document.documentElement.lang"), language, f"{where}: its language")
    if width == 320:
        browser.picture(os.path.join(SCRATCH, "pages", f"{state}.{language}.png"))
    return [f"{where}: {fault}" for fault in browser.violations()] + ([f"{where}: wider than the screen"] if browser.is_too_wide() else [])


def every_state_language_and_width_is_without_a_violation():
    with _shop() as office, Browser(AXE) as browser:
        url, faults = f"http://{office.host}:{office.port}", []
        for name, (path, script) in _states(office).items():
            for language in LANGUAGES + DRAFTS:
                for width in WIDTHS if language in LANGUAGES else WIDTHS[:1]:
                    browser.be(width, touch=width < 1000)
                    browser.open(url + _with_language(path, language))
                    faults += _look(browser, name, script, language, width)
        same(faults, [], "what axe-core and the eye find")


def _staff_faults(browser, chain, states):
    faults = []
    for language, width in itertools.product(LANGUAGES, WIDTHS):
        browser.be(width, touch=width < 1000)
        browser.speak(language)
        for name, (path, script) in states.items():
            browser.open(f"http://{chain.place}/staff{path}")
            faults += _look(browser, name, script, language, width)
    return faults


def staff_sign_in_and_all_that_they_see_is_without_a_violation():
    with Chain() as chain, Browser(AXE) as browser:
        wrong = "document.querySelector('#who').value = Math.random(); document.querySelector('form').submit()"
        faults = _staff_faults(browser, chain, {"sign-in": ("", ""), "wrong": ("", wrong)})
        browser.open(f"http://{chain.place}/staff")
        browser.type("#who", "Olga Zając")
        browser.type("#passphrase", chain.passphrases["Olga Zając"])
        browser.press("\ue007")                         # enter
        await_that(lambda: browser.at.endswith("/staff/alerts"), "the list behind it")
        new, taken, settled = [alert["id"] for alert in chain.alerts()][:3]
        for alert in (taken, settled):
            browser.open(f"http://{chain.place}/staff/alerts/{alert}")
            browser.click("button[value=take]")
            await_that(lambda: "Olga" in browser.run("return document.querySelector('main').innerText"), "who took it")     # pylint: disable=cell-var-from-loop
        browser.click("button[value=close]")
        await_that(lambda: settled not in [alert["id"] for alert in chain.alerts()], "that it is settled")
        same({alert["id"]: alert["who"] for alert in chain.alerts() if alert["who"]}, {taken: "Olga Zając"}, "what was taken, by whom")
        faults += _staff_faults(browser, chain, {"alerts": ("/alerts", ""), "all": ("/alerts?all=1", ""), "new": (f"/alerts/{new}", ""),
                                                 "taken": (f"/alerts/{taken}", ""), "settled": (f"/alerts/{settled}", ""),
                                                 "none": ("/alerts/99999", ""), "report": ("/report", "")})
        browser.open(f"http://{chain.place}/staff/alerts")
        browser.click("form[action='/staff/leave'] button")
        await_that(lambda: browser.run("return document.querySelector('#passphrase') !== null"), "the way in again")
        same(faults, [], "what axe-core and the eye find")


def dark_and_forced_colours_and_four_hundred_percent_hold():
    with _shop() as office, Browser(AXE) as browser:
        url, faults = f"http://{office.host}:{office.port}", []
        for (name, (path, _)), language in itertools.product(_states(office).items(), ("en", "fa")):
            for settings in ({"dark": True}, {"forced": True}, {"width": 320, "height": 256, "zoom": 4}):
                browser.be(**{"width": 375, **settings})
                browser.open(url + _with_language(path, language))
                faults += [f"{name} {language} {settings}: {fault}" for fault in browser.violations()]
                if settings.get("dark") or settings.get("forced"):
                    browser.picture(os.path.join(SCRATCH, "pages", f"{name}.{language}.{next(iter(settings))}.png"))
                faults += [f"{name} {language} {settings}: wider than the screen"] if browser.is_too_wide() else []
        same(faults, [], "what axe-core and the eye find")


def grades_are_as_wide_as_a_thumb():
    with _shop() as office, Browser(AXE) as browser:
        browser.be(320)
        browser.open(f"http://{office.host}:{office.port}/{office.codes[0]}")
        sizes = browser.run("return [...document.querySelectorAll('.s button')].map(b => b.getBoundingClientRect()).map(r => [r.width, r.height])")
        same(len(sizes), 5, "grades")
        want(all(width >= 44 and height >= 44 for width, height in sizes), f"sizes: {sizes}")


def a_visit_works_without_scripts_and_by_keyboard():
    for scripts in (True, False):
        with Office() as office, Browser(AXE) as browser:
            url = f"http://{office.host}:{office.port}/"
            browser.be(375, scripts=scripts)
            browser.open(url + "?l=fr")
            browser.type("#code", office.line["codes"][0].lower())
            browser.press("\ue007")                     # enter
            await_that(lambda: browser.at.startswith(url + "1"), "the question")
            browser.press("\ue004")                     # tab: the first grade
            browser.press("\ue004")
            browser.press(" ")
            await_that(lambda: browser.at.count("/") == 4, "the page behind the tap")
            want("enregistrée" in browser.text(), f"still in French: {browser.text()}")
            k = browser.at
            browser.open(k)                              # reloaded
            browser.type("#why", "Trop long")
            browser.click("form .g")
            await_that(lambda: "done=1" in browser.at, "the last page")
            told = json.loads(office.kwit("report", "alerts", "--json"))["alerts"]
            same([(alert["csat"], alert["comment"]) for alert in told], [(2, "Trop long")], "what was heard")


def paper_opens_a_page_whose_answer_reaches_somebody():
    with Demo() as demo, Browser(AXE) as browser:
        browser.be(375)
        browser.open(demo.address())
        browser.click("button[value='1']")
        await_that(lambda: browser.at.count("/") == 4, "the page behind the tap")
        browser.type("#why", "The coffee was cold")
        browser.click("form .g")
        await_that(lambda: "The coffee was cold" in demo.kwit("office", "report", "alerts"), "an alert")
        mail = os.path.join(demo.place, "shop/office/mail/alert-1.eml")
        await_that(lambda: os.path.exists(mail), "a mail")
        browser.open(re.search(r"http://\S+/a/[0-9a-f]+", open(mail, encoding="utf-8").read()).group(0))
        same(browser.violations(), [], "the page of the link")
        browser.type("#who", "Ewa")
        browser.click("button[value='take']")
        await_that(lambda: "Ewa" in browser.text(), "who took it")
        same(browser.violations(), [], "the page of who took it")
        browser.type("#reply", "The next one is on us.")
        browser.click("button[value='reply']")
        browser.open(demo.address())
        want("The next one is on us." in browser.text(), "the same receipt shows the reply")


if __name__ == "__main__":
    run_tests(globals())
