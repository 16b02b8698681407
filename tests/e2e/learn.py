"""learn.py - kwit learn: an unknown printer's sheet is read as a person would, and the line that follows prints.

The person of this test looks at the paper that the simulated printer made: its width, its words, its codes, its cuts.
"""
import glob
import json
import os
import re
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from png import read_png     # noqa: E402  pylint: disable=wrong-import-position
from kwit import KWIT, Shop, run_tests, same, skip, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

if not shutil.which("zbarimg"):
    skip("no zbarimg")


def _width_of(picture):
    with open(picture, "rb") as file:
        return struct.unpack(">I", file.read(24)[16:20])[0]


def _event(paper, kind):
    with open(os.path.join(paper, "events.jsonl"), encoding="utf-8") as file:
        return [event for event in map(json.loads, file) if event["event"] == kind]


def _ruler(paper):
    width = _width_of(sorted(glob.glob(os.path.join(paper, "*.png")))[0])
    return "ABCDEF"[sum(w <= width for w in (384, 416, 512, 576, 640, 832)) - 1]


def _text(paper):
    return "".join(open(path, encoding="utf-8").read() for path in sorted(glob.glob(os.path.join(paper, "*.txt"))))


def _columns(paper):
    """Where the printer ended the line, by what it printed in it."""
    return _below(paper, "COUNT").strip()[-3:]


def _below(paper, word):
    return re.search(rf"^ *{word} *\n(.*)$", _text(paper), re.MULTILINE).group(1)


def _place(paper):
    letters, marks = re.search(r"^(ABC.*)\n(-.*\^)$", _text(paper), re.MULTILINE).groups()
    return letters[len(marks) - 1]


def _gap(paper):
    """The white between the bars, by the dots of the pictures."""
    rows = read_png(sorted(glob.glob(os.path.join(paper, "*.png")))[0])
    ink = "".join("1" if sum(row[:24]) == 24 and not any(row[24:]) else "0" for row in rows)
    found = re.search(r"1{96}(0*)1{96}|1{192}", ink)
    dots = len(found.group(1) or "") if found else -1
    return "unclear" if dots < 0 else "none" if dots < 12 else "half" if dots < 72 else "same"


def _behind_blade(paper):
    """Lines of ink on the second piece, whole or in part, but for the last word."""
    rows = read_png(sorted(glob.glob(os.path.join(paper, "*.png")))[1])
    lines = len(re.findall("1+", "".join("1" if any(row) else "0" for row in rows)))
    return str(lines - 1) if lines > 1 else ""


def _table(paper, sample):
    """The first line of the sheet that reads so; what stands in cells without a letter says nothing."""
    text = _text(paper)
    lines = text[text.index("TABLES"):].splitlines()
    for line in lines:
        found = re.fullmatch(r"(\d+): *(.*)", line)
        if found and re.sub("[\\s\ufffd]", "", found.group(2)) == re.sub(r"\s", "", sample):
            return found.group(1)
    return ""


def _length(paper):
    """By a rule laid at the line: its dots by those that the picture says a metre has; those that fit into one only."""
    with open(sorted(glob.glob(os.path.join(paper, "*.png")))[0], "rb") as file:
        data = file.read()
    at = data.find(b"pHYs")
    return str(round(384 * 1000 / struct.unpack(">I", data[at + 4:at + 8])[0])) if at > 0 else ""


def _reads(paper, data):
    pictures = sorted(glob.glob(os.path.join(paper, "*.png")))
    return data in subprocess.run(["zbarimg", "-q", "--raw", *pictures], capture_output=True, check=False, text=True).stdout


def _person(paper, question):
    if "plate" in question:
        return "no"
    if "needles" in question:
        with open(os.path.join(os.path.dirname(paper), "kwit.conf"), encoding="utf-8") as file:
            return "yes" if "profile=tm-u220" in file.read() else "no"
    if "last letter" in question:
        return _ruler(paper)
    if "Which number" in question:
        return _table(paper, re.search(r"before: (.*) \(Enter", question).group(1))
    if "COUNT" in question:
        return _columns(paper)
    if "PLACES" in question:
        return _place(paper)
    if "FEED" in question:
        return _gap(paper)
    if "DRAWN" in question:
        return ("none", "1", "2", "both")[_reads(paper, "kwit drawn 1") + 2 * _reads(paper, "kwit drawn 2")]
    if "QR" in question or "BARS" in question:
        return "yes" if _reads(paper, "kwit learn" if "QR" in question else "KWIT 39") else "no"
    if "BLADE" in question:
        return _behind_blade(paper)
    if "millimetres" in question:
        return _length(paper)
    if "cut" in question:
        cuts = _event(paper, "cut")
        return cuts[0].get("blade", cuts[0]["mode"]) if cuts else "none"
    return "yes" if _event(paper, "drawer") else "no"


def _learn(shop, *options, person=_person):
    """Answers question by question; the lines that were written."""
    path = os.path.join(shop.place, "learnt.conf")
    process = subprocess.Popen([KWIT, "--config", shop.config, "--state", shop.state, "learn", "-o", path, *options],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)
    question = ""
    while True:
        sign = process.stdout.read(1)
        if not sign:
            break
        question += sign
        if question.endswith("? "):
            process.stdin.write(person(shop.paper, question) + "\n")
            process.stdin.flush()
            question = ""
    same(process.wait(), 0, f"learn ({process.stderr.read()})")
    with open(path, encoding="utf-8") as file:
        return file.read()


