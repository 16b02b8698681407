"""Logos and codes on the paper: sent, stored in the printer, drawn or native, and read back by zbarimg."""
import os
import shutil
import struct
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import ROOT, Shop, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

PROFILES = ["tm-t88v", "tm-t20iii", "srp-350iii", "ct-s310ii", "xp-n160ii", "tsp650ii", "pos-58", "generic"]


def _save_logo(directory, width=240, height=80):
    """A ramp from black to white, as a PNG that no library of the driver has touched."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = b"\0" + bytes(x * 255 // (width - 1) for x in range(width))
    data = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))
    with open(os.path.join(directory, "logo.png"), "wb") as file:
        file.write(data)


def _shop(printer_keys="", profile="tm-t20iii", dither="floyd"):
    shop = Shop(survey=False, profile=profile,
                more=f"{printer_keys}[store]\nlogo = logo.png\nlogo_width = 30\nlogo_dither = {dither}\nimage_dir = .\n")
    _save_logo(shop.place)
    return shop


def _paper(shop):
    with open(os.path.join(shop.paper, shop.pieces()[0]), "rb") as file:
        return file.read()


def _codes(shop):
    found = []
    for name in shop.pieces():
        run = subprocess.run(["zbarimg", "-q", "--raw", "-Senable", "-Sdatabar.disable", "-Sdatabar-exp.disable", "-Supca.enable",
                              "-Supce.enable", os.path.join(shop.paper, name)], capture_output=True, timeout=60, check=False)
        found += run.stdout.decode("utf-8", "replace").split()
    return found


def a_logo_is_as_wide_as_it_should_be():
    """Rows are as wide as a logo of 30 mm, to whole bytes, and stand in the middle."""
    for profile, paper, logo in (("tm-t20iii", 576, 240), ("tm-t88v", 512, 213)):
        shop = _shop(profile=profile)
        status, line = shop.print(tiny("1"))
        same((status, line["warnings"]), (0, []), "printing with a logo")
        images = shop.events("image")
        want(images and abs(images[0]["width"] - logo) <= 8, f"{profile}: {images[:1]}")
        want(abs(images[0]["x"] - (paper - logo) // 2) <= 8, f"{profile}, its place: {images[:1]}")


def a_stored_logo_gives_the_same_paper():
    # Solid black: where dots would make bytes that a printer obeys, the two ways may differ by single dots.
    sent, stored = _shop(dither="threshold"), _shop(printer_keys="stored_logo = KL\n", dither="threshold")
    same(sent.print(tiny("1"))[0], 0, "printing with a logo that is sent")
    # Its model is nowhere said but by the printer itself.
    answer = stored.kwit("logo", "store", "--json")
    same(answer.exit, 0, f"logo store ({answer.text})")
    same(answer.line["profile"], "tm-t20iii", "the model that the printer says")
    same((answer.line["key"], answer.line["confirmed"]), ("KL", True), "what logo store says")
    before = len(stored.wire())
    same(stored.print(tiny("1"))[0], 0, "printing with a logo in memory")
    want(len(stored.wire()) - before < len(sent.wire()) - 1000, "the logo was sent although it is in memory")
    want(_paper(sent) == _paper(stored), "the papers differ")


def every_dither_is_its_own_picture_and_always_the_same():
    papers = {}
    for dither in ("floyd", "atkinson", "bayer", "threshold"):
        shop, again = _shop(dither=dither), _shop(dither=dither)
        for one in (shop, again):
            same(one.print(tiny("1"))[0], 0, f"printing with {dither}")
        want(_paper(shop) == _paper(again), f"two papers of {dither} differ")
        papers[dither] = _paper(shop)
    same(len(set(papers.values())), 4, "different pictures")


def a_logo_that_changed_is_not_taken_from_the_cache():
    shop = _shop()
    shop.print(tiny("1"))
    first = shop.wire()
    _save_logo(shop.place, height=120)
    shop.print(tiny("2"))
    want(len(shop.wire()) > 2 * len(first) + 1000, "the old logo was printed again")


def a_jpeg_is_as_good_a_logo():
    """Its left half is black (tests/fixtures/logo.jpg, made by libjpeg's own cjpeg)."""
    shop = _shop(dither="threshold")
    shutil.copy(os.path.join(ROOT, "tests/fixtures/logo.jpg"), os.path.join(shop.place, "logo.png"))
    status, line = shop.print(tiny("1"))
    same((status, line["warnings"]), (0, []), "printing with a JPEG")
    image = shop.events("image")[0]
    same((image["width"], image["height"]), (120, 120), "the black half of 30 mm by 15 mm")


def a_broken_picture_is_told_once():
    shop = _shop(dither="threshold")
    with open(os.path.join(ROOT, "tests/fixtures/logo.jpg"), "rb") as file:
        whole = file.read()
    with open(os.path.join(shop.place, "half.jpg"), "wb") as file:
        file.write(whole[:600])
    os.remove(os.path.join(shop.place, "logo.png"))
    shutil.copy(os.path.join(ROOT, "tests/fixtures/logo.jpg"), os.path.join(shop.place, "logo.png"))
    status, line = shop.print(tiny("1", kind="document", blocks=[{"image": "half.jpg"}, {"text": "x"}]))
    warnings = [(w["code"], w["pointer"]) for w in line["warnings"]]
    same((status, warnings), (0, [("image_omitted", "/blocks/0")]), f"one warning ({line['warnings']})")
    want("half.jpg" in line["warnings"][0]["text"] and "cannot be read" in line["warnings"][0]["text"], "what and why")


def a_missing_logo_stops_no_sale():
    shop = _shop()
    os.remove(os.path.join(shop.place, "logo.png"))
    status, line = shop.print(tiny("1"))
    same((status, [warning["code"] for warning in line["warnings"]]), (0, ["image_omitted"]), "printing without the logo")
    with open(os.path.join(shop.place, "logo.png"), "wb") as file:
        file.write(b"GIF89a, not what it is called")
    status, line = shop.print(tiny("2"))
    same((status, [warning["code"] for warning in line["warnings"]]), (0, ["image_omitted"]), "printing with a file that is no PNG")


def every_code_of_a_sale_is_read_from_the_paper_of_every_maker():
    if not shutil.which("zbarimg"):
        return
    codes = {"ean13": "5901234123457", "ean8": "96385074", "upca": "036000291452", "code39": "KWIT-39", "itf": "15400141288763",
             "codabar": "A40156B", "code93": "KWIT93", "code128": "S-2026-000123", "qr": "https://kwit.example/s/1ab2c3d4"}
    for profile in PROFILES:
        shop = Shop(survey=False, profile=profile)
        document = tiny("1", codes=[{"symbology": kind, "data": data} for kind, data in codes.items()])
        status, line = shop.print(document)
        same((status, line["warnings"]), (0, []), f"printing on {profile}")
        missing = set(codes.values()) - set(_codes(shop))
        same(missing, set(), f"codes that zbarimg did not read from {profile}")


run_tests(globals())
