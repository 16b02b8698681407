"""The office's two users, with the rights that the units give: each does its work, and neither reads what is the other's.

The users are numbers without names. What a unit says of users, groups, modes and the umask is read from the unit.
"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, SCRATCH, await_that, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from office_loop import NUMBER, Post, Staffed      # noqa: E402  pylint: disable=wrong-import-position

IDS = {"kwit-office": 61001, "kwit-staff": 61002}
STRANGER = {"user": 61003, "group": 61003, "extra_groups": []}


def _unit(name, key, default=None):
    with open(os.path.join(ROOT, f"udev/{name}.service.in"), encoding="utf-8") as file:
        found = re.search(rf"^{key}=(.*)$", file.read(), re.M)
    return found.group(1) if found else default


def _as(name):
    """What systemd makes of a unit's process, for Popen."""
    user = _unit(name, "User")
    return {"user": IDS[user], "group": IDS[_unit(name, "Group", user)], "extra_groups": [],
            "umask": int(_unit(name, "UMask"), 8)}


PAGES, STAFF = _as("kwit-office"), _as("kwit-staff")


class TwoUsers(Staffed):
    """The state as root's commands made it, given to the units' users as systemd gives it."""

    pages_as, staff_as = PAGES, STAFF

    def hand_over(self, place):
        os.chmod(os.path.dirname(place), 0o755)
        os.chmod(place, 0o755)
        for name, unit in (("office", "kwit-office"), ("staff", "kwit-staff")):
            top, who = os.path.join(place, name), _as(unit)
            for directory, _, files in os.walk(top):
                for path in [directory, *(os.path.join(directory, file) for file in files)]:
                    os.chown(path, who["user"], who["group"], follow_symlinks=False)
            os.chmod(top, int(_unit(unit, "StateDirectoryMode"), 8))


def _try(who, *command):
    return subprocess.run(command, capture_output=True, text=True, check=False, **who)


def _refused(who, path, text):
    run = _try(who, "/bin/cat", path)
    want(run.returncode != 0 and run.stdout == "" and "ermission denied" in run.stderr, f"{text}: {run}")


def two_users_bring_an_answer_to_somebody_who_reacts():
    with Post() as post, TwoUsers(url="https://fb.corner.example", mail_server=f"smtp://127.0.0.1:{post.port}", alert_wait="0 s") as office:
        office.answer(office.codes[0], 1, comment="Too long", contact=NUMBER, consent=1)
        await_that(lambda: any("asks to be contacted" in mail for _, _, mail in post.mails), "a mail about the wish")
        mail = next(mail for _, _, mail in post.mails if "asks to be contacted" in mail)
        link = re.search(r"https://fb\.corner\.example(/a/[0-9a-f]+)", mail).group(1)
        same(office.at_link("POST", link, {"do": "take", "who": "Ewa"})[0], 303, "taken")
        want(NUMBER in office.at_link("GET", link)[2], "the staff's user opens the address")
        same(office.at_link("POST", link, {"do": "reply", "reply": "Come again"})[0], 303, "a reply")
        want("Come again" in office.pages.ask("GET", "/" + office.codes[0])[2], "the pages' user reads what the staff's wrote")
        same(office.at_link("POST", link, {"do": "close"})[0], 303, "closed")


def neither_reads_what_is_the_others():
    with TwoUsers() as office:
        office.answer(office.codes[0], 1, contact=NUMBER, consent=1)
        alert = str(office.rows("SELECT max(id) FROM alert")[0][0])
        contact = (KWIT, *office.pages.files, "office", "contact", alert, "--key", office.key)
        want(NUMBER in _try(STAFF, *contact).stdout, "the staff's key opens the address")
        refused = _try(PAGES, *contact)
        want(refused.returncode != 0 and NUMBER not in refused.stdout + refused.stderr, f"the pages' user opens an address: {refused}")
        for who in (PAGES, STRANGER):
            _refused(who, office.key, "the staff's key")
            _refused(who, f"/proc/{office.staff.pid}/mem", "the memory that holds it")
        keys = [os.path.join(office.pages.state, "office.key")]
        for directory, _, files in os.walk(os.path.join(office.pages.state, "keys")):
            keys += [os.path.join(directory, file) for file in files]
        want(len(keys) > 1, f"the tills' keys: {keys}")
        for who in (STAFF, STRANGER):
            for path in [*keys, f"/proc/{office.pages.process.pid}/mem"]:
                _refused(who, path, "what the pages alone need")
        checked = _try(PAGES, KWIT, *office.pages.files, "office", "check").stderr
        want("may not read that journal" in checked and "root asks" not in checked, f"the till's journal: {checked}")
        checked = _try({}, KWIT, *office.pages.files, "office", "check").stderr
        want(f"setpriv --reuid {PAGES['user']} --regid {PAGES['group']} " in checked, f"as root: {checked}")
        for name in os.listdir(office.pages.state):
            _refused(STRANGER, os.path.join(office.pages.state, name), "the state")


def what_root_puts_into_the_state_is_read_by_the_unit():
    root = {"umask": 0o077}
    with TwoUsers() as office:
        till = tempfile.mkdtemp(dir=SCRATCH)
        key = os.path.join(till, "exported.key")
        for words in (("--state", till, "survey", "key", "new", "--epoch", "7"), ("--state", till, "survey", "key", "export", "--epoch", "7", "-o", key),
                      (*office.pages.files, "survey", "key", "import", key), (*office.pages.files, "office", "erase", office.codes[1])):
            run = _try(root, KWIT, *words)
            same(run.returncode, 0, f"{words}: {run.stderr}")
        code = _try(root, KWIT, "--state", till, "survey", "token", "encode", "--epoch", "7", "--handle", "1", "--day", "1000", "--seq", "1", "--variant", "0")
        want("do not know" not in office.pages.ask("GET", "/" + code.stdout.split()[0])[2], "a code of the new epoch is known at once")
        strange = [path for directory, folders, files in os.walk(office.pages.state) for path in (os.path.join(directory, name) for name in folders + files)
                   if os.stat(path).st_uid == 0]
        same(strange, [], "what the unit's user finds there that is root's")


def the_socket_is_its_groups():
    program = "import socket,sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); " \
              "s.sendall(b'GET /none HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n'); print(s.recv(12).decode())"
    with TwoUsers() as office:
        place = tempfile.mkdtemp(dir=SCRATCH)
        os.chown(place, PAGES["user"], PAGES["group"])
        os.chmod(place, 0o755)                  # as /run is: whoever knows the path finds it
        path = os.path.join(place, "socket")
        office.pages.end()
        with subprocess.Popen([KWIT, *office.pages.files, "office", "serve", "--listen", f"unix:{path}", "--json"],
                              stdout=subprocess.PIPE, **PAGES) as serving:
            try:
                want(path in serving.stdout.readline().decode(), "it listens")
                same(_try(STAFF, "/usr/bin/python3", "-c", program, path).stdout, "HTTP/1.1 404\n", "who is of the group")
                run = _try(STRANGER, "/usr/bin/python3", "-c", program, path)
                want(run.returncode != 0 and run.stdout == "" and "PermissionError" in run.stderr, f"who is not: {run}")
            finally:
                serving.terminate()


run_tests(globals())
