"""kwit config check and show: every fault named with its file and line, every key shown with where it was said."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, SCRATCH, Answer, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position


def _config(text, *arguments):
    place = os.path.join(SCRATCH, "kwit.conf")
    with open(place, "w", encoding="utf-8") as file:
        file.write(text)
    return Answer(subprocess.run([KWIT, "--config", place, "config", *arguments], capture_output=True, timeout=20, check=False))


def a_good_configuration_has_nothing_at_fault():
    answer = _config("[printer]\nuri = usb:\nprofile = generic\n", "check")
    same(answer.exit, 0, f"check ({answer.text})")
    want("nothing is at fault" in answer.text, answer.text)


def a_printer_is_described_in_a_line():
    """Accepted by check, laid out by, and remembered by the queue when it cannot be reached."""
    text = "generic-80 width=512 cut=partial tables=0:cp437"
    shop = Shop(printer="tcp://127.0.0.1:9", survey=False, profile=text)
    same(shop.kwit("config", "check").exit, 0, "check")
    path = os.path.join(shop.place, "x.txt")
    same(shop.kwit("preview", "-", "-o", path, document=tiny("1")).exit, 0, "preview")
    with open(path, encoding="utf-8") as file:
        same(max(len(line.rstrip("\n")) for line in file), 42, "columns of 512 dots")
    _, line = shop.print(tiny("1"), "--timeout", "1", "--no-wait")
    same((line["outcome"], line["paper_mm"] > 0), ("queued", True), "kept")
    broken = _config("[printer]\nprofile = generic-80 widht=512\n", "check")
    same(broken.exit, 78, "a fault in the description")
    want("widht=512" in broken.text and "kwit.conf:2" in broken.text, broken.text)


def every_fault_is_told_at_once():
    answer = _config("[printer]\nconfrim = auto\nuri = gopher://x\n\n[nosuch]\na = 1\n[printer kitchen]\nprofile = tm-none\n"
                     "[receipt]\nid_scope = weekly\n[survey]\nrate = 200%\n", "check")
    same(answer.exit, 78, "check")
    for place, words in ((2, "confirm"), (3, "gopher"), (5, "nosuch"), (8, "tm-none"), (10, "forever|business_day"), (12, "percentage")):
        lines = [line for line in answer.text.split("\n") if f"kwit.conf:{place}:" in line]
        want(lines and words in lines[0], f"line {place} is not told with {words}: {answer.text}")
    line = json.loads(_config("[nosuch]\n", "check", "--json").out)
    same((line["ok"], len(line["faults"])), (False, 1), "the JSON line")


def _print(*arguments):
    return Answer(subprocess.run([KWIT, *arguments, "--json"], capture_output=True, timeout=20, check=False))


def an_address_that_is_none_is_told_and_keeps_no_receipt():
    place, state = os.path.join(SCRATCH, "kwit.conf"), os.path.join(SCRATCH, "addresses")
    sale = os.path.abspath("tests/fixtures/sales/example.json")
    for uri in ("gopher://x", "tcp://", "tcp://h:99999", "usb:zzzz", "serial:ttyS0", "serial:/dev/null?baud=123", "sim:"):
        answer = _config(f"[printer]\nuri = {uri}\n", "check")
        want(answer.exit == 78 and "kwit.conf:2:" in answer.text, f"config check of {uri}: {answer.text}")
        configured = _print("--config", place, "--state", state, "print", sale)
        same((configured.exit, configured.line["reason"], configured.line["kept"]), (78, "config", False), f"configured {uri}")
        said = _print("--state", state, "print", sale, "--printer", uri)
        same((said.exit, said.line["reason"], said.line["kept"]), (64, "usage", False), f"--printer {uri}")


def show_tells_where_each_value_was_said():
    answer = _config("[store]\nname = Shop\nheader = one\nheader = two\n[printer bar]\nuri = usb:\n", "show", "--origin", "--json")
    same(answer.exit, 0, "show")
    entries = {(entry["section"], entry["key"]): entry for entry in answer.line["entries"]}
    want(entries["store", "name"]["origin"].endswith("kwit.conf:2"), entries["store", "name"])
    same(entries["store", "phone"]["origin"], "default", "an unsaid key")
    want(("printer bar", "uri") in entries and ("printer", "uri") in entries, "both printers")


def what_show_prints_is_a_configuration_again():
    first = _config("[store]\nname = Shop ; 1\nheader = one\nheader = two\n[printer]\ntimeout = 20 s\n[survey]\n"
                    "url = https://x.example/{token}\nvariants = a, b\n[variant b]\ntitle = Hi\n", "show").out.decode()
    again = _config(first, "show").out.decode()
    same(again, first, "show of what show printed")
    same(_config(first, "check").exit, 0, "check of what show printed")


run_tests(globals())
