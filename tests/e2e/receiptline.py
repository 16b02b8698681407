"""receiptline.py - receipts written in ReceiptLine: columns, widths, borders, rules, cuts, decorations and codes come out as
that language says, once and proved, with the invitation below; what cannot be is told with its line.
"""
import json
import os
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
from kwit import KWIT, ROOT, Shop, await_that, check_line, run_tests, same, want          # noqa: E402

SALE = """^^^CORNER SHOP

Tea | 2| 4.00
Cake | 1| 3.50
---
^TOTAL | ^7.50
"""

PERSIAN = """^^فروشگاه مهر
|نان | ۱| ۱۲۰٬۰۰۰
|جمع کل | ۱۲۰٬۰۰۰
"""
JAPANESE = """^^パン屋
|食パン | ¥1,200
|合計 | ¥1,200
"""


def send(text, *arguments, shop=None):
    shop = shop or Shop(survey=False)
    answer = shop.kwit("print", "--format", "receiptline", "-", "--json", *arguments, document=text.encode())
    check_line(answer.line)
    return shop, answer


def lines(text):
    """What stands on the paper of 48 columns."""
    shop, answer = send(text)
    same(answer.exit, 0, answer.line["message"])
    return [line.rstrip() for line in shop.text().splitlines() if line.strip()]


def columns_go_to_their_bars():
    same(lines("center\n|left\nright|\n|c|\nA | B\nC|D\n| E | F | G |\n"),
         [" " * 21 + "center", "left", " " * 43 + "right", " " * 23 + "c", "A" + " " * 46 + "B",
          " " * 22 + "C D", " " * 7 + "E" + " " * 15 + "F" + " " * 16 + "G"], "columns")


def widths_are_kept_and_shared():
    same(lines("{width:* 4 8}\nTea| 1| 2.00\n{w:100,2,10}\n|Tea | 1| 2.00\n{w:*,,3}\n|Tea | hidden | 1|\n{w:10 10;a:right}\n|x | 1|\n"),
         [" " * 31 + "Tea    1     2.00", "Tea" + " " * 33 + "1       2.00", "Tea" + " " * 44 + "1",
          " " * 27 + "x" + " " * 19 + "1"], "widths")


def a_table_has_its_lines():
    same(lines("{border:line; width:6 4}\n|a | 1|\n-\n|b | 2|\n{w:8,2}\n|c | 3|\n{b:space}\n|d | 4|\n"),
         [" " * 17 + line for line in ("┌──────┬────┐", "│a     │   1│", "├──────┼────┤", "│b     │   2│",
                                       "├──────┴─┬──┤", "│c       │ 3│", "└────────┴──┘", " d         4")], "table")


def text_is_broken_and_none_is_lost():
    same(lines("{width:12 *}\n|Salted peanuts of the season | 1|\nA\\nB | 2|\n{text:nowrap}\n|one two three four | 9|\n"),
         ["Salted" + " " * 41 + "1", "peanuts of", "the season", "A" + " " * 46 + "2", "B", "one two thre" + " " * 35 + "9"],
         "breaks")


def escapes_are_letters():
    same(lines("|5\\|6 \\{x\\} \\\\ \\~ \\_ \\\" \\` \\^ \\x41\\x1b\\x10 a~b |\n\\-\n\\=\n"),
         ["5|6 {x} \\ ~ _ \" ` ^ A a b", " " * 23 + "-", " " * 23 + "="], "escapes")


def decorations_are_the_printers():
    shop, _ = send('_u_ "e" `i` ^w^ ^^h^^ ^^^d^^^ ^^^^t\n')
    text = [event for event in shop.events() if event["event"] == "text"]
    styles = {event["text"].strip(): event for event in text if event["text"].strip()}
    same([styles[word].get("underline", 0) > 0 for word in "ui"], [True, False], "underlined")
    same([styles[word].get("bold", False) for word in "eu"], [True, False], "bold")
    same([(styles[word]["width"], styles[word]["height"]) for word in "whdt"], [(2, 1), (1, 2), (2, 2), (3, 3)], "sizes")


