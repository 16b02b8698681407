"""tap_print.py - finished streams through `kwit print`: every byte once and one run more, proved, journalled, printed once;
the same paper again is a retry, a reprint or another customer.
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import clock                                                               # noqa: E402
from kwit import Shop, check_line, example, run_tests, same, want          # noqa: E402
from printer import Printer                                                # noqa: E402

ZBAR = shutil.which("zbarimg") is not None
INIT, FEED, CUT, PULSE = b"\x1b@", b"\x1bd\x04", b"\x1dV\x00", b"\x1bp\x00\x19\xfa"
ALLOWED = "[tap]\nraw = yes\nnumber = No[.] *([0-9]+)\n"


def receipt(number=None, item=b"Tea 2.00", heading=b"", end=FEED + CUT + PULSE):
    named = b"No. %d\n" % number if number else b""
    return INIT + b"CORNER SHOP\n" + heading + named + item + b"\nTOTAL 2.00\nThanks\n" + end


def send(shop, data, *arguments):
    answer = shop.kwit("print", "--format", "escpos", "-", "--json", *arguments, document=data)
    check_line(answer.line)
    return answer.exit, answer.line


def exported(shop):
    return [json.loads(text) for text in shop.kwit("journal", "export").out.decode().splitlines()]


def without_run(wire, data):
    """How many bytes stand between two halves of the stream, but for kwit's own questions; None: it is not there."""
    for question in range(1, 5):
        wire = wire.replace(b"\x10\x04%c" % question, b"")
    for at in range(len(data), -1, -1):
        if data[:at] in wire:
            begin = wire.index(data[:at])
            if wire.find(data[at:], begin + at) >= 0:
                return wire.find(data[at:], begin + at) - begin - at
    return None


def raw_bytes_need_permission():
    shop = Shop()
    code, line = send(shop, receipt())
    same((code, line["reason"]), (77, "permission"), "without raw = yes")
    want("raw = yes" in line["message"], line["message"])
    same(shop.wire(), b"", "the printer's wire")


def every_byte_goes_once_and_one_run_more():
    shop = Shop(more=ALLOWED)
    data = receipt()
    code, line = send(shop, data)
    same((code, line["outcome"], line["survey"]["invited"]), (0, "printed", True), "outcome")
    same((line["drawer"]["asked"], line["drawer"]["pulsed"]), (True, True), "drawer")
    added = without_run(shop.wire(), data)
    want(added and added > 1000, f"the run is {added} bytes")
    same([event["event"] for event in shop.events() if event["event"] in ("cut", "drawer")], ["cut", "drawer"], "marks")
    want("CORNER SHOP" in shop.text(), shop.text())


def the_drawer_need_not_wait_for_the_invitation():
    for rule, ends in (("in_place", PULSE), ("first", FEED + CUT)):
        shop = Shop(more=ALLOWED + f"drawer = {rule}\n")
        line = send(shop, receipt())[1]
        same((line["outcome"], line["survey"]["invited"], line["drawer"]["pulsed"]), ("printed", True, True), rule)
        wire, moved = shop.wire(), rule == "first"
        same(wire.count(PULSE), 1, f"pulses with {rule}")
        picture = wire.index(b"\x1dv0")
        same(wire.index(PULSE) < picture, moved, f"the pulse stands before the picture with {rule}")
        want(wire.index(b"Thanks\n") < wire.index(PULSE) and wire.rfind(ends) > picture, f"the rest with {rule}")
        same(sorted(event["event"] for event in shop.events() if event["event"] in ("cut", "drawer")),
             ["cut", "drawer"], f"marks with {rule}")


STYLES = b"\x1bt\x12\x1ba\x01\x1b!\x38\x1b3\x28\x1b-\x01\x1dB\x01"
VOUCHER = b"A COFFEE \xa5 ON US\nnext line\n" + FEED + CUT


