"""Documents made to break things: none may crash or hang the command, each must end with its exit code and one line, and
no byte of a name may reach the printer as a command: what is printed equals the neutralised document's bytes."""
import json
import os
import re
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import Shop, example, run_tests, same, tiny, want     # noqa: E402  pylint: disable=wrong-import-position

DOCUMENTS = []                      # (title, bytes, exit codes that are right)


def _add(title, document, *codes):
    data = document if isinstance(document, bytes) else json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    DOCUMENTS.append((title, data, codes))


def _set(document, pointer, value):
    *way, last = pointer
    for step in way:
        document = document[step]
    document[last] = value


def _collect_syntax():
    good = json.dumps(tiny("H-1")).encode()
    for title, data in [("nothing", b""), ("a blank", b" \n"), ("NUL", b"\0"), ("a lone brace", b"{"), ("a lone quote", b'"'),
                        ("null", b"null"), ("true", b"true"), ("a number", b"-1e999"), ("an array", b"[]"), ("a string", b'"x"'),
                        ("two documents", good + good), ("a comma behind", good[:-1] + b",}"), ("rubbish behind", good + b"x"),
                        ("a mark of byte order", b"\xef\xbb\xbf" + good), ("UTF-16", good.decode().encode("utf-16")),
                        ("Latin-1", good.replace(b"Apple", b"Caf\xe9")), ("an overlong slash", good.replace(b"Apple", b"\xc0\xaf")),
                        ("a bare continuation", good.replace(b"Apple", b"\x80")), ("a cut sequence", good.replace(b"Apple", b"\xe2\x82")),
                        ("a surrogate in UTF-8", good.replace(b"Apple", b"\xed\xa0\x80")),
                        ("beyond Unicode", good.replace(b"Apple", b"\xf4\x90\x80\x80")),
                        ("a raw newline in a string", good.replace(b"Apple", b"Ap\nple")),
                        ("a raw ESC in a string", good.replace(b"Apple", b"\x1b@")),
                        ("a lone escaped surrogate", good.replace(b"Apple", b"\\ud800")),
                        ("an unknown escape", good.replace(b"Apple", b"\\x41")),
                        ("comments", b"/* hello */" + good), ("single quotes", good.replace(b'"', b"'")),
                        ("a NaN", good.replace(b'"1.00"', b"NaN")), ("a hexadecimal number", good.replace(b'"1.00"', b"0x1"))]:
        _add(title, data, 0, 65)
    for depth in (31, 33, 100, 2000, 100000):
        _add(f"{depth} arrays deep", b'{"kwit":1,"x_deep":' + b"[" * depth + b"]" * depth + b"," + good[1:], 0, 65)
        _add(f"{depth} arrays, never closed", b"[" * depth, 65)
    for cut in range(1, len(good), max(1, len(good) // 12)):
        _add(f"cut at byte {cut}", good[:cut], 65)
    for key in ("id", "lines", "total", "kwit"):
        _add(f"the key {key} twice", good[:-1] + b', "%s": 1}' % key.encode(), 65)


def _collect_values():
    rubbish = [None, True, -1, 1.5, 10 ** 30, "", " ", "x" * 100000, [], {}, [[]], {"a": 1}, "\x1b@", "\u202e1"]
    fields = [("id",), ("time",), ("currency",), ("lines",), ("total",), ("lines", 0), ("lines", 0, "quantity"),
              ("lines", 0, "total"), ("kind",), ("locale",)]
    for field in fields:
        for number, value in enumerate(rubbish):
            if (number + len(field)) % 3 == 0 or value in (None, "", "\x1b@"):
                document = tiny("H-2")
                _set(document, field, value)
                _add(f"{'/'.join(map(str, field))} is {str(value)[:12]!r}", document, 0, 65)
    for amount in ("1e9", "1,00", "+1.00", "1.", ".5", "0x10", "--1", "1.001", "9" * 16, "9" * 5000, "٣.٠٠", "1 000.00", "NaN", "1.00 "):
        _add(f"the amount {amount[:12]}", tiny("H-3", total=amount), 65)
    for time in ("2026-11-22", "2026-02-30T00:00:00Z", "9999-99-99T99:99:99Z", "2026-11-22T14:03:11", "x" * 10000):
        _add(f"the time {time[:20]}", tiny("H-4", time=time), 65)
    for identity in ("x" * 129, "\n", "a\x00b", "\u202e", "\x1b\x70\x00"):
        _add(f"the id {identity[:6]!r}", tiny(identity), 0, 65)


def _collect_sizes():
    line = {"name": "x", "quantity": "1", "total": "1.00"}
    _add("20,001 lines", tiny("H-5", lines=[line] * 20001), 65)
    _add("3,000 lines", tiny("H-6", lines=[line] * 3000), 0, 65)
    _add("a name of 200,000 letters", tiny("H-7", lines=[dict(line, name="W" * 200000)]), 0, 65)
    _add("a name of 5,000 wide letters", tiny("H-8", lines=[dict(line, name="界" * 5000)]), 0, 65)
    _add("a name of one letter and 3,000 marks", tiny("H-9", lines=[dict(line, name="a" + "\u0301" * 3000)]), 0, 65)
    _add("above 4 MiB", tiny("H-10", notes=["y" * (4 << 20)]), 65)
    _add("a thousand taxes", tiny("H-11", taxes=[{"code": str(n), "name": "T", "net": "1.00", "tax": "0.00", "gross": "1.00"}
                                                 for n in range(1000)]), 0, 65)
    _add("a hundred vouchers with cuts", tiny("H-12", vouchers=[{"title": "V", "text": "t", "cut": True}] * 100), 0, 65)
    _add("a QR of 5,000 bytes", tiny("H-13", codes=[{"symbology": "qr", "data": "z" * 5000}]), 0, 65)
    _add("a fiscal QR of 5,000 bytes", tiny("H-14", fiscal=[{"format": "qr", "data": "z" * 5000, "place": "bottom"}]), 0, 65)
    _add("barcodes that do not fit", tiny("H-15", codes=[{"symbology": name, "data": "9" * 200} for name in
                                                         ("code128", "ean13", "itf", "code39", "upca", "codabar")]), 0, 65)
    _add("barcodes of wrong letters", tiny("H-16", codes=[{"symbology": name, "data": "\x1b\x00é"} for name in
                                                          ("code128", "ean13", "itf", "code39", "qr", "pdf417", "nosuch")]), 0, 65)
    for block in ({"feed": 10 ** 9}, {"feed": -1}, {"text": "x", "width": 999}, {"text": "x", "height": 0}, {"image": "../../etc/passwd"},
                  {"image": "/dev/zero"}, {"image": "a\x00b"}, {"row": ["a"] * 500}, {"row": [{"text": "x", "width": -5}]}, {"qr": ""},
                  {"rule": "wavy"}, {"cut": "twice"}, {"barcode": {}}, {}, {"text": "\x1dV\x00"}):
        _add(f"the block {json.dumps(block)[:30]}", tiny("H-17", header=[block]), 0, 65)
    _add("children of children", tiny("H-18", lines=[_nested(28)]), 0, 65)


def _nested(depth):
    return {"name": f"c{depth}", "quantity": "1", "total": "1.00", **({"children": [_nested(depth - 2)]} if depth > 2 else {})}


COMMANDS = ["\x1b@", "\x1bp\x00\x19\xfa", "\x1dV\x00", "\x1d(k\x03\x00", "\x10\x14\x01\x00\x01", "\x10\x04\x01", "\x1c.", "\x1bt\x02",
            "\x1bE\x01", "\x00" * 8, "\n\n\n", "\r", "\t", "\x0c", "\x18", "\x7f", "\x9b1m", "\u2028", "\x85", "a\x1bi"]


def _neutral(text):
    """The document's rule for control characters: by name, white ones as a space."""
    out = ""
    for letter in text:
        code = ord(letter)
        if 9 <= code <= 13 or code in (0x85, 0x2028, 0x2029):
            out += " "
        elif code < 0x20 or 0x7F <= code < 0xA0:
            out += f"[U+{code:04X}]"
        else:
            out += letter
    return out


def _places():
    return {
        "a line's name": ("lines", 0, "name"), "the cashier": ("cashier",), "the store": ("store", "name"), "a payment": ("payments", 0, "name"),
        "a legal line": ("legal", 0), "a unit": ("lines", 3, "unit"), "a modifier": ("lines", 1, "modifiers", 0, "name"),
        "a discount": ("discounts", 0, "name"), "a tax": ("taxes", 0, "name"), "the loyalty card": ("loyalty", "name"), "a code": ("taxes", 1, "code"),
    }


def no_name_becomes_a_command():
    shop = Shop(survey=False)
    rounds = random.Random(1)
    for title, place in _places().items():
        for command in rounds.sample(COMMANDS, 8) + [" ".join(COMMANDS)]:
            hostile, neutral = example(), example()
            for name in ("tax",):           # a line's tax names a code; keep them the same on both sides
                for line in hostile["lines"] + neutral["lines"]:
                    line.pop(name, None)
            text = f"A{command}B"
            _set(hostile, place, text)
            _set(neutral, place, _neutral(text))
            pair = [shop.kwit("print", "-", "--dry-run", "-o", "-", "--profile", "tm-t20iii", document=document)
                    for document in (hostile, neutral)]
            same([answer.exit for answer in pair], [0, 0], f"{command!r} in {title} ({pair[0].text[:200]})")
            same(pair[0].out, pair[1].out, f"bytes of {command!r} in {title}")


def a_line_end_in_a_note_is_text_and_nothing_more():
    shop = Shop(survey=False)
    hostile, plain = example(), example()
    hostile["lines"][-1]["note"] = "one\ntwo\x1bp\x00"
    plain["lines"][-1]["note"] = "one\ntwo" + _neutral("\x1bp\x00")
    pair = [shop.kwit("print", "-", "--dry-run", "-o", "-", "--profile", "tm-t20iii", document=document)
            for document in (hostile, plain)]
    same(pair[0].out, pair[1].out, "bytes of a note")


def strictly_a_control_character_is_an_error():
    shop = Shop(survey=False)
    document = example()
    document["lines"][0]["name"] = "A\x1b@B"
    code, line = shop.print(document, "--strict")
    same((code, line["outcome"]), (65, "rejected"), "a command in a name, strictly")


def overrides_cannot_move_an_amount():
    """U+202E before a name must leave each amount where it is and its digits in their order."""
    amounts = []
    for mark in ("", "\u202e", "\u2067", "\u202b\u202e\u2066", "\u200f"):
        shop = Shop(survey=False)
        document = tiny("B-1", lines=[{"name": f"{mark}Apple 12", "quantity": "2", "unit_price": "12.34", "total": "24.68"}], total="24.68")
        code, line = shop.print(document)
        same(code, 0, f"{mark!r} ({line['message']})")
        rows = [row for row in shop.text().split("\n") if "24.68" in row]
        want(rows and rows[0].rstrip().endswith("24.68"), f"{mark!r}: the amount's line is {rows}")
        want("86.42" not in shop.text() and "43.21" not in shop.text(), f"{mark!r}: the digits are reversed")
        amounts.append(len(rows))
    same(len(set(amounts)), 1, "lines with the amount")


def nothing_hostile_crashes_hangs_or_lies():
    _collect_syntax()
    _collect_values()
    _collect_sizes()
    want(len(DOCUMENTS) >= 160, f"only {len(DOCUMENTS)} documents")
    shop = Shop()
    for number, (title, data, codes) in enumerate(DOCUMENTS):
        before = shop.wire() if number % 10 == 0 else None
        answer = shop.kwit("print", "-", "--json", "--dry-run", "--profile", "tm-t20iii", document=data, timeout=30)
        want(answer.exit in codes, f"{title}: exit {answer.exit}, wanted {codes} ({answer.text[:300]})")
        line = answer.line
        want(line["message"] or answer.exit == 0, f"{title}: no message")
        want(b"\x1b" not in answer.out + answer.err, f"{title}: an ESC reached the terminal")
        if before is not None:
            same(shop.wire(), before, f"{title}: a dry run printed")
    for title, data, codes in DOCUMENTS[::7]:
        answer = shop.kwit("print", "-", "--json", document=data, timeout=30)
        want(answer.exit in codes, f"{title}, printed: exit {answer.exit} ({answer.text[:300]})")


def people_see_no_control_characters_either():
    shop = Shop(survey=False)
    for command in ("\x1b[2J\x1b]0;x\x07", "\x9b2J"):
        for document in (tiny(command), tiny("T-1", total=command), tiny("T-2", **{command: 1})):
            for options in ((), ("--json",)):
                answer = shop.kwit("print", "-", "--dry-run", *options, document=document)
                want(b"\x1b" not in answer.out + answer.err, f"{command!r} reached the terminal: {answer.text!r}")
                want("\x9b" not in answer.text, f"{command!r} reached the terminal: {answer.text!r}")


def people_see_no_marks_that_turn_text_about():
    shop = Shop(survey=False)
    shop.print(tiny("A\u202eB", number="C\u2028D"))
    for command in (("print", "-"), ("queue", "list", "--all"), ("journal", "export", "--format", "csv")):
        document = tiny("A\u202eB", number="C\u2028D") if "-" in command else None
        answer = shop.kwit(*command, document=document)
        want(not re.search("[\u202a-\u202e\u2028\u2029]", answer.text), f"{command}: {answer.text!r}")


def the_drawer_opens_only_when_asked():
    shop = Shop(survey=False)
    document = example(drawer=False)
    for line in document["lines"]:
        line["name"] = "\x1bp\x00\x19\xfa" + line["name"] + "\x10\x14\x01\x00\x01"
    same(shop.print(document)[0], 0, "the sale")
    same(shop.events("drawer"), [], "drawer pulses")


run_tests(globals())
