"""printers.py - receipts as a shop has its printer: upside down, small, large, red; on wires; on a board without jumps.

The codes of each paper are read by zbarimg, which is of another house.
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, skip, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

if not shutil.which("zbarimg"):
    skip("no zbarimg")

LINES = [{"name": "Bread", "total": "2.50"}, {"name": "Żurek", "total": "11.00"}]


def _codes(shop):
    names = [os.path.join(shop.paper, name) for name in shop.pieces()]
    read = subprocess.run(["zbarimg", "-q", "--raw", *names], capture_output=True, check=False)
    return read.stdout.decode()


def _print(profile, keys="", more="", *arguments, **fields):
    shop = Shop(profile=profile, more=f"[printer]\n{keys}\n{more}")
    status, line = shop.print(tiny("1", locale="pl-PL", lines=LINES, **fields), *arguments)
    want(status == 0 and line["outcome"] in ("printed", "sent"), f"{profile}, {keys}: {line['message']}")
    return shop


def every_code_is_read_however_the_receipt_is_printed():
    for profile, keys, more in (("tm-t88v", "upside_down = yes", ""), ("pos-80", "upside_down = yes", ""), ("tm-u220", "", ""),
                                ("tm-u220-42", "", ""), ("nt-5890k", "", ""), ("tm-t20iii", "", "[receipt]\nfont = small\n"),
                                ("tm-t20iii", "", "[receipt]\nfont = large\n"), ("pos-58", "", "[receipt]\nfont = large\n")):
        shop = _print(profile, keys, more)
        want("HTTPS://FB.EXAMPLE/" in _codes(shop), f"{profile}, {keys}{more}: no code is read")
        same([event["reason"] for event in shop.events("warning")], [], f"{profile}, {keys}{more}: what the printer minds")


def a_turned_receipt_comes_from_its_end():
    shop = _print("tm-t88v", "upside_down = yes")
    lines = shop.events("text")
    want(all(event.get("upside_down") for event in lines), "every line is turned")
    at = {event["text"].split()[0]: event["y"] for event in lines if event["text"].strip()}
    want(at["Bread"] > at["SUMA"], f"the total stands above what was bought: {at}")


def a_face_is_that_of_the_whole_receipt():
    small, large = (_print("tm-t20iii", "", f"[receipt]\nfont = {face}\n") for face in ("small", "large"))
    same([event for event in small.events("text") if event["font"] != "B"], [], "small is font B")
    want(all(event["width"] >= 2 and event["height"] >= 2 for event in large.events("text")), "large is twice as large")


def a_preview_is_the_paper_that_comes_out():
    for face in ("small", "usual", "large"):
        shop = Shop(survey=False, profile="tm-t20iii", more=f"[receipt]\nfont = {face}\n")
        document, picture = tiny("1", locale="pl-PL", lines=LINES), os.path.join(shop.place, "preview.png")
        same((shop.print(document)[0], shop.kwit("preview", "-o", picture, document=document).exit), (0, 0), face)
        with open(picture, "rb") as one, open(os.path.join(shop.paper, "0001.png"), "rb") as two:
            want(one.read() == two.read(), f"the preview of a {face} face is another paper than comes out")


def a_ticket_sounds_and_a_receipt_does_not():
    for arguments, sounds in (((), 0), (("--station", "kitchen"), 1)):
        shop = _print("pos-80", "buzzer = tickets", "", *arguments)
        same(len(shop.events("buzzer")), sounds, f"the buzzer of {arguments}")


def density_and_speed_are_told():
    shop = _print("tm-t20iii", "density = -2\nspeed = slow")
    same([event["percent"] for event in shop.events("density")][:1], [80], "density")
    same([event["step"] for event in shop.events("speed")][:1], [1], "speed")


run_tests(globals())