def _block(data, rule, profile="tm-t20iii"):
    """The run, what is on each piece of paper, and what a camera reads."""
    shop = Shop(more=ALLOWED + f"block = {rule}\n", profile=profile)
    line = send(shop, data)[1]
    same((line["outcome"], line["survey"]["invited"], line["warnings"]), ("printed", True, []), rule)
    wire, ink = shop.wire(), data.index(b"Thanks\n") + 7
    begin = wire.index(data[:ink]) + ink
    added = wire.index(data[ink:data.index(CUT) + 3], begin) - begin
    pictures = [os.path.join(shop.paper, name) for name in shop.pieces()]
    read = subprocess.run(["zbarimg", "-q", "--raw", pictures[0]], capture_output=True, text=True, check=False).stdout if ZBAR else None
    return added, [open(path, "rb").read() for path in pictures], read, line["survey"]["token"], shop


def the_printer_draws_it_where_all_that_it_touches_is_known():
    for styles in (b"\x1bt\x12", STYLES):
        data = receipt(heading=styles, end=FEED + CUT) + VOUCHER
        added, papers, read, token, shop = _block(data, "native")
        want(added < 700, f"{added} bytes of letters and a code")
        want(b"\x1dv0" not in shop.wire() and b"\x1d(k" in shop.wire(), "no picture")
        same(read and token.upper().replace("-", "") in read, ZBAR and True, f"what a camera reads: {read}")
        drawn, before = _block(data, "raster")[:2]
        want(drawn > 8192, f"{drawn} bytes of a picture")
        same(papers[1], before[1], "what is printed behind it with the settings of before")


def in_any_doubt_the_code_is_a_small_picture():
    table = b"\x1bt\x12"
    doubts = (b"", table + b"\x1bG\x01", table + b"\x1bR\x01", table + b"\x1b \x02", table + b"\x1b%\x01", table + b"\x1b{\x01\x1b{\x00")
    for number, data in enumerate([receipt(heading=doubt) for doubt in doubts] + [receipt(heading=table)[2:]]):
        added, _, read, token, shop = _block(data, "native")
        want(b"\x1d(k" not in shop.wire(), f"letters in doubt {number}")
        want(1024 < added < 8192, f"{added} bytes in doubt {number}")
        same(read and token.upper().replace("-", "") in read, ZBAR and True, f"what a camera reads: {read}")


def a_slow_line_is_enough_of_a_reason():
    with Printer(door=("--pty",)) as printer:
        shop = Shop(printer=printer.address, more=ALLOWED)
        line = send(shop, receipt(heading=b"\x1bt\x12"))[1]
        same((line["outcome"], line["survey"]["invited"]), ("printed", True), line["message"])
        with open(os.path.join(printer.place, "wire.bin"), "rb") as file:
            want(b"\x1d(k" in file.read(), "the printer draws the code")


def only_pulses_behind_the_invitation_in_its_own_piece_go_first():
    shop = Shop(more=ALLOWED + "drawer = first\n")
    kitchen = INIT + b"KITCHEN\nTea\n" + FEED + CUT
    last = PULSE + b"\x1bp\x01\x19\xfa"
    same(send(shop, INIT + PULSE + b"SHOP\nTOTAL 2.00\n" + FEED + CUT + kitchen + last)[1]["survey"]["invited"], True,
         "invited")
    wire = shop.wire()
    same(wire.index(PULSE) < wire.index(b"SHOP"), True, "the pulse before the receipt stays there")
    same(wire.rfind(last) > wire.index(b"KITCHEN"), True, "those behind another piece stay there")
    same(len(shop.events("drawer")), 3, "pulses")


