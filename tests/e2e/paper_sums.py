"""paper_sums.py KWIT SCRATCH - sales added up again from their paper alone, from top to bottom, as a customer would.

Nothing is taken from the documents but how many decimals their amounts have and which texts are tax codes; every amount
is read where it stands, at the end of its row.
"""
import json
import os
import re
import subprocess
import sys

KWIT, SCRATCH = sys.argv[1:3]
PROFILES = ["tm-t20iii", "tm-t20iii-58"]
RULE = re.compile(r"^[─═=\-]{20,}$")
bad = []

LINES = {
    "plain": [("Tea", "1", "2.00", "2.00"), ("Coffee beans of the house, dark roast", "2", "11.50", "23.00")],
    "weighed": [("Apples", "0.482", "1.99", "0.96"), ("Bread", "1", "3.20", "3.20"), ("Eggs", "12", "0.35", "4.20")],
    "large": [("Gold watch", "1", "12345.60", "12345.60"), ("Strap", "3", "1234.50", "3703.50")],
}
LOCALES = [("en-US", "USD", 2), ("en-GB", "GBP", 2), ("de-DE", "EUR", 2), ("de-CH", "CHF", 2), ("fr-FR", "EUR", 2), ("pl-PL", "PLN", 2),
           ("sv-SE", "SEK", 2), ("ru-RU", "RUB", 2), ("pt-BR", "BRL", 2), ("tr-TR", "TRY", 2), ("hu-HU", "HUF", 2), ("el-GR", "EUR", 2)]


def _cents(text):
    return int(text.replace(".", ""))


def _text(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _sale(locale, currency, lines, way):
    """Ways: plain; discount and service; tax on top; tax on top and a tip; group sums."""
    total = sum(_cents(line[3]) for line in lines)
    sale = {"kwit": 1, "id": f"{locale} {way}", "time": "2026-11-20T18:05:00+01:00", "locale": locale, "currency": currency,
            "lines": [{"name": n, "quantity": q, "unit_price": p, "total": t, "tax": "A"} for n, q, p, t in lines]}
    if way == "adjusted":
        sale.update(subtotal=_text(total), discounts=[{"name": "Club", "amount": "-1.00"}],
                    charges=[{"name": "Service", "amount": "0.55"}], saved="1.00")
        total -= 45
    if way in ("taxed", "tipped"):
        sale["taxes"] = [{"code": "A", "name": "T 8%", "net": _text(total), "tax": "1.23"}]
        total += 123
    if way == "tipped":
        sale["tip"] = "3.00"
        total += 300
    if way == "grouped":
        first = _cents(lines[0][3])
        sale["lines"].insert(1, {"kind": "subtotal", "name": "First", "total": _text(first)})
        sale["lines"].insert(0, {"kind": "heading", "name": "First"})
    sale.update(total=_text(total), payments=[{"type": "cash", "amount": _text(total + 500)}], change="5.00")
    return sale


def _amount(row):
    """Of the last field, without the tax code and the sign behind it; None where the row ends in no amount."""
    row = re.sub(r"\s+A$", "", row.rstrip())
    field = re.split(r"\s{2,}", row)[-1]
    found = re.search(r"(-?)[^\d\-]{0,8}(\d[\d.,' \u00a0\u202f]*?)[.,](\d\d)(?:[\s\u00a0]?[^\d\s]{1,4})?$", field)
    return int(found[1] + re.sub(r"\D", "", found[2]) + found[3]) if found else None


def _parts(text):
    """The rows between rules: those of the lines, what is added to them, and the total's; rows of one part."""
    parts = [[]]
    for row in text.splitlines():
        if RULE.match(row.strip()):
            parts.append([])
        elif row.strip():
            parts[-1].append(row)
    return parts


def _check(sale, profile):
    path, out = os.path.join(SCRATCH, "sum.json"), os.path.join(SCRATCH, "sum.txt")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(sale, file)
    done = subprocess.run([KWIT, "preview", path, "--profile", profile, "-o", out], capture_output=True, text=True, timeout=60)
    what = f"{sale['id']} {profile}"
    if done.returncode or "sum" in done.stderr:
        bad.append(f"{what}: exit {done.returncode}: {done.stderr}")
        return
    with open(out, encoding="utf-8") as file:
        parts = _parts(file.read())
    above = "subtotal" in sale or "taxes" in sale
    lines, added, total, paid = parts[1], parts[2] if above else [], parts[3 if above else 2], parts[4 if above else 3]
    groups = [line["name"] for line in sale["lines"] if line.get("kind") == "subtotal"]
    own = [_amount(row) for row in lines if not any(row.startswith(name + "  ") for name in groups)]
    sums = [amount for amount in map(_amount, added) if amount is not None]
    whole = _amount(total[0])
    plain = sum(amount for amount in own if amount is not None)
    if "subtotal" in sale and (not sums or sums.pop(0) != plain):
        bad.append(f"{what}: the lines come to {plain}, not to the subtotal on the paper")
    if plain + sum(sums) != whole:
        bad.append(f"{what}: {plain} + {sums} is not the total {whole}")
    cash, change = [amount for amount in map(_amount, paid) if amount is not None][:2]
    if cash - change != whole:
        bad.append(f"{what}: {cash} less {change} is not the total {whole}")


def main():
    count = 0
    for at, (locale, currency, _) in enumerate(LOCALES):
        for way_at, way in enumerate(("plain", "adjusted", "taxed", "tipped", "grouped")):
            name = sorted(LINES)[(at + way_at) % len(LINES)]
            _check(_sale(locale, currency, LINES[name], way), PROFILES[(at + way_at) % 2])
            count += 1
    print("\n".join(bad) or f"{count} sales add up")
    return bool(bad)


sys.exit(main())
