"""sale_papers.py KWIT SCRATCH - every good sale document on printers of several vendors, read back from the paper.

Texts and digits of amounts are looked for in the text of the preview, without any rule of the driver; codes are read by
zbar from its picture.
"""
import glob
import json
import os
import re
import subprocess
import sys

KWIT, SCRATCH = sys.argv[1:3]
PROFILES = ["tm-t20iii", "tm-t88v", "srp-350iii", "ct-s310ii", "tsp650ii", "tm-t20iii-58"]
AMOUNTS = {"total", "amount", "unit_price", "quantity", "subtotal", "net", "gross", "rounding", "saved", "change", "due",
           "tip", "tare"}
SILENT = {"kind", "type", "locale", "currency", "time", "mode", "place", "format", "invite", "by", "segment", "symbology",
          "error_level", "valid_to", "rate", "align", "rule", "cut", "font", "qr"}
# Documents whose letters only some of the printers have; the others draw them, and dots are no text.
OTHER_SCRIPTS = {"electronics-uk.json", "shop-ru.json", "taverna-el.json"}
HAVE_ALL_SCRIPTS = {"tm-t20iii", "tm-t88v", "tm-t20iii-58"}
bad = []


def squeezed(text):
    return re.sub(r"\s", "", text)


def walk(value, key, found):
    if isinstance(value, dict):
        for name, below in value.items():
            walk(below, name, found)
    elif isinstance(value, list):
        for below in value:
            walk(below, key, found)
    elif isinstance(value, str):
        found.append((key, value))


def codes_of(document):
    found = [f["data"] for f in document.get("fiscal", []) if f["format"] != "text"]
    found += [c["data"] for c in document.get("codes", [])]
    found += [v["code"]["data"] for v in document.get("vouchers", []) if "code" in v]
    for block in document.get("blocks", []):
        found += [block["qr"]] if "qr" in block else [block["barcode"]["data"]] if "barcode" in block else []
    return found


def preview(path, profile, ending):
    out = os.path.join(SCRATCH, "paper." + ending)
    for old in glob.glob(os.path.join(SCRATCH, "paper*")):
        os.remove(old)
    done = subprocess.run([KWIT, "preview", path, "--profile", profile, "-o", out], capture_output=True, text=True, timeout=30)
    if done.returncode:
        bad.append(f"{path} {profile}: exit {done.returncode}: {done.stderr}{done.stdout}")
    return sorted(glob.glob(os.path.join(SCRATCH, "paper*")))


def check_texts(name, profile, document, text):
    flat, digits = squeezed(text), re.sub(r"[^0-9]", "", text)
    values = []
    walk(document, "", values)
    for key, value in values:
        if key in SILENT or value in codes_of(document) or (document.get("kind") == "gift" and key == "tax"):
            continue
        if key in AMOUNTS or (key == "tax" and re.fullmatch(r"-?[0-9]+\.[0-9]+", value)):
            if document.get("kind") != "gift" and re.sub(r"[^0-9]", "", value) not in digits:
                bad.append(f"{name} {profile}: the amount {key} {value} is not on the paper")
        elif squeezed(value) not in flat:
            bad.append(f"{name} {profile}: {key} \"{value}\" is not on the paper")


def check_codes(name, profile, document, pictures):
    wanted = set(codes_of(document))
    if not wanted or not pictures:
        return
    read = subprocess.run(["zbarimg", "--quiet", "--raw", *pictures], capture_output=True, text=True).stdout
    for data in wanted:
        if data not in read:
            bad.append(f"{name} {profile}: zbar does not read {data}")


def main():
    for path in sorted(glob.glob("tests/fixtures/sales/*.json")):
        name = os.path.basename(path)
        # Persian is always drawn, and a survey slip without a survey is empty.
        if name.startswith("bad-") or name in ("market-fa.json", "survey-only.json"):
            continue
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document.get("kind") == "document":
            del document["id"]      # it is only its blocks
        for profile in PROFILES:
            text = "".join(open(p, encoding="utf-8").read() for p in preview(path, profile, "txt"))
            if name not in OTHER_SCRIPTS or profile in HAVE_ALL_SCRIPTS:
                check_texts(name, profile, document, text)
            check_codes(name, profile, document, preview(path, profile, "png"))
    print("\n".join(bad[:40]))
    return bool(bad)


sys.exit(main())