def codes_can_be_read():
    shop, answer = send("{code:2012345678903;option:ean,hri}\n{c:https://shop.example/r/7;o:qrcode,4,m}\n{c:AB-12;o:code39,2,60}\n")
    same(answer.exit, 0, answer.line["message"])
    shown = os.path.join(shop.paper, "0001.png")
    read = subprocess.run(["zbarimg", "--quiet", "-Sdisable", "-Sean13.enable", "-Sqrcode.enable", "-Scode39.enable", shown],
                          stdout=subprocess.PIPE, check=True).stdout.decode().split()
    same(sorted(read), ["CODE-39:AB-12", "EAN-13:2012345678903", "QR-Code:https://shop.example/r/7"], "codes")
    want("2012345678903" in shop.text(), "the digits stand below")


def a_cut_ends_a_piece():
    shop, _ = send("one\n=\ntwo\n======\nthree\n")
    same(len(shop.pieces()), 3, "pieces")


def a_sale_is_invited_once_and_known_again():
    shop, answer = send(SALE, shop=Shop())
    same((answer.line["outcome"], answer.line["survey"]["invited"]), ("printed", True), "first")
    same(send(SALE, "--id", "R-1", shop=shop)[1].line["outcome"], "printed", "named")
    same(send(SALE, "--id", "R-1", shop=shop)[1].line["outcome"], "duplicate", "again")


def invitations(shop):
    """What the symbols on all pieces of paper say."""
    return subprocess.run(["zbarimg", "--quiet", *(os.path.join(shop.paper, name) for name in shop.pieces())],
                          stdout=subprocess.PIPE, check=True).stdout.decode().split()


def a_sale_in_letters_that_are_drawn_is_known_by_its_words():
    for text in (PERSIAN, JAPANESE):
        shop, answer = send(text, shop=Shop())
        same((answer.line["outcome"], answer.line["survey"]["invited"]), ("printed", True), text)
        same(invitations(shop), ["QR-Code:" + answer.line["survey"]["url"]], text)
    shop, answer = send("^^^فروشگاه\nمرجوعی\n|جمع کل | ۱۲۰٬۰۰۰\n", shop=Shop())
    same(answer.line["survey"]["reason"], "document_type", "what is given back")


def each_piece_has_its_own_words():
    shop, answer = send("^^^آشپزخانه\nنان | ۱\n=\n" + PERSIAN, shop=Shop())
    same(answer.line["survey"]["invited"], True, answer.line["message"])
    first, last = (os.path.join(shop.paper, name) for name in shop.pieces())
    same([subprocess.run(["zbarimg", "--quiet", path], stdout=subprocess.DEVNULL, check=False).returncode == 0
          for path in (first, last)], [False, True], "where the invitation stands")


def its_words_are_known_when_the_program_is_gone():
    shop = Shop()
    command = [KWIT, "--config", shop.config, "--state", shop.state, "print", "--format", "receiptline", "-", "--printer",
               shop.uri + "&fault=paper-out@mm=15"]
    events = os.path.join(shop.paper, "events.jsonl")
    with subprocess.Popen(command, stdin=subprocess.PIPE) as printing:
        printing.stdin.write(PERSIAN.encode())
        printing.stdin.close()
        await_that(lambda: os.path.exists(events) and shop.events("fault"), "the end of the paper")
        printing.send_signal(signal.SIGKILL)
    same(shop.kwit("queue", "flush", "--json").line["left"], 0, "left in the queue")
    want(len(invitations(shop)) == 1, "the receipt that came again invites")


def data_are_no_commands():
    shop, answer = send("one\n{command:\\x1bp\\x00\\x19\\xfa}\n{colour:red}\ntwo\n")
    same(answer.exit, 0, answer.line["message"])
    said = [warning["text"] for warning in answer.line["warnings"]]
    want(any("line 2" in text and "command" in text for text in said), said)
    want(any("line 3" in text and "colour" in text for text in said), said)
    want(b"\x1bp" not in shop.wire(), "the drawer stays shut")


