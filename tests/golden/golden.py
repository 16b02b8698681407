"""golden.py check|write - twelve receipts on three models, byte by byte and dot by dot, and the README's five pictures.

Whoever changes what is printed sees it here: `check` names the first thing on paper that is not as it was, and `write`
(`make golden`) makes the references anew, so that the change of the pictures stands in the same commit and is looked at.
Dots that kwit draws come from libraries and fonts. libraries.txt holds the releases that drew the references; with any
other a receipt passes when its text is the same and everything on it stands where it stood and is as large, within a
few dots.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, SCRATCH, Failed, Shop, run_tests, same, want     # noqa: E402  pylint: disable=wrong-import-position
from rows import write_numbers                                            # noqa: E402  pylint: disable=wrong-import-position
from png import read_png                                                # noqa: E402  pylint: disable=wrong-import-position

RECEIPTS = ["example", "cafe-pl", "diner-us", "gift", "hotel-it", "kitchen-order", "konbini-jp", "market-de", "market-fa",
            "refund-fr", "restaurant-es", "shop-ru"]
MODELS = ["tm-t20iii", "tm-t88v", "pos-58"]         # 80 mm of 203 dpi, 80 mm of 180 dpi, 58 mm without a cutter or QR codes
PICTURES = ["en-GB", "pl-PL", "fr-FR", "ru-RU", "fa-IR", "vi-VN"]
LIBRARIES = ["libraqm0", "libharfbuzz0b", "libfreetype6", "libfribidi0", "libqrencode4", "libzint2.11", "fonts-dejavu-core",
             "fonts-noto-core", "fonts-noto-mono", "fonts-noto-cjk", "fonts-symbola", "fonts-unifont", "xfonts-terminus", "unifont"]
PLACE = os.path.join(ROOT, "tests/golden")
SETTINGS = "[survey]\nurl = HTTPS://FB.EXAMPLE/{token}\naddress = fb.example\nhelp = +44 20 7946 0000\n"
# How far drawn things may move or grow from one release of a library to another, in dots; and their ink, as a share.
DOTS, INK = 4, 0.25
HINT = "if that is meant: `make golden`, look at the pictures, commit them with the change"


def _cases():
    """(name, document, model, endings) of everything that has a reference."""
    for model in MODELS:
        for receipt in RECEIPTS:
            yield f"{PLACE}/{model}/{receipt}", f"tests/fixtures/sales/{receipt}.json", model, (".bin", ".png")
    for tag in PICTURES:
        yield f"{ROOT}/tests/pictures/{tag}", f"tests/pictures/{tag}.json", "tm-t20iii", (".png",)


def _preview(shop, document, model, path):
    answer = shop.kwit("preview", os.path.join(ROOT, document), "--profile", model, "-o", path)
    same(answer.exit, 0, f"preview of {document} on {model} ({answer.text})")


def _libraries():
    """One line for each library and font that draws; none where the machine does not tell."""
    try:
        run = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *LIBRARIES], capture_output=True, check=False)
    except FileNotFoundError:
        return ""
    return "".join(sorted(run.stdout.decode().splitlines(keepends=True)))


def _read(path):
    with open(path, "rb") as file:
        return file.read()


class _Paper:
    """What a printer of this model makes of a stream: its events, and its picture by rows of dots."""

    def __init__(self, shop, model, stream):
        with tempfile.TemporaryDirectory(dir=SCRATCH) as place:
            answer = shop.kwit("simulate", "--profile", model, "--input", "-", "--out", place, document=stream)
            same(answer.exit, 0, f"simulating {model} ({answer.text})")
            with open(f"{place}/events.jsonl", encoding="utf-8") as file:
                self.events = [json.loads(line) for line in file]
            pieces = sorted(name for name in os.listdir(place) if name.endswith(".png"))
            self.pictures = [read_png(f"{place}/{name}") for name in pieces]

    def ink(self, event):
        rows = self.pictures[event["piece"] - 1]
        return sum(sum(row[event["x"]:event["x"] + event["width"]]) for row in rows[event["y"]:event["y"] + event["height"]])


def _drawn(event):
    return event["event"] == "image"


def _moved(one, other):
    """The member in which two events of a stream differ, if any; dots that kwit drew may move a little."""
    for member in sorted(set(one) | set(other)):
        if member in ("offset", "mm"):
            continue
        left, right = one.get(member), other.get(member)
        near = member in ("x", "y") or _drawn(one) and member in ("width", "height")
        if left != right and not (near and None not in (left, right) and abs(left - right) <= DOTS):
            return member
    return None


def _difference(wanted, found):
    """The first thing on the paper that is not where, what or as large as it was; None where nothing is."""
    for number, (one, other) in enumerate(zip(wanted.events, found.events)):
        member = _moved(one, other)
        if member:
            return f"event {number + 1}: {member} is {other.get(member)!r}, was {one.get(member)!r} in {one}"
        if _drawn(one) and abs(wanted.ink(one) - found.ink(other)) > INK * wanted.ink(one) + 8:
            return f"event {number + 1}: {found.ink(other)} black dots, were {wanted.ink(one)} in {one}"
    if len(wanted.events) != len(found.events):
        shorter, longer = sorted((wanted.events, found.events), key=len)
        return f"{len(found.events)} events, were {len(wanted.events)}; one more is {longer[len(shorter)]}"
    return None


def _first_dot(wanted, found):
    """Where two pictures differ first."""
    if (len(wanted), len(wanted[0])) != (len(found), len(found[0])):
        return f"{len(found[0])} x {len(found)} dots, were {len(wanted[0])} x {len(wanted)}"
    for y, (one, other) in enumerate(zip(wanted, found)):
        if one != other:
            return f"row {y}, dot {next(x for x in range(len(one)) if one[x] != other[x])}"
    return None


def _check_bytes(shop, model, name, found, same_libraries):
    wanted = _read(f"{name}.bin")
    if found != wanted:
        difference = _difference(_Paper(shop, model, wanted), _Paper(shop, model, found))
        want(difference is None, f"{difference}; {HINT}")
        offset = next((at for at, pair in enumerate(zip(wanted, found)) if pair[0] != pair[1]), min(len(wanted), len(found)))
        want(not same_libraries, f"the paper says the same, but byte {offset} differs; {HINT}")


def _check_picture(name, path, same_libraries):
    if _read(f"{name}.png") == _read(path):
        return
    wanted, found = read_png(f"{name}.png"), read_png(path)
    if same_libraries:
        want(wanted == found, f"the picture differs: {_first_dot(wanted, found)}; {HINT}")
    else:
        want(len(wanted[0]) == len(found[0]) and abs(len(wanted) - len(found)) <= 4 * DOTS, f"{_first_dot(wanted, found)}; {HINT}")


def _check(shop, case, same_libraries):
    name, document, model, endings = case
    for ending in endings:
        path = f"{shop.place}/now{ending}"
        _preview(shop, document, model, path)
        if ending == ".bin":
            _check_bytes(shop, model, name, _read(path), same_libraries)
        else:
            _check_picture(name, path, same_libraries)


def _shop():
    return Shop(survey=False, more=SETTINGS)


def every_receipt_is_as_its_reference():
    shop, bad = _shop(), []
    same_libraries = _libraries() == _read(f"{PLACE}/libraries.txt").decode()
    for case in _cases():
        try:
            _check(shop, case, same_libraries)
        except Failed as failure:
            bad.append(f"{os.path.relpath(case[0], ROOT)}: {failure}")
    want(not bad, "\n    ".join(["", *bad]))


def no_reference_is_left_over():
    wanted = {name + ending for name, _, _, endings in _cases() for ending in endings}
    found = {os.path.join(folder, name) for place in (PLACE, f"{ROOT}/tests/pictures")
             for folder, _, names in os.walk(place) for name in names if name.endswith((".bin", ".png"))}
    same(found - wanted, set(), "files that no row of golden.py names")


def another_release_may_move_dots_but_no_words():
    shop, model = _shop(), "tm-t20iii"
    stream = _read(f"{PLACE}/{model}/market-fa.bin")
    paper = _Paper(shop, model, stream)
    picture = next(event for event in paper.events if _drawn(event))
    at = picture["offset"] + 100
    other_dots = stream[:at] + bytes([stream[at] ^ 0x18]) + stream[at + 1:]
    same(_difference(paper, _Paper(shop, model, other_dots)), None, "two other dots")
    ruler = "─".encode("cp437")
    want(stream.count(ruler * 48) > 1, "the receipt has no rules to change")
    for old, new, text in ((ruler * 48, "═".encode("cp437") * 48, "a double rule"), (b"IR-1405", b"IR-1406", "another number")):
        want(_difference(paper, _Paper(shop, model, stream.replace(old, new, 1))) is not None, f"{text} was not seen")
    blank = stream[:picture["offset"]] + stream[next(event["offset"] for event in paper.events if event["offset"] > picture["offset"]):]
    want(_difference(paper, _Paper(shop, model, blank)) is not None, "a picture that is gone was not seen")


def write():
    shop = _shop()
    for name, document, model, endings in _cases():
        os.makedirs(os.path.dirname(name), exist_ok=True)
        for ending in endings:
            _preview(shop, document, model, f"{shop.place}/new{ending}")
            shutil.move(f"{shop.place}/new{ending}", f"{name}{ending}")
    with open(f"{PLACE}/libraries.txt", "w", encoding="utf-8") as file:
        file.write(_libraries())
    write_numbers()


if sys.argv[1:] == ["write"]:
    write()
else:
    run_tests({name: value for name, value in globals().items() if name != "write"})