def text_in_another_code_page_is_told():
    shop = Shop(more=ALLOWED)
    line = send(shop, INIT + "МАГАЗИН\nЧай 2.00\nИтого 2.00\n".encode("cp866") + FEED + CUT)[1]
    same((line["outcome"], line["survey"]["invited"]), ("printed", False), "outcome")
    want("text_doubtful" in json.dumps(line) and "encoding in [tap]" in json.dumps(line), str(line))
    shop = Shop(more=ALLOWED + "encoding = cp866\n")
    for begin, what in ((b"", "told"), (INIT, "told, and set back by the till")):
        data = begin + f"МАГАЗИН {what}\nИтого 2.00\n".encode("cp866") + FEED + CUT
        same(send(shop, data)[1]["survey"]["invited"], True, what)


def an_id_is_printed_once():
    shop = Shop(more=ALLOWED)
    same(send(shop, receipt(), "--id", "A1")[1]["outcome"], "printed", "first")
    same(send(shop, receipt(), "--id", "A1")[1]["outcome"], "duplicate", "again")
    same(send(shop, receipt(item=b"Cake 2.00"), "--id", "A1")[0], 65, "other paper of that id")
    same(len(shop.events("cut")), 1, "cuts")


def a_number_makes_reprints_known():
    shop = Shop(more=ALLOWED)
    first, again = send(shop, receipt(1042))[1], send(shop, receipt(1042))[1]
    same((first["id"], again["id"], again["copy"]), ("1042", "1042", 2), "ids")
    same(again["survey"]["token"], first["survey"]["token"], "one token a sale")
    same(len(shop.events("cut")), 2, "paper is never held back on a guess")
    same([(row["channel"], row["reprints"]) for row in exported(shop)], [("tap_strong", 1)], "touchpoints")
    amended = send(shop, receipt(1042, item=b"Cake 2.00"))[1]
    want(amended["id"].startswith("1042~") and not amended["survey"]["invited"], str(amended))


def tills_that_number_alike_are_told_apart():
    shop = Shop(more="[tap]\nraw = yes\nnumber = No[.] *([0-9]+)\ntill = Till ([0-9]+)\nrepeat = once\n")
    ids = [send(shop, receipt(7, heading=b"Till %d\n" % till))[1]["id"] for till in (1, 2)]
    same(ids, ["1/7", "2/7"], "ids")
    same(send(shop, receipt(7, heading=b"Till 2\n"))[1]["outcome"], "duplicate", "repeat = once")
    same(len(shop.events("cut")), 2, "cuts")


def a_symbol_may_hold_the_number():
    shop = Shop(more="[tap]\nraw = yes\nnumber_code = ^https://fiscal[.]example/[?]n=([0-9]+)\n")
    symbol = b"\x1d(k\x03\x001C\x04\x1d(k\x21\x001P0https://fiscal.example/?n=8812" b"\x1d(k\x03\x001Q0\n"
    line = send(shop, receipt(end=symbol + FEED + CUT))[1]
    same((line["id"], line["survey"]["invited"]), ("8812", True), "id")


def what_the_configuration_says_wrongly_is_told():
    shop = Shop(more="[tap]\nnumber = No[.] *[0-9]+\nmerchant = ((\npiece = match\nimage_only = often\n")
    told = shop.kwit("config", "check").text
    for words in ("`number`: put the part that counts", "`merchant`: this is no extended regular expression",
                  "`piece` = match: say in `customer`", "image_only"):
        want(words in told, f"{words!r} is not in {told!r}")


def equal_ink_without_number_is_another_customer():
    shop = Shop(more=ALLOWED)
    lines = [send(shop, receipt())[1] for _ in range(5)]
    same(len({line["survey"]["token"] for line in lines}), 5, "tokens")
    same([line["id"].partition(".")[2] for line in lines], ["", "2", "3", "4", "5"], "names")
    same({row["channel"] for row in exported(shop)}, {"tap_weak"}, "channel")