def what_a_person_sees_is_what_is_written():
    wanted = {"tm-t20iii": ("width=576", "cut=partial", "qr=yes", "bars=yes", "dpi=203", "16:cp1252"),
              "tm-t88v": ("width=512", "cut=partial", "qr=yes", "bars=yes", "dpi=180", "18:cp852", "down=2"),
              "pos-58": ("width=384", "cut=none", "0:cp437"),
              "nt-5890k": ("width=384", "across=0", "down=0"),
              "th230": ("width=572", "cell=13", "pictures=columns", "cut=partial"),
              "pos-80": ("width=576", "cut=partial", "qr=yes", "16:cp1252")}
    unwanted = {"tm-t20iii": ("cell=", "across=", "down=", "pictures="), "pos-80": ("cell=", "across=", "down=", "pictures=")}
    for profile, parts in wanted.items():
        text = _learn(Shop(survey=False, profile=profile))
        for part in parts:
            want(part in text, f"{profile}: no {part} in {text}")
        for part in unwanted.get(profile, ()):
            want(part not in text, f"{profile}: {part} in {text}")


def what_it_says_of_itself_counts_where_its_plate_says_the_same():
    asked = []

    def person(_, question):
        asked.append(question)
        return "yes"

    shop = Shop(survey=False, profile="tm-t88v")
    want("profile = tm-t88v\n" in _learn(shop, person=person), "the row of its model")
    same(len(asked), 1, f"questions: {asked}")
    want("EPSON TM-T88V (profile tm-t88v)" in asked[0], asked[0])
    want(not glob.glob(os.path.join(shop.paper, "*.png")), "paper, though nothing was left to be learnt")


def one_with_needles_is_asked_what_it_can_show():
    pages = "tables=0:cp437,2:cp850,19:cp858,18:cp852,16:cp1252,17:cp866"
    for profile, wanted in (("tm-u220", f"tm-u220 width=400 cut=partial {pages}"),
                            ("tm-u220-42", f"tm-u220-42 width=378 cut=partial {pages}"),
                            ("tm-u220d", f"tm-u220 width=400 cut=none {pages}")):
        shop = Shop(survey=False, profile=profile)
        text = _learn(shop)
        want(f"profile = {wanted}\n" in text, f"{profile}: {text}")
        warnings = [event["reason"] for event in _event(shop.paper, "warning") if "dropped" in event["reason"]]
        want(not [reason for reason in warnings if "GS v" in reason or "ESC $" in reason], f"{profile}: {warnings}")
        with open(shop.config, "a", encoding="utf-8") as file:
            file.write(re.sub(r"^#.*\n", "", text))
        status, line = shop.print(tiny("1", lines=[{"name": "Tea", "total": "1.00"}]))
        same((status, line["outcome"]), (0, "printed"), f"a receipt with it ({line['message']})")
        rows = [row for row in shop.text().splitlines() if row.startswith("Tea")]
        same(len(rows[-1].rstrip()) <= (42 if profile == "tm-u220-42" else 40), True, f"{profile}: {rows}")


def the_blade_is_where_the_lines_behind_the_cut_say():
    """The head of this model stands 106 dots before its blade."""
    feed = int(re.search(r"feed=(\d+)", _learn(Shop(survey=False, profile="tm-t88iii"))).group(1))
    want(106 <= feed < 106 + 48, f"a blade at {feed} dots")


def a_clone_is_believed_in_nothing_that_it_says():
    """Whatever it answers is nonsense; its paper is not."""
    shop = Shop(survey=False, profile="pos-58")
    lying = Shop(printer=shop.uri + "&fault=garbage", survey=False)
    lying.paper = shop.paper
    want("width=384" in _learn(lying), "the paper's own width")


def what_was_learnt_prints():
    shop = Shop(survey=False, profile="tm-t88v")
    text = _learn(shop, "--drawer")
    want("drawer=yes" in text, text)
    with open(shop.config, "a", encoding="utf-8") as file:
        file.write(re.sub(r"^#.*\n", "", text))
    same(shop.kwit("config", "check").exit, 0, "check of what learn wrote")
    status, line = shop.print(tiny("1", locale="pl-PL", lines=[{"name": "Żurek", "total": "1.00"}]))
    same((status, line["outcome"]), (0, "printed"), f"a receipt with it ({line['message']})")
    want("Żurek" in shop.text(), "in the printer's own letters")


def nothing_is_written_of_answers_that_end_early():
    shop = Shop(survey=False)
    path = os.path.join(shop.place, "none.conf")
    same(shop.kwit("learn", "-o", path, document=b"D\n").exit, 64, "one answer")
    same(shop.kwit("learn", "-o", path, document=b"Z\nZ\nZ\n").exit, 64, "three wrong ones")
    want(not os.path.exists(path), "half a profile")


def what_comes_of_the_answers_has_a_place_before_they_are_asked_for():
    shop = Shop(survey=False)
    answer = shop.kwit("learn", "-o", os.path.join(shop.place, "conf.d", "learnt.conf"), document=b"no\n")
    same((answer.exit, answer.text.count("plate")), (74, 0), f"a directory that is not there ({answer.text})")
    want("make its directory first" in answer.text, answer.text)
    with open(shop.config, encoding="utf-8") as file:
        before = file.read()
    answer = shop.kwit("learn", "-o", shop.config, document=b"yes\n")
    same(answer.exit, 64, f"the shop's own configuration ({answer.text})")
    with open(shop.config, encoding="utf-8") as file:
        same(file.read(), before, "the configuration that was named for the lines")


run_tests(globals())
