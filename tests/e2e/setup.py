"""kwit setup: every question has an option, the answers are checked before anything is written, the configuration is one
that `config check` takes, the first receipt comes out and never counts, and at a terminal the same is asked."""
import json
import os
import pty
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, SCRATCH, Answer, check_line, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

LINK = "https://fb.example/{token}"


def _place():
    return tempfile.mkdtemp(prefix="first-", dir=SCRATCH)


def _kwit(place, *arguments, **options):
    command = [os.path.abspath(KWIT), "--config", os.path.join(place, "etc/kwit.conf"), "--state", os.path.join(place, "state"), *arguments]
    return Answer(subprocess.run(command, capture_output=True, check=False, timeout=120,
                                 **{"input": b"", "cwd": place, **options}))


def _paper(place):
    return "".join(open(os.path.join(place, "paper", name), encoding="utf-8").read()
                   for name in sorted(os.listdir(os.path.join(place, "paper"))) if name.endswith(".txt"))


def every_answer_can_be_an_option():
    place = _place()
    answer = _kwit(place, "setup", "--name", "Pod Lipą", "--language", "pl", "--url", LINK, "--printer", "sim:paper",
                   "--profile", "tm-t20iii", "--json")
    same(answer.exit, 0, f"setup ({answer.text})")
    line = answer.line
    check_line(line["print"])
    same((line["currency"], line["locale"], line["key_made"], line["print"]["outcome"]), ("PLN", "pl-PL", True, "printed"), "the line")
    text = _paper(place)
    want("Pod Lipą" in text and "zł" in text and "SZKOLENIE" in text, f"the first receipt: {text}")
    same(_kwit(place, "config", "check").exit, 0, "config check of what was written")
    same(line["print"]["survey"]["reason"], "training", "it never counts")
    want(_kwit(place, "survey", "key", "list").text.count("in force") == 1, "the key")


def a_sale_after_it_is_invited():
    place = _place()
    same(_kwit(place, "setup", "--name", "S", "--url", LINK, "--printer", "sim:paper").exit, 0, "setup")
    line = _kwit(place, "print", "-", "--json", input=json.dumps(tiny("A")).encode()).line
    want(line["survey"]["invited"] and line["survey"]["url"].startswith("https://fb.example/"), f"{line}")


def no_configuration_is_written_over_and_none_is_left_by_a_wrong_answer():
    place = _place()
    for wrong, words in ((["--language", "xx"], "--language"), (["--currency", "EURO"], "--currency"), (["--url", "https://x.example/"], "{token}"),
                         (["--printer", "gopher://x"], "printer address"), (["--profile", "tm-none"], "tm-none"), (["--name", "a\nb"], "--name"),
                         (["--name", "  "], "is missing"), (["--name", b"Caf\xe9"], "not UTF-8")):
        answer = _kwit(place, "setup", "--printer", "sim:paper", "--name", "S", *wrong)
        same(answer.exit, 64, f"{wrong} ({answer.text})")
        want(words in answer.text, f"{wrong}: {answer.text}")
        want(not os.path.exists(os.path.join(place, "etc")), f"{wrong}: something was written")
    same(_kwit(place, "setup", "--printer", "sim:paper").exit, 64, "without a name")
    same(_kwit(place, "setup", "--printer", "sim:paper", "--name", "S", "--no-print").exit, 0, "setup")
    want(not [name for name in os.listdir(os.path.join(place, "paper")) if name.endswith(".txt")], "--no-print printed")
    again = _kwit(place, "setup", "--printer", "sim:paper", "--name", "Other")
    want(again.exit == 65 and "--config FILE" in again.text, f"a second one: {again.exit} {again.text}")
    with open(os.path.join(place, "etc/kwit.conf"), encoding="utf-8") as file:
        want("name = S\n" in file.read(), "the first stays")


def what_could_not_be_written_whole_is_not_left():
    place = _place()
    command = [os.path.abspath(KWIT), "--config", "etc/kwit.conf", "--state", "state", "setup", "--name", "S", "--printer", "sim:paper"]
    full = Answer(subprocess.run(["sh", "-c", 'ulimit -f 0; exec "$@"', "-", *command], cwd=place, capture_output=True, check=False))
    want(full.exit == 74 and "cannot be written" in full.text, f"no room: {full.exit} {full.text}")
    same(_kwit(place, "setup", "--name", "S", "--printer", "sim:paper", "--no-print").exit, 0, "once there is room")


def _at_a_terminal(place, typed):
    master, terminal = pty.openpty()
    with subprocess.Popen([os.path.abspath(KWIT), "--config", os.path.join(place, "etc/kwit.conf"), "--state", os.path.join(place, "state"), "setup"],
                          stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=place,
                          env={**os.environ, "LC_ALL": "fr_CA.UTF-8"}) as process:
        os.close(terminal)
        os.write(master, typed)
        told = process.communicate(timeout=120)[0].decode()
    os.close(master)
    return process.returncode, told


def at_a_terminal_it_asks():
    place = _place()
    code, told = _at_a_terminal(place, "Café\n\nEUR\n\nsim:paper\n".encode())
    same(code, 0, told)
    for words in ("shop's name", "[fr-CA]", "currency", "{token}", "[usb:]", "first receipt", "kwit print SALE.json --json"):
        want(words in told, f"{words} is not in {told}")
    text = _paper(place)
    want("Café" in text and "€" in text, f"the first receipt: {text}")
    code, told = _at_a_terminal(_place(), b"Caf\x04\x04")
    same((code, "nothing was written" in told), (64, True), told)


def the_smallest_sale_that_it_tells_prints():
    place = _place()
    told = _kwit(place, "setup", "--name", "S", "--printer", "sim:paper").out.decode()
    smallest = told[told.index("{"):told.rindex("}") + 1]
    same(json.loads(smallest)["id"], "S-1", "the document")
    same(_kwit(place, "print", input=smallest.encode()).exit, 0, "printing it")
    os.mkdir(os.path.join(place, "elsewhere"))
    document = json.dumps(tiny("S-2")).encode()
    same(_kwit(place, "print", input=document, cwd=os.path.join(place, "elsewhere")).exit, 0, "printing from another place")
    same(os.listdir(os.path.join(place, "elsewhere")), [], "what a till leaves where it is called")


run_tests(globals())