def the_report_says_how_many_are_known_for_certain():
    with Printer() as printer:
        shop = Shop(printer=re.search(r"tcp://\S+", printer.address).group(), more=ALLOWED)
        for number in (1, 2, 3, 1):
            send(shop, receipt(number))
        for item in (b"Tea 2.00", b"Cake 2.00"):
            send(shop, INIT + b"CORNER SHOP\n" + item + b"\nTOTAL 2.00\n" + FEED + CUT)
        shop.print(example())
        send(shop, INIT + b"CORNER SHOP\nREFUND\nTOTAL 2.00\n" + FEED + CUT)
    report = shop.kwit("report", "--json").line
    same(report["other_programs"], {"sales": 5, "certain": 3, "share": 0.6}, "sales of other programs")
    for lang, words in (("en", r"other programs +5 \(60.* known for certain\)"), ("pl", "rozpoznane na pewno"), ("ru", "опознаны точно")):
        want(re.search(words, shop.kwit("report", "--lang", lang).text), f"not in the text: {words}")
    want("known for certain" in shop.kwit("report", "--format", "html").text, "the page")
    with Printer() as printer:
        shop = Shop(printer=re.search(r"tcp://\S+", printer.address).group())
        shop.print(example())
    want("other_programs" not in shop.kwit("report", "--json").line, "without another program")


def what_was_printed_is_wiped_from_the_disk():
    shop = Shop(more=ALLOWED)
    send(shop, receipt(1, item=b"PLUGH 2.00"))
    held = lambda: [name for name in os.listdir(shop.state) if name.startswith("journal")
                    and b"PLUGH" in open(os.path.join(shop.state, name), "rb").read()]
    want(held(), "it is not stored at all")
    with clock.pinned(clock.now() + datetime.timedelta(days=15)):
        for number in range(2, 62):
            send(shop, receipt(number))
            if not held():
                break
    same(held(), [], "files that still hold it")


def what_is_no_sale_is_kept_and_not_invited():
    shop = Shop(more=ALLOWED + "never = STAFF ORDER\n")
    for data, word in ((receipt(heading=b"KITCHEN\n"), "document_type"), (receipt(heading=b"STAFF ORDER 3\n"), "document_type"),
                       (INIT + b"hello\n" + FEED + CUT, "not_a_sale")):
        code, line = send(shop, data)
        same((code, line["survey"]["reason"]), (0, "document_type"), word)
        want(any(warning["code"] == "passed_through" and warning["text"].startswith(word) for warning in line["warnings"]),
             f"{word}: {line['warnings']}")
    same({row["reason"] for row in exported(shop)}, {"document_type"}, "journal")


def what_has_no_place_goes_as_it_came():
    shop = Shop(more=ALLOWED + "cutless = never\n")
    data = receipt(end=FEED)
    line = send(shop, data)[1]
    same((line["outcome"], line["survey"]["reason"]), ("printed", "passed_through"), "no cut")
    same(without_run(shop.wire(), data), 0, "bytes added")
    same(send(shop, INIT + b"\x1b\x1dt\x01SHOP\nTOTAL 1.00\n")[1]["outcome"], "printed", "another printer's commands")
    same(shop.kwit("journal", "verify").exit, 0, "journal verify")


def an_interrupted_receipt_comes_again_as_a_whole():
    shop = Shop(more=ALLOWED + "")
    data = receipt(item=b"\n".join(b"Tea %03d 0.01" % number for number in range(200)))
    uri = shop.uri
    code, line = send(shop, data, "--printer", uri + "&fault=paper-out@mm=60", "--timeout", "3")
    same((code, line["outcome"]), (75, "interrupted"), "with the paper at its end")
    code, line = send(shop, data)
    same((code, line["outcome"]), (0, "printed"), "again")
    want(line["drawer"] == {"asked": True, "pulsed": False, "state": None, "reason": "late"}, str(line["drawer"]))
    same(len(shop.events("drawer")), 0, "pulses")
    same(len(exported(shop)), 1, "sales")


CARD, GONE = b"4111 1111 1111 1111", b"xxxx xxxx xxxx 1111"


