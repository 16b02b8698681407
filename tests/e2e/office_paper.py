"""The one command of the README: paper whose code opens the page, an answer, an alert, the report, the sale at the till."""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position


class Demo:
    """`make office-demo` until it is ended; what is on its paper is read by zbar."""

    def __init__(self):
        self.place = os.path.join(tempfile.mkdtemp(dir=SCRATCH), "demo")
        self.process = subprocess.Popen(["sh", os.path.join(ROOT, "tests/office_demo.sh"), os.path.dirname(os.path.abspath(KWIT))],
                                        stdout=subprocess.PIPE, env={**os.environ, "OFFICE_DEMO": self.place}, text=True)
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("Ctrl-C"):
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def kwit(self, who, *words):
        state = os.path.join(self.place, "shop", who)
        config = os.path.join(self.place, "till.conf" if who == "till" else "shop/office/kwit.conf")
        return subprocess.run([KWIT, "--config", config, "--state", state, *words], capture_output=True, check=True, text=True).stdout

    def address(self):
        code = subprocess.run(["zbarimg", "-q", "--raw", os.path.join(self.place, "paper/0001.png")], capture_output=True, check=True, text=True)
        return code.stdout.strip()


def from_paper_to_somebody_who_reacts():
    with Demo() as demo:
        want("printed, and the printer confirmed it" in demo.said, demo.said)
        before = json.loads(demo.kwit("office", "report", "--json"))["total"]
        url = demo.address()
        want(url in demo.said and url.startswith("http://127.0.0.1:"), url)
        with urllib.request.urlopen(url) as page:
            k = re.search(r'name=k value="([0-9a-f]+)"', page.read().decode()).group(1)
        with urllib.request.urlopen(url, urllib.parse.urlencode({"csat": 2, "k": k}).encode()) as page:
            place, text = page.url, page.read().decode()
        want("answer is saved" in text, text)
        with urllib.request.urlopen(place, urllib.parse.urlencode({"comment": "The coffee was cold", "next": 0}).encode()) as page:
            want("all saved" in page.read().decode(), "the page behind the words")
        await_that(lambda: "The coffee was cold" in demo.kwit("office", "report", "alerts"), "an alert, once the sale has come over")
        mail = os.path.join(demo.place, "shop/office/mail/alert-1.eml")
        await_that(lambda: os.path.exists(mail), "a mail")
        link = re.search(r"http://\S+/a/[0-9a-f]+", open(mail, encoding="utf-8").read()).group(0)
        with urllib.request.urlopen(link, b"do=take&who=Ewa") as page:
            code = re.search(r"<bdi>([0-9A-Z]{4}(-[0-9A-Z]{4}){4})</bdi>", page.read().decode()).group(1)
        after = json.loads(demo.kwit("office", "report", "--json"))["total"]
        same((after["answers"] - before["answers"], after["sales"] - before["sales"]), (1, 1), "the report")
        found = json.loads(demo.kwit("till", "survey", "find", code, "--json"))
        want(found["id"].startswith("demo-") and found["till"] == "9", f"the sale at the till: {found}")


if __name__ == "__main__":
    run_tests(globals())