def _letters(shop):
    """Where each letter stands: [left, times as wide, times as high, letter] of each row, as the fixture has it."""
    rows = {}
    for event in shop.events("text"):
        row, cell = rows.setdefault(event["mm"], []), 12 * event["width"]
        row += [[event["x"] + cell * at, event["width"], event["height"], letter] for at, letter in enumerate(event["text"])
                if letter not in " ─│┌┬┐├┼┤└┴┘"]
    return [sorted(row) for _, row in sorted(rows.items()) if row]


def each_letter_stands_where_the_reference_puts_it():
    """fixtures/streams/make.js: the library of the language's makers. It breaks between letters; kwit between words."""
    with open(os.path.join(ROOT, "tests/fixtures/streams/receiptline.json"), encoding="utf-8") as file:
        papers = json.load(file)
    broken = 0
    for paper in papers:
        shop, answer = send(paper["text"])
        same(answer.exit, 0, paper["text"])
        ours, theirs = _letters(shop), [sorted(row) for row in paper["rows"]]
        if ours != theirs:
            broken += 1
            ours, theirs = ([sorted(letter[1:] for row in rows for letter in row)] for rows in (ours, theirs))
        same(ours, theirs, paper["text"])
    same((len(papers), broken), (14, 3), "papers, and those with a column that is too narrow")


def numbers_of_codes_that_mean_nothing_are_told():
    shop, answer = send("{code:AB-12;option:code128,9,23,3x,1,4,240}\n")
    said = [warning["text"] for warning in answer.line["warnings"] if warning["code"] == "unknown_field"]
    same([text.split('"')[1] for text in said], ["9", "23", "3x", "1"], str(said))
    same(shop.events("barcode")[0]["data"], "AB-12", "the code")


def it_is_looked_at_before_it_is_printed():
    shop = Shop(key=False)
    for word in ("preview", "append"):
        out = os.path.join(shop.place, word)
        ways = {"preview": ["preview", "-", "-o", out + ".txt"], "append": ["append", "--in", "-", "-o", out + ".bin"]}
        answer = shop.kwit(*ways[word], "--format", "receiptline", "--profile", "tm-t20iii", "--json", document=SALE.encode())
        same(answer.exit, 0, answer.text)
    want(answer.line["invited"] and answer.line["pieces"][0]["total"] == "7.50", answer.text)
    text = open(os.path.join(shop.place, "preview.txt"), encoding="utf-8").read()
    want("CORNER SHOP" in text and "Cake" in text, text)
    paper = os.path.join(shop.place, "bytes")
    shop.kwit("simulate", "--profile", "tm-t20iii", "--input", os.path.join(shop.place, "append.bin"), "--out", paper)
    shop.kwit("preview", "--format", "escpos", os.path.join(shop.place, "append.bin"), "--profile", "tm-t20iii", "-o", paper + ".png")
    want(os.path.getsize(paper + ".png") > 1000, "the picture")
    same(shop.kwit("preview", "--format", "csv", document=b"x").exit, 64, "another form")
    same(shop.kwit("append", "--format", "sale", "--in", "-", "-o", "-", document=b"x").exit, 64, "a sale's document")
    same(shop.wire(), b"", "the printer's wire")


def a_fault_names_its_line():
    for text, word in (("a\n{code:12;option:ean}\n", "line 2: code"), ("{image:AAAA}\n", "line 1: image"),
                       ("|".join("x" * 49), "more than 48 columns"), ("", "nothing to print")):
        shop, answer = send(text)
        same(answer.exit, 65, text)
        want(word in answer.line["message"], answer.line["message"])
        same(shop.wire(), b"", "no paper")
    answer = Shop(survey=False).kwit("print", "--format", "receiptline", "-", "--json", document="Süß\n".encode("latin-1"))
    want(answer.exit == 65 and "write UTF-8" in answer.line["message"], answer.line["message"])


run_tests(globals())