def stored(shop, what):
    """Which files of the journal hold it."""
    return [name for name in os.listdir(shop.state) if name.startswith("journal")
            and what in open(os.path.join(shop.state, name), "rb").read()]


def card_numbers_are_printed_and_not_kept():
    shop = Shop(more=ALLOWED)
    symbol = b"\x1dk\x49\x104111111111111111"
    data = receipt(7, item=b"Tea 2.00\nCARD " + CARD + b"\n" + symbol)
    same(send(shop, data)[1]["outcome"], "printed", "outcome")
    want(CARD in shop.wire(), "the paper has it")
    want(not stored(shop, CARD) and stored(shop, GONE), "the journal has it")
    want(stored(shop, symbol), "what a symbol says stays")
    same(send(shop, data)[1]["outcome"], "printed", "the same paper again")
    want(not stored(shop, CARD), "the journal has the copy's")
    before = len(shop.wire())
    same(shop.kwit("reprint", "7").exit, 0, "a copy of what is kept")
    want(GONE in shop.wire()[before:] and CARD not in shop.wire()[before:], "the copy")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def a_card_number_is_there_for_as_long_as_its_paper_is_to_come():
    shop = Shop(more=ALLOWED)
    data = receipt(8, item=b"Tea 2.00\nCARD " + CARD + b"\n" + b"\n".join(b"Tea %03d 0.01" % n for n in range(200)))
    broken = shop.uri + "&fault=paper-out@mm=60"
    same(send(shop, data, "--printer", broken, "--timeout", "3")[1]["outcome"], "interrupted", "the paper at its end")
    want(stored(shop, GONE), "it is kept without")
    before = len(shop.wire())
    same(send(shop, data)[1]["outcome"], "printed", "with a new roll")
    want(CARD in shop.wire()[before:] and GONE not in shop.wire()[before:], "the whole receipt as it came")
    want(not stored(shop, CARD), "the journal still has it")
    same(shop.kwit("journal", "verify").exit, 0, "the chain")


def what_was_cancelled_keeps_its_card_number_for_a_day():
    shop = Shop(more=ALLOWED)
    send(shop, receipt(9, item=b"CARD " + CARD), "--no-wait", "--printer", shop.uri + "&fault=cover@byte=0")
    shop.kwit("queue", "cancel", "9")
    send(shop, receipt(10))
    want(stored(shop, CARD.replace(b" ", b"")) or stored(shop, b"4111"), "it may be asked for again")
    with clock.pinned(clock.now() + datetime.timedelta(days=2)):
        send(shop, receipt(11))
    want(not stored(shop, b"4111"), "and is not")


def copies_of_people_are_marked():
    shop = Shop(more=ALLOWED)
    send(shop, receipt(7))
    before = len(shop.events("image"))
    same(shop.kwit("reprint", "7").exit, 0, "reprint")
    want(len(shop.events("image")) > before, "the mark above is a picture")
    same(len(shop.events("drawer")), 1, "pulses")
    same(len(shop.events("cut")), 2, "cuts")


def documents_for_other_machines_are_refused_with_the_mend():
    shop = Shop(more=ALLOWED)
    for data in (b"%PDF-1.7", b"RaS3....", b"UNIRAST\0", b"\x1b%-12345X@PJL"):
        code, line = send(shop, data)
        same((code, line["outcome"]), (65, "rejected"), repr(data))
        want("CUPS" in line["message"], line["message"])


def auto_looks_at_the_first_bytes():
    shop = Shop(more=ALLOWED)
    same(shop.kwit("print", "--format", "auto", "-", "--json", document=receipt()).line["outcome"], "printed", "bytes")
    answer = shop.kwit("print", "--format", "auto", "-", "--json", document=b'  {"kwit": 1}').line
    same(answer["outcome"], "rejected", "a document")
    want("is missing" in answer["message"], answer["message"])


run_tests(globals())
