"""sales.py DIRECTORY COUNT LINES [FIRST] - writes COUNT sale documents of LINES lines each, 0.json, 1.json …"""
import json
import os
import sys


def sale(number, lines):
    items, total = [], 0
    for line in range(lines):
        cents = 199 + 37 * (line % 9)
        quantity = 1 + line % 3
        total += cents * quantity
        items.append({"name": f"Article {line + 1} of the shelf", "quantity": str(quantity),
                      "unit_price": f"{cents // 100}.{cents % 100:02d}",
                      "total": f"{cents * quantity // 100}.{cents * quantity % 100:02d}", "tax": "A"})
    net = round(total / 1.2)
    text = lambda cents: f"{cents // 100}.{cents % 100:02d}"
    return {"kwit": 1, "id": f"B-{lines}-{number}", "number": str(number), "time": "2026-11-22T14:03:11+00:00",
            "locale": "en-GB", "currency": "GBP", "cashier": "Anna", "terminal": "1",
            "store": {"name": "Corner Shop", "address": ["1 High Street", "London"], "phone": "+44 20 7946 0000"},
            "lines": items, "subtotal": text(total),
            "taxes": [{"code": "A", "name": "VAT 20%", "net": text(net), "tax": text(total - net), "gross": text(total)}],
            "total": text(total), "payments": [{"type": "cash", "amount": text(total + 500)}], "change": "5.00"}


def stream(number, lines):
    """What a till of another kind sends to its printer, in a burst; 85 lines are 4 KiB."""
    rows = b"".join(b"Tea number %03d of the shelf              1.00\n" % row for row in range(lines))
    return b"\x1b@CORNER SHOP\nNo. %d\n" % number + rows + b"TOTAL %d.00\n\x1bd\x04\x1dV\x00" % lines


def main():
    directory, count, lines = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.makedirs(directory, exist_ok=True)
    for number in range(count):
        with open(f"{directory}/{number}.json", "w", encoding="utf-8") as file:
            json.dump(sale(number, lines), file)


if __name__ == "__main__":
    main()
