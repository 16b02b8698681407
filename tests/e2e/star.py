"""star.py - receipts on printers of Star's languages: proved by their own count, kept when they cannot print."""
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position
from printer import Printer                           # noqa: E402  pylint: disable=wrong-import-position

MODELS = ["tsp100", "tsp650ii-star", "tsp143iv", "mpop", "mc-print3-star"]


def _pages(shop):
    return sorted(glob.glob(os.path.join(shop.paper, "*.png")))


def _codes(shop):
    run = subprocess.run(["zbarimg", "-q", "--raw", *_pages(shop)], capture_output=True, check=False)
    return run.stdout.decode()


def every_model_prints_and_proves_it():
    for model in MODELS:
        shop = Shop(profile=model)
        status, line = shop.print(tiny("1", locale="pl-PL"))
        same((status, line["outcome"], line["warnings"]), (0, "printed", []), f"{model}")
        same(len(_pages(shop)), 1, f"{model}: pieces of paper")
        same([event["mode"] for event in shop.events("cut")], ["partial"], f"{model}: cuts")
        if shutil.which("zbarimg"):
            want(line["survey"]["token"] in _codes(shop), f"{model}: zbar reads the invitation from the paper")
        want(b"\x1dV" not in shop.wire() and b"\x1dv0" not in shop.wire(), f"{model}: ESC/POS on the wire")


def the_count_of_an_earlier_session_proves_nothing():
    """Each call clears and counts anew; the number that it waits for is none that the printer told before."""
    shop = Shop(survey=False, profile="tsp100")
    for sale in range(3):
        status, line = shop.print(tiny(str(sale)))
        same((status, line["outcome"]), (0, "printed"), f"sale {sale}")
    counts = [event["hex"][14:16] for event in shop.events("reply") if event["to"] == "ETB"]
    want(len(counts) > 3, f"counts told: {counts}")


def a_printer_that_falls_silent_leaves_a_doubt():
    shop = Shop(survey=False, profile="tsp100")
    status, line = shop.print(tiny("1"), "--printer", f"{shop.uri}&fault=mute@byte=3000", "--timeout", "3")
    same((status, line["outcome"]), (76, "unconfirmed"), "all bytes taken, and no count told")


def without_paper_it_is_kept_and_printed_later():
    shop = Shop(survey=False, profile="mpop")
    broken = f"{shop.uri}&fault=paper-out@byte=1"
    status, line = shop.print(tiny("1"), "--printer", broken, "--timeout", "2")
    same((status, line["outcome"], line["reason"]), (75, "queued", "paper_out"), "without paper")


def the_drawer_is_pulsed():
    shop = Shop(survey=False, profile="tsp100")
    _, line = shop.print(tiny("1", drawer=True))
    same((line["drawer"]["asked"], line["drawer"]["pulsed"]), (True, True), "drawer")
    same(len(shop.events("drawer")), 1, "pulses")


def the_doctor_knows_a_star_that_was_taken_for_another():
    for model in ("tsp100", "mpop"):
        shop = Shop(survey=False)
        with Printer("--profile", model) as printer:
            uri = re.search(r"tcp://\S*:\d+", printer.address)[0]
            told = shop.kwit("doctor", "--printer", uri)
            want(told.exit == 69 and "the printer speaks a language of Star" in told.text, told.text)
            with open(shop.config, "a", encoding="utf-8") as file:
                file.write(f"\n[printer star]\nuri = {uri}\nprofile = {model}\n")
            same(shop.kwit("doctor", "--printer", "star").exit, 0, f"{model} by its profile")


def what_stops_in_the_middle_is_printed_once():
    for fault in ("paper-out", "cover"):
        shop = Shop(survey=False, profile="mpop")
        line = shop.print(tiny("1"), "--printer", f"{shop.uri}&fault={fault}@byte=900", "--timeout", "2")[1]
        same((line["outcome"], len(shop.events("cut"))), ("interrupted", 0), fault)
        same(shop.print(tiny("1"))[1]["outcome"], "printed", f"after {fault}")
        shop.kwit("queue", "flush")
        same(len(shop.events("cut")), 1, f"after {fault}: cuts")


def a_preview_has_its_paper_and_its_words():
    shop = Shop(survey=False, profile="tsp100")
    path = os.path.join(shop.place, "x.txt")
    same(shop.kwit("preview", "-", "-o", path, document=tiny("1")).exit, 0, "preview")
    with open(path, encoding="utf-8") as file:
        want("Apple" in file.read(), "words of what is drawn")


run_tests(globals())
