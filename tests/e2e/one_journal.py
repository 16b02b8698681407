"""One journal: what was printed before the system's directory was there is known after it; a journal that is lost is not
followed by a new one without a word; a backup is whole. Runs with a /var/lib of its own."""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, Answer, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

SYSTEM = "/var/lib/kwit"


class Home(Shop):
    """A user who was told of no state directory."""

    def __init__(self):
        super().__init__(survey=False, more="drain = next-call\n")
        shutil.rmtree(SYSTEM, ignore_errors=True)
        self.own = os.path.join(self.place, ".local/state/kwit/journal.db")

    def kwit(self, *arguments, document=None, home=None):
        environment = {name: value for name, value in os.environ.items() if name not in ("KWIT_STATE_DIR", "XDG_STATE_HOME")}
        return Answer(subprocess.run([KWIT, "--config", self.config, *arguments], capture_output=True, check=False, timeout=60,
                                     input=json.dumps(document).encode(), env=dict(environment, HOME=home or self.place)))


def _codes(line):
    return [warning["code"] for warning in line["warnings"] if warning["code"].startswith("journal_")]


def a_journal_that_was_there_before_the_installation_is_taken_along():
    home = Home()
    same(home.print(tiny("one"))[1]["outcome"], "printed", "before the installation")
    same(home.print(tiny("two"), "--no-wait")[1]["outcome"], "queued", "what waits")
    os.mkdir(SYSTEM)
    looked = home.kwit("doctor")
    want(not os.path.exists(f"{SYSTEM}/journal.db"), "doctor moved the journal")
    want(home.own in looked.text, f"doctor says nothing of {home.own}: {looked.text}")
    _, line = home.print(tiny("one"))
    same((line["outcome"], _codes(line)), ("duplicate", ["journal_moved"]), "the same id after it")
    want([job["id"] for job in home.kwit("queue", "list", "--json").line["jobs"]] == ["two"], "what waited still waits")
    same(home.kwit("--state", os.path.dirname(home.own), "queue", "list", "--json").line["jobs"], [], "and only once")
    _, line = home.print(tiny("two"))
    same((line["outcome"], _codes(line)), ("printed", []), "it prints, and no more is said")
    same(home.kwit("journal", "verify").exit, 0, "the chain")


def a_disk_that_is_not_mounted_is_no_reason_for_a_second_journal():
    home = Home()
    disk = os.path.join(home.place, "disk")
    os.symlink(disk, SYSTEM)
    status, line = home.print(tiny("one"))
    same((status, line["outcome"], os.path.exists(home.own)), (74, "error", False), f"while it is away ({line['message']})")
    want("mount its disk" in line["message"] and "mount its disk" in home.kwit("doctor").text, line["message"])
    os.mkdir(disk)
    same(home.print(tiny("one"))[1]["outcome"], "printed", "once it is there")
    os.unlink(SYSTEM)


def a_second_journal_is_told():
    home = Home()
    home.print(tiny("one"))
    os.mkdir(SYSTEM)
    home.kwit("queue", "list", home="/nonexistent")
    _, line = home.print(tiny("two"))
    same((line["outcome"], _codes(line)), ("printed", ["journal_left"]), "a print")
    want(home.own in line["warnings"][0]["text"], line["warnings"][0]["text"])
    same(_codes(home.kwit("queue", "list", "--json").line), ["journal_left"], "queue list")
    for look in ("queue list", "doctor"):
        want(home.own in home.kwit(*look.split()).text, f"{look} says nothing of it")


def a_journal_that_is_lost_is_told():
    for how in ("removed", "cut to nothing"):
        shop = Shop(survey=False)
        journal = os.path.join(shop.state, "journal.db")
        same(_codes(shop.print(tiny("one"))[1]), [], "a first print")
        if how == "removed":
            os.unlink(journal)
        else:
            os.truncate(journal, 0)
        want("journal" in shop.kwit("doctor").text.split("sales are kept", 1)[1], f"{how}: doctor")
        _, line = shop.print(tiny("one"))
        if how == "removed":
            same((line["outcome"], _codes(line)), ("printed", ["journal_anew"]), how)
        same(_codes(shop.kwit("queue", "list", "--json").line), ["journal_anew"], f"{how}: queue list")
        want("is gone" in shop.kwit("doctor").text, f"{how}: doctor afterwards")


def a_backup_is_whole_and_comes_back():
    shop = Shop(survey=True)
    for name in ("one", "two"):
        same(shop.print(tiny(name))[1]["outcome"], "printed", name)
    copy = os.path.join(shop.place, "copy.db")
    same(shop.kwit("journal", "backup", copy).exit, 0, "a backup")
    same(oct(os.stat(copy).st_mode & 0o777), "0o660", "its rights")
    same(sorted(os.listdir(shop.place)), sorted({"copy.db", "kwit.conf", "paper", "state"}), "what lies beside it")
    again = shop.kwit("journal", "backup", copy, "--json")
    same(again.exit, 64, "a file that is there is not written over")
    same(shop.kwit("journal", "backup", "/nonexistent/copy.db").exit, 74, "a directory that is not there")
    for name in os.listdir(shop.state):
        if name.startswith("journal.db"):
            os.unlink(os.path.join(shop.state, name))
    shutil.copy(copy, os.path.join(shop.state, "journal.db"))
    for name in ("one", "two"):
        _, line = shop.print(tiny(name))
        same((line["outcome"], _codes(line)), ("duplicate", []), "after it was put back")
    same(shop.kwit("journal", "verify").exit, 0, "its chain")


if __name__ == "__main__":
    run_tests(globals())
