"""sale_papers.py KWIT SCRATCH - every good sale document on printers of several vendors, read back from the paper.

Texts and digits of amounts are looked for in the text of the preview, drawn or not, and among the words of the picture
of lines, without any rule of the driver; codes are read by zbar from the picture of dots.
"""
import glob
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree

KWIT, SCRATCH = sys.argv[1:3]
PROFILES = ["tm-t20iii", "tm-t88v", "srp-350iii", "ct-s310ii", "tsp650ii", "tm-t20iii-58"]
AMOUNTS = {"total", "amount", "unit_price", "quantity", "subtotal", "net", "gross", "rounding", "saved", "change", "due",
           "tip", "tare"}
SILENT = {"kind", "type", "locale", "currency", "time", "mode", "place", "format", "invite", "by", "segment", "symbology",
          "error_level", "valid_to", "rate", "align", "rule", "cut", "font", "qr"}
bad = []


def squeezed(text):
    """Without white space; a micro sign is as good as the letter that looks like it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def digits_of(text):
    """In any script."""
    return "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit() and unicodedata.digit(sign, -1) >= 0)


def words_of_svg(path):
    """Its words in the order of the file, which is that of the paper."""
    return "\n".join(node.text for node in xml.etree.ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"))


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
    flat, digits = squeezed(text), digits_of(text)
    values = []
    walk(document, "", values)
    for key, value in values:
        if key in SILENT or value in codes_of(document) or (document.get("kind") == "gift" and key == "tax"):
            continue
        if key in AMOUNTS or (key == "tax" and re.fullmatch(r"-?[0-9]+\.[0-9]+", value)):
            if document.get("kind") != "gift" and digits_of(value) not in digits:
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
        if name.startswith("bad-") or name == "survey-only.json":       # a survey slip without a survey is empty
            continue
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        if document.get("kind") == "document":
            del document["id"]      # it is only its blocks
        for profile in PROFILES:
            text = "".join(open(p, encoding="utf-8").read() for p in preview(path, profile, "txt"))
            check_texts(name, profile, document, text)
            if profile == PROFILES[-1]:
                check_texts(name, "svg", document, "".join(map(words_of_svg, preview(path, profile, "svg"))))
            check_codes(name, profile, document, preview(path, profile, "png"))
    print("\n".join(bad[:40]))
    return bool(bad)


sys.exit(main())
