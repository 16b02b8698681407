"""streams.py - for the end-to-end tests: another program's stream with the invitation, and its paper before and after."""
import json
import os
import subprocess

from kwit import KWIT, SCRATCH, same, want
from png import read_png

MODEL = "tm-t20iii"


def append(shop, data, *arguments):
    answer = shop.kwit("append", "--in", "-", "-o", os.path.join(shop.place, "out"), "--profile", MODEL, "--json",
                       *arguments, document=data)
    same(answer.exit, 0, f"append ({answer.text})")
    with open(os.path.join(shop.place, "out"), "rb") as file:
        return json.loads(answer.text), file.read()


def _paper(data, name):
    folder = os.path.join(SCRATCH, f"paper-{name}")
    subprocess.run([KWIT, "simulate", "--profile", MODEL, "--input", "-", "--out", folder], input=data, check=True,
                   capture_output=True)
    pieces = sorted(file for file in os.listdir(folder) if file.endswith(".png"))
    with open(os.path.join(folder, "events.jsonl"), encoding="utf-8") as file:
        marks = [event["event"] for event in map(json.loads, file) if event["event"] in ("cut", "drawer", "reply")]
    return [os.path.join(folder, piece) for piece in pieces], marks


def _rows(path):
    return [bytes(row) for row in read_png(path)]


def check_paper(before, after, name):
    """All rows of the old paper in their order, and between two of them the band."""
    old_pieces, old_marks = _paper(before, f"{name}-old")
    new_pieces, new_marks = _paper(after, f"{name}-new")
    same(new_marks, old_marks, f"{name}: cuts and pulses")
    same(len(new_pieces), len(old_pieces), f"{name}: pieces")
    old, new = _rows(old_pieces[0]), _rows(new_pieces[0])
    added = len(new) - len(old)
    above = next((y for y, row in enumerate(old) if row != new[y]), len(old))
    want(added > 0 and old[above:] == new[above + added:] or any(
        old[:y] == new[:y] and old[y:] == new[y + added:] for y in range(above + 1)), f"{name}: the old rows are not there")
    for old_piece, new_piece in zip(old_pieces[1:], new_pieces[1:]):
        want(_rows(new_piece) == _rows(old_piece), f"{name}: a later piece")
    read = subprocess.run(["zbarimg", "-q", "--raw", new_pieces[0]], capture_output=True, text=True, check=False).stdout
    want("FB.EXAMPLE/" in read, f"{name}: the symbol reads {read!r}")
